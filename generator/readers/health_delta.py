"""`health_delta_report.json`: which extensions got better or worse since the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import items, pairs, said, shown, table, told
from generator.readers._statements import SEEN, opened
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME = "health_delta"
TITLE = "Gates: change of conformance"
SIGNS = "schema `<ns>.ext.health_delta.v1`, or `health_delta_report.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="ext.health_delta",
    file="health_delta_report.json",
    marks=frozenset({"aggregate_delta", "regressions", "unchanged_failures"}),
)
_LISTS: dict[str, bool | None] = {
    "regressions": False,
    "fixes": True,
    "new_extensions": None,
    "unchanged_failures": False,
    "excluded_extensions": None,
}
_WORSE = frozenset({"regression", "new_failure"})


def recognises(artifact: Artifact) -> str:
    """Return the sign of the change of conformance."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement, which holds when nothing got worse; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    raw = sheet.raw
    sheet.take(*(name for name in raw if name not in {*_LISTS, "schema", "generated_at"}))
    worse = 0
    if _LISTS.keys().isdisjoint(raw):
        sheet.doubt("lists nothing that changed or stayed")
    for name, ok in _LISTS.items():
        found = items(raw.get(name))
        sheet.count(name, len(found))
        for item in found[:SEEN]:
            made = _row(name, item, ok=ok)
            worse += name == "regressions" or made.status in _WORSE
            sheet.add(made)
    return sheet.reading(sheet.statement(said(raw, "verdict", "status"), ok=not worse))


def _row(name: str, item: object, *, ok: bool | None) -> StatementRow:
    row = table(item)
    status = said(row, "delta_type")
    return StatementRow(
        id=said(row, "extension_id", "id", "name") or shown(item) or "(no id)",
        title=name.replace("_", " "),
        status=status,
        ok=False if status in _WORSE else ok,
        detail=told(row, "reason", "failure_reason", "detail", "current_failure_reason"),
        facts=pairs(row, "baseline_status", "current_status", "tier", "source_tier", "failure_category"),
    )
