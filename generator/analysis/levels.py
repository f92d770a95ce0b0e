"""The last change of level of each of many series, as findings need it: which point, how sure, between which runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from generator.analysis.change_points import ChangeRule, change_points, last_changes
from generator.analysis.since import commit_range
from generator.findings import SeriesChange, SeriesPoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from generator.analysis.frames import Prepared
    from generator.config.analysis import DurationSettings
    from generator.findings import RunRef, TestRef

FDR: Final = 0.05
"""Share of the listed changes that may be none."""

KEPT: Final = 50
"""Changes, and benchmarks, that keep their points: those that a reader looks at first."""

_REACH: Final = 3
"""Points from where a change was found in which its first point is looked for."""

_LOOSE: Final = 1 - 1e-6
"""A series is only left out where rounding cannot be what keeps it from having changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The points of one series, oldest first; NaN is a gap."""

    refs: Sequence[RunRef]
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The last change of the level of row `row`: `place` is the first point after it, `previous` the last before it."""

    row: int
    place: int
    previous: int
    before: float
    after: float
    ratio: float
    p: float
    q: float
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Whose level it is."""

    series: str
    suite: str
    environment: str
    unit: str
    bigger_is_better: bool | None
    test: TestRef | None = None


def rule_of(settings: DurationSettings) -> ChangeRule:
    """Return the rule for seconds that the settings state."""
    return ChangeRule(
        points=settings.points,
        min_points=settings.min_points,
        min_side=settings.min_side,
        alpha=settings.alpha,
        min_ratio=settings.min_ratio,
        min_change=settings.min_seconds,
    )


def levels(values: NDArray[np.float64], rule: ChangeRule) -> list[Level]:
    """Return the last change of each row of a matrix (series, points in time order) that is certain and large enough.

    The false discovery rate is controlled over all rows with enough points. Most rows never move by what a change must
    have; they are not looked at closer, which changes nothing but the time.
    """
    counts = np.isfinite(values).sum(axis=1)
    judged = counts >= rule.min_points
    rows = np.flatnonzero(judged & _moves(values, rule))
    if not len(rows):
        return []
    found = change_points(values[rows], rule)
    last = last_changes(found, int(judged.sum()))
    effect = np.maximum(found.ratio[last.index], 1 / found.ratio[last.index])
    listed = np.flatnonzero((last.q <= FDR) & (effect > rule.min_ratio))
    result = []
    for number in listed.tolist():
        entry, row = int(last.index[number]), int(rows[last.series[number]])
        before, after = float(found.before[entry]), float(found.after[entry])
        place = _settled(values[row], int(found.position[entry]), before, after, rule)
        result.append(
            Level(
                row=row,
                place=place,
                previous=int(np.flatnonzero(np.isfinite(values[row, :place]))[-1]),
                before=before,
                after=after,
                ratio=float(found.ratio[entry]),
                p=float(found.p[entry]),
                q=float(last.q[number]),
                points=min(int(counts[row]), rule.points),
            )
        )
    return result


def change(prepared: Prepared, index: int, found: Level, line: Line, named: Named) -> SeriesChange:
    """Return the change as a finding about run `index`, without its points."""
    run, previous = line.refs[found.place], line.refs[found.previous]
    days = timedelta(days=prepared.settings.analysis.duration.recent_days)
    bigger = named.bigger_is_better
    return SeriesChange(
        series=named.series,
        suite=named.suite,
        environment=named.environment,
        unit=named.unit,
        worse=None if bigger is None else (found.ratio < 1) == bigger,
        before=found.before,
        after=found.after,
        ratio=found.ratio,
        p=found.p,
        q=found.q,
        run=run,
        previous=previous,
        commits=commit_range(previous.commit, run.commit, prepared.settings.project.forge_url),
        points=found.points,
        recent=run.started_at >= prepared.runs[index].started_at - days,
        test=named.test,
    )


def ordered(found: Iterable[tuple[SeriesChange, Line]]) -> tuple[SeriesChange, ...]:
    """Return the changes, recent and worse first, then by their effect; the first 50 with their points."""
    every = sorted(found, key=lambda item: _urgency(item[0]))
    kept = [replace(item, values=series_points(line)) for item, line in every[:KEPT]]
    return (*kept, *(item for item, _ in every[KEPT:]))


def series_points(line: Line) -> tuple[SeriesPoint, ...]:
    """Return the points of a line from the first value on."""
    known = np.isfinite(line.values)
    first = int(known.argmax()) if known.any() else 0
    return tuple(
        SeriesPoint(run=ref, value=value if there else None)
        for ref, value, there in zip(
            line.refs[first:], line.values[first:].tolist(), known[first:].tolist(), strict=True
        )
    )


def _settled(row: NDArray[np.float64], place: int, before: float, after: float, rule: ChangeRule) -> int:
    """Return the first point that is nearer to the level after the change, at most 3 points from where it was found.

    The ranks of a few extreme points pull the largest sum toward the middle of a series, and a range of commits that
    ends one run too early leaves out the one that is to blame.
    """
    known = np.flatnonzero(np.isfinite(row))
    middle = int(np.searchsorted(known, place))
    reach = min(_REACH, rule.min_side - 1)
    around = known[max(middle - reach, 1) : min(middle + reach, len(known) - 1)]
    logs = np.log(np.maximum(row[around], rule.floor))
    cost = np.abs(logs - np.log(after)) - np.abs(logs - np.log(before))
    costs = np.append(np.cumsum(cost[::-1])[::-1], 0.0)  # of a change at each of these points, and after the last
    starts = np.append(around, known[min(middle + reach, len(known) - 1)])
    order = np.lexsort((np.abs(starts - place), np.round(costs, 9)))
    return int(starts[order[0]])


def _moves(values: NDArray[np.float64], rule: ChangeRule) -> NDArray[np.bool_]:
    """Return which rows ever differ by what the medians beside a change must differ by."""
    if not values.size:
        return np.zeros(len(values), dtype=bool)
    low, high = np.fmin.reduce(values, axis=1), np.fmax.reduce(values, axis=1)
    low, high = np.maximum(low, rule.floor), np.maximum(high, rule.floor)
    return np.asarray((high >= low * (rule.min_ratio * _LOOSE)) & (high - low >= rule.min_change * _LOOSE))


def _urgency(item: SeriesChange) -> tuple[bool, bool, float, str, str, str]:
    effect = max(item.ratio, 1 / item.ratio)
    return not item.recent, item.worse is not True, -effect, item.suite, item.series, item.environment
