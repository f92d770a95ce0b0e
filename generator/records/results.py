"""Test results: the one kind of record that comes by the hundred thousand, hence plain slotted values.

They are not frozen, because a frozen value takes three times as long to make. A reader makes them, the readers' merging
gives them their part; from then on nobody changes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Surface(StrEnum):
    """What kind of thing passed or failed."""

    CASE = "case"
    """A single test case of a report."""
    SUITE = "suite"
    """An end-to-end suite of the runner, judged by its exit code."""
    UNIT = "unit"
    """A unit test target of the runner, judged by its exit code."""
    LIB = "lib"
    """The library's own tests."""


class Status(StrEnum):
    """Outcome of one attempt."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"
    NOT_RUN = "not_run"
    """Selected, but the run ended before it."""

    @property
    def bad(self) -> bool:
        """Whether the attempt failed; an error counts as a failure."""
        return self in (Status.FAILED, Status.ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt before the final one."""

    status: Status
    duration_s: float | None = None
    kind: str = ""
    message: str = ""
    trace: str = ""


@dataclass(slots=True, kw_only=True)
class TestResult:
    """One test in one run after its attempts are merged; `earlier` keeps the attempts before the last."""

    __test__ = False  # pytest would collect the name otherwise

    surface: Surface
    suite: str
    name: str
    status: Status
    classname: str = ""
    part: str = ""
    """The runner part or report the result stands in."""
    duration_s: float | None = None
    exit_code: int | None = None
    kind: str = ""
    """Exception type, or the failure's `type` attribute."""
    message: str = ""
    trace: str = ""
    file: str = ""
    line: int | None = None
    earlier: tuple[Attempt, ...] = ()
    scraped: tuple[int, int, int] | None = None
    """Advisory (passed, failed, ignored) counts that were scraped from a log."""
    odd: tuple[str, ...] = ()
    """Why the scraped counts must not be believed."""

    @property
    def flaky(self) -> bool:
        """Failed first, passed in the end, within this one run."""
        return self.status is Status.PASSED and any(attempt.status.bad for attempt in self.earlier)

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """Surface, suite, class and name: what makes it the same test in another run."""
        return (self.surface._value_, self.suite, self.classname, self.name)
