"""`practical_finish_checkpoint.json`: which issues are still open, and whether any of them is technical."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import number, pairs, said
from generator.readers._statements import opened
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._said import Raw

NAME = "practical_finish"
TITLE = "Gates: practical finish"
SIGNS = "schema `<ns>.perf3x.practical_finish_checkpoint.v1`, or `practical_finish_checkpoint.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="perf3x.practical_finish_checkpoint",
    file="practical_finish_checkpoint.json",
    marks=frozenset({"technical_open_count", "open_perf3x_count"}),
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of the checkpoint of open issues."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement, which holds when no technical issue is open; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    raw = sheet.raw
    sheet.take("technical_completion_reached", "residual_open_scope", "open_perf3x_count")
    found: dict[str, int] = {}
    for scope in ("technical", "docs_or_report"):
        rows = sheet.each(f"{scope}_open_issues")
        stated = number(raw, f"{scope}_open_count")
        for row in rows:
            sheet.add(_issue(row, scope))
        sheet.take(f"{scope}_open_count")
        if f"{scope}_open_issues" in raw:
            sheet.same(f"{scope}_open_count", stated, len(rows))
        elif stated is None:
            sheet.doubt(f"states no `{scope}_open_count`")
        found[scope] = max(len(rows), int(stated or 0))
    total = found["technical"] + found["docs_or_report"]
    sheet.same("open_perf3x_count", number(raw, "open_perf3x_count"), total)
    verdict = said(raw, "status")
    claimed, holds = sheet.claims(verdict), not found["technical"]
    if claimed or total:  # with an error of its source, it fails and counts nothing
        noun = "technical issue is" if found["technical"] == 1 else "technical issues are"
        claimed = sheet.weigh(verdict, claimed, holds, f"{found['technical']} {noun} open")
    return sheet.reading(sheet.statement(verdict, claimed and holds))


def _issue(row: Raw, scope: str) -> StatementRow:
    return StatementRow(
        id=said(row, "id") or "(no id)",
        title=said(row, "title"),
        status=said(row, "status"),
        ok=False if scope == "technical" else None,
        blocking=scope == "technical",
        facts=pairs(row, "issue_type", "labels"),
    )
