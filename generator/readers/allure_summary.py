"""`widgets/summary.json` of a generated Allure report: totals and times of one run, without its cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.plugins import Reading
from generator.readers._allure import stamp
from generator.readers._loose import count_of
from generator.records import Counts, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.artifact import Artifact

NAME: Final = "allure_summary"
TITLE: Final = "Allure report: summary"
SIGNS: Final = "`statistic` with Allure's five statuses, `time`, and `reportName` or `testRuns`"

WORDS: Final[tuple[str, ...]] = ("failed", "broken", "skipped", "passed", "unknown")
"""The statuses of a statistic, in its order."""


def recognises(artifact: Artifact) -> str:
    """Return the totals and times as sign."""
    document = artifact.peek_object()
    statistic = document.get("statistic")
    whole = is_statistic(statistic) and isinstance(document.get("time"), dict) and "uid" not in document
    return "`statistic` of an Allure summary" if whole and ("reportName" in document or "testRuns" in document) else ""


def is_statistic(value: object) -> bool:
    """Tell whether a value has totals by Allure's statuses."""
    return (
        isinstance(value, dict) and "total" in value and "passed" in value and ("failed" in value or "broken" in value)
    )


def read(artifact: Artifact) -> Reading:
    """Return the declared totals and the start; raises UnreadableError when there are no totals."""
    document = artifact.json()
    statistic = document.get("statistic") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(statistic, dict):
        raise UnreadableError("has no `statistic`", "build the report again")
    numbers = {word: number for word in WORDS if (number := count_of(statistic.get(word))) is not None}
    if not numbers:
        raise UnreadableError("`statistic` has no number of tests", "build the report again")
    time = document.get("time")
    time = time if isinstance(time, dict) else {}
    spent = count_of(time.get("sumDuration"))
    counts = Counts(
        tests=sum(numbers.values()),
        passed=numbers.get("passed", 0),
        failed=numbers.get("failed", 0),
        errors=numbers.get("broken", 0) + numbers.get("unknown", 0),
        skipped=numbers.get("skipped", 0),
        duration_s=(spent or 0) / 1000,
    )
    problems = tuple(
        Problem(
            path=artifact.path, reader=NAME, severity=Severity.WARNING, message=message, hint="build the report again"
        )
        for message in _odd(statistic, counts)
    )
    return Reading(declared=counts, problems=problems, started_at=stamp(time.get("start")))


def _odd(statistic: Mapping[str, object], counts: Counts) -> Iterator[str]:
    wrong = [word for word in WORDS if word in statistic and count_of(statistic[word]) is None]
    if wrong:
        yield f"`statistic` has no number for: {', '.join(wrong)}"
    total = count_of(statistic.get("total"))
    if total is not None and total != counts.tests:
        yield f"`statistic` says {total} tests, its parts are {counts.tests}; the parts count"
