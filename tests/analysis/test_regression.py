"""The rule for regressions at its edges, and the walk over window ends against a plain one."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from generator.analysis.rates import false_discovery, fisher_right
from generator.analysis.regression import (
    NEVER,
    Lack,
    RegressionRule,
    Verdict,
    base_window,
    counts,
    first_detected,
    judge,
    look_back,
    sample_window,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from generator.analysis.regression import Judgement

RULE = RegressionRule()
LENIENT = replace(RULE, fdr=1.0)
"""Every candidate is significant: what is left of the rule is the size of the effect."""

WINDOW = st.integers(0, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
ROWS = st.lists(st.tuples(WINDOW, WINDOW), max_size=20)


def one(f1: int, n1: int, f2: int, n2: int, rule: RegressionRule = RULE) -> tuple[Verdict, Lack]:
    """Return the verdict on a test that is alone in its report."""
    found = judge([f1], [n1], [f2], [n2], rule)
    return Verdict(found.verdict[0]), Lack(found.lack[0])


def judged(rows: list[tuple[tuple[int, int], tuple[int, int]]], rule: RegressionRule = RULE) -> Judgement:
    table = np.array([[*base, *head] for base, head in rows], dtype=np.int64).reshape(len(rows), 4)
    f1, n1, f2, n2 = table.T
    return judge(f1, n1, f2, n2, rule)


def same(left: Judgement, right: Judgement, order: list[int]) -> None:
    for field in fields(left):
        assert_array_equal(getattr(left, field.name)[order], getattr(right, field.name), err_msg=field.name)


@pytest.mark.parametrize(
    ("table", "verdict", "lack"),
    [
        ((0, 10, 3, 3), Verdict.EXTREME_REGRESSION, Lack.NOTHING),
        ((0, 9, 3, 3), Verdict.NOT_ENOUGH_DATA, Lack.BASE_RUNS),
        ((0, 10, 2, 2), Verdict.NOT_ENOUGH_DATA, Lack.SAMPLE_RUNS | Lack.FAILURES),
        ((1, 10, 2, 2), Verdict.NOT_ENOUGH_DATA, Lack.SAMPLE_RUNS),
        ((1, 9, 2, 2), Verdict.NOT_ENOUGH_DATA, Lack.BASE_RUNS | Lack.SAMPLE_RUNS),
        ((0, 100, 2, 3), Verdict.NOT_ENOUGH_DATA, Lack.FAILURES),
        ((1, 100, 2, 3), Verdict.EXTREME_REGRESSION, Lack.NOTHING),
        ((0, 10, 0, 3), Verdict.UNCHANGED, Lack.NOTHING),
        ((0, 10, 1, 3), Verdict.NOT_ENOUGH_DATA, Lack.FAILURES),
        ((10, 10, 3, 3), Verdict.UNCHANGED, Lack.NOTHING),
        ((5, 100, 0, 0), Verdict.NOT_ENOUGH_DATA, Lack.SAMPLE_RUNS),
        ((0, 0, 0, 0), Verdict.NOT_ENOUGH_DATA, Lack.BASE_RUNS | Lack.SAMPLE_RUNS),
        ((60, 100, 0, 20), Verdict.IMPROVEMENT, Lack.NOTHING),
        ((0, 400, 10, 100), Verdict.REGRESSION, Lack.NOTHING),
    ],
)
def test_a_verdict_needs_enough_runs_and_failures(
    table: tuple[int, int, int, int], verdict: Verdict, lack: Lack
) -> None:
    assert one(*table) == (verdict, lack)


@pytest.mark.parametrize(
    ("table", "verdict"),
    [
        ((100, 1000, 150, 1000), Verdict.UNCHANGED),  # 0.15 - 0.1 is exactly 0.05, though not in floats
        ((100, 1000, 151, 1000), Verdict.REGRESSION),
        ((100, 1000, 250, 1000), Verdict.REGRESSION),  # exactly 0.15 more
        ((100, 1000, 251, 1000), Verdict.EXTREME_REGRESSION),
        ((150, 1000, 100, 1000), Verdict.UNCHANGED),
        ((151, 1000, 100, 1000), Verdict.IMPROVEMENT),
    ],
)
def test_a_drop_must_be_larger_than_the_threshold_in_whole_numbers(
    table: tuple[int, int, int, int], verdict: Verdict
) -> None:
    assert one(*table)[0] is verdict


@pytest.mark.parametrize(
    ("table", "verdict"),
    [
        ((2, 400, 1, 3), Verdict.UNCHANGED),
        ((2, 400, 2, 3), Verdict.EXTREME_REGRESSION),
        ((1, 3, 2, 400), Verdict.NOT_ENOUGH_DATA),
        ((1, 10, 2, 400), Verdict.UNCHANGED),
        ((2, 10, 2, 400), Verdict.IMPROVEMENT),
    ],
)
def test_one_failure_is_neither_a_regression_nor_was_it_worth_improving(
    table: tuple[int, int, int, int], verdict: Verdict
) -> None:
    assert one(*table, LENIENT)[0] is verdict


@pytest.mark.parametrize(
    ("failures", "runs", "verdict", "extreme", "lack"),
    [
        (5, 5, Verdict.NOT_ENOUGH_DATA, False, Lack.BASE_RUNS | Lack.SAMPLE_RUNS),
        (6, 6, Verdict.NEW_TEST_FAILING, True, Lack.NOTHING),
        (0, 6, Verdict.NOT_ENOUGH_DATA, False, Lack.BASE_RUNS),
        (1, 20, Verdict.NOT_ENOUGH_DATA, False, Lack.BASE_RUNS),  # passes 95 %
        (1, 19, Verdict.NEW_TEST_FAILING, False, Lack.NOTHING),
        (2, 20, Verdict.NEW_TEST_FAILING, False, Lack.NOTHING),  # passes 90 %
        (2, 19, Verdict.NEW_TEST_FAILING, True, Lack.NOTHING),
    ],
)
def test_a_new_test_is_judged_by_its_pass_rate(
    failures: int, runs: int, verdict: Verdict, *, extreme: bool, lack: Lack
) -> None:
    assert one(0, 0, failures, runs) == (verdict, lack)
    found = judge([0], [0], [failures], [runs], RULE)
    assert (found.new_test_failing[0], found.new_test_extreme[0]) == (verdict is Verdict.NEW_TEST_FAILING, extreme)
    assert np.isnan(found.drop[0])


def test_a_test_with_one_base_run_is_not_new() -> None:
    assert one(0, 1, 6, 6) == (Verdict.NOT_ENOUGH_DATA, Lack.BASE_RUNS)


def test_p_and_q_are_those_of_the_candidates_and_of_no_other() -> None:
    found = judge([0, 0, 3, 0], [50, 50, 50, 9], [4, 0, 1, 9], [10, 10, 10, 9], RULE)
    assert_array_equal(found.candidate, [True, False, True, False])
    wanted = fisher_right([0, 3], 50, [4, 1], 10)
    assert_array_equal(found.p, [wanted[0], np.nan, wanted[1], np.nan])
    assert_array_equal(found.q[[0, 2]], false_discovery(wanted))
    assert_array_equal(np.isnan(found.improvement_q), ~found.candidate)


def test_the_same_failures_weigh_less_in_a_larger_family() -> None:
    table = ((0, 50), (3, 15))
    alone, crowd = judged([table]), judged([table, *[((5, 50), (1, 15))] * 50])
    assert alone.p[0] == crowd.p[0]
    assert (alone.regression[0], crowd.regression[0]) == (True, False)


def test_no_tests_give_no_verdicts() -> None:
    found = judge([], [], [], [], RULE)
    assert all(getattr(found, field.name).shape == (0,) for field in fields(found))
    nothing = np.zeros((5, 0), dtype=np.int8)
    assert first_detected(nothing, nothing, np.arange(5), base=(0, 1), ends=[4], rule=RULE).shape == (0,)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (([1], [1, 2], [1], [1]), "one length"),
        ((1, 2, 1, 2), "lists"),
        (([0.5], [1], [0], [1]), "whole"),
        (([1], [float("inf")], [0], [1]), "whole"),
        (([2], [1], [0], [1]), "0 <= failures <= runs"),
        (([0], [1], [-1], [1]), "0 <= failures <= runs"),
    ],
)
def test_impossible_counts_are_refused(table: tuple[list[float], ...], message: str) -> None:
    f1, n1, f2, n2 = table
    with pytest.raises(ValueError, match=message):
        judge(f1, n1, f2, n2, RULE)


def test_unknown_counts_are_refused() -> None:
    nothing = [float("nan")] * 3
    with pytest.raises(ValueError, match="whole"):
        judge(nothing, nothing, nothing, nothing, RULE)


@pytest.mark.parametrize("name", ["min_base_runs", "min_sample_runs", "new_test_runs", "looks"])
def test_a_rule_that_judges_without_a_run_is_refused(name: str) -> None:
    smallest: dict[str, Any] = {name: 1}
    assert getattr(replace(RULE, **smallest), name) == 1
    with pytest.raises(ValueError, match="at least 1"):
        replace(RULE, **smallest | {name: 0})


@pytest.mark.parametrize(
    "name", ["min_drop", "extreme_drop", "fdr", "new_test_pass_rate", "new_test_extreme_pass_rate"]
)
@pytest.mark.parametrize("share", [-0.01, 1.01, float("nan")])
def test_a_rule_with_a_share_that_is_none_is_refused(name: str, share: float) -> None:
    wrong: dict[str, Any] = {name: share}
    with pytest.raises(ValueError, match="from 0 to 1"):
        replace(RULE, **wrong)


@settings(deadline=None, max_examples=60)
@given(ROWS, st.data())
def test_the_order_of_tests_changes_nothing_but_the_order(
    rows: list[tuple[tuple[int, int], tuple[int, int]]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(rows))))
    same(judged(rows), judged([rows[place] for place in order]), order)


@settings(deadline=None, max_examples=60)
@given(rows=ROWS, n1=st.integers(0, 40), n2=st.integers(0, 40), failing=st.booleans())
def test_a_test_that_always_had_one_status_neither_regressed_nor_improved(
    rows: list[tuple[tuple[int, int], tuple[int, int]]], n1: int, n2: int, *, failing: bool
) -> None:
    steady = ((n1 * failing, n1), (n2 * failing, n2))
    found = judged([*rows, steady], LENIENT)
    assert not found.regression[-1]
    assert not found.improvement[-1]


@settings(deadline=None, max_examples=60)
@given(ROWS)
def test_every_test_has_one_verdict_and_a_reason_exactly_where_it_has_none(
    rows: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    found = judged(rows)
    assert_array_equal(found.lack > 0, found.verdict == Verdict.NOT_ENOUGH_DATA)
    assert_array_equal(found.improvement, found.verdict == Verdict.IMPROVEMENT)
    assert_array_equal(found.extreme, found.verdict == Verdict.EXTREME_REGRESSION)
    assert_array_equal(found.regression & ~found.extreme, found.verdict == Verdict.REGRESSION)
    assert_array_equal(found.new_test_failing, found.verdict == Verdict.NEW_TEST_FAILING)
    assert not (found.new_test_extreme & ~found.new_test_failing).any()


def test_the_base_ends_at_the_release_or_else_well_before_the_sample() -> None:
    assert base_window(100, RULE, release=90) == (60, 90)
    assert base_window(100, RULE) == (56, 86)
    with pytest.raises(ValueError, match="before the end"):
        base_window(100, RULE, release=100)


def test_the_sample_has_no_commit_of_the_base() -> None:
    assert sample_window(100, (60, 90), RULE) == (93, 100)
    assert sample_window(100, (60, 98), RULE) == (98, 100)


def test_a_window_begins_after_its_beginning_and_holds_its_end() -> None:
    fails = np.array([[1, 0], [1, 1], [0, 1], [1, 1]], dtype=np.int8)
    runs = np.ones_like(fails)
    failed, ran = counts(fails, runs, [1, 2, 3, float("nan")], (1, 3))
    assert_array_equal(failed, [1, 2])
    assert_array_equal(ran, [2, 2])
    assert_array_equal(counts(fails, runs, [1, 2, 3, 4], (4, 4)), np.zeros((2, 2)))


# One commit a day: forty days of base, then what the test says.


def days(*columns: str) -> tuple[NDArray[np.int8], NDArray[np.int8], NDArray[np.float64]]:
    """Return forty good commits, then one for each letter: `x` failed, `.` passed, `-` did not run."""
    letters = np.array([list("." * 40 + column) for column in columns]).T
    return (letters == "x").astype(np.int8), (letters != "-").astype(np.int8), np.arange(1.0, len(letters) + 1)


def since(*columns: str, rule: RegressionRule = RULE) -> list[int]:
    """Return the number of letters that had to be seen before a regression was found for good, `NEVER` if it is not."""
    ends = np.arange(41, 41 + len(columns[0]))
    found = first_detected(*days(*columns), base=(0, 40), ends=ends, rule=rule)
    return [number + 1 if number != NEVER else NEVER for number in found.tolist()]


def test_a_regression_is_first_found_at_the_earliest_end_of_its_streak() -> None:
    assert since(".......xxxxx") == [10]
    assert since("............") == [NEVER]


def test_a_regression_is_closed_after_one_clean_window() -> None:
    assert since("xxxx" + "." * 7) == [NEVER]
    assert since("xxxx" + "." * 7 + "xxxx") == [14]


def test_a_window_without_enough_runs_does_not_close_a_regression() -> None:
    assert since("xxxx-----xxxx") == [3]
    assert since("xxxx.....-----xxxx") == [17]


def test_a_test_that_no_longer_runs_is_no_regression() -> None:
    assert since("xxxx-------") == [NEVER]


def test_only_the_last_looks_are_looked_at_and_numbered_as_given() -> None:
    assert since("x" * 20, rule=replace(RULE, looks=10)) == [11]
    assert since("x" * 20, rule=replace(RULE, looks=1)) == [20]


def test_ends_before_the_end_of_the_base_have_no_sample() -> None:
    ends = [3, 20, 40, 41, 47]
    found = look_back(*days("xxxxxxx"), base=(0, 40), ends=ends, rule=RULE)
    assert_array_equal(found.sampled[:, 0], [False, False, False, False, True])
    assert_array_equal(found.regression[:, 0], [False, False, False, False, True])


def test_commits_without_a_time_find_nothing() -> None:
    fails, runs, times = days("xxxxxxx")
    found = first_detected(fails, runs, np.full_like(times, np.nan), base=(0, 40), ends=[46, 47], rule=RULE)
    assert_array_equal(found, [NEVER])


def test_without_a_window_end_nothing_is_found() -> None:
    assert_array_equal(first_detected(*days("xxx", "..."), base=(0, 40), ends=[], rule=RULE), [NEVER, NEVER])


def test_one_row_is_enough_to_be_told_that_nothing_is_known() -> None:
    assert_array_equal(first_detected([[1]], [[1]], [1.0], base=(0, 1), ends=[2.0], rule=RULE), [NEVER])


@pytest.mark.parametrize("ends", [[2, 1], [1, float("nan"), 2], [[1, 2]], 1])
def test_window_ends_out_of_order_are_refused(ends: list[float]) -> None:
    with pytest.raises(ValueError, match="ascending"):
        first_detected(*days("xxx"), base=(0, 40), ends=ends, rule=RULE)


@pytest.mark.parametrize(("rows", "columns", "moments"), [(3, 2, 3), (2, 2, 3), (3, 3, 2)])
def test_a_history_that_does_not_fit_together_is_refused(rows: int, columns: int, moments: int) -> None:
    fails, runs = np.zeros((rows, columns)), np.zeros((3, 3))
    with pytest.raises(ValueError, match="same commits and tests"):
        look_back(fails, runs, np.arange(moments), base=(0, 1), ends=[2], rule=RULE)


HISTORIES = st.lists(st.text("..xx-", min_size=14, max_size=14), min_size=1, max_size=5)


@settings(deadline=None, max_examples=60)
@given(HISTORIES)
def test_the_walk_over_window_ends_is_a_plain_one(columns: list[str]) -> None:
    fails, runs, times = days(*columns)
    base, ends = (0.0, 40.0), np.arange(41.0, 55.0)
    wanted = np.full(len(columns), NEVER)
    for number, end in enumerate(ends.tolist()):
        window = sample_window(end, base, RULE)
        f2, n2 = counts(fails, runs, times, window)
        now = judge(*counts(fails, runs, times, base), f2, n2, RULE).regression
        wanted[now & (wanted == NEVER)] = number
        wanted[~now & ((n2 >= RULE.min_sample_runs) | (number == len(ends) - 1))] = NEVER
    assert_array_equal(first_detected(fails, runs, times, base=base, ends=ends, rule=RULE), wanted)


@settings(deadline=None, max_examples=40)
@given(HISTORIES, st.data())
def test_the_order_of_commits_and_tests_changes_nothing_but_the_order(columns: list[str], data: st.DataObject) -> None:
    fails, runs, times = days(*columns)
    rows = data.draw(st.permutations(range(len(times))))
    tests = data.draw(st.permutations(range(len(columns))))
    mixed = (fails[rows][:, tests], runs[rows][:, tests], times[rows])
    ends = np.arange(41.0, 55.0)
    found = first_detected(fails, runs, times, base=(0, 40), ends=ends, rule=RULE)
    assert_array_equal(first_detected(*mixed, base=(0, 40), ends=ends, rule=RULE), found[tests])


@settings(deadline=None, max_examples=40)
@given(st.text(".-", min_size=7, max_size=14), st.text("xxx.-", min_size=3, max_size=20))
def test_a_regression_that_is_still_open_keeps_the_end_it_was_first_found_at(before: str, after: str) -> None:
    earlier, later = since(before + after)[0], since(before + after + "x")[0]
    assert later == earlier or NEVER in (earlier, later)
