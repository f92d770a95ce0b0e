"""Key figures with what they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class KpiStatus(StrEnum):
    """Whether a key figure meets its target; without a target, or without enough data, there is nothing to meet."""

    OK = "ok"
    WARN = "warn"
    """It misses its target, but its interval reaches it; without a target: it rose, hardly by chance."""
    BREACH = "breach"
    NO_TARGET = "no_target"
    INSUFFICIENT_DATA = "insufficient_data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """One key figure."""

    kpi_id: str
    title: str
    status: KpiStatus
    unit: str
    """`share` (0..1), `s`, `count`, or `points`: how much a rate changed, in percentage points."""
    n: int
    """What it counts over: runs, episodes, tests."""
    of: str
    """Word for what n counts."""
    min_n: int
    window_days: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    at_least: bool = False
    """The true value is beyond `value`: more than half of the episodes are open still."""
    target: float | None = None
    target_is_most: bool = True
    """Whether the target is an upper bound."""
    excluded: tuple[tuple[str, int], ...] = ()
    """What does not count, and how much of it there is."""
    previous: float | None = None
    """The same figure one window earlier."""
    note: str = ""
    window: str = ""
    """The window in words, where it is not `window_days` alone."""
