"""Digests, timelines, bundles, comparisons and gate reports of one run, each with the part it stands in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from generator.records import (
    AlertReport,
    Coverage,
    DiagnosticsIndex,
    Digest,
    ForgeExport,
    GateReport,
    MeasurementReport,
    Owners,
    Problem,
    QuarantineReport,
    ReplayBundle,
    Severity,
    Statement,
    SuiteClassification,
    TimelineEvent,
    TriageDiff,
    WaiverAudit,
)
from generator.safety.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.readers.folder import RunnerFolder
    from generator.readers.found import Found
    from generator.records import Record

    _R = TypeVar("_R", bound=Record)

EVENTS_PER_SUITE: Final = 400
"""Timeline events kept of one suite."""


@dataclass(slots=True)
class Pieces:
    """What the folders of one run contribute to its evidence."""

    relative: Mapping[tuple[str, str], str]
    """Order of a file to its path within the run."""
    digests: list[Digest] = field(default_factory=list)
    timeline: list[TimelineEvent] = field(default_factory=list)
    bundles: list[ReplayBundle] = field(default_factory=list)
    triage: list[TriageDiff] = field(default_factory=list)
    gate_reports: list[GateReport] = field(default_factory=list)
    waiver_audits: list[WaiverAudit] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    quarantine: list[QuarantineReport] = field(default_factory=list)
    classifications: list[SuiteClassification] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)
    alerts: list[AlertReport] = field(default_factory=list)
    measurements: list[MeasurementReport] = field(default_factory=list)
    forge: list[ForgeExport] = field(default_factory=list)
    owners: list[Owners] = field(default_factory=list)
    problems: list[tuple[Found, Problem]] = field(default_factory=list)
    """Each with the file it is about."""

    def note(self, file: Found, message: str, hint: str, severity: Severity = Severity.WARNING) -> None:
        """Add a problem about a file."""
        shown = Problem(
            path=file.path, reader=file.source.reader, severity=severity, message=one_line(message), hint=hint
        )
        self.problems.append((file, shown))

    def add(self, folder: RunnerFolder, part: str) -> dict[str, Digest]:
        """Add what lies in a folder under the name of its part; return its digests by suite."""
        digests = self._add_digests(folder, part)
        self._add_timeline(folder, part)
        self.bundles += self._placed(folder, ReplayBundle, part)
        self.triage += self._placed(folder, TriageDiff, part)
        self.waiver_audits += self._placed(folder, WaiverAudit, part)
        self.statements += self._placed(folder, Statement, part)
        self.quarantine += self._placed(folder, QuarantineReport, part)
        self.classifications += self._placed(folder, SuiteClassification, part)
        self.coverage += self._placed(folder, Coverage, part)
        self.alerts += self._placed(folder, AlertReport, part)
        self.measurements += self._placed(folder, MeasurementReport, part)
        self.forge += self._placed(folder, ForgeExport, part)
        self.owners += self._placed(folder, Owners, part)
        self.gate_reports += self._gate_reports(folder, part)
        return digests

    def _placed(self, folder: RunnerFolder, kind: type[_R], part: str) -> list[_R]:
        return [
            record.model_copy(update={"part": part, "path": self.relative[file.order]})
            for file, record in folder.every(kind)
        ]

    def _add_digests(self, folder: RunnerFolder, part: str) -> dict[str, Digest]:
        found: dict[str, Digest] = {}
        for file, digest in folder.every(Digest):
            if digest.suite in found:
                message = f"is a second digest of the suite {digest.suite}; the first one counts"
                self.note(file, message, "leave one of them out")
            else:
                update = {"part": part, "path": self.relative[file.order]}
                found[digest.suite] = digest.model_copy(update=update)
        self.digests += found.values()
        for file, index in folder.every(DiagnosticsIndex):
            broken = {other.directory.name for other in folder.broken("failure_digest")}
            for suite in index.suites:
                if suite not in found:
                    state = "cannot be read" if suite in broken else "is missing"
                    message = f"names the suite {suite}, whose failure_digest.json {state}"
                    self.note(file, message, "what is known of it comes from its result")
        return found

    def _add_timeline(self, folder: RunnerFolder, part: str) -> None:
        """Add the events of the run-wide file, and of suites' own files where that one does not have them."""
        wide = [(file, e) for file, e in folder.every(TimelineEvent) if file.directory == folder.root]
        known = {event.suite for _, event in wide}
        own = [(file, e) for file, e in folder.every(TimelineEvent) if file.directory != folder.root]
        events = [*wide, *((file, event) for file, event in own if event.suite not in known)]
        events.sort(key=lambda item: (item[1].ordinal, item[1].suite, item[0].order))
        seen: Counter[str] = Counter()
        where: dict[str, Found] = {}
        for file, event in events:
            seen[event.suite] += 1
            where.setdefault(event.suite, file)
            if seen[event.suite] <= EVENTS_PER_SUITE:
                self.timeline.append(event.model_copy(update={"part": part}))
        for suite, count in sorted(seen.items()):
            if count > EVENTS_PER_SUITE:
                message = f"{count} events of {one_line(suite) or 'the run'}; the first {EVENTS_PER_SUITE} are kept"
                self.note(where[suite], message, "open the file for the rest", Severity.INFO)

    def _gate_reports(self, folder: RunnerFolder, part: str) -> list[GateReport]:
        """Return the verdict files; the events file beside a verdict is joined to it."""
        events = {
            (file.directory, report.family): (file, report.event_statuses)
            for file, report in folder.every(GateReport)
            if file.reader == "full_suite_events"
        }
        found: list[GateReport] = []
        for file, report in folder.every(GateReport):
            if file.reader == "full_suite_events":
                continue
            _, statuses = events.pop((file.directory, report.family), (None, ()))
            update = {"part": part, "path": self.relative[file.order], "event_statuses": statuses}
            found.append(report.model_copy(update=update))
        for file, _ in events.values():
            message = "holds events of a gate whose verdict file is missing or cannot be read"
            self.note(file, message, "they are not used without it")
        return found


def by_part(records: Iterable[_R]) -> tuple[_R, ...]:
    """Return records sorted by part, then by path."""
    return tuple(sorted(records, key=lambda record: (getattr(record, "part", ""), getattr(record, "path", ""))))
