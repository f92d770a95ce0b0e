"""What one report may bring: so many tests, which may say so much; what lies beyond is left out, and said so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from generator.readers._names import Said
from generator.records import Problem, Severity
from generator.safety.limits import TEXT_NAME
from generator.safety.text import clean_name, was_cut

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.records import Attempt, TestResult
    from generator.safety.limits import ReadLimits
    from generator.safety.strict_xml import Handler

LEFT_OUT: Final = "‹… text left out: the failed tests of this run say too much …›"
"""What stands in the place of the texts of a test that are left out."""

_LONG: Final = TEXT_NAME // 2
"""Characters of a name from which on it may have been cut."""

_RAISE: Final = "raise it in the settings, or give each job a run of its own"


class EnoughError(Exception):
    """Raised where one test more than the limit begins: nothing behind it is read, what was read counts."""

    def __init__(self, reading: Callable[[], Reading] | None = None) -> None:
        super().__init__()
        self.reading = reading
        """What was read; none when whoever raised it keeps that for itself."""


class Allowance:
    """Counts down the tests and the characters that a report may still bring."""

    __slots__ = ("_characters", "_limits", "_tests", "is_used_up", "silenced")

    def __init__(self, limits: ReadLimits) -> None:
        self._limits = limits
        self._tests = limits.tests_per_run
        self._characters = limits.text_per_run
        self.is_used_up = False
        """Whether the report has more tests than it may bring."""
        self.silenced = 0
        """How many tests or attempts had to go without their texts."""

    def test(self, reading: Callable[[], Reading] | None = None) -> None:
        """Take one test; raises EnoughError, with what was read, when there was none left to take."""
        self._tests -= 1
        if self._tests < 0:
            self.is_used_up = True
            raise EnoughError(reading)

    def takes(self, characters: int) -> bool:
        """Take so many characters of a test or attempt; False when it must go without its texts."""
        self._characters -= characters
        if self._characters >= 0 or not characters:
            return True
        self.silenced += 1
        return False

    def said(self, said: Said) -> Said:
        """Return what a test says, or that it is left out."""
        return said if self.takes(len(said.message) + len(said.trace)) else Said(kind=said.kind, message=LEFT_OUT)

    def attempts(self, attempts: Iterable[Attempt]) -> tuple[Attempt, ...]:
        """Return attempts with what they say, or that it is left out."""
        return tuple(
            attempt
            if self.takes(len(attempt.message) + len(attempt.trace))
            else replace(attempt, message=LEFT_OUT, trace="")
            for attempt in attempts
        )

    def xml(
        self, artifact: Artifact, handler: Handler, roots: Collection[str], doctypes: Collection[str] = frozenset()
    ) -> bool:
        """Read a document as `Artifact.xml` does, up to where the handler has enough."""
        try:
            return artifact.xml(handler, roots, doctypes)
        except EnoughError:
            return False

    def problems(self, path: str, reader: str) -> tuple[Problem, ...]:
        """Return an error for tests that are left out, which are never green, and a warning for texts."""
        found: list[Problem] = []
        limits = self._limits
        if self.is_used_up:
            read = f"is read up to its first {limits.tests_per_run} tests" if limits.tests_per_run else "is not read"
            message = f"{read}: more are over the limit of a run, `tests_per_run`"
            found.append(Problem(path=path, reader=reader, severity=Severity.ERROR, message=message, hint=_RAISE))
        if self.silenced:
            tests = "1 test goes" if self.silenced == 1 else f"{self.silenced} tests go"
            message = f"says more than a run may say, `text_per_run`: {tests} without message and trace"
            found.append(Problem(path=path, reader=reader, severity=Severity.WARNING, message=message, hint=_RAISE))
        return tuple(found)


def within(reading: Reading, artifact: Artifact, reader: str) -> Reading:
    """Return what a reader got, without what lies beyond the limits: for readers that do not count by themselves."""
    results, limits = reading.results, artifact.limits
    if len(results) <= limits.tests_per_run and said_in(results) <= limits.text_per_run:
        return reading
    allowance = Allowance(limits)
    kept: list[TestResult] = []
    try:
        for result in results:
            allowance.test()
            if not allowance.takes(_said_by(result)):
                silent = tuple(replace(attempt, message="", trace="") for attempt in result.earlier)
                kept.append(replace(result, message=LEFT_OUT, trace="", earlier=silent))
            else:
                kept.append(result)
    except EnoughError:
        pass
    problems = allowance.problems(artifact.path, clean_name(reader))
    return replace(reading, results=tuple(kept), problems=(*reading.problems, *problems))


def cut_texts(reading: Reading, path: str, reader: str) -> tuple[Problem, ...]:
    """Return what is to be known of texts that are longer than is kept: where they were cut stands a mark."""
    number = sum(
        was_cut(result.name) or was_cut(result.message) or was_cut(result.trace)
        for result in reading.results
        if result.message or result.trace or len(result.name) > _LONG
    )
    if not number:
        return ()
    tests = "a test" if number == 1 else f"{number} tests"
    message = f"has {tests} with a text longer than is kept; a mark stands where it was cut"
    return (
        Problem(
            path=path,
            reader=reader,
            severity=Severity.INFO,
            message=message,
            hint="open the report itself for the rest; the beginning and the end are here",
        ),
    )


def said_in(results: Iterable[TestResult]) -> int:
    """Return how many characters the results say, marks of what is left out aside."""
    return sum(_said_by(result) for result in results if result.message or result.trace or result.earlier)


def _said_by(result: TestResult) -> int:
    own = 0 if result.message is LEFT_OUT else len(result.message) + len(result.trace)
    if not result.earlier:
        return own
    return own + sum(len(each.message) + len(each.trace) for each in result.earlier if each.message is not LEFT_OUT)
