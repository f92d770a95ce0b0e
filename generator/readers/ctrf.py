"""CTRF, the Common Test Report Format: one JSON object with `results.tests`, written by reporters of many runners."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers._cases import NOTHING, Cases, attempt, said
from generator.readers._ctrf_names import identities
from generator.readers._junit_values import earliest
from generator.readers._loose import (
    count_of,
    lines_of,
    moment_of,
    note_lost,
    note_words,
    object_of,
    objects_of,
    text_of,
)
from generator.readers._outputs import with_outputs
from generator.readers._told import split_error
from generator.records import Attempt, Status
from generator.safety.ids import is_commit
from generator.safety.text import clean_meta, one_line

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._loose import Object
    from generator.readers._names import Said

NAME: Final = "ctrf"
TITLE: Final = "CTRF"
SIGNS: Final = (
    "`reportFormat` CTRF, or `results` with `tool`, `summary` and `tests`; cut off: named like `ctrf-report.json`"
)

_NAME_LIKE: Final = re.compile(r"(?:.*[-_.])?ctrf(?:[-_.].*)?\.json", re.DOTALL | re.IGNORECASE)
_HEAD: Final = re.compile(rb'\s{0,9}\{\s{0,9}"reportFormat":\s{0,9}"CTRF"')
_STATUSES: Final = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "skipped": Status.SKIPPED,
    "pending": Status.SKIPPED,
}
_RAW_ERRORS: Final = frozenset(
    {
        *("error", "errored", "broken", "timedout", "timeout", "interrupted"),
        *("aborted", "crashed", "crash", "setupfailed", "teardownfailed"),
    }
)
"""Words of runners, without case and separators, for a test that broke instead of failing an assertion."""
_RAW_SKIPS: Final = frozenset(
    {"todo", "disabled", "ignored", "notrun", "skip", "skipped", "pending", "xfailed", "xfail", "fixme"}
)
"""Words of runners for a test that did not run or may fail; CTRF calls those that it does not know `other`."""
_UNTOLD: Final = 10
"""Earlier attempts that are kept of a test of which only their number is known."""
_ATTEMPTS: Final = 50
"""Earlier attempts that are kept of a test."""
_FACTS: Final = (
    ("commit", ("commit",)),
    ("branch", ("branchName",)),
    ("build", ("buildNumber", "buildId")),
    ("url", ("buildUrl",)),
)


def recognises(artifact: Artifact) -> str:
    """Return the format's own mark or the keys of `results` as sign; the name when it is no JSON."""
    document = artifact.peek_object()
    results = document.get("results")
    if document.get("reportFormat") == "CTRF":
        return "`reportFormat` is CTRF"
    if isinstance(results, dict):
        tests, summary, tool = results.get("tests"), results.get("summary"), results.get("tool")
        is_ours = isinstance(tests, list) and isinstance(summary, dict) and isinstance(tool, dict)
        return "`results` with `tool`, `summary` and `tests`" if is_ours else ""
    if artifact.peek_json() is not None:
        return ""
    if _HEAD.match(artifact.peek()):
        return "begins with `reportFormat` CTRF"
    return "named like a CTRF report" if _NAME_LIKE.fullmatch(artifact.name) else ""


def read(artifact: Artifact) -> Reading:
    """Return its results, counts, time and run facts; raises UnreadableError with cause and next step."""
    document = artifact.json()
    if not isinstance(document, dict):
        raise UnreadableError("the document is no object", "check the reporter that writes it")
    results = object_of(document.get("results"))
    entries = results.get("tests")
    if not isinstance(entries, list):
        raise UnreadableError("the report has no list `results.tests`", "check the reporter that writes it")
    cases = Cases(artifact, NAME)
    tests = objects_of(entries[: cases.most])
    words: Counter[str] = Counter()
    tool = text_of(object_of(results.get("tool")).get("name"))
    for test, (suite, classname, name) in zip(tests, identities(tests, tool), strict=True):
        status = Status.PASSED if test.get("status") == "passed" else _status(test, words)
        retried = test.get("retries") or test.get("flaky") or test.get("retryAttempts")
        cases.add(
            name,
            status,
            suite=suite,
            classname=classname,
            duration_s=cases.seconds(test.get("duration"), name, 1000.0),
            said=_said(test, status) if status is not Status.PASSED else NOTHING,
            file=text_of(test.get("filePath")),
            line=count_of(test.get("line")),
            earlier=_earlier(cases, test, status) if retried else (),
        )
    note_words(cases, words)
    note_lost(cases, len(entries[: cases.most]) - len(tests), "tests")
    summary = object_of(results.get("summary"))
    _declare(cases, summary)
    return cases.reading(
        started_at=_started(summary, document), properties=_facts(object_of(results.get("environment")))
    )


def _status(test: Object, words: Counter[str]) -> Status:
    """Return the status of a test or attempt; what the runner itself called it decides where CTRF has no word."""
    word, raw = text_of(test.get("status")), text_of(test.get("rawStatus"))
    status = _STATUSES.get(word) or _STATUSES.get(word.lower())
    if not raw and status:
        return status
    plain = re.sub(r"[^a-z]", "", raw[:80].lower())
    if status is Status.FAILED:
        return Status.ERROR if plain in _RAW_ERRORS else status
    if status:
        return status
    if word.lower() == "other" and plain in _RAW_SKIPS:
        return Status.SKIPPED
    if plain not in _RAW_ERRORS:
        words[f"{word or '(none)'} ({raw})" if raw else word or "(none)"] += 1
    return Status.ERROR


def _said(test: Object, status: Status) -> Said:
    """Return what a test or attempt says, in the words of its reporter; outputs only where it failed."""
    message, trace = text_of(test.get("message")), lines_of(test.get("trace"))
    if not status.bad:
        return said(message)
    snippet = text_of(test.get("snippet"))
    outputs = [("snippet", snippet)] if snippet and snippet not in trace else []
    outputs += [(name, lines_of(test.get(name))) for name in ("stdout", "stderr")]
    if not (message or trace):
        word = text_of(test.get("rawStatus")) or text_of(test.get("status"))
        message = f"{f'reported as {word}' if word else 'reported without a status'}; the report holds no text of it"
    return said(message, with_outputs(trace, outputs), split_error(message or trace)[0])


def _earlier(cases: Cases, test: Object, status: Status) -> list[Attempt]:
    """Return the attempts before the last: as they are listed, else as many as retries are counted, without texts.

    A retry follows a failure, so a test that failed in the end or passed after retries failed before.
    """
    retries, flaky = count_of(test.get("retries")), test.get("flaky")
    listed = objects_of(test.get("retryAttempts"))
    if listed:
        return _listed(cases, test, listed, retries, status)
    passed_late = status is Status.PASSED and (flaky is True or (bool(retries) and flaky is not False))
    number = max(retries or 0, 1) if passed_late else retries or 0 if status.bad else 0
    return [attempt(Status.FAILED)] * min(number, _UNTOLD)


def _listed(cases: Cases, test: Object, listed: list[Object], retries: int | None, status: Status) -> list[Attempt]:
    """Return the listed attempts, without the last one where it is the test's own outcome."""
    words: Counter[str] = Counter()
    statuses = [_status(each, words) for each in listed]
    is_own = len(listed) == retries + 1 if retries is not None else statuses[-1] is status is Status.PASSED
    if is_own:
        del listed[-1], statuses[-1]
    name = text_of(test.get("name"))
    return [
        attempt(
            found,
            cases.seconds(each.get("duration"), name, 1000.0),
            _said(each, found) if found is not Status.PASSED else NOTHING,
        )
        for each, found in zip(listed[:_ATTEMPTS], statuses, strict=False)
    ]


def _declare(cases: Cases, summary: Object) -> None:
    """Declare the totals of the summary; what it calls `other` may be failed or skipped."""
    total = {name: count_of(summary.get(name)) for name in ("tests", "passed", "failed", "skipped", "pending", "other")}
    cases.declare(tests=total["tests"], passed=total["passed"])
    if not total["other"]:
        skipped = None if total["skipped"] is None else total["skipped"] + (total["pending"] or 0)
        cases.declare(bad=total["failed"], skipped=skipped)


def _started(summary: Object, document: Object) -> str:
    """Return when the run began: in milliseconds, or in seconds where that would be in 1970; else the report's time."""
    start = summary.get("start")
    seconds = start * 1000 if isinstance(start, int | float) and abs(start) < 1e11 else None
    return moment_of(start) or moment_of(seconds) or earliest([text_of(document.get("timestamp"))])


def _facts(environment: Object) -> list[tuple[str, str]]:
    facts: list[tuple[str, str]] = []
    for fact, names in _FACTS:
        for name in names:
            value = environment.get(name)
            text = str(value) if count_of(value) is not None else one_line(clean_meta(text_of(value)))
            if text and (fact != "commit" or is_commit(text)):
                facts.append((fact, text))
                break
    return facts
