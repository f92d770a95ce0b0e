"""Rates, intervals and tests of rates: check values, edges, and the same numbers as scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from generator.analysis.rates import false_discovery, fisher_right, jeffreys_interval, jeffreys_rate, wilson

PAIRS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
TABLES = st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
P_VALUES = st.lists(st.floats(0, 1) | st.sampled_from([0.0, 0.01, 0.05, 1.0]), max_size=30)


@pytest.mark.parametrize(
    ("k", "n", "low", "high", "tolerance"),
    [
        (0, 5, 0, 0.43, 0.005),
        (0, 20, 0, 0.16, 0.005),
        (0, 100, 0, 0.037, 0.0005),
        (1, 20, 0.009, 0.236, 0.0005),
        (3, 20, 0.05, 0.36, 0.005),
        (8, 10, 0.49, 0.94, 0.005),
        (20, 20, 0.84, 1, 0.005),
    ],
)
def test_the_wilson_interval_has_its_check_values(k: int, n: int, low: float, high: float, tolerance: float) -> None:
    found = wilson(k, n)
    assert_allclose([found.low, found.high], [low, high], rtol=0, atol=tolerance)


@settings(deadline=None)
@given(PAIRS)
def test_the_wilson_interval_is_that_of_scipy(pair: tuple[int, int]) -> None:
    found, wanted = wilson(*pair), stats.binomtest(*pair).proportion_ci(method="wilson")
    assert_allclose([found.low, found.high], [wanted.low, wanted.high], rtol=0, atol=1e-12)


@settings(deadline=None)
@given(PAIRS)
def test_the_jeffreys_interval_is_that_of_scipy_and_holds_its_rate(pair: tuple[int, int]) -> None:
    k, n = pair
    found, rate = jeffreys_interval(k, n), jeffreys_rate(k, n)
    assert_allclose([found.low, found.high], stats.beta.ppf([0.025, 0.975], k + 0.5, n - k + 0.5), rtol=1e-9)
    assert rate == (k + 0.5) / (n + 1)
    assert found.low < rate < found.high


def test_without_a_trial_there_is_no_rate_and_no_interval() -> None:
    for interval in (wilson([0, 1], [0, 2]), jeffreys_interval([0, 1], [0, 2])):
        assert_array_equal(np.isnan([interval.low, interval.high]), [[True, False], [True, False]])
    assert_array_equal(np.isnan(jeffreys_rate([0, 1], [0, 2])), [True, False])


def test_the_ends_of_the_wilson_interval_are_exact_where_all_or_none_hit() -> None:
    n = np.arange(1, 300)
    assert not wilson(0, n).low.any()
    assert (wilson(n, n).high == 1).all()


def test_no_counts_give_no_numbers() -> None:
    assert wilson([], []).low.shape == wilson([], []).high.shape == (0,)
    assert jeffreys_interval([], []).low.shape == jeffreys_rate([], []).shape == (0,)
    assert fisher_right([], [], [], []).shape == false_discovery([]).shape == (0,)


@pytest.mark.parametrize(("k", "n"), [(-1, 3), (4, 3), (np.nan, 3), (1, np.nan), (1, np.inf)])
def test_impossible_counts_are_refused(k: float, n: float) -> None:
    for rate in (wilson, jeffreys_rate, jeffreys_interval):
        with pytest.raises(ValueError, match="0 <= k <= n"):
            rate([1, k], [2, n])
    for table in ((k, n, 1, 2), (1, 2, k, n)):
        with pytest.raises(ValueError, match="0 <= failures <= runs"):
            fisher_right(*table)


@pytest.mark.parametrize("table", [(0.5, 2, 1, 2), (1, 2.5, 1, 2), (1, 2, 0.5, 2), (1, 2, 1, 2.5)])
def test_half_a_failure_is_refused(table: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="whole counts"):
        fisher_right(*table)


@settings(deadline=None)
@given(TABLES, TABLES)
def test_fisher_is_the_tail_of_the_hypergeometric_distribution(base: tuple[int, int], head: tuple[int, int]) -> None:
    (f1, n1), (f2, n2) = base, head
    wanted = stats.hypergeom.sf(f2 - 1, n1 + n2, f1 + f2, n2) if n1 + n2 else 1.0
    assert_allclose(fisher_right(f1, n1, f2, n2), wanted, rtol=1e-12)


@settings(deadline=None)
@given(TABLES, TABLES)
def test_the_two_tails_of_fisher_share_exactly_one_place(base: tuple[int, int], head: tuple[int, int]) -> None:
    (f1, n1), (f2, n2) = base, head
    here = stats.hypergeom.pmf(f2, n1 + n2, f1 + f2, n2) if n1 + n2 else 1.0
    assert_allclose(fisher_right(f1, n1, f2, n2) + fisher_right(f2, n2, f1, n1), 1 + here, rtol=1e-12)


def test_fisher_broadcasts_and_keeps_the_shape() -> None:
    found = fisher_right(0, 50, [[1], [2]], [3, 5, 10])
    assert found.shape == (2, 3)
    assert found[1, 2] == fisher_right(0, 50, 2, 10)


def test_fisher_neither_overflows_nor_loses_the_smallest_p() -> None:
    tables = np.array([[0, 20_000, 20_000, 20_000], [20_000, 20_000, 0, 20_000], [5_000, 100_000, 9_000, 100_000]])
    beyond, certain, tiny = fisher_right(*tables.T)
    assert beyond == 0
    assert certain == 1
    assert_allclose(tiny, stats.hypergeom.sf(8_999, 200_000, 14_000, 100_000), rtol=1e-9)


@pytest.mark.parametrize(
    ("level", "fewest"),
    [
        (0.05, {1: 1, 2: 1, 3: 2, 5: 2, 10: 2, 20: 3, 28: 3}),
        (0.01, {1: None, 2: 2, 3: 2, 5: 2, 10: 3, 20: 4, 28: 5}),
    ],
)
def test_the_fewest_failures_against_a_clean_base_are_those_we_tell(level: float, fewest: dict[int, int]) -> None:
    for runs, wanted in fewest.items():
        enough = np.flatnonzero(fisher_right(0, 50, np.arange(runs + 1), runs) < level)
        assert next(iter(enough.tolist()), None) == wanted


@settings(deadline=None)
@given(P_VALUES)
def test_q_values_are_those_of_scipy(p: list[float]) -> None:
    assert_allclose(false_discovery(p), stats.false_discovery_control(p) if p else [], rtol=1e-12)


@settings(deadline=None, max_examples=50)
@given(P_VALUES, st.randoms(use_true_random=False))
def test_the_order_of_tests_does_not_change_their_q_values(p: list[float], chance: object) -> None:
    order = list(range(len(p)))
    chance.shuffle(order)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    values = np.array(p, dtype=np.float64)
    assert_array_equal(false_discovery(values[order]), false_discovery(values)[order])


@pytest.mark.parametrize("p", [[0.5, np.nan], [-0.1], [1.1], 0.5, [[0.5]]])
def test_what_is_no_list_of_p_values_is_refused(p: object) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        false_discovery(p)  # type: ignore[arg-type]
