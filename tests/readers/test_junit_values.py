from __future__ import annotations

import pytest

from generator.records import Severity
from tests.readers.junit_xml import case, element, failure, read, suite, suites


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1.5", 1.5),
        ("0", 0.0),
        (" 2 ", 2.0),
        ("1,234.5", 1234.5),
        ("12,345,678", 12345678.0),
        ("0,5", 0.5),
        ("12,75", 12.75),
        ("1e-3", 0.001),
        ("", None),
    ],
)
def test_times_of_many_writers_are_read(text: str, seconds: float | None) -> None:
    reading = read(suite("s", case("t", time=text)))
    assert reading.results[0].duration_s == seconds
    assert reading.problems == ()


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "1e999", "soon", "1,2,3", "9007199254740992", "9" * 500])
def test_a_time_that_is_none_is_unknown_and_said_once(text: str) -> None:
    reading = read(suite("s", case("t", time=text), case("u", time=text), case("v", time="1")))
    assert [result.duration_s for result in reading.results] == [None, None, 1.0]
    (problem,) = reading.problems
    assert (problem.path, problem.reader, problem.severity) == ("reports/junit.xml", "junit", Severity.WARNING)
    assert "t and 1 more" in problem.message
    assert problem.hint


def test_a_time_may_be_called_duration() -> None:
    assert read(suite("s", case("t", duration="3"))).results[0].duration_s == 3


@pytest.mark.parametrize(
    "declared",
    [
        {"tests": 6},
        {"tests": 2, "failures": 0},
        {"tests": 2, "failures": 1, "errors": 4},
        {"tests": 2, "failures": 1, "skipped": 9},
    ],
)
def test_declared_counts_that_differ_from_the_cases_are_a_warning(declared: dict[str, int]) -> None:
    reading = read(suite("s", case("a"), case("b", failure()), **declared))
    (problem,) = reading.problems
    assert problem.severity is Severity.WARNING
    assert "s says" in problem.message
    assert len(reading.results) == 2


@pytest.mark.parametrize(
    "declared",
    [
        {"tests": 4, "failures": 1, "errors": 0, "skipped": 1},
        {"tests": 3, "failures": 0, "errors": 0, "skipped": 1},
        {"tests": "many"},
        {"tests": 4, "disabled": 1, "skipped": 0},
        {},
    ],
)
def test_counts_before_and_after_the_merge_of_attempts_are_both_right(declared: dict[str, object]) -> None:
    cases = case("a", failure()), case("a"), case("b"), case("c", element("skipped"))
    assert read(suite("s", *cases, **declared)).problems == ()


def test_a_suite_may_count_the_suites_below_it_or_only_itself() -> None:
    below = suite("below", case("a"), tests=1)
    for declared in (1, 2):
        assert read(suites(suite("s", below, case("b"), tests=declared), tests=2)).problems == ()


def test_many_wrong_suites_are_one_warning() -> None:
    (problem,) = read(suites(suite("a", tests=3), suite("b", tests=4))).problems
    assert "a says 3 tests, has 0, and 1 more suites" in problem.message


def test_the_run_starts_with_its_earliest_suite_in_utc() -> None:
    stamps = ("2026-03-01T10:00:00+02:00", "2026-03-01T08:30:00", "yesterday", "")
    assert read(suites(*(suite("s", timestamp=stamp) for stamp in stamps))).started_at == "2026-03-01T08:00:00Z"
    assert read(suite("s")).started_at == ""


def test_properties_of_suites_name_commit_branch_and_build() -> None:
    wanted = {"GIT_COMMIT": "0123abcd", "git.branch": "main", "BUILD_ID": "77", "os.name": "linux", "branch": "other"}
    facts = element("properties", *(element("property", name=name, value=value) for name, value in wanted.items()))
    assert read(suite("s", facts)).properties == (("branch", "main"), ("build", "77"), ("commit", "0123abcd"))


def test_a_commit_that_is_none_and_properties_of_cases_are_left_aside() -> None:
    odd = element("properties", element("property", name="commit", value="HEAD"))
    of_case = element("properties", element("property", name="branch", value="mine"))
    assert read(suite("s", odd, case("t", of_case))).properties == ()
