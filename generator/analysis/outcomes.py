"""From attempts and shards to one outcome for each (logical run, test), vectorised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from generator.analysis.frames import BAD

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_RANK: Final = {"not_run": 0, "skipped": 1, "passed": 2, "failed": 3, "error": 4}
"""The worst of several reports of one test counts; one that really ran outweighs one that did not."""

_COLUMNS: Final = (
    "run",
    "test_id",
    "status",
    "flaky",
    "duration_s",
    "exit_code",
    "unit",
    "part",
    "repeated",
    "attempt",
)


def outcomes(results: pd.DataFrame, run_of_unit: NDArray[np.int32]) -> pd.DataFrame:
    """Return one row for each (run, test), sorted, without signatures; see `Prepared` for the columns.

    `results` is the frame of the snapshot, `run_of_unit` the logical run of each unit.
    """
    final = results["final"].to_numpy(dtype=bool)
    flaky, repeated = _earlier(results, final)
    found = results.loc[final, ["test_id", "status", "duration_s", "exit_code", "unit", "part", "attempt"]]
    found = found.assign(
        run=run_of_unit[found["unit"].to_numpy()],
        flaky=flaky[final] & (found["status"] == "passed").to_numpy(dtype=bool),
        repeated=repeated[final],
    )
    return _merged(found[list(_COLUMNS)])


def starts(found: pd.DataFrame, runs: int) -> NDArray[np.int64]:
    """Return where the rows of each run begin, with the end of the last as last item."""
    return np.searchsorted(found["run"].to_numpy(), np.arange(runs + 1)).astype(np.int64)


def bad_codes(status: pd.Series[str]) -> NDArray[np.bool_]:
    """Return for each category code whether it is a failure."""
    return np.array([name in BAD for name in status.cat.categories], dtype=bool)


def _earlier(results: pd.DataFrame, final: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
    """Return for each row whether its test failed in an earlier attempt, and in how many other parts it is."""
    flaky, repeated = np.zeros(len(results), dtype=bool), np.zeros(len(results), dtype=np.int32)
    if final.all():
        return flaky, repeated
    unit, test = results["unit"].to_numpy(), results["test_id"].to_numpy()
    changes = np.ones(len(results), dtype=bool)
    changes[1:] = (unit[1:] != unit[:-1]) | (test[1:] != test[:-1])
    group = np.cumsum(changes) - 1
    count = int(group[-1]) + 1
    codes = results["status"].cat.codes.to_numpy()
    bad = bad_codes(results["status"])[codes] & ~final
    flaky = (np.bincount(group[bad], minlength=count) > 0)[group]
    part = results["part"].cat.codes.to_numpy()
    last = np.zeros(count, dtype=part.dtype)
    last[group[final]] = part[final]
    other = ~final & (part != last[group])
    pairs = np.unique(np.column_stack([group[other], part[other]]), axis=0)
    repeated = np.bincount(pairs[:, 0], minlength=count).astype(np.int32)[group]
    return flaky, repeated


def _merged(found: pd.DataFrame) -> pd.DataFrame:
    """Sort by (run, test) and keep the worst report of each, counting the others."""
    run, test = found["run"].to_numpy(), found["test_id"].to_numpy()
    if not _increasing(run, test):
        rank = np.array([_RANK[name] for name in found["status"].cat.categories])
        weight = rank[found["status"].cat.codes.to_numpy()]
        found = found.iloc[np.lexsort((found["unit"].to_numpy(), -weight, test, run))]
        run, test = found["run"].to_numpy(), found["test_id"].to_numpy()
    first = np.ones(len(found), dtype=bool)
    first[1:] = (run[1:] != run[:-1]) | (test[1:] != test[:-1])
    if first.all():
        return found.reset_index(drop=True)
    begin = np.flatnonzero(first)
    size = np.diff(np.append(begin, len(found)))
    repeated = np.add.reduceat(found["repeated"].to_numpy(), begin) + size - 1
    flaky = np.logical_or.reduceat(found["flaky"].to_numpy(dtype=bool), begin)
    kept = found.iloc[begin].reset_index(drop=True)
    passed = (kept["status"] == "passed").to_numpy(dtype=bool)
    return kept.assign(repeated=repeated.astype(np.int32), flaky=flaky & passed)


def _increasing(run: NDArray[np.int32], test: NDArray[np.int64]) -> bool:
    same = run[1:] == run[:-1]
    return bool(np.all((run[1:] > run[:-1]) | (same & (test[1:] > test[:-1]))))
