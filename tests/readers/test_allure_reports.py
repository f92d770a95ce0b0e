from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import allure_report_data, allure_suites_csv, allure_summary, allure_trend
from generator.records import Counts, Statement, Status
from tests.readers.in_memory import artifact, unreadable
from tests.shared import shared

if TYPE_CHECKING:
    from generator.plugins import Reading

COLUMNS = (
    *("Status", "Start Time", "Stop Time", "Duration in ms", "Parent Suite", "Suite", "Sub Suite", "Test Class"),
    *("Test Method", "Name", "Description"),
)
READERS = (allure_suites_csv, allure_summary, allure_trend, allure_report_data)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ("statistic", "time", "data", "total", "passed", "failed", "uid", "name", "items", "start")
            ),
            inner,
            max_size=5,
        )
    ),
)


def row(**fields: str) -> dict[str, str]:
    return {"Status": "passed", "Suite": "shop", "Name": "adds", **fields}


def text(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> str:
    lines = [columns, *([fields.get(column, "") for column in columns] for fields in rows)]
    return "".join(",".join(f'"{cell}"' for cell in line) + "\n" for line in lines)


def read(*rows: dict[str, str]) -> Reading:
    return allure_suites_csv.read(artifact("suites.csv", text(*rows)))


def statement(document: object, name: str = "history-trend.json") -> Statement:
    (record,) = allure_trend.read(artifact(name, json.dumps(document))).records
    assert isinstance(record, Statement)
    return record


def summary(**statistic: object) -> Reading:
    document = {"reportName": "Shop", "statistic": statistic, "time": {"start": 1767348000000, "sumDuration": 2500}}
    return allure_summary.read(artifact("summary.json", json.dumps(document)))


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("passed", Status.PASSED),
        ("failed", Status.FAILED),
        ("broken", Status.ERROR),
        ("skipped", Status.SKIPPED),
        ("unknown", Status.ERROR),
        ("", Status.ERROR),
    ],
)
def test_a_row_is_a_case_with_its_status(word: str, status: Status) -> None:
    (found,) = read(row(Status=word)).results
    assert (found.status, found.suite, found.name) == (status, "shop", "adds")


def test_columns_may_stand_in_any_order_and_case() -> None:
    columns = tuple(sorted(column.upper() for column in COLUMNS))
    fields = {"STATUS": "failed", "NAME": "adds", "PARENT SUITE": "web", "SUITE": "shop", "DURATION IN MS": "1250"}
    file = artifact("data.csv", text(fields, columns=columns))
    assert allure_suites_csv.recognises(file)
    (found,) = allure_suites_csv.read(file).results
    assert (found.suite, found.status, found.duration_s) == ("web / shop", Status.FAILED, 1.25)


@pytest.mark.parametrize("statuses", [("passed", "passed"), ("failed", "passed")])
def test_rows_of_one_name_are_different_tests_because_a_report_leaves_retries_out(statuses: tuple[str, ...]) -> None:
    reading = read(*(row(Status=status) for status in statuses))
    assert [found.name for found in reading.results] == ["adds", "adds #2"]
    assert [found.status.value for found in reading.results] == list(statuses)
    assert not any(found.earlier for found in reading.results)


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("Fri Mar 05 08:42:46 GMT 2021", "2021-03-05T08:42:46Z"),
        ("Fri Mar 05 08:42:46 UTC 2021", "2021-03-05T08:42:46Z"),
        ("Fri Mar 05 08:42:46 CET 2021", ""),
        ("Fri Maa 05 08:42:46 GMT 2021", ""),
        ("Fri Feb 30 08:42:46 GMT 2021", ""),
        ("2026-06-11", ""),
        ("", ""),
    ],
)
def test_a_start_is_believed_only_in_a_zone_whose_name_means_one_offset(start: str, said: str) -> None:
    assert read(row(**{"Start Time": start})).started_at == said


def test_the_earliest_start_is_that_of_the_run() -> None:
    starts = ("Fri Mar 05 08:42:46 GMT 2021", "Fri Mar 05 07:00:00 GMT 2021")
    assert read(*(row(**{"Start Time": start}) for start in starts)).started_at == "2021-03-05T07:00:00Z"


@pytest.mark.parametrize(("took", "seconds"), [("1250", 1.25), ("0", 0.0), ("", None), ("-1", None), ("soon", None)])
def test_a_duration_is_in_milliseconds(took: str, seconds: float | None) -> None:
    reading = read(row(**{"Duration in ms": took}))
    assert reading.results[0].duration_s == seconds
    assert bool(reading.problems) is (seconds is None and took != "")


def test_rows_that_do_not_fit_the_header_are_left_out_and_said() -> None:
    reading = allure_suites_csv.read(artifact("suites.csv", text(row()) + '"passed"\n\n"a","b"\n'))
    assert len(reading.results) == 1
    assert ["line 3 and 1 more" in problem.message for problem in reading.problems] == [True]


def test_a_report_without_rows_is_a_warning() -> None:
    reading = read()
    assert reading.counts == Counts()
    assert [problem.message for problem in reading.problems] == ["holds no test case"]


@pytest.mark.parametrize("data", ["", "\n", '"Status","Name"\n', text(row())[:-2], text(row(Name='a"b'))])
def test_a_file_that_is_cut_off_or_no_such_table_is_refused(data: str) -> None:
    with pytest.raises(UnreadableError):
        allure_suites_csv.read(artifact("suites.csv", data))


@pytest.mark.parametrize(
    "header",
    [
        '"Epic","Feature","Story","FAILED","BROKEN","PASSED","SKIPPED","UNKNOWN"',
        "Parent Suite;Suite;Name",
        '"Parent Suite',
        "name,value",
    ],
)
def test_other_tables_are_not_taken(header: str) -> None:
    assert not allure_suites_csv.recognises(artifact("suites.csv", header + "\n"))


def test_a_summary_declares_totals_in_which_unknown_is_an_error() -> None:
    reading = summary(failed=2, broken=1, skipped=3, passed=14, unknown=1, total=21)
    assert reading.declared == Counts(tests=21, passed=14, failed=2, errors=2, skipped=3, duration_s=2.5)
    assert (reading.started_at, reading.counts, reading.problems) == ("2026-01-02T10:00:00Z", None, ())


@pytest.mark.parametrize("wrong", [{"total": 9}, {"skipped": "one"}, {"failed": -1}, {"broken": True}])
def test_totals_that_do_not_add_up_are_a_warning(wrong: dict[str, object]) -> None:
    reading = summary(**{"failed": 0, "broken": 0, "skipped": 0, "passed": 4, "unknown": 0, "total": 4, **wrong})
    assert reading.declared is not None
    assert (reading.declared.tests, len(reading.problems)) == (4, 1)


def test_a_summary_without_numbers_is_refused() -> None:
    with pytest.raises(UnreadableError):
        summary(passed=None, failed="2")


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ({"passed": 400, "failed": 12, "broken": 3, "skipped": 0, "total": 415}, "12 failed, 3 broken, 400 passed"),
        ({"duration": 31250}, "31.25 s"),
        ({"run": 7, "retry": 2}, "2 retry, 7 run"),
        ({"Outages": 2, "Bugs": 1, "other": "many"}, "1 Bugs, 2 Outages"),
        ({}, "nothing"),
    ],
)
def test_a_build_of_a_trend_is_a_row(data: object, value: str) -> None:
    build = {"buildOrder": 42, "reportName": "Shop #42", "reportUrl": "https://ci.example/42", "data": data}
    (found,) = statement([build]).rows
    assert (found.id, found.title, found.value) == ("42", "Shop #42", value)
    assert found.facts == (("url", "https://ci.example/42"),)


def test_a_long_trend_is_cut_and_says_so() -> None:
    found = statement([{"buildOrder": number, "data": {"duration": 1}} for number in range(1003)])
    assert (len(found.rows), found.rows_left_out) == (1000, 3)


@pytest.mark.parametrize(
    ("name", "document", "taken"),
    [
        ("history-trend.json", [{"data": {"failed": 1}}], True),
        ("history-trend.json", [], True),
        ("t.json", [{"buildOrder": 1, "reportUrl": "", "data": {}}], True),
        ("t.json", [{"data": {"failed": 1}}], False),
        ("t.json", [], False),
        ("history-trend.json", {"data": {}}, False),
    ],
)
def test_a_trend_is_known_by_its_builds(name: str, document: object, *, taken: bool) -> None:
    assert bool(allure_trend.recognises(artifact(name, json.dumps(document)))) is taken


STATISTIC = {"failed": 1, "broken": 0, "skipped": 0, "passed": 3, "unknown": 0, "total": 4}


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("5d2c.json", {"uid": "5d2c", "name": "t", "time": {"start": 1}, "status": "passed"}),
        ("suites.json", {"uid": "1", "name": "suites", "children": []}),
        ("behaviors.json", {"total": 1, "items": [{"uid": "1", "name": "a", "statistic": STATISTIC}]}),
        ("history.json", {"c0b2": {"statistic": STATISTIC, "items": []}}),
        ("executor.json", {"name": "CI", "type": "ci", "buildName": "shop #1", "reportName": "Shop"}),
        ("categories.json", [{"name": "Outages", "matchedStatuses": ["broken"]}]),
        ("duration.json", [{"uid": "1", "name": "t", "time": {"duration": 1}, "status": "passed"}]),
        ("environment.json", [{"values": ["staging"], "name": "stand"}]),
        ("launch.json", [{"name": "nightly", "statistic": STATISTIC}]),
    ],
)
def test_files_that_repeat_others_are_known_and_give_no_results(name: str, document: object) -> None:
    file = artifact(name, json.dumps(document))
    assert allure_report_data.recognises(file)
    assert not any(reader.recognises(file) for reader in READERS if reader is not allure_report_data)
    reading = allure_report_data.read(file)
    assert (reading.results, reading.records, reading.counts) == ((), (), None)


def test_an_executor_names_build_and_address() -> None:
    executor = {"buildName": "shop #1", "buildUrl": "https://ci.example/1", "buildOrder": 1, "type": "ci"}
    for document in (executor, [executor]):
        reading = allure_report_data.read(artifact("executor.json", json.dumps(document)))
        assert reading.properties == (("build", "shop #1"), ("url", "https://ci.example/1"))
    executor["buildUrl"] = "javascript:alert(1)"
    reading = allure_report_data.read(artifact("executor.json", json.dumps(executor)))
    assert reading.properties == (("build", "shop #1"),)


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        [1],
        {"total": 1, "items": []},
        {"uid": 1, "name": "t"},
        {"a": {"statistic": STATISTIC}},
        {"name": "shop"},
    ],
)
def test_other_documents_are_not_taken(document: object) -> None:
    for name in ("a.json", "environment.json", "launch.json"):
        assert not any(reader.recognises(artifact(name, json.dumps(document))) for reader in READERS)
    assert not any(reader.recognises(unreadable("a.json")) for reader in READERS)


@given(document=VALUES | st.lists(VALUES, max_size=3))
@settings(max_examples=120, deadline=None)
def test_any_document_is_read_or_refused_politely(document: object) -> None:
    for reader, name in ((allure_summary, "summary.json"), (allure_trend, "history-trend.json")):
        for given_document in (document, {"statistic": document, "time": document}, [{"data": document}, document]):
            file = artifact(name, json.dumps(given_document))
            allure_report_data.recognises(file)
            reader.recognises(file)
            try:
                assert not reader.read(file).results
            except UnreadableError as error:
                assert error.hint  # noqa: PT017  either answer is right


@pytest.mark.shared
def test_every_table_of_the_shared_histories_has_the_totals_of_its_summary() -> None:
    tables = sorted(shared("corpus", "gitlab-allure-history").glob("*/*/suites.csv"))
    assert tables
    for path in tables:
        counts = allure_suites_csv.read(artifact(path.name, path.read_bytes())).counts
        beside = path.with_name("summary.json")
        declared = allure_summary.read(artifact(beside.name, beside.read_bytes())).declared
        assert counts is not None
        assert declared is not None
        ignored = {"suites", "duration_s"}
        assert counts.model_dump(exclude=ignored) == declared.model_dump(exclude=ignored)
