"""What a test point that is not ok says: its YAML block, else its comments, else the output before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.readers._attempts import End
from generator.readers._cases import said
from generator.readers._tap_yaml import scalars
from generator.records import Status
from generator.safety.limits import TEXT_TRACE
from generator.safety.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.readers._tap_lines import Point

_LINES: Final = 3  # lines of comments that make the message
_VALUE: Final = 400  # characters of an expected or actual value in a message
_BROKE: Final = frozenset(
    ("testTimeoutFailure", "cancelledByParent", "testAborted", "uncaughtException", "unhandledRejection", "hookFailed")
)
"""Failures of node:test that are no failed assertion."""

_ORDINARY: Final = frozenset(("testCodeFailure", "subtestsFailed"))
_AT: Final = re.compile(r"\bat (\S.{0,400}?) line ([0-9]{1,7})\.?$")
_IN_TEST: Final = re.compile(r"\bin test file (.{1,400}?), line ([0-9]{1,7})")
_IN_FILE: Final = re.compile(r"\bin file (.{1,400}?), line ([0-9]{1,7})")
_PLACE: Final = re.compile(r"(?:^|\()(?:file://)?((?:[A-Za-z]:)?[^\s():]{1,800}):([0-9]{1,7})(?::[0-9]{1,7})?\)?$")
_TRAILER: Final = re.compile(
    r"(?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms|ok|failed)\b[ \d.]*(?:of \d+ tests)?$"
    r"|time=[\d.]+m?s$|Looks like you "
)
_ABOUT: Final = re.compile(
    r"Failed (?:\(TODO\) )?test\b|at \S.* line \d+\.?$|\(?(?:in|from) (?:test file|function|file) "
)
_BATS: Final = re.compile(r"`.*' failed")


def failure(point: Point) -> End:
    """Return what a failed point says, as a failed assertion or, where it says that it broke, as an error."""
    block = point.yaml.text() if point.yaml is not None else ""
    comments = [line for line in _lines(point) if not _TRAILER.match(line.strip())]
    trace = "\n".join((block + "\n".join(comments)).strip("\n").split("\n"))
    if block and (values := scalars(block)):
        file, line = _place(values)
        kind, status = _kind(values)
        message = _message(values) or _commented(comments) or point.name
        return End(status=status, said=said(message, trace, kind), file=file, line=line)
    places = (pattern.search(text) for pattern in (_IN_TEST, _IN_FILE, _AT) for text in comments)
    found = next(filter(None, places), None)
    words = said(_commented(comments) or point.name or "not ok", trace or "\n".join(point.before))
    return End(status=Status.FAILED, said=words, file=found[1] if found else "", line=int(found[2]) if found else None)


def excused(point: Point, word: str) -> End:
    """Return what a point says that was skipped, or that may fail because it is still to do."""
    message = f"{word}: {point.reason}" if word == "todo" and point.reason else point.reason or word
    return End(status=Status.SKIPPED, said=said(message))


def _lines(point: Point) -> Sequence[str]:
    return point.diagnostics.text().rstrip("\n").split("\n") if point.diagnostics is not None else ()


def _kind(values: Mapping[str, str]) -> tuple[str, Status]:
    reason = values.get("failureType", "")
    name = values.get("name", "")
    kind = name if name and " " not in name else "" if reason in _ORDINARY else reason
    return kind, Status.ERROR if reason in _BROKE else Status.FAILED


def _message(values: Mapping[str, str]) -> str:
    for key in ("message", "error", "reason"):
        if text := values.get(key, ""):
            return text
    wanted = next((values[key] for key in ("expected", "wanted", "want") if key in values), None)
    got = next((values[key] for key in ("actual", "found", "got", "have") if key in values), None)
    if wanted is not None and got is not None:
        operator = f"{values['operator']}: " if values.get("operator") else ""
        return f"{operator}expected {clean(wanted, TEXT_TRACE)[:_VALUE]}, got {clean(got, TEXT_TRACE)[:_VALUE]}"
    return values.get("stack", "").partition("\n")[0]


def _place(values: Mapping[str, str]) -> tuple[str, int | None]:
    """Return file and line: as a mapping below `at`, as `file:line:column`, or as two keys."""
    for prefix in ("at.", ""):
        file = next((values[key] for key in (f"{prefix}file", f"{prefix}fileName") if values.get(key)), "")
        line = next((values[key] for key in (f"{prefix}line", f"{prefix}lineNumber") if values.get(key)), "")
        if file and line.isascii() and line.isdigit() and len(line) < 8:
            return file, int(line)
    for key in ("location", "at", "source"):
        if found := _PLACE.search(values.get(key, "").partition("\n")[0].strip()):
            return found[1], int(found[2])
    return "", None


def _commented(lines: Sequence[str]) -> str:
    """Return the message in comments: what bats, Test::More or pgTAP say beyond name and place of the test."""
    plain = [line.strip() for line in lines if line.strip()]
    if bats := next((line for line in plain if _BATS.match(line)), ""):
        return bats
    telling = [line for line in plain if not _ABOUT.match(line)]
    return "\n".join(telling[:_LINES]) or next(iter(plain), "")
