from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import _attempts, _excerpt, go_test_json
from generator.records import Status
from tests.readers.in_memory import artifact, outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.plugins import Reading
    from generator.records import TestResult

PACKAGE: Final = "example.org/mill/stone"


def event(action: str, test: str = "", **more: object) -> dict[str, object]:
    row: dict[str, object] = {"Action": action, "Package": PACKAGE, **more}
    return row | {"Test": test} if test else row


def ran(test: str, end: str, *lines: str, elapsed: float = 0.5) -> list[dict[str, object]]:
    output = [event("output", test, Output=f"{line}\n") for line in lines]
    return [event("run", test), *output, event(end, test, Elapsed=elapsed)]


def ended(end: str = "pass", *lines: str) -> list[dict[str, object]]:
    return [*(event("output", Output=f"{line}\n") for line in lines), event(end, Elapsed=1)]


def text_of(rows: Sequence[dict[str, object] | str]) -> str:
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


def read(*rows: dict[str, object] | str, name: str = "go.jsonl") -> Reading:
    return go_test_json.read(artifact(name, text_of(rows)))


def only(*rows: dict[str, object] | str) -> TestResult:
    (result,) = read(*rows).results
    return result


@pytest.mark.parametrize(
    ("end", "status"), [("pass", Status.PASSED), ("fail", Status.FAILED), ("skip", Status.SKIPPED)]
)
def test_a_test_is_named_by_its_package_and_timed_in_seconds(end: str, status: Status) -> None:
    result = only(*ran("TestGrinds", end), *ended("fail" if end == "fail" else "pass"))
    assert (result.suite, result.name, result.status) == (PACKAGE, "TestGrinds", status)
    assert result.duration_s == 0.5


def test_sub_tests_are_tests_and_their_parent_says_which_one_failed() -> None:
    rows = [event("run", "TestA"), *ran("TestA/x", "pass"), *ran("TestA/y", "fail", "    a_test.go:3: expected 1")]
    reading = read(*rows, event("fail", "TestA"), *ended("fail"))
    assert [result.name for result in reading.results] == ["TestA", "TestA/x", "TestA/y"]
    assert reading.results[0].message == "sub-test failed: TestA/y"


@pytest.mark.parametrize(
    ("lines", "message", "line"),
    [
        (["    a_test.go:7: got 1, want 2"], "got 1, want 2", 7),
        (["    TestA: a_test.go:7: got 1, want 2"], "got 1, want 2", 7),
        (["    a_test.go:5: started", "    a_test.go:7: no answer"], "no answer", 7),
        (["    a_test.go:5: expected x", "    a_test.go:7: stopped"], "expected x", 5),
        (["    a_test.go:7: ", "        \tError Trace:\ta_test.go:7", "        \tError:      \tShould be true"],
         "Should be true", 7),
        (["printed by the code"], "printed by the code", None),
        (["=== RUN   TestA", "--- FAIL: TestA (0.00s)"], "failed without a message", None),
        (["got:", "1", "want:", "2"], "got: 1 want: 2", None),
    ],
)  # fmt: skip
def test_the_message_is_the_line_that_tells_of_the_failure(lines: list[str], message: str, line: int | None) -> None:
    result = only(*ran("TestA", "fail", *lines), *ended("fail"))
    assert (result.message, result.line) == (message, line)
    assert result.file == ("a_test.go" if line else "")
    assert "=== RUN" not in result.trace


def test_a_panic_is_an_error_with_the_place_of_the_test() -> None:
    lines = ["panic: boom [recovered]", "\tpanic: boom", "", "goroutine 7 [running]:", "\t/home/u/m/a_test.go:9 +0x1"]
    result = only(*ran("TestA", "fail", *lines), *ended("fail"))
    assert (result.status, result.kind, result.message) == (Status.ERROR, "panic", "boom")
    assert (result.file, result.line) == ("a_test.go", 9)


def test_the_word_panic_in_what_a_test_prints_is_no_panic() -> None:
    assert only(*ran("TestA", "fail", "panic: only a word"), *ended("fail")).status is Status.FAILED


def test_the_reason_of_a_skip_is_its_message() -> None:
    assert only(*ran("TestA", "skip", "    a_test.go:4: needs a network"), *ended()).message == "needs a network"
    assert only(*ran("TestA", "skip", "    a_test.go:4: "), *ended()).message == ""


def test_repeated_runs_of_a_test_are_attempts_and_a_pass_never_erases_a_failure() -> None:
    first = [*ran("TestA", "fail", "    a_test.go:4: want 1"), *ran("TestB", "pass"), *ended("fail")]
    reading = read(*first, *ran("TestA", "pass"), *ended())
    flaky, steady = reading.results
    assert flaky.flaky
    assert [attempt.message for attempt in flaky.earlier] == ["want 1"]
    assert (steady.name, steady.earlier) == ("TestB", ())
    assert reading.counts is not None
    assert (reading.counts.tests, reading.counts.flaky) == (2, 1)


def test_a_test_run_many_times_that_always_passes_is_one_test_and_not_flaky() -> None:
    result = only(*(row for _ in range(3) for row in ran("TestA", "pass")), *ended())
    assert (len(result.earlier), result.flaky) == (2, False)


def test_of_very_many_attempts_the_failed_ones_are_kept() -> None:
    often = [row for _ in range(_attempts.ATTEMPTS) for row in ran("TestA", "pass")]
    result = only(*ran("TestA", "fail"), *often, *ran("TestA", "pass"), *ended())
    assert len(result.earlier) == _attempts.ATTEMPTS
    assert result.flaky


def test_a_package_that_fails_without_a_failing_test_is_one_error() -> None:
    reading = read(
        *ran("TestA", "pass"), *ended("fail", "leaked 3 goroutines", "exit status 1", f"FAIL\t{PACKAGE}\t1s")
    )
    assert [(result.name, result.status) for result in reading.results] == [
        ("TestA", Status.PASSED),
        ("(package)", Status.ERROR),
    ]
    assert reading.results[1].message == "leaked 3 goroutines"


def test_a_package_that_is_mended_by_a_rerun_is_flaky() -> None:
    reading = read(*ended("fail", "exit status 2"), *ran("TestA", "pass"), *ended())
    package = next(result for result in reading.results if result.name == "(package)")
    assert package.flaky


@pytest.mark.parametrize("place", ["in events", "printed"])
def test_a_build_that_fails_is_told_with_its_first_error(place: str) -> None:
    words = [f"# {PACKAGE} [{PACKAGE}.test]", "stone/a_test.go:8:2: undefined: Grind"]
    build: list[dict[str, object] | str] = [*words]
    if place == "in events":
        build = [{"ImportPath": "b", "Action": "build-output", "Output": f"{word}\n"} for word in words]
        build.append({"ImportPath": "b", "Action": "build-fail"})
    failed = event("fail", Elapsed=0, **({"FailedBuild": "b"} if place == "in events" else {}))
    result = only(*build, event("output", Output=f"FAIL\t{PACKAGE} [build failed]\n"), failed)
    assert (result.status, result.kind, result.message) == (Status.ERROR, "build failed", "undefined: Grind")
    assert (result.file, result.line) == ("stone/a_test.go", 8)


def test_a_build_that_fails_without_a_package_is_an_error_all_the_same() -> None:
    result = only(
        {"ImportPath": "example.org/mill/sail [x.test]", "Action": "build-output", "Output": "sail.go:1:1: bad\n"},
        {"ImportPath": "example.org/mill/sail [x.test]", "Action": "build-fail"},
    )
    assert (result.suite, result.name, result.message) == ("example.org/mill/sail", "(package)", "bad")


def test_a_test_that_never_ended_is_an_error_and_the_package_is_not_counted_again() -> None:
    result = only(event("run", "TestA"), event("output", "TestA", Output="    a_test.go:4: waiting\n"), *ended("fail"))
    assert (result.status, result.kind) == (Status.ERROR, "never ended")
    assert "waiting" in result.trace


def test_a_timeout_after_the_end_of_the_last_test_is_told_by_the_package() -> None:
    lines = ["panic: test timed out after 1s", "goroutine 1 [running]:"]
    reading = read(*ran("TestA", "pass", *lines), *ended("fail"))
    assert [(result.name, result.kind) for result in reading.results] == [("TestA", ""), ("(package)", "timeout")]


def test_an_end_that_is_glued_to_output_counts() -> None:
    rows = [event("run", "TestA"), event("output", "TestA", Output="no line end--- PASS: TestA (0.25s)\n")]
    result = only(*rows, *ended())
    assert (result.status, result.duration_s) == (Status.PASSED, 0.25)


def test_a_benchmark_of_a_package_that_passed_needs_no_end() -> None:
    assert only(event("run", "BenchmarkA"), *ended()).status is Status.PASSED
    assert only(event("bench", "BenchmarkB"), *ended()).status is Status.PASSED


def test_sub_tests_without_an_end_below_a_test_that_passed_are_left_out_and_named() -> None:
    reading = read(event("run", "TestA"), event("run", "TestA/x"), event("pass", "TestA"), *ended())
    assert [result.name for result in reading.results] == ["TestA"]
    (problem,) = reading.problems
    assert "TestA/x" in problem.message


@pytest.mark.parametrize("rows", [[event("start")], [event("run", "TestA")], [event("start"), *ran("TestA", "pass")]])
def test_a_file_that_ends_before_its_package_is_never_green(rows: list[dict[str, object]]) -> None:
    reading = read(*rows)
    assert reading.counts is not None
    assert reading.counts.errors == 1
    assert "ends before its packages" in reading.problems[0].message


def test_a_last_line_that_is_cut_off_is_said() -> None:
    reading = go_test_json.read(artifact("go.jsonl", text_of([*ran("TestA", "pass"), *ended()]) + '{"Acti'))
    assert "cut off" in reading.problems[0].message


def test_a_package_without_tests_or_from_the_cache_is_no_failure() -> None:
    assert read(event("start"), event("output", Output="?\n"), event("skip")).results == ()
    assert read(*ran("TestA", "pass"), *ended("pass", f"ok  \t{PACKAGE}\t(cached)")).problems == ()


def test_the_beginning_of_the_run_is_the_first_time_in_it() -> None:
    rows = [row | {"Time": f"2026-01-02T03:04:0{number}-05:00"} for number, row in enumerate(ran("TestA", "pass"))]
    assert read(*rows, *ended()).started_at == "2026-01-02T08:04:00Z"


def test_an_unknown_action_is_said_and_never_a_pass() -> None:
    reading = read(event("run", "TestA"), event("vanish", "TestA"), *ended("fail"))
    assert reading.results[0].status is Status.ERROR
    assert "vanish" in reading.problems[0].message


def test_of_a_long_output_beginning_and_end_are_kept() -> None:
    lines = ["first", *["x" * 100] * 2000, "    a_test.go:1: wrong"]
    result = only(*ran("TestA", "fail", *lines), *ended("fail"))
    assert result.trace.startswith("first")
    assert result.trace.endswith("wrong")
    assert len(result.trace) < _excerpt.HEAD + _excerpt.TAIL + 100
    assert "characters cut" in result.trace


@pytest.mark.parametrize(
    ("name", "content", "taken"),
    [
        ("go.json", text_of(ran("TestA", "pass")), True),
        ("go.log", text_of([*["go: downloading x v1"] * 30, event("run", "TestA")]), True),
        ("go.txt", text_of(["# example.org/x", "x.go:1:1: bad", event("run", "TestA")]), True),
        ("go.out", '{"Action":"start"}\n{"Action":"run","Test":"TestA"}\n', True),
        ("go.out", '{"ImportPath":"x","Action":"build-output","Output":"y"}\n', True),
        ("events.jsonl", '{"Action":"start"}\n{"Action":"stop"}\n', False),
        ("events.jsonl", '{"Action":"created","Package":"x"}\n', False),
        ("events.jsonl", '{"Action":["run"],"Package":"x"}\n', False),
        ("notes.md", "# A heading\n\n" + "text\n" * 40 + text_of([event("run", "TestA")]), False),
    ],
)
def test_a_file_is_recognised_by_its_first_event(name: str, content: str, *, taken: bool) -> None:
    assert bool(go_test_json.recognises(artifact(name, content))) is taken


@pytest.mark.parametrize("content", ["{}\n{}\n", "text", '{"Action":"run","Package":7}\n'])
def test_a_file_without_an_event_is_refused(content: str) -> None:
    with pytest.raises(UnreadableError, match="no event"):
        go_test_json.read(artifact("go.jsonl", content))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
FIELDS = st.fixed_dictionaries(
    {"Action": st.sampled_from(["start", "run", "output", "pass", "fail", "skip", "bench", "build-fail"]) | JSON},
    optional={
        "Package": st.sampled_from(["p", "q"]) | JSON,
        "Test": st.sampled_from(["T", "T/a", "T/a/b", "BenchmarkX"]) | JSON,
        "Output": st.text(max_size=30) | st.sampled_from(["panic: x\ngoroutine 1", "y--- PASS: T (0.1s)"]) | JSON,
        "Elapsed": JSON,
        "ImportPath": JSON,
        "FailedBuild": JSON,
        "Time": JSON,
    },
)


@settings(max_examples=150, deadline=None)
@given(st.lists(FIELDS, max_size=12))
def test_any_values_in_events_are_read_or_refused_politely(rows: list[dict[str, object]]) -> None:
    found = artifact("go.jsonl", text_of(rows))
    go_test_json.recognises(found)
    said = outcome(go_test_json, found)
    assert isinstance(said, dict)
    if "refused" in said:
        assert said["hint"]
        return
    reading = go_test_json.read(found)
    identities = [result.identity for result in reading.results]
    assert len(identities) == len(set(identities))
    assert reading.counts is not None
    assert reading.counts.tests == len(identities)
