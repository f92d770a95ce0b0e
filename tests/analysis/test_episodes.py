"""Episodes against a plain walk through the runs of one test, and their edges."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.analysis.episodes import CLOSED, NEVER, OPEN, WITHDRAWN, EpisodeRule, Episodes, find, spans
from generator.analysis.survival import kaplan_meier

DAY = 86_400.0
Row = tuple[int, int, int, int, int]


def walked(states: list[int], times: list[float], needed: int, now: float) -> list[tuple[int, int, int, int]]:
    """Return (opened, closed, seen, state) of one test's episodes, one run after the other."""
    found = []
    opened, passes = None, 0
    executed = [place for place, state in enumerate(states) if state]
    for place in executed:
        if states[place] == 2:
            opened, passes = place if opened is None else opened, 0
            continue
        passes += 1
        if opened is not None and passes == needed:
            found.append((opened, place, place, CLOSED))
            opened = None
    if opened is not None:
        seen = executed[-1]
        gone = seen + 1 < len(states) and now - times[seen] >= 14 * DAY
        found.append((opened, NEVER, seen, WITHDRAWN if gone else OPEN))
    return found


def rows(found: Episodes) -> list[Row]:
    columns = (found.test, found.opened, found.closed, found.seen, found.state)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def one(text: str, *, flaky: bool = False, now: float | None = None, days: float = 1.0, **more: Any) -> Episodes:
    """Return the episodes of one test, written as F, P and -, one run every so many days."""
    states = [["-PF".index(letter)] for letter in text]
    times = np.arange(len(text)) * days * DAY
    return find(states, times, [flaky], now=times[-1] if now is None else now, **more)


@st.composite
def histories(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    runs, tests = draw(st.integers(1, 14)), draw(st.integers(1, 5))
    cells = st.lists(st.sampled_from([0, 1, 2]), min_size=tests, max_size=tests)
    states = draw(st.lists(cells, min_size=runs, max_size=runs))
    gaps = draw(st.lists(st.sampled_from([0.0, 1.0, 5.0, 14.0]), min_size=runs, max_size=runs))
    times = np.cumsum(gaps) * DAY
    flaky = draw(st.lists(st.booleans(), min_size=tests, max_size=tests))
    now = float(times[-1]) + draw(st.sampled_from([0.0, 9.0, 14.0])) * DAY
    return np.array(states, dtype=np.int8), times, np.array(flaky), now


@settings(deadline=None, max_examples=200)
@given(histories())
def test_the_episodes_are_those_of_a_plain_walk(history: tuple[np.ndarray, np.ndarray, np.ndarray, float]) -> None:
    states, times, flaky, now = history
    found = find(states, times, flaky, now=now)
    expected = [
        (test, *row)
        for test in range(states.shape[1])
        for row in walked(states[:, test].tolist(), times.tolist(), 3 if flaky[test] else 1, now)
    ]
    assert rows(found) == expected
    closed = found.state == CLOSED
    assert (found.opened_at == times[found.opened]).all()
    assert (found.closed_at[closed] == times[found.closed[closed]]).all()
    assert np.isnan(found.closed_at[~closed]).all()


@settings(deadline=None, max_examples=50)
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_the_tests_changes_only_their_order(
    history: tuple[np.ndarray, np.ndarray, np.ndarray, float], random: Any
) -> None:
    states, times, flaky, now = history
    order = list(range(states.shape[1]))
    random.shuffle(order)
    again = rows(find(states[:, order], times, flaky[order], now=now))
    assert sorted((order[test], *rest) for test, *rest in again) == rows(find(states, times, flaky, now=now))


@settings(deadline=None, max_examples=50)
@given(histories(), st.integers(0, 14))
def test_a_run_in_which_nothing_was_executed_changes_nothing_but_positions(
    history: tuple[np.ndarray, np.ndarray, np.ndarray, float], place: int
) -> None:
    states, times, flaky, now = history
    place = min(place, len(states) - 1)
    before = find(states, times, flaky, now=now)
    after = find(np.insert(states, place, 0, axis=0), np.insert(times, place, times[place]), flaky, now=now)
    assert after.opened.tolist() == (before.opened + (before.opened >= place)).tolist()
    assert after.state.tolist() == before.state.tolist()
    np.testing.assert_array_equal(after.opened_at, before.opened_at)
    np.testing.assert_array_equal(after.closed_at, before.closed_at)


@settings(deadline=None, max_examples=50)
@given(histories())
def test_a_test_that_never_failed_has_no_episode_and_one_that_never_passed_at_most_one(
    history: tuple[np.ndarray, np.ndarray, np.ndarray, float],
) -> None:
    states, times, flaky, now = history
    assert rows(find(np.minimum(states, 1), times, flaky, now=now)) == []
    never_passed = find(np.where(states == 1, 2, states), times, flaky, now=now)
    assert len(set(never_passed.test.tolist())) == len(never_passed.test)
    assert (never_passed.closed == NEVER).all()


@pytest.mark.parametrize(
    ("text", "flaky", "expected"),
    [
        ("PPP", False, []),
        ("PFP", False, [(1, 2, CLOSED)]),
        ("F", False, [(0, NEVER, OPEN)]),
        ("FP", False, [(0, 1, CLOSED)]),
        ("PF-F-P", False, [(1, 5, CLOSED)]),
        ("FPFP", False, [(0, 1, CLOSED), (2, 3, CLOSED)]),
        ("FPFPPP", True, [(0, 5, CLOSED)]),
        ("FPP", True, [(0, NEVER, OPEN)]),
        ("FPPP", True, [(0, 3, CLOSED)]),
        ("FP-P-P", True, [(0, 5, CLOSED)]),
        ("PPPFP", True, [(3, NEVER, OPEN)]),
        ("FPPPF", True, [(0, 3, CLOSED), (4, NEVER, OPEN)]),
        ("---", False, []),
    ],
)
def test_what_opens_and_what_closes(text: str, flaky: bool, expected: list[tuple[int, int, int]]) -> None:  # noqa: FBT001
    found = [(opened, closed, state) for _, opened, closed, _, state in rows(one(text, flaky=flaky))]
    assert found == expected


@pytest.mark.parametrize(("late", "state"), [(-1, OPEN), (0, WITHDRAWN), (1, WITHDRAWN)])
def test_withdrawn_begins_fourteen_days_after_the_last_execution(late: int, state: int) -> None:
    assert one("FF-", now=DAY + 14 * DAY + late).state.tolist() == [state]


def test_where_no_run_followed_nothing_is_absent() -> None:
    assert one("PF", now=400 * DAY).state.tolist() == [OPEN]


def test_a_flaky_test_is_withdrawn_after_its_last_execution_even_if_that_passed() -> None:
    found = one("FP" + "-" * 13, flaky=True)
    assert (found.seen.tolist(), found.state.tolist()) == ([1], [OPEN])
    assert one("FP" + "-" * 14, flaky=True).state.tolist() == [WITHDRAWN]


def test_a_closed_episode_of_a_test_that_is_gone_stays_closed() -> None:
    assert one("FP" + "-" * 30).state.tolist() == [CLOSED]


def test_a_withdrawn_episode_whose_test_comes_back_goes_on() -> None:
    assert rows(one("F" + "-" * 20 + "FP")) == [(0, 0, 22, 22, CLOSED)]


def test_the_thresholds_can_be_set() -> None:
    rule = EpisodeRule(flaky_passes=2, withdrawn_days=3)
    assert one("FPP", flaky=True, rule=rule).state.tolist() == [CLOSED]
    assert one("F---", rule=rule).state.tolist() == [WITHDRAWN]


def test_durations_are_of_closed_and_open_ones_and_never_of_withdrawn_ones() -> None:
    states = np.array([[2, 2, 2, 1], [1, 0, 2, 1], [0, 0, 2, 2]])
    found = find(states, np.array([0, 1, 20]) * DAY, [False] * 4, now=21 * DAY)
    assert found.state.tolist() == [CLOSED, WITHDRAWN, OPEN, OPEN]
    durations, still_open = spans(found, now=21 * DAY)
    assert durations.tolist() == [DAY, 21 * DAY, DAY]
    assert still_open.tolist() == [False, True, True]
    assert kaplan_meier(durations, still_open).n_open == 2


@pytest.mark.parametrize(("since", "counted"), [(0.0, 2), (1.0, 2), (1.1, 1)])
def test_an_episode_older_than_the_window_counts_if_it_was_open_inside_it(since: float, counted: int) -> None:
    durations, _ = spans(one("FPF", now=3 * DAY), now=3 * DAY, since=since * DAY)
    assert len(durations) == counted


@pytest.mark.parametrize("times", [(math.nan, 5.0), (5.0, math.nan)])
def test_a_run_whose_time_is_unknown_leaves_the_duration_unknown(times: tuple[float, float]) -> None:
    found = find([[2], [1]], times, [False], now=9.0)
    assert found.state.tolist() == [CLOSED]
    assert kaplan_meier(*spans(found, now=9.0)).left_out == 1


@pytest.mark.parametrize(("runs", "tests"), [(0, 0), (0, 3), (3, 0)])
def test_nothing_has_no_episodes(runs: int, tests: int) -> None:
    found = find(np.zeros((runs, tests), dtype=np.int8), np.zeros(runs), np.zeros(tests, dtype=bool), now=0.0)
    assert rows(found) == []
    assert len(found.closed_at) == 0


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        find([[1], [2]], [0.0], [False], now=0.0)
    with pytest.raises(ValueError, match="do not fit"):
        find([[1], [2]], [0.0, 1.0], [False, True], now=0.0)
    with pytest.raises(ValueError, match="a state is"):
        find([[3]], [0.0], [False], now=0.0)
