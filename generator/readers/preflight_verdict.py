"""`preflight_verdict.json`: the fail-fast lane; its gates are only those looked at before it stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._gates import gate_rows
from generator.records import GateFamily, GateReport
from generator.safety.text import clean_message

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME = "preflight_verdict"
TITLE = "Gates: preflight lane"
SIGNS = "schema `<ns>.ci.preflight_lane.v1`, or `preflight_verdict.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="ci.preflight_lane",
    file="preflight_verdict.json",
    marks=frozenset({"verdict", "blocking_gates", "first_failure"}),
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of the verdict of the preflight lane."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the GateReport; raises UnreadableError."""
    document = _native.opened(artifact, KIND)
    fields = document.fields
    return document.reading(
        GateReport(
            part="",
            family=GateFamily.PREFLIGHT,
            generated_at=document.moment(fields, "generated_at"),
            verdict=_native.meta(fields, "verdict"),
            policy=clean_message(fields.text("policy")),
            gates=gate_rows(document, "blocking_gates"),
            summary=document.numbers("summary"),
            waivers_applied=_native.titles(fields, "waivers_applied"),
            first_failure=_first_failure(document),
        )
    )


def _first_failure(document: _native.Document) -> str:
    """Return the id of the gate that stopped the lane: some writers put the gate there, one only its id."""
    name = "first_failure"
    if isinstance(document.raw.get(name), str):
        return _native.title(document.fields, name)
    return _native.title(document.fields.child(name), "id")
