"""The culprit range: what the formula says, what is shown, and where nothing is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.analysis.culprits import CulpritRule, counts, culprit, culprit_of_counts, culprits

if TYPE_CHECKING:
    from generator.analysis.culprits import Culprit

STABLE = 0.001


def find(text: str, flake_rate: float = STABLE, **more: Any) -> Culprit:
    """Return the culprit of outcomes written as P (pass), F (fail) and - (not tested)."""
    return culprit(["-PF".index(letter) - 1 for letter in text], flake_rate, **more)


def by_hand(passes: list[int], fails: list[int], rate: float, prior: list[float], error: float) -> list[float]:
    """Return the posterior of each commit, then of no culprit, term by term."""
    found = []
    for first in range(len(passes) + 1):
        value = prior[first] if first < len(passes) else 1.0
        for place, (passed, failed) in enumerate(zip(passes, fails, strict=True)):
            healthy = place < first
            value *= (rate if healthy else 1 - error) ** failed * (1 - rate if healthy else error) ** passed
        found.append(value)
    return [value / math.fsum(found) for value in found]


WINDOWS = st.integers(1, 9).flatmap(
    lambda size: st.tuples(
        st.lists(st.integers(0, 2), min_size=size, max_size=size),
        st.lists(st.integers(0, 2), min_size=size, max_size=size),
        st.lists(st.sampled_from([1.0, 2.0, 5.0, 0.0]), min_size=size, max_size=size),
    )
)


@settings(deadline=None)
@given(WINDOWS, st.floats(0.001, 0.9), st.floats(0.001, 0.2))
def test_the_posterior_is_that_of_the_products_written_out(
    window: tuple[list[int], list[int], list[float]], rate: float, error: float
) -> None:
    passes, fails, prior = window
    found = culprit_of_counts(passes, fails, rate, prior=prior, rule=CulpritRule(error=error))
    expected = by_hand(passes, fails, rate, prior, error)
    assert [*found.posterior, found.no_culprit] == pytest.approx(expected, abs=1e-12)


@settings(deadline=None)
@given(WINDOWS, st.floats(0.001, 0.9))
def test_the_set_is_the_smallest_that_holds_nine_tenths_of_what_the_commits_have(
    window: tuple[list[int], list[int], list[float]], rate: float
) -> None:
    passes, fails, prior = window
    found = culprit_of_counts(passes, fails, rate, prior=prior)
    together = float(found.posterior.sum())
    held = sorted((float(value) for value in found.posterior), reverse=True)
    size = len(found.likely)
    if not any(prior):
        assert (found.likely, found.first, found.last, found.no_culprit) == ((), -1, -1, 1.0)
        return
    assert float(found.posterior[list(found.likely)].sum()) >= (0.9 - 1e-9) * together
    assert sum(held[: size - 1]) < (0.9 + 1e-9) * together
    assert (found.first, found.last) == (min(found.likely), max(found.likely))
    assert [float(found.posterior[place]) for place in found.likely] == pytest.approx(held[:size])


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.lists(st.sampled_from([-1, 0, 1]), min_size=6, max_size=6), min_size=1, max_size=5),
    st.randoms(use_true_random=False),
)
def test_many_tests_at_once_are_what_each_of_them_is_alone_in_any_order(rows: list[list[int]], random: Any) -> None:
    random.shuffle(rows)
    rates = [0.0, 0.05, 0.3, 0.001, 0.9][: len(rows)]
    together = culprits(*counts(np.array(rows).T), rates)
    for column, (row, rate) in enumerate(zip(rows, rates, strict=True)):
        alone = culprit(row, rate)
        assert together.posterior[:, column] == pytest.approx(alone.posterior, abs=1e-12)
        assert together.no_culprit[column] == pytest.approx(alone.no_culprit, abs=1e-12)
        assert tuple(together.order[: together.size[column], column]) == alone.likely
        assert tuple(np.flatnonzero(together.members[:, column])) == tuple(sorted(alone.likely))
        assert (together.first[column], together.last[column]) == (alone.first, alone.last)
        assert (together.enough[column], together.suppressed[column]) == (alone.enough, alone.suppressed)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 20), st.sampled_from("PF"), st.floats(0, 0.5))
def test_a_test_that_always_ended_alike_is_never_given_a_culprit(runs: int, letter: str, rate: float) -> None:
    assert find(letter * runs, rate).suppressed


def test_between_a_pass_and_a_failure_the_commits_that_were_not_tested_are_equal_and_the_earlier_comes_first() -> None:
    found = find("PPP--FFF")
    assert found.likely == found.top == (3, 4, 5)
    assert found.posterior[3] == found.posterior[4] == found.posterior[5]
    assert (found.first, found.last, found.enough, found.suppressed) == (3, 5, True, False)


def test_of_ten_equal_commits_nine_hold_nine_tenths() -> None:
    found = find("PPP---------FFF", prior=[0] * 3 + [1] * 10 + [0] * 2)
    assert found.likely == tuple(range(3, 12))


def test_a_lucky_pass_after_the_break_does_not_move_it() -> None:
    found = find("PPPPPFFPFF")
    assert found.likely[0] == 5
    assert not found.suppressed


def test_a_flaky_tests_single_failure_has_no_culprit() -> None:
    found = find("PPPPFPPP", 0.2)
    assert found.no_culprit > 0.9
    assert found.suppressed


def test_what_nothing_was_seen_before_of_is_not_shown() -> None:
    found = find("--FFFF")
    assert (found.likely, found.enough, found.suppressed) == ((0, 1, 2), False, True)


def test_a_weight_makes_one_of_equal_commits_the_first() -> None:
    found = find("PP---FF", prior=[1, 1, 1, 1, 3, 1, 1])
    assert found.top == (4, 2, 3)
    assert found.posterior[4] == pytest.approx(3 * found.posterior[2])


def test_a_weight_of_nothing_rules_a_commit_out() -> None:
    assert find("PP-FF", prior=[1, 1, 0, 1, 1]).top[0] == 3
    assert find("PPF", prior=[0, 0, 1]).top == (2,)


def test_a_pass_of_the_most_probable_commit_itself_is_not_one_before_it() -> None:
    own = culprit_of_counts([1, 0], [1, 1], STABLE, prior=[1, 0])
    assert (own.likely, own.enough) == ((0,), False)
    assert culprit_of_counts([1, 1], [0, 2], STABLE, prior=[0, 1]).enough


def test_two_failures_of_one_commit_weigh_more_than_one() -> None:
    once = culprit_of_counts([1, 0], [0, 1], 0.3)
    twice = culprit_of_counts([1, 0], [0, 2], 0.3)
    assert twice.posterior[1] > once.posterior[1]
    assert twice.posterior[1] / twice.no_culprit == pytest.approx((0.99 / 0.3) ** 2)


@pytest.mark.parametrize(("weight", "suppressed"), [(0.302, True), (0.304, False)])
def test_nothing_is_shown_when_no_culprit_is_more_probable_than_one(
    weight: float,
    suppressed: bool,  # noqa: FBT001
) -> None:
    # The second commit has .99 times its weight, "none" .3: even at a weight of .30303.
    found = find("PF", 0.3, prior=[0, weight])
    assert found.enough
    assert (found.suppressed, found.no_culprit > 0.5) == (suppressed, suppressed)
    exactly = CulpritRule(max_no_culprit=found.no_culprit)
    assert not find("PF", 0.3, prior=[0, weight], rule=exactly).suppressed


@pytest.mark.parametrize(("before", "after", "enough"), [(2, 3, True), (3, 3, False), (2, 4, False)])
def test_how_much_must_be_seen_before_and_after_can_be_set(
    before: int,
    after: int,
    enough: bool,  # noqa: FBT001
) -> None:
    assert find("PPFFF", rule=CulpritRule(min_before=before, min_after=after)).enough == enough


def test_a_rate_below_the_floor_is_the_floor_and_a_rate_of_one_is_not_certain() -> None:
    assert find("PPFF", 0.0).no_culprit == find("PPFF", STABLE).no_culprit > 0
    assert find("PPFF", 1.0).no_culprit == find("PPFF", 0.999).no_culprit < 1


def test_thousands_of_outcomes_stay_finite() -> None:
    found = culprit_of_counts([10**6] * 50 + [0] * 50, [0] * 50 + [10**6] * 50, 0.0)
    assert found.likely == (50,)
    assert found.posterior[50] == 1.0
    assert found.no_culprit == 0.0


def test_without_a_commit_there_is_none() -> None:
    found = culprit([], STABLE)
    assert (found.posterior.shape, found.likely, found.top, found.first, found.last) == ((0,), (), (), -1, -1)
    assert (found.no_culprit, found.enough, found.suppressed) == (1.0, False, True)


def test_without_a_test_nothing_is_returned() -> None:
    found = culprits(np.zeros((4, 0)), np.zeros((4, 0)), [])
    assert (found.posterior.shape, found.size.shape, found.suppressed.shape) == ((4, 0), (0,), (0,))


@pytest.mark.parametrize(
    ("outcomes", "rate", "prior"),
    [
        ([0, 2], 0.1, None),
        ([0, -2], 0.1, None),
        ([0, 1], math.nan, None),
        ([0, 1], 0.1, [1.0]),
        ([0, 1], 0.1, [1.0, -1.0]),
        ([0, 1], 0.1, [1.0, math.inf]),
        ([0, 1], 0.1, [1.0, math.nan]),
    ],
)
def test_what_is_no_outcome_rate_or_weight_is_refused(outcomes: list[int], rate: float, prior: Any) -> None:
    with pytest.raises(ValueError, match=r"outcome|rates|weight"):
        culprit(outcomes, rate, prior=prior)


def test_counts_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="common shape"):
        culprit_of_counts([1, 0], [1], STABLE)
    with pytest.raises(ValueError, match="never negative"):
        culprit_of_counts([1, -1], [1, 0], STABLE)
    with pytest.raises(ValueError, match="2 tests"):
        culprits(np.zeros((3, 2)), np.zeros((3, 2)), [0.1, 0.1, 0.1])
