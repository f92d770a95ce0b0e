"""`certification_dossier.json`: answers to the closing questions, with what is still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import flag, listed, number, pairs, said, table, told
from generator.readers._statements import PASS, opened
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._said import Raw
    from generator.readers._statements import Sheet

NAME = "certification_dossier"
TITLE = "Gates: certification dossier"
SIGNS = "schema `<ns>.qa.certification_dossier.v1`, or `certification_dossier.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="qa.certification_dossier",
    file="certification_dossier.json",
    marks=frozenset({"closure_questions", "residual_gaps"}),
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of a certification dossier."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    sheet.take("bead", "suite_classification", "test_double_inventory", "e2e_scenario_matrix", "ci_gate_status")
    sheet.take("opportunity_matrix_contract")
    for row in sheet.each("closure_questions"):
        sheet.add(_question(row))
    for row in sheet.each("residual_gaps"):
        sheet.add(_gap(row))
    for row in sheet.each("allowlisted_exceptions"):
        name = said(row, "id", "name", "path", "symbol", "value") or "(no id)"
        sheet.add(StatementRow(id=name, title="allowlisted exception", detail=told(row, "reason", "description")))
    lost = 0
    for row in sheet.each("evidence_artifacts"):
        there = flag(row, "exists") is True
        lost += not there
        name = said(row, "name", "path") or "(no name)"
        sheet.add(StatementRow(id=name, title="evidence", ok=there, detail=said(row, "path")))
    sheet.count("evidence_artifacts.missing", lost)
    _scenarios(sheet)
    verdict = said(sheet.raw, "verdict")
    return sheet.reading(sheet.statement(verdict, sheet.claims(verdict, {*PASS, "pass_with_residuals"})))


def _question(row: Raw) -> StatementRow:
    return StatementRow(
        id=said(row, "id"),
        title=said(row, "question"),
        status=said(row, "status"),
        detail=told(row, "answer"),
        value=listed(row.get("quantified_residuals")),
        facts=pairs(row, "evidence"),
    )


def _gap(row: Raw) -> StatementRow:
    return StatementRow(
        id=said(row, "id") or "(no id)",
        title="residual gap",
        severity=said(row, "severity"),
        detail=told(row, "description"),
        facts=pairs(row, "follow_up_bead"),
    )


def _scenarios(sheet: Sheet) -> None:
    """Compare the number of workflows with those that are covered, waived and planned."""
    matrix = table(sheet.raw.get("e2e_scenario_matrix"))
    parts = [number(matrix, name) for name in ("covered", "waived", "planned")]
    found = [part for part in parts if part is not None]
    if len(found) == len(parts):
        sheet.same("total_workflows", number(matrix, "total_workflows"), sum(found))
