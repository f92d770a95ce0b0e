"""SARIF 2.1.0 and 2.0.0: what linters and security scanners found, one report for each run in the file."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.plugins import Reading
from generator.readers._sarif_runs import RunReport, read_run
from generator.readers._sarif_values import mapping, objects, text
from generator.records import Problem, Severity
from generator.safety.ids import is_commit, parse_time
from generator.safety.text import clean_meta, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.artifact import Artifact

NAME: Final = "sarif"
TITLE: Final = "SARIF"
SIGNS: Final = "a list `runs`, with `sarif` in `$schema`, or a `version`, or a `driver` of the first run's tool"

_VERSION: Final = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(?:-[A-Za-z0-9.-]{1,60})?", re.ASCII)
_NAME_LIKE: Final = re.compile(r".*\.sarif(?:\.json)?", re.IGNORECASE | re.DOTALL)
_RUNS_READ: Final = 100
"""Runs read of one file; code scanning of the largest forge takes 20."""

_ALERTS_OF_FILE: Final = 20_000
"""Alerts kept of all runs of one file together."""


def recognises(artifact: Artifact) -> str:
    """Return the marks found; a file that cannot be parsed is known by the ending `.sarif`."""
    document = artifact.peek_object()
    if "runs" in document:
        runs = document["runs"]
        if "sarif" in text(document.get("$schema"))[:300].lower():
            return "`runs`, and SARIF as `$schema`"
        first = mapping(runs[0]) if isinstance(runs, list) and runs else {}
        if isinstance(first.get("tool"), dict) and _VERSION.fullmatch(text(document.get("version"))):
            return "`version`, and `runs` of a `tool`"
        driver = mapping(mapping(first.get("tool")).get("driver"))
        return "`runs` of a `tool` with a `driver`" if isinstance(driver.get("name"), str) else ""
    is_torn = artifact.peek_json() is None and _NAME_LIKE.fullmatch(artifact.name)
    return "named like SARIF" if is_torn else ""


def read(artifact: Artifact) -> Reading:
    """Return one report for each run; raises UnreadableError with cause and next step."""
    document = artifact.json()
    if not isinstance(document, dict):
        raise UnreadableError("is no object with a list `runs`", "check that it is SARIF")
    version = text(document.get("version"))
    if version and not version.startswith("2."):
        raise UnreadableError(
            f"is SARIF {one_line(clean_meta(version))[:80]}; known are 2.0.0 and 2.1.0", "convert it to SARIF 2.1.0"
        )
    found = document.get("runs")
    if found is not None and not isinstance(found, list):
        raise UnreadableError("`runs` is no list", "fix the writer of the file")
    runs = [run for run in found or [] if isinstance(run, dict)]
    reports: list[RunReport] = []
    room = _ALERTS_OF_FILE
    for run in runs[:_RUNS_READ]:
        reports.append(read_run(run, artifact.path, room))
        room -= len(reports[-1].record.alerts)
    external = "inlineExternalProperties" in document or any(report.external for report in reports)
    problems = [*_gaps(len(found or []), len(runs), reports, external=external), *_failures(reports)]
    return Reading(
        records=tuple(report.record for report in reports),
        schema_id=f"sarif-{version}" if _VERSION.fullmatch(version) else None,
        problems=tuple(
            Problem(path=artifact.path, reader=NAME, severity=severity, message=message, hint=hint)
            for severity, message, hint in problems
        ),
        started_at=_earliest(time for report in reports for time in report.times),
        properties=_facts(runs),
    )


def _gaps(
    written: int, runs: int, reports: Sequence[RunReport], *, external: bool
) -> Iterator[tuple[Severity, str, str]]:
    """Yield what is not there or not read."""
    if not runs:
        yield Severity.WARNING, "holds no run: nothing was scanned", "check whether the scanner ran to its end"
    if written > runs:
        yield Severity.WARNING, f"runs that are no objects, left out: {written - runs}", "fix the writer of the file"
    if runs > len(reports):
        message = f"holds {runs} runs; the first {len(reports)} are read"
        yield Severity.WARNING, message, "write fewer runs to one file"
    if odd := sum(report.odd for report in reports):
        yield Severity.WARNING, f"results that are no objects, left out: {odd}", "fix the writer of the file"
    if unknown := sum((Counter(report.words) for report in reports), Counter()):
        said = one_line(clean_meta(", ".join(sorted(unknown)[:3])))
        message = f"has results of kinds or levels that SARIF does not know ({said}); they count as findings"
        yield Severity.WARNING, message, "fix the writer of the file"
    if external:
        message = "keeps results or rules in external properties, which are not read"
        yield Severity.WARNING, message, "write everything into the runs themselves"
    cut = sum(report.record.total - len(report.record.alerts) for report in reports)
    if cut:
        total = sum(report.record.total for report in reports)
        message = f"holds {total} results; all are counted, and {total - cut} are kept, the worst of each run first"
        yield Severity.INFO, message, "open the file for the rest"


def _failures(reports: Sequence[RunReport]) -> Iterator[tuple[Severity, str, str]]:
    """Yield what makes a report without findings no clean report."""
    idle = [report.record.tool for report in reports if not report.scanned]
    if idle:
        message = f"has no list of results of {_several(idle)}: the scan did not happen, or did not get that far"
        yield Severity.WARNING, message, "check whether the scanner ran to its end"
    broken = [report.record for report in reports if report.complains]
    if broken:
        names = _several([record.tool for record in broken])
        message = f"{names} did not run well: {broken[0].notes[0]}; findings may be missing"
        yield Severity.WARNING, message, "see the log of the scanner"


def _several(names: Sequence[str]) -> str:
    return f"{names[0]} and {len(names) - 1} more runs" if len(names) > 1 else names[0]


def _earliest(stamps: Iterator[str]) -> str:
    times = [time for stamp in stamps if (time := parse_time(stamp.strip()))]
    return min(times).isoformat().replace("+00:00", "Z") if times else ""


def _facts(runs: Sequence[Mapping[str, object]]) -> tuple[tuple[str, str], ...]:
    """Return commit and branch that were scanned, where all runs that say so agree."""
    details = [one for run in runs[:_RUNS_READ] for one in objects(run.get("versionControlProvenance"))[:1]]
    commits = {commit for one in details if is_commit(commit := text(one.get("revisionId")).strip())}
    branches = {branch for one in details if (branch := one_line(clean_meta(text(one.get("branch")))))}
    facts = [("branch", *branches)] if len(branches) == 1 else []
    return tuple((name, value) for name, value in [*facts, *([("commit", *commits)] if len(commits) == 1 else [])])
