from __future__ import annotations

import pytest
from hypothesis import given, settings

from generator.readers import xunit
from tests.readers.dotnet_xml import assembly, found, keeps_its_promises, read, report, text, trees
from tests.readers.junit_xml import element


def case(name: str = "Shop.CartTests.Works", *inside: str, **attributes: object) -> str:
    known: dict[str, object] = {"name": name, "type": "Shop.CartTests", "method": "Works", "result": "Pass"}
    return element("test", *inside, **(known | attributes))


def failure(message: str = "no", kind: str = "Xunit.Sdk.TrueException") -> str:
    inside = text("message", message) + text("stack-trace", "at A()")
    return element("failure", inside, **{"exception-type": kind})


def error(kind: str, name: str = "") -> str:
    return element("error", failure(), type=kind, **({"name": name} if name else {}))


@pytest.mark.parametrize(
    ("result", "status"),
    [
        ("Pass", "passed"),
        ("Fail", "failed"),
        ("Skip", "skipped"),
        ("NotRun", "skipped"),
        ("Maybe", "error"),
        ("", "error"),
    ],
)
def test_every_result_has_one_status_and_an_unknown_one_never_passes(result: str, status: str) -> None:
    reading = read(xunit, assembly(case(result=result)))
    assert found(reading) == [("Works", status)]
    assert bool(reading.problems) == (status == "error")


@pytest.mark.parametrize(
    ("name", "classname", "expected"),
    [
        ("Shop.CartTests.Adds(x: 1.5)", "Shop.CartTests", ("Shop.CartTests", "Adds(x: 1.5)")),
        ("a cart adds", "Shop.CartTests", ("Shop.CartTests", "a cart adds")),
        ("Shop.CartTests", "Shop.CartTests", ("Shop.CartTests", "Shop.CartTests")),
        ("dir\\a.xml", "", ("c", "dir\\a.xml")),
        ("", "Shop.CartTests", ("Shop.CartTests", "Works")),
    ],
)
def test_the_class_is_the_type_or_else_the_collection(name: str, classname: str, expected: tuple[str, str]) -> None:
    (result,) = read(xunit, assembly(case(name, type=classname))).results
    assert (result.classname, result.name) == expected


def test_rows_whose_arguments_were_cut_alike_stay_two_tests() -> None:
    reading = read(xunit, assembly(case("Works(a···)", failure(), result="Fail"), case("Works(a···)")))
    assert found(reading) == [("Works(a···)", "failed"), ("Works(a···) #2", "passed")]


def test_errors_beside_the_tests_are_results_that_no_total_holds() -> None:
    errors = element("errors", error("test-class-cleanup", "Shop.CartTests"), error("fatal"))
    data = element("assemblies", assembly(case()).replace("<collection", f"{errors}<collection", 1))
    data = data.replace("<assembly ", '<assembly total="1" passed="1" failed="0" skipped="0" errors="2" ', 1)
    reading = read(xunit, data)
    assert [(result.classname, result.name) for result in reading.results] == [
        ("Shop.CartTests", "(test-class-cleanup)"),
        ("", "(fatal)"),
        ("Shop.CartTests", "Works"),
    ]
    assert not reading.problems


def test_a_class_of_version_1_that_failed_by_itself_is_one_error() -> None:
    broken = element("class", failure(), name="Shop.CartTests")
    with_case = element("class", case("A", failure(), result="Fail"), failure(), name="Shop.CartTests")
    data = element("assembly", broken, with_case, name="a.dll", **{"run-date": "2026-01-01"})
    assert found(read(xunit, data)) == [("(suite)", "error"), ("A", "failed")]


def test_two_assemblies_of_one_file_name_are_told_apart_by_their_folders() -> None:
    both = [assembly(case(), name=f"/w/bin/{folder}/a.dll") for folder in ("net48", "net8.0")]
    reading = read(xunit, element("assemblies", *both))
    assert [result.suite for result in reading.results] == ["a.dll (net48)", "a.dll (net8.0)"]


def test_a_failure_says_kind_message_trace_and_the_end_of_the_output() -> None:
    one = case("A", text("output", "loading"), failure("no\nway"), result="Fail")
    (result,) = read(xunit, assembly(one)).results
    assert (result.kind, result.message) == ("Xunit.Sdk.TrueException", "no\nway")
    assert result.trace == "at A()\n--- output ---\nloading"


@pytest.mark.parametrize("reason", [text("reason", "later"), text("reason", text("message", "later"))])
def test_the_reason_of_a_skip_is_its_message(reason: str) -> None:
    (result,) = read(xunit, assembly(case("A", reason, result="Skip"))).results
    assert result.message == "later"


def test_time_and_place_of_version_3_are_read() -> None:
    one = case("A", **{"time-rtf": "00:00:01.5", "source-file": "src/A.cs", "source-line": "7"})
    reading = read(xunit, assembly(one, **{"start-rtf": "2026-01-02T03:04:05+02:00"}))
    (result,) = reading.results
    assert (result.duration_s, result.file, result.line) == (1.5, "src/A.cs", 7)
    assert reading.started_at == "2026-01-02T01:04:05Z"


def test_totals_are_compared_over_all_assemblies() -> None:
    parts = [assembly(case(), name=name, total=total) for name, total in (("a.dll", 1), ("b.dll", 3))]
    (problem,) = read(xunit, element("assemblies", *parts)).problems
    assert "4 tests, has 2" in problem.message


@pytest.mark.parametrize(
    ("data", "taken"),
    [
        (assembly(), True),
        (element("assemblies", assembly()), True),
        ("<assemblies></assemblies>", True),
        ("<assemblies/>", True),
        ('<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0"/>', False),
        ('<assembly xmlns="http://maven.apache.org/ASSEMBLY/2.0.0"><id>bin</id></assembly>', False),
        ("<assemblies><assembly fullname='Foo' preserve='all'/></assemblies>", False),
    ],
)
def test_manifests_and_packaging_files_are_not_taken(data: str, taken: bool) -> None:  # noqa: FBT001
    assert bool(xunit.recognises(report(data))) is taken


TAGS = (
    *("assembly", "collection", "class", "test", "errors", "error", "failure", "message", "stack-trace", "output"),
    *("reason", "traits", "assemblies"),
)
NAMES = ("name", "type", "method", "result", "time", "exception-type", "total", "run-date", "source-line")
VALUES = ("", "1", "Fail", "Pass", "Skip", "a.b", "-1", "9" * 40, "0,5")


@settings(max_examples=100, deadline=None)
@given(trees(TAGS, NAMES, VALUES))
def test_any_elements_in_any_order_are_read_or_refused_politely(inside: list[str]) -> None:
    assert keeps_its_promises(xunit, element("assemblies", *inside, " "))
    assert keeps_its_promises(xunit, element("assembly", *inside, " "))
