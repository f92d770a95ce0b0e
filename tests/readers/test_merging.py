"""Attempts over several files, shards, and one run that several reporters tell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from generator.records import Severity, Status
from tests.readers.junit_xml import case, failure, suite
from tests.readers.run_folder import DEFAULTS, about, only_unit, read, write

if TYPE_CHECKING:
    from pathlib import Path

    from generator.records import TestResult


AT = "2026-03-04T05:06:07Z"


def by_name(results: tuple[TestResult, ...]) -> dict[str, TestResult]:
    assert len({result.identity for result in results}) == len(results)
    return {result.name: result for result in results}


def outcomes(result: TestResult) -> list[str]:
    return [*(attempt.status.value for attempt in result.earlier), result.status.value]


@pytest.mark.parametrize(
    "folders", [("attempt-1", "attempt-2"), ("run_attempt_1", "run_attempt_2"), ("try1", "retry2")]
)
def test_attempts_in_folders_of_their_own_are_attempts_of_one_case(tmp_path: Path, folders: tuple[str, str]) -> None:
    first, second = folders
    write(
        tmp_path / f"in/{first}/junit.xml", suite("s", case("a", failure("boom")), case("b"), case("c", failure("x")))
    )
    write(tmp_path / f"in/{second}/junit.xml", suite("s", case("a"), case("c", failure("y"))))
    intake = read(tmp_path / "in")
    found = by_name(only_unit(intake).results)
    assert outcomes(found["a"]) == ["failed", "passed"]
    assert found["a"].flaky
    assert found["a"].earlier[0].message == "boom"
    assert outcomes(found["b"]) == ["passed"]  # the second attempt ran the failures only
    assert outcomes(found["c"]) == ["failed", "failed"]
    assert (intake.totals.tests, intake.totals.passed, intake.totals.flaky) == (3, 2, 1)


def test_attempts_in_file_names_are_attempts_as_well(tmp_path: Path) -> None:
    write(tmp_path / "in/junit-attempt-1.xml", suite("s", case("a", failure("boom"))))
    write(tmp_path / "in/junit-attempt-2.xml", suite("s", case("a")))
    assert outcomes(by_name(only_unit(read(tmp_path / "in")).results)["a"]) == ["failed", "passed"]


def test_a_later_failure_after_a_pass_fails(tmp_path: Path) -> None:
    write(tmp_path / "in/attempt-1/junit.xml", suite("s", case("a")))
    write(tmp_path / "in/attempt-2/junit.xml", suite("s", case("a", failure("boom"))))
    assert by_name(only_unit(read(tmp_path / "in")).results)["a"].status is Status.FAILED


def test_shards_by_name_are_parts_and_a_missing_one_is_told(tmp_path: Path) -> None:
    for number in (1, 2, 4):
        write(tmp_path / f"in/junit-{number}-of-4.xml", suite("s", case(f"t{number}")))
    parts = only_unit(read(tmp_path / "in")).run.parts
    assert [(part.shard.index, part.shard.total) for part in parts] == [(0, 4), (1, 4), (3, 4)]


def ctrf(*tests: tuple[str, str], **summary: int) -> dict[str, object]:
    rows = [{"name": name, "status": status, "duration": 5} for name, status in tests]
    statuses = [status for _, status in tests]
    counts = {word: statuses.count(word) for word in ("passed", "failed", "skipped", "pending", "other")}
    return {
        "reportFormat": "CTRF",
        "specVersion": "0.0.0",
        "results": {
            "tool": {"name": "pytest"},
            "summary": {"tests": len(rows)} | counts | {"start": 1772600767000, "stop": 1772600768000} | summary,
            "tests": rows,
        },
    }


JUNIT = suite(
    "pytest", case("test_a", classname="tests.test_x"), case("test_b", failure("no"), classname="tests.test_x")
)


def test_one_run_that_two_reporters_tell_counts_once(tmp_path: Path) -> None:
    write(tmp_path / "in/junit.xml", JUNIT)
    write(tmp_path / "in/ctrf.json", ctrf(("tests/test_x.py::test_a", "passed"), ("tests/test_x.py::test_b", "failed")))
    intake = read(tmp_path / "in")
    assert sorted(by_name(only_unit(intake).results)) == ["test_a", "test_b"]
    assert intake.problems == ()
    assert (intake.totals.tests, intake.totals.failed) == (2, 1)


def test_reporters_that_disagree_are_named_and_the_failure_counts(tmp_path: Path) -> None:
    write(tmp_path / "in/junit.xml", JUNIT)
    write(tmp_path / "in/ctrf.json", ctrf(("tests/test_x.py::test_a", "passed"), ("tests/test_x.py::test_b", "passed")))
    intake = read(tmp_path / "in")
    (problem,) = about(intake, "ctrf.json")
    assert problem.severity is Severity.WARNING
    assert "2 tests, 0 failed, against 2 tests, 1 failed" in problem.message
    assert "test_b" in problem.message
    assert by_name(only_unit(intake).results)["test_b"].status is Status.FAILED


def test_a_reporter_that_saw_nothing_of_a_collection_error_is_named(tmp_path: Path) -> None:
    error = failure("cannot import", tag="error")
    report = suite("pytest", case("tests.test_x", error), case("tests.test_y", error), timestamp=AT)
    write(tmp_path / "in/junit.xml", report)
    write(tmp_path / "in/ctrf.json", ctrf())
    intake = read(tmp_path / "in")
    assert any(
        "0 tests, 0 failed, against 2 tests, 2 failed" in problem.message for problem in about(intake, "ctrf.json")
    )
    assert intake.totals.errors == 2


def test_a_test_that_only_one_reporter_has_is_kept(tmp_path: Path) -> None:
    names = [f"test_{number}" for number in range(9)]
    write(tmp_path / "in/junit.xml", suite("pytest", *(case(name, classname="tests.x") for name in [*names, "more"])))
    rows = [(f"tests/x.py::{name}", "passed") for name in names]
    write(tmp_path / "in/ctrf.json", ctrf(*rows, ("tests/x.py::only_here", "failed")))
    intake = read(tmp_path / "in")
    found = [result.name for result in only_unit(intake).results]
    assert len(found) == 11
    assert "more" in found
    assert any(name.endswith("only_here") for name in found)
    assert "only this report has" in intake.problems[0].message


def test_reports_of_different_tests_are_different_tests(tmp_path: Path) -> None:
    write(tmp_path / "in/python/junit.xml", JUNIT)
    write(tmp_path / "in/web/ctrf.json", ctrf(("adds to cart", "passed"), ("pays", "passed")))
    intake = read(tmp_path / "in", defaults=replace(DEFAULTS, run_id="7"))
    assert intake.totals.tests == 4
    assert intake.problems == ()


def test_the_result_does_not_depend_on_the_order_of_the_paths(tmp_path: Path) -> None:
    one = write(tmp_path / "in/junit.xml", JUNIT)
    report = ctrf(("tests/test_x.py::test_a", "passed"), ("tests/test_x.py::test_b", "failed"))
    two = write(tmp_path / "in/ctrf.json", report)
    assert read(one, two).units == read(two, one).units
    assert read(one, two).problems == ()
