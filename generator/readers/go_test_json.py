"""`go test -json`: the events of test2json, also of several runs one after another, with what go prints between."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers._attempts import add_tried
from generator.readers._cases import Cases
from generator.readers._go_events import ACTIONS, BUILD_ACTIONS, Events
from generator.readers._json_lines import demand_all, first_row, is_torn
from generator.readers._junit_values import earliest
from generator.safety.limits import KIB
from generator.safety.text import clean_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "go_test_json"
TITLE: Final = "go test -json"
SIGNS: Final = "JSON lines with a known `Action` and `Package`, `ImportPath` or `Test`"

_FAILED_OUTSIDE: Final = re.compile(r"^FAIL\t(\S{1,512}) \[(build failed|setup failed)\]\r?$", re.MULTILINE)
"""How older versions of go tell of a package that was not built: a plain line beside the events."""

_HEADER: Final = "# "
_EVENT: Final = "\n{"
_PRINTED: Final = 1000  # packages whose printed build errors are kept
_PRINTED_CHARS: Final = 32 * KIB
_TIMES: Final = 1000  # lines that are looked at for the beginning of the run
_SHOWN: Final = 3


def recognises(artifact: Artifact) -> str:
    """Return the action of the first event as sign; lines that are no JSON may stand before it."""
    row = first_row(artifact, ("Action",), ("go: ", "go test "))
    action = row.get("Action")
    if not isinstance(action, str):
        return ""
    known = action in ACTIONS and (isinstance(row.get("Package"), str) or isinstance(row.get("Test"), str))
    built = action in BUILD_ACTIONS and isinstance(row.get("ImportPath"), str)
    raw = action == "start" and row.keys() <= {"Action", "Time"} and b'"Test":"' in artifact.peek()
    return f"event with `Action` {action}" if known or built or raw else ""


def read(artifact: Artifact) -> Reading:
    """Return its tests with all attempts; raises UnreadableError when it holds no event."""
    cases = Cases(artifact, NAME)
    bad: list[tuple[int, str]] = []
    events = Events(cases, *_outside(artifact.blocks()))
    times: list[str] = []
    for number, row in artifact.events(bad):
        if type(row) is dict:
            events.take(row)
            if number < _TIMES and type(time := row.get("Time")) is str:
                times.append(time)
    if events.is_empty():
        raise UnreadableError("holds no event of `go test -json`", "check the step that writes it")
    demand_all(artifact)
    cut = events.finish()
    for package in events.packages.values():
        for name, test in package.tests.items():
            add_tried(cases, package.name, name, test)
    _note(cases, events, cut)
    if not cut and is_torn(artifact, bad):
        cases.note("has a last line that is cut off", "check whether the run was killed")
    return cases.reading(started_at=earliest(times))


def _note(cases: Cases, events: Events, cut: Sequence[str]) -> None:
    if cut:
        message = f"ends before its packages did: {_named(cut)}; what still ran counts as an error"
        cases.note(message, "check whether the run was killed, or the file is cut off")
    if events.lost:
        message = f"has no end for sub-tests of tests that passed: {_named(events.lost)}; they are left out"
        cases.note(message, "let tests end their output with a line end, or use a newer Go")
    if events.unknown:
        message = f"has events with an unknown `Action`: {_named(sorted(events.unknown))}; they are left out"
        cases.note(message, "use a version that knows them, or check what wrote them")


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(clean_name(name) or "(unnamed)" for name in names[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def _outside(blocks: Iterable[str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return, by package, the build errors that go prints outside of events, and why it says that it was not built.

    The text comes in blocks of whole lines. Errors stand below `# package`; no event begins like that.
    """
    printed: dict[str, str] = {}
    failed: dict[str, str] = {}
    section, left = "", _PRINTED
    for block in blocks:
        if "FAIL\t" in block:
            failed.update((found[1], found[2]) for found in _FAILED_OUTSIDE.finditer(block))
        place = 0
        while place < len(block) and (left or section):
            end = block.find("\n" + _HEADER, place) + 1 or len(block)
            part = block[place : min(end, place + _PRINTED_CHARS)]
            place = end
            if part.startswith(_HEADER):
                _keep(printed, section)
                section = part if left else ""
                left = max(left - 1, 0)
            elif section:
                section += part
            if len(section) >= _PRINTED_CHARS or _EVENT in section:
                _keep(printed, section)
                section = ""
    _keep(printed, section)
    return printed, failed


def _keep(printed: dict[str, str], section: str) -> None:
    """Keep what go printed below a header, unless something about that package was kept before."""
    text = section[:_PRINTED_CHARS].partition(_EVENT)[0]
    if text:
        printed.setdefault(text.partition("\n")[0].removeprefix(_HEADER).partition(" ")[0], text)
