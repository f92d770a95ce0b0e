"""`data/suites.csv` of a generated Allure report: one row a test, without retries and messages."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers._allure import shown_word, status_of
from generator.readers._allure_texts import no_message
from generator.readers._cases import Cases, said
from generator.readers._junit_values import earliest
from generator.readers._loose import free_name
from generator.records import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._loose import Taken

NAME: Final = "allure_suites_csv"
TITLE: Final = "Allure report: suites.csv"
SIGNS: Final = "header with `Status`, `Parent Suite`, `Suite`, `Test Class`, `Name`, in any order and case"

_COLUMNS: Final = frozenset({"status", "parent suite", "suite", "sub suite", "test class", "name"})
_SUITES: Final = ("parent suite", "suite", "sub suite")
_HEADER: Final = 1000
_JAVA: Final = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-9]{1,2}) ([0-9]{2}:[0-9]{2}:[0-9]{2}) (?:GMT|UTC) ([0-9]{4})", re.ASCII
)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SHOWN: Final = 5
"""Status words that a note names."""


def recognises(artifact: Artifact) -> str:
    """Return the header line as sign."""
    head = artifact.peek()[:_HEADER].removeprefix(b"\xef\xbb\xbf")
    if b"parent suite" not in head.lower():
        return ""
    line = head.decode("utf-8", "replace").lstrip().split("\n", 1)[0].rstrip("\r")
    try:
        header = next(csv.reader([line], strict=True), [])
    except csv.Error:
        return ""
    return "header of an Allure `suites.csv`" if _COLUMNS.issubset(name.strip().lower() for name in header) else ""


def read(artifact: Artifact) -> Reading:
    """Return results, counts and the earliest start; raises UnreadableError with the line."""
    cases = Cases(artifact, NAME)
    odd: dict[str, int] = {}
    taken: Taken = {}
    starts: set[str] = set()
    short: list[int] = []
    number = 0
    for row in _rows(artifact.text(), short):
        number += 1
        starts.add(row.get("start time", ""))
        _add(cases, row, odd, taken)
    if short:
        more = f" and {len(short) - 1} more" if len(short) > 1 else ""
        cases.note(f"line {short[0]}{more} has other columns than the header; it is left out", "build the report again")
    if odd:
        bad = sum(odd.values())
        message = f"status not known: {', '.join(sorted(odd)[:_SHOWN])}; counted as errors: {bad} of {number} cases"
        cases.note(message, "check whether the test process was killed, and the Allure adapter of the project")
    if not number:
        cases.note("holds no test case", "check whether there were results when the report was built")
    return cases.reading(started_at=earliest(_time(start) for start in starts))


def _rows(text: str, short: list[int]) -> Iterator[dict[str, str]]:
    """Yield the rows by the small names of their columns; lines of rows that do not fit the header go to `short`."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    header: list[str] = []
    try:
        for row in rows:
            if not row:
                continue
            if not header:
                header = [name.strip().lower() for name in row]
                if not _COLUMNS.issubset(header):
                    raise UnreadableError("has not the header of an Allure `suites.csv`", "build the report again")
            elif len(row) == len(header):
                yield dict(zip(header, row, strict=True))
            else:
                short.append(rows.line_num)
    except csv.Error:
        raise UnreadableError(
            f"not CSV at line {rows.line_num}: a quote is not closed, or a field is too long",
            "the file may be cut off; build the report again",
        ) from None
    if not header:
        raise UnreadableError("the file is empty", "build the report again")


def _add(cases: Cases, row: Mapping[str, str], odd: dict[str, int], taken: Taken) -> None:
    """Add the case of a row; rows of one name are different tests with numbers, because a report has no retries."""
    word = row["status"]
    status, message = status_of(word), ""
    if status is None:
        status, shown = Status.ERROR, shown_word(word)
        message = no_message(shown)
        odd[shown] = odd.get(shown, 0) + 1
    suite = " / ".join([part for column in _SUITES if (part := row[column].strip())])
    classname, name = row["test class"].strip(), row["name"].strip()
    took = row.get("duration in ms", "").strip()
    cases.add(
        free_name(taken, suite, classname, name),
        status,
        suite=suite,
        classname=classname,
        duration_s=cases.seconds(_number(took), name, 1000) if took else None,
        said=said(message),
    )


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else text


def _time(text: str) -> str:
    """Return `Fri Mar 05 08:42:46 GMT 2021` as RFC 3339; empty for other zones, whose names mean several offsets."""
    found = _JAVA.fullmatch(text.strip())
    if found is None or found[1] not in _MONTHS:
        return ""
    return f"{found[4]}-{_MONTHS.index(found[1]) + 1:02}-{int(found[2]):02}T{found[3]}Z"
