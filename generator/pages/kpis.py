"""Key figures: each with its interval, what it counts over, its window, its target and the window before."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from generator.findings import KpiStatus
from generator.pages import cells, words
from generator.views import Cell, Section, Tone

if TYPE_CHECKING:
    from generator.findings import Kpi, Report

_COLUMNS = cells.columns(
    "Figure", "Value", "95% interval", "Counts over", "Target", "Status", "Window before",
    numeric=("Value", "95% interval", "Counts over", "Target", "Window before"),
)  # fmt: skip
_ROWS = {
    "pass_rate": "trends/#days",
    "failure_rate_change": "trends/#days",
    "flake_rate": "trends/#flaky",
    "workflow_success_rate": "runs/",
    "duration_p50": "runs/",
    "duration_p95": "runs/",
}
"""Where the rows behind a figure stand."""

_STATUSES = {
    KpiStatus.OK: ("met", Tone.GOOD),
    KpiStatus.WARN: ("warning", Tone.WARN),
    KpiStatus.BREACH: ("breach", Tone.BAD),
    KpiStatus.NO_TARGET: ("no target", Tone.MUTED),
}
_INTRO = (
    "As of this run, on the branch {branch} unless the row says otherwise. A figure without enough data has no value "
    "and no colour. A warning misses its target, but its interval reaches it; without a target: a significant rise. "
    "A breach misses its target with the whole interval."
)
_NOTE = 300
"""Most characters of what a figure says beside its value."""

_POINTS: Final = 2
"""Digits behind the point of a change of a rate."""


def section(report: Report) -> Section:
    """Return the key figures of a report; one without enough data says how much there is and how much it needs."""
    found = report.findings.kpis
    table = cells.simple_table(
        "kpis-list",
        "Key figures",
        _COLUMNS,
        [_row(kpi) for kpi in found],
        limit=max(len(found), 1),
        what="figure",
        empty="No key figure was computed for this run.",
        row_ids=tuple(f"kpi-{kpi.kpi_id}" for kpi in found),
    )
    branch = words.cut(report.findings.trends.branch, 80) or "of the run"
    return Section(id="kpis", title="Key figures", intro=_INTRO.format(branch=branch), tables=(table,))


def _row(kpi: Kpi) -> tuple[Cell, ...]:
    known = kpi.value is not None and kpi.status is not KpiStatus.INSUFFICIENT_DATA
    return (
        Cell(text=kpi.title, note=_note(kpi)),
        Cell(
            text=_value(kpi) if known else words.sentence(lack(kpi)).rstrip("."),
            href=_ROWS.get(kpi.kpi_id, "") if kpi.n else "",
            sort=f"{kpi.value:.6f}" if known else "",
        ),
        Cell(text=_interval(kpi) if known else ""),
        Cell(
            text=words.number(kpi.n),
            sort=str(kpi.n),
            note=f"{kpi.of} in {kpi.window or words.plural(kpi.window_days, 'day')}",
        ),
        Cell(text=_target(kpi)),
        _status(kpi),
        Cell(text="not known" if kpi.previous is None else _worded(kpi.previous, kpi.unit)),
    )


def lack(kpi: Kpi) -> str:
    """Return `not enough data (n=4, needs 10)`."""
    return f"not enough data (n={words.number(kpi.n)}, needs {words.number(kpi.min_n)})"


def _note(kpi: Kpi) -> str:
    """Return what the figure says beside its value, and what it leaves out."""
    left_out = ", ".join(f"{what} ({words.number(count)})" for what, count in kpi.excluded)
    return words.join(words.cut(kpi.note, _NOTE), f"left out: {left_out}" if left_out else "")


def _value(kpi: Kpi) -> str:
    value = _worded(kpi.value, kpi.unit)
    return f"over {value} (not reached)" if kpi.at_least else value


def _worded(value: float | None, unit: str) -> str:
    """Return a value of this unit in words; changes of a rate have their sign."""
    if value is None:
        return "not known"
    if unit == "share":
        return words.percent(value)
    if unit == "s":
        return words.duration(value)
    if unit == "points":
        return f"{value:+.{_digits(value)}f} points".replace("-", "−")
    return words.number(round(value))


def _digits(value: float) -> int:
    """Return how many digits behind the point show that a value is not zero: two, or as many as it takes."""
    return max(_POINTS, -math.floor(math.log10(abs(value)))) if value else _POINTS


def _interval(kpi: Kpi) -> str:
    """Return both ends; an end that the data do not reach is open, and without any there is none."""
    low, high = _worded(kpi.low, kpi.unit), _worded(kpi.high, kpi.unit)
    if kpi.low is None and kpi.high is None:
        return "not known"
    if kpi.high is None:
        return f"from {low}"
    return f"up to {high}" if kpi.low is None else f"{low} to {high}"


def _target(kpi: Kpi) -> str:
    if kpi.target is None:
        return "none"
    return f"{'at most' if kpi.target_is_most else 'at least'} {_worded(kpi.target, kpi.unit)}"


def _status(kpi: Kpi) -> Cell:
    """Return the status as a word; without enough data it has no colour."""
    if kpi.status is KpiStatus.INSUFFICIENT_DATA:
        return Cell(text="not enough data")
    word, tone = _STATUSES[kpi.status]
    return Cell(text=word, tone=tone)
