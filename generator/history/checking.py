"""Verification of every stored byte, and the quarantine for units that are torn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import OutputError, UnreadableError
from generator.history import disk, frames, shelf
from generator.history.layout import (
    DATA_FILES,
    EVIDENCE_FILE,
    FORMAT_FILE,
    NAMES,
    QUARANTINE,
    UNIT_FILE,
    UNITS,
)
from generator.history.manifest import sources_digest
from generator.records import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.history.manifest import Manifest

_TOP = frozenset({FORMAT_FILE, UNITS, NAMES, QUARANTINE})


def verify(history: Path) -> tuple[int, tuple[Problem, ...]]:
    """Check all units, blocks of names and what else lies there; returns the number of units and what is wrong."""
    units = shelf.unit_names(history)
    problems = [found for name in units for found in unit_problems(history / UNITS / name)]
    return len(units), (*problems, *_block_problems(history), *_stray(history))


def quarantine(history: Path) -> tuple[str, ...]:
    """Move units that cannot be read to the quarantine folder; returns their names. Raises OutputError."""
    moved: list[str] = []
    for name in shelf.unit_names(history):
        folder = history / UNITS / name
        if not any(found.severity is Severity.ERROR for found in unit_problems(folder)):
            continue
        disk.make_folder(history / QUARANTINE)
        places = (history / QUARANTINE / f"{name}{f'-{number}' if number else ''}" for number in range(1000))
        if not any(disk.move_into_place(folder, place) for place in places if not place.exists()):
            raise OutputError(f"cannot move {UNITS}/{shelf.shown(folder)} aside", f"empty the folder {QUARANTINE}")
        moved.append(name)
    return tuple(moved)


def unit_problems(folder: Path) -> Iterator[Problem]:
    """Check one unit: every hash, every count, and what lies in its folder beside its files."""
    path = f"{UNITS}/{shelf.shown(folder)}"
    try:
        manifest = shelf.read_manifest(folder)
    except UnreadableError as error:
        yield shelf.problem(path, error)
        return
    label = f" ({shelf.run_label(manifest.run)})"
    for name in DATA_FILES:
        try:
            _demand_content(folder, manifest, name)
        except UnreadableError as error:
            yield shelf.problem(path, error, label)
    for found in sorted(folder.iterdir()):
        if found.name not in (UNIT_FILE, *DATA_FILES):
            yield _unknown(f"{path}/{shelf.shown(found)}", label)


def _demand_content(folder: Path, manifest: Manifest, name: str) -> None:
    """Raise UnreadableError unless a data file has its hash, can be read, and holds what `unit.json` says."""
    data = shelf.read_file(folder, manifest, name)
    path = f"{UNITS}/{folder.name}/{name}"
    if name == EVIDENCE_FILE:
        if sources_digest(shelf.parse_evidence(folder, data).sources) != manifest.sources_digest:
            raise UnreadableError(f"{path} lists other sources than {UNIT_FILE}", shelf.RESTORE)
        return
    ids = frames.ids_of([shelf.read_names(folder.parent.parent, block) for block in manifest.names])
    rows, said = shelf.parse_table(folder / name, data, ids).num_rows, manifest.rows.get(name.partition(".")[0])
    if rows != said:
        raise UnreadableError(f"{path} has {rows} rows, {UNIT_FILE} says {said}", shelf.RESTORE)


def _block_problems(history: Path) -> Iterator[Problem]:
    """Check the blocks that no unit needs, too: they may be needed by the next one."""
    for found in sorted((history / NAMES).iterdir()):
        path = f"{NAMES}/{shelf.shown(found)}"
        if found.suffix != ".parquet":
            yield _unknown(path)
            continue
        try:
            shelf.read_names(history, found.stem)
        except UnreadableError as error:
            yield shelf.problem(path, error)


def _stray(history: Path) -> Iterator[Problem]:
    for folder in disk.leftovers(history / UNITS):
        yield Problem(
            path=f"{UNITS}/{shelf.shown(folder)}",
            severity=Severity.WARNING,
            message="is being written, or is the rest of a writer that was stopped",
            hint="the next ingest removes it when its writer is gone",
        )
    for found in sorted(history.iterdir()):
        if found.name not in _TOP and not found.name.startswith("."):  # a data branch has .git and .gitattributes
            yield _unknown(shelf.shown(found))


def _unknown(path: str, label: str = "") -> Problem:
    message = f"does not belong to the history{label}"
    return Problem(path=path, severity=Severity.WARNING, message=message, hint="remove the file")
