"""`soak_longevity_report.json`: how the product does over a long time, and which checks that breaks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import flag, items, said, shown, table
from generator.readers._statements import SEEN, checks, kind_of, opened
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME = "soak_report"
TITLE = "Runner: soak report"
SIGNS = (
    "schema `<ns>.e2e.soak_longevity.v1` or `<ns>.e2e.soak_longevity_report.v1`, "
    "or `soak_longevity_report.json` with its fields"
)
KIND = _native.Kind(
    reader=NAME,
    stem="e2e.soak_longevity",
    file="soak_longevity_report.json",
    marks=frozenset({"failed_checks", "metrics", "thresholds"}),
)
_LONG = replace(KIND, stem="e2e.soak_longevity_report")
_BAD = frozenset({"fail", "failed", "missing_prerequisites", "error", "blocked", "skipped"})


def recognises(artifact: Artifact) -> str:
    """Return the sign of the soak report of a run."""
    return _native.is_kind(artifact, kind_of(artifact, KIND, _LONG))


def read(artifact: Artifact) -> Reading:
    """Return the Statement; raises UnreadableError."""
    sheet = opened(artifact, kind_of(artifact, KIND, _LONG))
    raw = sheet.raw
    sheet.take("metrics", "thresholds", "profile")
    unmet = checks(sheet)
    failed = [text for item in items(raw.get("failed_checks")) if (text := shown(item) or said(table(item), "id"))]
    known = {row.id for row in sheet.rows}
    for name in dict.fromkeys(failed[:SEEN]):
        if name not in known:
            sheet.add(StatementRow(id=name, title="failed check", ok=False))
    verdict, passed = said(raw, "status"), flag(raw, "pass")
    claimed = passed is True and verdict.lower() not in _BAD
    holds = not unmet and not failed
    reason = f"{max(unmet, len(failed))} of its checks are not met" if not holds else "all its checks are met"
    if passed is True and verdict.lower() in _BAD:
        sheet.doubt(f"says {verdict} and `pass` true")
    elif claimed or (sheet.rows and verdict.lower() not in _BAD - {"fail", "failed"}):
        claimed = sheet.weigh(verdict or f"`pass` {shown(passed)}", claimed, holds, reason)
    return sheet.reading(sheet.statement(verdict, claimed and holds))
