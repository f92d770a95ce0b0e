"""`waiver_audit.json`: two lists of different length, joined by gate id and never by position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.records import WaiverAudit, WaiverEntry
from generator.safety.text import clean_message, one_line

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.safety.strict_json import Fields

NAME = "waiver_audit"
TITLE = "Gates: audit of waivers"
SIGNS = "schema `<ns>.ci.waiver_audit.v1`, or `waiver_audit.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="ci.waiver_audit",
    file="waiver_audit.json",
    marks=frozenset({"waivers", "raw_waivers", "total_waivers"}),
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of an audit of waivers."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the WaiverAudit, entries sorted by gate id; raises UnreadableError."""
    document = _native.opened(artifact, KIND)
    fields = document.fields
    raw = _by_gate(document, "raw_waivers")
    states = _by_gate(document, "waivers")
    entries = [_entry(gate, states.get(gate), raw.get(gate)) for gate in sorted(states.keys() | raw.keys())]
    made = document.moment(fields, "generated_at")
    return document.reading(
        WaiverAudit(
            part="",
            generated_at=made,
            today=made.date() if made else None,
            total=fields.int("total_waivers") or 0,
            entries=tuple(entries),
        )
    )


def _by_gate(document: _native.Document, name: str) -> dict[str, Fields]:
    rows: dict[str, Fields] = {}
    for place, row in enumerate(document.fields.children(name)):
        gate = _native.title(row, "gate_id")
        if not gate:
            document.note(f"`{name}[{place}]` names no gate")
        elif gate in rows:
            document.note(f"`{name}` lists {one_line(gate)} twice; the first row counts")
        else:
            rows[gate] = row
    return rows


def _entry(gate: str, state: Fields | None, raw: Fields | None) -> WaiverEntry:
    """Join what the audit says about a waiver with its fields; without a state it is invalid, so it never waives."""
    return WaiverEntry(
        gate_id=gate,
        status=_native.meta(state, "status") if state else "invalid",
        detail=clean_message(state.text("detail")) if state else "the audit gives it no status",
        days_remaining=state.signed("days_remaining") if state else None,
        owner=_native.title(raw, "owner") if raw else "",
        created=_native.meta(raw, "created") if raw else "",
        expires=_native.meta(raw, "expires") if raw else "",
        bead=_native.meta(raw, "bead") if raw else "",
        reason=clean_message(raw.text("reason")) if raw else "",
        scope=_native.meta(raw, "scope") if raw else "",
        remove_when=clean_message(raw.text("remove_when")) if raw else "",
    )
