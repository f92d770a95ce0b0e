"""How the content of one file on disk is loaded: bounded by its kind, a log by its ends only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from generator.artifact import Artifact
from generator.safety.files import read_bytes, read_chunks, read_head_tail

if TYPE_CHECKING:
    from generator.safety.limits import ReadLimits

LOGS: Final = frozenset({"log", "txt", "out"})
"""Endings of files of which only the beginning and the end are read, unless they begin like a report."""

_REPORTS: Final = (b'{"', b'{ "', b"TAP version", b"1..", b"ok ", b"not ok ", b"go: ", b"TN:", b"SF:")
"""How a report that is named like a log begins: JSON lines, TAP, a tracefile."""

_ANY: Final = 1 << 62
_PIECE: Final = 4096
_LARGE: Final = 1 << 20
"""From this size on a document is read in pieces where its reader can take it so."""


def artifact(path: str, shown: str, name: str, folders: tuple[str, ...], size: int, limits: ReadLimits) -> Artifact:
    """Return the artifact at `path`; nothing is opened before its content is asked for."""
    file = Path(path)
    limit = limit_of(name, limits)
    if ending_of(name) in LOGS:
        return Artifact(
            path=shown,
            name=name,
            folders=folders,
            size=size,
            load=lambda: _log(file, limit, limits),
            chunks=lambda: read_chunks(file, _ANY, _PIECE),
            limits=limits,
            lossy=True,
        )
    return Artifact(
        path=shown,
        name=name,
        folders=folders,
        size=size,
        load=lambda: read_bytes(file, limit),
        chunks=(lambda: read_chunks(file, limit)) if size > _LARGE else None,
        limits=limits,
    )


def ending_of(name: str) -> str:
    """Return what follows the last dot of a file name, in small letters."""
    return name.rpartition(".")[2].lower()


def limit_of(name: str, limits: ReadLimits) -> int:
    """Return the most bytes of a file by its ending; any other file is bounded like a JSON document."""
    by_ending = {
        "json": limits.json_bytes,
        "sarif": limits.json_bytes,
        "xml": limits.xml_bytes,
        "trx": limits.xml_bytes,
        "toml": limits.toml_bytes,
        **dict.fromkeys(("jsonl", "ndjson", "log", "txt", "out", "info", "lcov", "tap"), limits.jsonl_bytes),
    }
    return by_ending.get(ending_of(name), limits.text_bytes)


def _log(file: Path, limit: int, limits: ReadLimits) -> bytes:
    """Read a log by its ends; one that begins like JSON lines or TAP is a report and read whole."""
    head = next(read_chunks(file, _ANY, _PIECE), b"").lstrip()
    if head.startswith(_REPORTS):
        return read_bytes(file, limit)
    return read_head_tail(file, limits.log_head, limits.log_tail)[0]
