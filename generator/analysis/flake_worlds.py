"""Outcomes of doubtful tests in each environment, with what is no evidence set aside (statistics, section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from generator.analysis.flake_labels import FAIL, PASS, infrastructure_runs
from generator.analysis.grid import ABSENT, executed_states, grid
from generator.analysis.observations import (
    FAILED,
    PASSED,
    SHORTEST_COMMIT,
    canonical,
    doubtful,
    environment_of,
    in_days,
    usable,
)
from generator.analysis.trends import branch_of
from generator.findings import RunState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from generator.analysis.flake_labels import FlakyRule
    from generator.analysis.frames import Prepared
    from generator.findings import RunFacts

DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One environment: matrices of (runs, tests), oldest run first, and how the runs belong to commits."""

    environment: str
    places: tuple[int, ...]
    """Positions of the runs in `Prepared.runs`."""
    test_ids: NDArray[np.int64]
    rows: NDArray[np.int64]
    """Row of each outcome, or `ABSENT`."""
    passed: NDArray[np.bool_]
    """It passed, at once or in the end."""
    smooth: NDArray[np.bool_]
    """It passed at once."""
    failed: NDArray[np.bool_]
    """It failed to the end, in a run that is trusted."""
    retried: NDArray[np.bool_]
    """It passed only when tried again, in a run that is trusted."""
    unheard: NDArray[np.bool_]
    """It failed to the end, in a run in which so much failed that the machine may be to blame."""
    main: NDArray[np.bool_]
    """Shape (runs,): whether the run is in the series of the default branch."""
    own: NDArray[np.bool_]
    """Shape (runs,): whether the run is on the branch of the run that is looked at."""
    commit: NDArray[np.int64]
    """Shape (runs,): the commit of each run, numbered in the order of their first runs."""
    commits: tuple[str, ...]
    """By number; empty for a run without a commit, which stands alone."""
    times: NDArray[np.float64]
    """Shape (commits,): when the first run began, in days since 1970."""

    def by_commit(self, happened: NDArray[np.bool_], runs: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
        """Return, shaped (commits, tests), on which commits it happened in any run, or in any of these runs."""
        found = np.zeros((len(self.commits), happened.shape[1]), dtype=np.bool_)
        for place in range(len(self.places)) if runs is None else np.flatnonzero(runs).tolist():
            found[self.commit[place]] |= happened[place]
        return found

    def first(self) -> NDArray[np.int8]:
        """Return, shaped (commits, tests), the first attempt on the default branch: 2 failed, 1 passed, 0 none."""
        found = np.zeros((len(self.commits), len(self.test_ids)), dtype=np.int8)
        for place in np.flatnonzero(self.main)[::-1].tolist():
            row, bad = int(self.commit[place]), self.failed[place] | self.retried[place]
            attempt = np.where(bad, np.int8(FAIL), np.where(self.smooth[place], np.int8(PASS), np.int8(0)))
            found[row] = np.where(attempt > 0, attempt, found[row])
        return found


def window(prepared: Prepared, index: int, rule: FlakyRule) -> list[int]:
    """Return the positions of the runs of the run's repository in the last days or commits that count, oldest first."""
    run = prepared.runs[index]
    repository, now = run.keys[0].repository, run.started_at.timestamp()
    commits: set[str] = set()
    found: list[int] = []
    for place in range(index, -1, -1):
        other = prepared.runs[place]
        if other.keys[0].repository != repository:
            continue
        young = now - other.started_at.timestamp() <= rule.window_days * DAY
        commits.add(other.commit[:SHORTEST_COMMIT])
        if not young and len(commits - {""}) > rule.window_commits:
            break
        if young or other.commit:
            found.append(place)
    return found[::-1]


def worlds(prepared: Prepared, index: int, places: Sequence[int], rule: FlakyRule) -> Iterator[World]:
    """Yield the environments of these runs by name, with the tests that failed or were retried in any of the runs.

    Runs that failed as a whole are left out, but for re-runs of failures, in which much fails again.
    """
    kept = [place for place in places if not _mass_failure(prepared.runs[place], rule)]
    tests = doubtful(prepared, kept)
    if not len(tests):
        return
    labels = canonical(prepared.runs[place].commit for place in places)
    series = frozenset(usable(prepared, index, branch=branch_of(prepared, index)))
    branch = prepared.runs[index].branch
    groups: dict[str, list[int]] = {}
    for place in kept:
        groups.setdefault(environment_of(prepared.runs[place]), []).append(place)
    for name in sorted(groups):
        yield _world(prepared, name, groups[name], tests, labels, rule, series=series, branch=branch)


def trusted(run: RunFacts, rule: FlakyRule) -> bool:
    """Whether a failure in this run says something about the test: at most 20 % failed, or two, or it is a re-run."""
    share = Fraction(str(rule.max_run_fail_share))
    few = run.tally.bad <= rule.excused_failures
    return few or run.state is RunState.PARTIAL or run.tally.bad <= share * run.tally.executed


def _mass_failure(run: RunFacts, rule: FlakyRule) -> bool:
    tally = run.cases if run.cases.executed else run.targets
    mass = infrastructure_runs(np.array([tally.executed]), np.array([tally.bad]), rule)
    return run.state is not RunState.PARTIAL and bool(mass[0])


def _world(  # noqa: PLR0913  what all environments share
    prepared: Prepared,
    name: str,
    places: list[int],
    tests: NDArray[np.int64],
    labels: dict[str, str],
    rule: FlakyRule,
    *,
    series: frozenset[int],
    branch: str,
) -> World:
    runs = [prepared.runs[place] for place in places]
    found = grid(prepared, places, tests)
    states = executed_states(prepared, found)
    again = np.zeros(found.rows.shape, dtype=np.bool_)
    there = found.rows != ABSENT
    again[there] = prepared.outcomes["flaky"].to_numpy(dtype=np.bool_)[found.rows[there]]
    heard = np.array([trusted(run, rule) for run in runs], dtype=np.bool_)[:, None]
    passed, failed = states == PASSED, states == FAILED
    known: dict[str, int] = {}
    commit = [
        known.setdefault(labels[run.commit] if run.commit else f"run {place}", len(known))
        for run, place in zip(runs, places, strict=True)
    ]
    firsts = [commit.index(number) for number in range(len(known))]
    return World(
        environment=name,
        places=tuple(places),
        test_ids=found.test_ids,
        rows=found.rows,
        passed=passed,
        smooth=passed & ~again,
        failed=failed & heard,
        retried=again & heard,
        unheard=failed & ~heard,
        main=np.array([place in series for place in places], dtype=np.bool_),
        own=np.array([run.branch == branch for run in runs], dtype=np.bool_),
        commit=np.array(commit, dtype=np.int64),
        commits=tuple(labels[runs[first].commit] if runs[first].commit else "" for first in firsts),
        times=in_days(runs[first] for first in firsts),
    )
