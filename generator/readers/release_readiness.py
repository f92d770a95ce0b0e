"""`release_readiness_summary.json`: whether a run is good enough for a release, and the risks that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import flag, joined, number, pairs, said, shown, table, told
from generator.readers._statements import command, opened
from generator.records import Level, StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._said import Raw

NAME = "release_readiness"
TITLE = "Runner: release readiness"
SIGNS = "schema `<ns>.e2e.release_readiness.v1`, or `release_readiness_summary.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="e2e.release_readiness",
    file="release_readiness_summary.json",
    marks=frozenset({"overall_ready", "known_risks"}),
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of the release readiness of a run."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement, which holds when status and flag both say ready; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    raw = sheet.raw
    sheet.take("summary", "risk_count", "evidence")
    todo = {said(row, "risk_id"): row for row in reversed(sheet.each("immediate", table(raw.get("remediation"))))}
    risks = sheet.each("known_risks")
    for row in risks:
        sheet.add(_risk(row, todo))
    for name, title in (("profiles", "profile"), ("workflow_outcomes", "workflow")):
        for row in sheet.each(name):
            sheet.add(_outcome(row, title))
    sheet.fact("policy_guidance", joined(_guidance(raw)))
    if "known_risks" in raw:
        sheet.same("risk_count", number(raw, "risk_count"), len(risks))
    verdict, flagged = said(raw, "status"), flag(raw, "overall_ready")
    claimed = sheet.claims(verdict, ("ready",), ("not_ready",))
    if flagged is not None and flagged != claimed:
        sheet.doubt(f"says {verdict}, but `overall_ready` is {shown(flagged)}")
    return sheet.reading(sheet.statement(verdict, claimed and flagged is True))


def _guidance(raw: Raw) -> list[str]:
    value = table(raw.get("remediation")).get("policy_guidance")
    return [text for item in (value if isinstance(value, list) else [value]) if (text := shown(item))]


def _risk(row: Raw, todo: dict[str, Raw]) -> StatementRow:
    name = said(row, "id")
    step = todo.get(name, {}) if name else {}
    return StatementRow(
        id=name or "(no id)",
        title="known risk",
        ok=False,
        severity=said(row, "severity"),
        detail=told(row, "summary", "details"),
        command=command(step, "command", Level.RUN, "release_readiness_summary.remediation.immediate[]"),
        facts=(*pairs(row, "details", "evidence"), *pairs(step, "action")),
    )


def _outcome(row: Raw, title: str) -> StatementRow:
    status = said(row, "status", "outcome")
    passed = flag(row, "ok", "pass", "passed", "ready")
    return StatementRow(
        id=said(row, "id", "workflow_id", "profile", "name", "suite") or "(no id)",
        title=title,
        status=status,
        ok=passed if passed is not None else {"pass": True, "ready": True, "fail": False}.get(status.lower()),
        detail=told(row, "detail", "summary", "workflow_title"),
        value=said(row, "value"),
        facts=pairs(row, "total", "passed", "failed", "failing_suites", "suite_ids"),
    )
