"""Cucumber JSON: the worst of steps and hooks counts, and rows of an outline are kept apart from attempts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import cucumber_json
from tests.readers.in_memory import artifact
from tests.readers.loose_json import read, survives, told, values

FIELDS = (
    *("uri", "location", "keyword", "name", "elements", "type", "id", "line", "steps", "result", "status", "duration"),
    *("error_message", "before", "after", "match", "hidden", "start_timestamp", "tags"),
)
ANY = values(FIELDS, ["passed", "failed", "pending", "background", "a.feature:3", "a;b;;2", "Before"])
Object = dict[str, object]


def step(status: str | None, **fields: object) -> Object:
    found: Object = {"keyword": "Given ", "name": "tea"} | fields
    return found if status is None else found | {"result": {"status": status, "duration": 2000000}}


def scenario(*words: str | None, **fields: object) -> Object:
    return {"type": "scenario", "name": "pours", "id": "tea;pours", "line": 3, "steps": [*map(step, words)]} | fields


def features(*elements: Object, **fields: object) -> list[Object]:
    found: Object = {"uri": "features/tea.feature", "keyword": "Feature", "name": "Tea", "elements": [*elements]}
    return [found | fields]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("passed", "passed"), "passed"),
        (("passed", "PASSED"), "passed"),
        (("passed", "failed", "skipped"), "failed"),
        (("undefined", "failed"), "failed"),
        (("passed", "undefined", "skipped"), "error"),
        (("ambiguous",), "error"),
        (("unknown",), "error"),
        (("exploded",), "error"),
        (("passed", "pending", "skipped"), "skipped"),
        (("skipped", "skipped"), "skipped"),
        ((None, None), "skipped"),
        (("passed", None), "error"),
        ((), "skipped"),
    ],
)
def test_the_worst_step_counts(words: tuple[str | None, ...], status: str) -> None:
    assert told(read(cucumber_json, features(scenario(*words)))) == [("pours", status)]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"before": [{"result": {"status": "failed"}}]}, "error"),
        ({"after": [{"result": {"status": "passed"}}]}, "passed"),
        ({"steps": [step("passed", after=[{"result": {"status": "failed"}}])]}, "error"),
        ({"steps": [step("failed", keyword="Before", hidden=True), step("skipped")]}, "error"),
        ({"steps": [step("failed"), step("failed", keyword="After", hidden=True)]}, "failed"),
        ({"steps": [step("passed", keyword="Before", name="", hidden=True)]}, "skipped"),
        ({"status": "failed"}, "error"),
        ({"status": "hook_error"}, "error"),
        ({"status": "passed", "steps": [step("passed"), step(None)]}, "passed"),
    ],
)
def test_what_broke_around_the_steps_is_an_error(fields: Object, status: str) -> None:
    assert told(read(cucumber_json, features(scenario("passed") | fields))) == [("pours", status)]


def test_a_background_that_failed_fails_the_scenario_after_it_alone() -> None:
    background: Object = {"type": "background", "steps": [step("failed")]}
    reading = read(cucumber_json, features(background, scenario("skipped"), scenario("passed", name="cools", line=9)))
    assert told(reading) == [("pours", "failed"), ("cools", "passed")]


def test_a_scenario_of_one_line_that_comes_again_is_an_attempt() -> None:
    (result,) = read(cucumber_json, features(scenario("failed"), scenario("passed"))).results
    assert result.flaky


@pytest.mark.parametrize(
    ("ids", "names"),
    [
        (("tea;pours", "tea;pours"), ["pours (example 1)", "pours (example 2)"]),
        (("tea;pours;;2", "tea;pours;;3"), ["pours (example 1)", "pours (example 2)"]),
        (("tea;pours;;4", "tea;pours;;3"), ["pours (example 3)", "pours (example 2)"]),
        (("tea;pours;cups;2", "tea;pours;tins;2"), ["pours (cups, example 1)", "pours (tins, example 1)"]),
        (("tea;pours;;2", "tea;pours;;2"), ["pours (example 1)", "pours (example 2)"]),
        (("test_pours[1-2]", "test_pours[2-2]"), ["pours [1-2]", "pours [2-2]"]),
    ],
)
def test_rows_of_an_outline_are_tests_of_their_own(ids: tuple[str, str], names: list[str]) -> None:
    rows = [
        scenario(word, id=one, line=7 + at)
        for at, (one, word) in enumerate(zip(ids, ("failed", "passed"), strict=True))
    ]
    reading = read(cucumber_json, features(*rows))
    assert [result.name for result in reading.results] == names


def test_the_name_of_a_row_does_not_depend_on_the_rows_beside_it() -> None:
    (alone,) = read(cucumber_json, features(scenario("passed", id="tea;pours;;3"))).results
    assert alone.name == "pours (example 2)"


def test_durations_are_nanoseconds_and_in_files_of_behave_seconds() -> None:
    assert read(cucumber_json, features(scenario("passed", "passed"))).results[0].duration_s == 0.004
    of_behave = {"keyword": "Given", "name": "tea", "result": {"status": "passed", "duration": 1.5}}
    element = {"name": "pours", "location": "features/tea.feature:6", "status": "passed", "steps": [of_behave]}
    document = [{"keyword": "Feature", "name": "Tea", "location": "features/tea.feature:1", "elements": [element]}]
    (result,) = read(cucumber_json, document).results
    assert (result.suite, result.line, result.duration_s) == ("features/tea.feature", 6, 1.5)


def test_the_trace_names_the_step_that_failed() -> None:
    failed = step("failed", name="the tea is hot")
    failed["result"] = {"status": "failed", "error_message": ["Error: 20 degrees", "    at a (b.js:1:2)"]}
    (result,) = read(cucumber_json, features(scenario(steps=[step("passed"), failed]))).results
    assert (result.kind, result.message) == ("Error", "20 degrees")
    assert result.trace == "Given the tea is hot\nError: 20 degrees\n    at a (b.js:1:2)"


def test_the_run_began_with_its_first_scenario() -> None:
    stamps = ("2026-01-02T03:04:06.120Z", "2026-01-02T03:04:05.000Z")
    elements = [scenario("passed", line=line, start_timestamp=stamp) for line, stamp in enumerate(stamps)]
    assert read(cucumber_json, features(*elements)).started_at == "2026-01-02T03:04:05Z"


def test_a_report_without_features_is_known_by_its_name_and_holds_no_tests() -> None:
    assert read(cucumber_json, [], "cucumber.json").results == ()
    assert not cucumber_json.recognises(artifact("list.json", "[]"))


@pytest.mark.parametrize("document", ["{}", "7", "", '[{"keyword": "Feature"'])
def test_other_documents_are_refused(document: str) -> None:
    with pytest.raises(UnreadableError):
        cucumber_json.read(artifact("cucumber.json", document))


@given(
    elements=st.lists(st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=8) | ANY, max_size=4),
    feature=st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=4),
    steps=st.lists(st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=5), max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_any_values_are_read_or_refused(elements: list[object], feature: Object, steps: list[Object]) -> None:
    survives(cucumber_json, [{"elements": [*elements, {"name": "a", "steps": steps}]}, feature, elements])
