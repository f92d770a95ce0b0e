"""`full_suite_verdict.json`: the full-suite gate with all its gates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._gates import gate_rows
from generator.records import GateFamily, GateReport
from generator.safety.text import clean_message

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME = "full_suite_verdict"
TITLE = "Gates: full suite"
SIGNS = "schema `<ns>.ci.full_suite_gate.v1`, or `full_suite_verdict.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="ci.full_suite_gate",
    file="full_suite_verdict.json",
    marks=frozenset({"verdict", "gates"}),
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of the verdict of the full-suite gate."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the GateReport; raises UnreadableError."""
    document = _native.opened(artifact, KIND)
    fields = document.fields
    return document.reading(
        GateReport(
            part="",
            family=GateFamily.FULL_SUITE,
            generated_at=document.moment(fields, "generated_at"),
            verdict=_native.meta(fields, "verdict"),
            policy=clean_message(fields.text("policy")),
            gates=gate_rows(document, "gates"),
            summary=document.numbers("summary"),
        )
    )
