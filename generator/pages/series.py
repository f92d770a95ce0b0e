"""Charts over days: pass rate, failures, duration; each with its reading and its table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.pages import cells, words
from generator.views import Cell, Chart, Series, Table, Tone

if TYPE_CHECKING:
    from generator.findings import DayPoint, Trends

_EMPTY = "No run of this branch lies in the window, so there is nothing to draw."
LEAST_POINTS = 0.05
"""Smaller changes of the pass rate, in percentage points, are none."""


def pass_rate(trends: Trends, *, with_failures: bool) -> Chart:
    """Return the pass rate by day, if wanted with the failures as bars; days without data are gaps."""
    days = trends.days
    many = _counted(trends)
    lines = [Series(name="Pass rate", y=tuple(_rate(day) for day in days), tone=Tone.GOOD)]
    if with_failures:
        lines.append(_failed_results(trends, axis=2))
    return Chart(
        id="pass-rate",
        title=f"Pass rate of {many} and failed {many} by day" if with_failures else f"Pass rate of {many} by day",
        reading=pass_rate_reading(trends),
        x=_labels(trends),
        series=tuple(lines),
        table=_table("pass-rate-table", f"Pass rate of {many} by day", trends),
        y_title=f"Pass rate of {many}",
        y2_title=f"Failed {many}" if with_failures else "",
        y_percent=True,
        dates=True,
    )


def failures(trends: Trends) -> Chart:
    """Return failed results and failed runs by day."""
    many = _counted(trends)
    return Chart(
        id="failures",
        title=f"Failed {many} and failed runs by day",
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
        table=_table("failures-table", f"Failed {many} by day", trends),
        y_title=f"Failed {many}",
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
    """Return what is compared, of what: `Pass rate of targets fell from 91.3% to 80.9% between the last two weeks …`.

    Says so when there is too little data, and names no suite unless the findings do.
    """
    last = _last_with_results(trends)
    if last is None:
        return _EMPTY
    of = f"Pass rate of {_counted(trends)}"
    change = trends.change_points
    if change is None:
        now = f"{words.percent(last.tally.pass_rate)} on {last.day.isoformat()}"
        return f"{of} {now}; not enough data to compare the last 7 days with the 7 before."
    if abs(change) < LEAST_POINTS:
        level = "" if trends.recent_rate is None else f" is {words.percent(trends.recent_rate)} in the last 7 days and"
        return f"{of}{level} did not change between the last two weeks."
    moved = f"{of} {'rose' if change > 0 else 'fell'}{_from_to(trends)} between the last two weeks"
    most = f", most in {words.cut(trends.fell_most, 60)}" if trends.fell_most and change < 0 else ""
    return f"{moved} ({abs(change):.1f} points){most}."


def failures_reading(trends: Trends) -> str:
    """Return how many results failed in how many runs of the window."""
    runs = sum(day.runs for day in trends.days)
    if not runs:
        return _EMPTY
    bad = sum(day.tally.bad for day in trends.days)
    if not sum(day.tally.executed for day in trends.days):
        return f"{words.plural(runs, 'run')}, none with results."
    failed = sum(day.failed_runs for day in trends.days)
    found = words.plural(bad, f"failed {_one(trends)}")
    return f"{found}; {words.number(failed)} of {words.plural(runs, 'run')} failed."


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


def _counted(trends: Trends) -> str:
    """Return what the rates count: `targets` or `test cases`."""
    return trends.counted or "results"


def _one(trends: Trends) -> str:
    return _counted(trends).removesuffix("s")


def _from_to(trends: Trends) -> str:
    """Return ` from 91.3% to 80.9%`; nothing where the two rates are not known."""
    if trends.earlier_rate is None or trends.recent_rate is None:
        return ""
    return f" from {words.percent(trends.earlier_rate)} to {words.percent(trends.recent_rate)}"


def _labels(trends: Trends) -> tuple[str, ...]:
    return tuple(day.day.isoformat() for day in trends.days)


def _rate(day: DayPoint) -> float | None:
    rate = day.tally.pass_rate
    return None if rate is None else round(rate, 6)


def _failed_results(trends: Trends, axis: int) -> Series:
    bad = tuple(float(day.tally.bad) if day.tally.executed else None for day in trends.days)
    return Series(name=f"Failed {_counted(trends)}", y=bad, tone=Tone.BAD, kind="bar", axis=axis)


def _last_with_results(trends: Trends) -> DayPoint | None:
    return next((day for day in reversed(trends.days) if day.tally.executed), None)


def _table(table_id: str, caption: str, trends: Trends) -> Table:
    many = _counted(trends)
    titles = ("Day", "Runs", "Failed runs", f"Executed {many}", f"Failed {many}", "Pass rate", "Duration")
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
        replace(cells.number_cell(day.runs), note=_incomplete(day)),
        cells.number_cell(day.failed_runs),
        cells.number_cell(executed),
        cells.number_cell(day.tally.bad, tone=Tone.BAD) if executed else Cell(text="no data"),
        cells.share_cell(day.tally.pass_rate),
        cells.duration_cell(day.duration_s),
    )


def _incomplete(day: DayPoint) -> str:
    """Return what a day's rate leaves out; empty when every run of it was complete."""
    if not day.incomplete_runs:
        return ""
    return f"{words.plural(day.incomplete_runs, 'incomplete run')} left out of the rate"
