"""What was seen in a file, in a line for people: which reader took it, by which sign, and what it found."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.records import (
    AlertReport,
    Coverage,
    ForgeExport,
    GateReport,
    MeasurementReport,
    Owners,
    SourceState,
    Statement,
    tally_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.plugins import Reading
    from generator.readers.found import Found
    from generator.records import Counts, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One line of `inspect` about one file."""

    path: str
    reader: str
    sign: str
    """By what the reader recognised the file; empty when none did."""
    saw: str
    """What is in it, in words."""


def seen(file: Found) -> Seen:
    """Return what to say about a file."""
    return Seen(path=file.path, reader=file.reader, sign=file.sign, saw=_saw(file))


def _saw(file: Found) -> str:
    state = file.source.state
    if state is SourceState.UNREAD:
        return "no reader takes it"
    if state is SourceState.CORRUPT:
        return "cannot be read"
    return "; ".join(filter(None, _words(file.reading))) or "nothing that is kept"


def _words(reading: Reading) -> Iterable[str]:
    if reading.counts is not None:
        yield counted(reading.counts)
    if reading.declared is not None:
        yield f"states {counted(reading.declared)}"
    if reading.past:
        yield f"{len(reading.past)} earlier runs"
    yield from (_record(record) for record in reading.records if type(record) in _SAID)
    others = Counter(type(record).__name__ for record in reading.records if type(record) not in _SAID)
    yield from (f"{number} {_spelled(name)}" for name, number in sorted(others.items()))
    if reading.started_at:
        yield f"began {reading.started_at}"
    yield from (f"{name} {value}" for name, value in reading.properties)


def counted(counts: Counts) -> str:
    """Return counts of tests in words."""
    tallies = {
        "passed": counts.passed,
        "failed": counts.failed,
        "errors": counts.errors,
        "skipped": counts.skipped,
        "flaky": counts.flaky,
    }
    noun = "test" if counts.tests == 1 else "tests"
    return f"{counts.tests} {noun}" + (f": {tally_text(tallies)}" if counts.tests else "")


def _record(record: Record) -> str:
    return _SAID[type(record)](record)


def _spelled(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r" \1", name).lower()


_SAID: Final[dict[type, Callable[..., str]]] = {
    Coverage: lambda found: f"{found.lines_covered} of {found.lines_valid} lines covered in {len(found.files)} files",
    AlertReport: lambda found: f"{found.total} results of {found.tool}",
    MeasurementReport: lambda found: f"{len(found.measurements)} measurements of {found.tool}",
    ForgeExport: lambda found: f"{len(found.runs)} workflow runs, {len(found.jobs)} jobs",
    Owners: lambda found: f"{len(found.rules)} rules of ownership",
    Statement: lambda found: f"verdict {found.verdict or 'not stated'}, {len(found.rows)} rows",
    GateReport: lambda found: f"verdict {found.verdict or 'not stated'}, {len(found.gates)} gates",
}
"""How the records that stand for a whole file are put into words."""
