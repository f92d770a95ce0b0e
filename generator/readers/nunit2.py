"""NUnit 2 (`nunit-console`, and NUnit 3 with `format=nunit2`): `test-results` with suites in `results`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.readers._allowance import Allowance
from generator.readers._cases import Cases
from generator.readers._dotnet import declare, fill, head_of, note_repaired, note_unknown, split_name, tally
from generator.readers._junit_values import count, earliest
from generator.readers._nunit import Collector
from generator.records import Status

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._nunit import Element

NAME: Final = "nunit2"
TITLE: Final = "NUnit 2 XML"
SIGNS: Final = "root element `test-results`, or `test-suite` with the attribute `executed` or `success`"

_SUITE_ROOT: Final = re.compile(rb"<test-suite\s[^>]{0,4000}?\b(?:executed|success)=")
_ASSEMBLY: Final = (".dll", ".exe")
_METHODS: Final = frozenset({"ParameterizedTest", "ParameterizedMethod", "GenericMethod", "Theory"})
_STATUSES: Final = {
    "success": Status.PASSED,
    "passed": Status.PASSED,
    "failure": Status.FAILED,
    "failed": Status.FAILED,
    "error": Status.ERROR,
    "cancelled": Status.ERROR,
    **dict.fromkeys(("ignored", "skipped", "inconclusive", "notrunnable", "invalid", "explicit"), Status.SKIPPED),
}


def recognises(artifact: Artifact) -> str:
    """Return the root element as sign; a bare `test-suite` needs the attributes that only this version writes."""
    root = artifact.peek_root()
    if root == "test-results":
        return "root element `test-results`"
    if root == "test-suite" and _SUITE_ROOT.search(head_of(artifact)):
        return "root element `test-suite` of NUnit 2"
    return ""


def read(artifact: Artifact) -> Reading:
    """Return its results, counts and time; raises UnreadableError with line, column and next step."""
    dialect = _Nunit2()
    allowance = Allowance(artifact.limits)
    collector = Collector(dialect, allowance)
    repaired = allowance.xml(artifact, collector, ("test-results", "test-suite"))
    cases = Cases(artifact, NAME, is_lenient=True, allowance=allowance)
    fill(cases, collector.rows)
    _declare(cases, collector)
    note_unknown(cases, dialect.unknown)
    if dialect.odd:
        number = "1 case says" if dialect.odd == 1 else f"{dialect.odd} cases say"
        message = f"{number} neither `True` nor `False` for `success`; judged by failures alone"
        cases.note(message, "check the writer of the report")
    if repaired:
        note_repaired(cases)
    root = collector.root
    return cases.reading(started_at=earliest([f"{root.get('date', '')}T{root.get('time', '')}"]))


class _Nunit2:
    """How version 2 is understood; `unknown` counts the results that it does not know, `odd` the odd `success`."""

    def __init__(self) -> None:
        self.unknown: dict[str, int] = {}
        self.odd = 0

    def enter(self, suite: Element) -> bool:
        """Take the assembly from its suite, or from the root; the path grows by each namespace and fixture.

        Before 2.5 suites have no type, and a fixture is called by its full name.
        """
        name, kind, above = suite.get("name").strip(), suite.get("type"), suite.above
        if kind == "Assembly" or (not kind and name.lower().endswith(_ASSEMBLY)):
            suite.assembly = name
            return True
        if above is None and "total" in suite.attributes:
            suite.assembly = name
        elif kind in _METHODS and above is not None:
            suite.path = above.path
        elif kind not in ("Project", "Test Project"):
            path = above.path if above else ""
            suite.path = name if not path or name.startswith(f"{path}.") else f"{path}.{name}"
        return False

    def case(self, case: Element) -> tuple[str, str, Status]:
        """Return class, name and status; the name of a case begins with that of its fixture, or is its own alone."""
        name, path = case.get("name").strip(), case.above.path if case.above else ""
        if not path or name.startswith(f"{path}."):
            classname, own = split_name(name, path)
        else:
            classname, own = split_name(name)
        return classname or path, own, self._status(case)

    def broke(self, suite: Element) -> bool:
        """Tell whether it has a failure of its own though no case below failed."""
        failure = suite.text("failure message").strip() or suite.text("failure stack-trace").strip()
        return bool(failure) and not suite.bad

    def _status(self, case: Element) -> Status:
        """Return what the result says; before 2.5 there is none, and `executed`, `success` and the failure count."""
        result = case.get("result").strip().lower()
        executed, success = case.get("executed").strip().lower(), case.get("success").strip().lower()
        failed = any(name.startswith("failure ") for name in case.texts)
        status = _STATUSES.get(result)
        if (result and status is None) or not (result or executed or success or failed):
            written = case.get("result")
            self.unknown[written] = self.unknown.get(written, 0) + 1
            return Status.ERROR
        if status is not None:
            return Status.FAILED if failed and status is Status.PASSED else status
        if failed or success == "false":
            return Status.SKIPPED if executed == "false" and not failed else Status.FAILED
        self.odd += success not in ("true", "")
        return Status.SKIPPED if executed == "false" else Status.PASSED


def _declare(cases: Cases, collector: Collector) -> None:
    """Compare with what the root states; `total` holds what did not run in some versions only."""
    root, written = collector.root, tally(collector.rows)
    total, idle = count(root.get("total")), count(root.get("not-run")) or 0
    errors, failures = count(root.get("errors")), count(root.get("failures"))
    stated: dict[str, list[int]] = {
        "tests": [] if total is None else [total, total + idle],
        "bad": [] if failures is None else [failures + (errors or 0)],
    }
    without = {"tests": collector.errors, "bad": collector.errors}
    declare(cases, stated, {word: (number - without.get(word, 0), number) for word, number in written.items()})
