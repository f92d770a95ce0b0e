"""Pass-rate regressions: a base window against a sample window, all tests at once (statistics, section 4).

Counts are those of commit outcomes of (test, environment), a flaky one counting as a pass. All tests of one report
belong in one call: the false discovery rate is controlled over all its candidates.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from generator.analysis.rates import false_discovery, fisher_right

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

NEVER: Final = -1
"""Instead of the number of a look: there is none."""

_FINEST: Final = 10_000
"""A share of the settings is meant as a fraction with at most this denominator: 0.05 is exactly one in twenty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressionRule:
    """Thresholds, with the defaults of statistics, section 4; times are days."""

    base: str = "last_release"
    """What the base window ends at; whoever knows the releases finds its time."""
    base_days: float = 30
    base_gap_days: float = 7
    """Without a release: from the end of the base to the beginning of the sample."""
    sample_days: float = 7
    min_base_runs: int = 10
    min_sample_runs: int = 3
    min_failures: int = 2
    min_total_failures: int = 3
    min_drop: float = 0.05
    extreme_drop: float = 0.15
    fdr: float = 0.05
    new_test_runs: int = 6
    new_test_pass_rate: float = 0.95
    new_test_extreme_pass_rate: float = 0.90
    looks: int = 30
    """How many window ends are looked at again for when a regression was first found."""

    def __post_init__(self) -> None:
        """Refuse what would judge windows without a run, or by a share that is none (`ValueError`)."""
        if min(self.min_base_runs, self.min_sample_runs, self.new_test_runs, self.looks) < 1:
            raise ValueError("numbers of runs and looks must be at least 1")
        shares = (self.min_drop, self.extreme_drop, self.fdr, self.new_test_pass_rate, self.new_test_extreme_pass_rate)
        if not all(0 <= share <= 1 for share in shares):
            raise ValueError("drops, rates and the false discovery rate must be from 0 to 1")


class Verdict(IntEnum):
    """What became of a test; the numbers stand in `Judgement.verdict`."""

    NOT_ENOUGH_DATA = 0
    UNCHANGED = 1
    IMPROVEMENT = 2
    REGRESSION = 3
    EXTREME_REGRESSION = 4
    NEW_TEST_FAILING = 5


class Lack(IntFlag):
    """What a test without a verdict has too few of; the sums stand in `Judgement.lack`."""

    NOTHING = 0
    BASE_RUNS = 1
    SAMPLE_RUNS = 2
    FAILURES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Verdicts on tests, each array of shape (tests,)."""

    p: NDArray[np.float64]
    """Right-tailed Fisher exact, NaN where the test is no candidate."""
    q: NDArray[np.float64]
    """Benjamini-Hochberg over the candidates, NaN elsewhere."""
    improvement_q: NDArray[np.float64]
    """The same of the opposite tail."""
    drop: NDArray[np.float64]
    """Failure rate of the sample less that of the base, NaN where either has no run."""
    candidate: NDArray[np.bool_]
    regression: NDArray[np.bool_]
    """Also true where it is extreme."""
    extreme: NDArray[np.bool_]
    improvement: NDArray[np.bool_]
    new_test_failing: NDArray[np.bool_]
    """Also true where it is extreme."""
    new_test_extreme: NDArray[np.bool_]
    verdict: NDArray[np.int8]
    """Numbers of `Verdict`."""
    lack: NDArray[np.int8]
    """Sums of `Lack`; `NOTHING` exactly where there is a verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """Verdicts at several window ends, each array of shape (window ends, tests)."""

    regression: NDArray[np.bool_]
    sampled: NDArray[np.bool_]
    """Whether the test ran often enough in the sample to be judged."""


Window = tuple[float, float]
"""Beginning and end as days: after the first, up to and including the second."""


def judge(f1: ArrayLike, n1: ArrayLike, f2: ArrayLike, n2: ArrayLike, rule: RegressionRule) -> Judgement:
    """Return the verdict on each test with f1 of n1 failures in the base and f2 of n2 in the sample.

    Shapes (tests,), whole numbers; `ValueError` otherwise or unless 0 <= f <= n. A test with runs enough and not one
    failure is unchanged, not short of failures. Source: statistics, section 4.
    """
    f1, n1, f2, n2 = _counts(f1, n1, f2, n2)
    new = n1 == 0
    failures = f1 + f2
    candidate = (n1 >= rule.min_base_runs) & (n2 >= rule.min_sample_runs)
    candidate &= failures >= rule.min_total_failures
    p, q = _tested(f1, n1, f2, n2, candidate)
    _, improvement_q = _tested(f2, n2, f1, n1, candidate)
    regression = (q <= rule.fdr) & (f2 >= rule.min_failures) & _rises(f1, n1, f2, n2, rule.min_drop)
    extreme = regression & _rises(f1, n1, f2, n2, rule.extreme_drop)
    improvement = (improvement_q <= rule.fdr) & (f1 >= rule.min_failures) & _rises(f2, n2, f1, n1, rule.min_drop)
    judged_new = new & (n2 >= rule.new_test_runs)
    new_test_failing = judged_new & _passes_below(f2, n2, rule.new_test_pass_rate)
    new_test_extreme = new_test_failing & _passes_below(f2, n2, rule.new_test_extreme_pass_rate)
    lack = (
        Lack.BASE_RUNS * (n1 < rule.min_base_runs)
        | Lack.SAMPLE_RUNS * (n2 < np.where(new, rule.new_test_runs, rule.min_sample_runs))
        | Lack.FAILURES * ((failures > 0) & (failures < rule.min_total_failures) & ~new)
    )
    lack = np.where(new_test_failing, 0, lack).astype(np.int8)
    verdict = np.select(
        [new_test_failing, extreme, regression, improvement, lack > 0],
        [
            Verdict.NEW_TEST_FAILING,
            Verdict.EXTREME_REGRESSION,
            Verdict.REGRESSION,
            Verdict.IMPROVEMENT,
            Verdict.NOT_ENOUGH_DATA,
        ],
        default=Verdict.UNCHANGED,
    ).astype(np.int8)
    return Judgement(
        p=p,
        q=q,
        improvement_q=improvement_q,
        drop=_rate(f2, n2) - _rate(f1, n1),
        candidate=candidate,
        regression=regression,
        extreme=extreme,
        improvement=improvement,
        new_test_failing=new_test_failing,
        new_test_extreme=new_test_extreme,
        verdict=verdict,
        lack=lack,
    )


def base_window(end: float, rule: RegressionRule, *, release: float | None = None) -> Window:
    """Return the base for a sample that ends at `end`: the days before the release, else those well before the sample.

    Days; `ValueError` when the release is not before the end. Source: statistics, section 4.
    """
    if release is not None and release >= end:
        raise ValueError("a release must lie before the end of the sample")
    until = end - rule.sample_days - rule.base_gap_days if release is None else release
    return until - rule.base_days, until


def sample_window(end: float, base: Window, rule: RegressionRule) -> Window:
    """Return the sample that ends at `end`: the last days, and none of those of the base (it may be empty).

    A commit in both would be counted as two independent ones. Source: statistics, section 4.
    """
    return max(end - rule.sample_days, base[1]), end


def counts(
    fails: ArrayLike, runs: ArrayLike, times: ArrayLike, window: Window
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return failures and runs of each test in a window, shapes (tests,).

    `fails` and `runs`: shape (commits, tests), `times`: (commits,), days; a commit without a time (NaN) is in no
    window. `ValueError` when shapes do not fit. Source: statistics, section 4.
    """
    failed, ran, days = _history(fails, runs, times)
    inside = (days > window[0]) & (days <= window[1])
    return failed[inside].sum(axis=0, dtype=np.int64), ran[inside].sum(axis=0, dtype=np.int64)


def look_back(
    fails: ArrayLike, runs: ArrayLike, times: ArrayLike, *, base: Window, ends: ArrayLike, rule: RegressionRule
) -> Looks:
    """Return for each of the window ends which tests are regressions in the sample that ends there.

    `fails` and `runs`: shape (commits, tests), 0 or 1 (one commit outcome of one environment); `times`: (commits,),
    days, in any order. The base stays, and at each end the candidates of that end are one family. `ValueError` when
    shapes do not fit. Source: statistics, section 4.
    """
    failed, ran, days = _history(fails, runs, times)
    places = np.asarray(ends, dtype=np.float64)
    shape = (len(places), failed.shape[1])
    found = Looks(regression=np.zeros(shape, dtype=np.bool_), sampled=np.zeros(shape, dtype=np.bool_))
    # Who fails too seldom in all commits together is a candidate at no end.
    busy = np.flatnonzero(failed.sum(axis=0, dtype=np.int64) >= rule.min_total_failures)
    order = np.argsort(days, kind="stable")
    days = days[order]
    sums = [_running_sums(matrix[:, busy][order]) for matrix in (failed, ran)]

    def within(window: Window) -> list[NDArray[np.int64]]:
        first, last = np.searchsorted(days, window, side="right")
        return [total[max(first, last)] - total[first] for total in sums]

    f1, n1 = within(base)
    for line, end in enumerate(places.tolist()):
        f2, n2 = within(sample_window(end, base, rule))
        found.regression[line, busy] = judge(f1, n1, f2, n2, rule).regression
        found.sampled[line, busy] = n2 >= rule.min_sample_runs
    return found


def first_detected(
    fails: ArrayLike, runs: ArrayLike, times: ArrayLike, *, base: Window, ends: ArrayLike, rule: RegressionRule
) -> NDArray[np.int64]:
    """Return for each test the window end since which it has been a regression without a break, else `NEVER`.

    Arguments as for `look_back`; `ends` ascend, and only the last `rule.looks` of them are looked at. The result,
    shape (tests,), numbers `ends`, and is `NEVER` unless the test is a regression at the last end. One end at which it
    is none closes it; an end at which it ran too seldom to be judged does not. `ValueError` when shapes do not fit or
    ends descend. Source: statistics, section 4.
    """
    places = np.asarray(ends, dtype=np.float64)
    if places.ndim != 1 or not (np.diff(places) >= 0).all():
        raise ValueError("window ends must be a list in ascending order")
    skipped = max(len(places) - rule.looks, 0)
    found = look_back(fails, runs, times, base=base, ends=places[skipped:], rule=rule)
    if not len(found.regression):
        return np.full(found.regression.shape[1], NEVER, dtype=np.int64)
    number = np.arange(len(found.regression))[:, None]
    last_clean = np.where(found.sampled & ~found.regression, number, -1).max(axis=0)
    streak = found.regression & (number > last_clean)
    return np.where(found.regression[-1], streak.argmax(axis=0) + skipped, NEVER)


def _counts(*given: ArrayLike) -> list[NDArray[np.int64]]:
    columns = [np.asarray(column) for column in given]
    if any(column.ndim != 1 or len(column) != len(columns[0]) for column in columns):
        raise ValueError("counts of tests must be lists of one length")
    if not all((np.isfinite(column) & (column == np.floor(column))).all() for column in columns):
        raise ValueError("counts of tests must be whole numbers")
    whole = [column.astype(np.int64) for column in columns]
    f1, n1, f2, n2 = whole
    if ((f1 < 0) | (f1 > n1) | (f2 < 0) | (f2 > n2)).any():
        raise ValueError("counts of tests need 0 <= failures <= runs")
    return whole


def _history(
    fails: ArrayLike, runs: ArrayLike, times: ArrayLike
) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.float64]]:
    """Return the matrices as they are, whatever whole type they have, and the days."""
    failed, ran, days = np.asarray(fails), np.asarray(runs), np.asarray(times, dtype=np.float64)
    if failed.ndim != 2 or failed.shape != ran.shape or days.shape != failed.shape[:1]:
        raise ValueError("failures, runs and times must be of the same commits and tests")
    return failed, ran, days


def _running_sums(matrix: NDArray[Any]) -> NDArray[np.int64]:
    """Return the sums of the first 0, 1, 2 … rows."""
    sums = np.zeros((len(matrix) + 1, matrix.shape[1]), dtype=np.int64)
    np.cumsum(matrix, axis=0, out=sums[1:])
    return sums


def _tested(
    f1: NDArray[np.int64],
    n1: NDArray[np.int64],
    f2: NDArray[np.int64],
    n2: NDArray[np.int64],
    candidate: NDArray[np.bool_],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return p and q of the candidates, NaN elsewhere."""
    p, q = (np.full(len(candidate), np.nan) for _ in "pq")
    p[candidate] = fisher_right(f1[candidate], n1[candidate], f2[candidate], n2[candidate])
    q[candidate] = false_discovery(p[candidate])
    return p, q


def _rises(
    f1: NDArray[np.int64], n1: NDArray[np.int64], f2: NDArray[np.int64], n2: NDArray[np.int64], share: float
) -> NDArray[np.bool_]:
    """Whether f2/n2 − f1/n1 > share, in whole numbers: statistics, section 1.3."""
    least = Fraction(share).limit_denominator(_FINEST)
    return np.asarray(least.denominator * (f2 * n1 - f1 * n2) > least.numerator * n1 * n2)


def _passes_below(failures: NDArray[np.int64], runs: NDArray[np.int64], share: float) -> NDArray[np.bool_]:
    """Whether the pass rate is below a share, in whole numbers."""
    least = Fraction(share).limit_denominator(_FINEST)
    return np.asarray(least.denominator * (runs - failures) < least.numerator * runs)


def _rate(failures: NDArray[np.int64], runs: NDArray[np.int64]) -> NDArray[np.float64]:
    return failures / np.where(runs > 0, runs, np.nan)
