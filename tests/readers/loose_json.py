"""Documents of foreign reports with anything in their known fields, for properties of readers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from generator.errors import UnreadableError
from tests.readers.in_memory import artifact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.plugins import Reader, Reading

Document = dict[str, object] | list[object]


def values(fields: Sequence[str], words: Sequence[str]) -> st.SearchStrategy[object]:
    """Return any JSON values with known fields and words among them."""
    odd = st.sampled_from([None, True, False, 0, -1, 7, 1.5, 1e300, 2**70, "", "\u202e\x1b[31m", *words])
    return st.recursive(
        odd | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(fields), inner, max_size=6),
        max_leaves=20,
    )


def read(reader: Reader, document: object, name: str = "report.json") -> Reading:
    """Return what a reader makes of a document, which it must recognise."""
    file = artifact(name, json.dumps(document))
    assert reader.recognises(file)
    return reader.read(file)


def survives(reader: Reader, document: object) -> None:
    """Read a document or have it refused; what is read adds up and keeps each test apart."""
    try:
        reading = reader.read(artifact("report.json", json.dumps(document)))
    except UnreadableError:
        return
    counts = reading.counts
    assert counts is not None
    assert counts.tests == counts.passed + counts.failed + counts.errors + counts.skipped == len(reading.results)
    assert len({result.identity for result in reading.results}) == len(reading.results)


def told(reading: Reading) -> list[tuple[str, str]]:
    """Return name and status of each result."""
    return [(result.name, result.status.value) for result in reading.results]
