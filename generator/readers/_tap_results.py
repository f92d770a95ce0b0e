"""From the points of TAP to cases: the leaves count, a parent only when it fails by itself, and so does the plan."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from generator.readers._attempts import GOOD, End
from generator.readers._cases import said
from generator.readers._tap_lines import NO_TESTS
from generator.readers._tap_texts import excused, failure
from generator.records import Status

if TYPE_CHECKING:
    from generator.readers._cases import Cases
    from generator.readers._tap_lines import Point, Scope
    from generator.readers._tap_tree import Stream

PLAN_CASE: Final = "(plan)"
"""Name of the result that stands for tests which were planned and never ran."""

BAIL_CASE: Final = "(bail out)"
"""Name of the result that stands for tests which were given up."""

_ABSOLUTE: Final = re.compile(r"(?:file://)?(?:/|[A-Za-z]:[\\/])(?:[^\\/\s]+[\\/]){2,}[^\\/\s]+$")
_SKIP: Final = re.compile(r"skip\S*\s*", re.IGNORECASE)


@dataclass(slots=True)
class Results:
    """Adds the points of a file to its cases, and remembers what is odd."""

    cases: Cases
    suite: str
    plans: list[str] = field(default_factory=list)
    """What is wrong with plans."""
    unordered: int = 0
    repeated: int = 0
    left_out: int = 0
    """Points of streams that skip all their tests."""
    skipped: list[str] = field(default_factory=list)
    """Why streams skip all their tests."""
    headless: int = 0
    """Sub-tests without the point that sums them up."""
    _taken: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, stream: Stream) -> None:
        """Add all that a file holds."""
        self.cases.names.learn(stream.names)
        for place, scope in enumerate(stream.streams):
            is_last = place == len(stream.streams) - 1
            if scope.plan == NO_TESTS and scope.is_planned_first:
                self._skip_all(scope)
                continue
            self._scope(scope, self.suite, "")
            if not (is_last and stream.bail is not None):
                self._check_plan(scope, self.suite, is_top=True)
        if stream.bail is not None:
            words = said(stream.bail or "bailed out", kind="bail out")
            self._case(BAIL_CASE, self.suite, End(status=Status.ERROR, said=words))

    def _skip_all(self, scope: Scope) -> None:
        self.skipped.append(_SKIP.sub("", scope.reason, count=1))
        bad = [point for point in scope.points if not point.ok and not point.directive]
        self.left_out += len(scope.points) - len(bad)
        for point in bad:
            self._leaf(point, self.suite, "")

    def _scope(self, scope: Scope, suite: str, excuse: str) -> bool:
        """Add the points of a scope; return whether one failed of itself, though it may be excused by one above."""
        bad = False
        for point in scope.points:
            own = _below(suite, point.section)
            if point.children is None:
                bad |= self._leaf(point, own, excuse)
            else:
                bad |= self._parent(point, point.children, own, excuse)
        self._look_at_numbers(scope)
        return bad

    def _parent(self, point: Point, children: Scope, suite: str, excuse: str) -> bool:
        name = _stable(point.name or children.heading)
        inner = _below(suite, name if name or point.is_group else f"test {point.number}")
        excuse = excuse or point.directive
        bad = self._scope(children, inner, excuse)
        if point.is_group:
            self.headless += 1
        if not excuse and children.plan is not None and children.plan != NO_TESTS:
            bad |= self._check_plan(children, inner, is_top=False)
        if not point.ok and not bad:
            return self._leaf(point, suite, excuse)
        return bad

    def _leaf(self, point: Point, suite: str, excuse: str) -> bool:
        word = point.directive or excuse
        if word == "skip" and (point.directive or not point.ok):
            end = excused(point, word)
        elif point.ok:
            end = GOOD
        elif word:
            end = excused(point, word)
        else:
            end = failure(point)
        self._case(_stable(point.name) or f"test {point.number}", suite, end, point.duration_s)
        return end.status.bad or (not point.ok and bool(excuse))

    def _case(self, name: str, suite: str, end: End, duration_s: float | None = None) -> None:
        """Add a case; points of one name are different tests, never attempts, so each gets a name of its own."""
        names = self.cases.names
        suite = names[suite]
        self.cases.add(
            self._free(suite, names[name]),
            end.status,
            suite=suite,
            duration_s=duration_s,
            said=end.said,
            file=end.file,
            line=end.line,
        )

    def _free(self, suite: str, name: str) -> str:
        """Return the name, or `name #2`, `name #3` … when a test of the suite has it already."""
        number = self._taken[suite, name] = self._taken.get((suite, name), 0) + 1
        return name if number == 1 else self._free(suite, f"{name} #{number}")

    def _check_plan(self, scope: Scope, suite: str, *, is_top: bool) -> bool:
        """Add an error when not all ran that was planned; without a plan nobody knows whether all ran."""
        numbers = {point.number for point in scope.points if not point.is_group}
        if scope.plan is None:
            wrong = f"no plan, ran {scope.count}: nobody knows whether all tests ran"
        else:
            first, last = scope.plan
            within = sum(first <= number <= last for number in numbers)
            if within == last - first + 1 == scope.count:
                return False
            wrong = f"planned {last - first + 1}, ran {scope.count}"
            if scope.count == last - first + 1:
                wrong += f", but {scope.count - within} of the numbers are double or outside the plan"
        self.plans.append(wrong)
        self._case(
            PLAN_CASE, suite, End(status=Status.ERROR, said=said(wrong, kind="plan" if is_top else "sub-test plan"))
        )
        return True

    def _look_at_numbers(self, scope: Scope) -> None:
        numbers = [point.number for point in scope.points if not point.is_group]
        self.repeated += len(numbers) - len(set(numbers))
        self.unordered += sum(after < before for before, after in pairwise(numbers))


def _below(suite: str, name: str) -> str:
    return f"{suite} / {name}" if suite and name else name or suite


def _stable(name: str) -> str:
    """Return a name without the folders of the machine: node:test names a file by its whole path."""
    if not _ABSOLUTE.match(name):
        return name.removeprefix("Subtest: ")  # as Test::More calls the point of a sub-test
    return "/".join(re.split(r"[\\/]", name)[-2:])
