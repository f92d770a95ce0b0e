from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import junit, pytest_json_report, pytest_reportlog
from generator.records import Status
from tests.readers.in_memory import artifact

if TYPE_CHECKING:
    from generator.plugins import Reading
    from generator.records import TestResult

Json = dict[str, object]
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["outcome", "lines"]), inner, max_size=2)
    ),
    max_leaves=4,
)
NODE = "tests/test_gate.py::test_opens"
PASSED: Json = {"outcome": "passed", "duration": 0.25}
CRASH: Json = {"message": "assert 1 == 2", "path": "/builds/tollgate/tests/test_gate.py", "lineno": 9}


def broken(outcome: str = "failed") -> Json:
    return {"outcome": outcome, "duration": 0.5, "crash": CRASH, "longrepr": "E   assert 1 == 2"}


def item(outcome: str = "passed", nodeid: str = NODE, **phases: object) -> Json:
    phases = {"setup": PASSED, "call": PASSED, "teardown": PASSED} | phases
    return {"nodeid": nodeid, "lineno": 6, "outcome": outcome} | {key: said for key, said in phases.items() if said}


def report(*tests: object, **fields: object) -> str:
    return json.dumps({"exitcode": 0, "root": "/builds/tollgate", "summary": {}, "tests": list(tests)} | fields)


def read(text: str) -> Reading:
    found = artifact("report.json", text)
    assert pytest_json_report.recognises(found)
    return pytest_json_report.read(found)


def only(test: Json) -> TestResult:
    (result,) = read(report(test)).results
    return result


def row(when: str, outcome: str = "passed", nodeid: str = NODE, **fields: object) -> Json:
    named = {"nodeid": nodeid, "when": when, "outcome": outcome, "duration": 0.25, "longrepr": None, "sections": []}
    return {**named, "location": ["tests/test_gate.py", 6, "test_opens"], "$report_type": "TestReport"} | fields


def subtest(outcome: str, longrepr: object = None, **values: str) -> Json:
    context = {"msg": "rate", "kwargs": values}
    return row("call", outcome, longrepr=longrepr) | {"$report_type": "SubTestReport", "_subtest.context": context}


START: Json = {"pytest_version": "9.0.0", "$report_type": "SessionStart"}
FINISH: Json = {"exitstatus": 0, "$report_type": "SessionFinish"}


def log(*rows: object, end: str = "\n") -> Reading:
    found = artifact("log.jsonl", "\n".join(json.dumps(each) for each in rows) + end)
    assert pytest_reportlog.recognises(found)
    return pytest_reportlog.read(found)


def logged(*rows: object) -> TestResult:
    (result,) = log(START, *rows, FINISH).results
    return result


@pytest.mark.parametrize(
    ("nodeid", "classname", "name"),
    [
        ("tests/test_gate.py::test_opens", "tests.test_gate", "test_opens"),
        ("test_gate.py::TestNight::TestRain::test_opens", "test_gate.TestNight.TestRain", "test_opens"),
        ("tests/test_gate.py::test_opens[a/b::c.py-[x]]", "tests.test_gate", "test_opens[a/b::c.py-[x]]"),
        ("src/gate.py::gate.opens", "src.gate", "gate.opens"),
        ("docs/guide.rst::guide.rst", "docs.guide.rst", "guide.rst"),
        ("tests/test_broken.py", "", "tests.test_broken"),
    ],
)
def test_the_three_reports_of_pytest_name_a_test_alike(nodeid: str, classname: str, name: str) -> None:
    case = f'<testcase classname="{classname}" name="{name}"/>'
    xml = f'<testsuites><testsuite name="pytest">{case}</testsuite></testsuites>'
    (written,) = junit.read(artifact("junit.xml", xml)).results
    phases = [row(when, nodeid=nodeid) for when in ("setup", "call", "teardown")]
    assert only(item(nodeid=nodeid)).identity == logged(*phases).identity == written.identity


@pytest.mark.parametrize(
    ("test", "status"),
    [
        (item(), Status.PASSED),
        (item("failed", call=broken()), Status.FAILED),
        (item("error", setup=broken(), call=None), Status.ERROR),
        (item("error", teardown=broken()), Status.ERROR),
        (item("error", call=broken(), teardown=broken()), Status.ERROR),
        (item("skipped", setup={"outcome": "skipped", "longrepr": "('t.py', 3, 'Skipped: later')"}), Status.SKIPPED),
        (item("xfailed", call={"outcome": "skipped", "crash": CRASH}), Status.SKIPPED),
        (item("xpassed"), Status.PASSED),
        (item("failed", call={"outcome": "failed", "longrepr": "[XPASS(strict)] fixed"}), Status.FAILED),
        (item("passed", call=broken()), Status.FAILED),
        (item("subtests passed"), Status.PASSED),
        (item("failed"), Status.FAILED),
        (item("quarantined"), Status.ERROR),
        (item(call=None, teardown=None), Status.ERROR),
        (item("failed", call=None, teardown=None) | {"???": {"outcome": "failed"}}, Status.ERROR),
        ({"nodeid": NODE, "outcome": "passed"}, Status.PASSED),
    ],
)
def test_a_test_comes_to_the_worst_of_its_outcome_and_its_phases(test: Json, status: Status) -> None:
    result = only(test)
    assert result.status is status
    assert bool(result.message) == (status.bad or status is Status.SKIPPED)


@pytest.mark.parametrize("text", ["('t.py', 3, 'Skipped: too old')", '("a, b", None, "too old")', "Skipped: too old"])
def test_a_skip_says_why(text: str) -> None:
    result = only(item("skipped", setup={"outcome": "skipped", "longrepr": text}, call=None))
    assert (result.kind, result.message) == ("pytest.skip", "too old")


def test_what_was_rerun_and_passed_failed_before() -> None:
    result = only(item("rerun"))
    assert (result.flaky, result.earlier[0].status, result.line) == (True, Status.FAILED, 7)


def test_a_module_that_cannot_be_collected_is_one_error_however_many_collect_it() -> None:
    text = "ImportError while importing\nE   ModuleNotFoundError: No module named 'gate'"
    collector = {"nodeid": "tests/test_gate.py", "outcome": "failed", "longrepr": text}
    reading = read(report(collectors=[collector, collector], summary={"total": 0, "collected": 0}, exitcode=2))
    (result,) = reading.results
    assert (result.name, result.status, result.kind) == ("tests.test_gate", Status.ERROR, "ModuleNotFoundError")
    assert [problem.message for problem in reading.problems] == ["pytest ended with exit code 2 (interrupted)"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"summary": {"total": 1, "passed": 1, "collected": 1}}, ""),
        ({"summary": {"total": 2}}, "declares other counts than it has cases: 2 tests, has 1; the cases count"),
        ({"summary": {"total": 1, "collected": 9, "deselected": 3}}, "of the 6 tests that were chosen to run"),
        ({"exitcode": 1}, "pytest ended with exit code 1, but no test failed"),
        ({"exitcode": 5}, ""),
    ],
)
def test_a_report_that_does_not_add_up_is_warned_of(fields: Json, said: str) -> None:
    problems = read(report(item(), **fields)).problems
    assert [problem.message.startswith(said) for problem in problems] == [True] * bool(said)


def test_the_beginning_and_the_commit_are_taken_from_the_report() -> None:
    environment = {"GIT_COMMIT": "4f1d2c3b5a69", "BUILD_URL": "https://ci.example.org/9", "Plugins": {"xdist": "3"}}
    reading = read(report(item(), created=1770109963.5, duration=3.5, environment=environment))
    assert reading.started_at == "2026-02-03T09:12:40Z"
    assert dict(reading.properties) == {"commit": "4f1d2c3b5a69", "url": "https://ci.example.org/9"}


@pytest.mark.parametrize(
    "text", ['{"created": 1.5, "duration": 2.5, "exitcode": 1, "ro', '{"exitcode": 0, "summary": {}, "root": "/x"}']
)
def test_a_report_that_is_cut_off_or_has_no_tests_is_refused_with_a_next_step(text: str) -> None:
    with pytest.raises(UnreadableError) as refusal:
        read(text)
    assert refusal.value.hint


@pytest.mark.parametrize("text", ["{}", "[1]", '{"exitcode": 0}', '{"exitcode": 0, "summary": {}}', "nothing", "{"])
def test_other_files_are_not_taken(text: str) -> None:
    assert pytest_json_report.recognises(artifact("x.json", text)) == ""
    assert pytest_reportlog.recognises(artifact("x.jsonl", text)) == ""


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([row("setup"), row("call"), row("teardown")], Status.PASSED),
        ([row("setup"), row("call", "failed"), row("teardown")], Status.FAILED),
        ([row("setup", "failed"), row("teardown")], Status.ERROR),
        ([row("setup"), row("call"), row("teardown", "failed")], Status.ERROR),
        ([row("setup"), row("call", "failed"), row("teardown", "failed")], Status.ERROR),
        ([row("setup", "skipped", longrepr=["t.py", 3, "Skipped: later"]), row("teardown")], Status.SKIPPED),
        ([row("setup"), row("call", "skipped", wasxfail="known"), row("teardown")], Status.SKIPPED),
        ([row("setup"), row("call", wasxfail="known"), row("teardown")], Status.PASSED),
        ([row("setup"), row("???", "failed", longrepr="worker 'gw0' crashed")], Status.ERROR),
        ([row("setup"), row("call", "quarantined"), row("teardown")], Status.ERROR),
        ([row("setup"), subtest("failed", kind="bus"), row("call"), row("teardown")], Status.FAILED),
        ([row("setup"), subtest("passed"), subtest("skipped"), row("call"), row("teardown")], Status.PASSED),
        ([row("setup"), row("call")], Status.ERROR),
        ([row("setup"), row("call", "failed")], Status.FAILED),
    ],
)
def test_a_logged_test_comes_to_the_worst_of_its_rows(rows: list[Json], status: Status) -> None:
    result = logged(*rows)
    assert result.status is status
    assert bool(result.message) == (status.bad or status is Status.SKIPPED)


@pytest.mark.parametrize("between", [[], [row("teardown")]], ids=["older", "newer"])
def test_reruns_are_earlier_attempts_with_their_texts(between: list[Json]) -> None:
    first = row("call", "rerun", longrepr={"reprcrash": CRASH}, duration=1.0)
    result = logged(row("setup"), first, *between, row("setup"), row("call"), row("teardown"))
    (attempt,) = result.earlier
    assert (result.flaky, attempt.message, result.duration_s) == (True, "assert 1 == 2", 0.75)
    assert attempt.duration_s == 1.25 + 0.25 * len(between)


def test_a_rerun_that_never_came_leaves_the_failure() -> None:
    result = logged(row("setup"), row("call", "rerun", longrepr="E   AssertionError: no"), row("teardown"))
    assert (result.status, result.message, result.earlier) == (Status.FAILED, "AssertionError: no", ())


def test_tests_of_several_workers_may_be_logged_in_any_order() -> None:
    phases = [(when, node) for when in ("setup", "call", "teardown") for node in ("gw0", "gw1")]
    reading = log(START, *(row(when, nodeid=f"t.py::test_{node}", node=node) for when, node in phases), FINISH)
    assert [result.status for result in reading.results] == [Status.PASSED, Status.PASSED]
    assert reading.problems == ()


def test_a_killed_run_says_so_and_what_ran_then_is_an_error() -> None:
    done = [row(when) for when in ("setup", "call", "teardown")]
    reading = log(START, *done, row("setup", nodeid="t.py::test_power"), end='\n{"nodeid": "t.py::te')
    assert [result.status for result in reading.results] == [Status.PASSED, Status.ERROR]
    said = " ".join(problem.message for problem in reading.problems)
    assert "torn last line" in said
    assert "no SessionFinish row: pytest was killed; tests that never ended: 1" in said


def test_failed_subtests_are_told_within_their_test() -> None:
    crash = {"reprcrash": CRASH, "reprtraceback": {"reprentries": []}}
    failed = [subtest("failed", crash, kind=f"'k{number}'") for number in range(12)]
    result = logged(row("setup"), *failed, row("call", "failed", longrepr="12 failed subtests"), row("teardown"))
    assert result.message == "subtest rate (kind='k0'): assert 1 == 2"
    assert "--- subtest rate (kind='k9') ---" in result.trace
    assert "--- and 3 more failures of this test ---" in result.trace


def test_a_chain_of_exceptions_is_written_as_pytest_prints_it() -> None:
    place = {"path": "t.py", "lineno": 4, "message": "KeyError"}
    data = {"lines": [">   x['a']", "E   KeyError: 'a'"], "reprfuncargs": {"args": [["x", "{}"]]}, "reprfileloc": place}
    cause = {"style": "long", "reprentries": [{"type": "ReprEntry", "data": data}]}
    short = {"type": "ReprEntry", "data": {"lines": ["    y()"], "reprfileloc": place, "style": "short"}}
    native = {"type": "ReprEntryNative", "data": {"lines": ["Traceback:\n", "ValueError: no\n"]}}
    chain = [[cause, None, "The above exception was the direct cause:"], [{"reprentries": [short, native]}, None, None]]
    longrepr = {"reprcrash": {"message": "ValueError: no"}, "reprtraceback": {}, "chain": chain}
    result = logged(row("setup"), row("call", "failed", longrepr=longrepr), row("teardown"))
    assert result.kind == "ValueError"
    assert result.trace == (
        "x = {}\n\n>   x['a']\nE   KeyError: 'a'\n\nt.py:4: KeyError\n\nThe above exception was the direct cause:\n\n"
        "t.py:4: KeyError\n    y()\nTraceback:\nValueError: no"
    )


def test_only_the_end_of_a_long_output_stands_behind_a_trace() -> None:
    sections = [["Captured stdout call", "first line\n" + "x" * 4000 + "\nlast line\n" + "y" * 90]]
    failed = row("call", "failed", longrepr="E   assert 0", sections=sections)
    result = logged(row("setup"), failed, row("teardown"))
    assert result.trace.startswith("E   assert 0\n--- Captured stdout call ---\n")
    assert "last line" in result.trace
    assert "first line" not in result.trace


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["nodeid", "outcome", "lineno", "setup", "call", "teardown", "???"]), values),
    st.dictionaries(st.sampled_from(["exitcode", "summary", "collectors", "created", "environment"]), values),
)
def test_any_value_in_a_report_is_read_or_refused(test: Json, fields: Json) -> None:
    found = artifact("report.json", report(test, {**item("failed"), **test}, item(), **fields))
    assert isinstance(pytest_json_report.recognises(found), str)
    counts = pytest_json_report.read(found).counts
    assert counts is not None
    assert counts.tests == counts.passed + counts.failed + counts.errors + counts.skipped


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["nodeid", "when", "outcome", "longrepr", "sections", "location"]), values)
        | values,
        max_size=4,
    ),
    st.sampled_from(["TestReport", "SubTestReport", "CollectReport", "SessionFinish"]),
)
def test_any_value_in_a_log_is_read(rows: list[object], kind: str) -> None:
    typed = [
        {**row("call", "failed"), **each, "$report_type": kind} if isinstance(each, dict) else each for each in rows
    ]
    reading = log(START, *typed, FINISH)
    counts = reading.counts
    assert counts is not None
    assert counts.tests == counts.passed + counts.failed + counts.errors + counts.skipped == len(reading.results)
