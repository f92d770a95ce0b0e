"""What a flake costs: the time of the attempts that failed and of those that followed them (statistics, section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from generator.analysis.flake_worlds import World
    from generator.analysis.frames import Prepared


def seconds_lost(prepared: Prepared, world: World, columns: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return, shaped (commits, columns), what failing attempts and the attempt after each took; NaN where unknown.

    A run's attempts are taken together when it failed or passed only in the end; of a run that passed after one that
    failed on the same commit, the whole is a retry.
    """
    rows = world.rows[:, columns]
    bad, good = world.failed[:, columns], world.smooth[:, columns]
    tried = bad | world.retried[:, columns]
    seconds = prepared.outcomes["duration_s"].to_numpy()[np.maximum(rows, 0)]
    earlier = _earlier(prepared, world.test_ids[columns], rows, tried)
    total = np.zeros((len(world.commits), len(columns)))
    known = np.zeros(total.shape, dtype=np.bool_)
    follows = np.zeros(total.shape, dtype=np.bool_)
    for place, commit in enumerate(world.commit.tolist()):
        counts = (tried[place] | (good[place] & follows[commit])) & np.isfinite(seconds[place])
        total[commit] += np.where(counts, seconds[place], 0.0) + earlier[place]
        known[commit] |= counts | (earlier[place] > 0)
        follows[commit] = bad[place] | (follows[commit] & ~good[place])
    return np.where(known, total, np.nan)


def _earlier(
    prepared: Prepared, test_ids: NDArray[np.int64], rows: NDArray[np.int64], tried: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return, shaped as the rows, what the attempts before the final one took together; 0 where there is none."""
    found = np.zeros(rows.shape)
    results = prepared.snapshot.results
    before = np.flatnonzero(~results["final"].to_numpy(dtype=np.bool_))
    before = before[np.isin(results["test_id"].to_numpy()[before], test_ids)]
    if not before.size:
        return found
    sums: dict[tuple[int, int, str], float] = {}
    chosen = results.iloc[before]
    for unit, test_id, part, seconds in zip(*_columns(chosen), strict=True):
        if np.isfinite(seconds):
            sums[unit, test_id, part] = sums.get((unit, test_id, part), 0.0) + seconds
    places, columns = np.nonzero(tried)
    own = prepared.outcomes.iloc[rows[places, columns]]
    keys = zip(*_columns(own)[:3], strict=True)
    found[places, columns] = [sums.get(key, 0.0) for key in keys]
    return found


def _columns(frame: pd.DataFrame) -> list[list[Any]]:
    return [frame[name].tolist() for name in ("unit", "test_id", "part", "duration_s")]
