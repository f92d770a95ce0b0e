"""Gate rows as all three verdict files state them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.records import GateRow
from generator.safety.text import clean_message, one_line

if TYPE_CHECKING:
    from generator.safety.strict_json import Fields


def gate_row(row: Fields) -> GateRow:
    """Return one gate; a gate that does not say whether it blocks is taken as blocking."""
    command, secret = _native.command_text(row.text("reproduce_command"))
    return GateRow(
        gate_id=_native.title(row, "id") or _native.title(row, "gate_id"),
        name=_native.title(row, "name"),
        status=_native.meta(row, "status"),
        blocking=row.boolean("blocking") is not False,
        detail=clean_message(row.text("detail")),
        artifact_path=_native.meta(row, "artifact_path"),
        bead=_native.meta(row, "bead"),
        command=command,
        command_secret=secret,
    )


def gate_rows(document: _native.Document, name: str) -> tuple[GateRow, ...]:
    """Return the gates of a list, first of an id only; others are noted."""
    rows: dict[str, GateRow] = {}
    for place, child in enumerate(document.fields.children(name)):
        row = gate_row(child)
        if not row.gate_id:
            document.note(f"`{name}[{place}]` has no id")
        elif row.gate_id in rows:
            document.note(f"`{name}` lists {one_line(row.gate_id)} twice; the first row counts")
        else:
            rows[row.gate_id] = row
    return tuple(rows.values())
