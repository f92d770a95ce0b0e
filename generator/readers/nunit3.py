"""NUnit 3 and 4 (`nunit3-console`, the test adapter, NUnitLite, Unity): suites nested below a `test-run`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.readers._allowance import Allowance
from generator.readers._cases import Cases
from generator.readers._dotnet import declare, fill, head_of, note_repaired, note_unknown, split_name, tally
from generator.readers._junit_values import count, earliest, run_facts
from generator.readers._nunit import Collector
from generator.records import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._nunit import Element

NAME: Final = "nunit3"
TITLE: Final = "NUnit 3 XML"
SIGNS: Final = "root element `test-run`, or `test-suite` with the attributes `type` and `fullname` or `runstate`"

_SUITE_ROOT: Final = re.compile(rb"<test-suite\s[^>]{0,4000}?\b(?:runstate|fullname)=")
_WORDS: Final = re.compile(r"\s*(\w*)(?::(\w+))?(?:\((\w+)\))?\s*")
_STATUSES: Final = {
    "passed": Status.PASSED,
    "warning": Status.PASSED,
    "failed": Status.FAILED,
    "error": Status.ERROR,
    "cancelled": Status.ERROR,
    "skipped": Status.SKIPPED,
    "ignored": Status.SKIPPED,
    "explicit": Status.SKIPPED,
    "inconclusive": Status.SKIPPED,
}
_BROKEN: Final = frozenset({"error", "invalid", "cancelled", "notrunnable"})


def recognises(artifact: Artifact) -> str:
    """Return the root element as sign; a bare `test-suite` needs the attributes that only this version writes."""
    root = artifact.peek_root()
    if root == "test-run":
        return "root element `test-run`"
    return "root element `test-suite` of NUnit 3" if root == "test-suite" and is_nunit3_suite(artifact) else ""


def is_nunit3_suite(artifact: Artifact) -> bool:
    """Tell whether the root `test-suite` is one of NUnit 3 rather than of NUnit 2 or of Allure."""
    head = head_of(artifact)
    return _SUITE_ROOT.search(head) is not None and b" type=" in head


def read(artifact: Artifact) -> Reading:
    """Return its results, counts, time and run facts; raises UnreadableError with line, column and next step."""
    dialect = _Nunit3()
    allowance = Allowance(artifact.limits)
    collector = Collector(dialect, allowance)
    repaired = allowance.xml(artifact, collector, ("test-run", "test-suite"))
    cases = Cases(artifact, NAME, is_lenient=True, allowance=allowance)
    fill(cases, collector.rows)
    _declare(cases, collector)
    note_unknown(cases, dialect.unknown)
    if repaired:
        note_repaired(cases)
    root = collector.root
    started = root.get("start-time", "")
    return cases.reading(
        started_at=earliest([started, f"{root.get('run-date', '')}T{started}"]), properties=run_facts(collector.facts)
    )


class _Nunit3:
    """How version 3 is understood; `unknown` counts the results that it does not know."""

    def __init__(self) -> None:
        self.unknown: dict[str, int] = {}

    def enter(self, suite: Element) -> bool:
        """Take the assembly from its suite, or from the root where there is none; the path is the full name."""
        if suite.get("type") == "Assembly":
            suite.assembly = suite.get("fullname") or suite.get("name")
            return True
        if suite.above is None:
            suite.assembly = suite.get("fullname") or suite.get("name")
        elif suite.get("type") != "Project":
            suite.path = suite.get("fullname") or suite.get("name")
        return False

    def case(self, case: Element) -> tuple[str, str, Status]:
        """Return class with its parameters, method with its arguments, and status."""
        name, full = case.get("name"), case.get("fullname")
        if name and full.endswith(f".{name}"):
            classname = full[: -len(name) - 1]
        else:
            above = case.above.path if case.above else ""
            classname, name = split_name(name or full, case.get("classname") or (above if name else ""))
        return classname, name, self._status(case.attributes)

    def broke(self, suite: Element) -> bool:
        """Tell whether it failed though no case below did, or in its own tear-down; its parent's failure is none."""
        word, _, site = _outcome(suite.attributes)
        if site == "parent":
            return False
        return _STATUSES.get(word, Status.PASSED).bad and (not suite.bad or site == "teardown")

    def _status(self, attributes: Mapping[str, str]) -> Status:
        word, label, site = _outcome(attributes)
        status = _STATUSES.get(word)
        if status is None:
            written = attributes.get("result", "")
            self.unknown[written] = self.unknown.get(written, 0) + 1
            return Status.ERROR
        broken = label in _BROKEN or site == "parent"  # the set-up of its fixture failed
        return Status.ERROR if status is Status.FAILED and broken else status


def _outcome(attributes: Mapping[str, str]) -> tuple[str, str, str]:
    """Return result, label and site in small letters; some writers put them together: `Failed:Error(Child)`."""
    found = _WORDS.fullmatch(attributes.get("result", ""))
    word, label, site = found.groups() if found else ("", "", "")
    label, site = attributes.get("label") or label or "", attributes.get("site") or site or ""
    return word.lower(), label.lower(), site.lower()


def _declare(cases: Cases, collector: Collector) -> None:
    """Compare with what the root states; errors of suites stand in none of its totals."""
    root, written = collector.root, tally(collector.rows)
    numbers = {word: count(root.get(word)) for word in ("total", "passed", "failed", "warnings", "skipped")}
    inconclusive = count(root.get("inconclusive")) or 0
    stated: dict[str, list[int]] = {
        "tests": [number for number in (numbers["total"], count(root.get("testcasecount"))) if number is not None],
        "passed": [] if numbers["passed"] is None else [numbers["passed"] + (numbers["warnings"] or 0)],
        "bad": [] if numbers["failed"] is None else [numbers["failed"]],
        "skipped": [] if numbers["skipped"] is None else [numbers["skipped"] + inconclusive],
    }
    without = {"tests": collector.errors, "bad": collector.errors}
    declare(cases, stated, {word: (number - without.get(word, 0), number) for word, number in written.items()})
