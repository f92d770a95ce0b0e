"""`perf3x_bead_coverage_audit.json`: which work items have evidence, and which have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import items, number, pairs, said, shown, table
from generator.readers._statements import SEEN, opened
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME = "bead_coverage"
TITLE = "Gates: evidence of work items"
SIGNS = "schema `<ns>.perf3x.bead_coverage.audit.v1`, or `perf3x_bead_coverage_audit.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="perf3x.bead_coverage.audit",
    file="perf3x_bead_coverage_audit.json",
    marks=frozenset({"missing_evidence", "row_count", "contract_schema"}),
)
_EVIDENCE = ("unit_evidence", "e2e_evidence", "log_evidence")


def recognises(artifact: Artifact) -> str:
    """Return the sign of the audit of evidence of work items."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement, which holds when no evidence is missing; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    raw = sheet.raw
    sheet.take("contract_schema", "row_count", "missing_evidence_count")
    missing = [_name(item) for item in items(raw.get("missing_evidence"))[:SEEN]]
    rows = sheet.each("rows")
    for row in rows:
        name = said(row, "bead", "id") or "(no id)"
        sheet.add(StatementRow(id=name, ok=not _lost(name, missing), facts=pairs(row, *_EVIDENCE)))
    known = {row.id for row in sheet.rows}
    for name in dict.fromkeys(missing):
        if name not in known:
            sheet.add(StatementRow(id=name, title="missing evidence", status="missing", ok=False))
    sheet.same("row_count", number(raw, "row_count"), len(rows))
    sheet.same("missing_evidence_count", number(raw, "missing_evidence_count"), len(items(raw.get("missing_evidence"))))
    verdict = said(raw, "status")
    claimed = sheet.claims(verdict)
    if claimed or (rows and number(raw, "missing_evidence_count")):
        holds = bool(rows) and not missing
        reason = f"{len(missing)} pieces of evidence are missing" if rows else "it has no rows"
        claimed = sheet.weigh(verdict, claimed, holds, reason)
    return sheet.reading(sheet.statement(verdict, claimed))


def _name(item: object) -> str:
    return shown(item) or said(table(item), "bead", "id", "path", "evidence") or "(no name)"


def _lost(name: str, missing: list[str]) -> bool:
    """Tell whether a piece of missing evidence is that of a work item: its id, or its id and something behind."""
    return any(text == name or text.startswith((f"{name} ", f"{name}:", f"{name}/")) for text in missing)
