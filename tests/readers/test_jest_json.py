"""Jest and Vitest: what each entry comes to, and what stands outside of the entries."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import jest_json
from tests.readers.in_memory import artifact
from tests.readers.loose_json import read, survives, told, values

FIELDS = (
    *(
        "testResults",
        "assertionResults",
        "name",
        "status",
        "message",
        "title",
        "fullName",
        "ancestorTitles",
        "duration",
    ),
    *("failureMessages", "location", "line", "retryReasons", "invocations", "testExecError", "startTime", "success"),
    *("numTotalTests", "numPassedTests", "numFailedTests", "numPendingTests", "wasInterrupted"),
)
ANY = values(FIELDS, ["passed", "failed", "todo", "/src/a.js"])


def report(*tests: dict[str, object], status: str = "passed", **fields: object) -> dict[str, object]:
    file = {"name": "/home/ann/shop/src/cart.test.ts", "status": status, "assertionResults": list(tests)}
    return {"numTotalTests": len(tests), "numPassedTests": len(tests), "testResults": [file]} | fields


@pytest.mark.parametrize(
    ("word", "status"),
    [
        *(("passed", "passed"), ("failed", "failed"), ("pending", "skipped"), ("skipped", "skipped")),
        *(("todo", "skipped"), ("disabled", "skipped"), ("focused", "error"), ("", "error"), (None, "error")),
    ],
)
def test_only_the_word_passed_is_passed(word: str | None, status: str) -> None:
    assert told(read(jest_json, report({"title": "adds", "status": word}))) == [("adds", status)]


def test_tests_of_one_name_are_different_tests_because_attempts_stand_within_one_entry() -> None:
    entries: list[dict[str, object]] = [{"title": "adds", "status": word} for word in ("failed", "passed", "passed")]
    reading = read(jest_json, report(*entries))
    assert told(reading) == [("adds", "failed"), ("adds #2", "passed"), ("adds #3", "passed")]
    assert not any(result.flaky for result in reading.results)


def test_a_retried_test_that_passed_is_flaky_with_a_failed_attempt_for_each_invocation() -> None:
    entry = {"title": "adds", "status": "passed", "invocations": 4, "retryReasons": ["Error: no tea\n    at a (b:1:1)"]}
    (result,) = read(jest_json, report(entry)).results
    assert [(one.status.value, one.message) for one in result.earlier] == [("failed", "no tea"), *[("failed", "")] * 2]
    assert result.flaky


def test_a_number_of_invocations_that_cannot_be_is_cut() -> None:
    (result,) = read(jest_json, report({"title": "adds", "status": "passed", "invocations": 10**12})).results
    assert len(result.earlier) == 20


@pytest.mark.parametrize("tests", [[], [{"title": "adds", "status": "passed"}]])
def test_a_file_that_failed_without_a_failed_test_is_one_error(tests: list[dict[str, object]]) -> None:
    document = report(*tests, status="failed", success=False)
    assert told(read(jest_json, document))[-1] == ("(file)", "error")


def test_a_file_that_failed_with_a_failed_test_is_that_test() -> None:
    assert told(read(jest_json, report({"title": "adds", "status": "failed"}, status="failed", success=False))) == [
        ("adds", "failed")
    ]


def test_a_skipped_file_without_tests_is_one_skipped_result() -> None:
    assert told(read(jest_json, report(status="skipped"))) == [("(file)", "skipped")]


def test_a_run_that_failed_though_none_of_its_tests_did_is_never_green() -> None:
    assert told(read(jest_json, report({"title": "adds", "status": "passed"}, success=False))) == [
        ("adds", "passed"),
        ("(run)", "error"),
    ]


@pytest.mark.parametrize(
    ("began", "stamp"),
    [
        (1767323045120, "2026-01-02T03:04:05.120000Z"),
        *((began, "") for began in (0, -5, 10**15, True, "2026", None, 10**30)),
    ],
)
def test_the_time_is_that_of_the_report_where_it_can_be_believed(began: object, stamp: str) -> None:
    assert read(jest_json, report(startTime=began)).started_at == stamp


def test_totals_that_differ_from_the_entries_are_a_warning() -> None:
    (problem,) = read(jest_json, report({"title": "adds", "status": "passed"}, numTotalTests=3)).problems
    assert "3 tests, has 1" in problem.message


def test_a_report_that_is_cut_off_is_known_by_its_name_and_refused() -> None:
    file = artifact("jest-results.json", b'{"numTotalTests": 3, "testResults": [')
    assert jest_json.recognises(file)
    with pytest.raises(UnreadableError, match="not JSON"):
        jest_json.read(file)


@pytest.mark.parametrize("document", ["[]", '{"testResults": {}}', '{"name": "shop"}', "7"])
def test_other_documents_are_refused(document: str) -> None:
    with pytest.raises(UnreadableError):
        jest_json.read(artifact("report.json", document))


@given(entries=st.lists(st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=8) | ANY, max_size=3), file=ANY, top=ANY)
@settings(max_examples=60, deadline=None)
def test_any_values_are_read_or_refused(entries: list[object], file: object, top: object) -> None:
    more = top if isinstance(top, dict) else {}
    survives(jest_json, {"testResults": [{"name": file, "assertionResults": entries}, file]} | more)
