"""What became slower or faster, and since which commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.findings.failure import CommitRange, TestRef
    from generator.findings.run import RunRef


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPoint:
    """One value of a series; `None` is a gap: nothing was measured."""

    run: RunRef
    """Without a label: of a history that a file holds; time and commit are those of the measurement."""
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesChange:
    """The last change of the level of one series."""

    series: str
    """The test's key, or the benchmark's name with its metric."""
    suite: str
    """Suite of the test, or tool of the benchmark."""
    environment: str
    unit: str
    """`s` for durations; as written for benchmarks."""
    worse: bool | None
    """By the direction of the unit; `None` where nobody says which way is better."""
    before: float
    """Median before the change."""
    after: float
    ratio: float
    p: float
    q: float | None
    run: RunRef
    """The first run after the change."""
    previous: RunRef
    """The last run before it."""
    commits: CommitRange
    points: int
    recent: bool
    """In the days that count as recent."""
    values: tuple[SeriesPoint, ...] = ()
    """The series, oldest first; of the first 50 changes only."""
    test: TestRef | None = None
    """`None` for a benchmark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """One benchmark series as it stands: its last value against its own past."""

    series: str
    tool: str
    environment: str
    unit: str
    last: float | None
    """`None` is NO_DATA."""
    usual: float | None
    """Median of the points before the last five that have a value."""
    change: float | None
    """Relative change of the last five against the usual; `None` where there is too little data."""
    fence: float | None
    """Relative change that is out of the ordinary for this series."""
    outside: bool
    worse: bool | None
    """Whether the change is one for the worse; `None` where nobody says which way is better, or nothing changed."""
    points: int
    """Points with a value, the last `window` ones."""
    values: tuple[SeriesPoint, ...] = ()
    """The series, oldest first; of the first 50 benchmarks only."""
    run: RunRef | None = None
    """Where the last value is from, or is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """Durations of tests and benchmark series over the history."""

    changes: tuple[SeriesChange, ...] = ()
    """Recent and worse first, then by ratio."""
    benchmarks: tuple[Benchmark, ...] = ()
    judged: int = 0
    """Series of durations with enough points."""
    too_short: int = 0
    """Series of durations with fewer."""
    min_points: int = 20
    recent_days: int = 14
    window: int = 100
    """Runs of an environment, and points of a benchmark, that are looked at: the last ones."""
    runs: int = 0
    """Runs with durations, of the environment that has most of them."""
    min_ratio: float = 1.10
    """Smaller changes are none."""
    min_seconds: float = 0.1
    """Changes of a duration by less are none."""
