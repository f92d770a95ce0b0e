"""How long until it is over, when some of it is not over yet: Kaplan-Meier (statistics, section 9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_ROUNDING: Final = 1e-12
"""After five of ten have closed one half is left, whatever the product of the steps is rounded to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurvivalRule:
    """Thresholds of the time to restore; the defaults are those of statistics, section 9."""

    min_closed: int = 10
    """Closed ones needed for a headline."""
    z: float = 1.959963984540054
    """Normal quantile of the intervals: 95 %."""


RULE: Final = SurvivalRule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """A Kaplan-Meier curve and what is read from it; times are in the unit of the durations."""

    times: NDArray[np.float64]
    """Distinct durations, ascending, closed or open; the arrays below have one element for each."""
    at_risk: NDArray[np.int64]
    """How many lasted at least so long."""
    closed: NDArray[np.int64]
    """How many closed then."""
    surviving: NDArray[np.float64]
    """S(t): estimated share that lasts longer."""
    low: NDArray[np.float64]
    """Lower end of the log-log interval of S(t), NaN where S is 0 or 1."""
    high: NDArray[np.float64]
    """Upper end."""
    n_closed: int
    n_open: int
    left_out: int
    """Durations that are negative or no finite number."""
    last: float | None
    """Longest duration: what a median that is not reached is longer than; None without data."""
    median: float | None
    """None where not reached."""
    median_low: float | None
    """Lower end of the interval of the median, None where undefined or not reached."""
    median_high: float | None
    p90: float | None
    """Time by which 90 % have closed, None where not reached."""
    mean_closed: float | None
    """Mean of the closed ones, which is too short while others are open: never a headline."""
    enough: bool
    """Whether enough have closed for a headline."""


def kaplan_meier(durations: ArrayLike, still_open: ArrayLike, *, rule: SurvivalRule = RULE) -> Survival:
    """Return the curve of durations, shape (n,), of which some are those of what is still open (bool, shape (n,)).

    One that closed counts before one of the same length that is open. Durations that are negative or no finite number
    are left out and counted. Raises `ValueError` for shapes that differ. Statistics, section 9: S(t) is the product of
    (n - d) / n; its interval is exp(-exp(log(-log S) ± z·se)), se that of log(-log S) by Greenwood.
    """
    lasted, unfinished = np.asarray(durations, dtype=np.float64), np.asarray(still_open, dtype=np.bool_)
    if lasted.ndim != 1 or lasted.shape != unfinished.shape:
        raise ValueError(f"durations {lasted.shape} and flags {unfinished.shape} have no common shape (n,)")
    known = np.isfinite(lasted) & (lasted >= 0)
    lasted, over = lasted[known], ~unfinished[known]
    times, place = np.unique(lasted, return_inverse=True)
    closed = np.bincount(place[over], minlength=len(times)).astype(np.int64)
    ended = np.bincount(place, minlength=len(times))
    at_risk = (np.cumsum(ended[::-1])[::-1]).astype(np.int64)
    surviving = np.cumprod((at_risk - closed) / at_risk, dtype=np.float64)
    low, high = _interval(at_risk, closed, surviving, rule.z)
    n_closed = int(over.sum())
    return Survival(
        times=times,
        at_risk=at_risk,
        closed=closed,
        surviving=surviving,
        low=low,
        high=high,
        n_closed=n_closed,
        n_open=len(lasted) - n_closed,
        left_out=len(known) - len(lasted),
        last=float(times[-1]) if len(times) else None,
        median=_reached(times, surviving, 0.5),
        median_low=_reached(times, low, 0.5),
        median_high=_reached(times, high, 0.5),
        p90=_reached(times, surviving, 0.1),
        mean_closed=float(lasted[over].mean()) if n_closed else None,
        enough=n_closed >= rule.min_closed,
    )


def quantile(found: Survival, share: float) -> float | None:
    """Return the time by which this share, in (0, 1], has closed; None where the curve does not reach it.

    Raises `ValueError` for another share.
    """
    if not 0 < share <= 1:
        raise ValueError(f"{share} is no share in (0, 1]")
    return _reached(found.times, found.surviving, 1 - share)


def restricted_mean(found: Survival, until: float) -> float | None:
    """Return the mean time spent open up to `until`: the area under S from 0 on (RMST; statistics, section 9).

    None without data, and where `until` lies beyond the last time and some were open then. Raises `ValueError` for a
    time that is negative or no finite number.
    """
    if not (np.isfinite(until) and until >= 0):
        raise ValueError(f"{until} is no time from 0 on")
    if found.last is None or (until > found.last and found.surviving[-1] > 0):
        return None
    steps = found.times < until
    edges = np.concatenate([[0.0], found.times[steps], [until]])
    heights = np.concatenate([[1.0], found.surviving[steps]])
    return float(np.diff(edges) @ heights)


def surviving_at(
    found: Survival, times: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return S and both ends of its interval at these times, each shaped as `times`.

    All are NaN where S is unknown: without data, and beyond the last time when some were open then. The ends are NaN
    where S is 0 or 1, also before the first time.
    """
    asked = np.asarray(times, dtype=np.float64)
    place = np.searchsorted(found.times, asked, side="right")
    unknown = np.isnan(asked)
    if found.last is None:
        unknown |= True
    elif found.surviving[-1] > 0:
        unknown |= asked > found.last
    curves = (np.append(1.0, found.surviving), np.append(np.nan, found.low), np.append(np.nan, found.high))
    value, low, high = (np.where(unknown, np.nan, curve[place]) for curve in curves)
    return value, low, high


def _interval(
    at_risk: NDArray[np.int64], closed: NDArray[np.int64], surviving: NDArray[np.float64], z: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the log-log interval of S, NaN where S is 0 or 1."""
    inside = (surviving > 0) & (surviving < 1)
    left = np.where(inside, at_risk - closed, 1)
    spread = np.sqrt(np.cumsum(closed / (at_risk * left)))
    log = np.log(np.where(inside, surviving, 0.5))
    factor = np.exp(z * spread / -log)
    return (
        np.where(inside, np.exp(log * factor), np.nan),
        np.where(inside, np.exp(log / factor), np.nan),
    )


def _reached(times: NDArray[np.float64], curve: NDArray[np.float64], level: float) -> float | None:
    """Return the first time at which a curve is at this level or below it; NaN is not."""
    below = np.flatnonzero(curve <= level + _ROUNDING)
    return float(times[below[0]]) if len(below) else None
