"""The comparison that CI supplied, recomputed from its own exit codes: known emitters file failures as passes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.analysis import severity
from generator.analysis.baseline import run_in_folder
from generator.analysis.folders import named_folder
from generator.analysis.frames import exit_codes
from generator.findings import Change, DiffStatus, Disagreement, SuppliedTriage, TestRef
from generator.safety.ids import test_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.analysis.frames import Prepared
    from generator.records import Evidence, TriageDiff, TriageTarget

DISAGREEMENTS: Final = 100
"""Most points of disagreement that are listed; a hostile file may disagree in everything."""

_RANKED: Final = severity.RANKED_SURFACES
_HIDDEN: Final = ("regression", "unresolved_failure")
_WORST_FIRST: Final = (
    DiffStatus.REGRESSION,
    DiffStatus.SEMANTIC_MISMATCH,
    DiffStatus.KNOWN_FAILURES_ONLY,
    DiffStatus.INCOMPLETE_MIRRORING,
    DiffStatus.STABLE,
)

Key = tuple[str, str]
"""Surface and name of a target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What our own results say about the targets of the run."""

    refs: Mapping[Key, TestRef]
    exits: Mapping[Key, int | None]
    failure_ids: Mapping[int, str]


def supplied(
    prepared: Prepared, index: int, evidence: Sequence[Evidence], failure_ids: Mapping[int, str]
) -> SuppliedTriage | None:
    """Return the supplied comparison of run `index` recomputed, None when CI left none.

    `evidence` is that of the run's units in order. Where several parts left a comparison, the worst counts, then the
    first by path.
    """
    found = [
        _recomputed(prepared, index, diff, _own(prepared, index, (unit, diff.part), failure_ids))
        for unit, item in zip(prepared.units(index), evidence, strict=True)
        for diff in item.triage
    ]
    return min(found, key=lambda item: (_WORST_FIRST.index(item.recomputed_status), item.path), default=None)


def _own(prepared: Prepared, index: int, place: tuple[int, str], failure_ids: Mapping[int, str]) -> Own:
    """Return our results of the targets in the unit and part that the comparison stands in."""
    rows = prepared.rows(index)
    rows = rows.loc[(rows["unit"] == place[0]) & (rows["part"] == place[1])]
    refs = prepared.tests(rows["test_id"].tolist())
    exits = exit_codes(rows)
    pairs = [(ref, code) for ref, code in zip(refs.values(), exits, strict=True) if ref.surface in _RANKED]
    return Own(
        refs={(ref.surface, ref.name): ref for ref, _ in pairs},
        exits={(ref.surface, ref.name): code for ref, code in pairs},
        failure_ids=failure_ids,
    )


def _recomputed(prepared: Prepared, index: int, diff: TriageDiff, own: Own) -> SuppliedTriage:
    listed = [target for target in diff.targets if target.surface in _RANKED]
    distinct = list({(target.surface, target.name): target for target in reversed(listed)}.values())[::-1]
    changes = _changes(distinct, own)
    labels = {(change.test.surface, change.test.name): change.severity for change in changes}
    counts = _counts(diff, labels)
    status = severity.status_of(
        labels.values(),
        open_semantic=counts["semantic_mismatch_count"],
        incomplete_workflows=counts["mirrored_incomplete_workflow_count"],
    )
    folder = named_folder(diff.baseline_path)
    base = run_in_folder(prepared, index, folder)
    reported = dict(diff.counts)
    hidden = sum(
        target.severity not in severity.FAILING and labels[target.surface, target.name] in _HIDDEN
        for target in distinct
    )
    names = [name for name in (f"{label}_count" for label in _HIDDEN) if name in reported]
    by_counts = sum(max(0, counts[name] - reported[name]) for name in names)
    return SuppliedTriage(
        path=diff.path,
        baseline_label=prepared.runs[base].label if base is not None else folder,
        reported_status=diff.status,
        recomputed_status=status,
        reported_counts=diff.counts,
        recomputed_counts=tuple(sorted(counts.items())),
        targets=changes,
        under_reported=max(hidden, by_counts),
        disagreements=tuple(_disagreements(diff, status, counts, distinct, labels, own))[:DISAGREEMENTS],
        runner_command=diff.runner_command,
    )


def _changes(targets: Sequence[TriageTarget], own: Own) -> tuple[Change, ...]:
    """Return all targets with what their exit codes mean, in rank order."""
    meant = [(target, severity.of_exit_codes(target.baseline_exit, target.current_exit)) for target in targets]
    meant.sort(key=lambda pair: severity.rank_key(pair[0].surface, pair[0].name, pair[1].score))
    changes = []
    for rank, (target, found) in enumerate(meant, 1):
        key = (target.surface, target.name)
        ref = own.refs.get(key) or _ref(target)
        changes.append(
            Change(
                test=ref,
                kind=found.kind,
                before=_word(target.baseline_exit),
                after=_word(target.current_exit),
                before_exit=target.baseline_exit,
                after_exit=target.current_exit,
                failure_id=own.failure_ids.get(ref.test_id, "") if target.current_exit else "",
                severity=found.label,
                priority_score=found.score,
                rank=rank,
            )
        )
    return tuple(changes)


def _counts(diff: TriageDiff, labels: Mapping[Key, str]) -> dict[str, int]:
    """Return the numbers of the file's own summary, recomputed, under the names that the file gives them.

    A semantic entry is open when its suite fails by the exit codes; a workflow mismatches when one of its suites has an
    open entry and none is missing.
    """
    found = Counter(labels.values())
    surfaces = Counter(key[0] for key, label in labels.items() if label == "regression")
    open_suites = {entry.suite for entry in diff.semantic if labels.get(("suite", entry.suite)) in severity.FAILING}
    incomplete = sum(bool(flow.missing_in_baseline or flow.missing_in_current) for flow in diff.workflows)
    mismatching = sum(
        not (flow.missing_in_baseline or flow.missing_in_current) and not open_suites.isdisjoint(flow.suite_ids)
        for flow in diff.workflows
    )
    return {
        "regression_count": found["regression"],
        "new_failure_count": found["new_failure"],
        "unresolved_failure_count": found["unresolved_failure"],
        "fixed_count": found["fixed"],
        "unit_regression_count": surfaces["unit"],
        "suite_regression_count": surfaces["suite"],
        "semantic_mismatch_count": sum(entry.suite in open_suites for entry in diff.semantic),
        "mirrored_evaluated_workflow_count": len(diff.workflows),
        "mirrored_incomplete_workflow_count": incomplete,
        "mirrored_semantic_mismatch_workflow_count": mismatching,
    }


def _disagreements(
    diff: TriageDiff,
    status: DiffStatus,
    counts: Mapping[str, int],
    targets: Iterable[TriageTarget],
    labels: Mapping[Key, str],
    own: Own,
) -> Iterator[Disagreement]:
    """Yield where the file contradicts its own exit codes, then where it contradicts our results."""
    if diff.status != status:
        yield Disagreement(subject="status", reported=diff.status or "none", recomputed=status.value)
    for name, number in diff.counts:
        if name in counts and counts[name] != number:
            yield Disagreement(subject=name, reported=str(number), recomputed=str(counts[name]))
    seen = set()
    for target in targets:
        key = (target.surface, target.name)
        seen.add(key)
        if target.severity != labels[key]:
            yield Disagreement(subject=":".join(key), reported=target.severity or "none", recomputed=labels[key])
        ours, said = own.exits.get(key), target.current_exit
        if ours is not None and (said is None or bool(ours) != bool(said)):
            reported = "absent" if said is None else f"exit code {said}"
            yield Disagreement(subject=":".join(key), reported=reported, recomputed=f"exit code {ours}")
    for key, code in sorted(own.exits.items(), key=lambda item: item[0]):
        if key not in seen and code:
            yield Disagreement(subject=":".join(key), reported="not listed", recomputed=f"exit code {code}")


def _ref(target: TriageTarget) -> TestRef:
    """Return the identity of a target that the run has no result of."""
    identity = (target.surface, target.name, "", target.name)
    surface, suite, classname, name = identity
    return TestRef(test_id=test_id(*identity), surface=surface, suite=suite, classname=classname, name=name)


def _word(exit_code: int | None) -> str:
    return "absent" if exit_code is None else "failed" if exit_code else "passed"
