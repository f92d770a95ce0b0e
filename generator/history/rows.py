"""From the results of a run to rows: one for each attempt of each test, sorted by test and attempt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.records import Attempt, Status, TestResult
from generator.safety.ids import test_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Identity = tuple[str, str, str, str]
"""Surface, suite, class and name."""

Test = tuple[int, Identity]
"""Test id and what it is the hash of."""

_WEIGHT: Final = {
    Status.NOT_RUN: 0,
    Status.SKIPPED: 1,
    Status.PASSED: 2,
    Status.FAILED: 3,
    Status.ERROR: 4,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One attempt of one test; `own` when it is the attempt of `result` that its earlier attempts led to."""

    test: int
    """Position of the test among all tests of the unit, sorted by test id."""
    number: int
    """0-based attempt."""
    attempt: Attempt | TestResult
    result: TestResult
    own: bool

    @property
    def has_text(self) -> bool:
        """Whether the attempt failed or says something: then it has details."""
        said = self.attempt.kind or self.attempt.message or self.attempt.trace
        return bool(said) or self.attempt.status.bad or (self.own and bool(self.result.odd))


def rows_of(results: Iterable[TestResult]) -> tuple[list[Row], list[Test]]:
    """Return the rows, and the tests they are about sorted by test id.

    The same test in several parts of a run becomes attempts of one test with the worst outcome last, so that no part
    hides another one's failure, in whatever order the parts came.
    """
    groups: dict[Identity, list[TestResult]] = {}
    for result in results:
        groups.setdefault(result.identity, []).append(result)
    tests = sorted((test_id(*identity), identity) for identity in groups)
    return [row for place, (_, identity) in enumerate(tests) for row in _attempts(place, groups[identity])], tests


def duration_us(seconds: float | None) -> int | None:
    """Return a duration in whole microseconds."""
    return None if seconds is None else round(seconds * 1_000_000)


def _attempts(place: int, results: list[TestResult]) -> Iterator[Row]:
    if len(results) > 1:
        results = sorted(results, key=_badness)
    number = 0
    for result in results:
        attempts: tuple[Attempt | TestResult, ...] = (*result.earlier, result)
        for attempt in attempts:
            yield Row(test=place, number=number, attempt=attempt, result=result, own=attempt is result)
            number += 1


def _badness(result: TestResult) -> tuple[int, str, str]:
    return (_WEIGHT[result.status], result.part, repr(result))
