"""`artifact_retention_report.json`: for how many days CI keeps its artifacts, by family; it has no schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import number, said, shown
from generator.readers._statements import opened
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._said import Raw

NAME = "artifact_retention"
TITLE = "Runner: retention of artifacts"
SIGNS = "`artifact_retention_report.json` with `generated_at` and families, or days of retention"
FILE = "artifact_retention_report.json"
KIND = _native.Kind(
    reader=NAME,
    stem="ci.artifact_retention",
    file=FILE,
    marks=frozenset({"families", "retention_days", "artifact_families"}),
)
_LISTS = ("families", "artifact_families", "retention_days")
_DAYS = ("retention_days", "days", "retention", "value")


def recognises(artifact: Artifact) -> str:
    """Return the sign of a report on retention: there is no schema, so the name must be right as well."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement: days by family; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    for name in _LISTS:
        value = sheet.raw.get(name)
        if not isinstance(value, dict | list):
            sheet.take(name)
            continue
        for row in sheet.each(name):
            made = _family(row)
            days = number(row, *_DAYS)
            if days is None or days <= 0:
                sheet.doubt(f"states no days of retention for {made.id}")
            else:
                sheet.count(f"retention_days.{made.id}", days)
            sheet.add(made)
    return sheet.reading(sheet.statement(said(sheet.raw, "status", "verdict"), ok=None))


def _family(row: Raw) -> StatementRow:
    days = number(row, *_DAYS)
    text = f"{shown(days)} days" if days is not None else ""
    return StatementRow(id=said(row, "family", "name", "id") or "(no name)", title="family", value=text)
