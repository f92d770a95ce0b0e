"""What was a report by all that can be seen, and is not read, never leaves the run green."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from generator.records import Severity
from tests.readers.junit_xml import case, failure, suite
from tests.readers.run_folder import about, read, write

if TYPE_CHECKING:
    from pathlib import Path

GOOD = suite("s", case("a"), timestamp="2026-03-04T05:06:07Z")
DART: list[dict[str, object]] = [
    {"type": "start", "time": 0, "protocolVersion": "0.1.1"},
    {"type": "suite", "suite": {"id": 0, "platform": "vm", "path": "test/a_test.dart"}, "time": 0},
    {"type": "testStart", "test": {"id": 1, "name": "a", "suiteID": 0, "groupIDs": []}, "time": 1},
    {"type": "testDone", "testID": 1, "result": "success", "skipped": False, "hidden": False, "time": 2},
]
GO: list[dict[str, object]] = [
    {"Action": "run", "Package": "q", "Test": "A"},
    {"Action": "pass", "Package": "q", "Test": "A", "Elapsed": 0},
]
ROW: dict[str, object] = {
    "nodeid": "t.py::a",
    "location": ["t.py", 1, "a"],
    "outcome": "passed",
    "$report_type": "TestReport",
}
PYTEST: list[dict[str, object]] = [
    {"pytest_version": "9.0", "$report_type": "SessionStart"},
    *(ROW | {"when": when} for when in ("setup", "call", "teardown")),
]


def lines(rows: list[dict[str, object]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("results.xml", ""),
        ("results.json", " \n"),
        ("results.xml", '<?xml version="1.0"?>\n<tests><testcase'),
        ("results.json", 'npm output\n{"reportFormat": "CTRF", "results": {}}'),
        ("results.xml", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"),
        ("junit.xml.gz", "\x1f packed"),
        ("bundle.7z", "7z"),
    ],
)
def test_a_report_that_cannot_be_read_is_an_error_beside_a_good_one(tmp_path: Path, name: str, content: str) -> None:
    write(tmp_path / "in/good.xml", GOOD)
    write(tmp_path / "in" / name, content)
    intake = read(tmp_path / "in")
    (problem,) = about(intake, name)
    assert problem.severity is Severity.ERROR
    assert problem.hint
    assert intake.totals.tests == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("dart.jsonl", lines(DART)),
        ("go.json", lines(GO)),
        ("go.json", "FAIL\tex.com/p [build failed]\n" + lines([*GO, {"Action": "pass", "Package": "q", "Elapsed": 0}])),
        ("log.jsonl", lines(PYTEST)),
        ("report.json", json.dumps({"exitcode": 1, "root": "/x", "summary": {"total": 1}, "tests": [
            {"nodeid": "t.py::a", "outcome": "passed"}
        ]})),
    ],
)  # fmt: skip
def test_a_run_that_was_cut_off_or_failed_beside_its_tests_has_an_error(
    tmp_path: Path, name: str, content: str
) -> None:
    totals = read(write(tmp_path / name, content)).totals
    assert (totals.passed, totals.errors) == (1, 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("junit.xml", suite("s", case("a"), case("b"), tests=2, failures=1)),
        ("junit.xml", suite("s", case("a"), tests=1, errors=1)),
        (
            "ctrf.json",
            json.dumps({"reportFormat": "CTRF", "specVersion": "0.0.0", "results": {
                "tool": {"name": "x"},
                "summary": {"tests": 2, "passed": 1, "failed": 1, "skipped": 0, "pending": 0, "other": 0},
                "tests": [{"name": "a", "status": "passed", "duration": 1}],
            }}),
        ),
    ],
)  # fmt: skip
def test_failures_that_a_report_declares_and_no_case_tells_are_an_error(
    tmp_path: Path, name: str, content: str
) -> None:
    intake = read(write(tmp_path / name, content))
    assert any("declares" in problem.message and problem.severity is Severity.ERROR for problem in intake.problems)


@pytest.mark.parametrize("data", ["<testsuites/>", '<testsuite name="s" tests="0"/>'])
def test_a_report_without_a_test_says_so(tmp_path: Path, data: str) -> None:
    intake = read(write(tmp_path / "junit.xml", data))
    assert any(problem.message == "holds no test" for problem in intake.problems)


@pytest.mark.parametrize(
    "data",
    [
        f"Running tests...\n<testsuites>{suite('s', case('a', failure('x')))}</testsuites>",
        f"{suite('s', case('a', failure('x')))}\nDone in 3 s.\n",
        f"\n\n<?xml version='1.0'?>{suite('s', case('a', failure('x')))}",
    ],
)
def test_text_around_a_document_is_left_out_and_said_so(tmp_path: Path, data: str) -> None:
    intake = read(write(tmp_path / "results.xml", data))
    assert (intake.totals.tests, intake.totals.failed) == (1, 1)
    assert any("repaired" in problem.message for problem in intake.problems)


def test_two_documents_in_one_file_are_refused(tmp_path: Path) -> None:
    (problem,) = read(write(tmp_path / "junit.xml", GOOD + GOOD)).problems
    assert problem.severity is Severity.ERROR
    assert "junk after document element" in problem.message
