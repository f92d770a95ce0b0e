"""The elements of an xUnit.net report: tests, errors beside them, and what they say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.readers._dotnet import SUITE_CASE, Row, said_by, split_name
from generator.readers._junit_values import count
from generator.records import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.readers._allowance import Allowance
ROOTS: Final = frozenset({"assemblies", "assembly"})
_GROUPS: Final = frozenset({"collection", "class"})
_TEXTS: Final = frozenset({"message", "stack-trace", "output", "reason"})
_TRANSPARENT: Final = frozenset({"errors", "failure", "assemblies"})
_STATUSES: Final = {
    "pass": Status.PASSED,
    "fail": Status.FAILED,
    "skip": Status.SKIPPED,
    "notrun": Status.SKIPPED,
}
_RANDOM: Final = re.compile(r" \(id: [0-9a-fA-F-]{8,64}\)\Z")
_NO_TEXTS: Final[Mapping[str, list[str]]] = {}


class Element:
    """A test, an error, or a collection (in version 1 a class), with the texts that stand in it."""

    __slots__ = ("attributes", "bad", "kind", "tag", "texts")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.texts: Mapping[str, list[str]] = _NO_TEXTS
        self.kind = ""
        """Type of the exception."""
        self.bad = 0
        """Failed tests of a collection."""

    def text(self, name: str) -> str:
        """Return one of its texts."""
        return "".join(self.texts.get(name, ()))


class Collector:
    """Takes the events of the XML parser; `rows` are in document order."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self.rows: list[Row] = []
        self.assemblies: list[Mapping[str, str]] = []
        self.errors = 0
        """How many of the rows are no tests."""
        self.unknown: dict[str, int] = {}
        self._group: Element | None = None
        self._element: Element | None = None
        self._sinks: list[list[str]] = []  # a reason may hold a message
        self._deaf = 0  # depth within an element that says nothing to us

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        """Open an element."""
        if self._deaf:
            self._deaf += 1
        elif tag in ("test", "error") and self._element is None and self.assemblies:
            self._element = Element(tag, attrs)
        elif tag in _TEXTS and (owner := self._element or self._group):
            self._open_text(tag, owner)
        elif tag in _GROUPS and self._group is None and self._element is None:
            self._group = Element(tag, attrs)
        elif tag == "assembly" and self._group is None and self._element is None:
            self.assemblies.append(attrs)
        elif tag == "failure" and (owner := self._element or self._group):
            owner.kind = attrs.get("exception-type", "")
            owner.texts = {**owner.texts, "failure": []}
        elif tag not in _TRANSPARENT:
            self._deaf = 1

    def text(self, data: str) -> None:
        """Take text; only that of outcomes and outputs is kept."""
        if self._sinks and not self._deaf:
            self._sinks[-1].append(data)

    def end(self, tag: str) -> None:
        """Close an element."""
        if self._deaf:
            self._deaf -= 1
        elif tag in ("test", "error"):
            self._close()
        elif tag in _TEXTS and self._sinks:
            self._sinks.pop()
        elif tag in _GROUPS:
            self._close_group()

    def _open_text(self, tag: str, owner: Element) -> None:
        sink: list[str] = self._sinks[-1] if self._sinks else []
        self._sinks.append(sink)
        if len(self._sinks) == 1:
            owner.texts = {**owner.texts, tag: sink}

    def _close(self) -> None:
        element, self._element = self._element, None
        if element is None:
            return
        if element.tag == "test":
            self._test(element)
        else:
            name = f"({element.attributes.get('type') or 'error'})"
            self._error(element, element.attributes.get("name", ""), name)

    def _close_group(self) -> None:
        group, self._group = self._group, None
        if group is not None and "failure" in group.texts and not group.bad:
            self._error(group, _RANDOM.sub("", group.attributes.get("name", "")), SUITE_CASE)

    def _test(self, element: Element) -> None:
        attributes = element.attributes
        result = attributes.get("result", "")
        status = _STATUSES.get(result.strip().lower())
        if status is None:
            self.unknown[result] = self.unknown.get(result, 0) + 1
            status = Status.ERROR
        if self._group is not None:
            self._group.bad += status.bad
        group = _RANDOM.sub("", self._group.attributes.get("name", "")) if self._group else ""
        name = attributes.get("name") or attributes.get("method", "")
        row = self._row(*split_name(name, attributes.get("type") or group), status)
        row.time = attributes.get("time") or attributes.get("time-rtf") or ""
        if source := attributes.get("source-file"):
            row.file, row.line = source, count(attributes.get("source-line"))
        if status.bad:
            row.said = self._allowance.said(said_by(*_failure(element), outputs=(("output", element.text("output")),)))
        elif "reason" in element.texts:
            row.said = self._allowance.said(said_by(element.text("reason")))
        self.rows.append(row)

    def _error(self, element: Element, classname: str, name: str) -> None:
        row = self._row(classname, name, Status.ERROR)
        row.said = self._allowance.said(said_by(*_failure(element)))
        self.errors += 1
        self.rows.append(row)

    def _row(self, classname: str, name: str, status: Status) -> Row:
        self._allowance.test()
        return Row(
            assembly=self.assemblies[-1].get("name", "") if self.assemblies else "",
            part=len(self.assemblies),
            classname=classname,
            name=name,
            status=status,
        )


def _failure(element: Element) -> tuple[str, str, str]:
    return element.text("message"), element.text("stack-trace"), element.kind
