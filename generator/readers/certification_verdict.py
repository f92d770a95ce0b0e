"""`certification_verdict.json`: the full lane with waivers applied, and whether it may be promoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._gates import gate_rows
from generator.records import GateFamily, GateReport
from generator.safety.text import clean_message

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME = "certification_verdict"
TITLE = "Gates: certification lane"
SIGNS = "schema `<ns>.ci.certification_lane.v1`, or `certification_verdict.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="ci.certification_lane",
    file="certification_verdict.json",
    marks=frozenset({"verdict", "gates", "promotion_rules"}),
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of the verdict of the certification lane."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the GateReport; raises UnreadableError."""
    document = _native.opened(artifact, KIND)
    fields = document.fields
    rules = fields.child("promotion_rules")
    return document.reading(
        GateReport(
            part="",
            family=GateFamily.CERTIFICATION,
            generated_at=document.moment(fields, "generated_at"),
            verdict=_native.meta(fields, "verdict"),
            policy=clean_message(fields.text("policy")),
            gates=gate_rows(document, "gates"),
            summary=document.numbers("summary"),
            waivers_applied=_native.titles(fields, "waivers_applied"),
            can_promote=rules.boolean("can_promote"),
            blockers=_native.titles(rules, "blocker_gates"),
        )
    )
