"""Labels of flaky tests: each rule at its edge, and what must hold for any history."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.stats import beta

from generator.analysis.flake_labels import (
    HEALTHY,
    LABELS,
    FlakeLabels,
    FlakyRule,
    infrastructure_runs,
    label_flakes,
    ranking,
    trusted_runs,
)

if TYPE_CHECKING:
    from random import Random

Counts = NDArray[np.integer[Any]]

LETTERS = {
    ".": (1, 0, 1),  # passed
    "F": (0, 1, 2),  # failed
    "x": (1, 1, 2),  # failed, then passed on the same commit
    "y": (1, 1, 1),  # passed, then failed in another run of the commit
    "u": (0, 0, 2),  # failed in a run that is not trusted
    "-": (0, 0, 0),  # not executed
}
"""Passes, fails and first attempt of one commit."""


def label(*stories: str, days: list[float] | None = None, rule: FlakyRule | None = None) -> FlakeLabels:
    """Label tests told in letters, a commit each, oldest first, a day apart unless told, now one day after the last."""
    told = np.array([[LETTERS[letter] for letter in story] for story in stories], dtype=np.int64)
    cube = told.reshape(len(stories), -1, 3).transpose(2, 1, 0)
    times = np.arange(cube.shape[1], dtype=np.float64) if days is None else np.array(days)
    return label_flakes(cube[0], cube[1], cube[2], times, float(cube.shape[1]), rule or FlakyRule())


@pytest.mark.parametrize(
    ("story", "word"),
    [
        ("", "healthy"),
        (".", "healthy"),
        ("-" * 12, "healthy"),
        ("." * 60, "healthy"),
        ("..FF", "healthy"),
        (".FFF", "broken"),
        ("FFF", "broken"),
        (".F-F-F-", "broken"),
        (".FuF", "broken"),
        ("uuu", "broken"),
        (".FxF", "flaky"),
        ("FFFx", "flaky"),
        ("xFFF", "broken"),
        ("y" + "." * 4, "flaky"),
        ("x", "flaky"),
        (".F......F.", "suspected"),
        (".F.....F.", "healthy"),  # nine first attempts are too few
        (".F..-...-F.-", "healthy"),  # the same with gaps
        (".F-......F.", "suspected"),
        (".FF.....FF.", "healthy"),  # two breakages, not excursions
        ("F.......F.", "healthy"),  # nobody saw what was before the first
        (".F.......F", "healthy"),  # nobody knows what comes after the last
        (".F......F.x", "flaky"),
        (".F.F...FFF", "broken"),
    ],
)
def test_the_first_rule_that_matches_gives_the_label(story: str, word: str) -> None:
    assert label(story).words.tolist() == [word]


def test_labels_are_codes_in_the_order_of_the_rules() -> None:
    found = label("....F.F.FFF", ".........x.", ".F......F..", "...........")
    assert found.label.tolist() == [0, 1, 2, 3]
    assert found.words.tolist() == list(LABELS)


def test_streaks_flips_and_excursions_pass_over_commits_without_the_test() -> None:
    found = label(".-F-.F--", "F-.-..--", "--------")
    assert found.executed.tolist() == [4, 4, 0]
    assert found.flips.tolist() == [3, 1, 0]
    assert found.excursions.tolist() == [1, 0, 0]
    assert found.failing_streak.tolist() == [1, 0, 0]
    assert found.clean_streak.tolist() == [0, 3, 0]
    assert found.commits.tolist() == [4, 4, 0]


def test_a_flip_rate_needs_ten_first_attempts() -> None:
    few, enough = label(".F.F.F.F."), label(".F.F.F.F.F")
    assert np.isnan(few.flip_rate).all()
    assert enough.flip_rate.tolist() == [1.0]


def test_a_failure_that_is_not_trusted_is_no_trial_and_no_flake_but_no_clean_commit_either() -> None:
    found = label("..u..")
    assert (found.flake_commits.item(), found.commits.item(), found.clean_streak.item()) == (0, 4, 2)


@pytest.mark.parametrize(
    ("story", "days", "recovered"),
    [
        ("x.....", [0, 1, 2, 3, 4, 5], False),  # now is day 6
        ("x......", [0, 1, 2, 3, 4, 5, 6], True),  # day 7 exactly
        ("x....", [-20, -19, -18, -17, -16], False),  # four clean commits
        ("x.....", [-20, -19, -18, -17, -16, -15], True),
        ("x.-...--.", [-9, -8, -7, -6, -5, -4, -3, -2, -1], True),
        ("x.....F", [-20, -19, -18, -17, -16, -15, -14], False),
        ("xF.....", [-20, 1, 2, 3, 4, 5, 6], False),  # it failed six days ago
        ("......", [-20, -19, -18, -17, -16, -15], False),  # it never was flaky
    ],
)
def test_a_flaky_test_recovers_after_five_clean_commits_and_seven_days(
    story: str, days: list[float], *, recovered: bool
) -> None:
    found = label(story, days=days)
    assert found.recovered.tolist() == [recovered]
    assert (found.label == HEALTHY).tolist() == [recovered or "x" not in story]


def test_excursions_before_a_recovery_do_not_make_it_suspected() -> None:
    found = label(".F.F.x" + "." * 10)
    assert found.excursions.item() == 3
    assert found.words.tolist() == ["healthy"]


@pytest.mark.parametrize(("story", "derates"), [("x", False), ("xx", True), ("xxFFF", False), ("..", False)])
def test_two_disagreeing_commits_are_needed_to_listen_less_to_a_test(story: str, *, derates: bool) -> None:
    assert label(story).derates.tolist() == [derates]


def test_the_window_is_sixty_commits_where_that_is_longer() -> None:
    assert label("x" + "." * 60).flake_commits.tolist() == [0]
    assert label("x" + "." * 59).flake_commits.tolist() == [1]
    assert label("x" + "." * 60).window == 1


def test_the_window_is_fourteen_days_where_that_is_longer() -> None:
    story = "xx" + "." * 98
    days = [85.99, 86.0, *np.linspace(87, 99, 98).tolist()]
    found = label(story, days=days)  # now is day 100
    assert found.window == 1
    assert found.flake_commits.tolist() == [1]


def test_flake_rate_and_interval_are_those_of_jeffreys() -> None:
    found = label("x........", ".........", "FFFFFFFFF", "---------")
    k, n = np.array([1, 0, 0]), 9
    assert found.flake_rate[:3] == pytest.approx((k + 0.5) / (n + 1), rel=1e-12)
    assert found.flake_low[:3] == pytest.approx(beta.ppf(0.025, k + 0.5, n - k + 0.5), rel=1e-9)
    assert found.flake_high[:3] == pytest.approx(beta.ppf(0.975, k + 0.5, n - k + 0.5), rel=1e-9)
    assert np.isnan([found.flake_rate[3], found.flake_low[3], found.flake_high[3]]).all()


def test_other_thresholds_are_obeyed() -> None:
    rule = FlakyRule(min_flake_commits=2, broken_streak=2, suspect_excursions=1, min_executed=3)
    assert label("x..", ".FF", ".F.", "xx.", rule=rule).words.tolist() == ["healthy", "broken", "suspected", "flaky"]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (5, 0)])
def test_nothing_is_no_error(shape: tuple[int, int]) -> None:
    nothing = np.zeros(shape, dtype=np.int64)
    found = label_flakes(nothing, nothing, nothing, np.zeros(shape[0]), 0.0)
    assert found.words.tolist() == ["healthy"] * shape[1]
    assert np.isnan(found.flake_rate).all()
    assert np.isnan(found.flip_rate).all()


@pytest.mark.parametrize(
    ("passes", "first", "times"),
    [
        (np.zeros((2, 3), dtype=np.int64), np.zeros((2, 2), dtype=np.int64), np.zeros(2)),
        (np.zeros((2, 3), dtype=np.int64), np.zeros((2, 3), dtype=np.int64), np.zeros(3)),
        (np.zeros((2, 3), dtype=np.int64), np.full((2, 3), 3), np.zeros(2)),
        (np.zeros((2, 3), dtype=np.int64), np.full((2, 3), -1), np.zeros(2)),
        (np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64), np.zeros(3)),
    ],
)
def test_arrays_that_do_not_belong_together_are_refused(
    passes: Counts, first: Counts, times: NDArray[np.float64]
) -> None:
    with pytest.raises(ValueError, match=r"shape|time|attempt"):
        label_flakes(passes, passes, first, times, 0.0)


@pytest.mark.parametrize(
    ("executed", "failed", "infrastructure", "trusted"),
    [
        (20, 16, True, False),
        (20, 15, False, False),
        (19, 19, False, False),
        (100, 80, True, False),
        (100, 79, False, False),
        (100, 20, False, False),
        (100, 19, False, True),
        (35, 7, False, False),
        (4, 2, False, True),
        (4, 3, False, False),
        (0, 0, False, True),
    ],
)
def test_what_a_run_says_depends_on_the_share_of_its_tests_that_failed(
    executed: int, failed: int, *, infrastructure: bool, trusted: bool
) -> None:
    counts = np.array([executed]), np.array([failed])
    assert infrastructure_runs(*counts).tolist() == [infrastructure]
    assert trusted_runs(*counts).tolist() == [trusted]


def test_counts_in_a_small_type_do_not_overflow() -> None:
    counts = np.array([30_000], dtype=np.int16), np.array([29_000], dtype=np.int16)
    assert infrastructure_runs(*counts).tolist() == [True]
    assert trusted_runs(*counts).tolist() == [False]


def test_the_dearest_flaky_test_stands_first() -> None:
    found = label(".....x....", "....xx....", ".........F", ".....x....", ".....x....", "....xx....", "x.........")
    runs = np.array([10.0, 10.0, 1e9, 30.0, np.nan, np.nan, 1e9])
    ranked = ranking(found, runs, np.full(7, 2.0))
    assert ranked.order.tolist() == [3, 1, 0, 5, 4]
    assert ranked.impact[:2] == pytest.approx([1.5 / 11 * 10 * 2, 2.5 / 11 * 10 * 2])
    assert np.isnan(ranked.impact[4])


def test_equal_costs_stand_by_evidence_and_then_by_column() -> None:
    found = label(".....x....", "....xx....", ".....x....")
    assert ranking(found, np.zeros(3), np.ones(3)).order.tolist() == [1, 0, 2]
    assert ranking(found, np.full(3, np.nan), np.ones(3)).order.tolist() == [1, 0, 2]


def test_a_ranking_needs_one_number_a_test() -> None:
    with pytest.raises(ValueError, match="one entry a test"):
        ranking(label(".", "."), np.ones(1), np.ones(2))


STORIES = st.integers(0, 30).flatmap(
    lambda commits: st.lists(st.text(alphabet="".join(LETTERS), min_size=commits, max_size=commits), max_size=6)
)


@settings(deadline=None)
@given(stories=STORIES.filter(bool), order=st.randoms(use_true_random=False))
def test_a_test_is_labelled_alike_in_whatever_company(stories: list[str], order: Random) -> None:
    mixed = list(range(len(stories)))
    order.shuffle(mixed)
    found, other = label(*stories), label(*(stories[place] for place in mixed))
    for item in fields(found):
        if item.name != "window":
            assert np.array_equal(getattr(found, item.name)[mixed], getattr(other, item.name), equal_nan=True)


@settings(deadline=None)
@given(
    ran=arrays(np.bool_, st.tuples(st.integers(0, 80), st.integers(0, 4))),
    attempts=st.integers(1, 3),
    failed=st.booleans(),
    gap=st.floats(0.01, 5),
)
def test_a_test_that_always_had_one_status_is_never_flaky_or_suspected(
    *, ran: NDArray[np.bool_], attempts: int, failed: bool, gap: float
) -> None:
    counts, nothing = ran * attempts, np.zeros(ran.shape, dtype=np.int64)
    passes, fails = (nothing, counts) if failed else (counts, nothing)
    found = label_flakes(passes, fails, ran * (2 if failed else 1), np.arange(len(ran)) * gap, len(ran) * gap)
    assert set(found.words.tolist()) <= ({"healthy", "broken"} if failed else {"healthy"})
    assert not found.flips.any()
    assert not found.recovered.any()


@settings(deadline=None)
@given(stories=STORIES.filter(bool))
def test_commits_that_did_not_run_a_test_change_nothing_but_the_time(stories: list[str]) -> None:
    padded = label(*(story + "-" for story in stories), days=[*map(float, range(len(stories[0]))), 1e6])
    plain = label(*stories)
    for name in ("flake_commits", "commits", "flips", "executed", "excursions", "failing_streak", "clean_streak"):
        assert getattr(padded, name).tolist() == getattr(plain, name).tolist()


@settings(deadline=None)
@given(stories=STORIES.filter(bool))
def test_numbers_stay_within_what_they_count(stories: list[str]) -> None:
    found = label(*stories)
    assert (found.flake_commits <= found.commits).all()
    assert (found.flips <= np.maximum(found.executed - 1, 0)).all()
    assert (2 * found.excursions <= found.flips).all()
    assert not (found.failing_streak * found.clean_streak).any()
    known = found.commits > 0
    assert (found.flake_low[known] <= found.flake_rate[known]).all()
    assert (found.flake_rate[known] <= found.flake_high[known]).all()
    assert np.isnan(found.flake_rate[~known]).all()
