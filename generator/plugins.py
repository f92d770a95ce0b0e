"""What an adapter must offer: contracts for modules, checked by tests for every registered one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from datetime import datetime

    from generator.artifact import Artifact
    from generator.findings import Findings, GateVerdict, Report
    from generator.records import Counts, Problem, Record, TestResult
    from generator.views import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """An earlier run that a report keeps: what it is called, when it began, and its results."""

    run_id: str
    started_at: datetime
    results: tuple[TestResult, ...]
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader got out of one artifact."""

    records: tuple[Record, ...] = ()
    results: tuple[TestResult, ...] = ()
    counts: Counts | None = None
    """Present for test reports."""
    declared: Counts | None = None
    """Totals that the file states about the run it lies in, without the cases themselves."""
    past: tuple[PastRun, ...] = ()
    """Whole earlier runs that a report keeps; each becomes a run of its own."""
    schema_id: str | None = None
    problems: tuple[Problem, ...] = field(default=())
    """Warnings about content that was read all the same."""
    started_at: str = ""
    """RFC 3339 UTC time that the file states about its run or, where a file is one case, about it; else empty."""
    properties: tuple[tuple[str, str], ...] = ()
    """Run-level facts that a report carries (commit, branch), already cleaned."""


@runtime_checkable
class Reader(Protocol):
    """A module of `readers` that knows one format."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a constant of a module
        """Unique; that of the module."""

    @property
    def TITLE(self) -> str:  # noqa: N802 - a constant of a module
        """What people call the format: `JUnit XML`."""

    @property
    def SIGNS(self) -> str:  # noqa: N802 - a constant of a module
        """By what its files are recognised, in one line for people."""

    def recognises(self, artifact: Artifact) -> str:
        """Return by which sign the artifact is of this format, empty when it is not.

        Judged by content wherever there is any; must not raise for unreadable content.
        """

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
