"""From the test reports of one run to its results: attempts over several files, one run told by several reporters.

Nothing that failed is lost: a later pass makes a test flaky, never clean, and of two reporters that disagree the one
with more tests, then more failures, counts.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from generator.readers._cases import as_attempts, counts_of
from generator.readers.reporters import Told, told_twice
from generator.records import Counts
from generator.safety.ids import parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.readers.found import Found
    from generator.readers.report_parts import Report
    from generator.records import TestResult

ONE_CASE_A_FILE: Final = frozenset({"allure_result"})
"""Readers of formats in which each file is one attempt of one case."""

_Order = tuple[int, datetime, bool, str]


@dataclass(slots=True)
class Merged:
    """The results of a run's test reports, their counts, and what is odd: (file, message, hint)."""

    results: list[TestResult] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    notes: list[tuple[Found, str, str]] = field(default_factory=list)


def merge(reports: Sequence[Report]) -> Merged:
    """Return the results of the reports, each with its part."""
    by_reader: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        if report.file.reading.counts is not None:
            by_reader[report.file.reader].append(report)
    told = [_told(reader, found) for reader, found in by_reader.items()]
    merged = Merged()
    kept = told_twice(told, merged.notes) if len(told) > 1 else [(each, each.results) for each in told]
    suites = 0
    for each, results in kept:
        merged.results += results
        suites += _suites(each.files) if results else 0
    merged.counts = counts_of(merged.results, suites)
    _compare_declared(reports, merged)
    return merged


def _told(reader: str, reports: Sequence[Report]) -> Told:
    if reader in ONE_CASE_A_FILE:
        results = _cases_over_files(reports)
    elif any(report.attempt for report in reports):
        results = _attempts_over_files(reports)
    else:
        results = [result for report in reports for result in _placed(report)]
    return Told(reader=reader, files=tuple(report.file for report in reports), results=tuple(results))


def _placed(report: Report) -> tuple[TestResult, ...]:
    """Return the results of a report after they were told their part: the one change that results see."""
    for result in report.file.reading.results:
        result.part = report.part
    return report.file.reading.results


def _cases_over_files(reports: Sequence[Report]) -> list[TestResult]:
    """Merge files that are attempts of one case of one part, in the order of their beginnings."""
    groups: dict[tuple[str, tuple[str, ...]], list[tuple[_Order, TestResult]]] = defaultdict(list)
    for report in reports:
        for result in _placed(report):
            key = (report.part, result.identity)
            groups[key].append((_order(report, result), result))
    ordered = (sorted(group, key=lambda item: item[0]) for group in groups.values())
    return [as_attempts([one for _, one in group]) if len(group) > 1 else group[0][1] for group in ordered]


def _order(report: Report, result: TestResult) -> _Order:
    """Return where an attempt stands among those of its case; of two that began at once the one that failed is last."""
    began = parse_time(report.file.reading.started_at) or datetime.min.replace(tzinfo=UTC)
    return report.attempt, began, result.status.bad, report.file.path


def _attempts_over_files(reports: Sequence[Report]) -> list[TestResult]:
    """Merge what lies in numbered attempt folders: a case that a later attempt left out keeps its earlier outcome."""
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[TestResult]] = defaultdict(list)
    for report in sorted(reports, key=lambda report: (report.slot, report.attempt, report.file.order)):
        slot = report.slot if report.attempt else (*report.slot, report.file.path)
        for result in _placed(report):
            groups[slot, result.identity].append(result)
    return [as_attempts(group) if len(group) > 1 else group[0] for group in groups.values()]


def _suites(files: Iterable[Found]) -> int:
    return sum(file.reading.counts.suites for file in files if file.reading.counts is not None)


def _compare_declared(reports: Sequence[Report], merged: Merged) -> None:
    """Note where a file that states the totals of the run disagrees with the cases found."""
    has = merged.counts
    for report in reports:
        said = report.file.reading.declared
        if said is None:
            continue
        pairs = {
            "tests": (said.tests, has.tests),
            "failed": (said.failed + said.errors, has.failed + has.errors),
            "passed": (said.passed, has.passed),
            "skipped": (said.skipped, has.skipped),
        }
        wrong = [f"{stated} {word}, found {found}" for word, (stated, found) in pairs.items() if stated != found]
        if wrong:
            message = f"states other totals than there are cases: {'; '.join(wrong)}; the cases count"
            merged.notes.append((report.file, message, "check that all reports of the run were uploaded"))
