"""`platform_report.json`: which checks pass on one platform, and whether all required ones do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import flag, number, pairs, said, shown, table, told
from generator.readers._statements import opened
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._said import Raw

NAME = "platform_report"
TITLE = "Gates: one platform"
SIGNS = "schema `<ns>.ci.cross_platform_matrix.v1`, or `platform_report.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="ci.cross_platform_matrix",
    file="platform_report.json",
    marks=frozenset({"merge_policy", "capabilities", "checks"}),
)
_TOTALS = {"passed": "pass", "failed": "fail", "skipped": "skip", "unsupported": "unsupported"}


def recognises(artifact: Artifact) -> str:
    """Return the sign of the report of one platform."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement, which holds when every required check passed; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    sheet.take("platform", "platform_details", "merge_policy", "summary")
    tally: Counter[str] = Counter()
    needed: list[bool] = []
    for row in sheet.each("checks"):
        made = _check(row)
        tally[made.status] += 1
        needed += [made.status == "pass"] if made.blocking else []
        sheet.add(made)
    for row in sheet.each("capabilities"):
        there = flag(row, "available") is True
        sheet.fact(f"capability.{said(row, 'name')}", "available" if there else "not available")
    stated = table(sheet.raw.get("summary"))
    sheet.same("total_checks", number(stated, "total_checks"), tally.total())
    for name, status in _TOTALS.items():
        sheet.same(name, number(stated, name), tally[status])
    sheet.same("required_total", number(stated, "required_total"), len(needed))
    sheet.same("required_pass", number(stated, "required_pass"), sum(needed))
    claimed = flag(stated, "all_required_pass")
    verdict = shown(claimed)
    holds = bool(needed) and all(needed)
    reason = f"{sum(needed)} of {len(needed)} required checks passed"
    ok = sheet.weigh(f"`all_required_pass` {verdict}".strip(), claimed is True, holds, reason)
    return sheet.reading(sheet.statement("" if claimed is None else "pass" if claimed else "fail", ok))


def _check(row: Raw) -> StatementRow:
    status, required = said(row, "status"), said(row, "policy") != "informational"
    return StatementRow(
        id=said(row, "id", "name") or "(no id)",
        title=said(row, "name"),
        status=status,
        ok=status == "pass" if required or status in {"pass", "fail"} else None,
        blocking=required,
        detail=told(row, "reason"),
        facts=pairs(row, "platform", "platform_tag", "policy"),
    )
