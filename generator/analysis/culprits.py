"""Which commit broke a test: a posterior over the commits of a window, and "none of them" (statistics, section 8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_ROUNDING: Final = 1e-12
"""Ten commits of 0.1 each: nine of them hold 0.9, whatever their sum is rounded to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CulpritRule:
    """Thresholds of the culprit range; the defaults are those of statistics, section 8."""

    error: float = 0.01
    """Probability that a broken test passes all the same, in (0, 1)."""
    min_flake_rate: float = 0.001
    """Floor of the flake rate, and of its distance from 1: no failure is impossible, and none is certain."""
    hold: float = 0.90
    """Share of the probability that the set holds, given that one of the commits is the culprit."""
    max_no_culprit: float = 0.5
    """Above this probability of "no culprit" nothing is shown."""
    min_before: int = 1
    """Passes needed before the most probable commit …"""
    min_after: int = 1
    """… and failures at it or after it."""
    top: int = 3
    """How many commits are named."""


RULE: Final = CulpritRule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Culprit:
    """Where one test broke; commits are positions in the window."""

    posterior: NDArray[np.float64]
    """Probability of each commit; together with `no_culprit` they sum to 1."""
    no_culprit: float
    """Probability that no commit of the window broke the test: that it is flaky."""
    likely: tuple[int, ...]
    """The smallest set that holds 90 %, most probable first; of equally probable commits the earlier comes first."""
    first: int
    """First commit of the set, -1 if it is empty."""
    last: int
    """Last commit of the set, -1 if it is empty."""
    top: tuple[int, ...]
    """The most probable commits, at most three."""
    enough: bool
    """Whether there is a pass before the most probable commit and a failure at it or after it."""
    suppressed: bool
    """Whether nothing should be shown: not enough evidence, or more probably no culprit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Culprits:
    """Where each of many tests broke; the fields are those of `Culprit`, one column or element a test."""

    posterior: NDArray[np.float64]
    """Shape (commits, tests)."""
    no_culprit: NDArray[np.float64]
    """Shape (tests,)."""
    order: NDArray[np.int64]
    """Shape (commits, tests): commits, most probable first, then by position. The first `size` of them are the set."""
    size: NDArray[np.int64]
    """Shape (tests,): commits in the set; 0 only where no commit is possible."""
    members: NDArray[np.bool_]
    """Shape (commits, tests): whether a commit is in the set."""
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    enough: NDArray[np.bool_]
    suppressed: NDArray[np.bool_]


def counts(outcomes: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return passes and failures of outcomes (1 fail, 0 pass, -1 not tested), each shaped as these.

    The states of `grid.executed_states` less one are such outcomes. Raises `ValueError` for any other number.
    """
    given = np.asarray(outcomes)
    if not np.isin(given, (-1, 0, 1)).all():
        raise ValueError("an outcome is 1 (fail), 0 (pass) or -1 (not tested)")
    return (given == 0).astype(np.int64), (given == 1).astype(np.int64)


def culprit(
    outcomes: ArrayLike, flake_rate: float, *, prior: ArrayLike | None = None, rule: CulpritRule = RULE
) -> Culprit:
    """Return where one test broke, from one outcome a commit in commit order: 1 fail, 0 pass, -1 not tested.

    Otherwise as `culprit_of_counts`.
    """
    passes, fails = counts(outcomes)
    return culprit_of_counts(passes, fails, flake_rate, prior=prior, rule=rule)


def culprit_of_counts(
    passes: ArrayLike,
    fails: ArrayLike,
    flake_rate: float,
    *,
    prior: ArrayLike | None = None,
    rule: CulpritRule = RULE,
) -> Culprit:
    """Return where one test broke, from the passes and failures of each commit, shape (commits,), in commit order.

    Arguments and errors as of `culprits`, for one test (statistics, section 8).
    """
    found = culprits(
        np.asarray(passes)[..., None],
        np.asarray(fails)[..., None],
        flake_rate,
        prior=prior if prior is None else np.asarray(prior)[..., None],
        rule=rule,
    )
    posterior, order = found.posterior[:, 0], found.order[:, 0]
    return Culprit(
        posterior=posterior,
        no_culprit=float(found.no_culprit[0]),
        likely=tuple(order[: found.size[0]].tolist()),
        first=int(found.first[0]),
        last=int(found.last[0]),
        top=tuple(place for place in order[: rule.top].tolist() if posterior[place] > 0),
        enough=bool(found.enough[0]),
        suppressed=bool(found.suppressed[0]),
    )


def culprits(
    passes: ArrayLike,
    fails: ArrayLike,
    flake_rates: ArrayLike,
    *,
    prior: ArrayLike | None = None,
    rule: CulpritRule = RULE,
) -> Culprits:
    """Return where each of many tests broke, from passes and failures of shape (commits, tests) in commit order.

    `flake_rates` is one rate or one a test. `prior` is the weight of each commit, shape (commits,) or (commits, tests),
    1 where nothing speaks for it; "no culprit" has 1. Give only tests that failed: some ten arrays of this shape are
    made. Raises `ValueError` for shapes that do not fit, negative counts or weights, and rates that are no number.
    Statistics, section 8: log L(c) is the sum of log f or log(1 - f) before c, and of log(1 - e) or log e from c on.
    """
    passed, failed = _checked(passes, fails)
    commits, tests = passed.shape
    logs = _evidence(passed, failed, _rates(flake_rates, tests, rule), rule.error)
    logs[:-1] += _log_prior(prior, passed.shape)
    logs -= logs.max(axis=0)  # the last row is always finite
    posterior = np.exp(logs)
    posterior /= posterior.sum(axis=0)
    order = np.argsort(-logs[:-1], axis=0, kind="stable")
    size = _sizes(logs[:-1], order, rule.hold)
    members = np.zeros((commits, tests), dtype=np.bool_)
    np.put_along_axis(members, order, np.arange(commits)[:, None] < size, axis=0)
    number = np.arange(commits)[:, None]
    best = order[:1]
    before = np.where(number < best, passed, 0).sum(axis=0)
    after = np.where(number >= best, failed, 0).sum(axis=0)
    enough = (size > 0) & (before >= rule.min_before) & (after >= rule.min_after)
    first = np.where(members, number, commits).min(axis=0, initial=commits)
    return Culprits(
        posterior=posterior[:-1],
        no_culprit=posterior[-1],
        order=order,
        size=size,
        members=members,
        first=np.where(size > 0, first, -1),
        last=np.where(members, number, -1).max(axis=0, initial=-1),
        enough=enough,
        suppressed=~enough | (posterior[-1] > rule.max_no_culprit),
    )


def _checked(passes: ArrayLike, fails: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    passed, failed = np.asarray(passes, dtype=np.int64), np.asarray(fails, dtype=np.int64)
    if passed.ndim != 2 or passed.shape != failed.shape:
        raise ValueError(f"passes {passed.shape} and failures {failed.shape} have no common shape (commits, tests)")
    if (passed < 0).any() or (failed < 0).any():
        raise ValueError("a count is never negative")
    return passed, failed


def _rates(flake_rates: ArrayLike, tests: int, rule: CulpritRule) -> NDArray[np.float64]:
    rates = np.asarray(flake_rates, dtype=np.float64)
    if rates.shape not in ((), (tests,)) or np.isnan(rates).any():
        raise ValueError(f"flake rates are one number, or one for each of the {tests} tests")
    return np.clip(np.broadcast_to(rates, (tests,)), rule.min_flake_rate, 1 - rule.min_flake_rate)


def _log_prior(prior: ArrayLike | None, shape: tuple[int, ...]) -> NDArray[np.float64]:
    if prior is None:
        return np.zeros(shape)
    weights = np.asarray(prior, dtype=np.float64)
    if weights.shape not in (shape, shape[:1]):
        raise ValueError(f"weights {weights.shape} fit neither the commits nor the commits and tests {shape}")
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise ValueError("the weight of a commit is a number and not negative")
    with np.errstate(divide="ignore"):  # a weight of 0 rules a commit out
        logs = np.log(weights)
    return np.broadcast_to(logs[:, None] if logs.ndim == 1 else logs, shape)


def _evidence(
    passed: NDArray[np.int64], failed: NDArray[np.int64], rates: NDArray[np.float64], error: float
) -> NDArray[np.float64]:
    """Return log L of each commit and, in the last row, of "no culprit", less that of the first commit.

    One commit on, one more commit's outcomes are those of a healthy test: the sums are running ones, and commits that
    nothing tells apart get exactly the same number.
    """
    step = failed * (np.log(rates) - np.log1p(-error)) + passed * (np.log1p(-rates) - np.log(error))
    return np.vstack([np.zeros((1, len(rates))), np.cumsum(step, axis=0)])


def _sizes(logs: NDArray[np.float64], order: NDArray[np.int64], hold: float) -> NDArray[np.int64]:
    """Return how many commits, most probable first, hold this share of what all the commits have together."""
    peak = logs.max(axis=0, initial=-np.inf)
    possible = peak > -np.inf
    share = np.exp(logs - np.where(possible, peak, 0.0))
    running = np.cumsum(np.take_along_axis(share, order, axis=0), axis=0)
    short = running < (hold - _ROUNDING) * share.sum(axis=0)
    return np.where(possible, np.minimum(short.sum(axis=0) + 1, len(logs)), 0)
