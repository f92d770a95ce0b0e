from __future__ import annotations

from generator.records import Status
from tests.readers.junit_xml import case, element, failure, numbers, read, suite, suites


def test_a_case_that_fails_then_passes_is_one_flaky_test() -> None:
    data = suite("s", case("t", failure("first"), time="1"), case("t", failure("second", tag="error")), case("t"))
    (result,) = read(data).results
    assert result.flaky
    assert [(attempt.status, attempt.message) for attempt in result.earlier] == [
        (Status.FAILED, "first"),
        (Status.ERROR, "second"),
    ]
    assert result.earlier[0].duration_s == 1
    assert numbers(data) == (1, 1, 0, 0, 0, 1)


def test_a_case_that_passes_then_fails_failed() -> None:
    (result,) = read(suite("s", case("t"), case("t", failure("now")))).results
    assert (result.status, result.message, result.flaky) == (Status.FAILED, "now", False)
    assert [attempt.status for attempt in result.earlier] == [Status.PASSED]


def test_attempts_may_stand_apart_and_keep_the_place_of_the_first() -> None:
    data = suite("s", case("t", failure()), case("other"), case("t"))
    assert [result.name for result in read(data).results] == ["t", "other"]


def test_equal_names_that_all_passed_or_were_skipped_stay_separate_tests() -> None:
    data = suite("s", case("t"), case("t", element("skipped")), case("t"))
    assert [result.name for result in read(data).results] == ["t", "t #2", "t #3"]
    assert numbers(data) == (3, 2, 0, 0, 1, 0)


def test_a_number_that_is_already_a_name_is_not_given_twice() -> None:
    data = suite("s", case("t"), case("t #2"), case("t"))
    assert sorted(result.name for result in read(data).results) == ["t", "t #2", "t #3"]


def test_another_class_is_another_test() -> None:
    assert numbers(suite("s", case("t", failure(), classname="A"), case("t", classname="B"))) == (2, 1, 1, 0, 0, 0)


def test_a_flaky_failure_inside_a_passed_case_is_an_earlier_attempt() -> None:
    stack = element("stackTrace", "\nassert 1 == 2\n  at a.py\n")
    inner = element("flakyFailure", stack, element("system-err", "warned"), message="once", type="AssertionError")
    data = suite("s", case("t", inner, element("flakyError", "gone", time="2.5")))
    (result,) = read(data).results
    first, second = result.earlier
    assert result.flaky
    assert (first.status, first.kind, first.message) == (Status.FAILED, "AssertionError", "once")
    assert first.trace == "assert 1 == 2\n  at a.py\n--- stderr ---\nwarned"
    assert (second.status, second.message, second.duration_s) == (Status.ERROR, "gone", 2.5)
    assert (result.message, result.trace) == ("", "")
    assert numbers(data) == (1, 1, 0, 0, 0, 1)


def test_reruns_beside_the_final_failure_are_attempts_of_a_failed_test() -> None:
    data = suite("s", case("t", failure("final", "trace"), failure("rerun", tag="rerunFailure")))
    (result,) = read(data).results
    assert (result.status, result.message, result.flaky) == (Status.FAILED, "final", False)
    assert [(attempt.status, attempt.message) for attempt in result.earlier] == [(Status.FAILED, "rerun")]
    assert numbers(data) == (1, 0, 1, 0, 0, 0)


def test_reruns_of_a_repeated_case_come_in_document_order() -> None:
    first = case("t", failure("a"), failure("b", tag="rerunError"))
    (result,) = read(suite("s", first, case("t", failure("c", tag="flakyFailure")))).results
    assert [attempt.message for attempt in result.earlier] == ["b", "a", "c"]
    assert result.flaky


def test_attempts_do_not_cross_suites() -> None:
    inner = suite("s", case("t"))
    assert numbers(suites(suite("s", case("t", failure()), inner))) == (2, 1, 1, 0, 0, 0)


def test_reruns_that_pytest_writes_as_passed_cases_are_attempts_that_failed() -> None:
    (result,) = read(suite("pytest", case("t"), case("t"), case("t"), tests=1)).results
    assert [attempt.status for attempt in result.earlier] == [Status.FAILED, Status.FAILED]
    assert (result.status, result.flaky) == (Status.PASSED, True)
    assert len(read(suite("pytest", case("t"), case("t"), tests=2)).results) == 2
    assert len(read(suite("s", case("t"), case("t"), tests=1)).results) == 2
