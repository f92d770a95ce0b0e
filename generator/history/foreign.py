"""Distrust of a history that comes as a file: what it holds must be what this program could have stored.

A reader of artifacts neutralises and bounds every text before it is a record. A crafted history would go round that;
so a file of it is refused that holds other text, more than a run may say, or times that no run has.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.history.layout import EVIDENCE_FILE, NAMES, UNIT_FILE
from generator.history.manifest import parse
from generator.history.tables import schema
from generator.safety.files import decode
from generator.safety.limits import DEFAULT, MIB, TEXT_PER_RUN, TEXT_TRACE
from generator.safety.strict_json import parse_json
from generator.safety.text import neutralise

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa
    import pyarrow.parquet as pq

_EVIDENCE_BYTES: Final = 64 * MIB
"""Unpacked evidence of one run."""

_ROWS: Final = 2_000_000
"""Rows of one table: attempts of the tests of a run."""

_TEXT_BYTES: Final = 4 * TEXT_PER_RUN
"""Texts of one column of a table: a character has at most four bytes."""

_GZIP: Final = 16 + zlib.MAX_WBITS
_YEARS: Final = range(1990, 2201)
_APART: Final = "name"
"""The column that cannot be read as words: see `tables`."""

_TOGETHER: Final = 64
"""Names that are looked at together."""

_TOO_MUCH: Final = "holds more than a run may say"
_HINT: Final = "export it again from the history it came from; if that is not yours, do not use it"


def demand_modest(name: str, data: bytes) -> None:
    """Raise UnreadableError unless a file of a unit, or a block of names, holds what may have been stored."""
    path = PurePosixPath(name)
    try:
        if path.name == UNIT_FILE:
            parse(data)
            _demand_document(data)
        elif path.name == EVIDENCE_FILE:
            _demand_document(_unpacked(data))
        else:
            _demand_table("names" if path.parent.name == NAMES else path.stem, data)
    except UnreadableError as error:
        raise UnreadableError(f"{name}: {error.message}", error.hint or _HINT) from error


def _unpacked(data: bytes) -> bytes:
    unpacking = zlib.decompressobj(_GZIP)
    try:
        unpacked = unpacking.decompress(data, _EVIDENCE_BYTES)
    except zlib.error:
        raise UnreadableError("is no gzip file", _HINT) from None
    if not unpacking.eof or unpacking.unused_data:
        raise UnreadableError(f"is cut off, or unpacks to more than {_EVIDENCE_BYTES} bytes", _HINT)
    return unpacked


def _demand_document(data: bytes) -> None:
    for key, value in _texts("", parse_json(decode(data), replace(DEFAULT, json_bytes=_EVIDENCE_BYTES))):
        _demand_text(value)
        if (key == "at" or key.endswith("_at")) and not _is_time(value):
            raise UnreadableError(f"holds the time `{value[:40]}`, which no run has", _HINT)


def _texts(key: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield every text of a document with the key it stands under; keys are texts, too."""
    waiting = [(key, value)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, str):
            yield key, value
        elif isinstance(value, dict):
            waiting += [("", name) for name in value]
            waiting += list(value.items())
        elif isinstance(value, list):
            waiting += [(key, item) for item in value]


def _is_time(text: str) -> bool:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return False
    return found.tzinfo is not None and found.year in _YEARS


def _demand_text(text: str) -> None:
    if len(text) > TEXT_TRACE or neutralise(text) != text:
        raise UnreadableError("holds a text that is too long, or that is not neutralised", _HINT)


def _demand_table(kind: str, data: bytes) -> None:
    """Look at a table without spreading it: a text that many rows share is held once, or seen in small pieces."""
    import pyarrow as pa  # noqa: PLC0415 - commands without a history do not pay for it
    import pyarrow.parquet as pq  # noqa: PLC0415 - the same

    expected = {field.name: _is_text(field.type) for field in schema(kind)}
    words = [name for name, is_text in expected.items() if is_text and name != _APART]
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        _demand_extent(file.metadata)
        if {field.name: _is_text(field.type) for field in file.schema_arrow} != expected:
            raise UnreadableError("has other columns than it should", _HINT)
        file = pq.ParquetFile(pa.BufferReader(data), read_dictionary=words)
        for word in words:
            _demand_texts(file.read([word], use_threads=False)[word])
        if _APART in expected:
            _demand_each(file)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableError("is not a Parquet file", _HINT) from error


def _demand_extent(metadata: pa.Table) -> None:
    groups = [metadata.row_group(place) for place in range(min(metadata.num_row_groups, _ROWS))]
    if metadata.num_rows > _ROWS or len(groups) > _ROWS or sum(group.total_byte_size for group in groups) > _TEXT_BYTES:
        raise UnreadableError(_TOO_MUCH, _HINT)


def _demand_texts(column: pa.ChunkedArray) -> None:
    """Check each different text of a column once, and how much they are together when each row has its own."""
    import pyarrow.compute as pc  # noqa: PLC0415 - see `_demand_table`

    size = 0
    for chunk in column.chunks:
        for text in chunk.dictionary.to_pylist():
            _demand_text(text or "")
        lengths = pc.binary_length(chunk.dictionary)
        size += pc.sum(pc.take(lengths, chunk.indices)).as_py() or 0
    if size > _TEXT_BYTES:
        raise UnreadableError(_TOO_MUCH, _HINT)


def _demand_each(file: pq.ParquetFile) -> None:
    """Check the names: each is stored as what differs from the one before, so few bytes may become very many."""
    size = 0
    for batch in file.iter_batches(_TOGETHER, columns=[_APART], use_threads=False):
        for text in batch.column(0).to_pylist():
            _demand_text(text or "")
            size += len(text or "")
        if size > TEXT_PER_RUN:
            raise UnreadableError(_TOO_MUCH, _HINT)


def _is_text(kind: pa.DataType | None) -> bool:
    import pyarrow as pa  # noqa: PLC0415 - see `_demand_table`

    if kind is not None and pa.types.is_dictionary(kind):
        kind = kind.value_type
    return kind is not None and pa.types.is_string(kind)
