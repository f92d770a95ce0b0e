"""What all key figures share: rates with their interval, and whether a target is met."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from generator.analysis.rates import Z, wilson
from generator.findings import Kpi, KpiStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_DIGITS: Final = 8
"""Digits behind the point of a figure: two builds write the same bytes."""

Counted = tuple[int, int]
"""Hits, and what they are counted among."""


def share(kpi: Kpi, now: Counted, before: Counted = (0, 0)) -> Kpi:
    """Return a key figure with the rate of `now`, its Wilson interval, and the rate of the window before.

    A rate over fewer than `min_n` is none. Statistics, section 1.
    """
    hits, n = now
    previous = before[0] / before[1] if before[1] >= kpi.min_n else None
    if n < kpi.min_n:
        return settled(replace(kpi, n=n, previous=_rounded(previous)))
    interval = wilson(hits, n)
    return settled(
        replace(kpi, n=n, value=hits / n, low=float(interval.low), high=float(interval.high), previous=previous)
    )


def settled(kpi: Kpi) -> Kpi:
    """Return a key figure with rounded numbers and its status.

    With fewer than `min_n` it has no value. Else it is ok when it meets its target; it is a breach when it misses the
    target and so does its whole interval, and a warning when its interval reaches the target. Without a target it is
    neither. A value that is only known to be larger than it says has not met an upper bound.
    """
    if kpi.n < kpi.min_n or kpi.value is None:
        return replace(kpi, status=KpiStatus.INSUFFICIENT_DATA, value=None, low=None, high=None, at_least=False)
    low, high = _rounded(kpi.low), _rounded(kpi.high)
    found = replace(kpi, value=_rounded(kpi.value), low=low, high=high, previous=_rounded(kpi.previous))
    return replace(found, status=_status(found))


def counted(*items: tuple[str, int]) -> tuple[tuple[str, int], ...]:
    """Return what was left out, without what there is none of."""
    return tuple((what, number) for what, number in items if number)


def sentences(texts: Iterable[str]) -> str:
    """Return those that say something, with semicolons between them."""
    return "; ".join(text for text in texts if text)


def order_statistics(values: Sequence[float], at: float) -> tuple[float | None, float | None]:
    """Return the values whose ranks hold the quantile with 95 %, None where the sample does not reach so far."""
    ordered, n = sorted(values), len(values)
    half = Z * math.sqrt(n * at * (1 - at))
    low, high = math.floor(n * at - half), math.ceil(n * at + half) + 1
    return (ordered[low - 1] if low >= 1 else None, ordered[high - 1] if high <= n else None)


def _status(kpi: Kpi) -> KpiStatus:
    if kpi.target is None or kpi.value is None:
        return KpiStatus.NO_TARGET
    if kpi.target_is_most:
        meets, reaches = kpi.value <= kpi.target, kpi.low is not None and kpi.low <= kpi.target
    else:
        meets, reaches = kpi.value >= kpi.target, kpi.high is not None and kpi.high >= kpi.target
    if meets:
        return KpiStatus.WARN if kpi.at_least and kpi.target_is_most else KpiStatus.OK
    return KpiStatus.WARN if reaches else KpiStatus.BREACH


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, _DIGITS)
