"""From artifacts to the history: what is read is appended, what cannot be is a problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator import history, readers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from generator.history import Store
    from generator.readers import Intake, RunDefaults
    from generator.records import Problem, Redaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What became of the runs of some artifacts."""

    added: tuple[str, ...]
    known: tuple[str, ...]
    refused: tuple[str, ...]
    problems: tuple[Problem, ...]
    """Everything that was wrong with the artifacts."""
    unplaced: tuple[Problem, ...]
    """Those that belong to no run: shown with the newest one."""
    redactions: tuple[Redaction, ...] = ()
    """What was masked in the artifacts, sorted by kind."""


def ingest(artifacts: Sequence[Path], folder: Path, defaults: RunDefaults) -> Ingested:
    """Add the runs of the artifacts to the history; runs that are there are left alone.

    A history is begun for the first run; where nothing was read, none is begun.
    """
    intake = readers.read_all(artifacts, defaults)
    store = history.open_store(folder, create=True) if intake.units or folder.exists() else None
    return _append(store, intake)


def _append(store: Store | None, intake: Intake) -> Ingested:
    outcome: dict[history.Appended, list[str]] = {state: [] for state in history.Appended}
    refused = []
    for unit in intake.units:
        assert store is not None  # there is a store as soon as there is a run
        state = store.append(unit)
        outcome[state].append(unit.run.key.run_id)
        if state is history.Appended.CONFLICT:
            refused.append(store.conflict_problem(unit))
    return Ingested(
        added=tuple(outcome[history.Appended.NEW]),
        known=tuple(outcome[history.Appended.KNOWN]),
        refused=tuple(outcome[history.Appended.CONFLICT]),
        problems=(*intake.problems, *refused),
        unplaced=(*intake.unplaced, *refused),
        redactions=intake.redactions,
    )
