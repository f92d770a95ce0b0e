"""Performance budgets as summary and events state them: one series a budget, and which way is better."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.readers._said import flag, number, said, told
from generator.records import Measurement

if TYPE_CHECKING:
    from datetime import datetime

    from generator.readers._said import Raw

TOOL: Final = "performance budgets"
"""The tool of all measurements of budgets, so that summary and events of one run are one series."""

LIMIT: Final = 2_000
"""Measurements kept of one file."""

NO_DATA: Final = "NO_DATA"
_MINIMUM_UNITS: Final = frozenset({"calls/sec"})
"""Units of which more is better where the file does not say it (version 1)."""


def bigger_is_better(row: Raw) -> bool | None:
    """Return which way is better: by `comparison`, else by the unit; None without any unit."""
    comparison, unit = said(row, "comparison"), said(row, "unit")
    if comparison in {"maximum", "minimum"}:
        return comparison == "minimum"
    return unit in _MINIMUM_UNITS if unit else None


def measurement(row: Raw, at: datetime | None = None, commit: str = "") -> Measurement | None:
    """Return one budget with what was measured; without data the value is None, never zero; None without a name."""
    name = said(row, "budget_name", "name")
    if not name:
        return None
    status, source = said(row, "status"), said(row, "source")
    return Measurement(
        series=name,
        value=None if status == NO_DATA else number(row, "actual"),
        unit=said(row, "unit"),
        metric=said(row, "metric", "category"),
        bigger_is_better=bigger_is_better(row),
        at=at,
        commit=commit,
        status=status,
        threshold=number(row, "threshold"),
        enforced=flag(row, "ci_enforced"),
        detail=told(row, "failure_reason") or (f"source: {source}" if source else ""),
    )


def contradiction(found: Measurement) -> str:
    """Say how the status of a budget contradicts its value, empty when it does not."""
    if found.value is None:
        return f"{found.series} is {found.status} without a value" if found.status in {"PASS", "FAIL"} else ""
    if found.threshold is None or found.bigger_is_better is None:
        return ""
    broken = found.value < found.threshold if found.bigger_is_better else found.value > found.threshold
    if broken and found.status == "PASS":
        return f"{found.series} is PASS with {found.value:g} against {found.threshold:g}"
    return ""
