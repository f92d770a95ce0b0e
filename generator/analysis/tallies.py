"""Results of each run counted by outcome, targets and cases apart, all runs at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from generator.findings import Tally

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STATUSES: Final = ("passed", "failed", "error", "skipped", "not_run")
_SEGMENT: Final = re.compile(r"::|[./\\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTally:
    """What one run amounts to in numbers."""

    targets: Tally
    cases: Tally
    duration_s: float | None
    """Of all targets, and of the cases that belong to no target; None when no duration is known."""
    repeated: int
    lib_failed: bool


def tallies(found: pd.DataFrame, names: pd.DataFrame, runs: int) -> list[RunTally]:
    """Return the tally of each run; `found` has the columns of `Prepared.outcomes` but for the signature."""
    run = found["run"].to_numpy()
    place = names.index.get_indexer(pd.Index(found["test_id"]))
    surface = names["surface"].to_numpy()
    case = (surface == "case")[place]
    order = np.array([_STATUSES.index(name) for name in found["status"].cat.categories], dtype=np.int64)
    status = order[found["status"].cat.codes.to_numpy()]
    cell = (run.astype(np.int64) * 2 + case) * len(_STATUSES) + status
    counts = np.bincount(cell, minlength=runs * 2 * len(_STATUSES)).reshape(runs, 2, len(_STATUSES))
    flaky = found["flaky"].to_numpy(dtype=bool)
    retried = np.bincount(run[flaky] * 2 + case[flaky], minlength=runs * 2).reshape(runs, 2)
    seconds = _seconds(found, _counted_apart(names)[place], runs)
    repeated = np.bincount(run, weights=found["repeated"].to_numpy(), minlength=runs).astype(int)
    broken = (surface == "lib")[place] & np.isin(status, (_STATUSES.index("failed"), _STATUSES.index("error")))
    libs = np.bincount(run[broken], minlength=runs) > 0
    return [
        RunTally(
            targets=_tally(counts[number, 0], int(retried[number, 0])),
            cases=_tally(counts[number, 1], int(retried[number, 1])),
            duration_s=seconds[number],
            repeated=int(repeated[number]),
            lib_failed=bool(libs[number]),
        )
        for number in range(runs)
    ]


def last_segment(classname: str) -> str:
    """Return the narrowest part of a dotted, slashed or `::` class name."""
    return _SEGMENT.split(classname)[-1]


def _tally(counts: NDArray[np.int64], flaky: int) -> Tally:
    passed, failed, errors, skipped, not_run = (int(number) for number in counts)
    return Tally(passed=passed, failed=failed, errors=errors, skipped=skipped, not_run=not_run, flaky=flaky)


def _counted_apart(names: pd.DataFrame) -> NDArray[np.bool_]:
    """Return for each test whether its duration is its own: a case inside a target is part of the target's."""
    surface = names["surface"].to_numpy()
    targets = set(names["name"].to_numpy()[np.isin(surface, ("suite", "unit"))])
    if not targets:
        return np.ones(len(names), dtype=bool)
    inside = [
        kind == "case" and (suite in targets or last_segment(classname) in targets)
        for kind, suite, classname in zip(surface, names["suite"], names["classname"], strict=True)
    ]
    return ~np.array(inside, dtype=bool)


def _seconds(found: pd.DataFrame, apart: NDArray[np.bool_], runs: int) -> list[float | None]:
    seconds = found["duration_s"].to_numpy()
    known = apart & ~np.isnan(seconds)
    run = found["run"].to_numpy()[known]
    sums = np.bincount(run, weights=seconds[known], minlength=runs)
    some = np.bincount(run, minlength=runs) > 0
    return [round(float(total), 6) if any_known else None for total, any_known in zip(sums, some, strict=True)]
