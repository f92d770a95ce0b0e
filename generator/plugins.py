"""What an adapter must offer: contracts for modules, checked by tests for every registered one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.findings import Findings, GateVerdict, Report
    from generator.records import Counts, Problem, Record, TestResult
    from generator.views import Page


class Artifact:
    """One file (or archive member) of the input, read at most once and never beyond its limit.

    `path` is as `inspect` prints it, `name` the file name, `folders` the names of the folders above it within the
    argument, outermost first. Nothing is opened before `data()`, `text()` or `json()` is called.
    """

    __slots__ = ("_data", "_decode", "_json", "_load", "_parse", "_text", "folders", "name", "path", "size")

    def __init__(
        self,
        *,
        path: str,
        name: str,
        folders: tuple[str, ...],
        size: int,
        load: Callable[[], bytes],
        decode: Callable[[bytes], str],
        parse: Callable[[str], object],
    ) -> None:
        self.path = path
        self.name = name
        self.folders = folders
        self.size = size
        self._load = load
        self._decode = decode
        self._parse = parse
        self._data: bytes | None = None
        self._text: str | None = None
        self._json: object = self  # a value that no JSON document can be

    def data(self) -> bytes:
        """Return the bytes; raises UnreadableError."""
        if self._data is None:
            self._data = self._load()
        return self._data

    def text(self) -> str:
        """Return the strictly decoded text; raises UnreadableError."""
        if self._text is None:
            self._text = self._decode(self.data())
        return self._text

    def json(self) -> object:
        """Return the strictly parsed JSON document; raises UnreadableError."""
        if self._json is self:
            self._json = self._parse(self.text())
        return self._json


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader got out of one artifact."""

    records: tuple[Record, ...] = ()
    results: tuple[TestResult, ...] = ()
    counts: Counts | None = None
    """Present for test reports."""
    schema_id: str | None = None
    problems: tuple[Problem, ...] = field(default=())
    """Warnings about content that was read all the same."""
    started_at: str = ""
    """RFC 3339 UTC time that a test report states about its run; empty when it states none."""
    properties: tuple[tuple[str, str], ...] = ()
    """Run-level facts that a report carries (commit, branch), already cleaned."""


@runtime_checkable
class Reader(Protocol):
    """A module of `readers` that knows one format."""

    NAME: str

    def recognises(self, artifact: Artifact) -> bool:
        """Whether the artifact is of this format, by name or content; must not raise for unreadable content."""

    def read(self, artifact: Artifact) -> Reading:
        """Return what it says; raises UnreadableError with cause and next step."""


class GateLimits(Protocol):
    """Limits of our own policy, as the settings state them."""

    @property
    def min_pass_rate(self) -> float:
        """Smallest share of executed results that must pass, above 0 and at most 1."""

    @property
    def max_new_failures(self) -> int:
        """Most new failures that are let through."""

    @property
    def max_evidence_age_days(self) -> int:
        """Oldest gate evidence that still counts, in days before the run."""

    @property
    def recorded_gates_block(self) -> bool:
        """Whether the gates that CI recorded can keep a run from passing."""


@runtime_checkable
class Gate(Protocol):
    """A module of `gates` that judges one rule of our own policy."""

    ID: str

    def judge(self, findings: Findings, limits: GateLimits) -> GateVerdict:
        """Return the three-valued verdict with expected, actual, reason and commands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLimits:
    """How much of a large report the pages show; what is left out is said where it would stand."""

    failure_pages: int
    list_rows: int


@runtime_checkable
class PageMaker(Protocol):
    """A module of `pages` that makes one kind of page."""

    def build(self, report: Report, limits: PageLimits) -> list[Page]:
        """Return the pages of this kind, in order."""
