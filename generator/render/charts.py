"""Charts as plotly figures: dicts that follow plotly's schema, without template and without colour.

The browser adds the colours from the style sheet (`meta.tone` names them), so that a change of palette recolours them.
`plotly.graph_objects` validates these dicts in the tests; importing it here would cost more than the whole version.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.views import Chart, Series

_LABEL = str.maketrans({"<": "‹", ">": "›", "&": "\N{FULLWIDTH AMPERSAND}", "$": "\N{FULLWIDTH DOLLAR SIGN}"})
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
_SYMBOLS = ("circle", "square", "diamond", "cross", "triangle-up")
_MARKED = 60
"""Lines with more points are drawn without markers."""

HEIGHT = 280


def label(text: str) -> str:
    """Return a label that Plotly shows as it is: it would take some HTML, entities, formats and TeX seriously."""
    return " ".join(text.split()).translate(_LABEL).replace("%{", "\N{FULLWIDTH PERCENT SIGN}{")


def figure(chart: Chart) -> dict[str, object]:
    """Return the figure of a chart as JSON values; `None` stays a gap."""
    ticks = _distinct([label(text) for text in chart.x])
    kinds = [series.kind for series in chart.series]
    traces = [
        _trace(series, ticks, kinds[:place].count(series.kind), chart) for place, series in enumerate(chart.series)
    ]
    layout: dict[str, Any] = {
        "height": HEIGHT,
        "margin": {"l": 56, "r": 16, "t": 8, "b": 40},
        "hovermode": "x unified",
        "showlegend": len(traces) > 1,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        "xaxis": {"type": "date" if chart.dates else "category", "automargin": True, "nticks": 12},
        "yaxis": _axis(chart.y_title, percent=chart.y_percent, bars=_has_bars(chart, 1)),
    }
    if any(series.axis == 2 for series in chart.series):
        layout |= _second_axis(chart, layout["yaxis"])
    if any(series.kind == "bar" for series in chart.series):
        layout["barmode"] = "stack" if chart.stacked else "group"
    return {"data": traces, "layout": layout}


def _trace(series: Series, x: list[str], number: int, chart: Chart) -> dict[str, object]:
    percent = chart.y_percent and series.axis == 1
    trace: dict[str, object] = {
        "name": label(series.name),
        "x": x,
        "y": [None if value is None else float(f"{value:.6g}") for value in series.y],
        "meta": {"tone": series.tone.value},
        "hovertemplate": "%{y:.1%}" if percent else "%{y}",
    }
    if series.axis == 2:
        trace["yaxis"] = "y2"
    if series.kind == "bar":
        return trace | {
            "type": "bar",
            "marker": {"pattern": {"shape": ("", "/", ".", "x")[number % 4], "solidity": 0.2}},
        }
    return trace | {
        "type": "scatter",
        "mode": "lines" if len(x) > _MARKED else "lines+markers",
        "line": {"dash": _DASHES[number % len(_DASHES)], "width": 2},
        "marker": {"symbol": _SYMBOLS[number % len(_SYMBOLS)], "size": 6},
    }


def _axis(title: str, *, percent: bool, bars: bool) -> dict[str, object]:
    axis: dict[str, object] = {"automargin": True, "rangemode": "tozero" if bars else "normal", "nticks": 6}
    if title:
        axis["title"] = {"text": label(title)}
    if percent:
        axis["tickformat"] = ".0%"
    return axis


def _second_axis(chart: Chart, first: dict[str, object]) -> dict[str, object]:
    """Return both axes: the one without bars is drawn above, so that no line vanishes behind a bar."""
    side = {"side": "right", "showgrid": False, "tickmode": "auto"}
    second = _axis(chart.y2_title, percent=False, bars=_has_bars(chart, 2)) | side
    if _has_bars(chart, 2):
        return {"yaxis": first | {"overlaying": "y2", "tickmode": "auto"}, "yaxis2": second}
    return {"yaxis": first, "yaxis2": second | {"overlaying": "y"}}


def _has_bars(chart: Chart, axis: int) -> bool:
    return any(series.kind == "bar" and series.axis == axis for series in chart.series)


def _distinct(texts: list[str]) -> list[str]:
    """Tell equal labels apart: Plotly would draw equal categories at one place."""
    seen: Counter[str] = Counter()
    result: list[str] = []
    for text in texts:
        seen[text] += 1
        result.append(text if seen[text] == 1 else f"{text} ({seen[text]})")
    return result
