"""What changed between two runs, and how that agrees with what CI claimed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.findings.failure import ChangeKind, TestRef
    from generator.findings.run import RunRef


class DiffStatus(StrEnum):
    """The five statuses of a comparison (contract section 6), and `no_baseline`."""

    REGRESSION = "regression"
    SEMANTIC_MISMATCH = "semantic_mismatch"
    KNOWN_FAILURES_ONLY = "known_failures_only"
    INCOMPLETE_MIRRORING = "incomplete_mirroring"
    STABLE = "stable"
    NO_BASELINE = "no_baseline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One test in two runs."""

    test: TestRef
    kind: ChangeKind
    before: str
    """Status in the baseline, `absent` if it was not there."""
    after: str
    before_exit: int | None = None
    after_exit: int | None = None
    failure_id: str = ""
    signature_changed: bool = False
    severity: str = ""
    """Label of the contract's table for targets: regression, new_failure, unresolved_failure, fixed …"""
    priority_score: int = 0
    rank: int = 0
    """1-based place among the targets; 0 for test cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One point in which the supplied triage differs from the exit codes."""

    subject: str
    reported: str
    recomputed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppliedTriage:
    """The `triage_diff.json` of the run beside what its own exit codes say."""

    path: str
    baseline_label: str
    """Label of the baseline run if it is in the history, else the folder name it names."""
    reported_status: str
    recomputed_status: DiffStatus
    reported_counts: tuple[tuple[str, int], ...]
    recomputed_counts: tuple[tuple[str, int], ...]
    targets: tuple[Change, ...]
    """Every target with the recomputed severity, score and rank, in rank order."""
    under_reported: int
    """Regressions and unresolved failures that the file hides."""
    disagreements: tuple[Disagreement, ...]
    runner_command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The run against its baseline, recomputed from outcomes."""

    base: RunRef | None
    base_reason: str
    """Why this run is the baseline, or why there is none."""
    head: RunRef
    status: DiffStatus
    changes: tuple[Change, ...]
    """All that is not stable, what needs action first."""
    stable: int
    supplied: SuppliedTriage | None = None

    def of(self, *kinds: ChangeKind) -> tuple[Change, ...]:
        """Return the changes of these kinds in order."""
        return tuple(change for change in self.changes if change.kind in kinds)
