"""Charts over days: pass rate, failures, duration; each with its reading and its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.pages import cells, words
from generator.views import Cell, Chart, Series, Table, Tone

if TYPE_CHECKING:
    from generator.findings import DayPoint, SuiteTrend, Trends

_EMPTY = "No run of this branch lies in the window, so there is nothing to draw."
LEAST_POINTS = 0.05
"""Smaller changes of the pass rate, in percentage points, are none."""


def pass_rate(trends: Trends, *, with_failures: bool) -> Chart:
    """Return the pass rate by day, if wanted with the failures as bars; days without data are gaps."""
    days = trends.days
    lines = [Series(name="Pass rate", y=tuple(_rate(day) for day in days), tone=Tone.GOOD)]
    if with_failures:
        lines.append(_failed_results(trends, axis=2))
    return Chart(
        id="pass-rate",
        title="Pass rate and failures by day" if with_failures else "Pass rate by day",
        reading=pass_rate_reading(trends),
        x=_labels(trends),
        series=tuple(lines),
        table=_table("pass-rate-table", "Pass rate by day", trends),
        y_title="Pass rate",
        y2_title="Failed results" if with_failures else "",
        y_percent=True,
        dates=True,
    )


def failures(trends: Trends) -> Chart:
    """Return failed results and failed runs by day."""
    return Chart(
        id="failures",
        title="Failures by day",
        reading=failures_reading(trends),
        x=_labels(trends),
        series=(
            _failed_results(trends, axis=1),
            Series(
                name="Failed runs",
                y=tuple(float(day.failed_runs) if day.runs else None for day in trends.days),
                tone=Tone.WARN,
                axis=2,
            ),
        ),
        table=_table("failures-table", "Failures by day", trends),
        y_title="Failed results",
        y2_title="Failed runs",
        dates=True,
    )


def durations(trends: Trends) -> Chart:
    """Return the median duration of a day's complete runs, in minutes."""
    minutes = tuple(None if day.duration_s is None else round(day.duration_s / 60, 3) for day in trends.days)
    return Chart(
        id="durations",
        title="Duration of complete runs by day (median)",
        reading=durations_reading(trends),
        x=_labels(trends),
        series=(Series(name="Minutes", y=minutes, tone=Tone.INFO),),
        table=_table("durations-table", "Duration by day", trends),
        y_title="Minutes",
        dates=True,
    )


def pass_rate_reading(trends: Trends) -> str:
    """Return `Pass rate fell 1.8 points in 7 days, most failures in e2e_rpc.`; says so when the data is too little."""
    last = _last_with_results(trends)
    if last is None:
        return _EMPTY
    now = f"{words.percent(last.tally.pass_rate)} on {last.day.isoformat()}"
    if trends.change_points is None:
        return f"Pass rate {now}; not enough data to compare 7 days with the 7 before."
    change = trends.change_points
    if abs(change) < LEAST_POINTS:
        return f"Pass rate {now}; unchanged against the 7 days before."
    moved = f"Pass rate {'rose' if change > 0 else 'fell'} {abs(change):.1f} points in 7 days, {now}"
    worst = worst_suite(trends)
    return words.sentence(f"{moved}; most failures of the window in {worst}" if worst and change < 0 else moved)


def failures_reading(trends: Trends) -> str:
    """Return how many results failed in how many runs of the window."""
    runs = sum(day.runs for day in trends.days)
    if not runs:
        return _EMPTY
    bad = sum(day.tally.bad for day in trends.days)
    if not sum(day.tally.executed for day in trends.days):
        return f"{words.plural(runs, 'run')}, none with results."
    failed = sum(day.failed_runs for day in trends.days)
    return f"{words.plural(bad, 'failed result')}; {words.number(failed)} of {words.plural(runs, 'run')} failed."


def durations_reading(trends: Trends) -> str:
    """Return the last duration against the first of the window."""
    known = [day for day in trends.days if day.duration_s is not None]
    if not known:
        return "No complete run of the window states its duration."
    first, last = known[0], known[-1]
    now = f"{words.duration(last.duration_s)} on {last.day.isoformat()}"
    if first is last:
        return f"{now}; one day is not a trend."
    return f"{now}, {words.duration(first.duration_s)} on {first.day.isoformat()}."


def worst_suite(trends: Trends) -> str:
    """Return the suite with most failed results of the window; empty when none failed."""
    failing = [suite for suite in trends.suites if suite.tally.bad]
    return words.cut(max(failing, key=_badness).suite, 60) if failing else ""


def _badness(suite: SuiteTrend) -> tuple[int, str]:
    return (suite.tally.bad, suite.suite)


def _labels(trends: Trends) -> tuple[str, ...]:
    return tuple(day.day.isoformat() for day in trends.days)


def _rate(day: DayPoint) -> float | None:
    rate = day.tally.pass_rate
    return None if rate is None else round(rate, 6)


def _failed_results(trends: Trends, axis: int) -> Series:
    bad = tuple(float(day.tally.bad) if day.tally.executed else None for day in trends.days)
    return Series(name="Failed results", y=bad, tone=Tone.BAD, kind="bar", axis=axis)


def _last_with_results(trends: Trends) -> DayPoint | None:
    return next((day for day in reversed(trends.days) if day.tally.executed), None)


def _table(table_id: str, caption: str, trends: Trends) -> Table:
    titles = ("Day", "Runs", "Failed runs", "Executed", "Failed", "Pass rate", "Duration")
    return Table(
        id=table_id,
        caption=caption,
        columns=cells.columns(*titles, numeric=titles[1:]),
        rows=tuple(_day(day) for day in reversed(trends.days)),
        empty=_EMPTY,
    )


def _day(day: DayPoint) -> tuple[Cell, ...]:
    executed = day.tally.executed
    return (
        Cell(text=day.day.isoformat()),
        cells.number_cell(day.runs),
        cells.number_cell(day.failed_runs),
        cells.number_cell(executed),
        cells.number_cell(day.tally.bad, tone=Tone.BAD) if executed else Cell(text="no data"),
        cells.share_cell(day.tally.pass_rate),
        cells.duration_cell(day.duration_s),
    )
