"""Series over time: days, suites, gates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from generator.findings.run import RunRef, Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPoint:
    """All runs of one UTC day on the trend's branch."""

    day: date
    runs: int
    failed_runs: int
    tally: Tally
    duration_s: float | None
    """Median total duration of the day's runs that ran to their end."""
    incomplete_runs: int = 0
    """Runs of the day with a missing part: what they did not run is in no rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteTrend:
    """One suite over the runs of the window."""

    suite: str
    surface: str
    runs: int
    tally: Tally
    """Outcomes of the suite's results over the window."""
    recent: tuple[str, ...]
    """Worst outcome a run, oldest first: passed, failed, flaky, absent."""
    median_s: float | None
    last_s: float | None
    ratio: float | None
    """Median of the last 5 runs over the median of those before; `None` below 10 runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trends:
    """Series on the default branch up to the run, oldest first."""

    branch: str
    days: tuple[DayPoint, ...]
    suites: tuple[SuiteTrend, ...]
    change_points: float | None
    """Pass rate of the last 7 days minus that of the 7 days before, in percentage points."""
    counted: str = ""
    """What the rates count: `test cases` or `targets`."""
    recent_rate: float | None = None
    """Pass rate of the last 7 days, 0..1."""
    earlier_rate: float | None = None
    """Pass rate of the 7 days before."""
    fell_most: str = ""
    """The suite with the largest rise in failures between the two weeks; empty when none rose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatePoint:
    """A gate in one run; `absent` where the gate was not evaluated."""

    run: RunRef
    status: str
    blocking: bool | None
