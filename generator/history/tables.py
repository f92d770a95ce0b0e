"""The Parquet files of a unit: schemas, encodings, and the bytes of rows.

Results and details name a test by its position in the unit's blocks of names (`test`), not by its id: the 64 random
bits of an id cannot be compressed and would be two thirds of the history. Encodings are set by hand; only what DuckDB,
polars and Dask read as well is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.history.rows import duration_us

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from generator.history.rows import Row, Test

SCHEMA_VERSION: Final = 1
_VERSION_KEY: Final = "schema_version"
_LEVEL: Final = 9
_ROW_GROUP: Final = 500_000
_WORDS: Final = {
    "results": ("status", "part"),
    "details": ("kind", "file"),
    "names": ("surface", "suite", "classname"),
}
"""Columns of few different values."""

_ENCODINGS: Final = {
    "test": "DELTA_BINARY_PACKED",
    "test_id": "DELTA_BINARY_PACKED",
    "attempt": "DELTA_BINARY_PACKED",
    "duration_us": "BYTE_STREAM_SPLIT",
    "line": "DELTA_BINARY_PACKED",
    "name": "DELTA_BYTE_ARRAY",
}


def schema(table: str) -> pa.Schema:
    """Return the Arrow schema of `results`, `details` or `names`."""
    import pyarrow as pa  # noqa: PLC0415 - 0.2 s that commands without a history do not pay

    word, text = pa.dictionary(pa.int32(), pa.string()), pa.string()
    fields = {
        "results": [
            ("test", pa.int32()),
            ("attempt", pa.int16()),
            ("status", word),
            ("duration_us", pa.int64()),
            ("part", word),
            ("exit_code", pa.int64()),
            ("scraped_passed", pa.int64()),
            ("scraped_failed", pa.int64()),
            ("scraped_ignored", pa.int64()),
        ],
        "details": [
            ("test", pa.int32()),
            ("attempt", pa.int16()),
            ("kind", text),
            ("message", text),
            ("trace", text),
            ("file", text),
            ("line", pa.int64()),
            ("odd", text),
        ],
        "names": [("test_id", pa.int64()), ("surface", text), ("suite", text), ("classname", text), ("name", text)],
    }
    return pa.schema(fields[table])


def results_table(rows: Sequence[Row]) -> pa.Table:
    """Return the outcomes of the rows."""
    scraped = [row.result.scraped if row.own and row.result.scraped else (None, None, None) for row in rows]
    return _table(
        "results",
        {
            "test": [row.test for row in rows],
            "attempt": [row.number for row in rows],
            "status": [row.attempt.status.value for row in rows],
            "duration_us": [duration_us(row.attempt.duration_s) for row in rows],
            "part": [row.result.part for row in rows],
            "exit_code": [row.result.exit_code if row.own else None for row in rows],
            "scraped_passed": [counts[0] for counts in scraped],
            "scraped_failed": [counts[1] for counts in scraped],
            "scraped_ignored": [counts[2] for counts in scraped],
        },
    )


def details_table(rows: Sequence[Row]) -> pa.Table:
    """Return the texts of the rows that have any; where a test stands is kept for these rows only."""
    rows = [row for row in rows if row.has_text]
    return _table(
        "details",
        {
            "test": [row.test for row in rows],
            "attempt": [row.number for row in rows],
            "kind": [row.attempt.kind for row in rows],
            "message": [row.attempt.message for row in rows],
            "trace": [row.attempt.trace for row in rows],
            "file": [row.result.file for row in rows],
            "line": [row.result.line for row in rows],
            "odd": [",".join(row.result.odd) if row.own else "" for row in rows],
        },
    )


def names_table(tests: Sequence[Test]) -> pa.Table:
    """Return the names of tests that are sorted by test id."""
    columns = {"test_id": [known for known, _ in tests]}
    texts = {
        column: [identity[place] for _, identity in tests]
        for place, column in enumerate(("surface", "suite", "classname", "name"))
    }
    return _table("names", {**columns, **texts})


def to_bytes(kind: str, table: pa.Table) -> bytes:
    """Return the table as a Parquet file: the same bytes for the same rows and the same version of pyarrow."""
    import pyarrow as pa  # noqa: PLC0415 - see `schema`
    import pyarrow.parquet as pq  # noqa: PLC0415 - see `schema`

    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(
        sink,
        table.schema,
        compression="zstd",
        compression_level=_LEVEL,
        use_dictionary=list(_WORDS[kind]),
        column_encoding={name: how for name, how in _ENCODINGS.items() if name in table.column_names},
        store_schema=False,
        write_statistics=False,
    ) as writer:
        writer.write_table(table, row_group_size=_ROW_GROUP)
        writer.add_key_value_metadata({_VERSION_KEY: str(SCHEMA_VERSION)})
    return bytes(sink.getvalue())


def from_bytes(kind: str, data: bytes) -> pa.Table:
    """Read a Parquet file of ours; UnreadableError when it is none, or of a newer schema than this version knows."""
    import pyarrow as pa  # noqa: PLC0415 - see `schema`
    import pyarrow.parquet as pq  # noqa: PLC0415 - see `schema`

    expected = schema(kind)
    words = [field.name for field in expected if pa.types.is_dictionary(field.type)]
    try:
        file = pq.ParquetFile(pa.BufferReader(data), read_dictionary=words)
        version = (file.metadata.metadata or {}).get(_VERSION_KEY.encode(), b"")
        table = file.read(use_threads=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableError("is not a Parquet file", "restore it from a copy") from error
    if version != str(SCHEMA_VERSION).encode():
        shown = version.decode()[:16] if version.isdigit() else "unknown"
        raise UnreadableError(f"is of schema version {shown}, not {SCHEMA_VERSION}", "use a newer Replaybook")
    if table.column_names != expected.names:
        raise UnreadableError("has other columns than it should", "use the Replaybook that wrote it, or a newer one")
    return table.cast(expected)


def _table(kind: str, columns: Mapping[str, Sequence[object]]) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 - see `schema`

    return pa.table(dict(columns), schema=schema(kind))
