"""The events of libtest and nextest in order: suites, their tests, the attempts of each, and what never ended."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from generator.readers._attempts import ATTEMPTS, GOOD, End, Tried
from generator.readers._cases import attempt, said
from generator.readers._libtest_texts import binary_id, failure_said, long_name
from generator.records import Status
from generator.safety.limits import COUNT_MAX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.readers._cases import Cases

SUITE_CASE: Final = "(suite)"
"""Name of the result that stands for a suite which failed or broke off without a failing test."""

PLAIN: Final = "cargo test"
"""Suite of tests whose binary the report does not name, as libtest never does."""

TOTALS: Final = ("passed", "measured", "failed", "ignored")
_STATUSES: Final = {
    "failed": Status.FAILED,
    "ignored": Status.SKIPPED,
    "allowed_failure": Status.SKIPPED,
}
_UNENDED: Final = "never ended"
_NO_TEST: Final = "the suite failed without a failing test"
_SECONDS: Final = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,12})?)s")


@dataclass(slots=True, eq=False)
class Suite:
    """One test binary: its tests in order, and what it says about itself."""

    label: str
    named: bool = False
    """Whether its name tells it from every other suite, so that the same test again is another attempt."""
    started: bool = False
    ended: str = ""
    tests: dict[str, Tried] = field(default_factory=dict)
    running: dict[str, bool] = field(default_factory=dict)
    """Tests that began and did not end, and whether libtest said that they take long."""
    totals: dict[str, int] = field(default_factory=dict)
    runs: int = 0

    def test(self, name: str) -> Tried:
        """Return the test of a name, a new one where there is none."""
        found = self.tests.get(name)
        if found is None:
            found = self.tests[name] = Tried()
        return found

    def never_ended(self, name: str) -> None:
        """End a test as an error, because nothing more was said about it."""
        slow = "; it had been running for long" if self.running.pop(name) else ""
        words = said(f"{_UNENDED}{slow}", kind=_UNENDED)
        self.test(name).end(End(status=Status.ERROR, said=words))


class Suites:
    """Takes the events one by one; `all` are in the order of their beginnings.

    `headings` are the names that cargo printed for the binaries, by line.
    """

    def __init__(self, cases: Cases, headings: Mapping[int, str]) -> None:
        self.all: list[Suite] = []
        self.discovered = 0
        self.unknown: dict[str, int] = {}
        """Events of tests that are not known, with their number."""
        self._cases = cases
        self._headings = deque(headings.items())
        self._current: Suite | None = None
        self._by_prefix: dict[str, Suite] = {}

    def take(self, number: int, row: dict[str, object]) -> None:
        """Take one row; what is no event of a suite or test is left out."""
        kind, event = row.get("type"), row.get("event")
        if kind == "suite" and type(event) is str:
            self._about_suite(number, event, row)
        elif kind in ("test", "bench") and type(name := row.get("name")) is str:
            self._about_test(name, event if type(event) is str else "ok" if kind == "bench" else "", row)

    def finish(self) -> int:
        """End what is still open; return how many suites did not end."""
        cut = [suite for suite in self.all if suite.started and not suite.ended]
        for suite in self.all:
            for name in list(suite.running):
                suite.never_ended(name)
            bad = any(test.has_failed() for test in suite.tests.values())
            if (suite.ended == "failed" or (suite.started and not suite.ended)) and not bad:
                words = said(_NO_TEST if suite.ended else _UNENDED, kind="" if suite.ended else _UNENDED)
                suite.test(SUITE_CASE).end(End(status=Status.ERROR, said=words))
        return len(cut)

    def _about_suite(self, number: int, event: str, row: dict[str, object]) -> None:
        if event == "started":
            suite = self._current = self._begun(number, row)
            suite.started, suite.ended = True, ""
            suite.runs += 1
            suite.totals["tests"] = _count(row.get("test_count"))
        elif event in ("ok", "failed"):
            suite = self._ended(row)
            suite.ended = event
            suite.totals |= {word: _count(row.get(word)) for word in TOTALS}
        elif event in ("discovery", "completed"):
            self.discovered += 1

    def _begun(self, number: int, row: dict[str, object]) -> Suite:
        known = self._nextest(row)
        if known is not None:
            return known
        suite = Suite(label=PLAIN)
        while self._headings and self._headings[0][0] < number:
            suite.label = self._headings.popleft()[1]
        self.all.append(suite)
        return suite

    def _ended(self, row: dict[str, object]) -> Suite:
        return self._nextest(row) or self._present()

    def _present(self) -> Suite:
        if self._current is None:
            self._current = Suite(label=PLAIN)
            self.all.append(self._current)
        return self._current

    def _nextest(self, row: dict[str, object]) -> Suite | None:
        """Return the suite that a row of `libtest-json-plus` names."""
        said_by = row.get("nextest")
        if not isinstance(said_by, dict):
            return None
        crate, binary, kind = (said_by.get(name) for name in ("crate", "test_binary", "kind"))
        if not (isinstance(crate, str) and isinstance(binary, str)):
            return None
        label = binary_id(crate, binary, kind if isinstance(kind, str) else "")
        return self._named(f"{crate}::{binary}", label)

    def _named(self, prefix: str, label: str) -> Suite:
        suite = self._by_prefix.get(prefix)
        if suite is None:
            suite = self._by_prefix[prefix] = Suite(label=label, named=True)
            self.all.append(suite)
        return suite

    def _suite_of(self, prefix: str) -> Suite:
        """Return the suite of a test that nextest names; where suites have no names, the present one gets it."""
        suite = self._by_prefix.get(prefix)
        if suite is not None:
            return suite
        crate, _, binary = prefix.partition("::")
        label = binary_id(crate, binary, "")
        present = self._current
        if present is None or present.named or present.tests:
            return self._named(prefix, label)
        present.label, present.named = label, True
        self._by_prefix[prefix] = present
        return present

    def _about_test(self, name: str, event: str, row: dict[str, object]) -> None:
        if event == "discovered":
            self.discovered += 1
            return
        long = long_name(name) if "$" in name else None
        suite = self._suite_of(long.prefix) if long else self._present()
        name = long.name if long else name
        if event == "started":
            if name in suite.running:
                suite.never_ended(name)
            suite.running[name] = False
            suite.test(name)  # its place among the tests
        elif event == "timeout":  # it runs on: libtest only says that it is slow
            suite.running[name] = True
        else:
            suite.running.pop(name, None)
            test = suite.test(name)
            if long and long.runs > 1:  # nextest tells the last attempt only, and repeats none but failures
                for _ in range(min(long.runs - 1, ATTEMPTS - len(test.earlier))):
                    test.before(attempt(Status.FAILED))
            test.end(self._end(name, event, row), self._cases.seconds(_seconds(row.get("exec_time")), name))

    def _end(self, name: str, event: str, row: dict[str, object]) -> End:
        if event == "ok":
            return GOOD
        status = _STATUSES.get(event)
        stdout, message, reason = (_text(row.get(word)) for word in ("stdout", "message", "reason"))
        if status is None:
            self.unknown[event] = self.unknown.get(event, 0) + 1
            return End(status=Status.ERROR, said=said(message or "ended in a way that is not known", stdout))
        if status is Status.SKIPPED:
            return End(status=status, said=said(message))
        words, file, line = failure_said(name, stdout, message, reason)
        status = Status.ERROR if reason == "time limit exceeded" else status
        return End(status=status, said=words, file=file, line=line)


def _count(value: object) -> int:
    return value if type(value) is int and 0 <= value < COUNT_MAX else -1


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _seconds(value: object) -> object:
    """Return a time as a number; older toolchains wrote it as `"0.012s"`."""
    found = _SECONDS.fullmatch(value) if isinstance(value, str) else None
    return float(found[1]) if found else value
