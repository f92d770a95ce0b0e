"""Labels of flaky tests of one environment: same-commit disagreement first, flips second (statistics, section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from generator.analysis.rates import jeffreys_interval, jeffreys_rate

if TYPE_CHECKING:
    from numpy.typing import NDArray

BROKEN: Final = 0
FLAKY: Final = 1
SUSPECTED: Final = 2
HEALTHY: Final = 3

LABELS: Final = ("broken", "flaky", "suspected", "healthy")
"""The word of each code, in the order in which the rules are tried."""

PASS: Final = 1
FAIL: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class FlakyRule:
    """Thresholds of the labels (statistics, section 5)."""

    window_days: float = 14.0
    """How far back evidence counts …"""
    window_commits: int = 60
    """… or this many commits, whichever reaches further."""
    min_flake_commits: int = 1
    derate_min_flake_commits: int = 2
    """Fewest disagreeing commits before a gate may listen less to the test, or a quarantine is proposed."""
    min_executed: int = 10
    """Fewest first attempts for a flip rate and for a suspicion."""
    suspect_excursions: int = 2
    broken_streak: int = 3
    recover_commits: int = 5
    recover_days: float = 7.0
    max_run_fail_share: float = 0.2
    """From this share of failures on, a run says nothing about its tests …"""
    excused_failures: int = 2
    """… unless it has no more than these: in a small run one of four is no broken machine."""
    infra_min_executed: int = 20
    infra_fail_share: float = 0.8


_DEFAULTS: Final = FlakyRule()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlakeLabels:
    """What the window says about each test; every array has one entry a test, in the order of the columns."""

    window: int
    """Row of the first commit that counts."""
    flake_commits: NDArray[np.int64]
    """Commits on which the test both passed and failed (k)."""
    commits: NDArray[np.int64]
    """Commits with an outcome that counts (n)."""
    flake_rate: NDArray[np.float64]
    """(k + 1/2) / (n + 1); NaN without a commit, as are its two bounds."""
    flake_low: NDArray[np.float64]
    flake_high: NDArray[np.float64]
    flips: NDArray[np.int64]
    """Changes between first attempts that follow each other."""
    executed: NDArray[np.int64]
    """First attempts (m)."""
    flip_rate: NDArray[np.float64]
    """flips / (m - 1); NaN below the fewest first attempts."""
    excursions: NDArray[np.int64]
    """First attempts that failed between two that passed."""
    failing_streak: NDArray[np.int64]
    """Latest commits that failed in every attempt, without one that passed among them."""
    clean_streak: NDArray[np.int64]
    """Latest commits without a failure that counts."""
    label: NDArray[np.int8]
    """A place in `LABELS`."""
    recovered: NDArray[np.bool_]
    """The test was flaky in the window and has been clean for long enough: it is labelled healthy."""
    derates: NDArray[np.bool_]
    """The test is labelled flaky with enough evidence to de-rate a gate or to propose a quarantine."""

    @property
    def words(self) -> NDArray[np.str_]:
        """The labels as words."""
        return np.array(LABELS)[self.label]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What flaky tests cost."""

    impact: NDArray[np.float64]
    """Minutes a week of each test; NaN where a factor is unknown."""
    order: NDArray[np.int64]
    """Columns of the tests that disagreed with themselves and have not recovered, dearest first.

    Equal ones stand by disagreeing commits, then by column; those of unknown cost stand last.
    """


def label_flakes(
    passes: NDArray[np.integer[Any]],
    fails: NDArray[np.integer[Any]],
    first: NDArray[np.integer[Any]],
    times: NDArray[np.floating[Any]],
    now: float,
    rule: FlakyRule = _DEFAULTS,
) -> FlakeLabels:
    """Return the numbers and the label of each test of one environment (statistics, section 5).

    `passes` and `fails` (commits in order, tests) count attempts over all runs; the failures of runs that are not
    trusted and all of infrastructure runs are left out by the caller. `first` (same shape) is the first attempt on the
    commit: 2 failed, 1 passed, 0 not executed. `times` (commits) and `now` are in days. Only the window counts: the
    last 14 days or 60 commits, whichever is longer.

    A commit whose only trace is a first attempt that failed in a run that is not trusted is no trial of the flake rate,
    but it continues a failing streak: a change that breaks a third of the tests breaks them, too.

    Raises ValueError when the shapes do not belong together or a state is none of the three.
    """
    _check(passes, fails, first, times)
    start = _window_start(times, now, rule)
    passed, failed, first = passes[start:] > 0, fails[start:] > 0, first[start:]
    times = times[start:]
    both = passed & failed
    flake_commits, commits = both.sum(axis=0, dtype=np.int64), (passed | failed).sum(axis=0, dtype=np.int64)
    rate, low, high = _jeffreys(flake_commits, commits)
    flips, executed, excursions = _walk(first)
    bad = failed | (~passed & (first == FAIL))
    seen = passed | failed | (first > 0)
    failing = _streak(bad & ~passed, seen)
    clean = _streak(~bad, seen)
    flaky = flake_commits >= rule.min_flake_commits
    quiet = now - _last(bad, times) >= rule.recover_days
    recovered = flaky & (clean >= rule.recover_commits) & quiet
    suspected = (executed >= rule.min_executed) & (excursions >= rule.suspect_excursions)
    label = np.select(
        [failing >= rule.broken_streak, recovered, flaky, suspected], [BROKEN, HEALTHY, FLAKY, SUSPECTED], HEALTHY
    ).astype(np.int8)
    judged = executed >= max(rule.min_executed, 2)
    return FlakeLabels(
        window=start,
        flake_commits=flake_commits,
        commits=commits,
        flake_rate=rate,
        flake_low=low,
        flake_high=high,
        flips=flips,
        executed=executed,
        flip_rate=np.where(judged, flips / np.maximum(executed - 1, 1), np.nan),
        excursions=excursions,
        failing_streak=failing,
        clean_streak=clean,
        label=label,
        recovered=recovered,
        derates=(label == FLAKY) & (flake_commits >= rule.derate_min_flake_commits),
    )


def infrastructure_runs(
    executed: NDArray[np.integer[Any]], failed: NDArray[np.integer[Any]], rule: FlakyRule = _DEFAULTS
) -> NDArray[np.bool_]:
    """Return which runs failed as a whole: at least 20 executed tests, at least 80 % of them failing (section 2).

    Both arrays (runs) are counts of tests; they are compared as integers.
    """
    share = _exact(rule.infra_fail_share)
    many = np.asarray(executed, dtype=np.int64) >= rule.infra_min_executed
    return np.asarray(many & (_scaled(failed, share.denominator) >= _scaled(executed, share.numerator)))


def trusted_runs(
    executed: NDArray[np.integer[Any]], failed: NDArray[np.integer[Any]], rule: FlakyRule = _DEFAULTS
) -> NDArray[np.bool_]:
    """Return in which runs a failure says something about the test: fewer than 20 % failed, or only two (section 5).

    Both arrays (runs) are counts of tests; they are compared as integers.
    """
    share = _exact(rule.max_run_fail_share)
    few = np.asarray(failed, dtype=np.int64) <= rule.excused_failures
    return np.asarray(few | (_scaled(failed, share.denominator) < _scaled(executed, share.numerator)))


def ranking(
    found: FlakeLabels, runs_a_week: NDArray[np.floating[Any]], minutes_lost: NDArray[np.floating[Any]]
) -> Ranking:
    """Return the cost of each test: flake rate x runs a week x mean minutes lost a flake (statistics, section 5).

    Both arrays (tests) may hold NaN for what is unknown. Raises ValueError when they are not as long as the labels.
    """
    if not runs_a_week.shape == minutes_lost.shape == found.flake_rate.shape:
        raise ValueError("runs a week and minutes lost need one entry a test")
    impact = np.asarray(found.flake_rate * runs_a_week * minutes_lost, dtype=np.float64)
    listed = np.flatnonzero((found.flake_commits > 0) & ~found.recovered)
    dearest = -np.nan_to_num(impact[listed], nan=-np.inf, posinf=np.inf)
    return Ranking(impact=impact, order=listed[np.lexsort((listed, -found.flake_commits[listed], dearest))])


def _check(
    passes: NDArray[np.integer[Any]],
    fails: NDArray[np.integer[Any]],
    first: NDArray[np.integer[Any]],
    times: NDArray[np.floating[Any]],
) -> None:
    if passes.ndim != 2 or not passes.shape == fails.shape == first.shape:
        raise ValueError("passes, fails and first attempts need one shape: commits, tests")
    if times.shape != passes.shape[:1]:
        raise ValueError("there must be one time a commit")
    if first.size and (first.min() < 0 or first.max() > FAIL):
        raise ValueError("a first attempt is 2 (failed), 1 (passed) or 0 (not executed)")


def _window_start(times: NDArray[np.floating[Any]], now: float, rule: FlakyRule) -> int:
    """Return the row from which commits count: as many as are young enough, or the fewest that always count."""
    young = int(np.count_nonzero(times >= now - rule.window_days))
    return max(0, len(times) - max(young, rule.window_commits))


def _walk(first: NDArray[np.integer[Any]]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return flips, executed and one-commit excursions; commits without an attempt are passed over."""
    tests = first.shape[1]
    flips, executed, excursions = (np.zeros(tests, dtype=np.int64) for _ in range(3))
    last, before = np.zeros(tests, dtype=np.int8), np.zeros(tests, dtype=np.int8)
    for row in first.astype(np.int8, copy=False):
        ran = row > 0
        executed += ran
        turned = ran & (last > 0) & (row != last)
        flips += turned
        excursions += turned & (row == PASS) & (before == PASS)
        np.copyto(before, last, where=ran)
        np.copyto(last, row, where=ran)
    return flips, executed, excursions


def _streak(good: NDArray[np.bool_], seen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return how many of the latest commits that saw the test are `good`, back to the first that is not."""
    length = np.zeros(good.shape[1], dtype=np.int64)
    unbroken = np.ones(good.shape[1], dtype=np.bool_)
    for row, ran in zip(good[::-1], seen[::-1], strict=True):
        unbroken &= row | ~ran
        if not unbroken.any():
            break
        length += unbroken & ran
    return length


def _last(bad: NDArray[np.bool_], times: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return the time of the latest bad commit of each test, minus infinity where there is none."""
    if not len(times):
        return np.full(bad.shape[1], -np.inf)
    place = len(times) - 1 - bad[::-1].argmax(axis=0)
    return np.where(bad.any(axis=0), times[place].astype(np.float64), -np.inf)


def _jeffreys(
    hits: NDArray[np.int64], trials: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return rate and 95 % bounds; each distinct pair is computed once, as there are far fewer pairs than tests."""
    base = int(trials.max(initial=0)) + 1
    pairs, place = np.unique(hits * base + trials, return_inverse=True)
    k, n = np.divmod(pairs, base)
    bounds = jeffreys_interval(k, n)
    return jeffreys_rate(k, n)[place], bounds.low[place], bounds.high[place]


def _exact(share: float) -> Fraction:
    """Return the decimal number that was written, so that counts can be compared with it without rounding."""
    return Fraction(str(share))


def _scaled(counts: NDArray[np.integer[Any]], factor: int) -> NDArray[np.int64]:
    return np.asarray(counts, dtype=np.int64) * factor
