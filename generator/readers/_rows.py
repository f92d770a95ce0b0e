"""What the readers of JSONL files share: good rows are kept, bad ones are counted with their line numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers import _native
from generator.safety.strict_json import Fields

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.records import Problem

_NAMED: Final = 5
"""Bad lines that a Problem names."""


def rows(artifact: Artifact, reader: str) -> tuple[list[tuple[int, Fields]], list[Problem]]:
    """Return (line number, fields) of the rows that are objects, and a warning about others; raises UnreadableError."""
    good, bad = artifact.rows()
    kept = [(line, Fields(value, f"line {line}")) for line, value in good if isinstance(value, dict)]
    bad = sorted([*bad, *((line, "is no object") for line, value in good if not isinstance(value, dict))])
    if bad and not kept:
        raise UnreadableError(
            f"holds no row that can be read; line {bad[0][0]} {bad[0][1]}", "check the step that writes it"
        )
    if not bad:
        return kept, []
    return kept, [_native.warning(artifact, reader, left_out(bad), "the other rows are used")]


def left_out(bad: list[tuple[int, str]]) -> str:
    """Say which lines are not used and why, the first ones by number."""
    named = "; ".join(f"line {line} {reason}" for line, reason in bad[:_NAMED])
    more = f" and {len(bad) - _NAMED} more" if len(bad) > _NAMED else ""
    noun = "line" if len(bad) == 1 else "lines"
    return f"{len(bad)} {noun} left out: {named}{more}"


def schema_of(kept: list[tuple[int, Fields]], stem: str, version: int) -> str | None:
    """Return the schema id of the first row that has one; raises UnreadableError when it is another or a newer one."""
    schema = next((text for _, row in kept if (text := row.text("schema"))), None)
    if schema is None:
        return None
    parts = _native.split_schema(schema)
    if parts is None or parts[1:] != (stem, version):
        shown = _native.shown_schema(schema)
        raise UnreadableError(
            f"has rows of the schema `{shown}`; known is `<namespace>.{stem}.v{version}`", "use a version that knows it"
        )
    return schema
