"""Rates with their intervals and tests of rates: arrays of counts in, arrays out (statistics, sections 1, 4 and 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from generator.analysis.special import beta_quantile

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Z: Final = 1.959963984540054
"""Normal quantile of a two-sided 95 % interval; statistics, section 1 rounds it to 1.96."""

_TAIL: Final = 0.025
_NEGLIGIBLE: Final = 2.0**-60
"""Share of a sum below which the terms that follow can no longer change it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """95 % intervals, one for each pair of counts; NaN where nothing was counted."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]


def wilson(k: ArrayLike, n: ArrayLike) -> Interval:
    """Return the Wilson interval of k hits in n trials, NaN where n = 0.

    Shapes broadcast. `ValueError` unless 0 <= k <= n and finite. Source: statistics, section 1.7.
    """
    hits, trials = _counts(k, n)
    share = hits / trials
    square = Z * Z / trials
    centre = (share + square / 2) / (1 + square)
    half = Z * np.sqrt(share * (1 - share) / trials + square / (4 * trials)) / (1 + square)
    return Interval(
        low=np.where((hits == 0) & (trials > 0), 0.0, centre - half),  # NaN > 0 is false
        high=np.where(hits == trials, 1.0, centre + half),
    )


def jeffreys_rate(k: ArrayLike, n: ArrayLike) -> NDArray[np.float64]:
    """Return (k + ½) / (n + 1), the mean of the rate under Jeffreys' prior, NaN where n = 0.

    Shapes broadcast. `ValueError` unless 0 <= k <= n and finite. Source: statistics, section 5.
    """
    hits, trials = _counts(k, n)
    return np.asarray((hits + 0.5) / (trials + 1))


def jeffreys_interval(k: ArrayLike, n: ArrayLike) -> Interval:
    """Return the 2.5 % and 97.5 % points of Beta(k + ½, n − k + ½), NaN where n = 0.

    Shapes broadcast. `ValueError` unless 0 <= k <= n and finite. Source: statistics, section 5.
    """
    hits, trials = _counts(k, n)
    a, b = hits + 0.5, trials - hits + 0.5
    return Interval(
        low=beta_quantile(a, b, _TAIL),
        high=beta_quantile(a, b, 1 - _TAIL),
    )


def fisher_right(f1: ArrayLike, n1: ArrayLike, f2: ArrayLike, n2: ArrayLike) -> NDArray[np.float64]:
    """Return the right-tailed Fisher exact p: how likely f2 or more of all failures fall into the second sample.

    f1 of n1 failed in the first sample, f2 of n2 in the second: `hypergeom.sf(f2 - 1, n1 + n2, f1 + f2, n2)`.
    Shapes broadcast. `ValueError` unless the counts are whole and 0 <= f <= n. Source: statistics, section 4.

    The weights of the distribution are summed relative to that of f2, up and down: no factorials, so nothing is
    rounded but the products, and no more steps than there are failures.
    """
    tables = np.broadcast_arrays(*(np.asarray(count, dtype=np.float64) for count in (f1, n1, f2, n2)))
    base, base_size, head, head_size = (table.ravel() for table in tables)
    for failures, size in ((base, base_size), (head, head_size)):
        if not _whole_parts(failures, size):
            raise ValueError("a table of failures needs whole counts with 0 <= failures <= runs")
    above = _beyond(base, head_size - head, head + 1, base_size - base + 1)
    below = _beyond(head, base_size - base, base + 1, head_size - head + 1)
    # One of the two may be infinite, never both: weights fall on at least one side of any place.
    return (1 / (1 + below / (1 + above))).reshape(tables[0].shape)


def false_discovery(p: ArrayLike) -> NDArray[np.float64]:
    """Return the Benjamini-Hochberg q values of p values, shape (n,), as `scipy.stats.false_discovery_control` does.

    `ValueError` unless p is one-dimensional and within 0 … 1. Source: statistics, sections 1.6 and 4.
    """
    values = np.asarray(p, dtype=np.float64)
    if values.ndim != 1 or not ((values >= 0) & (values <= 1)).all():
        raise ValueError("p values are a list of numbers from 0 to 1")
    order = np.argsort(values, kind="stable")
    steps = values[order] * (len(values) / np.arange(1, len(values) + 1))
    result = np.empty_like(values)
    result[order] = np.minimum.accumulate(steps[::-1])[::-1]
    return np.minimum(result, 1.0)


def _counts(k: ArrayLike, n: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both as floats of one shape, with NaN for a denominator of zero."""
    hits, trials = np.broadcast_arrays(np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64))
    if not ((hits >= 0) & (hits <= trials) & np.isfinite(trials)).all():
        raise ValueError("a rate needs finite counts with 0 <= k <= n")
    return hits, np.where(trials > 0, trials, np.nan)


def _whole_parts(part: NDArray[np.float64], size: NDArray[np.float64]) -> bool:
    fits = (part >= 0) & (part <= size) & np.isfinite(size) & (part == np.floor(part)) & (size == np.floor(size))
    return bool(fits.all())


def _beyond(
    a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64], d: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the sum of all weights on one side of a place whose own weight is 1.

    The next weight is a·b/(c·d) times this one, and one step on a and b are one less, c and d one more. These ratios
    only fall, so what follows a negligible weight is negligible. A sum too large for a float is infinite.
    """
    total = np.zeros_like(a)
    live = np.flatnonzero((a > 0) & (b > 0))
    a, b, c, d = a[live], b[live], c[live], d[live]
    weight, own = np.ones_like(a), np.zeros_like(a)
    with np.errstate(over="ignore"):
        while live.size:
            weight = weight * ((a * b) / (c * d))
            own = own + weight
            on = weight > own * _NEGLIGIBLE
            if not on.all():
                total[live[~on]] = own[~on]
                live = live[on]
                weight, own, a, b, c, d = (column[on] for column in (weight, own, a, b, c, d))
            a, b, c, d = a - 1, b - 1, c + 1, d + 1
    return total
