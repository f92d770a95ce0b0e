"""How the content of one file is loaded: bounded by its kind, at most once, failures remembered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from generator.errors import UnreadableError
from generator.plugins import Artifact
from generator.safety import limits
from generator.safety.files import decode, decode_lossy, read_bytes, read_head_tail
from generator.safety.strict_json import parse_json

if TYPE_CHECKING:
    from collections.abc import Callable

_In = TypeVar("_In")
_Out = TypeVar("_Out")

LIMITS: Final = {
    "json": limits.JSON_BYTES,
    "jsonl": limits.JSONL_BYTES,
    "ndjson": limits.JSONL_BYTES,
    "xml": limits.XML_BYTES,
    "toml": limits.TOML_BYTES,
    "yaml": limits.YAML_BYTES,
    "yml": limits.YAML_BYTES,
}
"""Most bytes of a file by its ending; any other file is bounded like a JSON document."""

LOGS: Final = frozenset({"log", "txt"})
"""Endings of files of which only the beginning and the end are read."""


def artifact(path: str, shown: str, name: str, folders: tuple[str, ...], size: int) -> Artifact:
    """Return the artifact at `path`; nothing is opened before its content is asked for."""
    ending = name.rpartition(".")[2].lower()
    if ending in LOGS:
        return Artifact(
            path=shown,
            name=name,
            folders=folders,
            size=size,
            load=lambda: read_head_tail(Path(path), limits.LOG_HEAD, limits.LOG_TAIL)[0],
            decode=lambda data: decode_lossy(data)[0],
            parse=_once(parse_json),
        )
    limit = LIMITS.get(ending, limits.JSON_BYTES)
    return Artifact(
        path=shown,
        name=name,
        folders=folders,
        size=size,
        load=_once_nothing(lambda: read_bytes(Path(path), limit)),
        decode=_once(decode),
        parse=_once(parse_json),
    )


def _once(function: Callable[[_In], _Out]) -> Callable[[_In], _Out]:
    """Remember a refusal, because every reader may ask again before one of them takes the file."""
    refusal: UnreadableError | None = None

    def call(value: _In) -> _Out:
        nonlocal refusal
        if refusal is not None:
            raise refusal from None
        try:
            return function(value)
        except UnreadableError as error:
            refusal = error
            raise

    return call


def _once_nothing(function: Callable[[], _Out]) -> Callable[[], _Out]:
    call = _once(lambda _: function())
    return lambda: call(None)
