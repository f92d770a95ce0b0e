"""`must_pass_gate_verdict.json`: the extensions that must pass, and the failures that block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import joined, number, pairs, said, shown, table, told
from generator.readers._statements import checks, command, opened
from generator.records import Level, StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._said import Raw
    from generator.readers._statements import Sheet

NAME = "must_pass_gate"
TITLE = "Gates: extensions that must pass"
SIGNS = "schema `<ns>.ext.must_pass_gate.v1`, or `must_pass_gate_verdict.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="ext.must_pass_gate",
    file="must_pass_gate_verdict.json",
    marks=frozenset({"blocking_failures", "observed", "stretch_set_summary"}),
)
_FAILURES = "must_pass_gate_verdict.blocking_failures[]"


def recognises(artifact: Artifact) -> str:
    """Return the sign of the gate of the extensions that must pass."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    sheet.take("mode", "thresholds", "observed", "stretch_set_summary")
    sheet.take("source_tree_sha256", "inclusion_sha256", "manifest_sha256")
    reasons: list[str] = []
    unmet = checks(sheet)
    if unmet:
        reasons.append(f"checks not met: {unmet}")
    failures = sheet.each("blocking_failures")
    for row in failures:
        sheet.add(_failure(row))
    if failures:
        reasons.append(f"blocking failures listed: {len(failures)}")
    reasons += _limits(sheet)
    verdict = said(sheet.raw, "status")
    holds = not reasons
    reason = joined(reasons) or "its checks are met and nothing blocks"
    return sheet.reading(sheet.statement(verdict, sheet.weigh(verdict, sheet.claims(verdict), holds, reason)))


def _limits(sheet: Sheet) -> list[str]:
    """Return which limits the observed numbers break; nothing tested is no success."""
    observed, limits = table(sheet.raw.get("observed")), table(sheet.raw.get("thresholds"))
    reasons: list[str] = []
    tested = number(observed, "must_pass_tested")
    if tested is not None and tested == 0:
        reasons.append("nothing was tested")
    rate, least = number(observed, "must_pass_pass_rate_pct"), number(limits, "min_pass_rate_pct")
    if rate is not None and least is not None and rate < least:
        reasons.append(f"the pass rate is {shown(rate)} % of the {shown(least)} % that it needs")
    failed, most = number(observed, "must_pass_failed"), number(limits, "max_failures")
    if failed is not None and most is not None and failed > most:
        reasons.append(f"extensions that failed: {shown(failed)}, and {shown(most)} may")
    return reasons


def _failure(row: Raw) -> StatementRow:
    return StatementRow(
        id=said(row, "extension_id") or "(no id)",
        title=said(row, "failure_category"),
        status="fail",
        ok=False,
        blocking=True,
        detail=told(row, "failure_reason"),
        command=command(row, "reproduce_command", Level.TEST, _FAILURES),
        facts=pairs(row, "tier", "duration_ms", "dossier_command"),
    )
