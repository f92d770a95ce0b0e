"""Change points: the rule's edges, and what holds for any series (statistics, section 6)."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from generator.analysis.change_points import (
    BENCHMARKS,
    ChangeRule,
    Changes,
    FenceRule,
    change_points,
    fence,
    last_changes,
    ranks,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ANY: Final = ChangeRule(alpha=0.2, min_ratio=1.0, min_change=0.0)
"""A rule that splits easily, so that random series have changes."""


def series(*parts: tuple[int, float]) -> NDArray[np.float64]:
    """Return a matrix of one row: so many points of each level, one after the other."""
    return np.concatenate([np.full(count, float(level)) for count, level in parts])[None]


def noisy(seed: int, rows: int, points: int, gaps: float = 0.0, decimals: int = 9) -> NDArray[np.float64]:
    """Return series with steps at random places, gaps and equal values."""
    random = np.random.default_rng(seed)
    logs = random.normal(0, 0.15, (rows, points)) + (np.arange(points) >= random.integers(0, points, (rows, 1))) * 0.4
    return np.where(random.random(logs.shape) < gaps, np.nan, np.exp(logs).round(decimals))


def places(found: Changes) -> list[tuple[int, int]]:
    return list(zip(found.series.tolist(), found.position.tolist(), strict=True))


def literal(row: NDArray[np.float64], rule: ChangeRule) -> list[tuple[int, float]]:
    """Return position and p of the changes of one series by the rule as it is written down."""
    columns = np.flatnonzero(np.isfinite(row))[-rule.points :]
    logs = np.log(np.maximum(row[columns], rule.floor))
    found: list[tuple[int, float]] = []

    def split(start: int, stop: int) -> None:
        n = stop - start
        if n < 2 * rule.min_side:
            return
        r, sizes = scipy.stats.rankdata(logs[start:stop]), range(rule.min_side, n - rule.min_side + 1)
        z = [abs(r[:k].sum() - k * (n + 1) / 2) / np.sqrt(k * (n - k) * (n + 1) / 12) for k in sizes]
        best = next(place for place, value in enumerate(z) if value > max(z) - 1e-12)
        middle, p = start + sizes[best], min(1.0, 2 * scipy.stats.norm.sf(z[best]) * np.sqrt(n))
        left, right = np.median(logs[start:middle]), np.median(logs[middle:stop])
        wide = abs(right - left) > np.log(rule.min_ratio) + 1e-9
        if p < rule.alpha and wide and abs(np.exp(right) - np.exp(left)) >= rule.min_change - 1e-9:
            found.append((int(columns[middle]), p))
            split(start, middle)
            split(middle, stop)

    if len(columns) >= rule.min_points:
        split(0, len(columns))
    return sorted(found)


@pytest.mark.parametrize("rule", [ChangeRule(), ANY, ChangeRule(points=40, min_side=2, alpha=0.05, min_change=0)])
@pytest.mark.parametrize(("gaps", "decimals"), [(0.0, 9), (0.3, 9), (0.0, 1), (0.5, 1)])
def test_the_changes_are_those_of_the_rule_as_it_is_written_down(rule: ChangeRule, gaps: float, decimals: int) -> None:
    values = noisy(decimals, 40, 90, gaps, decimals)
    found = change_points(values, rule)
    expected = [(row, *change) for row in range(len(values)) for change in literal(values[row], rule)]
    assert expected, "nothing is compared"
    assert places(found) == [(row, place) for row, place, _ in expected]
    assert found.p == pytest.approx([p for *_, p in expected], rel=1e-9)


@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.integers(-4, 4)))
def test_ranks_are_those_of_scipy_with_equal_values(values: NDArray[np.float64]) -> None:
    assert np.array_equal(ranks(values), scipy.stats.rankdata(values, axis=1))


def test_ranks_leave_gaps_out() -> None:
    values = noisy(1, 50, 30, gaps=0.4, decimals=1)
    assert np.array_equal(ranks(values), scipy.stats.rankdata(values, axis=1, nan_policy="omit"), equal_nan=True)
    assert np.isnan(ranks(np.full((2, 3), np.nan))).all()


@pytest.mark.parametrize("shape", [(0, 0), (0, 30), (3, 0), (1, 1)])
def test_ranks_of_nothing_are_nothing(shape: tuple[int, int]) -> None:
    assert ranks(np.ones(shape)).shape == shape


@pytest.mark.parametrize("shape", [(0, 0), (0, 30), (3, 0), (1, 19), (2, 19)])
def test_too_few_points_are_not_tested(shape: tuple[int, int]) -> None:
    values = np.ones(shape)
    values[:, 10:] = 9
    found = change_points(values)
    assert found.tested == 0
    assert places(found) == []
    assert places(change_points(np.full((2, 50), np.nan))) == []


def test_twenty_points_are_enough_for_a_change_in_their_middle() -> None:
    found = change_points(series((10, 1), (10, 2)))
    assert found.tested == 1
    assert places(found) == [(0, 10)]
    assert (found.before.tolist(), found.after.tolist(), found.ratio.tolist()) == ([1], [2], [2])
    z = 50 / np.sqrt(100 * 21 / 12)
    assert found.p == pytest.approx([2 * scipy.stats.norm.sf(z) * np.sqrt(20)], rel=1e-9)


@pytest.mark.parametrize(("after", "seen"), [(5, False), (6, True), (94, True), (95, False)])
def test_of_a_hundred_points_six_after_a_change_show_it_and_five_do_not(after: int, seen: bool) -> None:  # noqa: FBT001
    assert places(change_points(series((100 - after, 1), (after, 2)))) == [(0, 100 - after)] * seen


@pytest.mark.parametrize("late", [3, 4, 5, 6])
def test_no_side_of_a_change_is_shorter_than_the_rule_says(late: int) -> None:
    found = change_points(series((30 - late, 1), (late, 2)), ChangeRule(alpha=0.5))
    assert places(found) == [(0, 30 - max(late, 5))]


@pytest.mark.parametrize(
    ("before", "after", "seen"),
    [
        *((2.0, 2.2, False), (2.0, 2.2001, True), (2.2, 2.0, False), (2.2001, 2.0, True)),  # 10 % is not more than 10 %
        *((0.5, 0.6, True), (0.5, 0.5999, False), (0.6, 0.5, True), (0.3, 0.4, True)),  # 0.1 s is enough
        *((0.0, 0.1, False), (0.0, 0.101, True), (0.0, 0.0009, False)),  # 0 counts as 1 ms
        (3.0, 3.0, False),
    ],
)
def test_a_change_is_of_more_than_ten_percent_and_a_tenth_of_a_second(
    before: float,
    after: float,
    seen: bool,  # noqa: FBT001
) -> None:
    assert places(change_points(series((25, before), (25, after)))) == [(0, 25)] * seen


def test_a_benchmark_may_be_small_and_may_be_zero() -> None:
    found = change_points(np.vstack([series((20, 3e-6), (20, 4e-6)), series((20, 0), (20, 4))]), BENCHMARKS)
    assert places(found) == [(0, 20), (1, 20)]
    assert found.ratio == pytest.approx([4 / 3, 4e12])


def test_the_median_of_an_even_number_is_that_of_the_logarithms() -> None:
    values = series((20, 1), (10, 4), (10, 9))
    found = change_points(values, ChangeRule(min_side=15, min_points=30))
    assert found.after == pytest.approx([6])


def test_before_and_after_are_those_of_the_neighbouring_segments() -> None:
    found = change_points(np.vstack([series((30, 1), (30, 2), (30, 4)), series((90, 7)), series((45, 3), (45, 1))]))
    assert places(found) == [(0, 30), (0, 60), (2, 45)]
    assert found.before.tolist() == [1, 2, 3]
    assert found.after.tolist() == [2, 4, 1]
    assert found.ratio == pytest.approx([2, 2, 1 / 3])
    assert found.tested == 3


def test_only_the_last_points_are_looked_at() -> None:
    values = np.vstack([series((60, 1), (140, 2)), series((160, 1), (40, 2))])
    values[:, 110:115] = np.nan
    assert places(change_points(values)) == [(1, 160)]
    assert places(change_points(values, ChangeRule(points=200))) == [(0, 60), (1, 160)]


def test_gaps_are_no_points_and_the_position_is_a_column_of_the_input() -> None:
    dense = series((20, 1), (20, 2))[0]
    sparse = np.full((3, 100), np.nan)
    sparse[0, ::2][:40] = dense
    sparse[1, 60:] = dense
    sparse[2, 60:98] = dense[:38]
    sparse[2, 5:7], sparse[2, 30] = (np.inf, -np.inf), 1
    assert places(change_points(sparse)) == [(0, 40), (1, 80), (2, 80)]


def test_values_of_any_size_are_judged_without_a_warning() -> None:
    values = np.vstack([series((20, 1), (20, 1e308)), series((20, -1e308), (20, 1e308)), series((20, 5e-324), (20, 1))])
    assert places(change_points(values)) == [(0, 20), (1, 20), (2, 20)]
    assert places(change_points(values, BENCHMARKS)) == [(0, 20), (1, 20), (2, 20)]
    assert fence(values).points.tolist() == [40, 40, 40]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 20), st.sampled_from([0.0, 0.3]))
def test_the_order_of_series_and_those_beside_them_change_nothing(seed: int, rows: int, gaps: float) -> None:
    values = noisy(seed, rows, 60, gaps, decimals=1)
    order = np.random.default_rng(seed).permutation(rows)
    whole, mixed = change_points(values, ANY), change_points(values[order], ANY)
    for new, old in enumerate(order):
        alone = change_points(values[old : old + 1], ANY)
        for field in ("position", "p", "ratio", "before", "after"):
            expected = getattr(alone, field).tolist()
            assert getattr(mixed, field)[mixed.series == new].tolist() == expected
            assert getattr(whole, field)[whole.series == old].tolist() == expected


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 60), max_size=40))
def test_gaps_anywhere_move_only_the_positions(seed: int, gaps: list[int]) -> None:
    values = noisy(seed, 5, 60)
    columns = np.insert(np.arange(60), gaps, -1)
    wider = np.where(columns < 0, np.nan, values[:, columns])
    before, after = change_points(values, ANY), change_points(wider, ANY)
    assert after.series.tolist() == before.series.tolist()
    assert columns[after.position].tolist() == before.position.tolist()
    assert after.p.tolist() == before.p.tolist()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-6, 0.5, 3.0, 1e6]))
def test_the_unit_of_a_benchmark_changes_nothing(seed: int, factor: float) -> None:
    values = noisy(seed, 5, 60)
    plain, scaled = (change_points(matrix, BENCHMARKS) for matrix in (values, values * factor))
    assert places(scaled) == places(plain)
    assert scaled.ratio == pytest.approx(plain.ratio)


@given(hnp.arrays(np.float64, (2, 30), elements=st.just(2.5)), st.floats(0, 1e6))
def test_a_series_that_never_moved_never_changed(values: NDArray[np.float64], level: float) -> None:
    assert places(change_points(values * level, ANY)) == []


def test_the_input_is_left_alone() -> None:
    values = noisy(3, 4, 50, gaps=0.2)
    kept = values.copy()
    change_points(values)
    fence(values)
    assert np.array_equal(values, kept, equal_nan=True)


@pytest.mark.parametrize("values", [np.ones(30), np.ones((2, 2, 30))])
def test_series_are_the_rows_of_a_matrix(values: NDArray[np.float64]) -> None:
    with pytest.raises(ValueError, match="rows of a matrix"):
        change_points(values)
    with pytest.raises(ValueError, match="rows of a matrix"):
        fence(values)


@pytest.mark.parametrize(
    "wrong",
    [
        *({"min_side": 0}, {"min_side": 11}, {"min_points": 9}, {"points": 19}, {"alpha": 0.0}, {"alpha": 1.0}),
        *({"min_ratio": 0.99}, {"min_change": -0.1}, {"floor": 0.0}, {"floor": np.inf}, {"alpha": np.nan}),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a rule for changes needs"):
        ChangeRule(**wrong)


def changes(tested: int, *found: tuple[int, int, float]) -> Changes:
    """Return change points of (series, position, p)."""
    rows, positions, p = zip(*found, strict=True) if found else ((), (), ())
    ones = np.ones(len(found))
    return Changes(
        series=np.array(rows, dtype=np.int64),
        position=np.array(positions, dtype=np.int64),
        p=np.array(p, dtype=np.float64),
        ratio=ones,
        before=ones,
        after=ones,
        tested=tested,
    )


def q_values(p: Sequence[float], tests: int) -> list[float]:
    """Return scipy's q of these p among so many tests."""
    found: list[float] = scipy.stats.false_discovery_control([*p, *[1.0] * (tests - len(p))])[: len(p)].tolist()
    return found


@pytest.mark.parametrize("tests", [3, 4, 1000])
def test_the_last_change_of_each_series_has_a_q_over_all_tested(tests: int) -> None:
    found = changes(tests, (0, 10, 1e-9), (0, 50, 1e-4), (4, 30, 2e-4), (7, 20, 1e-3), (7, 40, 1e-7), (7, 70, 5e-5))
    last = last_changes(found)
    assert last.series.tolist() == [0, 4, 7]
    assert found.position[last.index].tolist() == [50, 30, 70]
    assert last.q == pytest.approx(q_values([1e-4, 2e-4, 5e-5], tests), rel=1e-9)
    assert last_changes(changes(3, (1, 10, 1e-4)), tests).q == pytest.approx([1e-4 * tests])


def test_fewer_tests_than_changed_series_are_refused() -> None:
    with pytest.raises(ValueError, match="2 series have changed, more than the 1 tested"):
        last_changes(changes(5, (0, 10, 1e-4), (1, 10, 1e-4)), 1)


@pytest.mark.parametrize("tested", [0, 100])
def test_no_change_is_no_last_change(tested: int) -> None:
    assert last_changes(changes(tested)).q.tolist() == []


def test_the_last_changes_of_real_series_are_found() -> None:
    found = change_points(np.vstack([series((30, 1), (30, 2), (30, 4)), series((90, 7)), series((45, 3), (45, 1))]))
    last = last_changes(found)
    assert found.position[last.index].tolist() == [60, 45]
    assert (last.q >= found.p[last.index]).all()
    assert (last.q <= found.p[last.index] * 3).all()


def wobbling(last: Sequence[float], past: int = 15) -> NDArray[np.float64]:
    """Return a series that moves by 0 to 4 % between its points, then the last ones."""
    steps = 1 + np.tile([0.0, 0.01, -0.02, 0.03, -0.04], past)[: past - 1] / 2
    return np.concatenate([[100.0], 100 * np.cumprod(steps), last])[None]


def test_the_fence_is_three_quartile_distances_above_the_third_quartile_of_own_changes() -> None:
    values = wobbling([90.0, 96, 150, 96.5, 96])
    found = fence(values)
    past = values[0, :15]
    q1, q3 = np.quantile(np.abs(np.diff(past) / past[:-1]), [0.25, 0.75])
    assert found.fence == pytest.approx([q3 + 3 * (q3 - q1)], rel=1e-9)
    assert found.before == pytest.approx([np.median(past)])
    assert found.after.tolist() == [96], "one value far out is not the median"
    assert found.change == pytest.approx([96 / np.median(past) - 1])
    assert (found.points.tolist(), found.enough.tolist(), found.outside.tolist()) == ([20], [True], [False])


@pytest.mark.parametrize(("share", "outside"), [(1.0, False), (1.001, True), (0.0, False), (-1.0, False), (-1.1, True)])
def test_a_change_at_the_fence_is_not_outside(share: float, outside: bool) -> None:  # noqa: FBT001
    quiet = fence(wobbling([1] * 5))
    after = quiet.before[0] * (1 + share * quiet.fence[0])
    assert fence(wobbling([after] * 5)).outside.tolist() == [outside]


@pytest.mark.parametrize(("points", "enough"), [(0, False), (1, False), (5, False), (19, False), (20, True)])
def test_below_twenty_points_there_is_not_enough_data_to_judge(points: int, enough: bool) -> None:  # noqa: FBT001
    values = wobbling([300.0] * 5)[:, -points:] if points else np.empty((1, 0))
    found = fence(values)
    assert found.points.tolist() == [points]
    assert (found.enough.tolist(), found.outside.tolist()) == ([enough], [enough])
    assert np.isnan(found.fence[0]) != enough
    assert np.isnan(found.after[0]) == (points == 0)
    assert np.isnan(found.before[0]) == (points <= 5)


@pytest.mark.parametrize(
    ("parts", "enough", "outside"),
    [
        (((15, 5), (5, 5)), True, False),
        (((15, 5), (5, 6)), True, True),  # what never moved has a fence of 0
        (((15, 0), (5, 1)), False, False),  # of nothing there is no share
        (((15, np.nan), (5, 1)), False, False),
        (((20, np.nan),), False, False),
        (((15, -5), (5, -6)), True, True),
    ],
)
def test_series_without_a_spread_or_a_level_are_judged_where_they_can_be(
    parts: tuple[tuple[int, float], ...],
    enough: bool,  # noqa: FBT001
    outside: bool,  # noqa: FBT001
) -> None:
    found = fence(series(*parts))
    assert (found.enough.tolist(), found.outside.tolist()) == ([enough], [outside])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.4]))
def test_each_series_is_fenced_on_its_own_and_gaps_are_no_points(seed: int, gaps: float) -> None:
    values = noisy(seed, 8, 40, gaps)
    found = fence(values)
    for row, own in enumerate(values):
        alone = fence(own[np.isfinite(own)][None])
        for field in fields(found):
            expected = getattr(alone, field.name)
            assert np.array_equal(getattr(found, field.name)[row : row + 1], expected, equal_nan=True), field.name


def test_only_the_last_hundred_points_make_a_fence() -> None:
    values = wobbling([300.0] * 5, past=95)
    wild = np.concatenate([np.tile([1.0, 1000], 50)[None], values], axis=1)
    assert fence(wild).fence == pytest.approx(fence(values).fence)
    assert fence(wild, FenceRule(points=150)).fence[0] > fence(values).fence[0]


@pytest.mark.parametrize(
    "wrong", [{"last": 0}, {"min_points": 6}, {"points": 19}, {"width": -1.0}, {"width": np.nan}, {"last": 19}]
)
def test_a_fence_without_a_past_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a rule for fences needs"):
        FenceRule(**wrong)


def test_nothing_to_fence_is_nothing() -> None:
    assert fence(np.empty((0, 0))).outside.tolist() == []
    assert fence(np.empty((0, 40))).change.tolist() == []
