"""What a report says about itself that its cases do not bear out: warnings, one a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers._junit_results import case_status
from generator.readers._junit_values import count
from generator.records import Problem, Severity, Status
from generator.safety.text import clean_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.readers._junit_parse import Suite
    from generator.readers._junit_results import Oddities
    from generator.records import TestResult

Tally = tuple[int, int, int]
"""Cases, cases that failed, cases that were skipped."""


def warnings(
    path: str, suites: Sequence[Suite], results: Sequence[TestResult], odd: Oddities, *, repaired: bool
) -> tuple[Problem, ...]:
    """Return the warnings about a report that was read all the same."""
    found: list[tuple[str, str]] = []
    if repaired:
        found.append(("holds characters that XML forbids; they were replaced", "let its writer escape or drop them"))
    if odd.times:
        several = f" and {len(odd.times) - 1} more" if len(odd.times) > 1 else ""
        found.append(
            (
                f"a time is negative or no number: {clean_name(odd.times[0])}{several}; read as unknown",
                "check the clock of the run",
            )
        )
    if wrong := list(_wrong_counts(suites, results)):
        several = f", and {len(wrong) - 1} more suites" if len(wrong) > 1 else ""
        found.append(
            (f"declares other counts than it has cases: {wrong[0]}{several}; the cases count", "check that it is whole")
        )
    return tuple(
        Problem(path=path, reader="junit", severity=Severity.WARNING, message=message, hint=hint)
        for message, hint in found
    )


def _wrong_counts(suites: Sequence[Suite], results: Sequence[TestResult]) -> Iterator[str]:
    """Yield what a suite declares, where neither its own cases, nor those below, nor its results are as many."""
    own: dict[int, Tally] = {id(suite): _tally(suite) for suite in suites}
    below = dict(own)
    for suite in reversed(suites):  # children stand after their parents
        if suite.parent is not None:
            below[id(suite.parent)] = _plus(below[id(suite.parent)], below[id(suite)])
    merged = (len(results), sum(r.status.bad for r in results), sum(r.status is Status.SKIPPED for r in results))
    for suite in suites:
        readings = [own[id(suite)], below[id(suite)], *([merged] if suite.parent is None else [])]
        if difference := _difference(suite.attributes, readings):
            name = clean_name(suite.path) or "the report"
            yield f"{name} says {difference}"


def _difference(attributes: dict[str, str], readings: Sequence[Tally]) -> str:
    failures, errors = count(attributes.get("failures")), count(attributes.get("errors"))
    bad = None if failures is None and errors is None else (failures or 0) + (errors or 0)
    skipped = None if count(attributes.get("disabled")) else count(attributes.get("skipped"))  # in one or the other
    declared = (count(attributes.get("tests")), bad, skipped)
    for place, word in enumerate(("tests", "failed", "skipped")):
        has = [reading[place] for reading in readings]
        if declared[place] is not None and declared[place] not in has:
            return f"{declared[place]} {word}, has {has[1]}"
    return ""


def _tally(suite: Suite) -> Tally:
    statuses = [case_status(case) for case in suite.cases if case.outcomes or "status" in case.attributes]
    errors = sum(outcome.tag in ("error", "failure") for outcome in suite.outcomes)
    bad = sum(status.bad for status in statuses)
    return len(suite.cases), bad + errors, statuses.count(Status.SKIPPED)


def _plus(one: Tally, other: Tally) -> Tally:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]
