"""A run as the analysis sees it: shards merged, completeness known, results tallied."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from generator.records import Part, Problem, Redaction, RunKey, SourceFile


class RunState(StrEnum):
    """What a run's evidence amounts to; only `complete` may ever be green."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    """A shard or an expected part is missing."""
    PARTIAL = "partial"
    """A re-run or a selection of another run's failures: says nothing about the rest."""
    ABORTED = "aborted"
    KILLED = "killed"
    BUNDLE_ONLY = "bundle_only"
    GATES_ONLY = "gates_only"
    LANE = "lane"
    EMPTY = "empty"
    """Nothing was executed, or nothing could be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Results by outcome; `flaky` ones are among the passed."""

    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    not_run: int = 0
    flaky: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            passed=self.passed + other.passed,
            failed=self.failed + other.failed,
            errors=self.errors + other.errors,
            skipped=self.skipped + other.skipped,
            not_run=self.not_run + other.not_run,
            flaky=self.flaky + other.flaky,
        )

    @property
    def executed(self) -> int:
        """Results that count in a rate: passed, failed and errors."""
        return self.passed + self.failed + self.errors

    @property
    def bad(self) -> int:
        """Failures and errors."""
        return self.failed + self.errors

    @property
    def total(self) -> int:
        """Everything that was selected."""
        return self.executed + self.skipped + self.not_run

    @property
    def pass_rate(self) -> float | None:
        """Share of passed among executed, 0..1; `None` when nothing was executed."""
        return self.passed / self.executed if self.executed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """Which parts of a run are there (m of n)."""

    present: int
    expected: int
    missing: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing and self.present >= self.expected


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRef:
    """Enough of a run to name it and to link to it."""

    label: str
    started_at: datetime
    commit: str = ""
    branch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """One logical run; several units when shards were uploaded apart."""

    label: str
    """Version-safe name, unique in the history."""
    keys: tuple[RunKey, ...]
    unit_ids: tuple[str, ...]
    workflow: str
    run_id: str
    attempt: int
    started_at: datetime
    finished_at: datetime | None
    commit: str
    branch: str
    event: str
    url: str
    pull_request: int | None
    profile: str
    state: RunState
    parts: tuple[Part, ...]
    completeness: Completeness
    targets: Tally
    """Suites, unit targets and the library, judged by exit codes."""
    cases: Tally
    """Test cases of reports."""
    duration_s: float | None
    repeated: int = 0
    """Results that several shards reported and that were counted once."""
    rerun_of: str = ""
    """Label of the run whose failures this one repeated."""
    phases_failed: tuple[str, ...] = ()
    """fmt, clippy, build, lib and the like."""
    problems: tuple[Problem, ...] = ()
    sources: tuple[SourceFile, ...] = ()
    redactions: tuple[Redaction, ...] = ()
    """Secrets that were masked in its records, by kind."""

    @property
    def ref(self) -> RunRef:
        """The short form for links."""
        return RunRef(label=self.label, started_at=self.started_at, commit=self.commit, branch=self.branch)

    @property
    def tally(self) -> Tally:
        """Targets and cases together."""
        return self.targets + self.cases


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteFacts:
    """One suite (or target) of the run with its tallies and duration."""

    name: str
    surface: str
    tally: Tally
    duration_s: float | None
    previous_duration_s: float | None = None
    failure_ids: tuple[str, ...] = ()
    part: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowTest:
    """A test with its duration and its usual one (median of earlier runs)."""

    title: str
    suite: str
    duration_s: float
    usual_s: float | None
    runs: int = field(default=0)
