"""Benchmark series put together from what the runs told, and how they stand (statistics, section 6)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from generator.analysis import levels
from generator.analysis.change_points import BENCHMARKS, FenceRule, fence
from generator.analysis.levels import KEPT, Line, Named
from generator.analysis.observations import environment_of
from generator.analysis.prepare import same_commit
from generator.findings import Benchmark, RunRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from generator.analysis.change_points import ChangeRule, Fences
    from generator.analysis.frames import Prepared
    from generator.findings import SeriesChange
    from generator.records import Measurement, MeasurementReport

_TIME: Final = re.compile(
    r"(?:[num]?s|µs|μs|nsec|usec|msec|secs?|seconds?|mins?|minutes?|hours?)(?:/(?:op|iter|call|request))?",
    re.IGNORECASE,
)
_RATE: Final = re.compile(r".*(?:/\s?(?:[mun]?s|µs|sec|seconds?|min)|per second)|[kmg]?bps|fps|[rq]ps", re.IGNORECASE)
_FAST: Final = re.compile(r"throughput|per.second", re.IGNORECASE)
_SLOW: Final = re.compile(r"latency|duration|\b(?:time|elapsed)\b", re.IGNORECASE)


_DAY: Final = timedelta(days=1)
"""What says its time but no commit is of the run that told of it when it is no farther from its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The series as they stand, those out of line first, and their changes of level."""

    benchmarks: tuple[Benchmark, ...] = ()
    changes: tuple[tuple[SeriesChange, Line], ...] = ()


class _Key(NamedTuple):
    """What makes values comparable."""

    tool: str
    series: str
    metric: str
    unit: str
    machine: str
    environment: str


_Name = tuple[str, str]
"""Tool and series."""


class _Told(NamedTuple):
    """One measurement as one run told it."""

    key: _Key
    place: int
    at: datetime | None
    timed: bool
    """Whether the time is that of the measurement, not of the file."""
    commit: str
    value: float | None
    bigger: bool | None


@dataclass(slots=True)
class _Point:
    """One point of a series: who told of it first, when it was measured, and the newest value."""

    told: _Told
    at: datetime
    value: float | None


@dataclass(slots=True)
class _Series:
    points: dict[tuple[object, ...], _Point] = field(default_factory=dict)
    """By what makes it the same point, in the order in which they were first told."""
    bigger: bool | None = None


def find(prepared: Prepared, index: int, places: Sequence[int]) -> Measured:
    """Return the benchmark series that the last of these runs tell of, as they stood at run `index`.

    A series is one of a tool, name, metric, unit and environment. A point that is told twice counts once: by summary
    and events of one run, by the file of a history in every run, by a file that was left from an earlier run.
    """
    settings = prepared.settings.analysis.duration
    series = _series(prepared, places[-settings.points :])
    if not series:
        return Measured()
    rule = replace(levels.rule_of(settings), min_change=BENCHMARKS.min_change, floor=BENCHMARKS.floor)
    keys = sorted(series)
    refs = _Refs(prepared, places)
    lines = [_line(series[key], rule.points, refs) for key in keys]
    values = np.full((len(lines), max(len(line.refs) for line in lines)), np.nan)
    for row, line in enumerate(lines):
        values[row, : len(line.refs)] = line.values
    fences = fence(values, FenceRule(points=rule.points, min_points=rule.min_points))
    made = [_benchmark(row, key, series[key], lines[row], fences) for row, key in enumerate(keys)]
    order = sorted(range(len(made)), key=lambda row: (_urgency(made[row]), row))
    kept = [replace(made[row], values=levels.series_points(lines[row])) for row in order[:KEPT]]
    return Measured(
        benchmarks=(*kept, *(made[row] for row in order[KEPT:])),
        changes=tuple(_changes(prepared, index, [(key, series[key].bigger) for key in keys], lines, values, rule)),
    )


def bigger_is_better(unit: str, metric: str) -> bool | None:
    """Return which way is better where the report does not say it: by the unit, else by the metric, else None."""
    if _TIME.fullmatch(unit.strip()):
        return False
    if _RATE.fullmatch(unit.strip()) or _FAST.search(metric):
        return True
    return False if _SLOW.search(metric) else None


def _series(prepared: Prepared, places: Sequence[int]) -> dict[_Key, _Series]:
    """Return the series that these runs tell of; the newest run that has a value for a point is believed."""
    found: dict[_Key, _Series] = defaultdict(_Series)
    for key, group in _completed(_told(prepared, places)).items():
        one = found[key]
        for each in _each_once(group):
            one.bigger = one.bigger if each.bigger is None else each.bigger
            same = (each.at, each.commit) if each.at or each.commit else (each.place,)
            known = one.points.get(same)
            if known is None:
                one.points[same] = _Point(each, each.at or prepared.runs[each.place].started_at, each.value)
            elif each.value is not None:
                known.value = each.value
        one.bigger = bigger_is_better(key.unit, key.metric) if one.bigger is None else one.bigger
    return found


def _told(prepared: Prepared, places: Sequence[int]) -> list[_Told]:
    """Return all measurements in run order; of a history that a file holds only what its newer copies do not say."""
    by_run: list[list[_Told]] = []
    histories: dict[_Name, set[tuple[object, ...]]] = {}
    for place in reversed(places):  # the evidence of the newest runs is in memory
        environment = environment_of(prepared.runs[place])
        own: list[_Told] = []
        for report in (report for unit in prepared.evidence(place) for report in unit.measurements):
            name = (report.tool, report.path)
            if name in histories and histories[name].issuperset(map(_moment, _sample(report.measurements))):
                continue
            own += _told_by(report, place, environment)
            if len({each.commit or each.at for each in report.measurements}) > 1:
                histories.setdefault(name, set()).update(map(_moment, report.measurements))
        by_run.append(own)
    return [each for own in reversed(by_run) for each in own]


def _sample(measurements: Sequence[Measurement]) -> Sequence[Measurement]:
    """Return up to 200 of them from all over: a copy of a history is the same in between."""
    return measurements[:: len(measurements) // 200 + 1]


def _moment(each: Measurement) -> tuple[str, str, datetime | None]:
    return each.series, each.commit, each.at


def _told_by(report: MeasurementReport, place: int, environment: str) -> Iterator[_Told]:
    keys: dict[tuple[str, str, str], _Key] = {}
    for each in report.measurements:
        name = (each.series, each.metric, each.unit)
        key = keys.get(name)
        if key is None:
            key = keys[name] = _Key(report.tool, *name, report.machine, environment)
        # who states a commit but no time has measured it once: a file that was left is the same point in each run
        at = each.at or (None if each.commit else report.generated_at)
        commit = each.commit or report.commit
        yield _Told(key, place, at, each.at is not None, commit, each.value, each.bigger_is_better)


def _completed(told: Sequence[_Told]) -> dict[_Key, list[_Told]]:
    """Group by series, filling in metric and unit where a tool states only one of them for a name."""
    groups: dict[_Key, list[_Told]] = defaultdict(list)
    for each in told:
        groups[each.key].append(each)
    metrics, units = defaultdict[_Name, set[str]](set), defaultdict[_Name, set[str]](set)
    for key in groups:
        metrics[key[:2]].add(key.metric)
        units[key[:2]].add(key.unit)
    result: dict[_Key, list[_Told]] = defaultdict(list)
    for key, group in groups.items():
        metric, unit = key.metric or _only(metrics[key[:2]]), key.unit or _only(units[key[:2]])
        result[key._replace(metric=metric, unit=unit)] += group
    return result


def _only(texts: set[str]) -> str:
    """Return the one text that is not empty; empty when there are several."""
    said = texts - {""}
    return said.pop() if len(said) == 1 else ""


def _each_once(told: Iterable[_Told]) -> Iterator[_Told]:
    """Yield in run order what each run says of each commit, without what it says again elsewhere."""
    groups: dict[int, list[_Told]] = defaultdict(list)
    for each in told:
        groups[each.place].append(each)
    for place in sorted(groups):
        group = groups[place]
        stated = _only({each.commit for each in group})
        trials: dict[str, list[_Told]] = defaultdict(list)
        for each in group:
            trials[each.commit or stated].append(each)
        for trial in trials.values():
            yield from _distinct(trial)


def _distinct(trial: Sequence[_Told]) -> Iterator[_Told]:
    """Yield each time once; what says no time of its own only where its value is new, and no gap beside a value."""
    if len(trial) == 1:
        yield trial[0]
        return
    timed: dict[datetime | None, _Told] = {}
    for each in (each for each in trial if each.timed):
        if each.at not in timed or timed[each.at].value is None:
            timed[each.at] = each
    loose: dict[float | None, _Told] = {}
    for each in sorted((each for each in trial if not each.timed), key=lambda each: (not each.commit, not each.at)):
        loose.setdefault(each.value, each)
    measured = any(value is not None for value in loose)
    kept = [each for each in timed.values() if each.value is not None or not measured]
    known = {each.value for each in kept}
    yield from kept
    for value, each in loose.items():
        if value not in known and (value is not None or not (measured or kept)):
            yield each


class _Refs:
    """The run that a point was measured in; of what no run of ours measured only time and commit are known."""

    def __init__(self, prepared: Prepared, places: Sequence[int]) -> None:
        self._runs = {place: prepared.runs[place].ref for place in places}
        self._by_commit: dict[str, RunRef] = {}
        for ref in self._runs.values():
            self._by_commit.setdefault(ref.commit, ref)

    def of(self, point: _Point) -> RunRef:
        """Return the run that told of it first, else the first run of its commit, else a run without a label."""
        own, commit = self._runs[point.told.place], point.told.commit
        if same_commit(own.commit, commit) if commit else abs(point.at - own.started_at) <= _DAY:
            return own
        known = self._by_commit.get(commit) if commit else None
        return known or RunRef(label="", started_at=point.at, commit=commit, branch=own.branch)


def _line(series: _Series, most: int, refs: _Refs) -> Line:
    """Return the last points in the order of their time."""
    points = sorted(series.points.values(), key=lambda point: point.at)[-most:]
    values: NDArray[np.float64] = np.array([point.value for point in points], dtype=np.float64)
    return Line(refs=[refs.of(point) for point in points], values=values)


def _title(key: _Key) -> str:
    """Return the name of a series with its metric, unless the name says it."""
    return key.series if not key.metric or key.metric in key.series else f"{key.series} ({key.metric})"


def _environment(key: _Key) -> str:
    return ", ".join(filter(None, (key.environment, key.machine)))


def _benchmark(row: int, key: _Key, series: _Series, line: Line, fences: Fences) -> Benchmark:
    moved = _known(fences.change[row])
    return Benchmark(
        series=_title(key),
        tool=key.tool,
        environment=_environment(key),
        unit=key.unit,
        last=_known(line.values[-1]),
        usual=_known(fences.before[row]),
        change=moved,
        fence=_known(fences.fence[row]),
        outside=bool(fences.outside[row]),
        worse=None if series.bigger is None or not moved else (moved < 0) == series.bigger,
        points=int(fences.points[row]),
        run=line.refs[-1],
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _urgency(item: Benchmark) -> tuple[bool, bool, float]:
    """Order by what is out of line, and for the worse; then by the size of the change."""
    return not item.outside, item.worse is not True, -abs(item.change or 0.0)


def _changes(
    prepared: Prepared,
    index: int,
    named: Sequence[tuple[_Key, bool | None]],
    lines: Sequence[Line],
    values: NDArray[np.float64],
    rule: ChangeRule,
) -> Iterator[tuple[SeriesChange, Line]]:
    """Yield the changes of level; a series that goes below zero has no ratios."""
    positive = np.where(np.any(np.nan_to_num(values) < 0, axis=1, keepdims=True), np.nan, values)
    for level in levels.levels(positive, rule):
        key, bigger = named[level.row]
        name = Named(
            series=_title(key),
            suite=key.tool,
            environment=_environment(key),
            unit=key.unit,
            bigger_is_better=bigger,
        )
        line = lines[level.row]
        made = levels.change(prepared, index, level, line, name)
        yield replace(made, before=_above(made.before, rule), after=_above(made.after, rule)), line


def _above(value: float, rule: ChangeRule) -> float:
    """Return a median, 0 where it only stands at the floor of the rule."""
    return value if value > rule.floor else 0.0
