"""`ci_gate_promotion_v1.json`: whether the gate of a run may be promoted, strictly or with a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import items, said, table, told
from generator.readers._statements import PASS, SEEN, checks, opened
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME = "gate_promotion"
TITLE = "Gates: promotion"
SIGNS = "schema `<ns>.ci.gate_promotion.v1`, or `ci_gate_promotion_v1.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="ci.gate_promotion",
    file="ci_gate_promotion_v1.json",
    marks=frozenset({"threshold_version", "thresholds", "observed"}),
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of the promotion of a gate."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement; a failure that the rollback mode softens to a warning still does not hold."""
    sheet = opened(artifact, KIND)
    raw = sheet.raw
    sheet.take("threshold_version", "mode", "thresholds", "observed", "paths")
    unmet = checks(sheet)
    failures = items(raw.get("failures"))
    for place, item in enumerate(failures[:SEEN]):
        row = table(item)
        name = said(row, "id", "check") or f"failure {place + 1}"
        text = told({"it": item}, "it") or told(row, "detail", "message", "reason")
        sheet.add(StatementRow(id=name, title="failure", ok=False, detail=text))
    verdict = said(raw, "status")
    if verdict == "rollback_warning" and said(raw, "mode") != "rollback":
        sheet.doubt(f"says {verdict} in the mode {said(raw, 'mode') or '(none)'}, which knows no such thing")
    claimed = sheet.claims(verdict, PASS, ("fail", "failed", "rollback_warning"))
    reason = f"checks not met: {unmet}, failures listed: {len(failures)}"
    holds = not unmet and not failures
    if holds and not sheet.rows:
        holds, reason = False, "it has no checks"
    return sheet.reading(sheet.statement(verdict, sheet.weigh(verdict, claimed, holds, reason)))
