"""RSpec's JSON: examples, and what broke outside of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import rspec_json
from tests.readers.in_memory import artifact
from tests.readers.loose_json import read, survives, told, values

FIELDS = (
    *("examples", "summary", "summary_line", "messages", "id", "description", "full_description", "status", "run_time"),
    *("file_path", "line_number", "pending_message", "exception", "class", "message", "backtrace", "example_count"),
    *("failure_count", "pending_count", "errors_outside_of_examples_count"),
)
ANY = values(FIELDS, ["passed", "failed", "pending", "./spec/a_spec.rb[1:2]"])
Object = dict[str, object]


def example(status: str = "passed", number: int = 1, **fields: object) -> Object:
    found: Object = {"id": f"./spec/tea_spec.rb[1:{number}]", "description": "pours", "full_description": "Tea pours"}
    return found | {"status": status, "file_path": "./spec/tea_spec.rb"} | fields


def report(*examples: Object, **fields: object) -> Object:
    return {"examples": list(examples), "summary": {"example_count": len(examples)}} | fields


@pytest.mark.parametrize(
    ("word", "status"), [("passed", "passed"), ("failed", "failed"), ("pending", "skipped"), ("limbo", "error")]
)
def test_only_the_word_passed_is_passed(word: str, status: str) -> None:
    assert told(read(rspec_json, report(example(word)))) == [("pours", status)]


def test_the_class_of_an_example_is_what_its_groups_say() -> None:
    (result,) = read(rspec_json, report(example())).results
    assert (result.suite, result.classname, result.name) == ("spec/tea_spec.rb", "Tea", "pours")


def test_a_shared_example_belongs_to_the_file_that_uses_it() -> None:
    (result,) = read(rspec_json, report(example(file_path="./spec/support/hot.rb", line_number=4))).results
    assert (result.suite, result.file, result.line) == ("spec/tea_spec.rb", "spec/support/hot.rb", 4)


def test_examples_of_one_name_with_other_ids_are_different_tests() -> None:
    reading = read(rspec_json, report(example("failed", 1), example("passed", 2), example("passed", 3)))
    assert told(reading) == [("pours", "failed"), ("pours #2", "passed"), ("pours #3", "passed")]


def test_one_id_that_comes_again_is_an_attempt() -> None:
    (result,) = read(rspec_json, report(example("failed"), example("passed"))).results
    assert result.flaky


def test_examples_without_ids_are_different_tests() -> None:
    reading = read(rspec_json, report(*(example(word, id=None) for word in ("failed", "passed", "passed"))))
    assert told(reading) == [("pours", "failed"), ("pours #2", "passed"), ("pours #3", "passed")]


def test_the_exception_tells_type_message_and_backtrace() -> None:
    exception = {"class": "KeyError", "message": "\nno tea", "backtrace": ["./spec/tea_spec.rb:3", "./lib/tea.rb:9"]}
    (result,) = read(rspec_json, report(example("failed", exception=exception))).results
    assert (result.kind, result.message) == ("KeyError", "no tea")
    assert result.trace == "no tea\n\n./spec/tea_spec.rb:3\n./lib/tea.rb:9"


def test_what_broke_outside_of_examples_is_one_error_and_the_totals_agree() -> None:
    summary = {"example_count": 0, "failure_count": 0, "pending_count": 0, "errors_outside_of_examples_count": 2}
    messages = ["\nAn error occurred while loading ./spec/a_spec.rb.\n\nLoadError: tins", "No examples found."]
    reading = read(rspec_json, report(summary=summary, messages=messages))
    assert told(reading) == [("(outside of examples)", "error")]
    assert reading.results[0].message == "An error occurred while loading ./spec/a_spec.rb."
    assert not reading.problems


def test_a_report_that_is_cut_off_is_known_by_its_name_and_refused() -> None:
    file = artifact("rspec-results.json", b'{"examples": [')
    assert rspec_json.recognises(file)
    with pytest.raises(UnreadableError, match="not JSON"):
        rspec_json.read(file)


def test_another_list_of_examples_is_not_taken() -> None:
    assert not rspec_json.recognises(artifact("openapi.json", '{"examples": [{}], "summary": "how to pour"}'))


@given(examples=st.lists(st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=9) | ANY, max_size=4), top=ANY)
@settings(max_examples=60, deadline=None)
def test_any_values_are_read_or_refused(examples: list[object], top: object) -> None:
    more = top if isinstance(top, dict) else {}
    survives(rspec_json, {"examples": examples, "summary": top} | more)
