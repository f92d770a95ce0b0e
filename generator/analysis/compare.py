"""Run against run: set logic over outcomes, no statistics (statistics, section 3)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from generator.analysis import severity
from generator.analysis.frames import BAD, exit_codes
from generator.analysis.grid import ABSENT
from generator.analysis.sides import change_kinds, side_by_side
from generator.findings import Change, ChangeKind, Comparison, DiffStatus, RunState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from generator.analysis.baseline import Baseline
    from generator.analysis.frames import Prepared
    from generator.analysis.sides import Sides
    from generator.findings import RunFacts, SuppliedTriage, TestRef

_ORDER: Final = {
    ChangeKind.NEW_FAILURE: 0,
    ChangeKind.NEW_TEST_FAILING: 0,
    ChangeKind.STILL_FAILING: 1,
    ChangeKind.FIXED: 2,
    ChangeKind.MISSING: 3,
    ChangeKind.NOT_RUN: 4,
    ChangeKind.NEW_TEST: 5,
    ChangeKind.UNSKIPPED: 6,
    ChangeKind.SKIPPED: 7,
}


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
    sides = side_by_side(prepared, index, base.index)
    kinds = change_kinds(prepared, base.index, index, sides)
    unselected, why = _unselected(head, sides, (kinds == ChangeKind.MISSING).astype(bool))
    changes = _changes(prepared, sides, kinds, ~unselected & (kinds != ChangeKind.STABLE), failure_ids)
    return Comparison(
        base=prepared.runs[base.index].ref,
        base_reason=base.reason + why,
        head=head.ref,
        status=_status(changes),
        changes=changes,
        stable=int(((kinds == ChangeKind.STABLE) & (sides.after != ABSENT)).sum()),
        supplied=supplied,
    )


def _unselected(head: RunFacts, sides: Sides, missing: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], str]:
    """Return which missing tests the run could not have, and a sentence that says so.

    A re-run repeats a selection, and a run without any test report has no cases.
    """
    if head.state is RunState.PARTIAL or any(part.rerun_from for part in head.parts):
        why = " The run repeated a selection only, so {} other tests of the baseline are left out."
    elif not (sides.case & (sides.after != ABSENT)).any():
        missing = missing & sides.case
        why = " The run has no test report, so the {} cases of the baseline are left out."
    else:
        return np.zeros(len(missing), dtype=bool), ""
    return missing, why.format(int(missing.sum())) if missing.any() else ""


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
    """Return the status by outcomes.

    A suite that fails otherwise than before is a semantic mismatch. Workflows are not known here, but tests that were
    selected and did not run keep the two runs from mirroring each other: such a run is never called stable.
    """
    found = tuple(changes)
    labels = [severity.of_kind(change.kind) for change in found]
    changed = sum(change.signature_changed and change.test.surface == "suite" for change in found)
    not_run = sum(change.kind is ChangeKind.NOT_RUN for change in found)
    return severity.status_of(
        [label.label for label in labels if label], open_semantic=changed, incomplete_workflows=not_run
    )
