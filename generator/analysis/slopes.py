"""Is a short series rising or falling: Theil-Sen slope with Kendall's p (statistics, section 11)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MIN_POINTS: Final = 5
"""Fewest points of a slope: four in perfect order still have p = 0.08."""

_EXACT_POINTS: Final = 33
"""Most points without ties for which p is counted and not approximated."""

_ALWAYS_EXACT: Final = 1
"""So few pairs out of order (or in order) are counted however many points there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """A trend: how much y changes when x grows by one, and how probable so clear an order is without any trend."""

    slope: float
    tau: float
    """Kendall's tau-b, from -1 to 1."""
    p: float
    """Two-sided."""
    points: int


def theil_sen(x: ArrayLike, y: ArrayLike, *, min_points: int = MIN_POINTS) -> Slope | None:
    """Return the trend of points (x, y), None below `min_points`, or where x or y never changes.

    The slope is the median of the slopes of all pairs with different x, as `scipy.stats.theilslopes`; p is that of
    `scipy.stats.kendalltau`: counted up to 33 points without ties, else the normal approximation corrected for ties.
    Points with a NaN are left out. Raises `ValueError` for shapes that differ.
    """
    across, up = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if across.ndim != 1 or across.shape != up.shape:
        raise ValueError(f"x {across.shape} and y {up.shape} have no common shape (n,)")
    known = np.isfinite(across) & np.isfinite(up)
    across, up = across[known], up[known]
    points = len(across)
    first, second = np.triu_indices(points, 1)
    run, rise = across[second] - across[first], up[second] - up[first]
    if points < max(min_points, 2) or not run.any() or not rise.any():
        return None
    steps = rise[run != 0] / run[run != 0]
    score = int((np.sign(run) * np.sign(rise)).sum())
    pairs = len(run)
    flat = pairs - int(np.count_nonzero(run)), pairs - int(np.count_nonzero(rise))
    tau = score / math.sqrt((pairs - flat[0]) * (pairs - flat[1]))
    out_of_order = (pairs - score) // 2
    few = min(out_of_order, pairs - out_of_order)
    if flat == (0, 0) and (points <= _EXACT_POINTS or few <= _ALWAYS_EXACT):
        p = _counted(points, few)
    else:
        p = _approximated(across, up, score)
    return Slope(slope=float(np.median(steps)), tau=max(-1.0, min(1.0, tau)), p=p, points=points)


def _counted(points: int, few: int) -> float:
    """Return how many of all orders have at most `few` pairs out of order, or as few in order, as a share of all."""
    pairs = points * (points - 1) // 2
    if 2 * few == pairs:
        return 1.0
    ways = [1] + [0] * few
    for length in range(2, points + 1):
        sums = [0]
        for way in ways:
            sums.append(sums[-1] + way)
        ways = [sums[place + 1] - sums[max(place + 1 - length, 0)] for place in range(few + 1)]
    return min(1.0, 2 * sum(ways) / math.factorial(points))


def _approximated(x: NDArray[np.float64], y: NDArray[np.float64], score: int) -> float:
    """Return p of the score by its normal approximation, its variance corrected for ties in x and y."""
    n = len(x)
    pairs = n * (n - 1)
    alike = [np.unique(values, return_counts=True)[1].astype(np.int64) for values in (x, y)]
    two = [int((count * (count - 1)).sum()) for count in alike]
    three = [int((count * (count - 1) * (count - 2)).sum()) for count in alike]
    wide = [int((count * (count - 1) * (2 * count + 5)).sum()) for count in alike]
    variance = (pairs * (2 * n + 5) - sum(wide)) / 18 + two[0] * two[1] / (2 * pairs)
    if n > 2:
        variance += three[0] * three[1] / (9 * pairs * (n - 2))
    return math.erfc(abs(score) / math.sqrt(2 * variance)) if variance > 0 else 1.0
