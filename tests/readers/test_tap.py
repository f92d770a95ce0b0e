from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import tap
from generator.readers._tap_yaml import scalars
from generator.records import Status
from tests.readers.in_memory import artifact, outcome

if TYPE_CHECKING:
    from generator.plugins import Reading
    from generator.records import TestResult

PASSED, FAILED, ERROR, SKIPPED = Status.PASSED, Status.FAILED, Status.ERROR, Status.SKIPPED


def read(*lines: str, name: str = "mill.tap") -> Reading:
    return tap.read(artifact(name, "\n".join(lines) + "\n"))


def only(*lines: str) -> TestResult:
    (result,) = read(*lines, "1..1").results
    return result


def told(reading: Reading) -> list[tuple[str, str, Status]]:
    return [(result.suite, result.name, result.status) for result in reading.results]


@pytest.mark.parametrize(
    ("line", "name", "status", "message"),
    [
        ("ok 1 - grinds", "grinds", PASSED, ""),
        ("ok - grinds", "grinds", PASSED, ""),
        ("ok 1 grinds", "grinds", PASSED, ""),
        ("ok", "test 1", PASSED, ""),
        ("not ok 1 - grinds", "grinds", FAILED, "grinds"),
        ("not ok", "test 1", FAILED, "not ok"),
        ("ok 1 - grinds # SKIP no wind", "grinds", SKIPPED, "no wind"),
        ("not ok 1 - grinds # skip: no wind", "grinds", SKIPPED, "no wind"),
        ("ok 1 # skipped", "test 1", SKIPPED, "skip"),
        ("not ok 1 - grinds # TODO new stone", "grinds", SKIPPED, "todo: new stone"),
        ("ok 1 - grinds # TODO new stone", "grinds", PASSED, ""),
        (r"ok 1 - stone \# 4", "stone # 4", PASSED, ""),
        (r"not ok 1 - stone \# skip", "stone # skip", FAILED, "stone # skip"),
        (r"ok 1 - C:\\mill # SKIP no \# wind", "C:\\mill", SKIPPED, "no # wind"),
        ("ok 1 - stone #4", "stone #4", PASSED, ""),
        ("ok 1 - stone#skip", "stone#skip", PASSED, ""),
        ("ok 1 - ends with {", "ends with", PASSED, ""),
        ("ok 1 - 3 stones", "3 stones", PASSED, ""),
    ],
)
def test_a_point_says_its_name_and_outcome(line: str, name: str, status: Status, message: str) -> None:
    result = only(line)
    assert (result.suite, result.name, result.status, result.message) == ("mill", name, status, message)


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        (["ok 1 - grinds # time=12.5ms"], 0.0125),
        (["ok 1 - grinds # time=2s"], 2),
        (["ok 1 grinds in 250ms"], 0.25),
        (["ok 1 grinds in 3sec"], 3),
        (["ok 1 - grinds", "  ---", "  duration_ms: 4.5", "  ..."], 0.0045),
        (["ok 1 - grinds"], None),
    ],
)
def test_a_time_stands_in_the_line_or_in_the_block_below(lines: list[str], seconds: float | None) -> None:
    result = only(*lines)
    assert (result.name, result.duration_s) == ("grinds", seconds)


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        (["1..5", "ok 1", "ok 2", "ok 3"], "planned 5, ran 3"),
        (["ok 1", "ok 2", "1..3"], "planned 3, ran 2"),
        (["1..1", "ok 1", "ok 2"], "planned 1, ran 2"),
        (["ok 1", "1..0"], "planned 0, ran 1"),
        (["ok 1", "ok 2"], "no plan, ran 2: nobody knows whether all tests ran"),
        (["1..2 ", "ok 1", "ok 2"], "no plan, ran 2: nobody knows whether all tests ran"),
        (["TAP version 14"], "no plan, ran 0: nobody knows whether all tests ran"),
        (["1..2", "ok 1", "ok 3"], "planned 2, ran 2, but 1 of the numbers are double or outside the plan"),
        (["1..2", "ok 1", "ok 1"], "planned 2, ran 2, but 1 of the numbers are double or outside the plan"),
    ],
)
def test_a_plan_that_is_not_kept_is_an_error_and_a_problem(lines: list[str], wrong: str) -> None:
    reading = read(*lines)
    assert told(reading)[-1] == ("mill", "(plan)", ERROR)
    assert reading.results[-1].message == wrong
    assert wrong in reading.problems[0].message


def test_points_out_of_order_are_said_but_harm_nothing() -> None:
    reading = read("1..3", "ok 1", "ok 3", "ok 2")
    assert [result.status for result in reading.results] == [PASSED] * 3
    assert "1 out of order" in reading.problems[0].message


def test_a_file_that_skips_all_its_tests_says_why_and_a_failure_in_it_stays() -> None:
    assert told(read("1..0 # SKIP no wind", "ok 1 - a", "not ok 2 - b")) == [("mill", "b", FAILED)]
    (problem,) = read("1..0 # SKIP no wind").problems
    assert "skips all its tests: no wind" in problem.message


def test_who_bails_out_has_one_error_and_nothing_behind_it_counts() -> None:
    reading = read("1..9", "ok 1 - a", "Bail out! No wind", "not ok 2 - b")
    assert told(reading) == [("mill", "a", PASSED), ("mill", "(bail out)", ERROR)]
    assert reading.results[1].message == "No wind"


SUBTESTS = {
    "heading at the margin": ["# Subtest: stone", "    ok 1 - a", "    not ok 2 - b", "    1..2", "not ok 1 - stone"],
    "heading within": ["    # Subtest: stone", "    ok 1 - a", "    not ok 2 - b", "    1..2", "not ok 1 - stone"],
    "no heading": ["    1..2", "    ok 1 - a", "    not ok 2 - b", "not ok 1 - stone"],
    "braces": ["not ok 1 - stone {", "    ok 1 - a", "    not ok 2 - b", "    1..2", "}"],
    "braces below a block": [
        *("not ok 1 - stone", "  ---", "  at: x", "  ...", "{"),
        *("    ok 1 - a", "    not ok 2 - b", "    1..2", "}"),
    ],
    "a name of Test::More": ["    ok 1 - a", "    not ok 2 - b", "    1..2", "not ok 1 - Subtest: stone"],
}


@pytest.mark.parametrize("lines", SUBTESTS.values(), ids=SUBTESTS)
def test_the_leaves_count_and_their_parent_is_their_suite(lines: list[str]) -> None:
    assert told(read(*lines, "1..1")) == [("mill / stone", "a", PASSED), ("mill / stone", "b", FAILED)]


def test_a_parent_that_fails_by_itself_counts_too() -> None:
    reading = read("    ok 1 - a", "    1..1", "not ok 1 - stone", "1..1")
    assert told(reading) == [("mill / stone", "a", PASSED), ("mill", "stone", FAILED)]


def test_a_failed_leaf_is_not_hidden_by_a_parent_that_passes() -> None:
    assert told(read("    not ok 1 - a", "    1..1", "ok 1 - stone", "1..1")) == [("mill / stone", "a", FAILED)]


@pytest.mark.parametrize("word", ["TODO", "SKIP"])
def test_leaves_below_a_parent_that_may_fail_may_fail(word: str) -> None:
    reading = read("    not ok 1 - a", "    ok 2 - b", "    1..3", f"not ok 1 - stone # {word} later", "1..1")
    assert [result.status for result in reading.results] == [SKIPPED, PASSED]


def test_a_leaf_still_to_do_does_not_explain_why_its_parent_failed() -> None:
    reading = read("    not ok 1 - a # TODO later", "    1..1", "not ok 1 - stone", "1..1")
    assert told(reading) == [("mill / stone", "a", SKIPPED), ("mill", "stone", FAILED)]


def test_a_sub_test_that_ran_less_than_planned_is_an_error_below_its_parent() -> None:
    reading = read("    1..3", "    ok 1 - a", "ok 1 - stone", "1..1")
    assert told(reading) == [("mill / stone", "a", PASSED), ("mill / stone", "(plan)", ERROR)]
    empty = read("    1..2", "ok 1 - stone", "1..1")
    assert told(empty) == [("mill / stone", "(plan)", ERROR)]


def test_sub_tests_whose_parent_never_came_count_and_are_said() -> None:
    reading = read("1..1", "ok 1 - a", "# Subtest: stone", "    ok 1 - b")
    assert told(reading) == [("mill", "a", PASSED), ("mill / stone", "b", PASSED)]
    assert "without the test point" in reading.problems[0].message


def test_a_brace_that_is_never_closed_is_part_of_the_name() -> None:
    reading = read("ok 1 - looks like {", "    ok 1 - a", "    1..1", "ok 2 - stone", "1..2")
    assert told(reading) == [("mill", "looks like {", PASSED), ("mill / stone", "a", PASSED)]


def test_the_folders_of_the_machine_are_no_part_of_a_name() -> None:
    reading = read("    ok 1 - a", "    1..1", "ok 1 - /home/miller/mill/test/stone.test.js", "1..1")
    assert told(reading) == [("mill / test/stone.test.js", "a", PASSED)]


def test_points_of_one_name_are_different_tests_and_no_attempts() -> None:
    reading = read("1..3", "ok 1 - equal", "not ok 2 - equal", "ok 3 - equal")
    assert told(reading) == [("mill", "equal", PASSED), ("mill", "equal #2", FAILED), ("mill", "equal #3", PASSED)]


@pytest.mark.parametrize(
    "lines",
    [
        ["TAP version 13", "1..1", "ok 1 - a", "TAP version 13", "1..1", "not ok 1 - b"],
        ["1..1", "ok 1 - a", "1..1", "not ok 1 - b"],
        ["ok 1 - a", "1..1", "not ok 1 - b", "1..1"],
    ],
)
def test_streams_one_after_another_have_each_their_own_plan(lines: list[str]) -> None:
    assert told(read(*lines)) == [("mill", "a", PASSED), ("mill", "b", FAILED)]


@pytest.mark.parametrize(
    ("block", "message", "place", "kind"),
    [
        (["message: 'too slow'", "at:", "  file: t/a.t", "  line: 4"], "too slow", ("t/a.t", 4), ""),
        (["error: too slow", "location: '/m/a.js:4:9'"], "too slow", ("/m/a.js", 4), ""),
        (["error: |-", "  too", "  slow", "name: 'TypeError'"], "too\nslow", ("", None), "TypeError"),
        (["operator: equal", "expected: 1", "actual: 2", "at: T.<anonymous> (/m/a.js:4:9)"],
         "equal: expected 1, got 2", ("/m/a.js", 4), ""),
        (["found: x", "wanted: y", "at: a.js:4:9"], "expected y, got x", ("a.js", 4), ""),
        (["file: a.js", "line: 4", "stack: |", "  first", "  second"], "first", ("a.js", 4), ""),
        (["- a list"], "grinds", ("", None), ""),
    ],
)  # fmt: skip
def test_a_block_says_what_failed_and_where(
    block: list[str], message: str, place: tuple[str, int | None], kind: str
) -> None:
    result = only("not ok 1 - grinds", "  ---", *(f"  {line}" for line in block), "  ...")
    assert (result.message, (result.file, result.line), result.kind) == (message, place, kind)
    assert result.trace == "\n".join(block)


def test_a_timeout_of_node_test_is_an_error() -> None:
    result = only("not ok 1 - a", "  ---", "  failureType: 'testTimeoutFailure'", "  error: 'timed out'", "  ...")
    assert (result.status, result.kind, result.message) == (ERROR, "testTimeoutFailure", "timed out")


def test_a_block_that_is_never_closed_ends_with_the_next_point() -> None:
    reading = read("1..2", "not ok 1 - a", "  ---", "  message: cut", "ok 2 - b")
    assert told(reading) == [("mill", "a", FAILED), ("mill", "b", PASSED)]


def test_points_within_a_block_are_text() -> None:
    block = ["  ---", "  found: |", "    not ok 7 - inner", "    1..9", "  ..."]
    assert told(read("1..1", "not ok 1 - a", *block)) == [("mill", "a", FAILED)]


@pytest.mark.parametrize(
    ("comments", "message", "place"),
    [
        (["  Failed test 'a'", "  at t/a.t line 12.", "         got: '1'", "    expected: '2'"],
         "got: '1'\nexpected: '2'", ("t/a.t", 12)),
        (["  Failed test 'a'", "  at t/a.t line 12.", "Looks like you failed 1 test of 1."],
         "Failed test 'a'", ("t/a.t", 12)),
        (["(in test file test/a.bats, line 9)", "  `[ 1 -eq 2 ]' failed", "output"],
         "`[ 1 -eq 2 ]' failed", ("test/a.bats", 9)),
        (["(from function `f' in file test/f.bash, line 2,", " in test file test/a.bats, line 9)"],
         "(from function `f' in file test/f.bash, line 2,", ("test/a.bats", 9)),
        (['Failed test 1: "a"', "        have: 1", "        want: 2"], "have: 1\nwant: 2", ("", None)),
    ],
)  # fmt: skip
def test_comments_below_a_failure_say_what_failed_and_where(
    comments: list[str], message: str, place: tuple[str, int | None]
) -> None:
    result = only("not ok 1 - a", *(f"# {comment}" for comment in comments))
    assert (result.message, (result.file, result.line)) == (message, place)


def test_other_output_before_a_failure_is_its_trace_when_it_says_nothing_itself() -> None:
    reading = read("1..2", "calm", "ok 1 - a", "creaks", "breaks", "not ok 2 - b")
    assert reading.results[1].trace == "creaks\nbreaks"


def test_the_headings_of_tape_are_suites() -> None:
    lines = ["# grinds", "ok 1 equal", "not ok 2 equal", "# rests", "ok 3 equal", "", "1..3", "# tests 3", "# pass  2"]
    assert told(read("TAP version 13", *lines)) == [
        ("mill / grinds", "equal", PASSED),
        ("mill / grinds", "equal #2", FAILED),
        ("mill / rests", "equal", PASSED),
    ]


@pytest.mark.parametrize(
    ("name", "suite"),
    [
        ("mill.tap", "mill"),
        ("t0001-basic.t.tap", "t0001-basic"),
        ("mill-attempt-2.tap", "mill"),
        ("mill-2-of-4.tap", "mill"),
        ("mill-20260102T030405Z.txt", "mill"),
        (".tap", ""),
    ],
)
def test_the_suite_is_the_name_of_the_file_without_what_changes(name: str, suite: str) -> None:
    assert tap.suite_of(name) == suite


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter() -> None:
    assert told(tap.read(artifact("mill.tap", "\ufeff1..1\r\nok 1 - a\r\n"))) == [("mill", "a", PASSED)]


@pytest.mark.parametrize(
    ("name", "content", "taken"),
    [
        ("out.txt", "TAP version 13\n", True),
        ("out.log", "\n> tape test.js\n\nTAP version 13\nok 1\n", True),
        ("out.txt", "# comment\n1..2\nok 1\nok 2\n", True),
        ("out.txt", "ok 1 - a\nok 2 - b\n1..2\n", True),
        ("out.txt", "\ufeff1..1\r\nok 1\r\n", True),
        ("out.tap", "whatever", True),
        ("out.tap", "", True),
        ("out.txt", "ok 1 - a\nok 2 - b\n", False),
        ("out.txt", "1..2\n", False),
        ("out.txt", "ok  \texample.org/mill\t0.1s\nok  \texample.org/wind\t0.1s\n", False),
        ("out.txt", "log line\n1..2\nok 1\n", False),
        ("out.txt", "2026-01-02T03:04:05Z TAP version 13\nok 1\n", False),
        ("out.tap", "<xml/>", False),
        ("notes.txt", "okay\n1..2 of them\n", False),
    ],
)
def test_a_file_is_recognised_by_its_first_lines(name: str, content: str, *, taken: bool) -> None:
    assert bool(tap.recognises(artifact(name, content))) is taken


@pytest.mark.parametrize("content", ["", "one\ntwo\n", "# only a comment\n"])
def test_what_holds_no_tap_is_refused(content: str) -> None:
    with pytest.raises(UnreadableError, match="holds no TAP"):
        tap.read(artifact("mill.tap", content))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a: 1\nb: 'it''s'\nc: \"x\\ny\"", {"a": "1", "b": "it's", "c": "x\ny"}),
        ("a: |\n  x\n   y\nb: >-\n  z", {"a": "x\n y", "b": "z"}),
        ("a:\n  b: 1\n  c: 2", {"a.b": "1", "a.c": "2", "a": "b: 1\nc: 2"}),
        ("a:\n  - 1\n  - 2", {"a": "- 1\n- 2"}),
        (
            "a: &anchor x\nb: *anchor\nc: !!python/object x",
            {"a": "&anchor x", "b": "*anchor", "c": "!!python/object x"},
        ),
        ("    a: 1 # why\n    b: two\n      lines", {"a": "1", "b": "two lines"}),
        ("no mapping", {}),
        ("", {}),
    ],
)
def test_a_block_is_read_as_text_and_nothing_in_it_is_resolved(text: str, values: dict[str, str]) -> None:
    assert scalars(text) == values


LINES = st.sampled_from(
    [
        *(
            "1..0 # SKIP x",
            "1..2",
            "2..1",
            "1..999999999999999",
            "TAP version 14",
            "Bail out!",
            "pragma +strict",
            "noise",
        ),
        *("ok", "not ok", "ok 1 - a", "not ok 2 - a # TODO x", "ok 3 # SKIP", "ok 1 - a {", "not ok {", "}", "{"),
        *(
            "# Subtest: s",
            "# comment",
            "  ---",
            "  message: x",
            "  at:",
            "    file: y",
            "  ...",
            "",
            "# tests 1",
            "# pass 1",
        ),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), LINES | st.text(max_size=12)), max_size=25))
def test_any_lines_are_read_or_refused_politely(lines: list[tuple[int, str]]) -> None:
    found = artifact("mill.tap", "\n".join("    " * depth + line for depth, line in lines))
    tap.recognises(found)
    said = outcome(tap, found)
    assert isinstance(said, dict)
    if "refused" in said:
        assert said["hint"]
        return
    reading = tap.read(found)
    identities = [result.identity for result in reading.results]
    assert len(identities) == len(set(identities))
    assert reading.counts is not None
    assert reading.counts.tests == len(identities)
