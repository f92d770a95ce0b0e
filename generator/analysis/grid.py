"""Outcomes of some tests in some runs as a matrix: what streaks and outcome strips are read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from generator.analysis.frames import BAD, EXECUTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from generator.analysis.frames import Prepared

ABSENT: Final = -1
"""Row number of a test in a run that has no result of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Rows of `Prepared.outcomes` by run and test."""

    positions: NDArray[np.int64]
    """Runs, ascending."""
    test_ids: NDArray[np.int64]
    """Tests, ascending and distinct."""
    rows: NDArray[np.int64]
    """Shape (runs, tests): row number in the outcomes, or `ABSENT`."""


def grid(prepared: Prepared, positions: Sequence[int] | NDArray[np.int64], test_ids: NDArray[np.int64]) -> Grid:
    """Return where the outcomes of these tests stand in these runs; one binary search a run."""
    chosen = np.asarray(positions, dtype=np.int64)
    wanted = np.unique(np.asarray(test_ids, dtype=np.int64))
    tests = prepared.outcomes["test_id"].to_numpy()
    rows = np.full((len(chosen), len(wanted)), ABSENT, dtype=np.int64)
    for line, position in enumerate(chosen):
        begin, end = int(prepared.starts[position]), int(prepared.starts[position + 1])
        if begin == end:
            continue
        place = np.searchsorted(tests[begin:end], wanted) + begin
        there = (place < end) & (tests[np.minimum(place, end - 1)] == wanted)
        rows[line, there] = place[there]
    return Grid(positions=chosen, test_ids=wanted, rows=rows)


def executed_states(prepared: Prepared, found: Grid) -> NDArray[np.int8]:
    """Return, shaped as the grid, 2 where a test failed, 1 where it ran and passed, 0 where it did not run."""
    categories = prepared.outcomes["status"].cat.categories
    state = np.array([2 if name in BAD else 1 if name in EXECUTED else 0 for name in categories], dtype=np.int8)
    codes = prepared.outcomes["status"].cat.codes.to_numpy()
    if not len(codes):
        return np.zeros(found.rows.shape, dtype=np.int8)
    return np.where(found.rows == ABSENT, np.int8(0), state[codes[np.maximum(found.rows, 0)]])
