"""`budget_events.jsonl`: what was measured against each performance budget; the rows have no schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.plugins import Reading
from generator.readers import _native
from generator.readers._budgets import LIMIT, TOOL, contradiction, measurement
from generator.readers._raw_rows import first_schema, objects
from generator.readers._said import said
from generator.records import MeasurementReport
from generator.safety.ids import parse_time

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.records import Measurement

NAME = "perf_budget_events"
TITLE = "Performance: events of budgets"
SIGNS = "rows with `budget_name`, `threshold` and `status`, or named `budget_events.jsonl`"
FILE = "budget_events.jsonl"
_MARKS = frozenset({"budget_name", "threshold", "status"})


def recognises(artifact: Artifact) -> str:
    """Return the sign of events of performance budgets: rows by their fields, as they have no schema."""
    if not artifact.name.endswith(".jsonl"):
        return ""
    row = artifact.peek_row()
    if row.keys() >= _MARKS and isinstance(row.get("budget_name"), str):
        return "rows with `budget_name`, `threshold` and `status`"
    return f"named `{FILE}`" if artifact.name == FILE and not row else ""


def read(artifact: Artifact) -> Reading:
    """Return the MeasurementReport, in which no data is a gap and never zero; raises UnreadableError."""
    rows, problems = objects(artifact, NAME)
    found = [made for _, row in rows if (made := measurement(row, parse_time(said(row, "ts", "generated_at"))))]
    if len(found) < len(rows):
        text = f"{len(rows) - len(found)} rows name no budget"
        problems.append(_native.warning(artifact, NAME, text, "the other rows are used"))
    odd = [text for made in found if (text := contradiction(made))]
    if odd:
        more = f" and {len(odd) - 1} more" if len(odd) > 1 else ""
        text = f"contradicts itself: {odd[0]}{more}"
        problems.append(_native.warning(artifact, NAME, text, "check the step that writes it"))
    report = MeasurementReport(tool=TOOL, measurements=_kept(found), left_out=max(0, len(found) - LIMIT))
    return Reading(records=(report,), schema_id=first_schema(rows), problems=tuple(problems))


def _kept(found: list[Measurement]) -> tuple[Measurement, ...]:
    return tuple(found[-LIMIT:])
