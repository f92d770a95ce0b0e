"""pytest-json-report (`--json-report`): one object a test with its phases, and what collection came to."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers._cases import NOTHING, Cases, attempt, said
from generator.readers._junit_values import run_facts
from generator.readers._loose import count_of, list_of, moment_of, note_lost, note_words, object_of, objects_of, text_of
from generator.readers._pytest_ids import (
    NEVER_ENDED,
    SKIP,
    SUITE,
    WORST,
    XFAIL,
    Broken,
    broken_said,
    collection_said,
    file_of,
    identity,
    kind_of,
    note_exit,
    skip_reason,
    told_by,
    total_of,
    worst_of,
)
from generator.records import Status
from generator.safety.limits import COUNT_MAX
from generator.safety.text import clean_meta, one_line

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._loose import Object
    from generator.readers._names import Said

NAME: Final = "pytest_json_report"
TITLE: Final = "pytest-json-report"
SIGNS: Final = "an object with `exitcode`, the object `summary` and `tests`, `collectors` or `root`"

_HEAD: Final = re.compile(rb'\s{0,9}\{\s{0,9}"created":\s{0,9}[0-9.]{1,40},\s{0,9}"duration":\s{0,9}[-0-9.e]{1,40},\s')
"""How a report begins; what is cut off or holds NaN is told by it."""
_PHASES: Final = ("setup", "call", "teardown", "???")
"""Phases in order; xdist reports the crash of a worker under the last name."""
_WORDS: Final = {
    "passed": Status.PASSED,
    "xpassed": Status.PASSED,
    "rerun": Status.PASSED,  # nothing after the rerun said otherwise: its phases tell
    "subtests passed": Status.PASSED,
    "subtests skipped": Status.PASSED,
    "skipped": Status.SKIPPED,
    "xfailed": Status.SKIPPED,
    "failed": Status.FAILED,
    "subtests failed": Status.FAILED,
    "error": Status.ERROR,
}
_OUTPUTS: Final = ("stdout", "stderr")
_LINKS: Final = ("BUILD_URL", "CI_JOB_URL", "CI_PIPELINE_URL", "CIRCLE_BUILD_URL", "TRAVIS_JOB_WEB_URL")


def recognises(artifact: Artifact) -> str:
    """Return the keys of the report as sign, or its beginning when it is no JSON."""
    document = artifact.peek_object()
    if count_of(document.get("exitcode")) is not None and isinstance(document.get("summary"), dict):
        listed = next((name for name in ("tests", "collectors") if isinstance(document.get(name), list)), "")
        named = listed or ("root" if isinstance(document.get("root"), str) else "")
        return f"keys `exitcode`, `summary` and `{named}`" if named else ""
    if _HEAD.match(artifact.peek()) and b'"exitcode"' in artifact.peek() and artifact.peek_json() is None:
        return "begins like a pytest-json-report"
    return ""


def read(artifact: Artifact) -> Reading:
    """Return its results, counts, time and run facts; raises UnreadableError with cause and next step."""
    document = _document(artifact)
    cases = Cases(artifact, NAME)
    tests, collectors = document.get("tests"), document.get("collectors")
    collected = _add_collectors(cases, objects_of(collectors))
    words: Counter[str] = Counter()
    bad, worded = collected[Status.ERROR], 0
    found = objects_of(tests)
    for test in found:
        bad += _add(cases, test, words).bad
        worded += test.get("outcome") in ("failed", "error")
    note_words(cases, words)
    note_lost(cases, len(list_of(tests)) - len(found), "tests")
    _declare(cases, object_of(document.get("summary")), collected, bad - worded)
    note_exit(cases, document.get("exitcode"), has_bad=bad > 0)
    return cases.reading(started_at=_started(document), properties=_facts(object_of(document.get("environment"))))


def _document(artifact: Artifact) -> Object:
    document = artifact.json()
    if not isinstance(document, dict):
        raise UnreadableError("the document is no object", "check the step that writes it")
    if not isinstance(document.get("tests"), list) and not isinstance(document.get("collectors"), list):
        raise UnreadableError(
            "the report has no list `tests`: it is a summary only", "run pytest without --json-report-summary"
        )
    return document


def _add(cases: Cases, test: Object, words: Counter[str]) -> Status:
    """Add a test; its status is the worst of its outcome and its phases."""
    nodeid, word = text_of(test.get("nodeid")), text_of(test.get("outcome"))
    classname, name = identity(nodeid)
    line = test.get("lineno")
    line = line + 1 if type(line) is int and 0 <= line < COUNT_MAX else None
    if word == "passed" and (took := _passed(test)) is not None:
        file = file_of(nodeid)
        cases.add(name, Status.PASSED, suite=SUITE, classname=classname, duration_s=took, file=file, line=line)
        return Status.PASSED
    status = _WORDS.get(word)
    if status is None:
        words[word or "(none)"] += 1
        status = Status.ERROR
    seconds: list[float] = []
    broken: list[Broken] = []
    for phase in _PHASES:
        stage = test.get(phase)
        if isinstance(stage, dict):
            if (took := cases.seconds(stage.get("duration"), nodeid)) is not None:
                seconds.append(took)
            if stage.get("outcome") not in ("passed", "skipped") or phase == "???":
                broken.append(_broken(phase, stage))
    if not broken and status is Status.PASSED and isinstance(test.get("setup"), dict) and "teardown" not in test:
        broken.append(Broken("end", Status.ERROR, NEVER_ENDED))
    status = max(status, worst_of(broken), key=WORST.index)
    cases.add(
        name,
        status,
        suite=SUITE,
        classname=classname,
        duration_s=total_of(seconds),
        said=_said(status, word, test, broken),
        file=file_of(nodeid),
        line=line,
        earlier=[attempt(Status.FAILED)] if word == "rerun" and status is Status.PASSED else (),
    )
    return status


def _passed(test: Object) -> float | None:
    """Return how long a test took whose three phases all passed, as most did; None for any other."""
    total = 0.0
    for phase in ("setup", "call", "teardown"):
        stage = test.get(phase)
        if not isinstance(stage, dict) or stage.get("outcome") != "passed":
            return None
        seconds = stage.get("duration")
        if type(seconds) is not float or not 0 <= seconds < COUNT_MAX:
            return None
        total += seconds
    return None if "???" in test else round(total, 6)


def _broken(phase: str, stage: Object) -> Broken:
    crash, traceback = object_of(stage.get("crash")), objects_of(stage.get("traceback"))
    message, trace = text_of(crash.get("message")), text_of(stage.get("longrepr"))
    kind = kind_of(text_of(traceback[-1].get("message")) if traceback else "", message)
    if not message:
        message, kind = told_by(trace)
    return Broken(
        where="worker" if phase == "???" else phase,
        status=Status.FAILED if phase == "call" else Status.ERROR,
        message=message,
        kind=kind,
        trace=trace,
        outputs=[(f"{phase} {name}", output) for name in _OUTPUTS if (output := text_of(stage.get(name)))],
    )


def _said(status: Status, word: str, test: Object, broken: list[Broken]) -> Said:
    if broken:
        return broken_said(broken)
    if status is Status.SKIPPED:
        return _reason(word, test)
    if status.bad:
        named = f"reported as {word}" if word else "reported without an outcome"
        return said(f"{named}; the report holds no text of it")  # a failed subtest leaves none
    return NOTHING


def _reason(word: str, test: Object) -> Said:
    """Return why a test was skipped; of an expected failure the report keeps the failure, not the reason."""
    for phase in _PHASES:
        stage = object_of(test.get(phase))
        if stage.get("outcome") == "skipped":
            if word == "xfailed":
                return said(text_of(object_of(stage.get("crash")).get("message")), kind=XFAIL)
            return said(skip_reason(text_of(stage.get("longrepr"))), kind=SKIP)
    return NOTHING


def _add_collectors(cases: Cases, collectors: list[Object]) -> Counter[Status]:
    """Add one case for each module or folder that could not be collected or was skipped as a whole."""
    found: dict[str, tuple[Status, str]] = {}
    for collector in collectors:
        nodeid, outcome = text_of(collector.get("nodeid")), collector.get("outcome")
        if outcome != "passed":
            status = Status.SKIPPED if outcome == "skipped" else Status.ERROR
            if nodeid not in found or status is Status.ERROR:  # two plugins may collect one file
                found[nodeid] = (status, text_of(collector.get("longrepr")))
    for nodeid, (status, text) in found.items():
        classname, name = identity(nodeid)
        what = said(skip_reason(text), kind=SKIP) if status is Status.SKIPPED else collection_said(text)
        cases.add(name, status, suite=SUITE, classname=classname, said=what, file=file_of(nodeid))
    return Counter(status for status, _ in found.values())


def _declare(cases: Cases, summary: Object, collected: Counter[Status], unworded: int) -> None:
    """Compare the summary with the cases.

    It does not count what could not be collected, nor the `unworded` tests that failed without the outcome saying so.
    """
    total = count_of(summary.get("total"))
    bad = (count_of(summary.get("failed")) or 0) + (count_of(summary.get("error")) or 0)
    skipped = (count_of(summary.get("skipped")) or 0) + (count_of(summary.get("xfailed")) or 0)
    if total is not None:
        cases.declare(
            tests=total + collected.total(),
            bad=bad + unworded,
            skipped=skipped + collected[Status.SKIPPED],
        )
    chosen = (count_of(summary.get("collected")) or 0) - (count_of(summary.get("deselected")) or 0)
    if total is not None and chosen > total:
        cases.note(
            f"of the {chosen} tests that were chosen to run, {total} have a result", "look in the log why the run ended"
        )


def _started(document: Object) -> str:
    created, duration = document.get("created"), document.get("duration")
    if not isinstance(created, int | float) or isinstance(created, bool):
        return ""
    took = duration if isinstance(duration, int | float) and 0 <= duration < created else 0
    return moment_of((created - took) * 1000) if abs(created) < 1e12 else ""


def _facts(environment: Object) -> list[tuple[str, str]]:
    facts = list(run_facts((name, value) for name, value in environment.items() if isinstance(value, str)))
    links = (one_line(clean_meta(text_of(environment.get(name)))) for name in _LINKS)
    link = next((text for text in links if text.startswith(("https://", "http://"))), "")
    return [*facts, ("url", link)] if link else facts
