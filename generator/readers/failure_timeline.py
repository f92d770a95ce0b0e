"""`failure_timeline.jsonl` of one failed suite, or of the whole run; order is the ordinal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.plugins import Reading
from generator.readers import _native, _rows
from generator.records import TimelineEvent
from generator.safety.ids import parse_time
from generator.safety.text import clean_message

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.safety.strict_json import Fields

NAME = "failure_timeline"
TITLE = "Runner: failure timeline"
SIGNS = "named `failure_timeline.jsonl`"
FILE = "failure_timeline.jsonl"
STEM = "e2e.failure_timeline_event"


def recognises(artifact: Artifact) -> str:
    """Return the sign of a failure timeline."""
    return f"named `{FILE}`" if artifact.name == FILE else ""


def read(artifact: Artifact) -> Reading:
    """Return the TimelineEvents in the order of the file; without ordinal a row counts; raises UnreadableError."""
    kept, problems = _rows.rows(artifact, NAME)
    schema = _rows.schema_of(kept, STEM, 1)
    events = tuple(_event(row, place) for place, (_, row) in enumerate(kept, 1))
    odd = sum(bool(row.odd) for _, row in kept)
    if odd:
        message = f"{odd} rows have fields that do not have the kind of value expected there"
        problems.append(_native.warning(artifact, NAME, message, "these fields are taken as unknown"))
    return Reading(records=events, schema_id=schema, problems=tuple(problems))


def _event(row: Fields, place: int) -> TimelineEvent:
    at = row.text("ts")
    return TimelineEvent(
        part="",
        suite=_native.title(row, "suite"),
        ordinal=row.int("ordinal") or place,
        source=_native.meta(row, "source"),
        event_type=_native.meta(row, "event_type"),
        line_no=row.int("line_no"),
        test=_native.title(row, "test"),
        at=parse_time(at) if at else None,
        t_ms=row.number("t_ms"),
        message=clean_message(row.text("message")),
    )
