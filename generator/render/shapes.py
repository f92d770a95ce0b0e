"""Small shapes that templates draw: outcome cells, table rows with their anchors, sparklines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.views import Cell, Chart, Outcomes, Series, Table

_OUTCOMES = {
    "passed": ("p", "✓"),
    "failed": ("f", "✕"),
    "error": ("e", "!"),
    "flaky": ("k", "~"),
    "skipped": ("s", "-"),
    "not_run": ("n", "."),
}
_UNKNOWN = ("a", " ")

WIDTH = 600
HEIGHT = 120


@dataclass(frozen=True, slots=True)
class OutcomeCell:
    """One cell of a strip: class and sign by status, so that colour is never the only sign."""

    css: str
    sign: str
    hint: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An unbroken stretch of a series as SVG points."""

    tone: str
    points: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of a series in SVG units."""

    tone: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """A chart as a static drawing of 600 × 120 units."""

    lines: tuple[Line, ...]
    bars: tuple[Bar, ...]


def outcome_cells(outcomes: Outcomes) -> list[OutcomeCell]:
    """Return the cells of a strip, oldest first; an unknown status is drawn as an absent one."""
    return [OutcomeCell(*_OUTCOMES.get(status, _UNKNOWN), hint, href) for status, hint, href in outcomes.cells]


def row_pairs(table: Table) -> list[tuple[str, tuple[Cell, ...]]]:
    """Return (anchor, cells) for every row; rows beyond the anchors have none."""
    anchors = table.row_ids + ("",) * (len(table.rows) - len(table.row_ids))
    return list(zip(anchors, table.rows, strict=False))


def sparkline(chart: Chart) -> Sparkline:
    """Return the drawing of a chart; every axis has its own scale, gaps stay gaps."""
    lines: list[Line] = []
    bars: list[Bar] = []
    for axis in (1, 2):
        shown = [series for series in chart.series if series.axis == axis]
        known = [value for series in shown for value in series.y if value is not None]
        if not known:
            continue
        low, high = min(0.0, *known) if any(item.kind == "bar" for item in shown) else min(known), max(known)
        rise = partial(_rise, low=low, span=high - low)
        for number, series in enumerate(shown):
            if series.kind == "bar":
                bars.extend(_bars(series, rise, (number, len(shown))))
            else:
                lines.extend(_lines(series, rise))
    return Sparkline(lines=tuple(lines), bars=tuple(bars))


def _rise(value: float, low: float, span: float) -> float:
    """Return the height of a value above the lower edge, in units of the drawing."""
    return (HEIGHT - 4) * ((value - low) / span) if span > 0 else 0.0


def _lines(series: Series, rise: Callable[[float], float]) -> Iterator[Line]:
    step = WIDTH / max(1, len(series.y) - 1)
    stretch: list[str] = []
    for index, value in enumerate((*series.y, None)):
        if value is not None:
            stretch.append(f"{index * step:.0f},{HEIGHT - 2 - rise(value):.1f}")
        elif stretch:
            # A single point has no length; a short dash keeps it visible.
            points = (
                stretch
                if len(stretch) > 1
                else [stretch[0], f"{(index - 1) * step + 3:.0f},{stretch[0].split(',')[1]}"]
            )
            yield Line(tone=series.tone.value, points=" ".join(points))
            stretch = []


def _bars(series: Series, rise: Callable[[float], float], place: tuple[int, int]) -> Iterator[Bar]:
    number, of = place
    slot = WIDTH / max(1, len(series.y))
    width = slot * 0.8 / of
    for index, value in enumerate(series.y):
        if value is None:
            continue
        height = rise(value)
        yield Bar(
            tone=series.tone.value,
            x=f"{index * slot + number * width:.1f}",
            y=f"{HEIGHT - 2 - height:.1f}",
            width=f"{width:.1f}",
            height=f"{height:.1f}",
        )
