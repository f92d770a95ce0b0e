"""`unit.json`: what a unit is and what its files must be, with a checksum of itself."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.history.layout import DATA_FILES, unit_id
from generator.records import Run
from generator.safety.files import decode
from generator.safety.strict_json import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.records import SourceFile

SCHEMA: Final = "replaybook.unit.v1"
_MERGE_MARKER: Final = re.compile(r"^(?:<{7}|={7}|>{7})(?:\s|$)", re.MULTILINE)
_RESTORE: Final = "restore the folder from a copy, or move it away and ingest the run again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The parsed `unit.json` of one unit."""

    run: Run
    sources_digest: str
    files: Mapping[str, str]
    """SHA-256 of each data file by its name."""
    rows: Mapping[str, int]
    """Number of rows of `results` and `details`."""
    names: tuple[str, ...]
    """Ids of the blocks that hold the names of its tests, in the order of test ids."""

    @property
    def unit_id(self) -> str:
        """The id of the unit, which is the name of its folder."""
        return unit_id(self.run.key)


def sources_digest(sources: Iterable[SourceFile]) -> str:
    """Return the SHA-256 over the sorted paths and hashes of a run's evidence: equal evidence is the same unit."""
    state = hashlib.sha256()
    for path, digest in sorted((source.path, source.sha256) for source in sources):
        state.update(json.dumps([path, digest]).encode())
    return state.hexdigest()


def render(manifest: Manifest) -> bytes:
    """Return the bytes of `unit.json`: the same for the same manifest, whatever wrote it."""
    body = {
        "files": dict(manifest.files),
        "names": list(manifest.names),
        "rows": dict(manifest.rows),
        "run": manifest.run.model_dump(mode="json"),
        "schema": SCHEMA,
        "sources_digest": manifest.sources_digest,
    }
    return _canonical({**body, "checksum": _checksum(body)})


def parse(data: bytes) -> Manifest:
    """Read `unit.json`; UnreadableError says what is wrong with it: torn, edited, merged, or of another schema."""
    text = decode(data)
    if marker := _MERGE_MARKER.search(text):
        line = text.count("\n", 0, marker.start()) + 1
        raise UnreadableError(f"has merge markers in line {line}", _RESTORE)
    document = parse_json(text)
    if not isinstance(document, dict):
        raise UnreadableError("is not a JSON object", _RESTORE)
    schema = document.get("schema")
    if schema != SCHEMA:
        raise _other_schema(schema)
    body = {name: value for name, value in document.items() if name != "checksum"}
    if document.get("checksum") != _checksum(body) or _canonical(document) != data:
        raise UnreadableError("was altered: its checksum does not fit", _RESTORE)
    return _manifest(body)


def _manifest(body: dict[str, object]) -> Manifest:
    files, rows, names = body.get("files"), body.get("rows"), body.get("names")
    if not (isinstance(files, dict) and isinstance(rows, dict) and isinstance(names, list)):
        raise UnreadableError("lacks files, rows or names", _RESTORE)
    if not all(type(count) is int for count in rows.values()):
        raise UnreadableError("counts rows in a way that this version cannot read", "use a newer Replaybook")
    if sorted(files) != sorted(DATA_FILES):
        raise UnreadableError("does not list the files of a unit", _RESTORE)
    try:
        run = Run.model_validate_json(json.dumps(body.get("run")))
    except ValueError:
        raise UnreadableError("holds a run that this version cannot read", "use a newer Replaybook") from None
    return Manifest(
        run=run,
        sources_digest=str(body.get("sources_digest")),
        files={str(name): str(digest) for name, digest in files.items()},
        rows={str(name): count for name, count in rows.items()},
        names=tuple(str(name) for name in names),
    )


def _other_schema(schema: object) -> UnreadableError:
    shown = schema if isinstance(schema, str) and re.fullmatch(r"[A-Za-z0-9._-]{1,64}", schema) else "an unknown schema"
    return UnreadableError(f"is of {shown}, not {SCHEMA}", "use a newer Replaybook")


def _checksum(body: Mapping[str, object]) -> str:
    return hashlib.sha256(_canonical(body)).hexdigest()


def _canonical(body: Mapping[str, object]) -> bytes:
    return (json.dumps(body, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()
