"""`quarantine_audit.jsonl`: what happened to quarantined tests, one row an entry, oldest first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.plugins import Reading
from generator.readers import _native
from generator.readers._policy import quarantine_entry, quarantine_fault
from generator.readers._raw_rows import first_schema, objects, stem_of
from generator.readers._said import said, whole
from generator.records import QuarantineReport
from generator.safety.ids import parse_time

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.readers._said import Raw
    from generator.records import QuarantineEntry

NAME = "quarantine_audit"
TITLE = "Gates: audit of quarantine"
SIGNS = "rows of the schema `<ns>.test.quarantine_audit_entry.v1`, or named `quarantine_audit.jsonl`"
FILE = "quarantine_audit.jsonl"
STEM = "test.quarantine_audit_entry"
LIMIT: Final = 1_000
"""Rows kept of one file: the newest."""


def recognises(artifact: Artifact) -> str:
    """Return the sign of an audit of quarantine."""
    if not artifact.name.endswith(".jsonl"):
        return ""
    if artifact.name == FILE:
        return f"named `{FILE}`"
    row = artifact.peek_row()
    return f"rows of the schema `{_native.shown_schema(str(row['schema']))}`" if stem_of(row) == STEM else ""


def read(artifact: Artifact) -> Reading:
    """Return the QuarantineReport, rows in the order of the file; raises UnreadableError."""
    rows, problems = objects(artifact, NAME)
    schema = first_schema(rows)
    parts = _native.split_schema(schema) if schema else None
    if parts and (parts[1], parts[2]) != (STEM, 1):
        shown = _native.shown_schema(str(schema))
        raise UnreadableError(
            f"has rows of the schema `{shown}`; known is `<namespace>.{STEM}.v1`", "use a version that knows it"
        )
    entries = [_entry(row) for _, row in rows]
    if len(entries) > LIMIT:
        text = f"has {len(entries)} rows, of which the newest {LIMIT} are kept"
        problems.append(_native.warning(artifact, NAME, text, "open the file for the rest"))
    tally = Counter(entry.status or "(none)" for entry in entries)
    newest = said(rows[-1][1], "generated_at", "ts", "timestamp") if rows else ""
    report = QuarantineReport(
        generated_at=parse_time(newest) if newest else None,
        today=said(rows[-1][1], "today", "date") if rows else "",
        numbers=tuple(sorted((f"status.{name}", count) for name, count in tally.items())),
        entries=tuple(entries[-LIMIT:]),
    )
    return Reading(records=(report,), schema_id=schema, problems=tuple(problems))


def _entry(row: Raw) -> QuarantineEntry:
    """Return one row; what is wrong with its fields is said, as an audit may state fewer than the policy asks for."""
    name = said(row, "name", "test", "target", "test_stem")
    fault = quarantine_fault(dict(row)) if name else "has no name"
    status = said(row, "status", "event", "action")
    return quarantine_entry(name or "(no name)", row, status=status, left=whole(row, "days_remaining"), fault=fault)
