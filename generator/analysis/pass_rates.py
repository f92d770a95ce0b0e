"""Which tests pass less often, or more often, than they did in the base (statistics, section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from generator.analysis.frames import EXECUTED
from generator.analysis.grid import executed_states, grid
from generator.analysis.observations import FAILED, doubtful, environment_of, executed, observe, usable
from generator.analysis.rate_windows import windows
from generator.analysis.rates import fisher_right, wilson
from generator.analysis.regression import (
    NEVER,
    Lack,
    RegressionRule,
    Verdict,
    counts,
    first_detected,
    judge,
    sample_window,
)
from generator.analysis.trends import branch_of
from generator.findings import PassRate, PassRates, RateVerdict, Share

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from generator.analysis.frames import Prepared
    from generator.analysis.observations import Observations
    from generator.analysis.rate_windows import Windows
    from generator.analysis.regression import Judgement, Window
    from generator.findings import RunRef

FAILING_RUNS: Final = 20
"""Most runs that are named behind a number."""

_VERDICTS: Final = {
    Verdict.NOT_ENOUGH_DATA: RateVerdict.NOT_ENOUGH_DATA,
    Verdict.UNCHANGED: RateVerdict.UNCHANGED,
    Verdict.IMPROVEMENT: RateVerdict.IMPROVEMENT,
    Verdict.REGRESSION: RateVerdict.REGRESSION,
    Verdict.EXTREME_REGRESSION: RateVerdict.EXTREME_REGRESSION,
    Verdict.NEW_TEST_FAILING: RateVerdict.NEW_TEST_FAILING,
}
_LACKS: Final = {Lack.BASE_RUNS: "base runs", Lack.SAMPLE_RUNS: "sample runs", Lack.FAILURES: "failures"}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """The doubtful tests in one environment: counts of shape (tests,), outcomes of shape (commits, tests)."""

    seen: Observations
    failed: NDArray[np.bool_]
    ran: NDArray[np.bool_]
    base_commits: int
    f1: NDArray[np.int64]
    n1: NDArray[np.int64]
    f2: NDArray[np.int64]
    n2: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdicts:
    """What became of the tests of all environments, one environment after the other; arrays of shape (pairs,)."""

    judged: Judgement
    verdict: NDArray[np.int8]
    lack: NDArray[np.int8]
    since: NDArray[np.int64]
    """Numbers of window ends, or `NEVER`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """The verdicts on some of them."""

    verdict: NDArray[np.int8]
    lack: NDArray[np.int8]
    since: NDArray[np.int64]
    rose: NDArray[np.bool_]
    drop: NDArray[np.float64]
    p: NDArray[np.float64]
    q: NDArray[np.float64]


def build(prepared: Prepared, index: int) -> PassRates | None:
    """Return which tests of the default branch pass less or more often than in the base; None without any result.

    One commit is one trial: a test that passed in any of its runs passed. The sample ends with the run. The false
    discovery rate is controlled over the candidates of all environments together.
    """
    branch = branch_of(prepared, index)
    places = usable(prepared, index, branch=branch)
    if not any(prepared.runs[place].tally.executed for place in places):
        return None
    rule = RegressionRule(**prepared.settings.analysis.regression.model_dump())
    found = windows(prepared, index, rule, places)
    worlds = _worlds(prepared, found)
    verdicts = _verdicts(worlds, found, rule)
    rates = _rates(prepared, worlds, verdicts, found)
    open_ones = [rate for rate in rates if rate.verdict is RateVerdict.NOT_ENOUGH_DATA]
    changes = [rate for rate in rates if rate.verdict is not RateVerdict.NOT_ENOUGH_DATA]
    return PassRates(
        branch=branch,
        base_name=found.base_name,
        base_from=_moment(found.base[0]) if found.base else None,
        base_until=_moment(found.base[1]) if found.base else None,
        sample_from=_moment(found.sample[0]),
        sample_until=_moment(found.sample[1]),
        base_commits=len({trial.commit for trial in found.before}),
        sample_commits=len({trial.commit for trial in found.inside}),
        tests=_tests(prepared, [trial.place for trial in found.inside]),
        candidates=int(verdicts.judged.candidate.sum()),
        changes=tuple(sorted(changes, key=_order_of_change)),
        undecided=tuple(sorted(open_ones, key=_order_of_undecided)),
        fdr=rule.fdr,
        min_base_runs=rule.min_base_runs,
        min_sample_runs=rule.min_sample_runs,
        min_new_runs=rule.new_test_runs,
        min_total_failures=rule.min_total_failures,
        looks=rule.looks,
    )


def _worlds(prepared: Prepared, found: Windows) -> list[_World]:
    """Return the outcomes of the tests that failed anywhere: any other one is unchanged, and no candidate."""
    before, recent = ([trial.place for trial in trials] for trials in (found.before, found.recent))
    test_ids = doubtful(prepared, before + recent)
    if not len(test_ids):
        return []
    bases = {seen.environment: seen for seen in observe(prepared, before, test_ids)}
    return [_world(seen, bases.get(seen.environment), found.sample) for seen in observe(prepared, recent, test_ids)]


def _world(seen: Observations, base: Observations | None, sample: Window) -> _World:
    failed, ran = _outcomes(seen)
    f2, n2 = counts(failed, ran, seen.times, sample)
    f1 = n1 = np.zeros(len(seen.test_ids), dtype=np.int64)
    if base is not None:
        f1, n1 = (matrix.sum(axis=0, dtype=np.int64) for matrix in _outcomes(base))
    commits = len(base.runs) if base is not None else 0
    return _World(seen=seen, failed=failed, ran=ran, base_commits=commits, f1=f1, n1=n1, f2=f2, n2=n2)


def _outcomes(seen: Observations) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return, shaped (commits, tests), where a test failed and never passed, and where it ran."""
    return (seen.fails > 0) & (seen.passes == 0), executed(seen)


def _verdicts(worlds: Sequence[_World], found: Windows, rule: RegressionRule) -> _Verdicts:
    """Judge the tests of all environments as one family.

    A test is new only where the base has commits enough to show that it was not there yet.
    """
    f1, n1, f2, n2 = (_joined([getattr(world, name) for world in worlds]) for name in ("f1", "n1", "f2", "n2"))
    judged = judge(f1, n1, f2, n2, rule)
    known = _joined([np.full(len(world.f1), world.base_commits) for world in worlds]) >= rule.min_base_runs
    absent = n1 == 0
    doubted = judged.new_test_failing & ~known
    lack = judged.lack.copy()
    lack[absent & known & (n2 < rule.new_test_runs) & (lack > 0)] = Lack.SAMPLE_RUNS
    lack[absent & ~known] = Lack.BASE_RUNS
    lack[absent & ~known & (n2 < rule.min_sample_runs)] |= Lack.SAMPLE_RUNS
    return _Verdicts(
        judged=judged,
        verdict=np.where(doubted, np.int8(Verdict.NOT_ENOUGH_DATA), judged.verdict),
        lack=lack,
        since=_since(worlds, judged, found, rule),
    )


def _since(worlds: Sequence[_World], judged: Judgement, found: Windows, rule: RegressionRule) -> NDArray[np.int64]:
    """Return for each test the number of the window end since which it is a regression, or `NEVER`.

    Only sums between the edges of the windows matter, so all commits between two edges become one row: environments
    have different commits, and are still one family at each end.
    """
    if not judged.regression.any():
        return np.full(len(judged.regression), NEVER, dtype=np.int64)
    base = (found.edge - 1, found.edge)
    edges = np.unique([found.edge, *found.ends, *(sample_window(end, base, rule)[0] for end in found.ends)])
    fails = np.hstack([_summed(edges, world, world.failed, world.f1) for world in worlds])
    runs = np.hstack([_summed(edges, world, world.ran, world.n1) for world in worlds])
    return first_detected(fails, runs, edges, base=base, ends=found.ends, rule=rule)


def _summed(
    edges: NDArray[np.float64], world: _World, matrix: NDArray[np.bool_], base: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Return, shaped (edges, tests), the sums of the commits after the edge before and up to each; first the base."""
    sums = np.zeros((len(edges), matrix.shape[1]), dtype=np.int32)
    rows = np.searchsorted(edges, world.seen.times)
    for row in np.unique(rows).tolist():
        sums[row] = matrix[rows == row].sum(axis=0)
    sums[0] = base
    return sums


def _rates(prepared: Prepared, worlds: Sequence[_World], verdicts: _Verdicts, found: Windows) -> list[PassRate]:
    """Return the tests that changed and those that failed in the sample but cannot be judged."""
    failed = _joined([world.f2 for world in worlds]) > 0
    told = (verdicts.verdict != Verdict.UNCHANGED) & (failed | (verdicts.verdict != Verdict.NOT_ENOUGH_DATA))
    rates: list[PassRate] = []
    begin = 0
    for world in worlds:
        columns = np.flatnonzero(told[begin : begin + len(world.f1)])
        if len(columns):
            rates += _of_world(prepared, world, columns, _parts(verdicts, begin + columns), found)
        begin += len(world.f1)
    return rates


def _of_world(
    prepared: Prepared, world: _World, columns: NDArray[np.int64], parts: _Parts, found: Windows
) -> list[PassRate]:
    f1, n1, f2, n2 = (numbers[columns] for numbers in (world.f1, world.n1, world.f2, world.n2))
    p = np.where(parts.rose, fisher_right(f2, n2, f1, n1), parts.p)
    test_ids = world.seen.test_ids[columns].tolist()
    tests = prepared.tests(test_ids)
    failing = _failing(prepared, world, columns, found.sample)
    since = [_run_at(prepared, world.seen, number, found.ends) for number in parts.since.tolist()]
    return [
        PassRate(
            test=tests[test_id],
            environment=world.seen.environment,
            verdict=_VERDICTS[Verdict(int(parts.verdict[place]))],
            base=base,
            sample=sample,
            drop=_number(parts.drop[place]),
            p=_number(p[place]),
            q=_number(parts.q[place]),
            since=since[place],
            failing=failing[place],
            lack=tuple(name for flag, name in _LACKS.items() if parts.lack[place] & flag),
        )
        for place, (test_id, base, sample) in enumerate(zip(test_ids, _shares(f1, n1), _shares(f2, n2), strict=True))
    ]


def _parts(verdicts: _Verdicts, pairs: NDArray[np.int64]) -> _Parts:
    judged = verdicts.judged
    rose = judged.improvement[pairs]
    return _Parts(
        verdict=verdicts.verdict[pairs],
        lack=verdicts.lack[pairs],
        since=verdicts.since[pairs],
        rose=rose,
        drop=judged.drop[pairs],
        p=judged.p[pairs],
        q=np.where(rose, judged.improvement_q[pairs], judged.q[pairs]),
    )


def _failing(prepared: Prepared, world: _World, columns: NDArray[np.int64], sample: Window) -> list[tuple[RunRef, ...]]:
    """Return for each test the runs of the sample in which it failed, newest first; those of failed commits only."""
    commits = np.flatnonzero(world.seen.times > sample[0]).tolist()
    owner = {place: commit for commit in commits for place in world.seen.runs[commit]}
    places = sorted(owner, reverse=True)
    failed = executed_states(prepared, grid(prepared, places, world.seen.test_ids[columns])) == FAILED
    failed &= world.failed[np.ix_([owner[place] for place in places], columns.tolist())]
    refs = [prepared.runs[place].ref for place in places]
    return [tuple(refs[row] for row in np.flatnonzero(line)[:FAILING_RUNS].tolist()) for line in failed.T]


def _run_at(prepared: Prepared, seen: Observations, number: int, ends: Sequence[float]) -> RunRef | None:
    """Return the newest commit's first run in this environment at a window end."""
    if number == NEVER:
        return None
    commit = int(np.searchsorted(seen.times, ends[number], side="right")) - 1
    return prepared.runs[seen.runs[commit][0]].ref


def _tests(prepared: Prepared, places: Iterable[int]) -> int:
    """Return how many tests have an outcome in these runs, each environment counted for itself."""
    ids = prepared.outcomes["test_id"].to_numpy()
    status = prepared.outcomes["status"].cat
    ran = np.array([name in EXECUTED for name in status.categories], dtype=bool)[status.codes.to_numpy()]
    worlds: dict[str, list[NDArray[np.int64]]] = {}
    for place in places:
        rows = slice(int(prepared.starts[place]), int(prepared.starts[place + 1]))
        worlds.setdefault(environment_of(prepared.runs[place]), []).append(ids[rows][ran[rows]])
    return sum(len(pd.unique(np.concatenate(each))) for each in worlds.values())


def _shares(failed: NDArray[np.int64], runs: NDArray[np.int64]) -> list[Share]:
    interval = wilson(failed, runs)
    return [
        Share(failed=count, runs=trials, low=_number(low), high=_number(high))
        for count, trials, low, high in zip(
            failed.tolist(), runs.tolist(), interval.low.tolist(), interval.high.tolist(), strict=True
        )
    ]


def _order_of_change(rate: PassRate) -> tuple[bool, float, str, str]:
    """Bad news first, the largest change first; a new test counts with all that it failed."""
    size = rate.sample.rate if rate.drop is None else abs(rate.drop)
    return (not rate.verdict.worse, -(size or 0.0), rate.test.key, rate.environment)


def _order_of_undecided(rate: PassRate) -> tuple[int, int, str, str]:
    return (-rate.sample.failed, rate.sample.runs, rate.test.key, rate.environment)


def _joined(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _number(value: float) -> float | None:
    """Return the number with the digits that mean something, None for NaN."""
    return None if np.isnan(value) else float(f"{value:.8g}")


def _moment(day: float) -> datetime:
    return _EPOCH + timedelta(seconds=round(day * 86_400, 3))
