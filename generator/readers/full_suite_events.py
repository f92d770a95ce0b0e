"""`full_suite_events.jsonl`: one row a gate beside the verdict, to be compared with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.plugins import Reading
from generator.readers import _native, _rows
from generator.records import GateFamily, GateReport

if TYPE_CHECKING:
    from generator.artifact import Artifact

NAME = "full_suite_events"
TITLE = "Gates: events of the full suite"
SIGNS = "named `full_suite_events.jsonl`"
FILE = "full_suite_events.jsonl"
STEM = "ci.full_suite_gate_event"


def recognises(artifact: Artifact) -> str:
    """Return the sign of the event file of the full-suite gate."""
    return f"named `{FILE}`" if artifact.name == FILE else ""


def read(artifact: Artifact) -> Reading:
    """Return a GateReport that holds event statuses only; raises UnreadableError."""
    kept, problems = _rows.rows(artifact, NAME)
    schema = _rows.schema_of(kept, STEM, 1)
    statuses = [(_native.title(row, "gate_id"), _native.meta(row, "status")) for _, row in kept]
    report = GateReport(
        part="",
        family=GateFamily.FULL_SUITE,
        generated_at=None,
        verdict="",
        event_statuses=tuple((gate, status) for gate, status in statuses if gate),
    )
    return Reading(records=(report,), schema_id=schema, problems=tuple(problems))
