"""The slope of a short series and how sure it is, against the one of scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau, theilslopes

from generator.analysis.slopes import MIN_POINTS, theil_sen

WHOLE = st.lists(st.integers(-4, 4).map(float), min_size=5, max_size=45)
"""With many ties."""


@settings(deadline=None, max_examples=150)
@given(WHOLE)
def test_with_ties_it_is_what_scipy_says(values: list[float]) -> None:
    x = np.arange(len(values))
    found = theil_sen(x, values)
    if len(set(values)) == 1:
        assert found is None
        return
    told = kendalltau(x, values)
    assert found is not None
    assert found.slope == pytest.approx(theilslopes(values, x).slope, abs=1e-12)
    assert found.tau == pytest.approx(told.statistic, abs=1e-12)
    assert found.p == pytest.approx(told.pvalue, abs=1e-9)


@pytest.mark.parametrize("points", [5, 6, 12, 33, 34, 60])
@pytest.mark.parametrize("drift", [0.0, 0.05, 5.0, -5.0])
def test_without_ties_it_is_what_scipy_says(points: int, drift: float) -> None:
    random = np.random.default_rng(points)
    x = np.arange(points)
    for _ in range(20):
        y = random.normal(size=points) + drift * x
        found, told = theil_sen(x, y), kendalltau(x, y)
        assert found is not None
        assert found.slope == pytest.approx(theilslopes(y, x).slope, rel=1e-9)
        assert found.tau == pytest.approx(told.statistic, rel=1e-9)
        assert found.p == pytest.approx(told.pvalue, rel=1e-7, abs=1e-12)


def test_ties_in_both_are_corrected_for() -> None:
    x, y = [1, 1, 2, 2, 3, 3, 4], [5, 5, 4, 4, 4, 2, 2]
    found, told = theil_sen(x, y), kendalltau(x, y)
    assert found is not None
    assert found.tau == pytest.approx(told.statistic)
    assert found.p == pytest.approx(told.pvalue)


def test_fewer_than_five_points_are_no_trend() -> None:
    assert theil_sen(range(4), [1, 2, 3, 4]) is None
    found = theil_sen(range(5), [1, 2, 3, 4, 5])
    assert found is not None
    assert (found.slope, found.tau, found.points) == (1.0, 1.0, MIN_POINTS)
    assert found.p == pytest.approx(2 / 120)


def test_what_is_unknown_is_left_out() -> None:
    gaps = [0.1, np.nan, 0.3, 0.4, 0.5, 0.6]
    found = theil_sen(range(6), gaps)
    assert found is not None
    assert found.points == 5
    assert found.slope == pytest.approx(0.1)
    assert theil_sen(range(5), [0.1, np.nan, 0.3, 0.4, 0.5]) is None


def test_a_series_that_never_changes_has_no_slope_to_tell() -> None:
    assert theil_sen(range(9), [0.2] * 9) is None
    assert theil_sen([3] * 9, range(9)) is None


def test_the_order_in_which_points_are_given_changes_nothing() -> None:
    x, y = np.arange(9), np.array([3, 1, 4, 1, 5, 9, 2, 6, 5.0])
    turn = np.random.default_rng(1).permutation(9)
    assert theil_sen(x, y) == theil_sen(x[turn], y[turn])


def test_shapes_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="no common shape"):
        theil_sen([1, 2], [1, 2, 3])
