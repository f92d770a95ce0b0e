"""`parameter_sweeps.json`: which parameters are swept over which values, and whether that may begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._readiness import check_source, readiness
from generator.readers._said import joined, listed, number, said, shown, table
from generator.readers._statements import opened
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME = "parameter_sweeps"
TITLE = "Performance: parameter sweeps"
SIGNS = "schema `<ns>.perf.parameter_sweeps.v1`, or `parameter_sweeps.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="perf.parameter_sweeps",
    file="parameter_sweeps.json",
    marks=frozenset({"sweep_plan", "selected_defaults"}),
)
_DIMENSIONS = ("flush_cadence_ms", "queue_max_items", "compaction_quota_mb")


def recognises(artifact: Artifact) -> str:
    """Return the sign of parameter sweeps."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement, which holds when it keeps to its contract, ready or blocked; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    status, _ = readiness(sheet)
    check_source(sheet)
    sheet.take("selected_defaults")
    defaults = table(sheet.raw.get("selected_defaults"))
    for name in sorted(defaults):
        value = number(defaults, name)
        if value is None or value <= 0 or not value.is_integer():
            sheet.doubt(f"has a default for {shown(name)} that is no whole number above zero")
    rows = sheet.each("dimensions", table(sheet.raw.get("sweep_plan")))
    for row in rows:
        name = said(row, "name", "id") or "(no name)"
        chosen = shown(defaults.get(name))
        facts = (("default", chosen),) if chosen else ()
        sheet.add(StatementRow(id=name, title="dimension", value=listed(row.get("candidate_values")), facts=facts))
    lost = [name for name in _DIMENSIONS if name not in {said(row, "name", "id") for row in rows}]
    if lost:
        sheet.doubt(f"sweeps over no {joined(lost)}")
    return sheet.reading(sheet.statement(status, ok=True))
