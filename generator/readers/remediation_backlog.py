"""`extension_remediation_backlog.json`: every extension that does not pass, and who mends it; empty is legal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import joined, number, pairs, said, shown, table, told
from generator.readers._statements import opened
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._said import Raw
    from generator.readers._statements import Sheet

NAME = "remediation_backlog"
TITLE = "Gates: backlog of extensions"
SIGNS = "schema `<ns>.qa.extension_remediation_backlog.v1`, or `extension_remediation_backlog.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="qa.extension_remediation_backlog",
    file="extension_remediation_backlog.json",
    marks=frozenset({"entries", "summary"}),
)
_SEVERITIES = ("critical", "high", "medium", "low")
_FACTS = (
    *("rank", "root_cause_codes", "fallback_guidance", "fallback_validation", "verification_tests", "evidence_refs"),
    *("follow_up_bead", "tracking_issue"),
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of the backlog of extensions that do not pass."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement, which holds when all totals are those of the entries; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    sheet.take("summary", "source_inputs")
    tally: Counter[str] = Counter()
    severities: Counter[str] = Counter()
    owners: Counter[str] = Counter()
    for row in sheet.each("entries"):
        made = _entry(row)
        tally[made.status] += 1
        severities[made.severity] += 1
        owners[made.owner] += 1
        sheet.add(made)
    stated = table(sheet.raw.get("summary"))
    total = tally.total()
    sheet.same("total_non_pass_extensions", _stated(sheet, stated, "total_non_pass_extensions"), total)
    sheet.same("actionable", _stated(sheet, stated, "actionable"), tally["actionable"])
    sheet.same("non_actionable", _stated(sheet, stated, "non_actionable"), total - tally["actionable"])
    for name, found in (("by_severity", severities), ("by_owner", owners)):
        for word, number_stated in sorted(table(stated.get(name)).items()):
            if isinstance(number_stated, int):
                sheet.same(f"{name}.{shown(word)}", number_stated, found[shown(word)])
    for word in _SEVERITIES:
        sheet.count(f"severity.{word}", severities[word])
    unknown = sorted(set(tally) - {"actionable", "tracked_non_actionable"})
    if unknown:
        sheet.document.note(f"entries have a status that is not known: {joined(word or '(none)' for word in unknown)}")
    return sheet.reading(sheet.statement("", ok=True))


def _stated(sheet: Sheet, stated: Raw, name: str) -> float | None:
    found = number(stated, name)
    if found is None:
        sheet.doubt(f"states no `{name}`")
    return found


def _entry(row: Raw) -> StatementRow:
    return StatementRow(
        id=said(row, "extension_id") or "(no id)",
        title=said(row, "root_cause_family"),
        status=said(row, "status"),
        severity=said(row, "severity"),
        owner=said(row, "owner"),
        detail=told(row, "remediation"),
        value=told(row, "canonical_failure"),
        facts=pairs(row, *_FACTS),
    )
