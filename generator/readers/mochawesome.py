"""What the reporter mochawesome writes for Mocha and Cypress.

The suite of a test is its file, as the report names it below the root of the project; its class are the titles of the
suites around it. Tests of one full title are different tests, because only the last attempt of a test is written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.readers._cases import NOTHING, Cases, said
from generator.readers._foreign_files import suite_names
from generator.readers._junit_values import earliest
from generator.readers._loose import (
    Object,
    Taken,
    count_of,
    free_name,
    list_of,
    note_lost,
    note_words,
    object_of,
    objects_of,
    root_of,
    text_of,
)
from generator.readers._mocha_errors import error_of, said_of, status_of
from generator.records import Status
from generator.safety.text import clean_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._names import Said

NAME: Final = "mochawesome"
TITLE: Final = "mochawesome"
SIGNS: Final = "`stats` with `passPercent` beside a list `results` of suites; else named `mochawesome*.json`"

_NAME_LIKE: Final = re.compile(r"(?:.*[-_.])?mochawesome(?:[-_.].*)?\.json", re.DOTALL)
_STATES: Final = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "pending": Status.SKIPPED,
    "skipped": Status.SKIPPED,
}
_FLAGS: Final = (
    ("fail", Status.FAILED),
    ("pending", Status.SKIPPED),
    ("skipped", Status.SKIPPED),
    ("pass", Status.PASSED),
)
_HOOKS: Final = ("beforeHooks", "afterHooks")

_Titles = tuple[str, ...]


def recognises(artifact: Artifact) -> str:
    """Return the list of suites beside `stats` as sign; else the name, for a report too broken to be parsed."""
    document = artifact.peek_object()
    stats = document.get("stats")
    if isinstance(stats, dict) and count_of(stats.get("passes")) is not None:
        if "passPercent" in stats and isinstance(document.get("results"), list):
            return "`results` beside `stats` with `passPercent`"
        if any(_is_suite(suite) for suite in _roots(document)):
            return "suites with `uuid` beside `stats`"
    broken = _NAME_LIKE.fullmatch(artifact.name) is not None and artifact.peek_json() is None
    return "named like a mochawesome report" if broken else ""


def read(artifact: Artifact) -> Reading:
    """Return its results, counts and time; raises UnreadableError with cause and next step."""
    document = artifact.json()
    is_old = isinstance(document, dict) and isinstance(document.get("suites"), dict)
    root = document if isinstance(document, dict) and is_old else root_of(artifact, "results")
    cases = Cases(artifact, NAME)
    suites = list(_suites(root))
    names = suite_names({file for _, file, _ in suites})
    words: dict[str, int] = {}
    taken: Taken = {}
    lost = hooks = 0
    for suite, file, titles in suites:
        where, classname = names[file], " › ".join(titles)
        for hook in (hook for key in _HOOKS for hook in objects_of(suite.get(key)) if _failed(hook)):
            hooks += 1
            _add(cases, hook, where, classname, taken, words)
        tests = list_of(suite.get("tests"))
        for test in tests:
            if isinstance(test, dict):
                _add(cases, test, where, classname, taken, words)
            else:
                lost += 1
    _declare(cases, object_of(root.get("stats")), hooks)
    note_lost(cases, lost, "tests")
    note_words(cases, words)
    return cases.reading(started_at=earliest([text_of(object_of(root.get("stats")).get("start"))]))


def _is_suite(suite: Mapping[str, object]) -> bool:
    return isinstance(suite.get("uuid"), str) and any(isinstance(suite.get(key), list) for key in ("suites", "tests"))


def _roots(root: Mapping[str, object]) -> list[Object]:
    """Return the suites at the top; reports before version 4 have one, under another name."""
    old = root.get("suites")
    return [old] if isinstance(old, dict) else objects_of(root.get("results"))


def _suites(root: Object) -> Iterator[tuple[Object, str, _Titles]]:
    """Yield all suites in document order with their files and titles; what a suite does not say, its parent does."""
    waiting: list[tuple[Object, str, _Titles]] = [(suite, "", ()) for suite in reversed(_roots(root))]
    while waiting:
        suite, above, titles = waiting.pop()
        file = _file(suite) or above
        title = text_of(suite.get("title")).strip()
        titles = (*titles, title) if title else titles
        yield suite, file, titles
        waiting += [(inner, file, titles) for inner in reversed(objects_of(suite.get("suites")))]


def _file(suite: Object) -> str:
    """Return the file of a suite below the root of the project, which the report cuts off but for one slash."""
    file, whole = text_of(suite.get("file")).strip(), text_of(suite.get("fullFile")).strip()
    return whole if not file or file == whole else file.lstrip("/\\")


def _failed(hook: Object) -> bool:
    return hook.get("fail") is True or hook.get("state") == "failed"


def _add(cases: Cases, test: Object, suite: str, classname: str, taken: Taken, words: dict[str, int]) -> None:
    title = text_of(test.get("title")) or text_of(test.get("fullTitle"))
    error = error_of(test.get("err"))
    status = _status(test, error, words)
    cases.add(
        free_name(taken, suite, classname, title),
        status,
        suite=suite,
        classname=classname,
        duration_s=cases.seconds(test.get("duration"), title, 1000),
        said=_said(test, error, status),
        file=suite,
    )


def _status(test: Object, error: Object, words: dict[str, int]) -> Status:
    """Return what the flags and the state of a test say; the worse one counts."""
    word = text_of(test.get("state"))
    if word == "passed" and test.get("pass") is True and not (test.get("fail") or test.get("pending")):
        return Status.PASSED
    flag = next((status for name, status in _FLAGS if test.get(name) is True), None)
    state = _STATES.get(word)
    if Status.FAILED in (flag, state):
        broke = test.get("isHook") is True or test.get("timedOut") is True
        return status_of(error, broke=broke)
    if word and state is None:
        words[word] = words.get(word, 0) + 1
        return Status.ERROR
    if Status.SKIPPED in (flag, state):
        return Status.SKIPPED
    return state or flag or Status.ERROR


def _said(test: Object, error: Object, status: Status) -> Said:
    if error and status.bad:
        return said_of(error)
    if status is Status.ERROR and not error:
        state = clean_name(text_of(test.get("state")))
        return said(f"its state is `{state}`, which is not known" if state else "it has no state: it did not end")
    return NOTHING


def _declare(cases: Cases, stats: Object, hooks: int) -> None:
    """Declare the totals; failures count hooks, and tests that a failed hook kept from running are a number apart."""
    pending, skipped = count_of(stats.get("pending")), count_of(stats.get("skipped"))
    registered = count_of(stats.get("testsRegistered"))
    cases.declare(
        tests=None if registered is None else registered + hooks,
        passed=count_of(stats.get("passes")),
        bad=count_of(stats.get("failures")),
        skipped=None if pending is None else pending + (skipped or 0),
    )
