"""Run against run: set logic over outcomes, no statistics (statistics, section 3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from generator.analysis import severity
from generator.analysis.frames import BAD, exit_codes
from generator.analysis.grid import ABSENT, grid
from generator.analysis.since import last_states
from generator.findings import Change, ChangeKind, Comparison, DiffStatus, RunState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from generator.analysis.baseline import Baseline
    from generator.analysis.frames import Prepared
    from generator.findings import SuppliedTriage, TestRef

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

_ORDER: Final = {
    _K.NEW_FAILURE: 0,
    _K.NEW_TEST_FAILING: 0,
    _K.STILL_FAILING: 1,
    _K.FIXED: 2,
    _K.MISSING: 3,
    _K.NOT_RUN: 4,
    _K.NEW_TEST: 5,
    _K.UNSKIPPED: 6,
    _K.SKIPPED: 7,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """All tests of two runs side by side: row numbers of the outcomes and classes, `_CLASSES` by position."""

    test_ids: NDArray[np.int64]
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    before_class: NDArray[np.int8]
    after_class: NDArray[np.int8]


def comparison(
    prepared: Prepared, index: int, base: Baseline, failure_ids: Mapping[int, str], supplied: SuppliedTriage | None
) -> Comparison:
    """Return what changed from the baseline to run `index`; without a baseline nothing is compared."""
    head = prepared.runs[index]
    if base.index is None:
        return Comparison(
            base=None,
            base_reason=base.reason,
            head=head.ref,
            status=DiffStatus.NO_BASELINE,
            changes=(),
            stable=0,
            supplied=supplied,
        )
    sides = _sides(prepared, index, base.index)
    kinds = _kinds(prepared, base.index, index, sides)
    partial = head.state is RunState.PARTIAL or any(part.rerun_from for part in head.parts)
    missing = kinds == _K.MISSING
    reason = base.reason
    if partial and missing.any():
        reason += (
            f" The run repeated a selection only, so {int(missing.sum())} other tests of the baseline are left out."
        )
    dropped = missing if partial else np.zeros(len(kinds), dtype=bool)
    changes = _changes(prepared, sides, kinds, ~dropped & (kinds != _K.STABLE), failure_ids)
    return Comparison(
        base=prepared.runs[base.index].ref,
        base_reason=reason,
        head=head.ref,
        status=_status(changes),
        changes=changes,
        stable=int(((kinds == _K.STABLE) & (sides.after != ABSENT)).sum()),
        supplied=supplied,
    )


def kinds_without_baseline(prepared: Prepared, index: int, test_ids: NDArray[np.int64]) -> dict[int, ChangeKind]:
    """Return how failing tests relate to the runs before, where no baseline knows them."""
    states = last_states(prepared, index, test_ids)
    return {test_id: _AFTER_GAP[_BAD_CLASS, state] for test_id, state in states.items()}


def _sides(prepared: Prepared, index: int, base: int) -> Sides:
    tests = np.union1d(prepared.rows(base)["test_id"].to_numpy(), prepared.rows(index)["test_id"].to_numpy())
    before, after = grid(prepared, [base, index], tests).rows
    words = {"passed": 1, "failed": _BAD_CLASS, "error": _BAD_CLASS, "skipped": 3, "not_run": 4}
    status = prepared.outcomes["status"]
    classes = np.array([*(words[name] for name in status.cat.categories), 0], dtype=np.int8)
    codes = status.cat.codes.to_numpy()

    def classed(rows: NDArray[np.int64]) -> NDArray[np.int8]:
        return classes[np.where(rows == ABSENT, len(classes) - 1, codes[np.maximum(rows, 0)])]

    return Sides(test_ids=tests, before=before, after=after, before_class=classed(before), after_class=classed(after))


def _kinds(prepared: Prepared, base: int, index: int, sides: Sides) -> NDArray[np.object_]:
    table = np.array([_TABLE[name] for name in _CLASSES], dtype=object)
    kinds: NDArray[np.object_] = table[sides.before_class, sides.after_class]
    silent = np.isin(sides.before_class, [_CLASSES.index("skipped"), _CLASSES.index("not_run")])
    if prepared.runs[base].state is RunState.INCOMPLETE:
        silent |= sides.before_class == 0  # the test may stand in the shard that is missing there
    asked = silent & np.isin(sides.after_class, [1, _BAD_CLASS])
    states = last_states(prepared, index, sides.test_ids[asked])
    for place in np.flatnonzero(asked).tolist():
        state = states[int(sides.test_ids[place])]
        known = sides.before_class[place] == 0 and state
        kinds[place] = _AFTER_GAP.get((int(sides.after_class[place]), state), _K.STABLE if known else kinds[place])
    return kinds


def _changes(
    prepared: Prepared,
    sides: Sides,
    kinds: NDArray[np.object_],
    chosen: NDArray[np.bool_],
    failure_ids: Mapping[int, str],
) -> tuple[Change, ...]:
    places = np.flatnonzero(chosen).tolist()
    refs = prepared.tests(sides.test_ids[places].tolist())
    before, after = _cells(prepared, sides.before[places]), _cells(prepared, sides.after[places])
    changes = []
    for place, (was, was_exit, was_signature), (now, now_exit, signature) in zip(places, before, after, strict=True):
        test_id = int(sides.test_ids[place])
        changes.append(
            Change(
                test=refs[test_id],
                kind=kinds[place],
                before=was,
                after=now,
                before_exit=was_exit,
                after_exit=now_exit,
                failure_id=failure_ids.get(test_id, ""),
                signature_changed=was in BAD and now in BAD and was_signature != signature,
            )
        )
    changes.sort(key=lambda change: (_ORDER[change.kind], change.test.key, change.test.test_id))
    return _ranked(changes)


def _cells(prepared: Prepared, rows: NDArray[np.int64]) -> list[tuple[str, int | None, str]]:
    """Return status, exit code and signature for each row number."""
    there = rows != ABSENT
    chosen = prepared.outcomes.iloc[rows[there]]
    exits = exit_codes(chosen)
    values = zip(chosen["status"].tolist(), exits, chosen["signature"].tolist(), strict=True)
    return [next(values) if known else ("absent", None, "") for known in there.tolist()]


def _ranked(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Give every target its severity and its place; stable targets would come after all of these."""
    scored = {
        change.test.test_id: found
        for change in changes
        if change.test.surface in severity.RANKED_SURFACES and (found := severity.of_kind(change.kind))
    }
    tests = {change.test.test_id: change.test for change in changes}

    def place(test_id: int) -> tuple[int, int, str]:
        test: TestRef = tests[test_id]
        return severity.rank_key(test.surface, test.name, scored[test_id].score)

    ranks = {test_id: number for number, test_id in enumerate(sorted(scored, key=place), 1)}
    return tuple(
        replace(
            change,
            severity=scored[change.test.test_id].label,
            priority_score=scored[change.test.test_id].score,
            rank=ranks[change.test.test_id],
        )
        if change.test.test_id in scored
        else change
        for change in changes
    )


def _status(changes: Iterable[Change]) -> DiffStatus:
    """Return the status by outcomes: digests that changed make known failures a semantic mismatch."""
    found = tuple(changes)
    labels = [severity.of_kind(change.kind) for change in found]
    changed = sum(change.signature_changed and change.test.surface == "suite" for change in found)
    return severity.status_of([label.label for label in labels if label], open_semantic=changed, incomplete_workflows=0)
