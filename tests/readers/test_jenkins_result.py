from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import jenkins_result
from generator.records import Status
from tests.readers.in_memory import artifact

if TYPE_CHECKING:
    from generator.plugins import Reading

TAGS = ("suites", "suite", "cases", "case", "name", "className", "testName", "skipped", "errorDetails", "duration")


def element(tag: str, *inner: str) -> str:
    return f"<{tag}>{''.join(inner)}</{tag}>"


def case(name: str = "adds", *, raw: str = "", **fields: str) -> str:
    texts = {"className": "shop.Basket", "testName": name, "skipped": "false", **fields}
    return element("case", *(element(tag, escape(value)) for tag, value in texts.items()), raw)


def suite(*cases: str, name: str = "Basket", timestamp: str = "") -> str:
    stamp = element("timestamp", timestamp) if timestamp else ""
    return element("suite", element("name", name), stamp, element("cases", *cases))


def read(*suites: str) -> Reading:
    file = artifact("junitResult.xml", element("result", element("suites", *suites)))
    assert jenkins_result.recognises(file)
    return jenkins_result.read(file)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, Status.PASSED),
        ({"skipped": "true"}, Status.SKIPPED),
        ({"skipped": "true", "errorDetails": "no"}, Status.SKIPPED),
        ({"errorDetails": "no"}, Status.FAILED),
        ({"errorStackTrace": "at line 3"}, Status.FAILED),
        ({"errorStackTrace": "", "errorDetails": ""}, Status.FAILED),
        ({"failedSince": "12"}, Status.PASSED),
    ],
)
def test_a_case_failed_when_it_has_an_error_and_was_not_skipped(fields: dict[str, str], status: Status) -> None:
    (found,) = read(suite(case(**fields))).results
    assert found.status is status
    assert bool(found.message) is (status is Status.FAILED)


def test_a_failure_keeps_its_stack_and_the_ends_of_its_outputs() -> None:
    stack = "java.lang.AssertionError: 18 is not 20\n\tat shop.Basket.total(Basket.java:52)"
    long = "old line\n" * 1000 + "last line"
    (found,) = read(suite(case(errorStackTrace=stack, errorDetails="18 is not 20", stdout=long, stderr="odd"))).results
    assert (found.kind, found.message) == ("java.lang.AssertionError", "18 is not 20")
    assert found.trace.startswith(stack + "\n--- stdout ---\nold line\n")
    assert found.trace.endswith("last line\n--- stderr ---\nodd")
    assert len(found.trace) < 5000


def test_a_skipped_case_says_why() -> None:
    (found,) = read(suite(case(skipped="true", skippedMessage="no vouchers", stdout="x"))).results
    assert (found.message, found.trace) == ("no vouchers", "")


@pytest.mark.parametrize("field", ["flakyFailures", "rerunFailures"])
def test_reruns_are_earlier_attempts(field: str) -> None:
    retry = element("hudson.tasks.junit.Rerun", element("message", "timeout"), element("stackTrace", "at line 3"))
    (found,) = read(suite(case(raw=element(field, retry, retry)))).results
    assert [(attempt.status, attempt.message) for attempt in found.earlier] == [(Status.FAILED, "timeout")] * 2
    assert found.flaky


def test_a_test_in_another_suite_of_the_same_name_is_another_test() -> None:
    reading = read(suite(case(errorDetails="no")), suite(case()), suite(case("other")))
    assert [(found.name, found.status) for found in reading.results] == [
        ("adds", Status.FAILED),
        ("adds #2", Status.PASSED),
        ("other", Status.PASSED),
    ]


def test_a_test_that_is_repeated_within_its_suite_is_one_with_attempts() -> None:
    (found,) = read(suite(case(errorDetails="no"), case())).results
    assert (found.status, found.flaky) == (Status.PASSED, True)


@pytest.mark.parametrize(("text", "seconds"), [("0.128", 0.128), ("1,234.5", 1234.5), ("-1", None), ("NaN", None)])
def test_a_duration_is_in_seconds(text: str, seconds: float | None) -> None:
    reading = read(suite(case(duration=text)))
    assert reading.results[0].duration_s == seconds
    assert bool(reading.problems) is (seconds is None)


def test_the_earliest_suite_is_the_start_of_the_run() -> None:
    suites = (suite(case(), timestamp="2026-01-02T10:00:00Z"), suite(timestamp="2026-01-02T09:00:00Z"))
    assert read(*suites).started_at == "2026-01-02T09:00:00Z"


def test_a_result_without_cases_is_a_warning() -> None:
    assert [problem.message for problem in read().problems] == ["holds no test case"]


@pytest.mark.parametrize(
    "text", ["<result><score>1</score></result>", "<testsuites><suites/></testsuites>", "{}", "<result", ""]
)
def test_other_documents_are_not_taken(text: str) -> None:
    assert not jenkins_result.recognises(artifact("junitResult.xml", text))


@given(tags=st.lists(st.sampled_from(TAGS), max_size=8), texts=st.lists(st.text(max_size=8), min_size=8, max_size=8))
@settings(max_examples=120, deadline=None)
def test_elements_at_any_place_are_read_or_refused_politely(tags: list[str], texts: list[str]) -> None:
    inner = ""
    for tag, text in zip(tags, texts, strict=False):
        inner = element(tag, escape(text), inner, case(text.replace("\0", "")))
    document = element("result", element("suites", inner))
    try:
        reading = jenkins_result.read(artifact("junitResult.xml", document.encode("utf-8", "replace")))
    except UnreadableError as error:
        assert error.hint  # noqa: PT017  either answer is right
    else:
        assert reading.counts is not None
        assert reading.counts.tests == len(reading.results)
