"""Reading the history back: unit folders and name blocks, each checked against its hash before it is believed."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from typing import TYPE_CHECKING, Final

from generator.errors import EvidenceError, UnreadableError
from generator.history.blocks import block_id
from generator.history.frames import fit
from generator.history.layout import (
    DATA_FILES,
    EVIDENCE_FILE,
    FORMAT_FILE,
    FORMAT_VERSION,
    NAMES,
    STAGED,
    UNIT_FILE,
    UNITS,
)
from generator.history.manifest import Manifest, parse
from generator.history.tables import from_bytes
from generator.records import Evidence, Problem, Severity
from generator.safety.files import read_bytes
from generator.safety.text import clean_name, one_line

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from generator.history.frames import Ids
    from generator.records import Run

FILE_BYTES: Final = 2**30
"""Largest file of a history that is read."""

RESTORE: Final = "restore it from a copy, or move the unit's folder away and ingest the run again"


def unit_names(history: Path) -> list[str]:
    """List what stands in the folder of units, sorted, without units that are still being written."""
    return sorted(path.name for path in (history / UNITS).iterdir() if not path.name.startswith(STAGED))


def read_manifest(folder: Path) -> Manifest:
    """Read `unit.json` of a unit folder; UnreadableError names the file."""
    return read_unit(folder)[0]


def read_unit(folder: Path) -> tuple[Manifest, bytes]:
    """Read `unit.json` and return its bytes as well: equal bytes are the same unit."""
    path = f"{UNITS}/{shown(folder)}"
    try:
        data = _bytes(folder / UNIT_FILE)
        manifest = parse(data)
    except UnreadableError as error:
        raise _at(f"{path}/{UNIT_FILE}", error) from error
    if manifest.unit_id != folder.name:
        raise UnreadableError(f"{path} holds another unit: {manifest.unit_id}", "give the folder its own name back")
    return manifest, data


def read_file(folder: Path, manifest: Manifest, name: str) -> bytes:
    """Read a data file of a unit; UnreadableError when it is missing or not what `unit.json` says."""
    path = f"{UNITS}/{shown(folder)}/{name}"
    try:
        data = _bytes(folder / name)
        if hashlib.sha256(data).hexdigest() != manifest.files[name]:
            raise _torn()
    except UnreadableError as error:
        raise _at(path, error) from error
    return data


def read_files(folder: Path, manifest: Manifest) -> dict[str, bytes]:
    """Read all data files of a unit; UnreadableError names the first that is not as it was written."""
    return {name: read_file(folder, manifest, name) for name in DATA_FILES}


def read_names(history: Path, block: str) -> pa.Table:
    """Read a block of names; UnreadableError when it is missing or its name is not its hash."""
    data = read_block(history, block)
    try:
        return from_bytes("names", data)
    except UnreadableError as error:
        raise _at(f"{NAMES}/{block}.parquet", error) from error


def read_block(history: Path, block: str) -> bytes:
    """Read the bytes of a block of names; UnreadableError as of `read_names`."""
    path = f"{NAMES}/{block}.parquet"
    try:
        data = _bytes(history / path)
        if block_id(data) != block:
            raise _torn()
    except UnreadableError as error:
        raise _at(path, error) from error
    return data


def parse_table(path: Path, data: bytes, ids: Ids) -> pa.Table:
    """Parse a table of a unit from its bytes; UnreadableError when its rows are not about the tests of the unit."""
    try:
        table = from_bytes(path.stem, data)
        if not fit(table, ids):
            raise _torn()
    except UnreadableError as error:
        raise _at(f"{UNITS}/{path.parent.name}/{path.name}", error) from error
    return table


def read_evidence(folder: Path, manifest: Manifest) -> Evidence:
    """Read the evidence of a unit; UnreadableError names the file."""
    return parse_evidence(folder, read_file(folder, manifest, EVIDENCE_FILE))


def parse_evidence(folder: Path, data: bytes) -> Evidence:
    """Parse the evidence of a unit from its bytes; UnreadableError names the file."""
    try:
        return Evidence.model_validate_json(gzip.decompress(data))
    except (OSError, EOFError, ValueError, zlib.error) as error:
        path = f"{UNITS}/{shown(folder)}/{EVIDENCE_FILE}"
        raise UnreadableError(f"{path} cannot be read by this version", "use a newer Replaybook") from error


def demand_format(history: Path) -> None:
    """Raise EvidenceError unless `format.json` names the format that this version writes."""
    path = history / FORMAT_FILE
    try:
        data = _bytes(path)
    except UnreadableError as error:
        raise EvidenceError(f"{path} {error.message}", "restore it from a copy") from error
    demand_known(str(path), data)


def demand_known(path: str, data: bytes) -> None:
    """Raise EvidenceError unless the content of a `format.json` names the format that this version writes."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise EvidenceError(f"{path} is not JSON: torn or edited", "restore it from a copy") from error
    found = document.get("format") if isinstance(document, dict) and len(document) == 1 else None
    if type(found) is not int or found < FORMAT_VERSION:
        raise EvidenceError(f"{path} names no known format", f'restore it: {{"format": {FORMAT_VERSION}}}')
    if found > FORMAT_VERSION:
        raise EvidenceError(
            f"{path} is of format {found}, this version knows {FORMAT_VERSION}", "use a newer Replaybook"
        )


def problem(path: str, error: UnreadableError, label: str = "") -> Problem:
    """Return the Problem of a file of the history, with the run it belongs to when that is known."""
    return Problem(path=path, severity=Severity.ERROR, message=f"{error.message}{label}", hint=error.hint or RESTORE)


def run_label(run: Run) -> str:
    """Name a run in a message."""
    return f"run {run.key.run_id} of {run.key.repository}, {run.key.workflow}, attempt {run.key.attempt}"


def shown(path: Path) -> str:
    """Return the name of a file for a message: cleaned, because anything may lie in a folder."""
    return one_line(clean_name(path.name))


def _torn() -> UnreadableError:
    return UnreadableError("was altered or is torn: its checksum does not fit", RESTORE)


def _bytes(path: Path) -> bytes:
    return read_bytes(path, FILE_BYTES)


def _at(path: str, error: UnreadableError) -> UnreadableError:
    return UnreadableError(f"{path}: {error.message}", error.hint or RESTORE)
