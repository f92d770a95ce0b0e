"""The two special functions that the statistics need: scipy has both, and takes a tenth of a build's time to load.

The tests compare them with scipy's, to 1e-9 and better.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_TINY: Final = 1e-300
_STEPS: Final = 1_000  # of the continued fraction; it ends after some ten of them unless a and b are huge
_CLOSE: Final = 4e-16  # two roundings: closer it may never come
_HALVINGS: Final = 100  # more than any double needs
_SETTLED: Final = 1e-12  # of the distance to the nearer end: the next step of Newton would be its square


def normal_tail(z: ArrayLike) -> NDArray[np.float64]:
    """Return the probability that a standard normal value exceeds each z; same shape."""
    given = np.asarray(z, dtype=np.float64)
    found = [0.5 * math.erfc(value) for value in (given.ravel() / math.sqrt(2)).tolist()]
    return np.array(found, dtype=np.float64).reshape(given.shape)


def beta_quantile(a: ArrayLike, b: ArrayLike, share: float) -> NDArray[np.float64]:
    """Return the value that Beta(a, b) lies below with probability `share`; NaN where a or b is NaN.

    Shapes broadcast; a, b > 0 and 0 < share < 1. Newton's method on the distribution function, kept within the bracket
    that it has been in (Press et al., Numerical Recipes, 6.14.14 has the same idea).
    """
    left, right = np.broadcast_arrays(np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64))
    shape, left, right = left.shape, left.ravel(), right.ravel()
    known = np.isfinite(left) & np.isfinite(right)
    found = np.full(len(left), np.nan)
    found[known] = _quantiles(left[known], right[known], share)
    return found.reshape(shape)


def beta_distribution(x: ArrayLike, a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """Return the probability that Beta(a, b) lies below x, in [0, 1]: the regularised incomplete beta function.

    One-dimensional arrays of one length. Source: its continued fraction (DLMF 8.17.22), by Lentz' method.
    """
    value, left, right = (np.asarray(item, dtype=np.float64) for item in (x, a, b))
    turned = value > (left + 1) / (left + right + 2)  # where the fraction converges slowly, that of 1 - x does not
    value, left, right = (
        np.where(turned, 1 - value, value),
        np.where(turned, right, left),
        np.where(turned, left, right),
    )
    with np.errstate(divide="ignore"):
        front = np.exp(left * np.log(value) + right * np.log1p(-value) - _log_beta(left, right)) / left
    below = front * _fraction(value, left, right)
    return np.asarray(np.clip(np.where(turned, 1 - below, below), 0.0, 1.0))


def _quantiles(a: NDArray[np.float64], b: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    low, high = np.zeros(len(a)), np.ones(len(a))
    spread = NormalDist().inv_cdf(share) * np.sqrt(1 / a + 1 / b)
    at = 1 / (1 + b / a * np.exp(-spread))
    log_beta = _log_beta(a, b)
    for _ in range(_HALVINGS):
        over = beta_distribution(at, a, b) - share
        low, high = np.where(over < 0, at, low), np.where(over >= 0, at, high)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            slope = np.exp(a * np.log(at) + b * np.log1p(-at) - log_beta)  # by the log odds, where it is nearly normal
            odds = at / (1 - at) * np.exp(-over / slope)
            new = odds / (1 + odds)
        settled = np.abs(new - at) <= _SETTLED * np.minimum(at, 1 - at)
        if settled.all():
            break
        at = np.where(settled, at, np.where((new > low) & (new < high), new, (low + high) / 2))
    return at


def _fraction(x: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    numerator = np.ones(len(x))
    found = change = denominator = 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    for step in range(1, _STEPS):
        twice = a + 2 * step
        even = step * (b - step) * x / ((twice - 1) * twice)
        odd = -(a + step) * (a + b + step) * x / (twice * (twice + 1))
        for term in (even, odd):
            denominator = 1 / _away_from_zero(1 + term * denominator)
            numerator = _away_from_zero(1 + term / numerator)
            change = denominator * numerator
            found = found * change
        if (np.abs(change - 1) <= _CLOSE).all():
            break
    return found


def _away_from_zero(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.abs(values) < _TINY, _TINY, values)


def _log_beta(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    pairs = zip(a.tolist(), b.tolist(), strict=True)
    return np.array([math.lgamma(x) + math.lgamma(y) - math.lgamma(x + y) for x, y in pairs], dtype=np.float64)
