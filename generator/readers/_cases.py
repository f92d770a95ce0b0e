"""The cases of one report on their way to results: shared by all readers of test reports but JUnit's.

A reader says what each case came to, in document order; names are cleaned once and kept distinct, attempts of one case
are merged, counts are taken from the cases, and what is odd becomes one warning a kind.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from generator.plugins import Reading
from generator.readers._allowance import Allowance
from generator.readers._names import Names, Said
from generator.records import Attempt, Counts, Problem, Severity, Status, Surface, TestResult
from generator.safety.limits import COUNT_MAX
from generator.safety.text import clean_message, clean_meta, clean_name, clean_trace, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.artifact import Artifact

UNNAMED: Final = "(unnamed)"
"""Name of a case that has none."""

RUN_CASE: Final = "(run)"
"""Name of the result that stands for a run as a whole."""

_WORDS: Final = {"tests": "tests", "passed": "passed", "bad": "failed", "skipped": "skipped"}

NOTHING: Final = Said()
"""What a case says that passed."""


def said(message: str = "", trace: str = "", kind: str = "") -> Said:
    """Return the texts of one attempt, cleaned; without a message the first line of the trace is it."""
    if not (message or trace or kind):
        return NOTHING
    first = message.strip() or next((line.strip() for line in trace.splitlines() if line.strip()), "")
    return Said(
        kind=one_line(clean_meta(kind)) if kind else "",
        message=clean_message(first),
        trace=clean_trace(trace.strip("\r\n")),
    )


def attempt(status: Status, duration_s: float | None = None, said: Said = NOTHING) -> Attempt:
    """Return an attempt before the last one of a case."""
    return Attempt(status=status, duration_s=duration_s, kind=said.kind, message=said.message, trace=said.trace)


@dataclass(slots=True)
class Cases:
    """Collects the cases of one report; `reading` is what the reader returns."""

    artifact: Artifact
    reader: str
    is_lenient: bool = False
    """Whether a declared failure that no case tells is only a warning: for formats whose totals are wrong at times."""
    allowance: Allowance | None = None
    """What the report may bring, when its reader has counted already; else it is counted here."""
    names: Names = field(default_factory=Names)
    _own: Allowance = field(init=False)
    _results: list[TestResult] = field(default_factory=list)
    _declared: dict[str, int] = field(default_factory=dict)
    _notes: list[Problem] = field(default_factory=list)
    _odd_times: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._own = Allowance(self.artifact.limits)

    @property
    def most(self) -> int:
        """One more case than the report may bring: enough to find out that there are too many."""
        return self.artifact.limits.tests_per_run + 1

    def cut_short(self) -> None:
        """Take note that its reader stopped at the limit of tests: nothing that the report declares is compared."""
        self._own.is_used_up = True

    def add(  # noqa: PLR0913 - a case has as many facts
        self,
        name: str,
        status: Status,
        *,
        suite: str = "",
        classname: str = "",
        duration_s: float | None = None,
        said: Said = NOTHING,
        file: str = "",
        line: int | None = None,
        earlier: Sequence[Attempt] = (),
    ) -> None:
        """Add one case with the attempts before its last; texts other than `said` are cleaned here.

        Raises EnoughError where the report has more cases than it may bring; whoever called the reader knows what next.
        """
        names = self.names
        self._own.test(self.reading)
        if self.allowance is None:
            if said is not NOTHING:
                said = self._own.said(said)
            if earlier:
                earlier = self._own.attempts(earlier)
        self._results.append(
            TestResult(
                surface=Surface.CASE,
                suite=names[suite],
                classname=names[classname],
                name=name.strip() or UNNAMED,  # cleaned with all others in `reading`
                status=status,
                duration_s=duration_s,
                kind=said.kind,
                message=said.message,
                trace=said.trace,
                file=names[file],
                line=line,
                earlier=tuple(earlier),
            )
        )

    def seconds(self, value: object, name: str, per_second: float = 1.0) -> float | None:
        """Return a time that the report states in 1 / `per_second` seconds; None, and noted, when it is no time."""
        if value is None:
            return None
        if type(value) is int or type(value) is float:  # the quickest way to leave out true and false
            found = value / per_second if -COUNT_MAX < value < COUNT_MAX else math.nan
            if 0 <= found < COUNT_MAX:
                return found + 0.0  # no negative zero
        self._odd_times.append(name)
        return None

    def declare(self, **totals: int | None) -> None:
        """Remember totals that the report states: `tests`, `passed`, `bad` (failed and errors), `skipped`."""
        self._declared |= {word: number for word, number in totals.items() if number is not None}

    def note(self, message: str, hint: str, severity: Severity = Severity.WARNING) -> None:
        """Remember something odd about a report that is read all the same; texts of the report must be clean."""
        self._notes.append(
            Problem(path=self.artifact.path, reader=self.reader, severity=severity, message=message, hint=hint)
        )

    def broke(self, message: str, hint: str) -> None:
        """Note that a run did not come to its end, or failed in a way that no case tells; it is never green."""
        self.note(message, hint)
        if not any(result.status.bad for result in self._results):
            self.add(RUN_CASE, Status.ERROR, said=said(message))

    def reading(
        self, *, schema_id: str | None = None, started_at: str = "", properties: Iterable[tuple[str, str]] = ()
    ) -> Reading:
        """Return results, counts and warnings; cases of one name of which one failed are attempts of one case."""
        self.names.learn(result.name for result in self._results)
        for result in self._results:
            result.name = self.names[result.name]
        results = tuple(_distinct(self._results))
        counts = counts_of(results, len({result.suite for result in results}))
        limits = (self._own,) if self.allowance is None else (self.allowance, self._own)
        if not any(limit.is_used_up for limit in limits):
            self._compare(results)
        over = {problem: None for limit in limits for problem in limit.problems(self.artifact.path, self.reader)}
        if not results and not self._notes and not over:
            self.note("holds no test", "check whether the tests ran")
        if self._odd_times:
            several = f" and {len(self._odd_times) - 1} more" if len(self._odd_times) > 1 else ""
            message = f"a time is negative or no number: {clean_name(self._odd_times[0])}{several}; read as unknown"
            self.note(message, "check the clock of the run")
        return Reading(
            results=results,
            counts=counts,
            schema_id=schema_id,
            problems=(*over, *self._notes),
            started_at=started_at,
            properties=tuple(sorted(properties)),
        )

    def _compare(self, results: Sequence[TestResult]) -> None:
        """Note where declared totals differ from the cases; failures that no case tells are an error: not green."""
        if not self._declared:
            return
        told = [result for result in results if not _is_ours(result.name)]
        readings = [_tally(results), _tally(told), {"tests": len(self._results)}]
        wrong = [
            f"{number} {_WORDS[word]}, has {readings[0][word]}"
            for word, number in self._declared.items()
            if all(reading.get(word) != number for reading in readings)
        ]
        if wrong:
            is_lost = not self.is_lenient and self._declared.get("bad", 0) > 0 and not readings[0]["bad"]
            self.note(
                f"declares other counts than it has cases: {', '.join(wrong)}; the cases count",
                "check that the report is whole",
                Severity.ERROR if is_lost else Severity.WARNING,
            )


def _tally(results: Sequence[TestResult]) -> dict[str, int]:
    statuses = [result.status for result in results]
    return {
        "tests": len(statuses),
        "passed": statuses.count(Status.PASSED),
        "bad": sum(status.bad for status in statuses),
        "skipped": statuses.count(Status.SKIPPED),
    }


def _is_ours(name: str) -> bool:
    """Tell whether a result stands for a whole run, file or suite and not for a case of the report."""
    return name.startswith("(") and name.endswith(")")


def counts_of(results: Sequence[TestResult], suites: int) -> Counts:
    """Return the counts of results; durations with those of earlier attempts."""
    statuses = [result.status for result in results]
    times = [result.duration_s for result in results if result.duration_s]
    times += [attempt.duration_s or 0.0 for result in results if result.earlier for attempt in result.earlier]
    return Counts(
        suites=suites,
        tests=len(statuses),
        passed=statuses.count(Status.PASSED),
        failed=statuses.count(Status.FAILED),
        errors=statuses.count(Status.ERROR),
        skipped=statuses.count(Status.SKIPPED),
        flaky=sum(result.flaky for result in results if result.earlier),
        duration_s=round(sum(times), 6),
    )


def as_attempts(results: Sequence[TestResult]) -> TestResult:
    """Return attempts of one case, in order, as one result: the last one counts, the others are kept."""
    *before, last = results
    earlier = [one for result in before for one in (*result.earlier, _attempt(result))]
    return replace(last, earlier=(*earlier, *last.earlier))


def _attempt(result: TestResult) -> Attempt:
    return Attempt(
        status=result.status,
        duration_s=result.duration_s,
        kind=result.kind,
        message=result.message,
        trace=result.trace,
    )


def _distinct(results: Sequence[TestResult]) -> Iterable[TestResult]:
    """Yield results with an identity each, in document order.

    Results of one identity are attempts when one of them failed; else they are different tests whose parameters the
    writer left out, and get numbers.
    """
    if len({(result.suite, result.classname, result.name) for result in results}) == len(results):
        yield from results
        return
    groups: dict[tuple[str, ...], list[TestResult]] = {}
    for result in results:
        groups.setdefault(result.identity, []).append(result)
    taken = set(groups)
    for group in groups.values():
        if len(group) > 1 and group[0].name != UNNAMED and any(result.status.bad for result in group):
            yield as_attempts(group)
            continue
        yield group[0]
        number, name = 2, group[0].name
        for result in group[1:]:
            while result.identity in taken:
                result.name = f"{name} #{number}"
                number += 1
            taken.add(result.identity)
            yield result
