"""What the tools behind github-action-benchmark measure: in which direction better lies, and what a range means.

Directions are those of the action itself (its `biggerIsBetter`), but for JMH, of which it takes every mode as smaller
is better: there the unit decides. Ranges are text made by each tool's extractor.
"""

from __future__ import annotations

import re
from typing import Final

from generator.readers._benchmarks import count, number, spread
from generator.safety.limits import TEXT_META

_TOOLS: Final[dict[str, tuple[bool | None, str]]] = {
    "cargo": (False, "median"),
    "go": (False, "mean"),
    "benchmarkjs": (True, "throughput"),
    "benchmarkluau": (False, "mean"),
    "pytest": (True, "throughput"),
    "googlecpp": (False, "real time"),
    "catch2": (False, "mean"),
    "julia": (False, "time"),
    "jmh": (None, "score"),
    "benchmarkdotnet": (False, "mean"),
    "customBiggerIsBetter": (True, ""),
    "customSmallerIsBetter": (False, ""),
}
"""Tool: (bigger is better, or None where the unit says it; metric)."""

_RATE: Final = re.compile(
    r"(?:ops|iter|req|requests?|calls?|[kmg]?i?b|bytes)/(?:s|sec|second|ms|us|µs|ns|min)", re.IGNORECASE
)
_TIME: Final = re.compile(r"(?:[num]?s|µs|nsec|usec|msec|sec|seconds?|min)(?:/(?:op|iter))?", re.IGNORECASE)
_OPERATIONS: Final = re.compile(r"ops/", re.IGNORECASE)
_NANOSECONDS: Final = {"us": 1e3, "ms": 1e6, "s": 1e9}
_PERCENT: Final = frozenset({"%", "percent"})
_RANGE: Final = re.compile(
    r"(stddev:)?\s*(?:±|\+/-|\+-)?\s*([0-9][0-9,]{0,30}(?:\.[0-9]{0,30})?(?:[eE][+-]?[0-9]{1,3})?)\s*(%)?", re.ASCII
)
_SAMPLES: Final = re.compile(r"(?:^|\n)(?:rounds: ([0-9]{1,15})|([0-9]{1,15}) samples)(?:\n|$)")


def metric_of(tool: str) -> str:
    """Return what a tool measures; empty where it says nothing."""
    return _TOOLS.get(tool, (None, ""))[1]


def bigger_is_better(tool: str, unit: str) -> bool | None:
    """Return in which direction better lies; None where neither tool nor unit says it."""
    said = _TOOLS[tool][0] if tool in _TOOLS else None
    if tool == "go" and _RATE.fullmatch(unit):
        return True  # `b.SetBytes` reports MB/s as a series of its own
    if said is not None:
        return said
    if _OPERATIONS.match(unit) or _RATE.fullmatch(unit):
        return True
    return False if tool == "jmh" or _TIME.fullmatch(unit) else None


def in_fixed_unit(tool: str, value: float | None, unit: str) -> tuple[float | None, str]:
    """Return value and unit of a tool that chooses the unit anew at each run in one unit: Catch2's times in ns."""
    factor = _NANOSECONDS.get(unit) if tool == "catch2" else None
    if factor is None or value is None:
        return value, unit
    return number(value * factor), "ns"


def spread_of(tool: str, value: float | None, unit: str, stated: object) -> float | None:
    """Return the stated range in the unit of the value; None where it cannot be known.

    Catch2's range has lost its unit, which may differ from that of the value. pytest's is the standard deviation of the
    time in seconds while the value is its inverse: to first order, that of 1/t is s / t².
    """
    if isinstance(stated, int | float):
        return spread(stated)
    found = _RANGE.fullmatch(stated.strip()) if isinstance(stated, str) and len(stated) < TEXT_META else None
    if found is None or tool == "catch2" or value is None:
        return None
    width = spread(found[2].replace(",", ""))
    if width is None:
        return None
    if found[1]:
        return spread(width * value * value) if tool == "pytest" else width
    return spread(width * abs(value) / 100) if found[3] and unit.lower() not in _PERCENT else width


def samples_of(extra: object) -> int | None:
    """Return the number of samples that the additional text of an entry states."""
    found = _SAMPLES.search(extra, 0, TEXT_META) if isinstance(extra, str) else None
    return count(number(found[1] or found[2])) if found else None
