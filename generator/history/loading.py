"""The whole history as one snapshot: units in run order and the frames of `records.snapshot`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from generator.errors import EvidenceError, UnreadableError
from generator.history import frames, shelf
from generator.history.frames import UnitTables
from generator.history.layout import DETAILS_FILE, RESULTS_FILE, UNITS, run_order
from generator.records import Snapshot, UnitFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pyarrow as pa

    from generator.history.manifest import Manifest
    from generator.records import Evidence, Problem

_CACHED: Final = 64
"""Units whose evidence is kept in memory."""


def snapshot(history: Path) -> Snapshot:
    """Return all readable units as frames; those that are torn or altered become Problems, the rest stands."""
    manifests, problems = _manifests(history)
    blocks, torn = _names(history, manifests)
    kept: dict[str, Manifest] = {}
    tables: list[UnitTables] = []
    for manifest in manifests:
        try:
            tables.append(_load(history, manifest, blocks, torn))
        except UnreadableError as error:
            path = f"{UNITS}/{manifest.unit_id}"
            problems.append(shelf.problem(path, error, f" ({shelf.run_label(manifest.run)})"))
        else:
            kept[manifest.unit_id] = manifest
    needed = {block for manifest in kept.values() for block in manifest.names}
    made = Snapshot(
        units=_facts(kept.values()),
        results=frames.results_frame(tables),
        details=frames.details_frame(tables),
        names=frames.names_frame([table for block, table in blocks.items() if block in needed]),
        evidence=lru_cache(_CACHED)(lambda unit_id: _evidence(history, kept, unit_id)),
        problems=tuple(problems),
    )
    del tables, blocks
    frames.give_back()
    return made


def facts(history: Path) -> tuple[UnitFacts, ...]:
    """Return the units whose `unit.json` can be read, in run order."""
    return _facts(_manifests(history)[0])


def _manifests(history: Path) -> tuple[list[Manifest], list[Problem]]:
    found: list[Manifest] = []
    problems: list[Problem] = []
    for name in shelf.unit_names(history):
        folder = history / UNITS / name
        try:
            found.append(shelf.read_manifest(folder))
        except UnreadableError as error:
            problems.append(shelf.problem(f"{UNITS}/{shelf.shown(folder)}", error))
    found.sort(key=lambda manifest: run_order(manifest.run))
    return found, problems


def _names(history: Path, manifests: Iterable[Manifest]) -> tuple[dict[str, pa.Table], dict[str, UnreadableError]]:
    """Return the blocks of names that the units need, and those that cannot be read."""
    blocks: dict[str, pa.Table] = {}
    torn: dict[str, UnreadableError] = {}
    for block in sorted({block for manifest in manifests for block in manifest.names}):
        try:
            blocks[block] = shelf.read_names(history, block)
        except UnreadableError as error:
            torn[block] = error
    return blocks, torn


def _load(
    history: Path, manifest: Manifest, blocks: Mapping[str, pa.Table], torn: Mapping[str, UnreadableError]
) -> UnitTables:
    """Return the tables of a unit; UnreadableError names the file of it that cannot be believed."""
    folder = history / UNITS / manifest.unit_id
    files = shelf.read_files(folder, manifest)
    lost = [torn[block] for block in manifest.names if block in torn]
    if lost:
        raise lost[0]
    ids = frames.ids_of([blocks[block] for block in manifest.names])
    return UnitTables(
        results=shelf.parse_table(folder / RESULTS_FILE, files[RESULTS_FILE], ids),
        details=shelf.parse_table(folder / DETAILS_FILE, files[DETAILS_FILE], ids),
        ids=ids,
    )


def _facts(manifests: Iterable[Manifest]) -> tuple[UnitFacts, ...]:
    return tuple(UnitFacts(unit_id=manifest.unit_id, run=manifest.run) for manifest in manifests)


def _evidence(history: Path, kept: Mapping[str, Manifest], unit_id: str) -> Evidence:
    manifest = kept.get(unit_id)
    if manifest is None:
        raise EvidenceError(f"the history holds no unit {unit_id}", "ask for a unit of the snapshot")
    return shelf.read_evidence(history / UNITS / unit_id, manifest)
