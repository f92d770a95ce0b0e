"""`e2e_scenario_matrix.json`: which workflows are covered by end-to-end suites, waived or planned."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import items, joined, pairs, said, told
from generator.readers._statements import command, opened
from generator.records import Level, StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._said import Raw

NAME = "scenario_matrix"
TITLE = "Gates: matrix of workflows"
SIGNS = "schema `<ns>.e2e.scenario_matrix.v1` or `.v2`, or `e2e_scenario_matrix.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="e2e.scenario_matrix",
    file="e2e_scenario_matrix.json",
    marks=frozenset({"rows"}),
)
VERSIONS = (1, 2)
_STATUSES = ("covered", "waived", "planned")
_FACTS = (
    *("workflow_class", "provider_families", "suite_ids", "test_paths", "expected_artifacts", "waiver_issue_id"),
    *("vcr_mode", "sli_ids", "planned_suite_ids", "planned_issue_id"),
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of the matrix of end-to-end workflows."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement, which does not hold when a row breaks the contract; raises UnreadableError."""
    sheet = opened(artifact, KIND, VERSIONS)
    tally: Counter[str] = Counter()
    seen: set[str] = set()
    for row in sheet.each("rows"):
        made = _workflow(row)
        tally[made.status] += 1
        sheet.add(made)
        if made.id in seen:
            sheet.doubt(f"lists the workflow {made.id} twice")
        seen.add(made.id)
    broken = [row.id for row in sheet.rows if row.ok is False]
    if broken:
        sheet.doubt(f"has workflows that break its contract: {joined(broken)}")
    total = tally.total()
    sheet.count("workflows", total)
    for status in _STATUSES:
        sheet.count(f"status.{status}", tally[status])
    if total:
        sheet.count("coverage_pct", round(100 * tally["covered"] / total, 2))
    else:
        sheet.doubt("names no workflow")
    return sheet.reading(sheet.statement("", ok=None))


def _workflow(row: Raw) -> StatementRow:
    """Return one workflow: covered ones name what covers them, waived ones why not; planned ones say nothing yet."""
    status = said(row, "status")
    covered = bool(items(row.get("suite_ids")) or items(row.get("test_paths")))
    waived = bool(said(row, "waiver_reason") or said(row, "waiver_issue_id"))
    verdicts = {"covered": covered, "waived": None if waived else False, "planned": None}
    return StatementRow(
        id=said(row, "workflow_id") or "(no id)",
        title=said(row, "workflow_title"),
        status=status,
        ok=verdicts.get(status, False),
        owner=said(row, "owner"),
        detail=told(row, "waiver_reason", "planned_reason", "planned_note"),
        command=command(row, "replay_command", Level.SUITE, "e2e_scenario_matrix.rows[]"),
        facts=pairs(row, *_FACTS),
    )
