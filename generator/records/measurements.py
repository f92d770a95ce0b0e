"""Measured values: benchmarks, performance budgets and comparisons."""

from __future__ import annotations

from datetime import datetime

from generator.records.base import Record


class Measurement(Record):
    """One value of one series at one time."""

    series: str
    """Identity of the series within its tool: benchmark name with parameters, budget name."""
    value: float | None
    """None: measured nothing (no data, null); a gap, never zero."""
    unit: str = ""
    metric: str = ""
    """What was measured: mean, median, p99, throughput …"""
    bigger_is_better: bool | None = None
    """None where the report does not say."""
    spread: float | None = None
    """Standard deviation, or half of the stated range, in the same unit."""
    samples: int | None = None
    at: datetime | None = None
    commit: str = ""
    status: str = ""
    """PASS, FAIL, NO_DATA, FASTER … as written."""
    threshold: float | None = None
    baseline: float | None = None
    """The value that the report itself compares with."""
    enforced: bool | None = None
    """Whether CI fails on it."""
    detail: str = ""


class MeasurementReport(Record):
    """The measurements of one file."""

    part: str = ""
    path: str = ""
    tool: str
    generated_at: datetime | None = None
    verdict: str = ""
    """What the file says of itself as a whole, as written."""
    machine: str = ""
    commit: str = ""
    measurements: tuple[Measurement, ...] = ()
    """In the order of the file; a file may hold a whole history."""
    left_out: int = 0
    """Measurements beyond the limit (the oldest)."""
