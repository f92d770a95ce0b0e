"""Artifacts in memory, and readings as plain JSON."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING

from pydantic import BaseModel

from generator.artifact import Artifact
from generator.errors import UnreadableError
from generator.readers.content import LOGS, ending_of
from generator.safety.limits import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.plugins import Reader, Reading
    from generator.safety.limits import ReadLimits

Json = dict[str, object] | list[object] | str | int | float | bool | None


def artifact(
    name: str, data: bytes | str, folders: Sequence[str] = ("reports",), *, limits: ReadLimits | None = None
) -> Artifact:
    """Return a file in memory as the reading of a folder would give it."""
    content = data.encode() if isinstance(data, str) else data
    return Artifact(
        path="/".join((*folders, name)),
        name=name,
        folders=tuple(folders),
        size=len(content),
        load=lambda: content,
        lossy=ending_of(name) in LOGS,
        limits=limits or DEFAULT,
    )


def unreadable(name: str) -> Artifact:
    """Return a file that may not be opened."""

    def refuse() -> bytes:
        raise UnreadableError("may not be read", "check the permissions")

    return Artifact(path=name, name=name, folders=(), size=1, load=refuse)


def outcome(reader: Reader, file: Artifact) -> Json:
    """Return what a reader makes of a file as plain JSON: its reading, or why it refuses the file."""
    try:
        return plain(reader.read(file))
    except UnreadableError as error:
        return {"refused": error.message, "hint": error.hint}


def plain(reading: Reading) -> dict[str, object]:
    """Return a reading as plain JSON without what is empty; each record begins with its type."""
    found = {field.name: _plain(getattr(reading, field.name)) for field in dataclasses.fields(reading)}
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        fields = {name: _plain(getattr(value, name)) for name in type(value).model_fields}
        return {"is": type(value).__name__} | _without_defaults(fields)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {"is": type(value).__name__} | _without_defaults(fields)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def _without_defaults(fields: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value not in (None, "", [], {}) or name == "value"}
