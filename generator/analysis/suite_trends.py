"""Every suite over the last runs of a branch: outcomes and durations, counted with arrays."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from generator.analysis.frames import BAD
from generator.findings import SuiteTrend, Tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from generator.analysis.frames import Prepared

RUNS: Final = 30
"""Runs that are looked at."""

RATIO_RUNS: Final = 10
"""Fewest runs with a duration from which a ratio is told."""

LATEST_RUNS: Final = 5
"""Runs whose median is compared with that of the runs before."""

_COUNTED: Final = ("passed", "failed", "error", "skipped", "not_run")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Numbers of each (run, suite): rows are runs, oldest first, columns suites in the order of `suites`."""

    suites: tuple[tuple[str, str], ...]
    """(surface, suite), sorted; a target is a suite of its own."""
    counts: dict[str, NDArray[np.int64]]
    """By status, and `flaky`."""
    seconds: NDArray[np.float64]
    """Duration of the suite where it passed; NaN where it did not, or where no duration is known."""


def build(prepared: Prepared, places: Sequence[int]) -> tuple[SuiteTrend, ...]:
    """Return the suites of the last 30 of these runs, most failures first, then by flaky results and name.

    Durations are those of runs with the profile of the newest one: another profile is another environment.
    """
    chosen = list(places)[-RUNS:]
    if not chosen:
        return ()
    found = grid(prepared, chosen)
    profile = prepared.runs[chosen[-1]].profile
    alike = np.array([prepared.runs[place].profile == profile for place in chosen])
    trends = [_trend(found, column, alike) for column in range(len(found.suites))]
    return tuple(sorted(trends, key=lambda trend: (-trend.tally.bad, -trend.tally.flaky, trend.surface, trend.suite)))


def grid(prepared: Prepared, places: Sequence[int]) -> Grid:
    """Count the outcomes of each suite in each of these runs."""
    rows = pd.concat([prepared.rows(place) for place in places], ignore_index=True)
    columns, suites = suite_codes(prepared, rows["test_id"].to_numpy())
    line = np.searchsorted(np.asarray(places), rows["run"].to_numpy())
    shape = (len(places), len(suites))
    cell = line * shape[1] + columns

    def count(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(cell[mask], minlength=shape[0] * shape[1]).reshape(shape)

    status = {name: (rows["status"] == name).to_numpy(dtype=bool) for name in _COUNTED}
    flaky = rows["flaky"].to_numpy(dtype=bool)
    counts = {name: count(mask) for name, mask in status.items()} | {"flaky": count(flaky)}
    seconds = rows["duration_s"].to_numpy(dtype=np.float64)
    timed = status["passed"] & ~np.isnan(seconds)
    total = np.bincount(cell[timed], weights=seconds[timed], minlength=shape[0] * shape[1]).reshape(shape)
    bad = sum((counts[name] for name in BAD), np.zeros(shape, dtype=np.int64))
    return Grid(
        suites=suites,
        counts=counts,
        seconds=np.where((count(timed) > 0) & (bad == 0), total, np.nan),
    )


def suite_codes(
    prepared: Prepared, test_ids: NDArray[np.int64]
) -> tuple[NDArray[np.intp], tuple[tuple[str, str], ...]]:
    """Return for each test the position of its suite, and the suites as sorted (surface, suite) pairs.

    A target, which is no case of a suite, stands under its own name.
    """
    tests = np.unique(test_ids)
    names = prepared.names.loc[tests]
    suite = names["suite"].where(names["surface"] == "case", names["name"])
    codes, suites = pd.factorize(
        pd.MultiIndex.from_arrays([names["surface"].astype(str), suite.astype(str)]), sort=True
    )
    return codes[np.searchsorted(tests, test_ids)], tuple((str(surface), str(name)) for surface, name in suites)


def _trend(found: Grid, column: int, alike: NDArray[np.bool_]) -> SuiteTrend:
    counts: dict[str, list[int]] = {name: numbers[:, column].tolist() for name, numbers in found.counts.items()}
    known = found.seconds[:, column]
    seconds: list[float] = known[alike & ~np.isnan(known)].tolist()
    recent = tuple(_word(counts, line) for line in range(len(alike)))
    surface, suite = found.suites[column]
    return SuiteTrend(
        suite=suite,
        surface=surface,
        runs=sum(word != "absent" for word in recent),
        tally=Tally(
            passed=sum(counts["passed"]),
            failed=sum(counts["failed"]),
            errors=sum(counts["error"]),
            skipped=sum(counts["skipped"]),
            not_run=sum(counts["not_run"]),
            flaky=sum(counts["flaky"]),
        ),
        recent=recent,
        median_s=_seconds(median(seconds)) if seconds else None,
        last_s=_seconds(seconds[-1]) if seconds else None,
        ratio=_ratio(seconds),
    )


def _word(counts: dict[str, list[int]], line: int) -> str:
    """Return the worst outcome of a suite in a run; what was only skipped or not reached is absent."""
    if counts["failed"][line] or counts["error"][line]:
        return "failed"
    if counts["flaky"][line]:
        return "flaky"
    return "passed" if counts["passed"][line] else "absent"


def _ratio(seconds: list[float]) -> float | None:
    """Return the median of the last 5 over the median of those before; None below 10 runs or for a median of 0."""
    if len(seconds) < RATIO_RUNS:
        return None
    before = median(seconds[:-LATEST_RUNS])
    return round(median(seconds[-LATEST_RUNS:]) / before, 6) if before > 0 else None


def _seconds(value: float) -> float:
    return round(value, 6)
