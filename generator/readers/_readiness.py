"""What parameter sweeps and opportunity matrix have in common: readiness, and where the numbers come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.readers._said import flag, items, joined, said, shown, table
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.readers._statements import Sheet

SOURCE: Final = "phase1_matrix_validation"
"""The artifact that both must be made from."""


def readiness(sheet: Sheet) -> tuple[str, bool]:
    """Add the reasons that block; return the status, and whether it fits flag and reasons (else a doubt)."""
    ready = table(sheet.raw.get("readiness"))
    sheet.take("source_identity", "readiness")
    status, flagged = said(ready, "status"), flag(ready, "ready_for_phase5")
    reasons = [text for item in items(ready.get("blocking_reasons")) if (text := shown(item))]
    for place, text in enumerate(dict.fromkeys(reasons)):
        sheet.add(StatementRow(id=f"blocking reason {place + 1}", title="blocks", ok=False, detail=text))
    if status not in {"ready", "blocked"}:
        sheet.doubt(f"has a readiness that is not known: {status}" if status else "states no readiness")
        return status, False
    is_ready = status == "ready"
    if flagged is not None and flagged != is_ready:
        sheet.doubt(f"says {status}, but `ready_for_phase5` is {shown(flagged)}")
    if is_ready == bool(reasons):
        named = f"it names reasons that block: {joined(reasons)}" if reasons else "it names no reason"
        sheet.doubt(f"says {status}, but {named}")
    return status, is_ready


def check_source(sheet: Sheet) -> None:
    """Doubt a file that is not made from the artifact that it must be made from."""
    source = said(table(sheet.raw.get("source_identity")), "source_artifact")
    if source != SOURCE:
        sheet.doubt(f"is made from {source or 'an unnamed source'}, not from {SOURCE}")
