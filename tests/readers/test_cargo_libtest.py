from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import cargo_libtest
from generator.records import Status
from tests.readers.in_memory import artifact, outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.plugins import Reading
    from generator.records import TestResult

Row = dict[str, object]


def began(count: int = 1) -> Row:
    return {"type": "suite", "event": "started", "test_count": count}


def over(event: str = "ok") -> Row:
    return {"type": "suite", "event": event}


def totals(passed: int = 0, failed: int = 0, ignored: int = 0, measured: int = 0) -> Row:
    return {"passed": passed, "failed": failed, "ignored": ignored, "measured": measured, "filtered_out": 0}


def case(name: str, event: str = "ok", **more: object) -> list[Row]:
    return [{"type": "test", "event": "started", "name": name}, {"type": "test", "event": event, "name": name, **more}]


def nextest(crate: str, binary: str, kind: str) -> Row:
    return {"nextest": {"crate": crate, "test_binary": binary, "kind": kind}}


def text_of(rows: Sequence[Row | str]) -> str:
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


def read(*rows: Row | str) -> Reading:
    return cargo_libtest.read(artifact("test.json", text_of(rows)))


def only(*rows: Row | str) -> TestResult:
    (result,) = read(*rows).results
    return result


@pytest.mark.parametrize(
    ("event", "status"),
    [
        ("ok", Status.PASSED),
        ("failed", Status.FAILED),
        ("ignored", Status.SKIPPED),
        ("allowed_failure", Status.SKIPPED),
        ("melted", Status.ERROR),
    ],
)
def test_each_event_has_its_status_and_an_unknown_one_is_no_pass(event: str, status: Status) -> None:
    reading = read(began(), *case("tests::a", event), over())
    assert [result.status for result in reading.results] == [status]
    assert any("melted" in problem.message for problem in reading.problems) is (event == "melted")


@pytest.mark.parametrize(("time", "seconds"), [(0.25, 0.25), ("0.125s", 0.125), (None, None), ("soon", None)])
def test_a_time_is_a_number_or_as_older_toolchains_wrote_it(time: object, seconds: float | None) -> None:
    assert only(began(), *case("tests::a", exec_time=time), over()).duration_s == seconds


@pytest.mark.parametrize(
    ("stdout", "message", "file", "line"),
    [
        ("thread 't' panicked at src/a.rs:3:5:\nwrong\n  left: 1\nnote: run with x", "wrong\n  left: 1", "src/a.rs", 3),
        ("thread 't' (12) panicked at src/a.rs:3:5:\nwrong\n", "wrong", "src/a.rs", 3),
        ("thread 't' panicked at 'wrong\n right', src/a.rs:3:5\nnote: x", "wrong\n right", "src/a.rs", 3),
        ("thread 'other' panicked at src/b.rs:1:1:\nlost\n\nthread 't' panicked at src/a.rs:3:5:\nwrong\n", "wrong",
         "src/a.rs", 3),
        ("thread 'main' panicked at src/b.rs:1:1:\nlost\n", "lost", "src/b.rs", 1),
        ("thread 't' panicked at /rustc/0a1/library/core/src/option.rs:9:1:\nnone\n", "none", "", None),
        ("Error: NotFound\n", "Error: NotFound", "", None),
        ("begins\nfatal runtime error: stack overflow\n", "fatal runtime error: stack overflow", "", None),
        ("", "failed without output", "", None),
    ],
)  # fmt: skip
def test_the_message_is_that_of_the_panic(stdout: str, message: str, file: str, line: int | None) -> None:
    result = only(began(), *case("t", "failed", stdout=stdout), over("failed"))
    assert (result.message, result.file, result.line) == (message, file, line)


def test_a_test_that_should_have_panicked_says_where() -> None:
    said = "note: test did not panic as expected at src/a.rs:4:8"
    result = only(began(), *case("t", "failed", stdout="", message=said), over("failed"))
    assert (result.message, result.file, result.line) == (said.removeprefix("note: "), "src/a.rs", 4)


def test_a_test_over_its_time_limit_is_an_error() -> None:
    result = only(began(), *case("t", "failed", reason="time limit exceeded"), over("failed"))
    assert (result.status, result.kind) == (Status.ERROR, "timeout")


def test_a_benchmark_passes() -> None:
    assert only(began(), {"type": "bench", "name": "b", "median": 1}, over()).status is Status.PASSED


def test_tests_of_one_name_in_two_binaries_are_two_tests_and_no_attempts() -> None:
    rows = [
        began(),
        *case("tests::a", "failed"),
        over("failed"),
        began(2),
        *case("tests::a"),
        *case("tests::b"),
        over(),
    ]
    reading = read(*rows)
    assert [(result.suite, result.name, result.status.bad) for result in reading.results] == [
        ("cargo test", "tests::a", True),
        ("cargo test #2", "tests::a", False),
        ("cargo test", "tests::b", False),
    ]
    assert not any(result.earlier for result in reading.results)


@pytest.mark.parametrize(
    ("line", "suite"),
    [
        ("     Running unittests src/lib.rs (target/debug/deps/mill-0123456789abcdef)", "mill (src/lib.rs)"),
        ("     Running tests/wind.rs (target/debug/deps/wind-0123456789abcdef)", "wind (tests/wind.rs)"),
        ("     Running target/debug/deps/mill-0123456789abcdef", "mill"),
        ("     Running unittests src\\main.rs (target\\debug\\deps\\mill-0123456789abcdef.exe)", "mill (src\\main.rs)"),
        ("\x1b[1m\x1b[32m     Running\x1b[0m tests/wind.rs (target/debug/deps/wind-0123456789abcdef)",
         "wind (tests/wind.rs)"),
        ("   Doc-tests mill", "mill (doc-tests)"),
        ("running 3 tests", "cargo test"),
    ],
)  # fmt: skip
def test_a_suite_is_named_as_cargo_announces_it(line: str, suite: str) -> None:
    assert only("    Finished in 1.2s", line, began(), *case("tests::a"), over()).suite == suite


def test_an_announcement_is_only_for_the_next_suite() -> None:
    line = "     Running tests/wind.rs (target/debug/deps/wind-0123456789abcdef)"
    reading = read(line, began(), *case("a"), over(), began(), *case("b"), over())
    assert [result.suite for result in reading.results] == ["wind (tests/wind.rs)", "cargo test"]


@pytest.mark.parametrize(
    ("crate", "binary", "kind", "suite"),
    [
        ("mill-core", "mill_core", "lib", "mill-core"),
        ("mill", "wind", "test", "mill::wind"),
        ("mill", "mill", "bin", "mill::bin/mill"),
    ],
)
def test_a_suite_of_nextest_is_named_as_in_its_junit_report(crate: str, binary: str, kind: str, suite: str) -> None:
    rows = [began() | nextest(crate, binary, kind), *case(f"{crate}::{binary}$tests::a")]
    result = only(*rows, over() | nextest(crate, binary, kind))
    assert (result.suite, result.name) == (suite, "tests::a")


def test_suites_of_nextest_may_be_told_at_the_same_time() -> None:
    one, two = nextest("mill", "one", "test"), nextest("mill", "two", "test")
    first, second = case("mill::one$a"), case("mill::two$a", "failed")
    rows = [began() | one, began() | two, first[0], second[0], second[1], over("failed") | two, first[1], over() | one]
    reading = read(*rows)
    assert [(result.suite, result.status) for result in reading.results] == [
        ("mill::one", Status.PASSED),
        ("mill::two", Status.FAILED),
    ]
    assert reading.problems == ()


@pytest.mark.parametrize(("event", "flaky"), [("ok", True), ("failed", False)])
def test_a_retry_number_of_nextest_stands_for_failed_attempts(event: str, *, flaky: bool) -> None:
    rows: list[Row] = [
        {"type": "test", "event": "started", "name": "mill::wind$a"},
        {"type": "test", "event": event, "name": "mill::wind$a#3"},
    ]
    result = only(began(), *rows, over(event))
    assert (result.suite, result.name, result.flaky) == ("mill::wind", "a", flaky)
    assert [attempt.status for attempt in result.earlier] == [Status.FAILED] * 2


def test_a_hash_in_a_name_of_libtest_is_part_of_it() -> None:
    assert only(began(), *case("ui::case#2"), over()).name == "ui::case#2"


def test_repeats_under_stress_are_attempts() -> None:
    rows = [began(), *case("mill::wind@stress-0$a", "failed"), over("failed")]
    result = only(*rows, began(), *case("mill::wind@stress-1$a"), over())
    assert result.flaky


def test_tests_in_documentation_are_named_without_their_line() -> None:
    names = ["src/lib.rs - turn (line 30)", "src/lib.rs - turn (line 9)", "src/lib.rs - (line 2) - compile fail"]
    reading = read(began(3), *(row for name in names for row in case(name)), over())
    assert [(result.name, result.line) for result in reading.results] == [
        ("src/lib.rs - turn #2", 30),
        ("src/lib.rs - turn", 9),
        ("src/lib.rs -  - compile fail", 2),
    ]


def test_a_test_that_never_ended_is_an_error() -> None:
    slow: Row = {"type": "test", "event": "timeout", "name": "a"}
    reading = read(began(2), case("a")[0], slow, *case("b"))
    assert [(result.name, result.status) for result in reading.results] == [("a", Status.ERROR), ("b", Status.PASSED)]
    assert "long" in reading.results[0].message
    assert "ends before 1 suite" in reading.problems[0].message


def test_a_slow_test_that_ends_is_judged_by_its_end() -> None:
    first, last = case("a")
    assert only(began(), first, {"type": "test", "event": "timeout", "name": "a"}, last, over()).status is Status.PASSED


@pytest.mark.parametrize("end", [[], [over("failed")]])
def test_a_suite_that_breaks_off_or_fails_without_a_failing_test_is_never_green(end: list[Row]) -> None:
    reading = read(began(), *case("a"), *end)
    assert [(result.name, result.status) for result in reading.results][1:] == [("(suite)", Status.ERROR)]


def test_totals_are_compared_with_the_tests() -> None:
    assert read(began(2), *case("a"), *case("b", "ignored"), over() | totals(passed=1, ignored=1)).problems == ()
    (problem,) = read(began(3), *case("a"), over() | totals(passed=2)).problems
    assert "declares other counts" in problem.message


def test_rows_of_other_programs_do_not_matter() -> None:
    log: Row = {"level": "INFO", "fields": {"message": "started"}, "type": "log", "event": "ok"}
    assert read(began(), *case("a"), log, "warning: unused", over() | totals(passed=1)).problems == ()


@pytest.mark.parametrize(
    ("content", "taken"),
    [
        (text_of([began()]), True),
        (text_of(case("a")), True),
        ('{ "type": "suite", "event": "started", "test_count": 0 }\n', True),
        ('{"reason":"compiler-artifact","package_id":"x"}\n' * 30 + text_of([began()]), True),
        (text_of([*["   Compiling mill v0.1.0 (/m)"] * 40, began()]), True),
        (text_of([{"type": "suite", "event": "opened"}]), False),
        (text_of([{"type": "test", "event": "ok"}]), False),
        (text_of([{"type": "suite", "suite": {"id": 0}, "time": 0}]), False),
        (text_of([{"type": ["suite"], "event": "ok"}]), False),
    ],
)
def test_a_file_is_recognised_by_its_first_row(content: str, *, taken: bool) -> None:
    assert bool(cargo_libtest.recognises(artifact("test.json", content))) is taken


def test_a_list_of_tests_is_no_run() -> None:
    rows: list[Row] = [over("discovery"), {"type": "test", "event": "discovered", "name": "a"}]
    with pytest.raises(UnreadableError, match="ran none"):
        read(*rows)
    with pytest.raises(UnreadableError, match="no event"):
        read({"type": "log"})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
FIELDS = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["suite", "test", "bench"]) | JSON,
        "event": st.sampled_from(["started", "ok", "failed", "ignored", "timeout", "discovered"]) | JSON,
    },
    optional={
        "name": st.sampled_from(["a", "c::b$a", "c::b$a#2", "x.rs - y (line 3)"]) | JSON,
        "stdout": st.sampled_from(["thread 'a' panicked at ", "thread 'a' panicked at 'x', y:1:1"]) | JSON,
        **dict.fromkeys(("message", "reason", "exec_time", "test_count", "passed", "failed", "ignored"), JSON),
        "nextest": st.just({"crate": "c", "test_binary": "b", "kind": "test"}) | JSON,
    },
)


@settings(max_examples=150, deadline=None)
@given(st.lists(FIELDS, max_size=12))
def test_any_values_in_rows_are_read_or_refused_politely(rows: list[Row]) -> None:
    found = artifact("test.json", text_of(rows))
    cargo_libtest.recognises(found)
    said = outcome(cargo_libtest, found)
    assert isinstance(said, dict)
    if "refused" in said:
        assert said["hint"]
        return
    reading = cargo_libtest.read(found)
    identities = [result.identity for result in reading.results]
    assert len(identities) == len(set(identities))
    assert reading.counts is not None
    assert reading.counts.tests == len(identities)
