"""From cases to results: one status a case, repeated cases merged as attempts, every text cleaned once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.readers._junit_parse import UNNAMED, Case, Outcome, Tally
from generator.readers._junit_texts import reason_of, said_by
from generator.readers._junit_values import count, seconds, word_status
from generator.readers._names import Names, Said, Taken
from generator.records import Attempt, Status, Surface, TestResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.readers._junit_parse import Suite

SUITE_CASE: Final = "(suite)"
"""Name of the result that stands for an error of a suite itself."""

_RERUN: Final = "The test was run again; the report does not say how it failed."
_SPEAKING: Final = frozenset({"status", "result", "file", "line"})
"""Attributes of a case that say more than its name and time."""

_TOGETHER: Final = 2_000
"""Cases whose results are made in one go."""

_TIMES: Final = 10_000
"""Texts of times that are remembered."""

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
        self.taken = Taken()
        self._waiting: list[Suite] = []
        self._cases = 0
        self._times: dict[str, float] = {}
        self.odd_times: list[str] = []
        """Names of cases whose time is none."""

    def finish(self, suite: Suite) -> None:
        """Take a suite that ended; its results are made with those of some others, which is quicker."""
        self._waiting.append(suite)
        self._cases += len(suite.written)
        if self._cases >= _TOGETHER:
            self.flush()

    def flush(self) -> None:
        """Replace the cases of the suites taken by results in document order, each with an identity of its own."""
        waiting, self._waiting, self._cases = self._waiting, [], 0
        keyed = [(suite, [_key(row) for row in suite.written]) for suite in waiting]
        self.names.learn(name for _, keys in keyed for _, name in keys)
        self.names.learn(text for suite, keys in keyed for text in (suite.path, *{classname for classname, _ in keys}))
        for suite, keys in keyed:
            self._make(suite, keys)
            suite.written, suite.told, suite.outcomes = [], {}, ()  # a large report must not stay in memory twice

    def _make(self, suite: Suite, keys: list[tuple[str, str]]) -> None:
        names = self.names
        path = names[suite.path]
        bad = _errors(suite)
        is_alone = self.taken.enter(path, suite.results) and not bad
        if len(set(keys)) < len(keys):
            rerun = _is_rerun(suite, keys)
            suite.results += [_result(cases, path, self) for cases in _groups(suite.cases, rerun=rerun)]
            suite.tally = _tally(suite.cases)
        else:
            cleaned = [(names[classname], names[name]) for classname, name in keys]
            self._make_single(suite, cleaned, path, is_free=is_alone and len(set(cleaned)) == len(cleaned))
        if bad:
            suite.results.append(_suite_error(bad, path, self))
            suite.tally += Tally(failed=len(bad))

    def _make_single(self, suite: Suite, keys: list[tuple[str, str]], path: str, *, is_free: bool) -> None:
        """Make the results of a suite no case of which is repeated; most say nothing but their name and time.

        `is_free`: no name is taken, neither within the suite nor by an earlier one of its name.
        """
        told, times = suite.told, self._times
        loud: list[TestResult] = []
        for place, row in enumerate(suite.written):
            if place in told or not _SPEAKING.isdisjoint(row):
                loud.append(_result([told.get(place) or Case(row)], path, self))
                suite.results.append(loud[-1])
                continue
            classname, name = keys[place]
            time = row.get("time")
            suite.results.append(
                TestResult(
                    surface=Surface.CASE,
                    suite=path,
                    classname=classname,
                    name=name if is_free else self.taken.free(classname, name),
                    status=Status.PASSED,
                    duration_s=times[time] if time in times else self.duration(row, name),
                )
            )
        skipped = sum(result.status is Status.SKIPPED for result in loud)
        suite.tally = Tally(len(suite.written), sum(result.status.bad for result in loud), skipped)

    def duration(self, attributes: dict[str, str], name: str) -> float | None:
        """Return the time of a case or of one of its attempts in seconds; equal texts share one number."""
        text = attributes.get("time") or attributes.get("duration") or ""
        known = self._times.get(text)
        if known is not None:
            return known
        value, strange = seconds(text)
        if strange:
            self.odd_times.append(name)
        elif value is not None and len(self._times) < _TIMES:
            self._times[text] = value
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


def _key(row: dict[str, str]) -> tuple[str, str]:
    """Return class and name as written."""
    classname = row.get("classname") or row.get("class") or ""
    return classname.strip(), row.get("name", "").strip() or UNNAMED


def _tally(cases: Sequence[Case]) -> Tally:
    """Count cases as they are written: repeated ones, too."""
    statuses = [status for case in cases if (status := case_status(case)) is not Status.PASSED]
    return Tally(len(cases), sum(status.bad for status in statuses), statuses.count(Status.SKIPPED))


def _errors(suite: Suite) -> list[Outcome]:
    return [outcome for outcome in suite.outcomes if outcome.tag in ("error", "failure")]


def _is_rerun(suite: Suite, keys: Sequence[tuple[str, str]]) -> bool:
    """Tell whether pytest wrote each rerun of a test as a case of its own, which it says passed.

    Its suite then declares as many tests as there are names; it reruns only what failed.
    """
    return suite.attributes.get("name") == "pytest" and count(suite.attributes.get("tests")) == len(set(keys))


def _groups(cases: Sequence[Case], *, rerun: bool) -> Iterator[list[Case]]:
    """Yield the cases of a suite; those of one class and name together when one of them failed: they are attempts.

    Cases of one name that all passed or were skipped are different tests: parameters that the writer left out; with
    `rerun` they are attempts, of which all but the last failed.
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
        if len(group) > 1 and key[1] != UNNAMED and (rerun or any(case_status(case).bad for case in group))
    }
    if rerun:
        for key in attempts:
            for case in groups[key][:-1]:
                case.outcomes = case.outcomes or (Outcome("failure", {"message": _RERUN}),)
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
        name=maker.taken.free(classname, names[case.name]),
        status=status,
        duration_s=maker.duration(case.attributes, case.name),
        kind=said.kind,
        message=said.message,
        trace=said.trace,
        file=file,
        line=line,
        earlier=tuple(earlier),
    )


def _suite_error(outcomes: Sequence[Outcome], path: str, maker: ResultMaker) -> TestResult:
    said = said_by(outcomes, {})
    return TestResult(
        surface=Surface.CASE,
        suite=path,
        name=maker.taken.free("", SUITE_CASE),
        status=Status.ERROR,
        kind=said.kind,
        message=said.message,
        trace=said.trace,
    )


def _attempts(case: Case, maker: ResultMaker) -> Iterator[Attempt]:
    """Yield the attempts of a case that was repeated: its own reruns, then itself."""
    yield from _reruns(case, maker)
    status = case_status(case)
    yield _attempt(status, _case_said(case, status), maker.duration(case.attributes, case.name))


def _reruns(case: Case, maker: ResultMaker) -> Iterator[Attempt]:
    for outcome in case.outcomes:
        status = _EARLIER.get(outcome.tag)
        if status is not None:
            yield _attempt(status, said_by([outcome], outcome.outputs), maker.duration(outcome.attributes, case.name))


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
    if not case.outcomes and "file" not in case.attributes:
        return "", None
    owners: tuple[Case | Outcome, ...] = (case, *case.outcomes) if case.outcomes else (case,)
    for owner in owners:
        if file := owner.attributes.get("file"):
            return names[file], count(owner.attributes.get("line"))
    return "", None


_NOTHING: Final = Said()
