from __future__ import annotations

import pytest

from generator.errors import UnreadableError
from generator.plugins import Reader
from generator.readers import junit
from generator.records import Severity, Status, Surface
from tests.readers.junit_xml import artifact, case, element, failure, numbers, read, suite, suites

TWO = suites(suite("cart", case("adds"), case("removes", failure("no such item", "trace line", type="KeyError"))))


def test_a_report_becomes_results_and_counts() -> None:
    reading = read(TWO)
    adds, removes = reading.results
    assert (adds.surface, adds.suite, adds.classname, adds.name) == (Surface.CASE, "cart", "shop.Cart", "adds")
    assert adds.status is Status.PASSED
    assert (removes.status, removes.kind, removes.message) == (Status.FAILED, "KeyError", "no such item")
    assert removes.trace == "trace line"
    assert numbers(TWO) == (2, 1, 1, 0, 0, 0)
    assert reading.problems == ()


def test_the_module_offers_what_a_reader_must() -> None:
    assert isinstance(junit, Reader)
    assert junit.NAME == "junit"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (TWO, "anything.xml"),
        (TWO, "report.txt"),
        (suite("alone"), "TEST-a.b.C.xml"),
        ('<?xml version="1.0"?>\n<!-- <html> --><x:testsuites xmlns:x="urn:a"/>', "report.XML"),
        ("\ufeff" + TWO, "report.xml"),
        (TWO.encode("utf-16"), "report.xml"),
        (TWO[:40], "cut.xml"),
        ("", "junit.xml"),
        ("<html/>", "e2e-junit.xml"),
    ],
)
def test_reports_are_recognised_by_their_root_and_broken_ones_by_their_name(data: str | bytes, name: str) -> None:
    assert junit.recognises(artifact(data, name))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("<coverage/>", "junit-coverage.xml"),
        ("<test-run/>", "nunit.xml"),
        ("<project/>", "pom.xml"),
        ("", "notes.xml"),
        ("{}", "junit.json"),
    ],
)
def test_other_files_are_left_to_others(data: str, name: str) -> None:
    assert not junit.recognises(artifact(data, name))


def test_a_file_that_cannot_be_loaded_is_recognised_by_name_without_an_exception() -> None:
    def refuse() -> bytes:
        raise UnreadableError("is a symbolic link", "put the file itself in its place")

    linked = artifact("", "junit.xml")
    linked._load = refuse
    assert junit.recognises(linked)
    with pytest.raises(UnreadableError, match="symbolic link"):
        junit.read(linked)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "<html/>",
        TWO[:-20],
        TWO + TWO,
        '<testsuite name="a" name="b"/>',
        "<!DOCTYPE testsuite><testsuite/>",
        '<!DOCTYPE testsuite [<!ENTITY x "y">]><testsuite name="&x;"/>',
    ],
)
def test_what_is_no_sound_report_is_refused_with_a_next_step(data: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(data)
    assert refused.value.hint


def test_namespaces_are_ignored() -> None:
    data = (
        '<n:testsuite xmlns:n="urn:x" name="s"><n:testcase name="t"><n:failure message="m"/></n:testcase></n:testsuite>'
    )
    assert numbers(data) == (1, 0, 1, 0, 0, 0)


def test_nested_suites_make_a_path_without_the_root_and_without_empty_names() -> None:
    inner = suite("inner", case("deep"))
    data = suites(suite("outer", suite("", inner), case("shallow")), name="all tests")
    assert [(result.suite, result.name) for result in read(data).results] == [
        ("outer", "shallow"),
        ("outer / inner", "deep"),
    ]


def test_the_same_name_in_another_suite_is_another_test() -> None:
    data = suites(suite("a", case("t", failure())), suite("b", case("t")))
    assert numbers(data) == (2, 1, 1, 0, 0, 0)
    assert [(result.suite, result.earlier) for result in read(data).results] == [("a", ()), ("b", ())]


def test_two_suites_of_one_name_keep_their_tests_apart() -> None:
    data = suites(suite("a", case("t", failure())), suite("a", case("t")))
    assert [(result.name, result.status.value) for result in read(data).results] == [
        ("t", "failed"),
        ("t #2", "passed"),
    ]


def test_an_error_beats_a_failure_a_failure_beats_a_skip() -> None:
    skip, fail, error = element("skipped"), failure("f"), failure("e", tag="error")
    statuses = [
        read(suite("s", case("t", *inside))).results[0].status for inside in ((skip, fail, error), (skip, fail))
    ]
    assert statuses == [Status.ERROR, Status.FAILED]


def test_all_failures_of_a_case_are_in_its_trace_and_the_worst_names_it() -> None:
    first = failure("first", "one", type="A")
    result = read(suite("s", case("t", first, failure("second", "two", tag="error", type="B")))).results[0]
    assert (result.status, result.kind, result.message) == (Status.ERROR, "B", "second")
    assert result.trace == "two\n--- failure ---\none"


def test_a_failure_without_a_message_takes_the_first_line_of_its_text() -> None:
    data = suite("s", case("t", element("failure", "\n\n  thread panicked at a.rs:1\n  left: 1")))
    result = read(data).results[0]
    assert result.message == "thread panicked at a.rs:1"
    assert "left: 1" in result.trace


def test_a_skip_keeps_its_reason() -> None:
    by_attribute, by_text = read(
        suite("s", case("a", element("skipped", message="on Tuesdays")), case("b", element("skipped", "no network")))
    ).results
    assert (by_attribute.status, by_attribute.message) == (Status.SKIPPED, "on Tuesdays")
    assert by_text.message == "no network"


@pytest.mark.parametrize(
    ("attributes", "status"),
    [
        ({"status": "disabled"}, Status.SKIPPED),
        ({"status": "notrun"}, Status.SKIPPED),
        ({"status": "failed"}, Status.FAILED),
        ({"status": "errored"}, Status.ERROR),
        ({"status": "run", "result": "suppressed"}, Status.SKIPPED),
        ({"status": "run", "result": "completed"}, Status.PASSED),
        ({"status": "whatever"}, Status.PASSED),
    ],
)
def test_a_status_attribute_counts_where_no_element_says_more(attributes: dict[str, str], status: Status) -> None:
    assert read(suite("s", case("t", **attributes))).results[0].status is status
    assert read(suite("s", case("t", failure(), **attributes))).results[0].status is Status.FAILED


def test_file_and_line_are_those_of_the_case_else_of_its_failure() -> None:
    own, failed, none = read(
        suite(
            "s",
            case("a", file="tests/a.py", line=7),
            case("b", failure("m", file="src/b.ts", line=9)),
            case("c", line=3),
        )
    ).results
    assert (own.file, own.line) == ("tests/a.py", 7)
    assert (failed.file, failed.line) == ("src/b.ts", 9)
    assert (none.file, none.line) == ("", None)


def test_the_class_may_be_called_class() -> None:
    assert read('<testsuite><testcase name="t" class="C"/></testsuite>').results[0].classname == "C"


def test_cases_without_a_name_are_counted_and_kept_apart() -> None:
    data = "<testsuite><testcase/><testcase><failure/></testcase><testcase/></testsuite>"
    assert numbers(data) == (3, 2, 1, 0, 0, 0)
    assert [result.name for result in read(data).results] == ["(unnamed)", "(unnamed) #2", "(unnamed) #3"]


def test_an_error_of_a_suite_without_a_case_does_not_vanish() -> None:
    data = suite("s", failure("cannot load", "trace", tag="error", type="LoadError"))
    (result,) = read(data).results
    assert (result.suite, result.classname, result.name, result.status) == ("s", "", "(suite)", Status.ERROR)
    assert (result.kind, result.message, result.trace) == ("LoadError", "cannot load", "trace")
    assert numbers(data) == (1, 0, 0, 1, 0, 0)


def test_an_error_of_a_suite_counts_beside_its_cases_once() -> None:
    data = suite("s", case("t"), failure("teardown"), failure("again", tag="error"))
    assert numbers(data) == (2, 1, 0, 1, 0, 0)


def test_outputs_of_failing_cases_end_the_trace_and_those_of_others_are_dropped() -> None:
    out, err = element("system-out", "printed"), element("system-err", "warned")
    passed, failed = read(suite("s", case("a", out, err), case("b", failure("m", "text"), out, err))).results
    assert passed.trace == ""
    assert failed.trace == "text\n--- stdout ---\nprinted\n--- stderr ---\nwarned"


def test_of_a_long_output_the_last_lines_are_kept() -> None:
    lines = "\n".join(f"line {number}" for number in range(2000))
    trace = read(suite("s", case("t", failure(), element("system-out", lines)))).results[0].trace
    assert len(trace) < 5000
    assert trace.startswith("--- stdout ---\nline ")
    assert trace.endswith("line 1999")


def test_a_secret_at_the_cut_of_an_output_leaves_nothing() -> None:
    secret = "gh" + "p_" + "a1B2c3D4" * 5
    text = "x" * 100 + f" {secret} " + "y" * (4096 - len(secret) // 2)
    trace = read(suite("s", case("t", failure(), element("system-out", text)))).results[0].trace
    assert secret[-8:] not in trace


def test_unknown_elements_and_what_is_in_them_say_nothing() -> None:
    inside = element("extra", failure("not an outcome"), element("system-out", "nor this"))
    data = suite("s", element("about", case("hidden")), case("t", inside))
    assert numbers(data) == (1, 1, 0, 0, 0, 0)


def test_every_text_is_cleaned() -> None:
    hostile = "a\u202eb"
    data = suite(
        hostile,
        case(hostile, failure(hostile, hostile, type=hostile), classname=hostile, file=hostile),
        element("properties", element("property", name="branch", value=hostile)),
    )
    reading = read(data)
    (result,) = reading.results
    texts = (result.suite, result.name, result.classname, result.file, result.kind, result.message, result.trace)
    assert set(texts) == {"a‹U+202E›b"}
    assert dict(reading.properties) == {"branch": "a‹U+202E›b"}


def test_a_control_character_is_repaired_with_a_warning() -> None:
    reading = read(b'<testsuite name="a\x08b"><testcase name="t"/></testsuite>')
    assert reading.results[0].suite.startswith("a")
    assert [problem.severity for problem in reading.problems] == [Severity.WARNING]
    assert "forbidden characters are replaced" in reading.problems[0].message


def test_counts_say_how_many_suites_and_how_long() -> None:
    counts = read(suites(suite("a", case("t", time="1.5"), suite("b", case("u", time="0.25"))))).counts
    assert counts is not None
    assert (counts.suites, counts.duration_s) == (2, 1.75)


def test_no_case_at_all_is_a_report_of_nothing() -> None:
    assert numbers(suites(suite("empty", tests=0))) == (0, 0, 0, 0, 0, 0)
