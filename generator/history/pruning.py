"""Removal of old runs: which ones go, their units as a whole, and the blocks of names that nothing uses any more.

Why no writer loses a block: every writer shares the folder of names from before it looks which blocks are there until
its unit is in place (`placing`). Whoever removes is alone in that folder: it sees each unit that a writer before it has
put in place, and a writer that comes after it sees which blocks are gone and writes them again. The locks belong to
processes, so that a kill ends them. Where folders cannot be locked, blocks stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError, UsageError
from generator.history import disk, locks, shelf
from generator.history.layout import NAMES, QUARANTINE, UNIT_FILE, UNITS
from generator.history.manifest import parse
from generator.records import Problem, Severity
from generator.safety.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from generator.findings import RunFacts

_BLOCK: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """What stays: so many runs, or the runs of so many days before the newest run of the history."""

    runs: int | None = None
    days: int | None = None
    branch: str | None = None
    """Only runs of this branch may go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What was removed, or would be."""

    units: tuple[str, ...]
    blocks: tuple[str, ...]
    problems: tuple[Problem, ...]
    """Why blocks of names that may be unused stay."""


def surplus(runs: Sequence[RunFacts], keep: Keep) -> tuple[RunFacts, ...]:
    """Return the runs that go, of runs in run order; never the newest one of any branch of a workflow.

    Raises UsageError for a branch of which there is no run.
    """
    candidates = [run for run in runs if keep.branch is None or run.branch == keep.branch]
    if not candidates and keep.branch is not None:
        raise UsageError(f"the history holds no run of the branch `{keep.branch}`", "see `replaybook history list`")
    if keep.runs is not None:
        candidates = candidates[: max(len(candidates) - keep.runs, 0)]
    if keep.days is not None and runs:
        first = runs[-1].started_at - timedelta(days=keep.days)
        candidates = [run for run in candidates if run.started_at < first]
    newest = {(run.keys[0].repository, run.workflow, run.branch): run.label for run in runs}  # the last one of each
    stay = frozenset(newest.values())
    return tuple(run for run in candidates if run.label not in stay)


def plan(history: Path, units: Collection[str]) -> Pruned:
    """Return what `prune` would remove, without removing anything."""
    with locks.sharing(history / NAMES):
        going = tuple(sorted(set(units) & set(shelf.unit_names(history))))
        blocks, problems = _unused(history, going)
    return Pruned(units=going, blocks=blocks, problems=problems)


def prune(history: Path, units: Collection[str]) -> Pruned:
    """Remove units, then the blocks of names that nothing uses; OutputError when others are at work for too long.

    Each unit goes by one rename: after a kill it is whole or gone. The folder it goes into is removed by the next
    writer then, as that of any dead one.
    """
    disk.remove_dead(history / UNITS)
    with disk.staged(history / UNITS, "pruned") as aside, locks.alone(history / NAMES) as alone:
        going = tuple(sorted(set(units) & set(shelf.unit_names(history))))
        for name in going:
            disk.move_into_place(history / UNITS / name, aside / name)
        disk.sync_folder(history / UNITS)  # no unit may come back after its blocks have gone
        blocks, problems = _unused(history, ()) if alone else ((), (_without_locks(),))
        for block in blocks:
            disk.remove_file(history / NAMES / f"{block}.parquet")
        if blocks:
            disk.sync_folder(history / NAMES)
    return Pruned(units=going, blocks=blocks, problems=problems)


def _unused(history: Path, going: Collection[str]) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Return the blocks that no unit uses but those that go; none while a unit does not say which ones it uses."""
    used: set[str] = set()
    problems: list[Problem] = []
    for name in shelf.unit_names(history):
        if name in going:
            continue
        try:
            used.update(shelf.read_manifest(history / UNITS / name).names)
        except UnreadableError as error:
            path = f"{UNITS}/{shelf.shown(history / UNITS / name)}"
            problems.append(
                Problem(
                    path=path,
                    severity=Severity.ERROR,
                    message=f"{error.message}; blocks of names stay, because some may be its own",
                    hint=error.hint or shelf.RESTORE,
                )
            )
    if problems:
        return (), tuple(problems)
    used.update(_used_in_quarantine(history))
    blocks = (path.stem for path in (history / NAMES).glob("*.parquet"))
    return tuple(sorted(block for block in blocks if block not in used and _BLOCK.fullmatch(block))), ()


def _used_in_quarantine(history: Path) -> set[str]:
    """Return the blocks of units that were moved aside and may come back; one without `unit.json` comes from a copy."""
    used: set[str] = set()
    for folder in (history / QUARANTINE).iterdir() if (history / QUARANTINE).is_dir() else ():
        try:
            used.update(parse(read_bytes(folder / UNIT_FILE, shelf.FILE_BYTES)).names)  # under any name of its folder
        except UnreadableError:
            continue
    return used


def _without_locks() -> Problem:
    return Problem(
        path=NAMES,
        severity=Severity.WARNING,
        message="blocks of names stay: folders cannot be locked here, so a writer at work may need them",
        hint="prune on a system or a disk with locks to remove them",
    )
