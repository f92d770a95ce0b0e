"""Change points of many series at once: ranks, the largest cumulative sum, a minimum effect (statistics, section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from generator.analysis.rates import false_discovery
from generator.analysis.special import normal_tail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_BLOCK: Final = 1 << 16
"""Numbers looked at in one go: so few that what is made of them stays in the cache, which halves the time."""

_SLACK: Final = 1e-9
"""0.6 s is 0.1 s more than 0.5 s, and 2.2 s not more than 10 % over 2 s, whatever their last binary digit says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRule:
    """When a series has changed. Raises ValueError for a rule that can find nothing or anything.

    `points` are looked at, the last ones of a series that has at least `min_points`; both sides of a change have at
    least `min_side`. Values below `floor` count as `floor`, and a change is one of more than `min_ratio` (1.10: 10 %)
    and of at least `min_change`, both in the unit of the values; the defaults are seconds.
    """

    points: int = 100
    min_points: int = 20
    min_side: int = 5
    alpha: float = 0.001
    min_ratio: float = 1.10
    min_change: float = 0.1
    floor: float = 0.001

    def __post_init__(self) -> None:
        if self.min_side < 1 or self.min_points < 2 * self.min_side or self.points < self.min_points:
            raise ValueError("a rule for changes needs 1 <= min_side, 2 * min_side <= min_points <= points")
        if not (0 < self.alpha < 1 and self.min_ratio >= 1 and self.min_change >= 0 and 0 < self.floor < np.inf):
            raise ValueError("a rule for changes needs 0 < alpha < 1, min_ratio >= 1, min_change >= 0, floor > 0")


DURATIONS: Final = ChangeRule()
"""Seconds a test took."""

BENCHMARKS: Final = ChangeRule(min_change=0.0, floor=1e-12)
"""Values of any unit, which may be small."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Change points in order of (series, position): arrays of one length, one entry a change point.

    `series` and `position` are the row and the column of the first point after the change; `before` and `after` the
    medians of the segments beside it, which end at the next change point, `ratio` is after / before; `p` is what the
    change was found with. `tested` is the number of series with enough points.
    """

    series: NDArray[np.int64]
    position: NDArray[np.int64]
    p: NDArray[np.float64]
    ratio: NDArray[np.float64]
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    tested: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChanges:
    """The last change point of each series that has one, in order of series: `q` and entry `index` of `Changes`."""

    series: NDArray[np.int64]
    index: NDArray[np.int64]
    q: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class FenceRule:
    """When the last values of a short series are out of line. Raises ValueError for a rule that leaves no past.

    Of the last `points` of a series that has at least `min_points`, the median of the last `last` is compared; the
    fence stands `width` quartile distances above the third quartile.
    """

    points: int = 100
    min_points: int = 20
    last: int = 5
    width: float = 3.0

    def __post_init__(self) -> None:
        if self.last < 1 or self.min_points < self.last + 2 or self.points < self.min_points or not self.width >= 0:
            raise ValueError("a rule for fences needs 1 <= last <= min_points - 2, min_points <= points, width >= 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fences:
    """One entry for each series: NaN where there is no such number.

    `points` is the number of points looked at, `after` the median of the last ones, `before` of those before them,
    `change` the difference as a share of `before`, `fence` the largest share that is nothing unusual. Where `enough`
    is false there is not enough data to judge; `outside` is the judgement.
    """

    points: NDArray[np.int64]
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    change: NDArray[np.float64]
    fence: NDArray[np.float64]
    enough: NDArray[np.bool_]
    outside: NDArray[np.bool_]


class _Segments(NamedTuple):
    """Parts of rows: from `starts` up to, not including, `stops`."""

    rows: NDArray[np.int64]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]

    def only(self, which: NDArray[np.bool_] | NDArray[np.int64] | slice) -> _Segments:
        return _Segments(self.rows[which], self.starts[which], self.stops[which])


def change_points(values: NDArray[np.float64], rule: ChangeRule = DURATIONS) -> Changes:
    """Return the change points of each row of a matrix (series, points in time order; not finite: no point).

    A segment of n points with ranks r is split where `|sum(r[:k]) - k(n+1)/2| / sqrt(k(n-k)(n+1)/12)` is largest (the
    first such k), if p = min(1, 2 * sf(largest) * sqrt(n)) < alpha and the medians of both sides differ by enough;
    then both sides are looked at. Ranks of equal values are their mean. Medians are those of the logarithms: the middle
    of two is their geometric mean. Raises ValueError where `values` is no matrix (statistics, section 6).
    """
    points, counts = _compact(values, rule.points)
    np.maximum(points, rule.floor, out=points)  # NaN stays NaN
    tested = np.flatnonzero(counts >= rule.min_points)
    level = _Segments(tested, np.zeros_like(tested), counts[tested])
    found, p_values = [level.only(slice(0))], [np.zeros(0)]
    while len(level.rows):  # once a level of the recursion, for all series
        sizes, p = _strongest(points, level, rule.min_side)
        hit = np.flatnonzero(p < rule.alpha)
        level, middles = level.only(hit), (level.starts + sizes)[hit]
        left, right = level._replace(stops=middles), level._replace(starts=middles)
        kept = np.flatnonzero(_matters(_medians(points, left), _medians(points, right), rule))
        found.append(right.only(kept))
        p_values.append(p[hit][kept])
        level = _joined([left.only(kept), right.only(kept)])
        level = level.only(level.stops - level.starts >= 2 * rule.min_side)
    every, p = _joined(found), np.concatenate(p_values)
    order = np.lexsort((every.starts, every.rows))
    rows, starts = every.rows[order], every.starts[order]
    before, after = _beside(points, counts, rows, starts)
    with np.errstate(over="ignore"):
        ratio = after / before
    return Changes(
        series=rows,
        position=_columns(values, counts, rows, starts),
        p=p[order],
        ratio=ratio,
        before=before,
        after=after,
        tested=len(tested),
    )


def last_changes(found: Changes, tests: int | None = None) -> LastChanges:
    """Return the last change point of each series that has one, with q over `tests` tests (default: all tested).

    q is Benjamini and Hochberg's over the p of the last change points; a series without a change point is a test with
    p = 1. Raises ValueError where `tests` is below the number of series with a change point (statistics, section 6).
    """
    index = np.flatnonzero(np.diff(found.series, append=-1))
    tests = found.tested if tests is None else tests
    if tests < len(index):
        raise ValueError(f"{len(index)} series have changed, more than the {tests} tested")
    p = np.append(found.p[index], np.ones(tests - len(index)))
    return LastChanges(series=found.series[index], index=index, q=false_discovery(p)[: len(index)])


def fence(values: NDArray[np.float64], rule: FenceRule = FenceRule()) -> Fences:
    """Judge the last values of each row of a matrix (series, points in time order; not finite: no point).

    Outside is a change of the median, as a share of the median of all points before the last ones, beyond Q3 + 3 * IQR
    of the changes from point to point before the last ones, each as a share of the earlier point (of those from 0 there
    is none). Quartiles are numpy's. Raises ValueError where `values` is no matrix (statistics, section 6; the fence is
    rustc-perf's).
    """
    points, counts = _compact(values, rule.points)
    rows, cuts = np.arange(len(points)), np.maximum(counts - rule.last, 0)
    with np.errstate(over="ignore", invalid="ignore"):  # of values near the largest there are
        past = _gathered(points, _Segments(rows, np.zeros_like(cuts), cuts))
        before = _quantiles(past, 0.5)[0]
        after = _quantiles(_gathered(points, _Segments(rows, cuts, counts)), 0.5)[0]
        change = _shares(before, after)
        q1, q3 = _quantiles(np.abs(_shares(past[:, :-1], past[:, 1:])), 0.25, 0.75)
        limit = np.where(counts >= rule.min_points, q3 + rule.width * (q3 - q1), np.nan)
        outside = np.abs(change) > limit * (1 + _SLACK) + _SLACK
    enough = np.isfinite(limit) & np.isfinite(change)
    return Fences(
        points=counts, before=before, after=after, change=change, fence=limit, enough=enough, outside=outside & enough
    )


def ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rank of each value in its row of a matrix, from 1; equal values share their mean rank, NaN has none.

    These are the ranks of `scipy.stats.rankdata(values, axis=1, nan_policy="omit")`.
    """
    height, width = values.shape
    order = np.argsort(values, axis=1)
    order += (np.arange(height) * width)[:, None]
    ordered = values.ravel()[order]
    first = np.ones(values.shape, dtype=np.bool_)
    np.not_equal(ordered[:, 1:], ordered[:, :-1], out=first[:, 1:])
    starts = np.flatnonzero(first)
    lengths = np.diff(starts, append=values.size)
    flat = np.empty(values.size)
    flat[order.ravel()] = np.repeat(starts % max(width, 1) + (lengths + 1) / 2, lengths)
    return np.where(np.isnan(values), np.nan, flat.reshape(values.shape))


def _compact(values: NDArray[np.float64], most: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the last `most` points of each row, moved to its left end, NaN after them, and how many there are."""
    if values.ndim != 2:
        raise ValueError(f"series are the rows of a matrix, not an array of {values.ndim} dimensions")
    real = np.isfinite(values)
    if real.all():
        points = values[:, -most:].astype(np.float64)
        return points, np.full(len(points), points.shape[1], dtype=np.int64)
    later = np.cumsum(real[:, ::-1], axis=1, dtype=np.int64)[:, ::-1]
    real &= later <= most
    counts = np.minimum(later[:, 0], most)
    points = np.full((len(values), min(values.shape[1], most)), np.nan)
    points[np.arange(points.shape[1]) < counts[:, None]] = values[real]
    return points, counts


def _columns(
    values: NDArray[np.float64], counts: NDArray[np.int64], rows: NDArray[np.int64], places: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the column of `values` that each place in a compacted row came from."""
    seen = np.cumsum(np.isfinite(values[rows]), axis=1)
    dropped = seen[:, -1:].sum(axis=1) - counts[rows]
    columns: NDArray[np.int64] = (seen <= (dropped + places)[:, None]).sum(axis=1, dtype=np.int64)
    return columns


def _gathered(points: NDArray[np.float64], segments: _Segments) -> NDArray[np.float64]:
    """Return the segments as rows, NaN after their ends."""
    lengths = segments.stops - segments.starts
    places = np.arange(lengths.max(initial=0))
    columns = np.minimum(segments.starts[:, None] + places, points.shape[1] - 1)
    result: NDArray[np.float64] = points[segments.rows[:, None], columns]
    result[places >= lengths[:, None]] = np.nan
    return result


def _joined(segments: Sequence[_Segments]) -> _Segments:
    rows, starts, stops = (np.concatenate(parts) for parts in zip(*segments, strict=True))
    return _Segments(rows, starts, stops)


def _strongest(
    points: NDArray[np.float64], segments: _Segments, side: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return for each segment how many of its points are before the best split, and the p of that split."""
    sizes, largest = np.zeros_like(segments.rows), np.zeros(len(segments.rows))
    step = max(1, _BLOCK // points.shape[1])
    for begin in range(0, len(sizes), step):
        block = slice(begin, begin + step)
        sizes[block], largest[block] = _largest_sums(_gathered(points, segments.only(block)), side)
    return sizes, np.minimum(1.0, 2 * normal_tail(largest) * np.sqrt(segments.stops - segments.starts))


def _largest_sums(rows: NDArray[np.float64], side: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return for each row k and z of the split with the largest z; the sums are exact, and so are ties."""
    counts = np.isfinite(rows).sum(axis=1)[:, None]
    sizes = np.arange(side, rows.shape[1] - side + 1)
    others = counts - sizes
    excess = 2 * np.cumsum(ranks(rows), axis=1)[:, sizes - 1] - sizes * (counts + 1)
    squares = np.where(others >= side, excess * excess / np.maximum(sizes * others, 1), -1.0)
    best = squares.argmax(axis=1)
    largest = squares[np.arange(len(rows)), best]
    return sizes[best], np.sqrt(largest * 3 / (counts[:, 0] + 1))


def _medians(points: NDArray[np.float64], segments: _Segments) -> NDArray[np.float64]:
    """Return the median of each segment, the geometric mean where two points are in the middle."""
    ordered = np.sort(_gathered(points, segments), axis=1)
    lengths, rows = segments.stops - segments.starts, np.arange(len(ordered))
    lower, upper = ordered[rows, (lengths - 1) // 2], ordered[rows, lengths // 2]
    return np.asarray(np.where(lower == upper, lower, np.sqrt(lower) * np.sqrt(upper)))


def _matters(before: NDArray[np.float64], after: NDArray[np.float64], rule: ChangeRule) -> NDArray[np.bool_]:
    lower, upper = np.minimum(before, after), np.maximum(before, after)
    with np.errstate(over="ignore"):
        ratio = upper / lower
    return (ratio > rule.min_ratio * (1 + _SLACK)) & (upper - lower >= rule.min_change * (1 - _SLACK))


def _beside(
    points: NDArray[np.float64], counts: NDArray[np.int64], rows: NDArray[np.int64], starts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the medians of the segments before and after each change point, which end at its neighbours."""
    same = rows[1:] == rows[:-1]
    begins, ends = np.zeros_like(starts), counts[rows]
    begins[1:][same], ends[:-1][same] = starts[:-1][same], starts[1:][same]
    return _medians(points, _Segments(rows, begins, starts)), _medians(points, _Segments(rows, starts, ends))


def _shares(before: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each change as a share of the value before it, NaN where that is 0."""
    return np.asarray((after - before) / np.where(before == 0, np.nan, np.abs(before)))


def _quantiles(rows: NDArray[np.float64], *shares: float) -> list[NDArray[np.float64]]:
    """Return quantiles of each row without its NaN, as `numpy.quantile` has them; NaN for an empty one."""
    ordered = np.sort(np.column_stack([rows, np.full(len(rows), np.nan)]), axis=1)
    last = np.maximum(np.isfinite(ordered).sum(axis=1) - 1, 0)
    number = np.arange(len(ordered))
    result = []
    for share in shares:
        place = last * share
        floor = place.astype(np.int64)
        lower, upper = ordered[number, floor], ordered[number, np.minimum(floor + 1, last)]
        result.append(lower + (upper - lower) * (place - floor))
    return result
