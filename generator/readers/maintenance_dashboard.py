"""`maintenance-dashboard.json`: numbers of the project's health, with their history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import pairs, said, shown, table
from generator.readers._statements import ROWS, opened
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._said import Raw

NAME = "maintenance_dashboard"
TITLE = "Gates: maintenance dashboard"
SIGNS = "schema `<ns>.operations.maintenance_dashboard.v1`, or `maintenance-dashboard.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="operations.maintenance_dashboard",
    file="maintenance-dashboard.json",
    marks=frozenset({"metrics", "trend_history"}),
)
_STATUSES = 20


def recognises(artifact: Artifact) -> str:
    """Return the sign of the maintenance dashboard."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement: the newest points of its history as rows; it judges nothing; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    sheet.take("metrics")
    points = sheet.each("trend_history")
    for row in points[-ROWS:]:
        sheet.add(_point(row))
    sheet.left_out += max(0, len(points) - ROWS)
    sheet.count("trend_history", len(points))
    return sheet.reading(sheet.statement(said(sheet.raw, "overall_verdict", "status"), ok=None))


def _point(row: Raw) -> StatementRow:
    counts = table(row.get("hard_gate_status_counts"))
    gates = [(f"hard_gates.{shown(name)}", shown(value)) for name, value in sorted(counts.items())][:_STATUSES]
    rest = [name for name in row if name not in {"date_utc", "overall_verdict", "hard_gate_status_counts"}]
    return StatementRow(
        id=said(row, "date_utc", "generated_at_utc") or "(no date)",
        status=said(row, "overall_verdict"),
        ok={"CERTIFIED": True, "NOT_CERTIFIED": False}.get(said(row, "overall_verdict")),
        value=said(row, "open_beads"),
        facts=(*gates, *pairs(row, *rest[:_STATUSES])),
    )
