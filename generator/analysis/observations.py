"""What tests came to in one environment, commit by commit: what rates are taken from (statistics, section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from generator.analysis.frames import BAD, COMPARABLE
from generator.analysis.grid import ABSENT, executed_states, grid
from generator.analysis.trends import infrastructure
from generator.findings import RunState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from generator.analysis.frames import Prepared
    from generator.findings import RunFacts

FAILED: Final = 2
"""A test that failed on a commit, in `first`."""

PASSED: Final = 1
"""A test that passed on a commit, in `first`."""

_USED: Final = COMPARABLE | {RunState.PARTIAL}
"""States of the runs that say something about their tests."""

_DAY: Final = 86_400.0

EXCUSED_FAILURES: Final = 2
"""Failures of a run that count whatever their share is: in a small run one of four is no broken machine."""

SHORTEST_COMMIT: Final = 7
"""Fewest digits by which a commit is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """Outcomes of some tests by commit; one trial a commit, however often it was run."""

    environment: str
    """Profile and systems of the runs; empty when they say neither."""
    test_ids: NDArray[np.int64]
    """Shape (tests,), ascending."""
    runs: tuple[tuple[int, ...], ...]
    """For each commit the positions in `Prepared.runs` of its runs, oldest first; a run without a commit is alone."""
    times: NDArray[np.float64]
    """Shape (commits,): when its first run began, in days since 1970, ascending."""
    passes: NDArray[np.int32]
    """Shape (commits, tests): runs and attempts in which the test passed."""
    fails: NDArray[np.int32]
    """Shape (commits, tests): runs and attempts in which it failed."""
    first: NDArray[np.int8]
    """Shape (commits, tests): the first attempt in the first run of the commit that ran it; 0 where none did."""


def usable(prepared: Prepared, index: int, *, branch: str | None) -> list[int]:
    """Return the positions up to `index` of the runs of the run's repository that rates may be taken from.

    `branch`: of this branch only; None: of any. Runs in which nearly everything failed are no evidence about a test.
    """
    repository = prepared.runs[index].keys[0].repository
    return [
        place
        for place, run in enumerate(prepared.runs[: index + 1])
        if run.keys[0].repository == repository
        and run.state in _USED
        and (branch is None or run.branch == branch)
        and not infrastructure(run)
    ]


def doubtful(prepared: Prepared, places: Sequence[int]) -> NDArray[np.int64]:
    """Return the tests that failed, or passed only when tried again, in any of these runs: all others are clean."""
    if not len(places):
        return np.zeros(0, dtype=np.int64)
    first, last = int(prepared.starts[min(places)]), int(prepared.starts[max(places) + 1])
    rows = prepared.outcomes.iloc[first:last]
    chosen = np.zeros(len(prepared.runs), dtype=bool)
    chosen[list(places)] = True
    categories = rows["status"].cat.categories
    bad = np.array([name in BAD for name in categories], dtype=bool)[rows["status"].cat.codes.to_numpy()]
    hit = (bad | rows["flaky"].to_numpy(dtype=bool)) & chosen[rows["run"].to_numpy()]
    return np.unique(rows["test_id"].to_numpy()[hit])


def observe(
    prepared: Prepared, places: Sequence[int], test_ids: NDArray[np.int64], *, only_trusted: bool = False
) -> tuple[Observations, ...]:
    """Return the outcomes of these tests in these runs, an item for each environment, by name.

    `only_trusted`: failures of a run in which many tests failed do not count, because the machine may be to blame.
    """
    ordered = sorted(places)
    labels = canonical(prepared.runs[place].commit for place in ordered)
    worlds: dict[str, list[int]] = {}
    for place in ordered:
        worlds.setdefault(environment_of(prepared.runs[place]), []).append(place)
    return tuple(
        _observed(prepared, name, worlds[name], test_ids, labels, only_trusted=only_trusted) for name in sorted(worlds)
    )


def environment_of(run: RunFacts) -> str:
    """Return what two runs must share for their outcomes to be compared: profile and systems."""
    systems = sorted({part.os.split()[0] for part in run.parts if part.os.strip()})
    return " ".join(filter(None, [run.profile, *systems]))


def canonical(commits: Iterable[str]) -> dict[str, str]:
    """Return for each commit the longest form it is known by: a short id stands for the full one it begins."""
    known: dict[str, list[str]] = {}
    result: dict[str, str] = {}
    for commit in sorted(set(commits), key=lambda text: (-len(text), text)):
        own = commit.lower()
        begins_alike = known.setdefault(own[:SHORTEST_COMMIT], [])
        longer = [other for other in begins_alike if len(own) >= SHORTEST_COMMIT and other.startswith(own)]
        result[commit] = longer[0] if len(longer) == 1 else own
        if len(longer) != 1:
            begins_alike.append(own)
    return result


def trusted(run: RunFacts) -> bool:
    """Whether a failure in this run says something about the test and not about the machine."""
    tally = run.tally
    return run.state is RunState.PARTIAL or tally.bad <= EXCUSED_FAILURES or 5 * tally.bad <= tally.executed


def in_days(runs: Iterable[RunFacts]) -> NDArray[np.float64]:
    """Return when runs began, in days since 1970."""
    return np.array([run.started_at.timestamp() / _DAY for run in runs], dtype=np.float64)


def _observed(
    prepared: Prepared,
    name: str,
    places: list[int],
    test_ids: NDArray[np.int64],
    labels: dict[str, str],
    *,
    only_trusted: bool,
) -> Observations:
    found = grid(prepared, places, test_ids)
    states = executed_states(prepared, found)
    there = found.rows != ABSENT
    flaky = np.zeros(found.rows.shape, dtype=bool)
    flaky[there] = prepared.outcomes["flaky"].to_numpy(dtype=bool)[found.rows[there]]
    heard = np.array([trusted(prepared.runs[place]) or not only_trusted for place in places], dtype=bool)[:, None]
    failed = ((states == FAILED) | flaky) & heard
    passed = states == PASSED
    groups = _commits(prepared, places, labels)
    starts = np.array([rows[0] for rows in groups], dtype=np.int64)
    times = in_days(prepared.runs[places[start]] for start in starts.tolist())
    shape = (len(groups), len(found.test_ids))
    passes, fails = np.zeros(shape, dtype=np.int32), np.zeros(shape, dtype=np.int32)
    first = np.zeros(shape, dtype=np.int8)
    for commit, rows in enumerate(groups):
        passes[commit] = passed[rows].sum(axis=0)
        fails[commit] = failed[rows].sum(axis=0)
        for row in reversed(rows):
            attempt = np.where(failed[row], FAILED, np.where(passed[row], PASSED, 0))
            first[commit] = np.where(attempt > 0, attempt, first[commit])
    return Observations(
        environment=name,
        test_ids=found.test_ids,
        runs=tuple(tuple(places[row] for row in rows) for rows in groups),
        times=times,
        passes=passes,
        fails=fails,
        first=first,
    )


def _commits(prepared: Prepared, places: Sequence[int], labels: dict[str, str]) -> list[list[int]]:
    """Return the rows of each commit, in the order of their first runs."""
    groups: dict[str, list[int]] = {}
    for row, place in enumerate(places):
        commit = prepared.runs[place].commit
        groups.setdefault(labels[commit] if commit else f"run {place}", []).append(row)
    return list(groups.values())


def executed(found: Observations) -> NDArray[np.bool_]:
    """Return, shaped (commits, tests), where a test has an outcome."""
    return (found.passes + found.fails) > 0
