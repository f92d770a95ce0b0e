"""`triage_diff.json`: the comparison with a baseline as CI supplied it; its categories are recomputed later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.records import MirroredWorkflow, SemanticEntry, TriageDiff, TriageTarget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.safety.strict_json import Fields

NAME = "triage_diff"
TITLE = "Runner: comparison with a baseline"
SIGNS = "schema `<ns>.e2e.triage_diff.v1`, or `triage_diff.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="e2e.triage_diff",
    file="triage_diff.json",
    marks=frozenset({"baseline_summary_path", "ranked_diagnostics", "recommended_commands"}),
)
_LABELS = {
    "regressions": "regression",
    "new_failures": "new_failure",
    "unresolved_failures": "unresolved_failure",
    "fixed": "fixed",
    "removed": "removed",
    "added_pass": "added_pass",
    "stable_pass": "stable_pass",
}
_SIDES = (("suite", "suites"), ("unit", "unit_targets"))


def recognises(artifact: Artifact) -> str:
    """Return the sign of a supplied comparison."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the TriageDiff; raises UnreadableError."""
    document = _native.opened(artifact, KIND)
    fields = document.fields
    focus, commands = fields.child("focus"), fields.child("recommended_commands")
    return document.reading(
        TriageDiff(
            part="",
            generated_at=document.moment(fields, "generated_at"),
            status=_native.meta(fields, "status"),
            baseline_path=_native.meta(fields, "baseline_summary_path"),
            counts=document.numbers("summary"),
            targets=_targets(fields),
            semantic=tuple(_semantic(row) for row in fields.child("semantic_diffs").children("entries")),
            workflows=tuple(_workflow(row) for row in fields.child("mirrored_scenarios").children("workflows")),
            runner_command=_native.command_text(commands.text("runner_repro_command"))[0],
            focus_units=_native.titles(focus, "unit_targets"),
            focus_suites=_native.titles(focus, "suites"),
        )
    )


def _targets(fields: Fields) -> tuple[TriageTarget, ...]:
    """Return the ranked targets in their order, then those that only the category lists name."""
    offered = fields.child("recommended_commands").child("target_commands")
    ranked = [_ranked(row, offered) for row in fields.children("ranked_diagnostics")]
    seen = {(target.surface, target.name) for target in ranked}
    listed = [target for target in _listed(fields, offered) if (target.surface, target.name) not in seen]
    return tuple(target for target in (*ranked, *listed) if target.name)


def _ranked(row: Fields, offered: Fields) -> TriageTarget:
    surface, name = _native.meta(row, "surface"), row.text("name")
    return TriageTarget(
        surface=surface,
        name=_native.title(row, "name"),
        baseline_exit=row.signed("baseline_exit_code"),
        current_exit=row.signed("current_exit_code"),
        severity=_native.meta(row, "severity"),
        priority_score=row.signed("priority_score"),
        rank=row.int("rank"),
        command=_command(offered, f"{surface}:{name}") or _native.command_text(row.text("recommended_command"))[0],
    )


def _listed(fields: Fields, offered: Fields) -> Iterator[TriageTarget]:
    for surface, plural in _SIDES:
        side = fields.child(plural)
        for category, severity in _LABELS.items():
            for row in side.children(category):
                yield TriageTarget(
                    surface=surface,
                    name=_native.title(row, "name"),
                    baseline_exit=row.signed("baseline_exit_code"),
                    current_exit=row.signed("current_exit_code"),
                    severity=severity,
                    command=_command(offered, f"{surface}:{row.text('name')}"),
                )


def _command(offered: Fields, key: str) -> str:
    return _native.command_text(offered.text(key))[0] if offered.has(key) else ""


def _semantic(row: Fields) -> SemanticEntry:
    return SemanticEntry(
        suite=_native.title(row, "suite"),
        classification=_native.meta(row, "classification"),
        unresolved=row.boolean("unresolved") is True,
        mismatch_kinds=_native.titles(row, "mismatch_kinds"),
        command=_native.command_text(row.text("recommended_command"))[0],
    )


def _workflow(row: Fields) -> MirroredWorkflow:
    return MirroredWorkflow(
        workflow_id=_native.title(row, "workflow_id"),
        title=_native.title(row, "workflow_title"),
        status=_native.meta(row, "status"),
        suite_ids=_native.titles(row, "suite_ids"),
        missing_in_baseline=_native.titles(row, "missing_in_baseline"),
        missing_in_current=_native.titles(row, "missing_in_current"),
    )
