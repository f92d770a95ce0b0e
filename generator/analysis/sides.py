"""Two runs side by side: what became of each test (statistics, section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from generator.analysis.grid import ABSENT, grid
from generator.analysis.since import last_states
from generator.findings import ChangeKind, RunState

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from generator.analysis.frames import Prepared

_CLASSES: Final = ("absent", "passed", "bad", "skipped", "not_run")
_BAD_CLASS: Final = 2
_K: Final = ChangeKind
_TABLE: Final = {
    "absent": (_K.STABLE, _K.NEW_TEST, _K.NEW_TEST_FAILING, _K.SKIPPED, _K.NOT_RUN),
    "passed": (_K.MISSING, _K.STABLE, _K.NEW_FAILURE, _K.SKIPPED, _K.NOT_RUN),
    "bad": (_K.MISSING, _K.FIXED, _K.STILL_FAILING, _K.SKIPPED, _K.NOT_RUN),
    "skipped": (_K.MISSING, _K.UNSKIPPED, _K.NEW_FAILURE, _K.STABLE, _K.NOT_RUN),
    "not_run": (_K.STABLE, _K.STABLE, _K.NEW_FAILURE, _K.SKIPPED, _K.NOT_RUN),
}
"""Kind of a change: a line for each class in the baseline, a column for each class now, in the order of `_CLASSES`."""

_AFTER_GAP: Final = {
    (_BAD_CLASS, 2): _K.STILL_FAILING,
    (_BAD_CLASS, 1): _K.NEW_FAILURE,
    (_BAD_CLASS, 0): _K.NEW_TEST_FAILING,
    (1, 2): _K.FIXED,
}
"""(class now, last executed state) where the baseline says nothing: a skip neither opens nor closes a failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """All tests of two runs side by side: row numbers of the outcomes and classes, `_CLASSES` by position."""

    test_ids: NDArray[np.int64]
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    before_class: NDArray[np.int8]
    after_class: NDArray[np.int8]
    case: NDArray[np.bool_]
    """Whether it is a case of a report: a report is there or not as a whole, targets are selected one by one."""


def kinds_without_baseline(prepared: Prepared, index: int, test_ids: NDArray[np.int64]) -> dict[int, ChangeKind]:
    """Return how failing tests relate to the runs before, where no baseline knows them."""
    states = last_states(prepared, index, test_ids)
    return {test_id: _AFTER_GAP[_BAD_CLASS, state] for test_id, state in states.items()}


def side_by_side(prepared: Prepared, index: int, base: int) -> Sides:
    """Return the outcomes of run `index` beside those of its baseline."""
    tests = np.union1d(prepared.rows(base)["test_id"].to_numpy(), prepared.rows(index)["test_id"].to_numpy())
    before, after = grid(prepared, [base, index], tests).rows
    words = {"passed": 1, "failed": _BAD_CLASS, "error": _BAD_CLASS, "skipped": 3, "not_run": 4}
    status = prepared.outcomes["status"]
    classes = np.array([*(words[name] for name in status.cat.categories), 0], dtype=np.int8)
    codes = status.cat.codes.to_numpy()

    def classed(rows: NDArray[np.int64]) -> NDArray[np.int8]:
        return classes[np.where(rows == ABSENT, len(classes) - 1, codes[np.maximum(rows, 0)])]

    return Sides(
        test_ids=tests,
        before=before,
        after=after,
        before_class=classed(before),
        after_class=classed(after),
        case=(prepared.names["surface"].reindex(tests) == "case").to_numpy(dtype=bool),
    )


def change_kinds(prepared: Prepared, base: int, index: int, sides: Sides) -> NDArray[np.object_]:
    """Return the ChangeKind of each test; where the baseline is silent, by its last outcome before the run."""
    table = np.array([_TABLE[name] for name in _CLASSES], dtype=object)
    kinds: NDArray[np.object_] = table[sides.before_class, sides.after_class]
    silent = np.isin(sides.before_class, [_CLASSES.index("skipped"), _CLASSES.index("not_run")])
    absent = sides.before_class == 0
    # The shard or the report that a test stands in may be missing there: that does not make it a new test.
    silent |= absent if prepared.runs[base].state is RunState.INCOMPLETE else absent & sides.case
    asked = silent & np.isin(sides.after_class, [1, _BAD_CLASS])
    states = last_states(prepared, index, sides.test_ids[asked])
    for place in np.flatnonzero(asked).tolist():
        state = states[int(sides.test_ids[place])]
        known = sides.before_class[place] == 0 and state
        kinds[place] = _AFTER_GAP.get((int(sides.after_class[place]), state), _K.STABLE if known else kinds[place])
    return kinds
