"""`extension_profile_matrix.json`: how the profiles of a run do with which extensions; its form is loose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import flag, number, pairs, said, shown, told
from generator.readers._statements import PASS, opened
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._said import Raw

NAME = "extension_profile_matrix"
TITLE = "Runner: extensions by profile"
SIGNS = "schema `<ns>.e2e.extension_profile_matrix.v1`, or `extension_profile_matrix.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="e2e.extension_profile_matrix",
    file="extension_profile_matrix.json",
    marks=frozenset({"profiles", "matrix", "rows", "extensions", "workflows"}),
)
_LISTS = ("profiles", "matrix", "rows", "extensions", "workflows", "checks")
_BAD = frozenset({"fail", "failed", "error", "missing"})
_HEAD = frozenset({*_LISTS, "schema", "generated_at", "timestamp", "run_id", "correlation_id", "status", "verdict"})


def recognises(artifact: Artifact) -> str:
    """Return the sign of the matrix of extensions by profile."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement: what it says, and False when one of its rows failed; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    raw = sheet.raw
    for name in _LISTS:
        for row in sheet.each(name):
            sheet.add(_row(row, name))
    sheet.take(*(name for name in raw if name not in _HEAD))
    failed = sum(row.ok is False for row in sheet.rows)
    sheet.count("rows.failed", failed)
    verdict = said(raw, "status", "verdict") or shown(flag(raw, "pass", "ok"))
    claimed = verdict.lower() in {*PASS, "true", "ready", "complete"} if verdict else None
    if claimed and failed:
        sheet.doubt(f"says {verdict}, but {failed} of its rows failed")
    return sheet.reading(sheet.statement(verdict, ok=False if failed else claimed))


def _row(row: Raw, title: str) -> StatementRow:
    status, bad = said(row, "status", "result", "verdict"), number(row, "failed", "fail")
    said_ok = flag(row, "ok", "pass", "passed")
    if said_ok is None and status:
        said_ok = True if status.lower() in PASS else False if status.lower() in _BAD else None
    return StatementRow(
        id=said(row, "id", "extension_id", "profile", "name", "workflow_id") or "(no id)",
        title=title,
        status=status,
        ok=False if bad else said_ok,
        detail=told(row, "detail", "reason", "message", "summary"),
        value=said(row, "value"),
        facts=pairs(row, "profile", "extension_id", "total", "passed", "failed", "skipped", "suite"),
    )
