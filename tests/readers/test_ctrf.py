from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import ctrf
from generator.records import Status
from tests.readers.in_memory import artifact

if TYPE_CHECKING:
    from generator.plugins import Reading
    from generator.records import TestResult

Json = dict[str, object]
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["status", "name"]), inner, max_size=2),
    max_leaves=4,
)
FIELDS = (
    "name status rawStatus duration suite filePath line message trace retries flaky retryAttempts parameters stdout"
)


def case(name: str = "opens", status: object = "passed", **fields: object) -> Json:
    return {"name": name, "status": status, "duration": 20, **fields}


def report(*tests: object, tool: str = "jest", **results: object) -> str:
    return json.dumps(
        {"reportFormat": "CTRF", "results": {"tool": {"name": tool}, "summary": {}, "tests": list(tests), **results}}
    )


def read(text: str) -> Reading:
    found = artifact("ctrf-report.json", text)
    assert ctrf.recognises(found)
    return ctrf.read(found)


def only(test: Json, tool: str = "jest") -> TestResult:
    (result,) = read(report(test, tool=tool)).results
    return result


@pytest.mark.parametrize(
    ("status", "raw", "expected"),
    [
        ("passed", "", Status.PASSED),
        ("failed", "", Status.FAILED),
        ("failed", "timedOut", Status.ERROR),
        ("failed", "setup_failed", Status.ERROR),
        ("failed", "call_failed", Status.FAILED),
        ("skipped", "", Status.SKIPPED),
        ("pending", "todo", Status.SKIPPED),
        ("other", "disabled", Status.SKIPPED),
        ("other", "interrupted", Status.ERROR),
        ("other", "", Status.ERROR),
        ("Passed", "", Status.PASSED),
        ("evaporated", "passed", Status.ERROR),
        (None, "", Status.ERROR),
        (["passed"], "", Status.ERROR),
    ],
)
def test_a_status_means_what_the_format_or_else_the_runner_says(status: object, raw: str, expected: Status) -> None:
    assert only(case(status=status, rawStatus=raw)).status is expected


def test_status_words_that_are_not_known_are_named_once() -> None:
    reading = read(report(case("a", "odd"), case("b", "odd"), case("c", "other", rawStatus="focused")))
    (problem,) = reading.problems
    assert problem.message == "3 statuses are not known: `odd`, `other (focused)`; read as errors"


@pytest.mark.parametrize(
    ("fields", "earlier"),
    [
        ({"retries": 0, "flaky": False}, 0),
        ({"retries": 2, "flaky": True}, 2),
        ({"retries": 2}, 2),
        ({"retries": 2, "flaky": False}, 0),
        ({"flaky": True}, 1),
        ({"retries": 1_000_000, "flaky": True}, 10),
        ({"status": "failed", "retries": 2}, 2),
        ({"status": "skipped", "retries": 2}, 0),
        ({"retries": "2", "flaky": "yes"}, 0),
    ],
)
def test_retries_without_a_list_are_failed_attempts_where_a_failure_must_have_come_before(
    fields: Json, earlier: int
) -> None:
    result = only(case(**fields))  # type: ignore[arg-type]
    assert [attempt.status for attempt in result.earlier] == [Status.FAILED] * earlier
    assert result.flaky == (earlier > 0 and result.status is Status.PASSED)


@pytest.mark.parametrize("retries", [1, None])
def test_the_last_listed_attempt_is_left_out_where_it_is_the_test_itself(retries: int | None) -> None:
    attempts = [{"status": "failed", "duration": 1000, "message": "TypeError: no motor"}, {"status": "passed"}]
    result = only(case(retries=retries, retryAttempts=attempts))
    (first,) = result.earlier
    assert (first.status, first.duration_s, first.kind) == (Status.FAILED, 1.0, "TypeError")
    assert result.flaky


def test_a_suite_is_the_same_as_text_and_as_list() -> None:
    texts, lists = only(case(suite="gate > night")), only(case(suite=["gate", "night"]))
    assert texts.identity == lists.identity


def test_tests_of_one_name_are_told_apart_by_file_then_by_parameters() -> None:
    files = [case(filePath="/builds/a/one/x.ts"), case(status="failed", filePath="/builds/a/two/x.ts")]
    parameters = [case("pays", parameters={"to": "EUR"}), case("pays", "failed", parameters={"to": "CHF"})]
    results = read(report(*files, *parameters)).results
    assert [(result.classname, result.name) for result in results] == [
        ("one/x.ts", "opens"),
        ("two/x.ts", "opens"),
        ("", "pays [to=EUR]"),
        ("", "pays [to=CHF]"),
    ]


def test_a_test_that_is_listed_twice_is_two_tests_because_attempts_stand_within() -> None:
    results = read(report(case(status="failed"), case(), case("opens #2"))).results
    assert [(result.name, result.status.value, result.earlier) for result in results] == [
        ("opens", "failed", ()),
        ("opens #3", "passed", ()),
        ("opens #2", "passed", ()),
    ]


def test_node_ids_of_pytest_are_named_as_in_its_other_reports() -> None:
    result = only(case("tests/test_gate.py::TestNight::test_opens[a::b]", suite=["tests/test_gate.py"]), tool="pytest")
    assert result.identity[1:] == ("pytest", "tests.test_gate.TestNight", "test_opens[a::b]")


def test_the_list_counts_where_the_summary_says_otherwise() -> None:
    reading = read(
        report(case(), case("closes"), summary={"tests": 3, "passed": 3, "failed": 0, "start": 1770109950000})
    )
    assert reading.counts is not None
    assert reading.counts.passed == 2
    assert "3 tests, has 2" in reading.problems[0].message
    assert reading.started_at == "2026-02-03T09:12:30Z"


def test_a_start_in_seconds_is_not_taken_for_1970() -> None:
    assert read(report(case(), summary={"start": 1706600000})).started_at == "2024-01-30T07:33:20Z"


def test_the_environment_names_commit_branch_build_and_address() -> None:
    environment = {"commit": "not a commit", "branchName": "main", "buildId": 7, "buildUrl": "https://ci.example.org/7"}
    reading = read(report(case(), environment=environment))
    assert dict(reading.properties) == {"branch": "main", "build": "7", "url": "https://ci.example.org/7"}


def test_outputs_stand_behind_the_trace_of_a_failure_and_secrets_do_not() -> None:
    result = only(case(status="failed", message="\x1b[31mno\x1b[0m", trace="at x", stdout=["token=ghp_" + "a" * 36]))
    assert result.message == "no"
    assert result.trace.startswith("at x\n--- stdout ---\n")
    assert "ghp_" not in result.trace


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("report.json", '{"results": {"tests": [], "summary": {}}}'),
        ("report.json", '{"results": []}'),
        ("report.json", "[]"),
        ("report.json", "not JSON"),
        ("ctrf.json", '{"numTotalTests": 3}'),
    ],
)
def test_other_files_are_not_taken(name: str, text: str) -> None:
    assert ctrf.recognises(artifact(name, text)) == ""


@pytest.mark.parametrize(
    "text", ["", '{"reportFormat": "CTRF", "results": {"te', '{"reportFormat": "CTRF"}', report(tests={"a": 1})]
)
def test_a_report_without_a_list_of_tests_is_refused_with_a_next_step(text: str) -> None:
    found = artifact("ctrf-report.json", text)
    assert ctrf.recognises(found)
    with pytest.raises(UnreadableError) as refusal:
        ctrf.read(found)
    assert refusal.value.hint


@settings(max_examples=80, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(FIELDS.split()), values) | values, max_size=4), values)
def test_any_value_anywhere_is_read_or_refused(tests: list[object], summary: object) -> None:
    reading = read(report(*tests, summary=summary, environment=summary))
    counts = reading.counts
    assert counts is not None
    assert counts.tests == counts.passed + counts.failed + counts.errors + counts.skipped == len(reading.results)
    assert counts.tests == sum(isinstance(test, dict) for test in tests)
    assert len({result.identity for result in reading.results}) == counts.tests
