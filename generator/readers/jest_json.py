"""What Jest and Vitest write with `--json` or `--reporter=json`.

The suite of a test is its file, named as `_foreign_files` does it: reports hold absolute paths of another machine.
Tests of one full name are different tests, because both runners write one entry a test, whatever its attempts.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from generator.readers._cases import NOTHING, Cases, attempt, said
from generator.readers._foreign_files import suite_names
from generator.readers._loose import (
    Object,
    Taken,
    count_of,
    free_name,
    list_of,
    moment_of,
    note_lost,
    note_words,
    object_of,
    objects_of,
    root_of,
    text_of,
)
from generator.readers._told import error_said
from generator.records import Attempt, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._names import Said

NAME: Final = "jest_json"
TITLE: Final = "Jest or Vitest JSON"
SIGNS: Final = "list `testResults` with `numTotalTests` and `numPassedTests` beside it; else named `jest-results.json`"

FILE_CASE: Final = "(file)"
"""Name of the result that stands for a file that did not run, or that broke outside its tests."""

RUN_CASE: Final = "(run)"
"""Name of the result that stands for a run that calls itself unsuccessful though none of its tests is."""

_NAME_LIKE: Final = re.compile(
    r"(?:.*[-_.])?(?:jest|vitest)(?:[-_.](?:results?|report|output|tests?))?\.json", re.DOTALL
)
_MARKS: Final = ("numTotalTests", "numPassedTests", "numFailedTests", "numTotalTestSuites")
_HEADING: Final = re.compile(r"\s*● Test suite failed to run\s*")
_STATUSES: Final = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    **dict.fromkeys(("skipped", "pending", "todo", "disabled"), Status.SKIPPED),
}
_ATTEMPTS: Final = 20
"""Earlier attempts of a test that are kept."""


def recognises(artifact: Artifact) -> str:
    """Return the counts beside `testResults` as sign; else the name, for a report too broken to be parsed."""
    document = artifact.peek_object()
    marks = [mark for mark in _MARKS if count_of(document.get(mark)) is not None]
    if isinstance(document.get("testResults"), list) and len(marks) > 1:
        return f"`testResults` with `{marks[0]}`"
    broken = _NAME_LIKE.fullmatch(artifact.name) is not None and artifact.peek_json() is None
    return "named like a Jest report" if broken else ""


def read(artifact: Artifact) -> Reading:
    """Return its results, counts and time; raises UnreadableError with cause and next step."""
    root = root_of(artifact, "testResults")
    cases = Cases(artifact, NAME)
    files = objects_of(root["testResults"])
    suites = suite_names(_path(file) for file in files)
    words: Counter[str] = Counter()
    taken: Taken = {}
    lost = len(list_of(root["testResults"])) - len(files)
    broken = bad = 0
    for file in files:
        entries = list_of(file.get("assertionResults", file.get("testResults")))
        tests = [entry for entry in entries if isinstance(entry, dict)]
        lost += len(entries) - len(tests)
        suite = suites[_path(file)]
        worst = [_add(cases, test, suite, taken, words) for test in tests]
        bad += sum(worst)
        broken += _add_file(cases, file, suite, any(worst), bool(tests))
    _declare(cases, root, broken)
    note_lost(cases, lost, "entries of `testResults`")
    note_words(cases, words)
    _add_run(cases, root, bad + broken)
    return cases.reading(started_at=moment_of(root.get("startTime")))


def _path(file: Mapping[str, object]) -> str:
    return text_of(file.get("name")) or text_of(file.get("testFilePath"))


def _add(cases: Cases, test: Object, suite: str, taken: Taken, words: Counter[str]) -> bool:
    """Add one test, and tell whether it failed."""
    word = text_of(test.get("status"))
    status = _STATUSES.get(word)
    if status is None:
        words[word] += 1
        status = Status.ERROR
    bad = status.bad
    titles = test.get("ancestorTitles")
    classname = " › ".join([title for title in titles if title and type(title) is str]) if type(titles) is list else ""
    title = text_of(test.get("title")) or text_of(test.get("fullName"))
    location = test.get("location")
    failures = test.get("failureMessages")
    failures = [text for text in failures if isinstance(text, str)] if failures and isinstance(failures, list) else []
    cases.add(
        free_name(taken, suite, classname, title),
        status,
        suite=suite,
        classname=classname,
        duration_s=cases.seconds(test.get("duration"), title, 1000),
        said=_said(failures, word) if bad else NOTHING,
        file=suite,
        line=count_of(location.get("line")) if isinstance(location, dict) else None,
        earlier=_earlier(test, [] if bad else failures),
    )
    return bad


def _said(failures: Sequence[str], word: str) -> Said:
    """Return what the failures of a test say, the first one first."""
    if not failures:
        return NOTHING if word == "failed" else said(f"its status is `{word}`, which is not known")
    first, *others = failures
    return error_said("", first, more="\n".join(f"--- failure ---\n{other}" for other in others))


def _earlier(test: Object, overcome: Sequence[str]) -> Sequence[Attempt]:
    """Return the failed attempts before the last: Jest's reasons to retry, else what a test that passed failed with.

    Vitest keeps the failures of earlier attempts in the messages of the test, which cannot be told apart when the last
    attempt failed as well.
    """
    reasons = test.get("retryReasons")
    invocations = test.get("invocations", 1)
    if not reasons and not overcome and invocations == 1:
        return ()
    told = [text for text in list_of(reasons) if isinstance(text, str)] if reasons else overcome
    silent = max((count_of(invocations) or 1) - 1 - len(told), 0)
    attempts = [attempt(Status.FAILED, None, error_said("", text)) for text in told[:_ATTEMPTS]]
    return attempts + [attempt(Status.FAILED)] * min(silent, _ATTEMPTS - len(attempts))


def _add_file(cases: Cases, file: Object, suite: str, failed: bool, tests: bool) -> int:  # noqa: FBT001
    """Add a result for a file that failed though none of its tests did; return 1 when there is one.

    A file of which all tests were skipped may be written without them: it is one skipped result.
    """
    status = text_of(file.get("status"))
    broke = object_of(file.get("testExecError"))
    if broke or (status == "failed" and not failed):
        message = text_of(file.get("message")) or text_of(file.get("failureMessage")) or text_of(broke.get("message"))
        told = error_said(
            text_of(broke.get("message")), _HEADING.sub("", message) or "the file failed outside its tests"
        )
        cases.add(FILE_CASE, Status.ERROR, suite=suite, said=told, file=suite)
        return 1
    if status in ("skipped", "pending") and not tests:
        cases.add(FILE_CASE, Status.SKIPPED, suite=suite, file=suite)
    return 0


def _declare(cases: Cases, root: Object, broken: int) -> None:
    """Declare the totals; those of tests do not count files that broke."""
    tests, failed = count_of(root.get("numTotalTests")), count_of(root.get("numFailedTests"))
    skipped = [count_of(root.get(name)) for name in ("numPendingTests", "numTodoTests")]
    cases.declare(
        tests=None if tests is None else tests + broken,
        passed=count_of(root.get("numPassedTests")),
        bad=None if failed is None else failed + broken,
        skipped=None if skipped[0] is None else skipped[0] + (skipped[1] or 0),
    )


def _add_run(cases: Cases, root: Object, bad: int) -> None:
    if root.get("wasInterrupted") is True:
        cases.note("the run was interrupted", "run the tests again; those that are missing did not run")
    if root.get("success") is False and not bad:
        told = error_said("", "the report says that the run failed, but none of its tests did")
        cases.add(RUN_CASE, Status.ERROR, said=told)
