"""The events of a Dart test run on their way to cases."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.readers._cases import NOTHING, attempt, said
from generator.readers._foreign_files import suite_names
from generator.readers._loose import Object, Taken, count_of, free_name, list_of, note_lost, object_of, text_of
from generator.readers._told import split_error
from generator.records import Attempt, Status

if TYPE_CHECKING:
    from generator.readers._cases import Cases
    from generator.readers._names import Said

RUN_CASE: Final = "(run)"
"""Name of the result that stands for a run that failed though none of its tests did."""

_RESULTS: Final = {"success": Status.PASSED, "failure": Status.FAILED, "error": Status.ERROR}
_TYPES: Final = frozenset({"start", "suite", "group", "testStart", "testDone", "error", "print", "done", "allSuites"})
_LOADING: Final = "loading "
_RETRY: Final = "Retry: "
_ATTEMPTS: Final = 20
"""Earlier attempts of a test that are kept."""

_ERRORS: Final = 20
"""Errors of one attempt that are kept."""

_PRINTS: Final = 40
"""Last printed messages of a test that are kept until it has passed."""


@dataclass(slots=True)
class _Test:
    """One test while its events arrive."""

    name: str
    path: str
    platform: str
    group: str
    line: int | None
    began: object
    ended: object = None
    word: str | None = None
    skipped: bool = False
    hidden: bool = False
    reason: str = ""
    errors: tuple[Object, ...] = ()
    earlier: tuple[Attempt, ...] = ()
    prints: deque[str] | None = None


class Run:
    """Takes the events one by one; `finish` adds the cases."""

    def __init__(self) -> None:
        self.events = 0
        self.words: Counter[str] = Counter()
        self._tests: list[_Test] = []
        self._open: dict[object, _Test] = {}
        self._suites: dict[object, tuple[str, str]] = {}
        self._groups: dict[object, str] = {}
        self._done: list[object] = []
        self._starts = 0
        self._taken: Taken = {}
        self._lost = self._lost_bad = 0

    def take(self, event: Object) -> None:
        """Take one event; what is none of a test run is left out."""
        kind = event.get("type")
        if not isinstance(kind, str) or kind not in _TYPES:
            return
        self.events += 1
        if kind == "testStart":
            self._start(object_of(event.get("test")), event.get("time"))
        elif kind == "testDone":
            self._end(event)
        elif kind in ("error", "print"):
            self._say(kind, event)
        elif kind == "group":
            group = object_of(event.get("group"))
            self._groups[_id(group.get("id"))] = text_of(group.get("name"))
        elif kind == "suite":
            suite = object_of(event.get("suite"))
            self._suites[_id(suite.get("id"))] = text_of(suite.get("path")), text_of(suite.get("platform"))
        elif kind == "done":
            self._done.append(event.get("success"))
        elif kind == "start":  # ids begin anew
            self._starts += 1
            self._open, self._suites, self._groups = {}, {}, {}

    def finish(self, cases: Cases) -> None:
        """Add the cases, in the order in which they began, and what the end of the run says."""
        suites = suite_names({test.path for test in self._tests})
        bad = [self._add(cases, test, suites[test.path]) for test in self._tests]
        note_lost(cases, self._lost, "events of tests")
        if len(self._done) < max(self._starts, 1):
            cases.broke("has no event `done`: the run was killed", "look for why it ended; tests may be missing")
        elif None in self._done:
            cases.note("the run was ended before all of its tests had run", "run the tests again")
        if self._lost_bad or (False in self._done and not any(bad)):
            cases.add(RUN_CASE, Status.ERROR, said=said("the report says that the run failed, but not by which test"))

    def _start(self, test: Object, time: object) -> None:
        path, platform = self._suites.get(_id(test.get("suiteID")), ("", ""))
        ids = list_of(test.get("groupIDs"))
        group = self._groups.get(_id(ids[-1]), "") if ids else ""
        name = text_of(test.get("name"))
        if group and name.startswith(f"{group} "):
            name = name[len(group) + 1 :]
        root = test.get("root_line")
        line = count_of(test.get("line") if root is None else root)
        metadata = test.get("metadata")
        reason = text_of(metadata.get("skipReason")) if isinstance(metadata, dict) else ""
        found = _Test(name, path, platform, group, line, time, reason=reason)
        self._tests.append(found)
        self._open[_id(test.get("id"))] = found

    def _end(self, event: Object) -> None:
        word = text_of(event.get("result"))
        test = self._open.get(_id(event.get("testID")))
        if test is None:
            self._lost += 1
            self._lost_bad += word in ("failure", "error")
            return
        test.ended, test.word = event.get("time"), word
        test.skipped, test.hidden = event.get("skipped") is True, event.get("hidden") is True
        if word == "success" and not test.errors:
            test.prints = None
        if word not in _RESULTS:
            self.words[word] += 1

    def _say(self, kind: str, event: Object) -> None:
        test = self._open.get(_id(event.get("testID")))
        if test is None:
            self._lost += 1
            self._lost_bad += kind == "error"
        elif kind == "error":
            if len(test.errors) < _ERRORS:
                test.errors += (event,)
            if test.word == "success":  # failed after it had already ended
                test.word = "error"
        else:
            message = text_of(event.get("message"))
            if message.startswith(_RETRY) and test.errors:
                if len(test.earlier) < _ATTEMPTS:
                    test.earlier += (attempt(_status_of(test.errors), None, _said(test)),)
                test.errors = ()
            elif event.get("messageType") == "skip":
                test.reason = test.reason or message.removeprefix("Skip: ")
            elif test.word is None:
                test.prints = test.prints or deque(maxlen=_PRINTS)
                test.prints.append(message)

    def _add(self, cases: Cases, test: _Test, suite: str) -> bool:
        """Add one test unless it is hidden and passed, and tell whether it failed."""
        status = Status.ERROR if test.word is None else _RESULTS.get(test.word, Status.ERROR)
        if status is Status.PASSED and test.skipped:
            status = Status.SKIPPED
        if test.hidden and not status.bad:
            return False
        name = test.name
        if test.path and name.startswith(_LOADING):
            name = name.replace(test.path, suite)
        file = suite
        if test.platform not in ("", "vm"):
            suite = f"{suite} [{test.platform}]"
        earlier = test.earlier
        if status is Status.PASSED and test.errors:
            earlier = (*earlier, attempt(_status_of(test.errors), None, _said(test)))
        cases.add(
            free_name(self._taken, suite, test.group, name),
            status,
            suite=suite,
            classname=test.group,
            duration_s=_duration(cases, test),
            said=said(test.reason) if status is Status.SKIPPED else _said(test) if status.bad else NOTHING,
            file=file,
            line=test.line,
            earlier=earlier,
        )
        return status.bad


def _id(value: object) -> object:
    """Return an id that can be looked up; None for what is no number."""
    return value if isinstance(value, int) else None


def _status_of(errors: tuple[Object, ...]) -> Status:
    """Return failed when all errors are of the test's own expectations."""
    return Status.FAILED if all(error.get("isFailure") is True for error in errors) else Status.ERROR


def _duration(cases: Cases, test: _Test) -> float | None:
    began, ended = test.began, test.ended
    if began is None or ended is None:
        return None
    if isinstance(began, int) and isinstance(ended, int):
        return cases.seconds(ended - began, test.name, 1000)
    return cases.seconds("", test.name)  # noted as odd


def _said(test: _Test) -> Said:
    """Return what the errors of a test say, the first one first, then the end of what it printed."""
    if not test.errors:
        reason = "the test began, but never ended"
        if test.word is not None:
            reason = "" if test.word in _RESULTS else f"its result is `{test.word}`, which is not known"
        return said(reason, _printed(test))
    error = text_of(test.errors[0].get("error"))
    kind, message = ("", error) if test.errors[0].get("isFailure") is True else split_error(error)
    parts = [f"{text_of(one.get('error')).strip()}\n{text_of(one.get('stackTrace'))}".strip() for one in test.errors]
    trace = "\n--- error ---\n".join(parts)
    return said(message, "\n".join(filter(None, (trace, _printed(test)))), kind)


def _printed(test: _Test) -> str:
    return "--- printed ---\n" + "\n".join(test.prints) if test.prints else ""
