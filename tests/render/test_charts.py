"""Figures follow plotly's schema, say what the view says, and hold no text that Plotly would take for more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plotly import graph_objects

from generator.render.charts import figure, label
from generator.render.shapes import sparkline
from generator.views import Chart, Series, Tone
from tests.render.made_blocks import a_chart


def made(chart: Chart) -> Any:
    return figure(chart)


@pytest.mark.parametrize("kinds", [("line", "bar"), ("bar", "line"), ("line", "line"), ("bar", "bar")])
@pytest.mark.parametrize("axis", [1, 2])
def test_every_figure_is_one_that_plotly_accepts(kinds: tuple[str, str], axis: int) -> None:
    chart = a_chart()
    series = tuple(replace(item, kind=kind) for item, kind in zip(chart.series, kinds, strict=True))
    chart = replace(chart, series=(series[0], replace(series[1], axis=axis)), stacked=True)
    graph_objects.Figure(made(chart))


def test_gaps_stay_gaps_and_zeros_stay_zeros() -> None:
    chart = replace(a_chart(), series=(Series(name="s", y=(0.0, None, 2.0), tone=Tone.INFO),), x=("a", "b", "c"))
    assert made(chart)["data"][0]["y"] == [0.0, None, 2.0]
    assert [line.points for line in sparkline(chart).lines] == ["0,118.0 3,118.0", "600,2.0 603,2.0"]


def test_equal_labels_are_told_apart() -> None:
    chart = replace(a_chart(), x=("a", "a", "b"), dates=False)
    assert made(chart)["data"][0]["x"] == ["a", "a (2)", "b"]


def test_series_differ_in_more_than_colour() -> None:
    chart = a_chart()
    lines = replace(chart, series=tuple(replace(item, kind="line") for item in (*chart.series, chart.series[0])))
    assert len({trace["line"]["dash"] for trace in made(lines)["data"]}) == 3
    assert len({trace["marker"]["symbol"] for trace in made(lines)["data"]}) == 3


def test_lines_are_drawn_above_bars_of_the_other_axis() -> None:
    layout = made(a_chart())["layout"]
    assert layout["yaxis"]["overlaying"] == "y2"
    assert "overlaying" not in layout["yaxis2"]


@given(st.text(max_size=60))
def test_a_label_holds_nothing_that_plotly_interprets(text: str) -> None:
    shown = label(text)
    assert not set(shown) & set("<>&$\n")
    assert "%{" not in shown


@given(st.lists(st.none() | st.floats(-1e6, 1e6), min_size=1, max_size=20), st.sampled_from(["line", "bar"]))
def test_a_sparkline_stays_in_its_drawing(values: list[float | None], kind: str) -> None:
    chart = replace(a_chart(), series=(Series(name="s", y=tuple(values), tone=Tone.BAD, kind=kind),))
    drawing = sparkline(chart)
    heights = [float(point.split(",")[1]) for line in drawing.lines for point in line.points.split()]
    heights += [float(bar.y) for bar in drawing.bars]
    assert all(-0.1 <= height <= 120.1 for height in heights)
    assert len(drawing.bars) == (sum(value is not None for value in values) if kind == "bar" else 0)
