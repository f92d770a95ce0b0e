"""From cases to results: one status a case, repeated cases merged as attempts, every text cleaned once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.readers._junit_parse import UNNAMED, Tally
from generator.readers._junit_texts import Names, Said, reason_of, said_by
from generator.readers._junit_values import count, seconds, word_status
from generator.records import Attempt, Status, Surface, TestResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.readers._junit_parse import Case, Outcome, Suite

SUITE_CASE: Final = "(suite)"
"""Name of the result that stands for an error of a suite itself."""

_TAGS: Final = (("error", Status.ERROR), ("failure", Status.FAILED), ("skipped", Status.SKIPPED))
_EARLIER: Final = {
    "flakyFailure": Status.FAILED,
    "flakyError": Status.ERROR,
    "rerunFailure": Status.FAILED,
    "rerunError": Status.ERROR,
}


class ResultMaker:
    """Turns suites into results; what it must remember from one suite to the next stays together here."""

    def __init__(self) -> None:
        self.names = Names()
        self.odd_times: list[str] = []
        """Names of cases whose time is none."""

    def finish(self, suite: Suite) -> None:
        """Replace the cases of a suite by results in document order, each with an identity of its own."""
        path = self.names[suite.path]
        suite.tally = _tally(suite)
        suite.results = [_result(cases, path, self) for cases in _groups(suite.cases)]
        if bad := _errors(suite):
            suite.results.append(_suite_error(bad, path, self.names))
        suite.cases, suite.outcomes = [], ()  # a large report must not stay in memory twice

    def duration(self, attributes: dict[str, str], case: Case) -> float | None:
        """Return the time of a case or of one of its attempts in seconds."""
        value, strange = seconds(attributes.get("time") or attributes.get("duration") or "")
        if strange:
            self.odd_times.append(case.name)
        return value


def case_status(case: Case) -> Status:
    """Return the status of a case: an error beats a failure, a failure beats a skip, a skip beats nothing."""
    if case.outcomes:
        tags = {outcome.tag for outcome in case.outcomes}
        for tag, status in _TAGS:
            if tag in tags:
                return status
    attributes = case.attributes
    if "status" in attributes or "result" in attributes:
        said = (word_status(attributes.get(name, "")) for name in ("status", "result"))
        return next((status for status in said if status), Status.PASSED)
    return Status.PASSED


def _tally(suite: Suite) -> Tally:
    statuses = [status for case in suite.cases if (status := case_status(case)) is not Status.PASSED]
    failed = sum(status.bad for status in statuses) + len(_errors(suite))
    return Tally(len(suite.cases), failed, statuses.count(Status.SKIPPED))


def _errors(suite: Suite) -> list[Outcome]:
    return [outcome for outcome in suite.outcomes if outcome.tag in ("error", "failure")]


def _groups(cases: Sequence[Case]) -> Iterator[list[Case]]:
    """Yield the cases of a suite; those of one class and name together when one of them failed: they are attempts.

    Cases of one name that all passed or were skipped are different tests: parameters that the writer left out.
    """
    groups: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        groups.setdefault((case.classname, case.name), []).append(case)
    if len(groups) == len(cases):
        yield from groups.values()
        return
    attempts = {
        key
        for key, group in groups.items()
        if len(group) > 1 and key[1] != UNNAMED and any(case_status(case).bad for case in group)
    }
    for case in cases:
        key = (case.classname, case.name)
        if key not in attempts:
            yield [case]
        elif groups[key][0] is case:
            yield groups[key]


def _result(cases: Sequence[Case], path: str, maker: ResultMaker) -> TestResult:
    """Make one result of the attempts of a case; the last one is its outcome."""
    case, names = cases[-1], maker.names
    status = case_status(case)
    earlier: list[Attempt] = []
    said = _NOTHING
    if case.outcomes or len(cases) > 1:
        earlier = [attempt for repeated in cases[:-1] for attempt in _attempts(repeated, maker)]
        earlier += _reruns(case, maker)
        said = _case_said(case, status)
    classname = names[case.classname]
    file, line = _place(case, names)
    return TestResult(
        surface=Surface.CASE,
        suite=path,
        classname=classname,
        name=names.free(path, classname, names[case.name]),
        status=status,
        duration_s=maker.duration(case.attributes, case),
        kind=said.kind,
        message=said.message,
        trace=said.trace,
        file=file,
        line=line,
        earlier=tuple(earlier),
    )


def _suite_error(outcomes: Sequence[Outcome], path: str, names: Names) -> TestResult:
    said = said_by(outcomes, {})
    return TestResult(
        surface=Surface.CASE,
        suite=path,
        name=names.free(path, "", SUITE_CASE),
        status=Status.ERROR,
        kind=said.kind,
        message=said.message,
        trace=said.trace,
    )


def _attempts(case: Case, maker: ResultMaker) -> Iterator[Attempt]:
    """Yield the attempts of a case that was repeated: its own reruns, then itself."""
    yield from _reruns(case, maker)
    status = case_status(case)
    yield _attempt(status, _case_said(case, status), maker.duration(case.attributes, case))


def _reruns(case: Case, maker: ResultMaker) -> Iterator[Attempt]:
    for outcome in case.outcomes:
        status = _EARLIER.get(outcome.tag)
        if status is not None:
            yield _attempt(status, said_by([outcome], outcome.outputs), maker.duration(outcome.attributes, case))


def _attempt(status: Status, said: Said, duration_s: float | None) -> Attempt:
    return Attempt(status=status, duration_s=duration_s, kind=said.kind, message=said.message, trace=said.trace)


def _case_said(case: Case, status: Status) -> Said:
    """Return what the outcomes of a case say, the worst first."""
    ranked = [outcome for tag, _ in _TAGS for outcome in case.outcomes if outcome.tag == tag]
    if status.bad:
        return said_by([outcome for outcome in ranked if outcome.tag != "skipped"], case.outputs)
    return reason_of(ranked[0]) if ranked else _NOTHING


def _place(case: Case, names: Names) -> tuple[str, int | None]:
    """Return file and line of the case, else those of its first failure."""
    owners: tuple[Case | Outcome, ...] = (case, *case.outcomes) if case.outcomes else (case,)
    for owner in owners:
        if file := owner.attributes.get("file"):
            return names[file], count(owner.attributes.get("line"))
    return "", None


_NOTHING: Final = Said()
