"""Events of Dart and Flutter tests: what each test came to, and what the end of the run says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import dart_json
from tests.readers.in_memory import artifact
from tests.readers.loose_json import survives, told, values

if TYPE_CHECKING:
    from generator.plugins import Reading

FIELDS = (
    *("type", "time", "suite", "test", "group", "testID", "id", "suiteID", "groupIDs", "name", "path", "platform"),
    *(
        "result",
        "skipped",
        "hidden",
        "error",
        "stackTrace",
        "isFailure",
        "message",
        "messageType",
        "success",
        "metadata",
    ),
    *("skipReason", "line", "root_line", "protocolVersion"),
)
WORDS = ["start", "suite", "group", "testStart", "testDone", "error", "print", "done", "success", "Retry: a"]
ANY = values(FIELDS, WORDS)
Event = dict[str, object]
START: Event = {"type": "start", "protocolVersion": "0.1.1", "time": 0}
SUITE: Event = {"type": "suite", "suite": {"id": 0, "platform": "vm", "path": "test/tea_test.dart"}, "time": 0}


def began(number: int = 1, name: str = "pours", **fields: object) -> Event:
    return {"type": "testStart", "test": {"id": number, "name": name, "suiteID": 0} | fields, "time": 10}


def ended(number: int = 1, result: object = "success", **fields: object) -> Event:
    return {"type": "testDone", "testID": number, "result": result, "time": 35} | fields


def erred(number: int = 1, text: str = "no tea", *, failure: bool = True) -> Event:
    return {
        "type": "error",
        "testID": number,
        "error": text,
        "stackTrace": "a.dart 1:2",
        "isFailure": failure,
        "time": 20,
    }


def done(success: object = True) -> Event:  # noqa: FBT002 - as the event says it
    return {"type": "done", "success": success, "time": 99}


def read(*events: Event | str) -> Reading:
    lines = [event if isinstance(event, str) else json.dumps(event) for event in (START, SUITE, *events)]
    file = artifact("tests.json", "\n".join(lines) + "\n")
    assert dart_json.recognises(file)
    return dart_json.read(file)


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ([ended()], "passed"),
        ([ended(skipped=True)], "skipped"),
        ([erred(), ended(result="failure")], "failed"),
        ([erred(failure=False), ended(result="error")], "error"),
        ([ended(result="limbo")], "error"),
        ([ended(result=None)], "error"),
        ([ended(), erred(failure=False)], "error"),
        ([], "error"),
    ],
)
def test_a_test_is_what_its_last_event_says(events: list[Event], status: str) -> None:
    (result,) = read(began(), *events, done(status not in ("failed", "error"))).results
    assert (result.name, result.status.value) == ("pours", status)


def test_hidden_tests_count_only_when_they_did_not_pass() -> None:
    loading = "loading test/tea_test.dart"
    assert told(read(began(name=loading), ended(hidden=True), done())) == []
    broken = read(began(name=loading), erred(failure=False), ended(result="error", hidden=True), done(success=False))
    assert told(broken) == [(loading, "error")]


def test_a_retried_test_that_passed_is_flaky() -> None:
    again: Event = {"type": "print", "testID": 1, "message": "Retry: pours", "time": 21}
    (result,) = read(began(), erred(), again, erred(text="no milk"), again, ended(), done()).results
    assert [one.message for one in result.earlier] == ["no tea", "no milk"]
    assert result.flaky


def test_the_group_is_the_class_and_no_part_of_the_name() -> None:
    group: Event = {"type": "group", "group": {"id": 7, "name": "Tea"}, "time": 1}
    (result,) = read(group, began(name="Tea pours", groupIDs=[7]), ended(), done()).results
    assert (result.suite, result.classname, result.name) == ("test/tea_test.dart", "Tea", "pours")
    assert result.duration_s == 0.025


def test_tests_of_one_name_are_different_tests() -> None:
    reading = read(began(1), began(2), erred(1), ended(1, "failure"), ended(2), done(success=False))
    assert told(reading) == [("pours", "failed"), ("pours #2", "passed")]


def test_a_platform_of_its_own_is_part_of_the_suite() -> None:
    other: Event = {"type": "suite", "suite": {"id": 0, "platform": "chrome", "path": "test/tea_test.dart"}, "time": 0}
    (result,) = read(other, began(), ended(), done()).results
    assert (result.suite, result.file) == ("test/tea_test.dart [chrome]", "test/tea_test.dart")


def test_a_run_without_an_end_was_killed() -> None:
    reading = read(began(), ended())
    assert ["was killed" in problem.message for problem in reading.problems] == [True]


def test_a_run_that_failed_though_none_of_its_tests_did_is_never_green() -> None:
    assert told(read(began(), ended(), done(success=False))) == [("pours", "passed"), ("(run)", "error")]


def test_an_error_of_a_test_that_is_not_in_the_file_is_not_lost() -> None:
    reading = read(erred(9), ended(9, "failure"), done())
    assert told(reading) == [("(run)", "error")]
    assert "2 of the events" in reading.problems[0].message


def test_ids_begin_anew_with_each_run_in_a_file() -> None:
    reading = read(began(), ended(), done(), START, SUITE, began(name="cools"), ended(), done())
    assert told(reading) == [("pours", "passed"), ("cools", "passed")]
    assert not reading.problems


def test_lines_of_other_tools_are_left_out_and_said() -> None:
    reading = read('[{"event": "test.startedProcess"}]', "Downloading…", began(), ended(), done())
    assert told(reading) == [("pours", "passed")]
    assert [problem.message for problem in reading.problems] == [
        "1 line left out: line 4 not JSON: Expecting value at column 1"
    ]


@pytest.mark.parametrize("text", ["", "no events", "[]", "{}\n{}\n"])
def test_a_file_without_events_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        dart_json.read(artifact("dart-tests.json", text))


def test_another_stream_of_events_is_not_taken() -> None:
    rows = '{"type": "suite", "event": "started", "test_count": 3}\n{"type": "test", "event": "ok", "name": "a"}\n'
    assert not dart_json.recognises(artifact("tests.jsonl", rows))


@given(events=st.lists(st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=7) | ANY, max_size=6), tests=ANY)
@settings(max_examples=60, deadline=None)
def test_any_values_are_read_or_refused(events: list[object], tests: object) -> None:
    survives(dart_json, [START, SUITE, *events, {"type": "testStart", "test": tests, "time": tests}, ended()])
