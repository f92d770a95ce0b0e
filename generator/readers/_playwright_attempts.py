"""The attempts of one Playwright test: which of them counts, what the others came to, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from generator.readers._cases import NOTHING, attempt, said
from generator.readers._loose import list_of, object_of, objects_of, text_of
from generator.readers._outputs import with_outputs
from generator.readers._told import error_said
from generator.records import Attempt, Status

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from generator.readers._cases import Cases
    from generator.readers._loose import Object
    from generator.readers._names import Said

_WORDS: Final = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "timedOut": Status.ERROR,
    "interrupted": Status.ERROR,
    "skipped": Status.SKIPPED,
}
_VERDICTS: Final = frozenset({"expected", "unexpected", "flaky", "skipped"})
_SKIPS: Final = ("skip", "fixme")
"""Annotations that say why a test was skipped."""
_EXPECTED: Final = {"failed": "fail", "timedOut": "time out", "skipped": "be skipped"}
_ATTEMPTS: Final = 50
"""Earlier attempts that are kept of a test."""
_ERRORS: Final = 10
"""Errors of one attempt whose texts are kept, as soft assertions make many."""


class Verdict(NamedTuple):
    """What a test came to."""

    status: Status
    said: Said
    duration_s: float | None
    earlier: list[Attempt]
    stamp: str
    """When its first attempt began."""


def verdict(cases: Cases, test: Object, name: str, words: Counter[str]) -> Verdict:
    """Return what a test came to; the attempt that counts is the one which Playwright's own verdict rests on."""
    results = objects_of(test.get("results"))
    if len(results) == 1 and test.get("status") == "expected" and test.get("expectedStatus") == "passed":
        only = results[0]  # as most tests end
        if only.get("status") == "passed":
            took = cases.seconds(only.get("duration"), name, 1000.0)
            return Verdict(Status.PASSED, NOTHING, took, [], text_of(only.get("startTime")))
    expected = text_of(test.get("expectedStatus")) or "passed"
    statuses = [_status(result, expected, words) for result in results]
    word = text_of(test.get("status"))
    if word and word not in _VERDICTS:
        words[word] += 1
    last = _last(statuses, word)
    stamp = text_of(results[0].get("startTime")) if results else ""
    if last < 0:
        return _without_attempt(test, word, expected, stamp)
    seconds = [cases.seconds(result.get("duration"), name, 1000.0) for result in results]
    earlier = [
        attempt(status, seconds[place], _said(results[place], status, expected))
        for place, status in enumerate(statuses)
        if place != last and status is not Status.SKIPPED
    ]
    status = statuses[last]
    about = (
        _reason(test, results[last], expected) if status is Status.SKIPPED else _said(results[last], status, expected)
    )
    if word and word not in _VERDICTS and not status.bad:
        status, about = Status.ERROR, said("reported with a verdict that is not known")
    return Verdict(status, about, seconds[last], earlier[-_ATTEMPTS:], stamp)


def error_text(
    errors: list[Object], message: str = "", outputs: Sequence[tuple[str, str]] = (), kind: str = ""
) -> Said:
    """Return what errors say: type and message of the first, the texts of all, and the ends of outputs."""
    texts = [_text(error) for error in errors[:_ERRORS]]
    if len(errors) > _ERRORS:
        texts.append(f"--- and {len(errors) - _ERRORS} more errors ---")
    trace = "\n\n".join(filter(None, texts))
    return error_said(message or _message(errors[0]), trace, kind, with_outputs("", outputs))


def _status(result: Object, expected: str, words: Counter[str]) -> Status:
    """Return what an attempt came to: as expected is passed, and a pass that was not expected is a failure."""
    word = text_of(result.get("status"))
    status = _WORDS.get(word)
    if status is None:
        words[word or "(none)"] += 1
        return Status.ERROR
    if status is Status.SKIPPED:
        return status
    if word == expected:
        return Status.PASSED
    return Status.FAILED if status is Status.PASSED else status


def _last(statuses: list[Status], word: str) -> int:
    """Return the place of the attempt that counts, -1 when none does.

    Of a flaky test it is the last that passed, of an unexpected one the last that failed: in a serial block attempts
    go on after the one that counts. Otherwise it is the last that ran.
    """
    places = range(len(statuses) - 1, -1, -1)
    if word == "flaky":
        passed = next((place for place in places if statuses[place] is Status.PASSED), -1)
        if passed >= 0:
            return passed
    if word == "unexpected":
        return next((place for place in places if statuses[place].bad), -1)
    ran = next((place for place in places if statuses[place] is not Status.SKIPPED), -1)
    return ran if ran >= 0 else len(statuses) - 1


def _without_attempt(test: Object, word: str, expected: str, stamp: str) -> Verdict:
    """Return what a test came to of which no attempt tells: it was skipped, or the run ended before it."""
    if word == "skipped":
        return Verdict(Status.SKIPPED, _reason(test, {}, expected), None, [], stamp)
    about = said(f"reported as {word or 'nothing'} without an attempt that says so")
    return Verdict(Status.ERROR, about, None, [], stamp)


def _reason(test: Object, result: Object, expected: str) -> Said:
    """Return why a test was skipped; one that was meant to run was kept from it by a failure elsewhere."""
    for each in (*objects_of(test.get("annotations")), *objects_of(result.get("annotations"))):
        if each.get("type") in _SKIPS and text_of(each.get("description")):
            return said(text_of(each.get("description")))
    return NOTHING if expected == "skipped" else said("did not run")


def _said(result: Object, status: Status, expected: str) -> Said:
    """Return what an attempt says that did not come out as expected."""
    if not status.bad:
        return NOTHING
    word = text_of(result.get("status"))
    if word == "passed":
        return said(f"passed, but was expected to {_EXPECTED.get(expected, 'end otherwise')}")
    error = object_of(result.get("error"))
    errors = objects_of(result.get("errors")) or ([error] if error else [])
    outputs = [(name, _output(result.get(name))) for name in ("stdout", "stderr")]
    kind = word if status is Status.ERROR else ""
    if not errors:
        return said(f"{word or 'no status'}; the report holds no text of it", with_outputs("", outputs), kind)
    return error_text(errors, _message(error), outputs, kind)


def _message(error: Object) -> str:
    """Return the message of an error, or what was thrown instead of one."""
    return text_of(error.get("message")) or text_of(error.get("value"))


def _text(error: Object) -> str:
    """Return the whole text of an error: newer versions write it as the message, older ones in three pieces."""
    message, stack, snippet = _message(error), text_of(error.get("stack")), text_of(error.get("snippet"))
    found = stack if message in stack else f"{message}\n{stack}".rstrip()
    return f"{found}\n\n{snippet}" if snippet and snippet not in found else found


def _output(chunks: object) -> str:
    """Return what a test printed; chunks of bytes are left out."""
    return "".join(text_of(object_of(chunk).get("text")) or text_of(chunk) for chunk in list_of(chunks))
