"""What `dart test --reporter json` and `flutter test --machine` write: an event a line, or a list of events.

The suite of a test is its file, named as `_foreign_files` does it (with the platform where that is not the virtual
machine), its class the group around it. Hidden tests, such as loading a file, count only when they did not pass.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers._cases import Cases
from generator.readers._dart_run import Run
from generator.readers._loose import count_of, note_words
from generator.readers._rows import left_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "dart_json"
TITLE: Final = "Dart or Flutter test JSON"
SIGNS: Final = "JSON events with `type`, `time` and `protocolVersion`, `suite`, `test`, `group` or `testID`"

_NAME_LIKE: Final = re.compile(
    r"(?:.*[-_.])?(?:dart|flutter)[-_.](?:tests?|results?|report)[-_.a-z]*\.jsonl?", re.DOTALL
)
_PEEKED: Final = 20
_MARKS: Final = {
    "start": ("protocolVersion", str),
    "suite": ("suite", dict),
    "group": ("group", dict),
    "testStart": ("test", dict),
    "testDone": ("testID", int),
    "print": ("testID", int),
    "error": ("testID", int),
    "allSuites": ("count", int),
    "debug": ("suiteID", int),
}
"""Types of events, each with a field that it has."""


def recognises(artifact: Artifact) -> str:
    """Return the first event as sign; else the name, for a report too broken to be parsed."""
    document = artifact.peek_json()
    events = [artifact.peek_row(), artifact.peek_object()]
    if isinstance(document, list):
        events = [event for event in document[:_PEEKED] if isinstance(event, dict)]
    for event in events:
        kind = event.get("type")
        mark = _MARKS.get(kind) if isinstance(kind, str) else None
        if mark and isinstance(event.get(mark[0]), mark[1]) and count_of(event.get("time")) is not None:
            return f"event `{kind}` with `{mark[0]}`"
    broken = _NAME_LIKE.fullmatch(artifact.name) is not None and document is None and not artifact.peek_row()
    return "named like a Dart test report" if broken else ""


def read(artifact: Artifact) -> Reading:
    """Return its results and counts; raises UnreadableError with cause and next step."""
    cases = Cases(artifact, NAME)
    bad: list[tuple[int, str]] = []
    run = Run()
    for event in _events(artifact, bad):
        run.take(event)
    if not run.events:
        reason = f"; line {bad[0][0]} {bad[0][1]}" if bad else ""
        raise UnreadableError(f"holds no event of a test run{reason}", "check the step that writes it")
    run.finish(cases)
    if bad:
        cases.note(left_out(sorted(bad)), "the other lines are used")
    note_words(cases, run.words)
    return cases.reading()


def _events(artifact: Artifact, bad: list[tuple[int, str]]) -> Iterator[dict[str, object]]:
    """Yield the objects of a list of events, or those of all lines; tools print lists of their own between them."""
    document = artifact.peek_json()
    rows = enumerate(document, 1) if isinstance(document, list) else artifact.events(bad)
    for number, row in rows:
        if isinstance(row, dict):
            yield row
        elif isinstance(row, list):
            yield from (event for event in row if isinstance(event, dict))
        else:
            bad.append((number, "is no object"))
