from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import playwright_json
from generator.records import Status
from tests.readers.in_memory import artifact

if TYPE_CHECKING:
    from generator.plugins import Reading
    from generator.records import TestResult

Json = dict[str, object]
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["status", "specs"]), inner, max_size=2)
    ),
    max_leaves=4,
)
ERROR: Json = {"message": "Error: \x1b[31mexpect\x1b[39m 1 toBe 2\n\n> 7 | expect\n    at gate.spec.ts:7:3"}


def attempt(status: str = "passed", **fields: object) -> Json:
    errors = [ERROR] if status in ("failed", "timedOut") else []
    return {"status": status, "duration": 250, "errors": errors, "startTime": "2026-02-03T09:12:30.500Z"} | fields


def run(status: object, *statuses: str, expected: str = "passed", project: str = "chromium", **fields: object) -> Json:
    results = [attempt(each) for each in statuses]
    return {"projectName": project, "expectedStatus": expected, "status": status, "results": results} | fields


def spec(*tests: object, title: str = "opens", **fields: object) -> Json:
    return {"title": title, "file": "gate.spec.ts", "line": 4, "tests": list(tests)} | fields


def suite(*specs: object, title: str = "gate.spec.ts", suites: tuple[object, ...] = ()) -> Json:
    return {"title": title, "file": "gate.spec.ts", "specs": list(specs), "suites": list(suites)}


def report(*suites: object, **fields: object) -> str:
    return json.dumps({"config": {"rootDir": "/builds/tollgate/e2e"}, "suites": list(suites), "errors": []} | fields)


def read(text: str) -> Reading:
    found = artifact("results.json", text)
    assert playwright_json.recognises(found)
    return playwright_json.read(found)


def only(test: Json) -> TestResult:
    (result,) = read(report(suite(spec(test)))).results
    return result


@pytest.mark.parametrize(
    ("test", "status", "earlier"),
    [
        (run("expected", "passed"), Status.PASSED, []),
        (run("unexpected", "failed"), Status.FAILED, []),
        (run("unexpected", "failed", "failed"), Status.FAILED, [Status.FAILED]),
        (run("unexpected", "timedOut"), Status.ERROR, []),
        (run("skipped", "interrupted"), Status.ERROR, []),
        (run("flaky", "failed", "timedOut", "passed"), Status.PASSED, [Status.FAILED, Status.ERROR]),
        (run("flaky", "passed", "failed"), Status.PASSED, [Status.FAILED]),
        (run("unexpected", "failed", "skipped"), Status.FAILED, []),
        (run("skipped", "skipped", "skipped", "skipped"), Status.SKIPPED, []),
        (run("skipped", expected="skipped"), Status.SKIPPED, []),
        (run("skipped"), Status.SKIPPED, []),
        (run("expected", "failed", expected="failed"), Status.PASSED, []),
        (run("unexpected", "passed", "passed", expected="failed"), Status.FAILED, [Status.FAILED]),
        (run("flaky", "passed", "failed", expected="failed"), Status.PASSED, [Status.FAILED]),
        (run("expected", "timedOut", expected="timedOut"), Status.PASSED, []),
        (run("expected", "failed"), Status.FAILED, []),
        (run("unexpected", "passed"), Status.ERROR, []),
        (run("expected"), Status.ERROR, []),
        (run(None, "failed", "passed"), Status.PASSED, [Status.FAILED]),
        (run("quarantined", "passed"), Status.ERROR, []),
        (run("expected", "evaporated"), Status.ERROR, []),
    ],
)
def test_a_test_comes_to_the_attempt_that_its_verdict_rests_on(
    test: Json, status: Status, earlier: list[Status]
) -> None:
    result = only(test)
    assert result.status is status
    assert [each.status for each in result.earlier] == earlier
    assert bool(result.message) or not status.bad


def test_the_project_the_file_and_the_describe_blocks_make_the_identity() -> None:
    inner = suite(spec(run("expected", "passed"), run("expected", "passed", project="webkit")), title="at night")
    outer = suite(spec(run("expected", "passed"), title="closes"), title="barrier", suites=(inner,))
    results = read(report(suite(suites=(outer,)))).results
    assert [result.identity[1:] for result in results] == [
        ("gate.spec.ts", "chromium", "barrier › closes"),
        ("gate.spec.ts", "chromium", "barrier › at night › opens"),
        ("gate.spec.ts", "webkit", "barrier › at night › opens"),
    ]


def test_a_failure_says_its_type_its_message_and_the_end_of_its_output() -> None:
    result = only(run("unexpected", results=[attempt("failed", stdout=[{"text": "lane 4\n"}, {"buffer": "AAEC"}])]))
    assert (result.kind, result.duration_s, result.line) == ("Error", 0.25, 4)
    assert result.message.startswith("expect 1 toBe 2")
    assert result.trace == "Error: expect 1 toBe 2\n\n> 7 | expect\n    at gate.spec.ts:7:3\n--- stdout ---\nlane 4"


def test_an_error_of_an_older_version_is_put_together_from_its_pieces() -> None:
    error = {"message": "no lane", "stack": "Error: no lane\n    at x.ts:3:1", "snippet": "> 3 | lane()"}
    result = only(run("unexpected", results=[{"status": "failed", "error": error}]))
    assert (result.message, result.trace) == ("no lane", "Error: no lane\n    at x.ts:3:1\n\n> 3 | lane()")


@pytest.mark.parametrize(
    ("test", "message"),
    [
        (run("skipped", annotations=[{"type": "skip", "description": "no lamp"}], expected="skipped"), "no lamp"),
        (run("skipped", expected="skipped"), ""),
        (run("skipped", "skipped"), "did not run"),
        (run("unexpected", "passed", expected="failed"), "passed, but was expected to fail"),
    ],
)
def test_what_is_no_error_says_why(test: Json, message: str) -> None:
    assert only(test).message == message


def test_each_error_outside_of_the_tests_is_a_result() -> None:
    place = {"file": "/builds/tollgate/e2e/start.ts", "line": 12}
    errors = [{"message": "Error: no server", "location": place}] * 2 + [{"message": "Error: No tests found."}]
    results = read(report(errors=errors)).results
    assert [(result.suite, result.name, result.status) for result in results] == [
        ("start.ts", "(run)", Status.ERROR),
        ("start.ts", "(run) #2", Status.ERROR),
        ("", "(run)", Status.ERROR),
    ]


@pytest.mark.parametrize(
    ("stats", "said"),
    [
        ({"expected": 1, "unexpected": 0, "flaky": 0, "skipped": 1}, []),
        ({"expected": 2, "unexpected": 0, "flaky": 0, "skipped": 1}, ["3 tests, has 2"]),
        ({"expected": 2}, []),
    ],
)
def test_the_totals_are_compared_in_the_words_of_playwright(stats: Json, said: list[str]) -> None:
    tests = [spec(run("expected", "passed")), spec(run("skipped", "interrupted"), title="closes")]
    problems = read(report(suite(*tests), stats=stats)).problems
    assert len(problems) == len(said)
    assert all(text in problem.message for text, problem in zip(said, problems, strict=True))


@pytest.mark.parametrize(
    ("fields", "started"),
    [({"stats": {"startTime": "2026-02-03T09:12:29Z"}}, "2026-02-03T09:12:29Z"), ({}, "2026-02-03T09:12:30.500000Z")],
)
def test_a_run_begins_when_it_says_or_with_its_first_attempt(fields: Json, started: str) -> None:
    assert read(report(suite(spec(run("unexpected", "failed"))), **fields)).started_at == started


@pytest.mark.parametrize(
    "metadata",
    [
        {"gitCommit": {"hash": "4f1d2c3b5a69"}, "ci": {"buildHref": "https://ci.example.org/9"}},
        {"revision.id": "4f1d2c3b5a69", "ci.link": "https://ci.example.org/9"},
    ],
)
def test_the_commit_is_found_where_each_version_keeps_it(metadata: Json) -> None:
    reading = read(report(config={"rootDir": "/x", "metadata": metadata}))
    assert dict(reading.properties) == {"commit": "4f1d2c3b5a69", "url": "https://ci.example.org/9"}


@pytest.mark.parametrize(
    "text", ['{"suites": []}', '{"suites": [], "config": {}}', '{"config": {"rootDir": "/x"}}', "[]", "<suites/>", "{"]
)
def test_other_files_are_not_taken(text: str) -> None:
    assert playwright_json.recognises(artifact("results.json", text)) == ""


def test_a_report_that_is_cut_off_is_taken_and_refused_with_a_next_step() -> None:
    with pytest.raises(UnreadableError) as refusal:
        read('{"config": {"configFile": "/x/playwright.config.ts", "rootDir": "/x", "forb')
    assert refusal.value.hint


def test_what_cannot_be_read_is_counted() -> None:
    broken = suite("no spec", spec(), spec(run("expected", "passed"), 7), suites=(None,))
    reading = read(report(broken, "no suite"))
    assert len(reading.results) == 1
    assert reading.problems[0].message.startswith("5 of the suites, specs and tests cannot be read")


@settings(max_examples=80, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["status", "expectedStatus", "results", "annotations", "projectName"]), values),
    st.dictionaries(st.sampled_from(["status", "errors", "error", "stdout", "duration", "startTime"]), values),
    st.dictionaries(st.sampled_from(["suites", "errors", "stats", "config"]), values),
)
def test_any_value_anywhere_is_read_or_refused(test: Json, result: Json, fields: Json) -> None:
    results = [attempt("failed") | result, attempt()]
    tests = [run("unexpected", "failed") | test, run("flaky") | {"results": results}]
    found = artifact("results.json", report(suite(spec(*tests)), **fields))
    assert isinstance(playwright_json.recognises(found), str)
    with contextlib.suppress(UnreadableError):
        counts = playwright_json.read(found).counts
        assert counts is not None
        assert counts.tests == counts.passed + counts.failed + counts.errors + counts.skipped
