"""JUnit XML of every known writer: pytest, Surefire, Gradle, Ant, Jest, gotestsum, nextest, mocha, Bazel and others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.plugins import Reading
from generator.readers._allowance import Allowance
from generator.readers._cases import counts_of
from generator.readers._junit_parse import ROOTS, Collector
from generator.readers._junit_results import ResultMaker
from generator.readers._junit_values import earliest, run_facts
from generator.readers._junit_warnings import warnings

if TYPE_CHECKING:
    from generator.artifact import Artifact

NAME: Final = "junit"
TITLE: Final = "JUnit XML"
SIGNS: Final = "root element `testsuites` or `testsuite`; else named like `junit*.xml` or `TEST-*.xml`"

_NAME_LIKE: Final = re.compile(r"(?:(?:.*[-_.])?[Jj][Uu][Nn][Ii][Tt].*|TESTS?-.*)\.[Xx][Mm][Ll]", re.DOTALL)
_OTHERS: Final = frozenset({"coverage", "report", "test-results", "test-run", "assemblies", "assembly", "TestRun"})
"""Roots of other reports, which may bear a name like ours."""


def recognises(artifact: Artifact) -> str:
    """Return the root `testsuites` or `testsuite` as sign; else the name, for a report too broken to have a root."""
    if artifact.peek_root() in ROOTS:
        return f"root element `{artifact.peek_root()}`"
    taken = artifact.peek_root() in _OTHERS or _NAME_LIKE.fullmatch(artifact.name) is None
    return "" if taken else "named like a JUnit report"


def read(artifact: Artifact) -> Reading:
    """Return its results, counts, time and run facts; raises UnreadableError with line, column and next step."""
    maker = ResultMaker()
    allowance = Allowance(artifact.limits)
    collector = Collector(maker.finish, allowance)
    repaired = allowance.xml(artifact, collector, ROOTS)
    collector.stop()
    maker.flush()
    suites = collector.suites
    results = tuple(result for suite in suites for result in suite.results)
    counts = counts_of(results, sum(not suite.root for suite in suites))
    return Reading(
        results=results,
        counts=counts,
        problems=(
            *allowance.problems(artifact.path, NAME),
            *warnings(artifact.path, suites, counts, maker.odd_times, repaired=repaired, cut=allowance.is_used_up),
        ),
        started_at=earliest(suite.attributes.get("timestamp", "") for suite in suites),
        properties=run_facts(fact for suite in suites for fact in suite.properties),
    )
