"""The append-only store: one immutable folder a run, written aside and renamed into place, read as one snapshot."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from generator.errors import EvidenceError, UnreadableError
from generator.history import bundle, checking, disk, loading, locks, merging, pruning, shelf
from generator.history.blocks import blocks_of
from generator.history.layout import (
    DETAILS_FILE,
    EVIDENCE_FILE,
    FORMAT_FILE,
    FORMAT_VERSION,
    NAMES,
    RESULTS_FILE,
    UNIT_FILE,
    UNITS,
    unit_id,
)
from generator.history.manifest import Manifest, render, sources_digest
from generator.history.placing import place, stands
from generator.history.rows import rows_of
from generator.history.tables import details_table, results_table, to_bytes
from generator.records import Problem, Severity
from generator.safety.text import clean_meta

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from generator.history.bundle import Exported
    from generator.history.merging import Merged
    from generator.history.pruning import Pruned
    from generator.records import RunUnit, Snapshot, UnitFacts

_SHOWN: Final = 5
"""Paths named in a message about a conflict."""


class Appended(StrEnum):
    """What became of a unit that was appended."""

    NEW = "new"
    KNOWN = "known"
    """The same run with the same evidence is there: nothing was written."""
    CONFLICT = "conflict"
    """The same run is there with other evidence, or torn: nothing was written."""


@dataclass(frozen=True, slots=True)
class Store:
    """A history in a local folder; concurrent writers need no lock and lose nothing."""

    folder: Path

    def append(self, unit: RunUnit) -> Appended:
        """Add a run unless it is there; never changes what is there. Raises OutputError when it cannot be written."""
        name = unit_id(unit.run.key)
        disk.remove_dead(self.folder / UNITS)
        if stands(self.folder / UNITS / name):
            return self._compare(unit)
        files, blocks = _files_of(unit)
        return Appended.NEW if place(self.folder, name, files, blocks) else self._compare(unit)

    def conflict_problem(self, unit: RunUnit) -> Problem:
        """Return the Problem to show for a unit that `append` refused: which run, and which files differ."""
        folder = self.folder / UNITS / unit_id(unit.run.key)
        path = f"{UNITS}/{folder.name}"
        run = shelf.run_label(unit.run)
        try:
            manifest = shelf.read_manifest(folder)
            shelf.read_files(folder, manifest)
            stored = shelf.read_evidence(folder, manifest).sources
        except UnreadableError as error:
            message = f"{run} is in the history, but cannot be read: {error.message}"
            hint = "restore the unit from a copy, or move it to the quarantine and ingest the run again"
            return Problem(path=path, severity=Severity.ERROR, message=message, hint=hint)
        before = {source.path: source.sha256 for source in stored}
        now = {source.path: source.sha256 for source in unit.evidence.sources}
        changed = [path for path in before.keys() & now.keys() if before[path] != now[path]]
        parts = (("added", now.keys() - before.keys()), ("missing", before.keys() - now.keys()), ("changed", changed))
        difference = "; ".join(f"{word}: {_some(paths)}" for word, paths in parts if paths)
        return Problem(
            path=path,
            severity=Severity.ERROR,
            message=clean_meta(f"{run} is in the history with other evidence; {difference}"),
            hint="a run is never changed: give a repeated run its own attempt number, or ingest the evidence as it was",
        )

    def snapshot(self) -> Snapshot:
        """Return all readable units as frames, in run order; those that are torn or altered become Problems."""
        with locks.sharing(self.folder / NAMES):
            return loading.snapshot(self.folder)

    def list(self) -> tuple[UnitFacts, ...]:
        """Return the readable units in run order, without their results; `verify` says what cannot be read."""
        with locks.sharing(self.folder / NAMES):
            return loading.facts(self.folder)

    def verify(self) -> tuple[int, tuple[Problem, ...]]:
        """Recompute every hash and count: the number of units, and each torn, altered, missing or unknown file."""
        with locks.sharing(self.folder / NAMES):
            return checking.verify(self.folder)

    def repair(self) -> tuple[str, ...]:
        """Move torn units to the quarantine, nothing is deleted; returns their names. Raises OutputError."""
        with locks.sharing(self.folder / NAMES):
            return checking.quarantine(self.folder)

    def merge(self, others: Sequence[Path]) -> Merged:
        """Add the units of other histories that are not here; what is here is never changed.

        Raises EvidenceError when a folder is no history, OutputError when a unit cannot be written.
        """
        return merging.merge(self.folder, merging.others_of(others))

    def export(self, target: Path, units: Collection[str] | None = None) -> Exported:
        """Write all units, or these, to one tar; the same bytes for the same units. Raises OutputError."""
        with locks.sharing(self.folder / NAMES):
            return bundle.export(self.folder, target, units)

    def take_in(self, file: Path) -> Merged:
        """Add the units of a tar that `export` wrote, as `merge` does; UnreadableError when it is no such tar."""
        return bundle.take_in(self.folder, file)

    def prune(self, units: Collection[str], *, really: bool) -> Pruned:
        """Remove units and the blocks of names that nothing uses any more, or only say what would be removed."""
        return pruning.prune(self.folder, units) if really else pruning.plan(self.folder, units)

    def _compare(self, unit: RunUnit) -> Appended:
        folder = self.folder / UNITS / unit_id(unit.run.key)
        try:
            manifest = shelf.read_manifest(folder)
            shelf.read_files(folder, manifest)
        except UnreadableError:
            return Appended.CONFLICT
        same = manifest.sources_digest == sources_digest(unit.evidence.sources)
        return Appended.KNOWN if same else Appended.CONFLICT


def open_store(folder: Path, *, create: bool) -> Store:
    """Open a history, or begin one in a new or empty folder when `create`.

    Raises EvidenceError when there is none, or when it is of an unknown format; OutputError when it cannot be made.
    """
    if (folder / FORMAT_FILE).exists():
        shelf.demand_format(folder)
        for name in (UNITS, NAMES):  # git keeps no empty folders
            disk.make_folder(folder / name)
        return Store(folder)
    held = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    foreign = [name for name in held if not name.startswith(".") and name not in (UNITS, NAMES)]
    if foreign or (UNITS in held and shelf.unit_names(folder)):
        hint = f"restore {FORMAT_FILE} from a copy" if UNITS in held else "name a new or an empty folder"
        raise EvidenceError(f"{folder} is not a history: it holds files, but no {FORMAT_FILE}", hint)
    if not create:
        raise EvidenceError(f"there is no history in {folder}", "check the path, or ingest a run first")
    if folder.exists() and not folder.is_dir():
        raise EvidenceError(f"{folder} is a file", "name a folder for the history")
    _begin(folder)
    return Store(folder)


def _begin(folder: Path) -> None:
    for name in (UNITS, NAMES):
        disk.make_folder(folder / name)
    data = (json.dumps({"format": FORMAT_VERSION}) + "\n").encode()
    disk.remove_dead(folder / UNITS)
    with disk.staged(folder / UNITS, "format") as staged:
        disk.write_file(staged / FORMAT_FILE, data)
        disk.replace_file(staged / FORMAT_FILE, folder / FORMAT_FILE)
    disk.sync_folder(folder)


def _files_of(unit: RunUnit) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return the files of a unit in the order of writing, and its blocks of names."""
    rows, tests = rows_of(unit.results)
    blocks = blocks_of(tests)
    results, details = results_table(rows), details_table(rows)
    files = {
        RESULTS_FILE: to_bytes("results", results),
        DETAILS_FILE: to_bytes("details", details),
        EVIDENCE_FILE: gzip.compress(unit.evidence.model_dump_json().encode(), 6, mtime=0),
    }
    manifest = Manifest(
        run=unit.run,
        sources_digest=sources_digest(unit.evidence.sources),
        files={name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        rows={"results": results.num_rows, "details": details.num_rows},
        names=tuple(blocks),
    )
    return {**files, UNIT_FILE: render(manifest)}, blocks


def _some(paths: Iterable[str]) -> str:
    listed = sorted(paths)
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return ", ".join(listed[:_SHOWN]) + more
