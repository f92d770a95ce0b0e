"""Clover XML of PHPUnit, istanbul and Clover itself: the metrics of its files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.readers._coverage import (
    CoverageReport,
    check_number,
    counted,
    is_hit,
    moment,
    path_of,
    several,
    shown_path,
)
from generator.records import CoverageFile
from generator.safety.strict_xml import REPAIRED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "clover"
TITLE: Final = "Clover XML"
SIGNS: Final = "root element `coverage` with a `project`"

_ROOTS: Final = frozenset({"coverage"})
_MARKS: Final = re.compile(rb"<project[\s/>]|<coverage\s[^>]*\bclover\s*=")
_OTHERS: Final = re.compile(rb"<coverage\s[^>]*\b(?:line-rate|lines-valid|branch-rate)\s*=|<packages[\s/>]")
_COUNTS: Final = {
    "statements": "lines_valid",
    "coveredstatements": "lines_covered",
    "conditionals": "branches_valid",
    "coveredconditionals": "branches_covered",
}
_PLACES: Final = frozenset({"project", "testproject", "package", "file", "class"})


def recognises(artifact: Artifact) -> str:
    """Return the root with a project as sign."""
    head = artifact.peek().replace(b"\0", b"")
    if artifact.peek_root() != "coverage" or _OTHERS.search(head):
        return ""
    return "root element `coverage` with a project" if _MARKS.search(head) else ""


def read(artifact: Artifact) -> Reading:
    """Return statements (as lines) and conditions (as branches) by file; raises UnreadableError with its place."""
    collector = _Collector()
    repaired = artifact.xml(collector, _ROOTS, _ROOTS)
    records = list(_records(collector.files))
    version = collector.root.get("clover", "").strip()
    declared = collector.declared
    if not any(file.branches_valid for file in records):
        declared = {name: number for name, number in declared.items() if name.startswith("lines") or number}
    report = CoverageReport(
        artifact=artifact,
        reader=NAME,
        tool=f"Clover XML {version}".strip(),
        files=records,
        declared=declared,
    )
    if repaired:
        report.notes.append(REPAIRED)
    if collector.twice:
        report.notes.append(
            (f"names a file more than once: {several(collector.twice)}; the first one counts", "check its writer")
        )
    return report.reading(started_at=moment(collector.root.get("generated", "")))


class _File:
    """One `file` element: its own metrics, and its lines in case it has none."""

    __slots__ = ("component", "lines", "metrics")

    def __init__(self, component: str) -> None:
        self.component = component
        self.metrics: dict[str, int] = {}
        self.lines: dict[str, bool] = {}


class _Collector:
    """Takes the events of the XML parser; metrics belong to the place that they stand in."""

    def __init__(self) -> None:
        self.root: dict[str, str] = {}
        self.files: dict[str, _File] = {}
        self.declared: dict[str, int] = {}
        self.twice: list[str] = []
        self._places: list[str] = []
        self._package = ""
        self._file: _File | None = None

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        """Open an element."""
        if tag == "line":
            self._line(attrs)
        elif tag == "metrics":
            self._metrics(attrs)
        elif tag in _PLACES:
            self._places.append(tag)
            if tag == "package":
                self._package = attrs.get("name", "")
            elif tag == "file" and "testproject" not in self._places:
                self._open(path_of(attrs.get("path") or attrs.get("name") or ""))
        elif tag == "coverage" and not self.root:
            self.root = attrs

    def text(self, data: str) -> None:
        """Take no text."""

    def end(self, tag: str) -> None:
        """Close an element."""
        if tag in _PLACES:
            self._places.pop()
            if tag == "file":
                self._file = None
            elif tag == "package":
                self._package = ""

    def _open(self, path: str) -> None:
        if path in self.files:
            self.twice.append(path)
            return
        self._file = self.files[path] = _File(self._package)
        check_number(len(self.files))

    def _line(self, attrs: dict[str, str]) -> None:
        if self._file is not None and attrs.get("type") in {"stmt", "cond"}:
            number = attrs.get("num", "")
            lines = self._file.lines
            lines[number] = bool(is_hit(attrs.get("count", ""))) or lines.get(number, False)

    def _metrics(self, attrs: dict[str, str]) -> None:
        place = self._places[-1] if self._places else ""
        if place == "file" and self._file is not None:
            self._file.metrics = _stated(attrs)
        elif place == "project" and not self.declared:
            self.declared = _stated(attrs)


def _stated(attrs: dict[str, str]) -> dict[str, int]:
    return {ours: number for theirs, ours in _COUNTS.items() if (number := counted(attrs.get(theirs))) is not None}


def _records(files: dict[str, _File]) -> Iterator[CoverageFile]:
    branches = any(file.metrics.get("branches_valid") for file in files.values())
    for path, file in files.items():
        stated, lines = file.metrics, file.lines
        valid = stated.get("lines_valid", len(lines))
        ways = stated.get("branches_valid", 0) if branches else None
        yield CoverageFile(
            path=shown_path(path),
            lines_valid=valid,
            lines_covered=min(stated.get("lines_covered", sum(lines.values())), valid),
            branches_valid=ways,
            branches_covered=None if ways is None else min(stated.get("branches_covered", 0), ways),
            component=shown_path(file.component) if file.component else "",
        )
