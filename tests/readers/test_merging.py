"""Attempts over several files, shards, and one run that several reporters tell."""

from __future__ import annotations

import zipfile
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


def allure(uuid: str, status: str, start: int) -> dict[str, object]:
    return {
        "uuid": uuid,
        "historyId": "h",
        "testCaseId": "t",
        "fullName": "pkg.a",
        "name": "a",
        "status": status,
        "start": start,
        "stop": start + 10,
        "labels": [],
    }


@pytest.mark.parametrize(
    ("first", "second", "last"),
    [
        (("passed", 1760000000000), ("failed", 1760000000100), "failed"),  # a whole second and a part of one
        (("failed", 1760000000000), ("passed", 1760000000100), "passed"),
        (("passed", 1760000000000), ("failed", 1760000000000), "failed"),  # at once: the failure counts
        (("failed", 1760000000000), ("passed", 1760000000000), "failed"),
    ],
)
def test_attempts_of_one_case_a_file_stand_in_the_order_of_their_beginnings(
    tmp_path: Path, first: tuple[str, int], second: tuple[str, int], last: str
) -> None:
    write(tmp_path / "in/x1-result.json", allure("x1", *first))
    write(tmp_path / "in/x2-result.json", allure("x2", *second))
    assert outcomes(by_name(only_unit(read(tmp_path / "in")).results)["a"])[-1] == last


def test_names_that_one_reporter_escapes_are_the_same_test(tmp_path: Path) -> None:
    write(tmp_path / "in/junit.xml", suite("pytest", case(r"test_p[\xe9]", classname="tests.x"), timestamp=AT))
    write(tmp_path / "in/ctrf.json", ctrf(("tests/x.py::test_p[é]", "passed")))
    assert read(tmp_path / "in").totals.tests == 1


def packed(folder: Path, name: str, report: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / name, "w") as archive:
        archive.writestr("junit.xml", report)


def test_attempts_and_shards_may_be_archives(tmp_path: Path) -> None:
    packed(tmp_path / "in", "attempt-1.zip", suite("s", case("a", failure("boom")), timestamp=AT))
    packed(tmp_path / "in", "attempt-2.zip", suite("s", case("a"), timestamp=AT))
    assert outcomes(by_name(only_unit(read(tmp_path / "in")).results)["a"]) == ["failed", "passed"]
    for number in (1, 3):
        packed(tmp_path / "shards", f"results-{number}-of-3.zip", suite("s", case(f"t{number}"), timestamp=AT))
    parts = only_unit(read(tmp_path / "shards")).run.parts
    assert [(part.shard.index, part.shard.total) for part in parts] == [(0, 3), (2, 3)]


@pytest.mark.parametrize(("names", "indices"), [(("0-of-2", "1-of-2"), [0, 1]), (("4-of-3",), [3])])
def test_shards_count_from_zero_where_one_is_zero_and_a_number_too_high_stays_so(
    tmp_path: Path, names: tuple[str, ...], indices: list[int]
) -> None:
    for name in names:
        write(tmp_path / f"in/shard-{name}/junit.xml", suite("s", case(f"t{name}"), timestamp=AT))
    assert [part.shard.index for part in only_unit(read(tmp_path / "in")).run.parts] == indices


def test_folders_of_the_jobs_of_one_run_are_its_parts(tmp_path: Path) -> None:
    write(tmp_path / "in/linux/junit.xml", suite("s", case("a", failure("boom")), timestamp=AT))
    write(tmp_path / "in/windows/junit.xml", suite("s", case("a"), timestamp=AT))
    write(
        tmp_path / "in/lint/ruff.sarif",
        {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "ruff"}}, "results": []}]},
    )
    unit = only_unit(read(tmp_path / "in"))
    assert [part.name for part in unit.run.parts] == ["lint", "linux", "windows"]
    assert [(result.part, result.status.value) for result in unit.results] == [
        ("linux", "failed"),
        ("windows", "passed"),
    ]
    assert len(unit.evidence.alerts) == 1


def test_numbered_folders_are_runs_of_their_own(tmp_path: Path) -> None:
    for number in (7, 8):
        write(tmp_path / f"in/nightly-{number}/junit.xml", suite("s", case("a"), timestamp=AT))
    assert [unit.run.key.run_id for unit in read(tmp_path / "in").units] == ["nightly-7", "nightly-8"]
