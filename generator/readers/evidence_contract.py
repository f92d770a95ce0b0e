"""`evidence_contract.json` of a run: what the runner checked of its own artifacts; may have megabytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import flag, items, pairs, said, table, told
from generator.readers._statements import checks, opened
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._statements import Sheet

NAME = "evidence_contract"
TITLE = "Runner: evidence contract"
SIGNS = "schema `<ns>.evidence.contract.v1`, or `evidence_contract.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="evidence.contract",
    file="evidence_contract.json",
    marks=frozenset({"strict_conformance", "checks"}),
)
_OTHER = "qa.evidence_contract"  # quite another document that goes by the same name
FINDINGS = 200
"""Errors, and warnings, kept of one file."""


def recognises(artifact: Artifact) -> str:
    """Return the sign of the evidence contract of a run."""
    schema = artifact.peek_object().get("schema")
    parts = _native.split_schema(schema) if isinstance(schema, str) else None
    return "" if parts and parts[1] == _OTHER else _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement, which holds when nothing is listed as an error; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    raw = sheet.raw
    sheet.take("profile", "strict_conformance", "remediation_hints")
    sheet.take(*(name for name in raw if name.startswith("claim_integrity_")))
    errors = _findings(sheet, "errors", "error")
    warnings = _findings(sheet, "warnings", "warning")
    unmet = checks(sheet, "checks", "path")
    total = len(items(raw.get("checks")))
    sheet.count("checks", total)
    sheet.count("checks.failed", unmet)
    verdict = said(raw, "status")
    claimed = sheet.claims(verdict)
    strict = flag(raw, "strict_conformance") is True
    bad = bool(errors) or (strict and bool(unmet or warnings))
    reason = f"errors listed: {errors}, warnings: {warnings}, failed checks: {unmet} of {total}"
    if claimed or not (errors or warnings or unmet):
        claimed = sheet.weigh(verdict, claimed, not bad, reason)
    return sheet.reading(sheet.statement(verdict, claimed))


def _findings(sheet: Sheet, name: str, severity: str) -> int:
    """Add what a list of texts or objects complains of, and return how long it is."""
    found = items(sheet.raw.get(name))
    sheet.count(name, len(found))
    for place, item in enumerate(found[:FINDINGS]):
        row = table(item)
        text = told({"it": item}, "it") or told(row, "message", "detail", "diagnostics", "summary")
        known = said(row, "id", "code", "check_id") or f"{severity} {place + 1}"
        ok = False if severity == "error" else None
        sheet.add(
            StatementRow(id=known, title=severity, severity=severity, ok=ok, detail=text, facts=pairs(row, "path"))
        )
    sheet.left_out += max(0, len(found) - FINDINGS)
    return len(found)
