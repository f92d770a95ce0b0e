from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import allure1, allure_container, allure_history, allure_result
from generator.records import Status, TestResult
from tests.readers.in_memory import artifact, unreadable

if TYPE_CHECKING:
    from generator.plugins import Reading

START = 1767348000000
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
FIELDS = (
    *("name", "fullName", "status", "statusDetails", "message", "trace", "labels", "parameters", "value", "mode"),
    *("steps", "attachments", "source", "type", "start", "stop", "stage", "uuid", "titlePath", "excluded", "befores"),
    *("afters", "children", "timestamp", "testResults", "error", "duration", "url", "flaky", "expected"),
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4)
)
OBJECTS = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=8)


def labels(**values: str) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def parameter(name: str, value: object, **more: object) -> dict[str, object]:
    return {"name": name, "value": value, **more}


def document(**fields: object) -> dict[str, object]:
    return {"uuid": "u", "name": "adds a book", "status": "passed", "start": START, "stop": START + 1500, **fields}


def read(**fields: object) -> Reading:
    file = artifact("0-result.json", json.dumps(document(**fields)))
    assert allure_result.recognises(file)
    return allure_result.read(file)


def result(**fields: object) -> TestResult:
    (found,) = read(**fields).results
    return found


def history(*rows: object) -> Reading:
    file = artifact("history.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    assert allure_history.recognises(file)
    return allure_history.read(file)


def run(uuid: str, results: object, timestamp: object = START, **more: object) -> dict[str, object]:
    known: list[object] = []
    return {"uuid": uuid, "timestamp": timestamp, "knownTestCaseIds": known, "testResults": results, **more}


def suite_xml(*cases: str, labels: str = "", root: str = "test-suite") -> str:
    return f"<{root}><name>Basket</name><test-cases>{''.join(cases)}</test-cases><labels>{labels}</labels></{root}>"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("passed", Status.PASSED),
        ("Passed", Status.PASSED),
        ("failed", Status.FAILED),
        ("broken", Status.ERROR),
        ("skipped", Status.SKIPPED),
        ("unknown", Status.ERROR),
        ("none", Status.ERROR),
        ("", Status.ERROR),
        (None, Status.ERROR),
        (["passed"], Status.ERROR),
    ],
)
def test_a_status_that_is_not_known_is_never_a_pass(word: object, status: Status) -> None:
    reading = read(status=word)
    assert reading.results[0].status is status
    known = status is not Status.ERROR or word == "broken"
    assert ["status not known" in problem.message for problem in reading.problems] == ([] if known else [True])


def test_a_case_without_a_status_says_how_far_it_came() -> None:
    assert result(status=None, stage="running").message == "ended with no status, stage `running`"
    assert result(status="odd").message == "ended with the unknown status `odd`"


def test_start_of_a_case_is_the_start_of_its_file_in_utc() -> None:
    assert read(start=START + 250).started_at == "2026-01-02T10:00:00.250000Z"


@pytest.mark.parametrize("start", [None, 0, -1, True, "1767348000000", 10**30, 12, [START]])
def test_a_start_that_is_no_time_of_our_days_is_not_believed(start: object) -> None:
    assert not read(start=start).started_at


@pytest.mark.parametrize(
    ("start", "stop", "seconds", "noted"),
    [
        (START, START + 250, 0.25, False),
        (START, START, 0.0, False),
        (START, None, None, False),
        (0, START, None, False),
        (START, START - 1, None, True),
        (START, "later", None, True),
        (START, 10**400, None, True),
    ],
)
def test_duration_is_the_time_between_start_and_stop(
    start: object, stop: object, seconds: float | None, *, noted: bool
) -> None:
    reading = read(start=start, stop=stop)
    assert reading.results[0].duration_s == seconds
    assert bool(reading.problems) is noted


@pytest.mark.parametrize(
    ("fields", "identity"),
    [
        ({"labels": labels(parentSuite="web", suite="shop", subSuite="basket")}, ("web / shop / basket", "")),
        ({"labels": labels(suite="shop", testClass="shop.Basket", package="shop")}, ("shop", "shop.Basket")),
        ({"labels": labels(suite="shop", package="shop.basket")}, ("shop", "shop.basket")),
        ({"labels": [*labels(suite="first"), *labels(suite="second")]}, ("first", "")),
        ({"labels": labels(suite=" ", host="vm", thread="7-main")}, ("", "")),
        ({"titlePath": ["shop", "basket.spec.ts", "", 7]}, ("shop / basket.spec.ts", "")),
        ({"fullName": "shop.Basket.adds a book"}, ("", "shop.Basket")),
        ({"fullName": "shop.Basket#add"}, ("", "shop.Basket#add")),
        ({"fullName": "shop/basket.spec.ts:12:3"}, ("", "shop/basket.spec.ts")),
        ({"fullName": "/home/ci/build/basket.spec.ts"}, ("", "")),
        ({"fullName": "adds a book"}, ("", "")),
        ({"labels": "shop", "fullName": ["x"]}, ("", "")),
    ],
)
def test_suite_and_class_come_from_labels_else_from_paths_that_no_machine_changes(
    fields: dict[str, object], identity: tuple[str, str]
) -> None:
    found = result(**fields)
    assert (found.suite, found.classname) == identity


@pytest.mark.parametrize(
    ("name", "parameters", "shown"),
    [
        ("adds", [parameter("a", "1"), parameter("b", "two")], "adds [a=1, b=two]"),
        ("adds", [parameter("b", "2"), parameter("a", "1")], "adds [a=1, b=2]"),
        ("adds", [parameter("a", "1"), parameter("a", "1")], "adds [a=1]"),
        ("adds[1-two]", [parameter("a", "1"), parameter("b", "'two'")], "adds[1-two]"),
        ("adds (1)", [parameter("a", "1")], "adds (1)"),
        ("adds[1]", [parameter("a", "2")], "adds[1] [a=2]"),
        ("step 1", [parameter("a", "1")], "step 1 [a=1]"),
        ("adds", [parameter("a", "1", excluded=True)], "adds"),
        ("adds", [parameter("a", "1", mode="hidden"), parameter("b", "2", mode="default")], "adds [a, b=2]"),
        ("adds", [parameter("a", None), parameter("b", 2), parameter("c", True)], "adds [a, b=2, c=true]"),
        ("adds", [parameter("a", "<Rates object at 0x7f3a2c0d1e90>")], "adds [a=<Rates object at 0x…>]"),
        ("adds", ["a", None, {}, {"name": ["a"]}], "adds"),
        ("adds", {"a": 1}, "adds"),
    ],
)
def test_parameters_are_part_of_the_name_unless_it_shows_them(name: str, parameters: object, shown: str) -> None:
    assert result(name=name, parameters=parameters).name == shown


def test_long_parameters_are_cut_but_stay_different() -> None:
    one, other = (result(parameters=[parameter("text", "long " * 200 + end)]).name for end in ("a", "b"))
    assert one != other
    assert one[:200] == other[:200]
    assert len(one) < 300


def test_a_masked_value_is_nowhere_but_its_name_is_shown() -> None:
    found = result(
        name="logs in[tulips-77]",
        status="failed",
        parameters=[parameter("phrase", "'tulips-77'", mode="MASKED")],
        statusDetails={"message": "tulips-77 is wrong", "trace": "phrase = tulips-77"},
        steps=[{"name": "type tulips-77", "status": "failed"}],
    )
    assert "tulips-77" not in repr(found)
    assert found.name == "logs in[‹masked›] [phrase]"
    assert found.message == "‹masked› is wrong"


def test_a_failure_shows_trace_failed_step_and_attachments_by_name_only() -> None:
    steps = [
        {"name": "open", "status": "passed", "attachments": [{"name": "page", "source": "p.html"}]},
        {"name": "pay", "status": "failed", "steps": [{"name": "send", "status": "broken"}, {"name": "wait"}]},
        {"name": "leave", "status": "failed"},
    ]
    attachments = [{"name": "log", "type": "text/plain", "source": "../../etc/passwd"}, 7]
    details = {"message": "no", "trace": "at line 3\n", "flaky": True, "expected": "1", "actual": "2"}
    found = result(status="failed", statusDetails=details, steps=steps, attachments=attachments)
    assert found.trace.splitlines() == [
        *("at line 3", "--- expected ---", "1", "--- actual ---", "2"),
        *("--- failed steps ---", "pay > send", "leave", "--- marked ---", "flaky"),
        *("--- attachments ---", "- log (text/plain): ../../etc/passwd", "- page (unknown type): p.html"),
    ]


@pytest.mark.parametrize(
    ("fields", "kind", "message"),
    [
        ({"statusDetails": {"message": "ValueError: no rate"}}, "ValueError", "no rate"),
        (
            {"statusDetails": {"trace": "java.lang.AssertionError: 1\n\tat a.B.c(B.java:1)"}},
            "java.lang.AssertionError",
            "",
        ),
        ({"steps": [{"status": "failed", "statusDetails": {"message": "inner"}}]}, "", "inner"),
        ({"steps": [{"name": "pay", "status": "failed"}]}, "", "no message; this step failed: pay"),
        ({"attachments": [{"name": "log"}]}, "", "no message was recorded"),
    ],
)
def test_a_failure_always_says_something(fields: dict[str, object], kind: str, message: str) -> None:
    found = result(status="failed", **fields)
    assert (found.kind, found.message) == (kind, message or found.message)
    assert found.message


def test_a_skipped_case_says_why_and_a_passed_one_nothing() -> None:
    details = {"message": "no vouchers", "trace": "Skipped: no vouchers"}
    assert (result(status="skipped", statusDetails=details).message, result(statusDetails=details).message) == (
        "no vouchers",
        "",
    )


@pytest.mark.parametrize(
    ("name", "fields", "taken"),
    [
        ("x.json", {"uuid": "u", "name": "n", "start": 1, "stop": 2, "historyId": "h"}, True),
        ("x.json", {"uuid": "u", "name": "n", "start": 1, "stop": 2, "status": "passed"}, True),
        ("x.json", {"name": "n", "status": "passed"}, False),
        ("x-result.json", {"name": "n", "status": "passed"}, True),
        ("x-result.json", {"name": "n", "version": 1}, False),
        ("x-result.json", {"name": "n", "status": "passed", "tests": []}, False),
        ("x-result.json", {"uuid": "u", "name": "n", "children": []}, False),
        ("x-result.json", ["n"], False),
    ],
)
def test_a_result_is_known_by_its_fields_and_fewer_when_named_like_one(
    name: str, fields: object, *, taken: bool
) -> None:
    assert bool(allure_result.recognises(artifact(name, json.dumps(fields)))) is taken


@pytest.mark.parametrize("kind", ["result", "container"])
@pytest.mark.parametrize("data", ["", '{"uuid": "u", "name'])
def test_a_cut_file_of_an_unmistakable_name_is_taken_and_refused(kind: str, data: str) -> None:
    reader = {"result": allure_result, "container": allure_container}[kind]
    file = artifact(f"5f1c0a52-0d3e-4a0b-9a55-7d0b6a0f1e01-{kind}.json", data)
    assert reader.recognises(file)
    with pytest.raises(UnreadableError):
        reader.read(file)
    assert not reader.recognises(artifact(f"lint-{kind}.json", data))


@pytest.mark.parametrize("data", ["[]", "{}", '{"name": " ", "status": "passed"}', "7"])
def test_a_document_that_names_no_case_is_refused(data: str) -> None:
    with pytest.raises(UnreadableError):
        allure_result.read(artifact("x-result.json", data))


def test_fixtures_that_failed_are_one_warning_and_no_result() -> None:
    bad = [{"name": f"fixture {place}", "status": "broken"} for place in range(7)]
    container = {"uuid": "c", "children": ["u"], "befores": [*bad, {"name": "fine", "status": "passed"}, 3]}
    reading = allure_container.read(artifact("c-container.json", json.dumps(container)))
    (problem,) = reading.problems
    assert problem.message.startswith("7 fixtures failed: before `fixture 0`; ")
    assert problem.message.endswith(" and 2 more")
    assert (reading.results, reading.counts) == ((), None)


@pytest.mark.parametrize(
    ("name", "fields", "taken"),
    [
        ("x.json", {"uuid": "c", "children": [], "befores": []}, True),
        ("x.json", {"uuid": "c", "children": []}, False),
        ("x-container.json", {"uuid": "c", "children": []}, True),
        ("suites.json", {"uid": "c", "name": "suites", "children": []}, False),
    ],
)
def test_a_container_has_children_and_fixtures(name: str, fields: object, *, taken: bool) -> None:
    assert bool(allure_container.recognises(artifact(name, json.dumps(fields)))) is taken


def test_labels_of_an_allure_1_suite_hold_for_its_cases() -> None:
    own = '<test-case status="passed"><name>a</name><labels><label name="testClass" value="Own"/></labels></test-case>'
    text = suite_xml(
        own, '<test-case status="passed"><name>b</name></test-case>', labels='<label name="testClass" value="Basket1"/>'
    )
    results = allure1.read(artifact("x-testsuite.xml", text)).results
    assert [(found.suite, found.classname) for found in results] == [("Basket", "Own"), ("Basket", "Basket1")]


def test_parameters_of_the_environment_are_no_part_of_an_allure_1_name() -> None:
    kinds = ("argument", "system-property", "environment-variable")
    inner = "".join(f'<parameter name="{kind[0]}" value="1" kind="{kind}"/>' for kind in kinds)
    text = suite_xml(
        f'<test-case status="passed"><name>t</name><parameters>{inner}<parameter/></parameters></test-case>'
    )
    assert allure1.read(artifact("x.xml", text)).results[0].name == "t [a=1]"


@pytest.mark.parametrize("status", ["canceled", "pending", "skipped"])
def test_allure_1_has_more_words_for_skipped(status: str) -> None:
    reading = allure1.read(artifact("x.xml", suite_xml(f'<test-case status="{status}"><name>t</name></test-case>')))
    assert reading.results[0].status is Status.SKIPPED


def test_an_empty_allure_1_suite_is_a_warning() -> None:
    reading = allure1.read(artifact("x.xml", suite_xml()))
    assert [problem.message for problem in reading.problems] == ["holds no test case"]


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        (suite_xml(), True),
        ('<a:test-suite xmlns:a="urn:model.allure.qatools.yandex.ru"/>', True),
        ('<test-suite type="Assembly"><test-case name="t"/></test-suite>', False),
        ("<test-results><test-suite><test-cases/></test-suite></test-results>", False),
        ("test-suite", False),
    ],
)
def test_suites_of_nunit_are_left_to_others(text: str, *, taken: bool) -> None:
    assert bool(allure1.recognises(artifact("x.xml", text))) is taken


def test_a_line_of_the_history_is_a_run_with_the_names_of_single_results() -> None:
    case = document(labels=labels(parentSuite="web", suite="shop", testClass="Basket"), status="failed")
    case |= {"message": "ValueError: no rate", "trace": "at line 3", "duration": 750}
    (past,) = history(run("r1", {"h": case}, url="https://ci.example/1")).past
    (found,) = past.results
    assert (past.run_id, past.started_at.isoformat(), past.url) == (
        *("r1", "2026-01-02T10:00:00+00:00"),
        "https://ci.example/1",
    )
    alone = result(labels=case["labels"], status="failed")
    assert found.identity == alone.identity
    assert (found.status, found.duration_s, found.message, found.trace) == (Status.FAILED, 0.75, "no rate", "at line 3")


def test_tests_of_one_name_are_numbered_by_history_id_in_every_run() -> None:
    one, two = document(status="passed"), document(status="failed")
    first, second = history(run("r1", {"a": one, "b": two}), run("r2", {"b": two, "a": one})).past
    assert [(found.name, found.status) for found in first.results] == [
        ("adds a book", Status.PASSED),
        ("adds a book #2", Status.FAILED),
    ]
    assert first.results == second.results


@pytest.mark.parametrize("bad", [run("r", []), run("r", {}, "soon"), run("r", {}, 12), run("r1", {}), [1], {"a": 1}])
def test_a_line_that_holds_no_run_is_left_out_and_said(bad: object) -> None:
    reading = history(run("r1", {"h": document()}), bad)
    assert [past.run_id for past in reading.past] == ["r1"]
    assert ["a line is left out: line 2" in problem.message for problem in reading.problems] == [True]


def test_runs_longer_than_a_usual_line_are_read() -> None:
    case = document(labels=labels(suite="shop"), trace="x" * 400)
    reading = history(run("r1", {f"{place:05}": case | {"name": f"t{place}"} for place in range(2500)}))
    assert [len(past.results) for past in reading.past] == [2500]


def test_an_address_that_is_no_web_address_is_not_kept() -> None:
    (past,) = history(run("r1", {}, url="javascript:alert(1)")).past
    assert not past.url


def test_runs_that_share_their_name_are_told_apart_by_time() -> None:
    rows = [{"name": "nightly", "timestamp": START + place, "testResults": {}} for place in (0, 0, 1000)]
    ids = [past.run_id for past in history(*rows).past]
    assert ids == ["nightly", "nightly 2026-01-02T10:00:01+00:00"]


def test_a_history_without_any_run_is_refused() -> None:
    with pytest.raises(UnreadableError, match="no line holds a run"):
        allure_history.read(artifact("history.jsonl", '{"uuid": "r1", "knownTestCaseIds": [\n'))


@pytest.mark.parametrize("reader", [allure_result, allure_container, allure1, allure_history])
def test_files_of_others_and_files_that_may_not_be_read_are_not_taken(reader: type[object]) -> None:
    recognises = getattr(reader, "recognises")  # noqa: B009  a module seen as a value
    for file in (unreadable("x.json"), artifact("a.jsonl", '{"testResults": []}\n'), artifact("a.json", "[1]")):
        assert recognises(file) == ""


@given(fields=OBJECTS)
@settings(max_examples=120, deadline=None)
def test_any_values_in_known_fields_are_read_or_refused_politely(fields: dict[str, object]) -> None:
    case = json.dumps(document(**fields))
    row = json.dumps(run("r1", {"h": {**document(), **fields}}) | fields)
    for reader, name, text in (
        (allure_result, "0-result.json", case),
        (allure_container, "0-container.json", case),
        (allure_history, "history.jsonl", row),
    ):
        file = artifact(name, text)
        reader.recognises(file)
        try:
            reading = reader.read(file)
        except UnreadableError:
            continue
        assert len(reading.results) == (reader is allure_result)
