"""JSON lines whose rows have no common form: the objects as they are, bad lines counted with their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import UnreadableError
from generator.readers import _native
from generator.readers._rows import left_out

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.readers._said import Raw
    from generator.records import Problem


def objects(artifact: Artifact, reader: str) -> tuple[list[tuple[int, Raw]], list[Problem]]:
    """Return (line number, row) of the rows that are objects, and a warning about others; raises UnreadableError."""
    good, bad = artifact.rows()
    kept: list[tuple[int, Raw]] = [(line, row) for line, row in good if isinstance(row, dict)]
    bad = sorted([*bad, *((line, "is no object") for line, row in good if not isinstance(row, dict))])
    if bad and not kept:
        raise UnreadableError(
            f"holds no row that can be read; line {bad[0][0]} {bad[0][1]}", "check the step that writes it"
        )
    if not bad:
        return kept, []
    return kept, [_native.warning(artifact, reader, left_out(bad), "the other rows are used")]


def stem_of(row: Raw) -> str:
    """Return the schema id of a row between namespace and version; empty when it has none of the known form."""
    schema = row.get("schema")
    parts = _native.split_schema(schema) if isinstance(schema, str) else None
    return parts[1] if parts else ""


def first_schema(rows: list[tuple[int, Raw]]) -> str | None:
    """Return the schema id of the first row that has one of the known form."""
    return next((str(row["schema"]) for _, row in rows if stem_of(row)), None)
