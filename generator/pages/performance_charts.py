"""A series with a change of level as a chart, with its reading and its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.pages import cells, words
from generator.pages.beside_tables import value_text
from generator.views import Cell, Chart, Series, Table, Tone

if TYPE_CHECKING:
    from generator.findings import RunRef, SeriesChange, SeriesPoint
    from generator.pages.links import Links

_COLUMNS = cells.columns("Run", "Day", "Commit", "Value", numeric=("Value",))


def chart(chart_id: str, item: SeriesChange, at: Links) -> Chart:
    """Return the values of a series by run, oldest first; what was not measured is a gap."""
    title = words.cut(name_of(item), 100)
    return Chart(
        id=chart_id,
        title=title,
        reading=_reading(item),
        x=tuple(run_text(point.run) for point in item.values),
        series=(Series(name=_axis(item), y=tuple(point.value for point in item.values), tone=Tone.INFO),),
        table=Table(
            id=f"{chart_id}-table",
            caption=f"Values of {title}",
            columns=_COLUMNS,
            rows=tuple(_row(point, item.unit, at) for point in reversed(item.values)),
        ),
        y_title=_axis(item),
    )


def name_of(item: SeriesChange) -> str:
    """Return what a series is called, with its environment."""
    name = item.test.title if item.test else item.series
    return f"{name} ({item.environment})" if item.environment else name


def change_text(item: SeriesChange) -> str:
    """Return how large a change is: `1.8 times`; from nothing or to nothing there is no ratio."""
    if not item.before:
        return "from 0"
    return times(item.ratio) if item.after else "to 0"


def times(ratio: float) -> str:
    """Return `1.8 times`, with as many digits as tell it from none."""
    if ratio >= 1000:
        return "over 1,000 times"
    return f"{ratio:.2f}".rstrip("0").rstrip(".") + " times" if ratio >= 0.1 else f"{ratio:.2g} times"


def measured(value: float | None, unit: str) -> str:
    """Return a value with its unit: `340 ms`, `1.52 s`, `2 m 5 s`, `1.2 MB/s`; `no data` without one."""
    return words.duration(value) if unit == "s" and value is not None and value >= 60 else value_text(value, unit)


def value_cell(value: float | None, unit: str) -> Cell:
    """Return a value that sorts by its number."""
    return Cell(text=measured(value, unit), sort="" if value is None else f"{value:.9e}")


def run_text(run: RunRef) -> str:
    """Return a run by its label; by day and commit where no run of ours measured."""
    return run.label or f"{words.day(run.started_at)} {words.short_commit(run.commit)}"


def _reading(item: SeriesChange) -> str:
    gaps = sum(point.value is None for point in item.values)
    missing = f" and {words.plural(gaps, 'gap')}" if gaps else ""
    with_run = f"{'run ' if item.run.label else ''}{run_text(item.run)}"
    return words.join(
        f"From {measured(item.before, item.unit)} to {measured(item.after, item.unit)} ({change_text(item)}) with "
        f"{with_run}, commits {cells.range_text(item.commits)}",
        f"{words.plural(item.points, 'value')}{missing}",
    )


def _axis(item: SeriesChange) -> str:
    """Return what the axis is called, in fixed words: no text of an artifact stands in a figure."""
    return "Seconds" if item.unit == "s" else "Value"


def _row(point: SeriesPoint, unit: str, at: Links) -> tuple[Cell, ...]:
    return (
        Cell(text=point.run.label or "not a run of ours", href=at.run(point.run.label)),
        Cell(text=words.day(point.run.started_at)),
        cells.commit_cell(at, point.run.commit),
        value_cell(point.value, unit),
    )
