"""A report with more tests than a run may bring is read up to the limit, is never green, and says so."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from generator.readers._allowance import LEFT_OUT
from generator.records import Severity
from generator.safety.limits import ReadLimits
from tests.readers.run_folder import DEFAULTS, read, write

if TYPE_CHECKING:
    from pathlib import Path

    from generator.readers import Intake

MOST = 3


def junit(tests: int) -> str:
    cases = "".join(f'<testcase name="adds {place}"/>' for place in range(tests))
    return f'<testsuites><testsuite name="cart" tests="{tests}" failures="0">{cases}</testsuite></testsuites>'


def ctrf(tests: int) -> str:
    found = [{"name": f"adds {place}", "status": "passed", "duration": 1} for place in range(tests)]
    results = {"tool": {"name": "t"}, "summary": {"tests": tests, "passed": tests}, "tests": found}
    return json.dumps({"reportFormat": "CTRF", "results": results})


def tap(tests: int) -> str:
    return "\n".join(["TAP version 13", f"1..{tests}", *(f"ok {place + 1} - adds" for place in range(tests)), ""])


def trx(tests: int) -> str:
    found = "".join(f'<UnitTestResult testName="adds {place}" outcome="Passed"/>' for place in range(tests))
    counters = f'<ResultSummary><Counters total="{tests}" passed="{tests}"/></ResultSummary>'
    return f"<TestRun><Results>{found}</Results>{counters}</TestRun>"


def nunit(tests: int) -> str:
    found = "".join(f'<test-case name="adds {place}" result="Passed"/>' for place in range(tests))
    return f'<test-run total="{tests}" passed="{tests}"><test-suite>{found}</test-suite></test-run>'


def xunit(tests: int) -> str:
    found = "".join(f'<test name="adds {place}" result="Pass"/>' for place in range(tests))
    return f'<assemblies><assembly name="cart.dll" total="{tests}" test-framework="xUnit.net"><collection>{found}</collection></assembly></assemblies>'  # noqa: E501


def go(tests: int) -> str:
    lines = [{"Action": "pass", "Package": "cart", "Test": f"TestAdds{place}"} for place in range(tests)]
    return "\n".join(map(json.dumps, [*lines, {"Action": "pass", "Package": "cart"}]))


REPORTS = {
    "junit.xml": junit,
    "ctrf.json": ctrf,
    "a.tap": tap,
    "a.trx": trx,
    "nunit.xml": nunit,
    "xunit.xml": xunit,
    "go.jsonl": go,
}


def read_with(folder: Path, **limits: int) -> Intake:
    return read(folder, defaults=replace(DEFAULTS, limits=ReadLimits(**limits)))


def errors(intake: Intake) -> list[str]:
    return [problem.message for problem in intake.problems if problem.severity is Severity.ERROR]


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_of_exactly_as_many_tests_is_read_whole(name: str, tmp_path: Path) -> None:
    write(tmp_path / name, REPORTS[name](MOST))
    intake = read_with(tmp_path, tests_per_run=MOST)
    assert intake.totals.tests == MOST
    assert errors(intake) == []


@pytest.mark.parametrize("name", REPORTS)
def test_one_test_more_is_not_read_and_that_is_the_only_complaint(name: str, tmp_path: Path) -> None:
    write(tmp_path / name, REPORTS[name](MOST + 1))
    intake = read_with(tmp_path, tests_per_run=MOST)
    assert (intake.totals.tests, intake.totals.passed) == (MOST, MOST)
    assert errors(intake) == ["is read up to its first 3 tests: more are over the limit of a run, `tests_per_run`"]
    assert not any("declares" in problem.message or "plan" in problem.message for problem in intake.problems)


def test_a_report_behind_the_limit_is_not_read_at_all_and_says_so(tmp_path: Path) -> None:
    for part in "ab":
        write(tmp_path / part / "junit.xml", junit(MOST))
    write(tmp_path / "run.json", {"schema": "replaybook.run.v1", "run_id": "7"})
    intake = read_with(tmp_path, tests_per_run=MOST)
    assert intake.totals.tests == MOST
    assert errors(intake) == ["is not read: more are over the limit of a run, `tests_per_run`"]


def test_two_runs_of_one_argument_have_a_limit_each(tmp_path: Path) -> None:
    for run in "ab":
        write(tmp_path / run / "junit.xml", junit(MOST))
        write(tmp_path / run / "run.json", {"schema": "replaybook.run.v1", "run_id": run})
    intake = read_with(tmp_path, tests_per_run=MOST)
    assert intake.totals.tests == 2 * MOST
    assert errors(intake) == []


def test_failures_beyond_the_limit_of_text_are_failures_without_text(tmp_path: Path) -> None:
    failed = '<testcase name="{0}"><failure message="{0} broke">trace of {0}</failure></testcase>'
    write(tmp_path / "junit.xml", f"<testsuite>{failed.format('one')}{failed.format('two')}</testsuite>")
    intake = read_with(tmp_path, text_per_run=30)
    (unit,) = intake.units
    assert [(result.message, result.trace) for result in unit.results] == [
        ("one broke", "trace of one"),
        (LEFT_OUT, ""),
    ]
    assert intake.totals.failed == 2
    assert [problem.message for problem in intake.problems if "text_per_run" in problem.message] == [
        "says more than a run may say, `text_per_run`: 1 test goes without message and trace"
    ]


def test_what_a_passing_test_wrote_costs_nothing_of_the_text_of_a_run(tmp_path: Path) -> None:
    loud = f'<testcase name="loud"><system-out>{"word " * 100}</system-out></testcase>'
    failed = '<testcase name="fails"><failure message="broke">trace</failure></testcase>'
    write(tmp_path / "junit.xml", f"<testsuite>{loud}{failed}</testsuite>")
    (unit,) = read_with(tmp_path, text_per_run=30).units
    assert {result.name: result.message for result in unit.results} == {"loud": "", "fails": "broke"}


def test_a_text_that_is_cut_is_told_with_its_file(tmp_path: Path) -> None:
    long = "word " * 3_000
    write(tmp_path / "junit.xml", f'<testsuite><testcase name="a"><failure message="{long}"/></testcase></testsuite>')
    told = [problem for problem in read(tmp_path).problems if "longer than is kept" in problem.message]
    assert [(problem.path, problem.severity) for problem in told] == [("junit.xml", Severity.INFO)]
    write(tmp_path / "junit.xml", junit(1))
    assert not any("longer than is kept" in problem.message for problem in read(tmp_path).problems)
