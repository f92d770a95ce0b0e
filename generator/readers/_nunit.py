"""Suites and cases of NUnit, written alike by versions 2 and 3; what they mean is decided by the reader of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from generator.readers._dotnet import SUITE_CASE, Row, said_by
from generator.readers._names import Said
from generator.records import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.readers._allowance import Allowance
_SUITES: Final = frozenset({"test-suite", "test-run", "test-results"})
_GROUPS: Final = frozenset({"failure", "reason"})
_TEXTS: Final = frozenset({"message", "stack-trace", "output"})
_TRANSPARENT: Final = frozenset({"results", "properties"})
_FACTS: Final = 1_000  # properties that are kept
_NO_TEXTS: Final[Mapping[str, list[str]]] = {}


class Element:
    """A `test-case`, a `test-suite` or the root, with the texts that stand in it."""

    __slots__ = ("above", "assembly", "attributes", "bad", "part", "path", "texts")

    def __init__(self, attributes: dict[str, str], above: Element | None) -> None:
        self.attributes = attributes
        self.above = above
        self.assembly: str = above.assembly if above else ""
        self.part: int = above.part if above else 0
        self.path: str = ""
        """Namespaces and fixtures down to this suite, with dots."""
        self.texts: Mapping[str, list[str]] = _NO_TEXTS
        self.bad = 0
        """Failed cases below this suite, its own error included."""

    def get(self, name: str) -> str:
        """Return an attribute, empty when there is none."""
        return self.attributes.get(name, "")

    def text(self, name: str) -> str:
        """Return one of its texts: `failure message`, `failure stack-trace`, `reason message`, `output`."""
        return "".join(self.texts.get(name, ()))

    def said(self, status: Status) -> Said:
        """Return what it says about its outcome."""
        message, reason = self.text("failure message"), self.text("reason message")
        if not status.bad:
            return said_by(reason or message) if reason or message else Said()
        outputs = (("output", self.text("output")),)
        return said_by(message.strip() or reason, self.text("failure stack-trace"), outputs=outputs)


class Dialect(Protocol):
    """How one version of the format is understood."""

    def enter(self, suite: Element) -> bool:
        """Set path, and assembly where the suite is one; True when it is one."""

    def case(self, case: Element) -> tuple[str, str, Status]:
        """Return class, name and status of a case."""

    def broke(self, suite: Element) -> bool:
        """Tell whether a suite failed by itself rather than by its cases."""


class Collector:
    """Takes the events of the XML parser; `rows` are in document order, errors of a suite behind its cases."""

    def __init__(self, dialect: Dialect, allowance: Allowance) -> None:
        self._allowance = allowance
        self.rows: list[Row] = []
        self.errors = 0
        """How many of the rows are errors of suites."""
        self.root: Mapping[str, str] = {}
        self.facts: list[tuple[str, str]] = []
        """Properties of the assemblies and of what is above them."""
        self._dialect = dialect
        self._parts = 0
        self._suite: Element | None = None
        self._case: Element | None = None
        self._group = ""
        self._sink: list[str] | None = None
        self._deaf = 0  # depth within an element that says nothing to us

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        """Open an element."""
        if self._deaf:
            self._deaf += 1
        elif tag == "test-case" and self._suite is not None and self._case is None:
            self._case = Element(attrs, self._suite)
        elif tag in _SUITES and self._case is None:
            self._open(attrs)
        elif tag in _GROUPS:
            self._group = tag
        elif tag in _TEXTS and self._sink is None and (owner := self._case or self._suite):
            self._sink = []
            owner.texts = {**owner.texts, tag if tag == "output" else f"{self._group} {tag}": self._sink}
        elif tag == "property" and self._case is None and self._suite is not None and not self._suite.path:
            if len(self.facts) < _FACTS:
                self.facts.append((attrs.get("name", ""), attrs.get("value", "")))
        elif tag not in _TRANSPARENT:
            self._deaf = 1

    def text(self, data: str) -> None:
        """Take text; only that of outcomes and outputs is kept."""
        if self._sink is not None and not self._deaf:
            self._sink.append(data)

    def end(self, tag: str) -> None:
        """Close an element."""
        if self._deaf:
            self._deaf -= 1
        elif tag == "test-case":
            self._close_case()
        elif tag in _TEXTS:
            self._sink = None
        elif tag in _GROUPS:
            self._group = ""
        elif tag in _SUITES:
            self._close()

    def _open(self, attrs: dict[str, str]) -> None:
        if self._suite is None:
            self.root = attrs
        self._suite = Element(attrs, self._suite)
        if self._dialect.enter(self._suite):
            self._parts += 1
            self._suite.part = self._parts

    def _close_case(self) -> None:
        case = self._case
        if case is None or case.above is None:
            return
        self._allowance.test()
        classname, name, status = self._dialect.case(case)
        case.above.bad += status.bad
        time = case.get("duration") or case.get("time")
        row = Row(assembly=case.assembly, part=case.part, classname=classname, name=name, status=status, time=time)
        if case.texts:
            row.said = self._allowance.said(case.said(status))
        self.rows.append(row)
        self._case = None

    def _close(self) -> None:
        suite = self._suite
        if suite is None:
            return
        if self._dialect.broke(suite):
            self._allowance.test()
            suite.bad += 1
            self.errors += 1
            row = Row(
                assembly=suite.assembly, part=suite.part, classname=suite.path, name=SUITE_CASE, status=Status.ERROR
            )
            row.said = self._allowance.said(suite.said(Status.ERROR))
            self.rows.append(row)
        if suite.above is not None:
            suite.above.bad += suite.bad
        self._suite = suite.above
