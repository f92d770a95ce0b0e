"""`test-log.jsonl` and `artifact-index.jsonl`: checked row by row, so that lost evidence shows; nothing is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.plugins import Reading
from generator.readers import _native, _rows

if TYPE_CHECKING:
    from generator.artifact import Artifact

NAME = "test_log"
TITLE = "Runner: test log and artifact index"
SIGNS = "named `test-log.jsonl` or `artifact-index.jsonl`"
_FILES: Final = frozenset({"test-log.jsonl", "artifact-index.jsonl"})
_LOG: Final = ("ts", "level", "category", "message")
_TEXTS: Final = {
    ("test.log", 1): ("log", _LOG),
    ("test.log", 2): ("log", ("trace_id", *_LOG)),
    ("test.artifact", 1): ("artifact", ("ts", "name", "path")),
}
"""Stem and version of each kind of row, with its type and the texts it must have."""

_NUMBERS: Final = ("seq", "t_ms")


def recognises(artifact: Artifact) -> str:
    """Return the sign of the log of a test, or the list of files that a test left."""
    return f"named `{artifact.name}`" if artifact.name in _FILES else ""


def read(artifact: Artifact) -> Reading:
    """Return no records, but a warning about the rows that are no rows of a test log; an empty file is normal.

    Raises UnreadableError for what is no text; a file in which no row is whole is still only a warning, because
    results never come from it.
    """
    good, bad = artifact.rows()
    schema_id = None
    for line, row in good:
        schema, reason = _checked(row)
        schema_id = schema_id or schema
        if reason:
            bad.append((line, reason))
    if not bad:
        return Reading(schema_id=schema_id)
    hint = "open the file to see what is left of it"
    return Reading(schema_id=schema_id, problems=(_native.warning(artifact, NAME, _rows.left_out(sorted(bad)), hint),))


def _checked(row: object) -> tuple[str | None, str]:
    """Return the schema id of a row that is good, and what is wrong with another."""
    if not isinstance(row, dict):
        return None, "is no object"
    schema = row.get("schema")
    if not isinstance(schema, str):
        return None, "has no schema"
    parts = _native.split_schema(schema)
    known = _TEXTS.get(parts[1:]) if parts else None
    if known is None:
        return None, f"has the schema `{_native.shown_schema(schema)}`, which is not known"
    kind, texts = known
    lost = [name for name in texts if not isinstance(row.get(name), str)]
    lost += [name for name in _NUMBERS if not _is_number(row.get(name))]
    if row.get("type") != kind:
        lost.insert(0, "type")
    return (None, f"has no valid {', '.join(lost)}") if lost else (schema, "")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
