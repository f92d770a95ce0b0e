"""What became slower or faster: durations of tests and benchmarks over the last runs (statistics, section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from generator.analysis import benchmarks, levels
from generator.analysis.levels import Line, Named
from generator.analysis.observations import environment_of
from generator.analysis.trends import branch_of, usable_run
from generator.findings import Performance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from generator.analysis.change_points import ChangeRule
    from generator.analysis.frames import Prepared
    from generator.findings import SeriesChange


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """Seconds of tests in the runs of one environment."""

    environment: str
    places: Sequence[int]
    test_ids: NDArray[np.int64]
    """Shape (tests,), ascending."""
    seconds: NDArray[np.float64]
    """Shape (tests, runs): of the final attempt where the test passed at once, NaN elsewhere."""


def build(prepared: Prepared, index: int) -> Performance:
    """Return what changed its level up to the run, on the default branch, or on its own while that one has no runs.

    Durations are those of tests that passed at the first attempt, in the last complete or incomplete runs of each
    environment; runs in which nearly everything failed are left out.
    """
    settings = prepared.settings.analysis.duration
    rule = levels.rule_of(settings)
    places = _on_branch(prepared, index, branch_of(prepared, index))
    tables = _tables(prepared, [place for place in places if usable_run(prepared.runs[place])], rule.points)
    counts = [np.isfinite(table.seconds) for table in tables]
    points = np.concatenate([np.zeros(0, dtype=np.int64), *(known.sum(axis=1) for known in counts)])
    measured = benchmarks.find(prepared, index, places)
    return Performance(
        changes=levels.ordered((*_changes(prepared, index, tables, rule), *measured.changes)),
        benchmarks=measured.benchmarks,
        judged=int((points >= rule.min_points).sum()),
        too_short=int(((points > 0) & (points < rule.min_points)).sum()),
        min_points=rule.min_points,
        recent_days=max(1, round(settings.recent_days)),
        window=rule.points,
        runs=max((int(known.any(axis=0).sum()) for known in counts), default=0),
        min_ratio=rule.min_ratio,
        min_seconds=rule.min_change,
    )


def _on_branch(prepared: Prepared, index: int, branch: str) -> list[int]:
    """Return the runs of the run's repository on a branch up to it, in run order."""
    repository = prepared.runs[index].keys[0].repository
    return [
        place
        for place, run in enumerate(prepared.runs[: index + 1])
        if run.branch == branch and run.keys[0].repository == repository
    ]


def _tables(prepared: Prepared, places: Sequence[int], most: int) -> list[_Table]:
    """Return the durations in the last `most` of these runs of each environment, by its name."""
    worlds: dict[str, list[int]] = {}
    for place in places:
        worlds.setdefault(environment_of(prepared.runs[place]), []).append(place)
    return [_table(prepared, name, worlds[name][-most:]) for name in sorted(worlds)]


def _table(prepared: Prepared, environment: str, places: Sequence[int]) -> _Table:
    """Read the durations run by run: a run's tests are sorted, and mostly those of the run before."""
    begin, end = int(prepared.starts[places[0]]), int(prepared.starts[places[-1] + 1])
    rows = prepared.outcomes.iloc[begin:end]
    passed = np.array([name == "passed" for name in rows["status"].cat.categories], dtype=bool)
    clean = passed[rows["status"].cat.codes.to_numpy()] & ~rows["flaky"].to_numpy(dtype=bool)
    taken = np.where(clean, rows["duration_s"].to_numpy(dtype=np.float64), np.nan)
    tests = rows["test_id"].to_numpy()
    spans = [slice(int(prepared.starts[place]) - begin, int(prepared.starts[place + 1]) - begin) for place in places]
    ids = np.zeros(0, dtype=np.int64)
    for span in spans:
        if not _within(tests[span], ids):
            ids = np.union1d(ids, tests[span])
    seconds = np.full((len(places), len(ids)), np.nan)
    for line, span in enumerate(spans):
        own = tests[span]
        where = slice(None) if len(own) == len(ids) else np.searchsorted(ids, own)
        seconds[line, where] = taken[span]
    return _Table(environment=environment, places=places, test_ids=ids, seconds=np.ascontiguousarray(seconds.T))


def _within(own: NDArray[np.int64], ids: NDArray[np.int64]) -> bool:
    """Whether all of `own` are among `ids`; both are ascending and distinct."""
    if len(own) == len(ids):
        return np.array_equal(own, ids)
    if len(own) > len(ids):
        return False
    places = np.minimum(np.searchsorted(ids, own), len(ids) - 1)
    return np.array_equal(ids[places], own)


def _changes(
    prepared: Prepared, index: int, tables: Sequence[_Table], rule: ChangeRule
) -> list[tuple[SeriesChange, Line]]:
    """Return the changes over all environments, judged together."""
    width = max((len(table.places) for table in tables), default=0)
    if width < rule.min_points:
        return []
    seconds = [_widened(table.seconds, width) for table in tables]
    every = seconds[0] if len(seconds) == 1 else np.concatenate(seconds)
    ends = np.cumsum([len(table.test_ids) for table in tables])
    found = levels.levels(every, rule)
    owners = np.searchsorted(ends, [level.row for level in found], side="right").tolist()
    ids = np.concatenate([table.test_ids for table in tables])
    tests = prepared.tests(int(ids[level.row]) for level in found)
    refs = [[prepared.runs[place].ref for place in table.places] for table in tables]
    result = []
    for level, owner in zip(found, owners, strict=True):
        test = tests[int(ids[level.row])]
        line = Line(refs=refs[owner], values=every[level.row, : len(refs[owner])])
        named = Named(
            series=test.key,
            suite=test.suite,
            environment=tables[owner].environment,
            unit="s",
            bigger_is_better=False,
            test=test,
        )
        result.append((levels.change(prepared, index, level, line, named), line))
    return result


def _widened(seconds: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Return the matrix with gaps after its last run, `width` runs wide."""
    gaps = np.full((len(seconds), width - seconds.shape[1]), np.nan)
    return np.hstack([seconds, gaps]) if gaps.size else seconds
