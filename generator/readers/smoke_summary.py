"""`smoke_summary.json`: the quick check of a few targets, each with result and duration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import flag, number, pairs, said, shown, told
from generator.readers._statements import PASS, command, opened
from generator.records import Level, StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._said import Raw

NAME = "smoke_summary"
TITLE = "Gates: smoke check"
SIGNS = "schema `<ns>.smoke.summary.v1`, or `smoke_summary.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="smoke.summary",
    file="smoke_summary.json",
    marks=frozenset({"targets", "results"}),
)
_LISTS = ("targets", "results", "suites", "tests")


def recognises(artifact: Artifact) -> str:
    """Return the sign of the summary of a smoke check."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement, which holds when there are targets and all of them passed; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    raw = sheet.raw
    for name in _LISTS:
        for row in sheet.each(name):
            sheet.add(_target(row))
    sheet.take(*(name for name in raw if name not in {*_LISTS, "schema", "generated_at", "timestamp"}))
    good = sum(row.ok is True for row in sheet.rows)
    bad = sum(row.ok is False for row in sheet.rows)
    for name, found in (("total", len(sheet.rows)), ("passed", good), ("failed", bad)):
        sheet.same(name, number(raw, name, f"{name}_targets"), found)
    sheet.count("targets", len(sheet.rows))
    sheet.count("targets.failed", bad)
    holds = bool(sheet.rows) and good > 0 and not bad
    verdict = said(raw, "status", "verdict", "result")
    claimed = sheet.claims(verdict) if verdict else flag(raw, "ok", "pass", "overall_pass")
    reason = f"{bad} of its {len(sheet.rows)} targets failed" if sheet.rows else "it names no target"
    if claimed is None:
        return sheet.reading(sheet.statement(verdict, holds))
    return sheet.reading(sheet.statement(verdict, sheet.weigh(verdict or shown(claimed), claimed, holds, reason)))


def _target(row: Raw) -> StatementRow:
    """Return one target: judged by exit code, else by its flag, else by its status; one that says nothing failed."""
    status, code = said(row, "status", "result", "outcome"), number(row, "exit_code")
    flagged = flag(row, "ok", "pass", "passed", "success")
    ok = code == 0 if code is not None else flagged if flagged is not None else status.lower() in PASS
    skipped = code is None and flagged is None and status.lower() in {"skip", "skipped"}
    return StatementRow(
        id=said(row, "target", "name", "id", "suite", "test") or "(no name)",
        title=said(row, "kind", "category"),
        status=status or ("pass" if ok else "fail"),
        ok=None if skipped else ok,
        detail=told(row, "detail", "message", "error"),
        value=said(row, "duration_ms", "duration_s", "elapsed_ms", "duration_secs"),
        command=command(row, "command", Level.SUITE, "smoke_summary.targets[]"),
        facts=pairs(row, "duration_ms", "exit_code", "log_file"),
    )
