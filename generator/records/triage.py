"""`triage_diff.json` as CI supplied it; its categories are known to be wrong at times and are recomputed later."""

from __future__ import annotations

from datetime import datetime

from generator.records.base import Record


class TriageTarget(Record):
    """One target of the supplied comparison; `None` exit code = absent in that run."""

    surface: str
    name: str
    baseline_exit: int | None
    current_exit: int | None
    severity: str
    priority_score: int | None = None
    rank: int | None = None
    command: str = ""


class SemanticEntry(Record):
    """A difference between the digests of one suite in two runs."""

    suite: str
    classification: str
    unresolved: bool
    mismatch_kinds: tuple[str, ...] = ()
    command: str = ""


class MirroredWorkflow(Record):
    """Whether the suites of one workflow ran in both runs."""

    workflow_id: str
    title: str
    status: str
    suite_ids: tuple[str, ...] = ()
    missing_in_baseline: tuple[str, ...] = ()
    missing_in_current: tuple[str, ...] = ()


class TriageDiff(Record):
    """The supplied comparison with a baseline: status, counts and targets as reported."""

    part: str
    generated_at: datetime | None
    status: str
    baseline_path: str
    """As typed; only its run folder name is used."""
    counts: tuple[tuple[str, int], ...] = ()
    """(name, number) pairs of `summary`, sorted by name."""
    targets: tuple[TriageTarget, ...] = ()
    semantic: tuple[SemanticEntry, ...] = ()
    workflows: tuple[MirroredWorkflow, ...] = ()
    runner_command: str = ""
    focus_units: tuple[str, ...] = ()
    focus_suites: tuple[str, ...] = ()
    path: str = ""
