"""The kinds of lines of TAP 12 to 14, what a test point says in its one line, and points of one level."""

from __future__ import annotations

import re
from typing import Final

from generator.readers._excerpt import Excerpt
from generator.safety.text import without_last_word

POINT: Final = re.compile(r"(not )?ok(?:[ \t]+([0-9]{1,15}))?(?=[ \t]|$)(?:[ \t]+-)?(?:[ \t]+(.*))?$")
PLAN: Final = re.compile(r"([0-9]{1,15})\.\.([0-9]{1,15})(?:\s+#\s*(.*))?$")
"""A plan; as the specification has it, nothing may stand behind it but a comment."""

VERSION: Final = re.compile(r"K?TAP version [0-9]{1,9}[ \t]*$", re.IGNORECASE)
BAIL: Final = re.compile(r"Bail out!(.*)$", re.IGNORECASE)
SUBTEST: Final = re.compile(r"# Subtest(?::[ \t]*(.*))?$")

NO_TESTS: Final = (1, 0)
"""The plan of a stream that skips all its tests."""

_HASH: Final = re.compile(r"(?:^|(?<=\s))(?<!\\)#")
_DIRECTIVE: Final = re.compile(r"(todo|skip)\S*(?:[ \t]+(.*))?$", re.IGNORECASE)
_TIME: Final = re.compile(r"(?:^|\s)#\s*time=([0-9]{1,12}(?:\.[0-9]{1,12})?)(ms|s)\s*$", re.IGNORECASE)
_BATS_TIME: Final = re.compile(r"\s(?:#\s*)?in ([0-9]{1,12})\s?(ms|s|sec)$")
_WIDEST: Final = 8000  # characters of a description that are looked at


class Point:
    """One test point with what belongs to it; a group without a point of its own has `is_group`."""

    __slots__ = (
        *("before", "brace", "children", "diagnostics", "directive", "duration_s", "is_group"),
        *("name", "number", "ok", "reason", "section", "yaml"),
    )

    def __init__(self, *, ok: bool, number: int, name: str, is_group: bool = False) -> None:
        self.ok = ok
        self.number = number
        self.name = name
        self.is_group = is_group
        self.directive = ""
        """`todo`, `skip` or nothing."""
        self.reason = ""
        self.duration_s: float | None = None
        self.section = ""
        """The heading it stands under, where the writer has such."""
        self.brace = False
        """Whether the points below it are announced, in braces."""
        self.children: Scope | None = None
        self.before: tuple[str, ...] = ()
        """Other output that stands right before a point that is not ok."""
        self.diagnostics: Excerpt | None = None
        self.yaml: Excerpt | None = None

    def diagnose(self, line: str) -> None:
        """Add a line of a comment to a point that is not ok."""
        if self.diagnostics is None:
            self.diagnostics = Excerpt()
        self.diagnostics.add(f"{line}\n")


class Scope:
    """Points of one level: a stream, or the sub-tests of one point."""

    __slots__ = ("count", "heading", "is_planned_first", "plan", "points", "reason")

    def __init__(self, heading: str = "") -> None:
        self.points: list[Point] = []
        self.count = 0
        """Points, without groups that have none of their own."""
        self.heading = heading
        self.plan: tuple[int, int] | None = None
        self.is_planned_first = False
        self.reason = ""
        """Why all tests are skipped."""

    def matters(self) -> bool:
        """Tell whether it has tests, or should have."""
        return bool(self.points) or (self.plan is not None and self.plan != NO_TESTS)

    def is_met(self) -> bool:
        """Tell whether there is a plan and as many points as it says."""
        return self.plan is not None and self.count == self.plan[1] - self.plan[0] + 1

    def is_over(self) -> bool:
        """Tell whether all is there that was planned, so that what begins anew is another stream."""
        return self.is_met() and (self.count > 0 or self.plan == NO_TESTS)


def point(number: int, found: re.Match[str]) -> Point:
    """Return the point of a line; `number` is its place, which counts where it has no number."""
    not_, stated, text = found.groups()
    made = Point(ok=not_ is None, number=int(stated) if stated else number, name="")
    text = text or ""
    text = (text if len(text) <= _WIDEST else without_last_word(text[:_WIDEST])).rstrip()
    if text[-1:] in ("{", "s", "c"):
        text = _without_ends(made, text)
    if "#" in text or "\\" in text:
        text = _without_directive(made, text)
    made.name = text.strip()
    return made


def _without_ends(made: Point, text: str) -> str:
    """Take an opening brace and a duration from the end of a description."""
    text = _without_brace(made, text)
    for pattern in (_TIME, _BATS_TIME):
        if found := pattern.search(text):
            made.duration_s = round(float(found[1]) / (1000 if found[2].lower() == "ms" else 1), 9)
            text = text[: found.start()].rstrip()
            break
    return _without_brace(made, text)


def _without_brace(made: Point, text: str) -> str:
    if text[-1:] != "{" or text[-2:-1] not in ("", " ", "\t"):
        return text
    made.brace = True
    return text[:-1].rstrip()


def _without_directive(made: Point, text: str) -> str:
    """Take the directive behind the first `#` that is not escaped; what is none stays in the description."""
    text = text.replace("\\\\", "\n")  # no line holds a line end, so it can stand for an escaped backslash
    found = _HASH.search(text)
    if found and (directive := _DIRECTIVE.match(text[found.end() :].strip())):
        made.directive = directive[1].lower()
        made.reason = _plain(directive[2] or "")
        text = text[: found.start()]
    return _plain(text)


def _plain(text: str) -> str:
    return text.replace("\\#", "#").replace("\n", "\\").strip()
