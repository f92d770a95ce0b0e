"""`opportunity_matrix.json`: what is worth optimising; without data it must decide nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._readiness import check_source, readiness
from generator.readers._said import pairs, said, table, told
from generator.readers._statements import opened
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._said import Raw

NAME = "opportunity_matrix"
TITLE = "Performance: opportunity matrix"
SIGNS = "schema `<ns>.perf.opportunity_matrix.v1`, or `opportunity_matrix.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="perf.opportunity_matrix",
    file="opportunity_matrix.json",
    marks=frozenset({"readiness", "decision", "ranked_opportunities"}),
)
NO_DECISION = "NO_DECISION"
_LISTS = ("ranked_opportunities", "opportunities", "rows")


def recognises(artifact: Artifact) -> str:
    """Return the sign of an opportunity matrix."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement, which holds when it keeps to its contract, decided or not; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    status, is_ready = readiness(sheet)
    if table(sheet.raw.get("source_identity")):
        check_source(sheet)
    for name in _LISTS:
        for row in sheet.each(name):
            sheet.add(_opportunity(row))
    decision = said(sheet.raw, "decision", "selection_decision") or said(
        table(sheet.raw.get("readiness")), "decision", "selection_decision"
    )
    sheet.fact("decision", decision)
    if status in {"ready", "blocked"} and is_ready == (decision == NO_DECISION):
        sheet.doubt(f"is {status}, but its decision is {decision}")
    elif not decision:
        sheet.doubt("states no decision")
    return sheet.reading(sheet.statement(status, ok=True))


def _opportunity(row: Raw) -> StatementRow:
    return StatementRow(
        id=said(row, "id", "stage", "name", "opportunity") or "(no id)",
        title=said(row, "title", "label"),
        status=said(row, "status", "decision"),
        detail=told(row, "rationale", "detail", "reason"),
        value=said(row, "priority_score", "score", "rank"),
        facts=pairs(row, "rank", "stage", "expected_gain", "confidence"),
    )
