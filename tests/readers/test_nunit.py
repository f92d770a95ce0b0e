from __future__ import annotations

import pytest
from hypothesis import given, settings

from generator.readers import nunit2, nunit3
from tests.readers.dotnet_xml import (
    case3,
    fixture,
    found,
    keeps_its_promises,
    read,
    report,
    run2,
    run3,
    text,
    trees,
)
from tests.readers.junit_xml import element

WORKS = "Shop.CartTests.Works"
BROKE = text("failure", text("message", "System.IO.IOException : no") + text("stack-trace", "at A()"))


def case2(name: str, *inside: str, **attributes: object) -> str:
    return element("test-case", *inside, name=name, **attributes)


@pytest.mark.parametrize(
    ("result", "label", "status"),
    [
        ("Passed", "", "passed"),
        ("Warning", "", "passed"),
        ("Failed", "", "failed"),
        ("Failed", "MyLabel", "failed"),
        ("Failed", "Error", "error"),
        ("Failed", "Invalid", "error"),
        ("Failed", "Cancelled", "error"),
        ("Failed:Error(Child)", "", "error"),
        ("Skipped", "Ignored", "skipped"),
        ("Skipped:Explicit", "", "skipped"),
        ("Inconclusive", "", "skipped"),
        ("Great", "", "error"),
        ("", "", "error"),
    ],
)
def test_result_and_label_of_version_3_make_the_status(result: str, label: str, status: str) -> None:
    reading = read(nunit3, run3(case3("Works", result=result, label=label)))
    assert found(reading) == [("Works", status)]
    assert bool(reading.problems) == (result in ("Great", ""))


@pytest.mark.parametrize(
    ("attributes", "status"),
    [
        ({"executed": "True", "result": "Success", "success": "True"}, "passed"),
        ({"executed": "True", "result": "Failure", "success": "False"}, "failed"),
        ({"executed": "True", "result": "Error", "success": "False"}, "error"),
        ({"executed": "True", "result": "Cancelled"}, "error"),
        ({"executed": "True", "result": "Inconclusive", "success": "False"}, "skipped"),
        *(({"executed": "False", "result": word}, "skipped") for word in ("Ignored", "Skipped", "NotRunnable")),
        ({"executed": "True", "success": "true"}, "passed"),
        ({"executed": "True", "success": "False"}, "failed"),
        ({"executed": "true"}, "passed"),
        ({"executed": "False"}, "skipped"),
        ({"executed": "True", "result": "Splendid"}, "error"),
        ({}, "error"),
    ],
)
def test_version_2_is_judged_by_result_else_by_executed_and_success(attributes: dict[str, object], status: str) -> None:
    assert found(read(nunit2, run2(case2(WORKS, **attributes)))) == [("Works", status)]


def test_a_failure_beats_a_result_that_says_success_or_nothing() -> None:
    cases = [case2(f"Shop.CartTests.{name}", BROKE, executed="True", success=name) for name in ("True", "False", "Yes")]
    assert {status for _, status in found(read(nunit2, run2(*cases)))} == {"failed"}


def test_a_success_that_is_no_truth_value_is_judged_by_failures_and_noted() -> None:
    reading = read(nunit2, run2(case2(WORKS, executed="True", success="Treu")))
    assert found(reading) == [("Works", "passed")]
    assert [problem.message[:11] for problem in reading.problems] == ["1 case says"]


def test_parameters_of_a_fixture_belong_to_its_class() -> None:
    full = 'Shop.CartTests("a.b").Adds(1.5d)'
    case = case3("Adds(1.5d)", fullname=full, classname="Shop.CartTests")
    (result,) = read(nunit3, run3(case)).results
    assert (result.suite, result.classname, result.name) == ("a.dll", 'Shop.CartTests("a.b")', "Adds(1.5d)")


@pytest.mark.parametrize(
    ("name", "classname", "own"),
    [
        ("Shop.CartTests.Adds(1.5d)", "Shop.CartTests", "Adds(1.5d)"),
        ("Other.Place.Adds(a.b)", "Other.Place", "Adds(a.b)"),
        ("Adds", "Shop.CartTests", "Adds"),
        ("adds 1. and 2. of 3.", "Shop.CartTests", "adds 1. and 2. of 3."),
    ],
)
def test_the_class_of_version_2_is_the_fixture_or_stands_in_the_name(name: str, classname: str, own: str) -> None:
    (result,) = read(nunit2, run2(case2(name, executed="True", success="True"))).results
    assert (result.suite, result.classname, result.name) == ("a.dll", classname, own)


def test_two_cases_of_one_name_are_two_tests_and_never_attempts() -> None:
    one, two = case3("Adds(System.Object)", result="Failed"), case3("Adds(System.Object)")
    assert found(read(nunit3, run3(one, two))) == [
        ("Adds(System.Object)", "failed"),
        ("Adds(System.Object) #2", "passed"),
    ]


def test_one_assembly_that_ran_twice_gives_attempts() -> None:
    suites = [
        fixture(case3("Works", result=result), type="Assembly", name="a.dll", fullname="/w/a.dll")
        for result in ("Failed", "Passed")
    ]
    (result,) = read(nunit3, element("test-run", *suites)).results
    assert result.flaky


@pytest.mark.parametrize(
    ("site", "inside", "more"),
    [
        ("SetUp", case3("Works", result="Failed", site="Parent"), 0),
        ("SetUp", "", 1),
        ("TearDown", case3("Works", result="Failed"), 1),
        ("Child", case3("Works", result="Failed"), 0),
        ("Parent", "", 0),
        ("", case3("Works"), 1),
    ],
)
def test_a_suite_is_an_error_of_its_own_when_its_cases_do_not_say_why(site: str, inside: str, more: int) -> None:
    reading = read(nunit3, element("test-run", fixture(BROKE, inside, result="Failed", site=site)))
    errors = [result for result in reading.results if result.name == "(suite)"]
    assert len(errors) == more
    assert all(error.kind == "System.IO.IOException" and error.classname for error in errors)


def test_a_failed_run_of_nothing_is_not_green() -> None:
    assert found(read(nunit3, element("test-run", result="Failed", total=0))) == [("(suite)", "error")]


def test_totals_of_the_root_are_compared_and_errors_of_suites_stand_in_none_of_them() -> None:
    broken = fixture(case3("Works"), result="Failed", site="TearDown")
    right = {"total": 1, "passed": 1, "failed": 0, "skipped": 0, "inconclusive": 0}
    assert not read(nunit3, element("test-run", broken, **right)).problems
    (problem,) = read(nunit3, element("test-run", broken, **(right | {"total": 7}))).problems
    assert "7 tests" in problem.message


@pytest.mark.parametrize("total", [1, 2])
def test_the_total_of_version_2_may_hold_what_did_not_run(total: int) -> None:
    cases = (case2("A", executed="True", success="True"), case2("B", executed="False"))
    assert not read(nunit2, run2(*cases, total=total, **{"not-run": 1}, failures=0)).problems


def test_times_of_other_cultures_are_seconds() -> None:
    cases = [case2(name, executed="True", time=time) for name, time in (("A", "1,234"), ("B", "0.5"), ("C", "x"))]
    reading = read(nunit2, run2(*cases, date="2026-01-02", time="03:04:05"))
    assert [result.duration_s for result in reading.results] == [1.234, 0.5, None]
    assert reading.started_at == "2026-01-02T03:04:05Z"
    assert len(reading.problems) == 1


def test_what_xml_forbids_is_replaced_and_said_as_an_error() -> None:
    reading = read(nunit3, run3(case3("Works"), text("output", "a\x00b")))
    assert found(reading) == [("Works", "passed")]
    assert [problem.severity.value for problem in reading.problems] == ["error"]


@pytest.mark.parametrize(
    ("data", "takers"),
    [
        ("<test-run/>", {"nunit3"}),
        ("<test-results/>", {"nunit2"}),
        ('<test-suite type="Assembly" fullname="a" runstate="Runnable"/>', {"nunit3"}),
        ('<test-suite type="TestFixture" executed="True"/>', {"nunit2"}),
        ('<ns2:test-suite xmlns:ns2="urn:model.allure.qatools.yandex.ru" start="1" stop="2"/>', set()),
        ("<testsuite/>", set()),
        ("nunit", set()),
    ],
)
def test_versions_are_told_apart_from_each_other_and_from_allure(data: str, takers: set[str]) -> None:
    readers = {reader.NAME: reader for reader in (nunit2, nunit3)}
    assert {name for name, reader in readers.items() if reader.recognises(report(data, "nunit.xml"))} == takers


TAGS = (
    *("test-suite", "test-case", "results", "failure", "reason", "message", "stack-trace", "output", "properties"),
    *("property", "test-run", "test-results", "assertions", "other"),
)
NAMES = ("name", "fullname", "classname", "result", "label", "site", "type", "executed", "success", "time", "duration")
VALUES = ("", "1", "Failed", "Passed", "Success", "a.b", "True", "False", "TearDown", "Assembly", "9" * 40)


@settings(max_examples=100, deadline=None)
@given(trees(TAGS, NAMES, VALUES))
def test_any_elements_in_any_order_are_read_or_refused_politely(inside: list[str]) -> None:
    assert keeps_its_promises(nunit3, element("test-run", *inside, " "))
    assert keeps_its_promises(nunit2, element("test-results", *inside, " "))
