"""Builders of evidence files of the gate family, and what their readers make of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from generator.records import MeasurementReport, Statement
from tests.readers.in_memory import artifact

if TYPE_CHECKING:
    from generator.plugins import Reader, Reading

Json = dict[str, object]
WHEN = "2026-03-04T06:00:00Z"


def reading_of(reader: Reader, name: str, content: object, folder: str = "reports") -> Reading:
    """Return what a reader makes of a JSON document, or of a text as it is; it must recognise the file."""
    data = content if isinstance(content, str) else json.dumps(content)
    file = artifact(name, data, (folder,))
    assert reader.recognises(file)
    return reader.read(file)


def statement_of(reading: Reading) -> Statement:
    """Return the only statement of a reading."""
    (found,) = (record for record in reading.records if isinstance(record, Statement))
    return found


def measured(reading: Reading) -> MeasurementReport:
    """Return the only report of measurements of a reading."""
    (found,) = (record for record in reading.records if isinstance(record, MeasurementReport))
    return found


def messages(reading: Reading) -> str:
    """Return what a reading warns of, as one text."""
    return "\n".join(problem.message for problem in reading.problems)


def lines(*rows: Json) -> str:
    """Return rows as JSON lines."""
    return "".join(json.dumps(row) + "\n" for row in rows)


def without(document: Json, *names: str) -> Json:
    """Return a document without some of its fields."""
    return {name: value for name, value in document.items() if name not in names}
