from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings

from generator.readers import trx
from tests.readers.dotnet_xml import found, keeps_its_promises, read, report, text, trees
from tests.readers.dotnet_xml import trx as run
from tests.readers.junit_xml import element


def result(name: str = "Works", *inside: str, outcome: str | None = "Passed", **attributes: object) -> str:
    known: dict[str, object] = {"testName": name, "testId": name}
    return element("UnitTestResult", *inside, **(known | ({"outcome": outcome} if outcome else {}) | attributes))


def definition(test_id: str, classname: str = "Shop.CartTests", path: str = "C:\\w\\Shop.Tests.dll") -> str:
    method = element("TestMethod", codeBase=path, className=classname, name="x")
    return element("UnitTest", method, name="x", storage=path.lower(), id=test_id)


def error(message: str, trace: str = "") -> str:
    return text("Output", text("ErrorInfo", text("Message", message) + text("StackTrace", trace)))


def summary(outcome: str, *infos: str, **counters: object) -> str:
    messages = [element("RunInfo", text("Text", info), outcome="Error") for info in infos]
    return element("ResultSummary", element("Counters", **counters), *messages, outcome=outcome)


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("Passed", "passed"),
        ("PassedButRunAborted", "passed"),
        ("Warning", "passed"),
        ("Failed", "failed"),
        *((word, "error") for word in ("Error", "Timeout", "Aborted", "Disconnected", "NotRunnable", "InProgress")),
        *((word, "skipped") for word in ("NotExecuted", "Inconclusive", "Pending", "Completed")),
        (" failed ", "failed"),
    ],
)
def test_every_outcome_of_the_format_has_one_status(outcome: str, status: str) -> None:
    reading = read(trx, run(result(outcome=outcome)))
    assert found(reading) == [("Works", status)]
    assert not reading.problems


@pytest.mark.parametrize("outcome", ["Perfect", "", None])
def test_an_outcome_that_nobody_knows_is_an_error_and_said_once(outcome: str | None) -> None:
    reading = read(trx, run(result("A", outcome=outcome), result("B", outcome=outcome)))
    assert found(reading) == [("A", "error"), ("B", "error")]
    assert [problem.message[:7] for problem in reading.problems] == ["2 cases"]


@pytest.mark.parametrize(
    ("written", "classname"),
    [
        ("Shop.CartTests", "Shop.CartTests"),
        ("Shop.CartTests, Shop.Tests, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null", "Shop.CartTests"),
        ("Shop.CartTests, Shop.Tests", "Shop.CartTests"),
        ("Shop.Box`1[[A, B, Version=4.0.0.0]], Shop, Version=1.0.0.0", "Shop.Box`1[[A, B, Version=4.0.0.0]]"),
        ('Shop.CartTests("a, b")', 'Shop.CartTests("a, b")'),
        ("Shop.Pair<Int32,String>", "Shop.Pair<Int32,String>"),
    ],
)
def test_the_assembly_behind_a_class_is_cut_off(written: str, classname: str) -> None:
    (case,) = read(trx, run(result(), definitions=definition("Works", written))).results
    assert (case.suite, case.classname) == ("Shop.Tests.dll", classname)


def test_definitions_are_joined_wherever_they_stand() -> None:
    results = element("Results", result("Shop.CartTests.Adds(1)", testId="1"))
    definitions = element("TestDefinitions", definition("1"))
    both = [read(trx, element("TestRun", *order)).results for order in permutations((results, definitions))]
    assert both[0] == both[1]
    assert (both[0][0].classname, both[0][0].name) == ("Shop.CartTests", "Adds(1)")


def test_data_rows_are_the_cases_and_their_container_is_none() -> None:
    rows = element("InnerResults", result("Adds (1)"), result("Adds (2)", outcome="Failed"))
    reading = read(trx, run(result("Adds", rows, outcome="Failed"), summary=summary("Failed", total=3, failed=2)))
    assert found(reading) == [("Adds (1)", "passed"), ("Adds (2)", "failed")]
    assert not reading.problems


def test_a_container_that_broke_by_itself_is_a_case() -> None:
    rows = element("InnerResults", result("Adds (1)"))
    assert found(read(trx, run(result("Adds", rows, outcome="Error")))) == [("Adds (1)", "passed"), ("Adds", "error")]


def test_attempts_of_one_id_are_merged_in_order_of_time() -> None:
    late = result(testId="1", startTime="2026-01-01T10:00:09Z", duration="00:00:02")
    early = result("Works", error("boom"), testId="1", startTime="2026-01-01T10:00:01Z", outcome="Failed")
    (case,) = read(trx, run(late, early)).results
    assert (case.status.value, case.flaky, case.duration_s) == ("passed", True, 2.0)
    assert [attempt.message for attempt in case.earlier] == ["boom"]


def test_tests_of_one_name_and_different_ids_stay_apart_and_keep_their_numbers_in_any_order() -> None:
    same = [result("Adds(x: 1···)", testId="b", outcome="Failed"), result("Adds(x: 1···)", testId="a")]
    readings = [read(trx, run(*order)) for order in permutations(same)]
    assert sorted(found(readings[0])) == sorted(found(readings[1]))
    assert dict(found(readings[0])) == {"Adds(x: 1···)": "passed", "Adds(x: 1···) #2": "failed"}


def test_what_adapters_repeat_of_failed_tests_is_no_error_of_the_run() -> None:
    echoes = ("[xUnit.net 00:00:01.02]     Shop.CartTests.Works [FAIL]", "Exit code indicates failure: '2'. See help")
    reading = read(trx, run(result(outcome="Failed"), summary=summary("Failed", *echoes)))
    assert found(reading) == [("Works", "failed")]


@pytest.mark.parametrize(
    ("outcome", "info"),
    [
        ("Failed", "The active test run was aborted. Reason: Test host process crashed"),
        ("Failed", "[xUnit.net 00:00:00.5] Shop.Tests: Catastrophic failure: System.IO.IOException"),
        ("Failed", "Exit code indicates failure: '9'."),
        ("Aborted", ""),
    ],
)
def test_an_error_of_the_run_is_one_error_also_beside_failed_tests(outcome: str, info: str) -> None:
    reading = read(trx, run(result(outcome="Failed"), summary=summary(outcome, *([info] if info else []))))
    assert found(reading) == [("Works", "failed"), ("(run)", "error")]


def test_a_run_that_failed_without_a_failed_test_is_not_green() -> None:
    reading = read(trx, run(result(), summary=summary("Failed", total=1, passed=1, failed=0)))
    assert found(reading) == [("Works", "passed"), ("(run)", "error")]


def test_counters_that_the_cases_do_not_bear_out_are_a_warning() -> None:
    (problem,) = read(trx, run(result(), summary=summary("Completed", total=3, passed=3, failed=0))).problems
    assert "3 tests, has 1" in problem.message


@pytest.mark.parametrize(
    ("written", "duration"),
    [("00:00:01.5000000", 1.5), ("1.01:00:00", 90000.0), ("00:01:00,25", 60.25), ("-00:00:01", None), ("soon:", None)],
)
def test_a_span_is_read_as_seconds(written: str, duration: float | None) -> None:
    reading = read(trx, run(result(duration=written)))
    assert reading.results[0].duration_s == duration
    assert bool(reading.problems) == (duration is None)


def test_the_end_of_a_long_output_stands_below_the_trace() -> None:
    output = text(
        "Output", text("StdOut", "first line\n" * 2000 + "last line") + text("ErrorInfo", text("Message", "no"))
    )
    (case,) = read(trx, run(result("Works", output, outcome="Failed"))).results
    assert case.message == "no"
    assert case.trace.startswith("--- stdout ---\nfirst")
    assert case.trace.endswith("last line")
    assert len(case.trace) < 4200


def test_a_manifest_or_another_root_is_not_taken() -> None:
    assert not trx.recognises(report("<TestRun/>", "x.xml"))
    assert not trx.recognises(report("<testsuite/>", "x.trx"))
    assert trx.recognises(report(run(result()), "x.xml"))
    assert trx.recognises(report("no XML at all", "x.TRX"))


TAGS = (
    *("Results", "UnitTestResult", "InnerResults", "Output", "ErrorInfo", "Message", "RunInfo", "Text", "Times"),
    *("TestDefinitions", "UnitTest", "TestMethod", "ResultSummary", "Counters", "TestRun", "StdOut", "Other"),
)
NAMES = ("testName", "testId", "outcome", "duration", "startTime", "id", "storage", "className", "codeBase", "total")
VALUES = ("", "1", "Failed", "Passed", "a.b", "00:00:01", "-1", "9" * 40, "2026-01-01T00:00:00Z")


@settings(max_examples=150, deadline=None)
@given(trees(TAGS, NAMES, VALUES))
def test_any_elements_in_any_order_are_read_or_refused_politely(inside: list[str]) -> None:
    assert keeps_its_promises(trx, element("TestRun", *inside, " "))
