"""What Mocha's `json` reporter writes.

The suite of a test is its file, named as `_foreign_files` does it. Only the last attempt of a test is written, with the
number of those before it; tests of one full title are different tests.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.readers._cases import NOTHING, Cases, attempt
from generator.readers._foreign_files import suite_names
from generator.readers._junit_values import earliest
from generator.readers._loose import (
    Object,
    Taken,
    count_of,
    free_name,
    list_of,
    note_lost,
    object_of,
    objects_of,
    root_of,
    text_of,
)
from generator.readers._mocha_errors import error_of, is_hook, said_of, status_of
from generator.records import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "mocha_json"
TITLE: Final = "Mocha JSON"
SIGNS: Final = (
    "`stats` with `passes` and `failures` beside lists `tests`, `passes`, `failures`; else named `mocha.json`"
)

_NAME_LIKE: Final = re.compile(r"(?:.*[-_.])?mocha(?:[-_.](?:results?|report|output|tests?))?\.json", re.DOTALL)
_Key = tuple[str, str]
_LISTS: Final = ("tests", "pending", "failures", "passes")
_COUNTS: Final = ("passes", "failures", "pending", "tests")
_SILENT: Final = {"message": "the report says neither that it passed nor why it failed"}
_ATTEMPTS: Final = 20
"""Earlier attempts of a test that are kept."""


def recognises(artifact: Artifact) -> str:
    """Return the lists beside `stats` as sign; else the name, for a report too broken to be parsed."""
    document = artifact.peek_object()
    stats = document.get("stats")
    if isinstance(stats, dict):
        lists = [name for name in _LISTS if isinstance(document.get(name), list)]
        counts = [name for name in _COUNTS if count_of(stats.get(name)) is not None]
        return f"`stats` beside `{lists[0]}`" if len(lists) > 1 and len(counts) > 1 else ""
    broken = _NAME_LIKE.fullmatch(artifact.name) is not None and artifact.peek_json() is None
    return "named like a Mocha report" if broken else ""


def read(artifact: Artifact) -> Reading:
    """Return its results, counts and time; raises UnreadableError with cause and next step."""
    root = root_of(artifact, *_LISTS)
    cases = Cases(artifact, NAME)
    lists = {name: objects_of(root.get(name)) for name in _LISTS}
    lost = sum(len(list_of(root.get(name))) - len(lists[name]) for name in _LISTS)
    suites = suite_names(text_of(test.get("file")) for found in lists.values() for test in found)
    keys = {name: {_key(test) for test in lists[name]} for name in _LISTS}
    taken: Taken = {}
    tells_passes = isinstance(root.get("passes"), list)
    for test in lists["tests"]:
        _add(cases, test, suites, taken, _list_of(test, keys) or ("" if tells_passes else "passes"))
    seen, extra = keys["tests"], 0
    for name in ("failures", "pending", "passes"):  # hooks that failed are only here
        for test in lists[name]:
            if _key(test) not in seen:
                extra += 1
                _add(cases, test, suites, taken, name, listed=False)
        seen = seen | keys[name]
    _declare(cases, object_of(root.get("stats")), extra)
    note_lost(cases, lost, "tests")
    return cases.reading(started_at=earliest([text_of(object_of(root.get("stats")).get("start"))]))


def _key(test: Mapping[str, object]) -> _Key:
    return text_of(test.get("file")), text_of(test.get("fullTitle")) or text_of(test.get("title"))


def _list_of(test: Object, keys: Mapping[str, set[_Key]]) -> str:
    """Return the list that a test stands in; of those of one title, the pending ones have no time."""
    key = _key(test)
    if key in keys["pending"] and not (key in keys["passes"] and "duration" in test):
        return "pending"
    return next((name for name in ("passes", "failures") if key in keys[name]), "")


def _add(
    cases: Cases, test: Object, suites: Mapping[str, str], taken: Taken, where: str, *, listed: bool = True
) -> None:
    """Add one test; errors outside of tests, which have no time, are not `listed` among the tests."""
    title, full = text_of(test.get("title")), text_of(test.get("fullTitle"))
    error = error_of(test.get("err"))
    status = Status.SKIPPED if where == "pending" else Status.PASSED
    if error or where in ("failures", ""):
        broke = is_hook(title) or not (error or where) or not (listed or "duration" in test)
        status = status_of(error, broke=broke)
    classname = full[: -len(title)].rstrip() if title and full.endswith(title) else full if title else ""
    suite = suites[text_of(test.get("file"))]
    retries = min(count_of(test.get("currentRetry")) or 0, _ATTEMPTS)
    cases.add(
        free_name(taken, suite, classname, title or full),
        status,
        suite=suite,
        classname=classname,
        duration_s=cases.seconds(test.get("duration"), title, 1000),
        said=said_of(error if where else error or _SILENT) if status.bad else NOTHING,
        file=suite,
        earlier=[attempt(Status.FAILED)] * retries if retries else (),
    )


def _declare(cases: Cases, stats: Object, extra: int) -> None:
    """Declare the totals; that of tests counts no hooks, that of failures does."""
    tests = count_of(stats.get("tests"))
    cases.declare(
        tests=None if tests is None else tests + extra,
        passed=count_of(stats.get("passes")),
        bad=count_of(stats.get("failures")),
        skipped=count_of(stats.get("pending")),
    )
