"""From attempts and shards to one outcome for each test: the frames against a plain count."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.analysis import prepare
from generator.analysis.frames import visible
from generator.config import Settings
from tests.builders import attempt, case, commit, part, snapshot, target, unit

if TYPE_CHECKING:
    from generator.records import RunUnit, TestResult

RANK = {"not_run": 0, "skipped": 1, "passed": 2, "failed": 3, "error": 4}

results = st.lists(
    st.builds(
        lambda name, status, part_name, earlier: case(
            name,
            status,
            part=part_name,
            message="boom" * (status != "passed"),
            earlier=[attempt(word) for word in earlier],
        ),
        st.sampled_from("abc"),
        st.sampled_from(list(RANK)),
        st.sampled_from(["p", "q"]),
        st.lists(st.sampled_from(["failed", "passed"]), max_size=2),
    ),
    max_size=6,
    unique_by=lambda result: (result.name, result.part),
)


def shards(contents: list[list[TestResult]]) -> list[RunUnit]:
    total = len(contents)
    return [
        unit(
            f"r{place}", 1 + place / 100, found, sha=commit(1), parts=[part(f"s{place}", shard=("unit", place, total))]
        )
        for place, found in enumerate(contents)
    ]


@settings(deadline=None, max_examples=60)
@given(st.lists(results, min_size=1, max_size=3))
def test_one_row_a_test_with_the_worst_status_of_all_shards(contents: list[list[TestResult]]) -> None:
    prepared = prepare(snapshot(*shards(contents)), Settings())
    reports: dict[str, list[TestResult]] = defaultdict(list)
    for result in (result for found in contents for result in found):
        reports[result.name].append(result)
    assert len(prepared.runs) == 1
    rows = prepared.rows(0)
    refs = prepared.tests(rows["test_id"].tolist())
    assert rows["test_id"].is_monotonic_increasing
    assert {refs[test_id].name for test_id in rows["test_id"]} == set(reports)
    for row in rows.to_dict("records"):
        own = reports[refs[row["test_id"]].name]
        worst = max(own, key=lambda result: RANK[result.status.value])
        assert row["status"] == worst.status.value
        assert row["repeated"] == len(own) - 1
        assert bool(row["signature"]) == worst.status.bad
        if any(result.flaky for result in own) and worst.status.value == "passed":
            assert row["flaky"]
        if worst.status.value != "passed":
            assert not row["flaky"]


def test_a_test_that_failed_and_then_passed_is_flaky_and_passed() -> None:
    prepared = prepare(snapshot(unit("1", 1, [case("a", earlier=[attempt(), attempt()])])), Settings())
    (row,) = prepared.outcomes.to_dict("records")
    assert (row["status"], row["flaky"], row["attempt"]) == ("passed", True, 2)


def test_a_skip_before_a_pass_is_no_retry() -> None:
    prepared = prepare(snapshot(unit("1", 1, [case("a", earlier=[attempt("skipped")])])), Settings())
    assert not prepared.outcomes["flaky"].any()


def test_the_details_are_those_of_final_failures_only() -> None:
    results = [
        case("a", "failed", message="KeyError: 'x'", earlier=[attempt(message="first")]),
        case("b", earlier=[attempt(message="retried")]),
    ]
    prepared = prepare(snapshot(unit("1", 1, results)), Settings())
    assert prepared.details["message"].tolist() == ["KeyError: 'x'"]
    assert prepared.details["fingerprint"].tolist() == ["KeyError | 'x' | "]


def test_what_is_visible_ends_with_the_run() -> None:
    prepared = prepare(snapshot(unit("1", 1, [case("a")]), unit("2", 2, [case("a"), case("b")])), Settings())
    assert len(visible(prepared, 0)) == 1
    assert len(visible(prepared, 1)) == 3


def test_targets_without_a_place_do_not_share_a_signature() -> None:
    said = "The target ended with exit code 101."
    results = [target(f"unit:{name}", 101, kind="exit 101", message=said) for name in "ab"]
    prepared = prepare(snapshot(unit("1", 1, results), unit("2", 2, results)), Settings())
    signatures = prepared.outcomes["signature"].tolist()
    assert signatures[0] != signatures[1]
    assert signatures[:2] == signatures[2:]


def test_cases_with_one_message_share_a_signature() -> None:
    results = [case(name, "failed", message=f"order {number} is gone") for number, name in enumerate("ab")]
    prepared = prepare(snapshot(unit("1", 1, results)), Settings())
    assert prepared.outcomes["signature"].nunique() == 1


def test_cases_that_say_nothing_do_not_share_a_signature() -> None:
    prepared = prepare(snapshot(unit("1", 1, [case("a", "failed"), case("b", "failed")])), Settings())
    assert prepared.outcomes["signature"].nunique() == 2
