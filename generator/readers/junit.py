"""JUnit XML of every known writer: pytest, Surefire, Gradle, Ant, Jest, gotestsum, nextest, mocha, Bazel and others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.plugins import Reading
from generator.readers._junit_parse import ROOTS, Collector
from generator.readers._junit_results import ResultMaker
from generator.readers._junit_values import earliest, run_facts
from generator.readers._junit_warnings import warnings
from generator.records import Counts, Status
from generator.safety.strict_xml import parse_xml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.plugins import Artifact
    from generator.records import TestResult

NAME: Final = "junit"

_HEAD: Final = 4096
_NAME_LIKE: Final = re.compile(r"(?:(?:.*[-_.])?[Jj][Uu][Nn][Ii][Tt].*|TESTS?-.*)\.[Xx][Mm][Ll]", re.DOTALL)
_COMMENT: Final = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_ROOT: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_OTHERS: Final = frozenset({"coverage", "report", "test-results", "test-run", "assemblies", "assembly", "TestRun"})
"""Roots of other reports, which may bear a name like ours."""


def recognises(artifact: Artifact) -> bool:
    """Whether it is an `.xml` file whose root is `testsuites` or `testsuite`, or one named like a JUnit report."""
    if not artifact.name.lower().endswith(".xml"):
        return False
    try:
        head = artifact.data()[:_HEAD]
    except UnreadableError:
        head = b""
    root = root_name(head)
    return root in ROOTS or (root not in _OTHERS and _NAME_LIKE.fullmatch(artifact.name) is not None)


def root_name(data: bytes) -> str:
    """Return the local name of the first element in the head of a document; empty when there is none in sight."""
    head = data[:_HEAD]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.replace(b"\0", b"")
    found = _ROOT.search(_COMMENT.sub(b"", head))
    return found.group(1).decode("ascii", "replace") if found else ""


def read(artifact: Artifact) -> Reading:
    """Return its results, counts, time and run facts; raises UnreadableError with line, column and next step."""
    maker = ResultMaker()
    collector = Collector(maker.finish)
    repaired = parse_xml(artifact.data(), collector, ROOTS)
    suites = collector.suites
    results = tuple(result for suite in suites for result in suite.results)
    return Reading(
        results=results,
        counts=_counts(results, sum(not suite.root for suite in suites)),
        problems=warnings(artifact.path, suites, results, maker.odd_times, repaired=repaired),
        started_at=earliest(suite.attributes.get("timestamp", "") for suite in suites),
        properties=run_facts(fact for suite in suites for fact in suite.properties),
    )


def _counts(results: Sequence[TestResult], suites: int) -> Counts:
    statuses = [result.status for result in results]
    times = [result.duration_s or 0.0 for result in results]
    times += [attempt.duration_s or 0.0 for result in results for attempt in result.earlier]
    return Counts(
        suites=suites,
        tests=len(statuses),
        passed=statuses.count(Status.PASSED),
        failed=statuses.count(Status.FAILED),
        errors=statuses.count(Status.ERROR),
        skipped=statuses.count(Status.SKIPPED),
        flaky=sum(result.flaky for result in results),
        duration_s=round(sum(times), 6),
    )
