"""From a failure to the pass that ends it: the episodes of each test (statistics, section 9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

OPEN: Final = 0
"""State of an episode whose test has not passed since."""

CLOSED: Final = 1
"""State of an episode that a pass ended, or several in a row of a flaky test."""

WITHDRAWN: Final = 2
"""State of an open episode whose test is gone: no time to restore, but counted."""

NEVER: Final = -1
"""Closing run of an episode that no run closed."""

_PASSED: Final = 1
_FAILED: Final = 2
_DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeRule:
    """Thresholds of episodes; the defaults are those of statistics, section 9."""

    flaky_passes: int = 3
    """Passes in a row that close the episode of a flaky test; one closes that of any other."""
    withdrawn_days: float = 14.0
    """After so many days without an execution an open episode counts as withdrawn."""


RULE: Final = EpisodeRule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Episodes:
    """One element an episode, by test and then by opening run; tests and runs are positions in the matrix."""

    test: NDArray[np.int64]
    opened: NDArray[np.int64]
    """First failing run."""
    closed: NDArray[np.int64]
    """The run whose pass closed it, or `NEVER`."""
    seen: NDArray[np.int64]
    """Last run of the episode in which the test was executed."""
    state: NDArray[np.int8]
    """`OPEN`, `CLOSED` or `WITHDRAWN`, as of now."""
    opened_at: NDArray[np.float64]
    """Seconds."""
    closed_at: NDArray[np.float64]
    """Seconds, NaN unless closed."""


def find(states: ArrayLike, times: ArrayLike, flaky: ArrayLike, *, now: float, rule: EpisodeRule = RULE) -> Episodes:
    """Return the episodes of all tests as of `now`, from states of shape (runs, tests) in run order.

    States are 2 failed, 1 passed, 0 not executed (`grid.executed_states`); `times` are the finish times of the runs and
    `now` a time, all in seconds; `flaky` says of each test whether it is labelled flaky. A run in which a test was not
    executed neither opens nor closes, nor does it break a row of passes. An open episode is withdrawn when runs
    followed the test's last execution and that is at least 14 days ago: where nothing ran, nothing is absent. Give only
    runs that could have executed the tests. A withdrawn episode whose test comes back goes on. Raises `ValueError` for
    shapes that do not fit and for other states (statistics, section 9).
    """
    given, finished, lenient = _checked(states, times, flaky)
    columns = np.flatnonzero((given == _FAILED).any(axis=0))
    table = given[:, columns]
    test, opened, closed = _spells(table, np.where(lenient[columns], rule.flaky_passes, 1))
    ended = closed != NEVER
    runs = len(table)
    last = np.where(table > 0, np.arange(runs)[:, None], 0).max(axis=0, initial=0)
    seen = np.where(ended, closed, last[test])
    gone = ~ended & (seen < runs - 1) & (now - finished[seen] >= rule.withdrawn_days * _DAY)
    order = np.lexsort((opened, test))
    return Episodes(
        test=columns[test][order],
        opened=opened[order],
        closed=closed[order],
        seen=seen[order],
        state=np.where(ended, CLOSED, np.where(gone, WITHDRAWN, OPEN)).astype(np.int8)[order],
        opened_at=finished[opened][order],
        closed_at=np.where(ended, finished[closed], np.nan)[order],
    )


def spans(found: Episodes, *, now: float, since: float = -np.inf) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the durations in seconds, and which of them are still open, of the episodes open at `since` or later.

    They are what `survival.kaplan_meier` takes. Those still open last until `now`; withdrawn ones are left out. An
    episode that opened before `since` counts with its whole length if it was open then (statistics, section 9).
    """
    still_open = found.state == OPEN
    before = found.closed_at < since  # an unknown time is not: whoever takes the durations counts those it leaves out
    counted = still_open | ((found.state == CLOSED) & ~before)
    lasted = np.where(still_open, now, found.closed_at) - found.opened_at
    return lasted[counted], still_open[counted]


def _checked(
    states: ArrayLike, times: ArrayLike, flaky: ArrayLike
) -> tuple[NDArray[np.int8], NDArray[np.float64], NDArray[np.bool_]]:
    given = np.asarray(states)
    finished, lenient = np.asarray(times, dtype=np.float64), np.asarray(flaky, dtype=np.bool_)
    if given.ndim != 2 or (finished.shape, lenient.shape) != ((given.shape[0],), (given.shape[1],)):
        raise ValueError(f"states {given.shape}, times {finished.shape} and flags {lenient.shape} do not fit")
    if not np.isin(given, (0, _PASSED, _FAILED)).all():
        raise ValueError("a state is 2 (failed), 1 (passed) or 0 (not executed)")
    return given.astype(np.int8, copy=False), finished, lenient


def _spells(
    table: NDArray[np.int8], needed: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return test, opening run and closing run or `NEVER` of each episode; one step a run, all tests at once."""
    tests = table.shape[1]
    began = np.full(tests, NEVER, dtype=np.int64)
    row = np.zeros(tests, dtype=np.int64)
    parts = []
    for run, line in enumerate(table):
        failed, passed = line == _FAILED, line == _PASSED
        began[failed & (began == NEVER)] = run
        row[passed] += 1
        row[failed] = 0
        over = np.flatnonzero(passed & (began != NEVER) & (row >= needed))
        parts.append((over, began[over], np.full(len(over), run, dtype=np.int64)))
        began[over] = NEVER
    left = np.flatnonzero(began != NEVER)
    parts.append((left, began[left], np.full(len(left), NEVER, dtype=np.int64)))
    test, opened, closed = (np.concatenate(column) for column in zip(*parts, strict=True))
    return test, opened, closed
