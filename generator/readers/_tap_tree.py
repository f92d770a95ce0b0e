"""TAP as a tree: the points of a stream in order, sub-tests below the point that sums them up."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Final

from generator.readers._excerpt import Excerpt
from generator.readers._tap_lines import BAIL, NO_TESTS, PLAN, POINT, SUBTEST, VERSION, Point, Scope, point
from generator.safety.text import without_last_word

if TYPE_CHECKING:
    from collections.abc import Iterable

DEPTH: Final = 16
"""Deepest sub-tests; what is indented deeper is output."""

_INDENT: Final = 4
_NOISE: Final = 40  # lines of other output that are kept for a failure which follows them
_WIDE: Final = 2000  # characters of such a line
_DURATION: Final = re.compile(r"^[ \t]*duration_ms:[ \t]*([0-9]{1,12}(?:\.[0-9]{1,12})?)[ \t]*$", re.MULTILINE)


class Stream:
    """Takes the lines of a file; `streams` are those that follow one another in it.

    `sections`: comments between points are headings, as tape writes them, and not about the point before. `most`: the
    most points that are read.
    """

    def __init__(self, *, sections: bool, most: int) -> None:
        self.streams: list[Scope] = [Scope()]
        self.bail: str | None = None
        self.is_tap = False
        self.names: list[str] = []
        """Descriptions of all points, to be cleaned together."""
        self.is_cut = False
        """Whether there are more points than may be, so that the rest was not read."""
        self._most = most
        self._sections = sections
        self._section = ""
        self._open: list[Scope] = [self.streams[0]]
        """The scopes that lines may still be added to, by depth."""
        self._headings: dict[int, str] = {}
        self._braces: dict[int, Point] = {}
        self._last: tuple[int, Point] | None = None
        """The last point and its depth, while what follows may belong to it."""
        self._yaml: int | None = None
        """Indentation of the YAML block of the last point, while in it."""
        self._next: tuple[int, int] | None = None
        """A plan after all that was planned: of another stream, when a point follows."""
        self._noise: deque[str] = deque(maxlen=_NOISE)

    def read(self, lines: Iterable[str]) -> None:
        """Take all lines, up to where the tests bail out."""
        for raw in lines:
            line = raw.removesuffix("\r")
            if self._yaml is not None and self._in_yaml(line, self._yaml):
                continue
            body = line.lstrip(" ")
            if body:
                self._take(line, body, len(line) - len(body))
                if self.bail is not None or self.is_cut:
                    break
        if self.is_cut:
            for scope in self._open:  # what it planned may stand where nobody read
                scope.plan = None
        self._end_stream()

    def _take(self, line: str, body: str, indent: int) -> None:
        depth, rest = divmod(indent, _INDENT)
        if rest or depth > DEPTH:
            self._other(line, body, indent)
        elif found := POINT.match(body):
            self._point(depth, found)
        elif found := PLAN.match(body):
            self._plan(depth, found)
        elif body[0] == "#":
            self._comment(depth, body)
        elif body[0] in "{}" and len(body.rstrip()) == 1:
            self._brace(depth, body[0])
        elif VERSION.match(body):
            self._version(depth)
        elif found := BAIL.match(body):
            self.is_tap, self.bail = True, found[1].strip()
        else:
            self._other(line, body, indent)

    def _in_yaml(self, line: str, indent: int) -> bool:
        """Tell whether a line belongs to the YAML block, and add it; one that stands further left ends it."""
        body = line.strip()
        if body and len(line) - len(line.lstrip(" ")) < indent and body[0] != "#":
            self._end_yaml()
            return False
        if body == "..." and line.startswith(" " * indent) and line[indent : indent + 1] == ".":
            self._end_yaml()
        elif self._last is not None and self._last[1].yaml is not None:
            self._last[1].yaml.add(f"{line[indent:] if line[:indent].isspace() else line}\n")
        return True

    def _end_yaml(self) -> None:
        self._yaml = None
        if self._last is not None and (last := self._last[1]).yaml is not None:
            if last.duration_s is None and (found := _DURATION.search(last.yaml.text())):
                last.duration_s = round(float(found[1]) / 1000, 9)
            if last.ok:
                last.yaml = None

    def _point(self, depth: int, found: re.Match[str]) -> None:
        self.is_tap = True
        if len(self.names) >= self._most:
            self.is_cut = True
            return
        if not depth and found[2] in (None, "1"):
            self._begin_anew(found[2])
        below = self._fold(depth)
        scope = self._open[depth]
        made = point(scope.count + 1, found)
        if depth in self._braces:  # never closed: its brace is part of its name, and what is below is of this point
            before = self._braces.pop(depth)
            before.name = f"{before.name} {{"
        if made.brace:
            self._braces[depth] = made
        else:
            made.children = below
        made.section = self._section
        scope.points.append(made)
        scope.count += 1
        self.names.append(made.name)
        self._last = (depth, made)
        if self._noise:
            made.before = () if made.ok else tuple(self._noise)
            self._noise.clear()

    def _plan(self, depth: int, found: re.Match[str]) -> None:
        plan = int(found[1]), int(found[2])
        if plan[1] < plan[0] and plan != NO_TESTS:
            return
        self.is_tap = True
        self._last = None
        self._reach(depth)
        scope = self._open[depth]
        if scope.plan is None:
            scope.plan, scope.reason = plan, (found[3] or "").strip()
            scope.is_planned_first = not scope.points
        elif not depth and scope.is_over() and scope.is_planned_first:
            self._next = plan

    def _comment(self, depth: int, body: str) -> None:
        if heading := SUBTEST.match(body):
            self._headings[depth] = heading[1] or ""
            self._last = None
            if len(self._open) > depth and not self._open[depth].points:
                self._open[depth].heading = self._open[depth].heading or heading[1] or ""
        elif self._sections and not depth:
            self._section = body.lstrip("#").strip()
            self._last = None
        elif self._last is not None and not self._last[1].ok:
            self._last[1].diagnose(body[1:].removeprefix(" "))

    def _brace(self, depth: int, brace: str) -> None:
        if brace == "}" and depth in self._braces:
            self._braces.pop(depth).children = self._fold(depth)
        elif brace == "{" and self._last is not None and self._last[0] == depth and depth not in self._braces:
            self._braces[depth] = self._last[1]
        self._last = None

    def _version(self, depth: int) -> None:
        self.is_tap = True
        if not depth and self._open[0].is_over():
            self._new_stream()

    def _other(self, line: str, body: str, indent: int) -> None:
        if body.rstrip() == "---" and self._last is not None and indent > self._last[0] * _INDENT:
            if self._last[1].yaml is None:
                self._last[1].yaml = Excerpt()
                self._yaml = indent
        elif body[0] == "#":
            self._comment(indent // _INDENT or 1, body)
        else:
            self._noise.append(line if len(line) <= _WIDE else without_last_word(line[:_WIDE]))

    def _begin_anew(self, number: str | None) -> None:
        """Begin another stream where a second plan stood before this point, or where it is 1 behind a whole stream."""
        over = self._open[0]
        if self._next is not None or (number and over.is_met() and not over.is_planned_first):
            self._new_stream()
            self._open[0].plan, self._next = self._next, None
            self._open[0].is_planned_first = self._open[0].plan is not None

    def _new_stream(self) -> None:
        self._end_stream()
        self._braces.clear()
        self._section = ""
        self.streams.append(Scope())
        self._open = [self.streams[-1]]

    def _end_stream(self) -> None:
        below = self._fold(0)
        if below is not None:
            self._open[0].points.append(_group(below))

    def _reach(self, depth: int) -> None:
        """Open the scopes down to a depth."""
        while len(self._open) <= depth:
            level = len(self._open)
            self._open.append(Scope(self._headings.get(level) or self._headings.get(level - 1, "")))

    def _fold(self, depth: int) -> Scope | None:
        """Close the scopes below a depth; return the one right below it, when it has points.

        Points deeper still, which no point summed up, become a group of that scope.
        """
        self._reach(depth)
        below: Scope | None = None
        while len(self._open) > depth + 1:
            level = len(self._open) - 1
            scope = self._open.pop()
            self._headings.pop(level, None)
            self._braces.pop(level, None)
            if below is not None:
                scope.points.append(_group(below))
            below = scope if scope.matters() else None
        return below


def _group(scope: Scope) -> Point:
    group = Point(ok=True, number=0, name=scope.heading, is_group=True)
    group.children = scope
    return group
