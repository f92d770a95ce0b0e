"""Kaplan-Meier: equal to scipy's, and its edges."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from generator.analysis.survival import SurvivalRule, kaplan_meier, quantile, restricted_mean, surviving_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from generator.analysis.survival import Survival

SAMPLES = st.lists(
    st.tuples(st.one_of(st.integers(0, 6).map(float), st.floats(0, 1e6)), st.booleans()), min_size=1, max_size=40
)


def curve(*durations: float, still_open: tuple[float, ...] = ()) -> Survival:
    return kaplan_meier([*durations, *still_open], [False] * len(durations) + [True] * len(still_open))


def by_scipy(sample: list[tuple[float, bool]]) -> tuple[NDArray[np.float64], ...]:
    """Return times, S and both ends of its interval."""
    lasted, unfinished = (np.array(column) for column in zip(*sample, strict=True))
    found = stats.ecdf(stats.CensoredData.right_censored(lasted, unfinished)).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # undefined where S is 0 or 1
        interval = found.confidence_interval(method="log-log")
    return found.quantiles, found.probabilities, interval.low.probabilities, interval.high.probabilities


@settings(deadline=None)
@given(SAMPLES)
def test_curve_and_interval_are_those_of_scipy(sample: list[tuple[float, bool]]) -> None:
    found = kaplan_meier(*zip(*sample, strict=True))
    times, surviving, low, high = by_scipy(sample)
    inside = (surviving > 0) & (surviving < 1)
    np.testing.assert_array_equal(found.times, times)
    np.testing.assert_allclose(found.surviving, surviving, atol=1e-12, rtol=0)
    np.testing.assert_allclose(found.low[inside], low[inside], atol=1e-9, rtol=0)
    np.testing.assert_allclose(found.high[inside], high[inside], atol=1e-9, rtol=0)
    assert np.isnan(found.low[~inside]).all()
    assert np.isnan(found.high[~inside]).all()


@settings(deadline=None)
@given(SAMPLES)
def test_median_and_p90_are_the_first_times_at_which_so_few_are_left(sample: list[tuple[float, bool]]) -> None:
    found = kaplan_meier(*zip(*sample, strict=True))
    times, surviving, *_ = by_scipy(sample)
    for level, value in ((0.5, found.median), (0.1, found.p90)):
        below = times[surviving <= level + 1e-9]
        assert value == (below[0] if len(below) else None)
    assert quantile(found, 0.5) == found.median
    assert quantile(found, 0.9) == found.p90
    if found.median is not None and found.median_low is not None:
        assert found.median_low <= found.median
    if found.median_high is not None:
        assert found.median is not None
        assert found.median <= found.median_high


@settings(deadline=None, max_examples=50)
@given(SAMPLES, st.randoms(use_true_random=False))
def test_the_order_of_the_durations_does_not_matter(sample: list[tuple[float, bool]], random: object) -> None:
    found = kaplan_meier(*zip(*sample, strict=True))
    shuffled = list(sample)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = kaplan_meier(*zip(*shuffled, strict=True))
    np.testing.assert_array_equal(found.surviving, again.surviving)
    np.testing.assert_array_equal(found.low, again.low)
    assert (found.median, found.p90, found.n_open) == (again.median, again.p90, again.n_open)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
def test_when_everything_has_closed_the_area_is_the_mean(durations: list[float]) -> None:
    found = curve(*durations)
    area = restricted_mean(found, 2e6)
    assert area == pytest.approx(np.mean(durations), rel=1e-9, abs=1e-9)
    assert found.mean_closed == pytest.approx(np.mean(durations), rel=1e-9, abs=1e-9)


@settings(deadline=None, max_examples=50)
@given(SAMPLES, st.floats(0, 1))
def test_the_area_is_that_of_the_steps_added_up_one_by_one(sample: list[tuple[float, bool]], share: float) -> None:
    found = kaplan_meier(*zip(*sample, strict=True))
    assert found.last is not None
    until = share * found.last
    area, at, height = 0.0, 0.0, 1.0
    for time, surviving in zip(found.times, found.surviving, strict=True):
        area += (min(time, until) - at) * height if time > at and at < until else 0.0
        at, height = min(time, until), surviving
    assert restricted_mean(found, until) == pytest.approx(area, rel=1e-9, abs=1e-9)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
def test_what_never_closed_has_no_median(durations: list[float]) -> None:
    found = curve(still_open=tuple(durations))
    assert (found.median, found.p90, found.mean_closed, found.enough) == (None, None, None, False)
    assert (found.surviving == 1).all()
    assert found.last == max(durations)


def test_a_worked_example() -> None:
    found = curve(1, 2, 2, 4, still_open=(2, 3, 5))
    assert found.times.tolist() == [1, 2, 3, 4, 5]
    assert found.at_risk.tolist() == [7, 6, 3, 2, 1]
    assert found.closed.tolist() == [1, 2, 0, 1, 0]
    assert found.surviving.tolist() == pytest.approx([6 / 7, 4 / 7, 4 / 7, 2 / 7, 2 / 7])
    assert (found.median, found.p90, found.last, found.n_closed, found.n_open) == (4, None, 5, 4, 3)
    assert restricted_mean(found, 3) == pytest.approx(1 + 6 / 7 + 4 / 7)


def test_what_closed_counts_before_what_is_open_at_the_same_time() -> None:
    assert curve(5, still_open=(5,)).surviving.tolist() == [0.5]
    assert curve(5, still_open=(5,)).median == 5


def test_exactly_one_half_and_one_tenth_are_reached_whatever_the_product_is_rounded_to() -> None:
    for size in range(2, 200, 2):
        assert curve(*range(1, size + 1)).median == size / 2
    for size in range(10, 200, 10):
        assert curve(*range(1, size + 1)).p90 == size * 9 // 10


def test_the_interval_of_the_median_is_where_the_ends_of_s_pass_one_half() -> None:
    found = curve(*range(1, 21))
    low, high = found.times[found.low <= 0.5][0], found.times[found.high <= 0.5][0]
    assert (found.median_low, found.median_high) == (low, high)
    assert low < 10 < high


def test_an_interval_with_an_end_that_is_not_reached_has_none() -> None:
    found = curve(1, 2, 3, still_open=(3, 4, 4, 4))
    assert found.median_low is not None
    assert (found.median, found.median_high) == (None, None)


def test_one_that_closed_has_a_median_and_no_interval() -> None:
    found = curve(7)
    assert (found.median, found.median_low, found.median_high, found.p90, found.mean_closed) == (7, None, None, 7, 7)


def test_nothing_is_no_data() -> None:
    found = kaplan_meier([], [])
    assert (found.times.shape, found.n_closed, found.n_open, found.left_out) == ((0,), 0, 0, 0)
    assert (found.last, found.median, found.median_low, found.median_high, found.p90) == (None,) * 5
    assert (found.mean_closed, found.enough, restricted_mean(found, 5)) == (None, False, None)
    assert np.isnan(surviving_at(found, [0, 1])).all()


def test_durations_that_are_none_are_left_out_and_counted() -> None:
    found = kaplan_meier([math.nan, math.inf, -1, 3], [False, True, False, False])
    assert (found.left_out, found.n_closed, found.n_open, found.median) == (3, 1, 0, 3)
    nothing = kaplan_meier([math.nan] * 3, [False, True, False])
    assert (nothing.left_out, nothing.last, nothing.median) == (3, None, None)


@pytest.mark.parametrize(("closed", "enough"), [(9, False), (10, True)])
def test_ten_must_have_closed_for_a_headline(closed: int, enough: bool) -> None:  # noqa: FBT001
    assert curve(*range(closed), still_open=(1, 2, 3)).enough == enough
    assert kaplan_meier([1, 2], [False, True], rule=SurvivalRule(min_closed=1)).enough


def test_a_wider_interval_is_asked_for_by_its_quantile() -> None:
    usual = curve(*range(1, 21))
    wide = kaplan_meier(range(1, 21), [False] * 20, rule=SurvivalRule(z=2.5758293035489))
    assert (wide.low[:-1] < usual.low[:-1]).all()
    assert (wide.high[:-1] > usual.high[:-1]).all()


def test_s_is_one_before_the_first_step_and_unknown_after_the_last_while_some_are_open() -> None:
    found = curve(2, 4, still_open=(5,))
    value, low, high = surviving_at(found, [0, 1.9, 2, 3, 4, 5, 5.1, math.nan])
    np.testing.assert_allclose(value, [1, 1, 2 / 3, 2 / 3, 1 / 3, 1 / 3, np.nan, np.nan])
    assert np.isnan(low[[0, 1, 6, 7]]).all()
    assert (low[2:6] < value[2:6]).all()
    assert (value[2:6] < high[2:6]).all()
    assert surviving_at(curve(2, 4), 9.0)[0] == 0


def test_the_area_beyond_the_last_time_is_known_only_when_nothing_was_open_then() -> None:
    assert restricted_mean(curve(2, 4), 100) == 3
    assert restricted_mean(curve(2, still_open=(4,)), 4) == 3
    assert restricted_mean(curve(2, still_open=(4,)), 4.1) is None
    assert restricted_mean(curve(2, 4), 0) == 0


@pytest.mark.parametrize("until", [-1, math.nan, math.inf])
def test_an_area_up_to_no_time_is_refused(until: float) -> None:
    with pytest.raises(ValueError, match="no time"):
        restricted_mean(curve(1), until)


@pytest.mark.parametrize("share", [0, -0.1, 1.1, math.nan])
def test_a_quantile_of_no_share_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="no share"):
        quantile(curve(1), share)


def test_shapes_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="common shape"):
        kaplan_meier([1, 2], [False])
