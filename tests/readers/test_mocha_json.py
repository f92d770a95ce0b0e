"""Mocha's `json` and mochawesome: tests, hooks, and what lists and flags say of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import mocha_json, mochawesome
from tests.readers.in_memory import artifact
from tests.readers.loose_json import read, survives, told, values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.plugins import Reader

FIELDS = (
    *(
        "stats",
        "tests",
        "passes",
        "pending",
        "failures",
        "title",
        "fullTitle",
        "file",
        "duration",
        "currentRetry",
        "err",
    ),
    *("message", "stack", "estack", "code", "results", "suites", "uuid", "beforeHooks", "afterHooks", "state", "pass"),
    *("fail", "skipped", "isHook", "timedOut", "fullFile", "start", "actual", "expected", "diff", "testsRegistered"),
)
ANY = values(FIELDS, ["passed", "failed", "/test/a.js", '"before each" hook'])
Test = dict[str, object]


def case(title: str = "adds", **fields: object) -> Test:
    return {"title": title, "fullTitle": f"Cart {title}", "file": "/home/ann/shop/test/cart.js", "err": {}} | fields


def mocha(tests: Sequence[Test], **lists: Sequence[Test]) -> dict[str, object]:
    empty: dict[str, Sequence[Test]] = {"pending": [], "failures": [], "passes": []}
    found = empty | lists
    counts = {name: len(found[name]) for name in empty}
    return {"stats": {"tests": len(tests), **counts}, "tests": list(tests), **found}


def awesome(*tests: Test, **suite: object) -> dict[str, object]:
    inner = {"uuid": "1", "title": "Cart", "file": "/test/cart.js", "suites": [], "tests": list(tests)} | suite
    root = {"uuid": "0", "title": "", "file": "", "root": True, "suites": [inner], "tests": []}
    return {"stats": {"tests": 1, "passes": 0, "passPercent": 0, "start": "2026-01-02T03:04:05Z"}, "results": [root]}


def test_a_test_is_what_its_list_says() -> None:
    one, two, three = case("a", duration=1), case("b", err={"message": "no"}), case("c")
    reading = read(mocha_json, mocha([one, two, three], passes=[one], failures=[two], pending=[three]))
    assert told(reading) == [("a", "passed"), ("b", "failed"), ("c", "skipped")]
    assert {(result.suite, result.classname) for result in reading.results} == {("test/cart.js", "Cart")}
    assert not reading.problems


def test_a_test_in_none_of_the_lists_did_not_pass() -> None:
    assert told(read(mocha_json, mocha([case()]))) == [("adds", "error")]


def test_lists_alone_are_enough() -> None:
    document = {"stats": {"passes": 1, "failures": 1}, "passes": [case("a")], "failures": [case("b", duration=2)]}
    assert told(read(mocha_json, document)) == [("b", "failed"), ("a", "passed")]


@pytest.mark.parametrize(
    "title", ['"before all" hook', '"before each" hook for "adds"', '"after all" hook: stop in "Cart"']
)
def test_a_hook_that_failed_is_an_error_of_its_own(title: str) -> None:
    hook = case(title, err={"message": "no lamp"}, duration=3)
    passed = case(duration=1)
    reading = read(mocha_json, mocha([passed], passes=[passed], failures=[hook]))
    assert told(reading) == [("adds", "passed"), (title, "error")]
    assert not reading.problems


def test_a_test_that_passed_and_then_called_back_again_failed() -> None:
    twice = case(err={"message": "done() called multiple times"}, duration=1)
    assert told(read(mocha_json, mocha([twice], passes=[twice], failures=[twice]))) == [("adds", "failed")]


def test_a_test_that_ran_out_of_time_is_an_error() -> None:
    late = case(err={"message": "Timeout", "code": "ERR_MOCHA_TIMEOUT"})
    assert told(read(mocha_json, mocha([late], failures=[late]))) == [("adds", "error")]


def test_a_test_that_passed_after_retries_is_flaky() -> None:
    again = case(currentRetry=2, duration=1)
    (result,) = read(mocha_json, mocha([again], passes=[again])).results
    assert result.flaky
    assert len(result.earlier) == 2


def test_tests_of_one_title_are_different_tests() -> None:
    bad, good = case(err={"message": "no"}, duration=1), case(duration=1)
    reading = read(mocha_json, mocha([bad, good], failures=[bad], passes=[good]))
    assert told(reading) == [("adds", "failed"), ("adds #2", "passed")]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"state": "passed", "pass": True}, "passed"),
        ({"state": "passed"}, "passed"),
        ({"pass": True}, "passed"),
        ({"state": "passed", "pass": True, "fail": True}, "failed"),
        ({"state": "failed", "fail": True}, "failed"),
        ({"state": "failed", "fail": True, "timedOut": True}, "error"),
        ({"state": "pending", "pending": True}, "skipped"),
        ({"state": None, "skipped": True}, "skipped"),
        ({"state": "limbo", "pass": True}, "error"),
        ({}, "error"),
    ],
)
def test_the_worse_of_flag_and_state_counts(fields: Test, status: str) -> None:
    assert told(read(mochawesome, awesome({"title": "adds"} | fields))) == [("adds", status)]


def test_hooks_count_only_when_they_failed() -> None:
    hooks = [
        {"title": '"before all" hook', "state": "failed", "fail": True, "isHook": True},
        {"title": '"before all" hook: two', "state": "passed", "pass": True, "isHook": True},
    ]
    assert told(read(mochawesome, awesome(beforeHooks=hooks))) == [('"before all" hook', "error")]


def test_a_suite_without_file_has_that_of_the_suite_around_it() -> None:
    inner = {"title": "total", "tests": [{"title": "adds", "state": "passed", "pass": True}]}
    reading = read(mochawesome, awesome(suites=[inner]))
    assert [(one.suite, one.classname) for one in reading.results] == [("test/cart.js", "Cart › total")]
    assert reading.started_at == "2026-01-02T03:04:05Z"


@pytest.mark.parametrize(("reader", "name"), [(mocha_json, "mocha.json"), (mochawesome, "mochawesome_003.json")])
def test_a_report_that_is_cut_off_is_known_by_its_name_and_refused(reader: Reader, name: str) -> None:
    file = artifact(name, b'{"stats": {')
    assert reader.recognises(file)
    with pytest.raises(UnreadableError, match="not JSON"):
        reader.read(file)


def test_neither_takes_the_report_of_the_other() -> None:
    one = case(duration=1)
    assert not mochawesome.recognises(artifact("a.json", json.dumps(mocha([one], passes=[one]))))
    assert not mocha_json.recognises(artifact("a.json", json.dumps(awesome({"title": "adds"}))))


@given(tests=st.lists(st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=8) | ANY, max_size=3), top=ANY, other=ANY)
@settings(max_examples=60, deadline=None)
def test_any_values_are_read_or_refused(tests: list[object], top: object, other: object) -> None:
    more = top if isinstance(top, dict) else {}
    survives(mocha_json, {"stats": other, "tests": tests, "passes": other} | more)
    survives(mochawesome, {"stats": other, "results": [{"uuid": "", "tests": tests, "suites": [other]}]} | more)
