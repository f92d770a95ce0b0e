"""The suites of a run and its slowest tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.analysis import suites
from generator.analysis.prepare import prepare
from generator.config import Settings
from generator.findings import Tally
from generator.safety import ids
from tests.builders import attempt, case, part, snapshot, target, targets, unit

if TYPE_CHECKING:
    from generator.analysis.frames import Prepared
    from generator.findings import SuiteFacts
    from generator.records import RunUnit


def history(*units: RunUnit) -> Prepared:
    return prepare(snapshot(*units), Settings())


def build(*units: RunUnit, failures: dict[int, str] | None = None) -> tuple[SuiteFacts, ...]:
    prepared = history(*units)
    return suites.build(prepared, len(prepared.runs) - 1, failures or {})


def test_cases_stand_by_suite_and_targets_alone_failed_first_then_the_slowest() -> None:
    results = [
        case("a", suite="shop", seconds=3),
        case("b", suite="shop", seconds=4),
        case("c", suite="bar", seconds=1),
        target("suite:e2e", 101, seconds=0.1),
        target("unit:geo", 0, seconds=5),
    ]
    found = build(unit("1", 1, results))
    assert [(item.surface, item.name, item.duration_s) for item in found] == [
        ("suite", "e2e", 0.1),
        ("case", "shop", 7.0),
        ("unit", "geo", 5.0),
        ("case", "bar", 1.0),
    ]


def test_a_suite_tallies_its_results() -> None:
    results = [
        case("a"),
        case("b", "failed"),
        case("c", "error"),
        case("d", "skipped"),
        case("e", earlier=[attempt()]),
    ]
    (found,) = build(unit("1", 1, results))
    assert found.tally == Tally(passed=2, failed=1, errors=1, skipped=1, flaky=1)


def test_failures_are_linked_by_test() -> None:
    bad = target("unit:geo", 101)
    (found,) = build(unit("1", 1, [bad]), failures={ids.test_id(*bad.identity): "f-1", 5: "f-2"})
    assert found.failure_ids == ("f-1",)


def test_the_usual_duration_is_the_median_of_up_to_ten_runs_in_which_the_suite_passed() -> None:
    earlier = [unit(str(day), day, [target("unit:geo", 0, seconds=100 if day <= 3 else day)]) for day in range(1, 14)]
    failed = unit("14", 14, [target("unit:geo", 101, seconds=900)])
    (found,) = build(*earlier, failed, unit("15", 15, [target("unit:geo", 0, seconds=7)]))
    assert (found.duration_s, found.previous_duration_s) == (7.0, 8.5)


def test_without_earlier_runs_there_is_no_usual_duration() -> None:
    (found,) = build(unit("1", 1, [target("unit:geo", 0, seconds=None)]))
    assert (found.duration_s, found.previous_duration_s) == (None, None)


def test_runs_of_another_profile_or_of_a_foreign_branch_do_not_count_as_usual() -> None:
    def run(number: int, branch: str, profile: str, seconds: float) -> RunUnit:
        parts = [part(profile=profile)]
        return unit(str(number), number, [target("unit:geo", 0, seconds=seconds)], branch=branch, parts=parts)

    (found,) = build(
        run(1, "main", "full", 10),
        run(2, "main", "quick", 1),
        run(3, "feature/y", "full", 50),
        run(4, "feature/x", "full", 12),
    )
    assert found.previous_duration_s == 10.0


def test_a_target_that_was_not_reached_says_so() -> None:
    found = build(unit("1", 1, targets({"unit:a": 0, "unit:b": None}), parts=[part(state="killed")]))
    assert {item.name: item.note for item in found} == {"a": "", "b": "selected, but the run ended before it"}


def test_counts_that_must_not_be_believed_are_noted_also_on_a_passing_target() -> None:
    (found,) = build(unit("1", 1, [target("unit:geo", 0, odd=["failed without exit code"])]))
    assert "failed without exit code" in found.note


def test_later_runs_change_nothing() -> None:
    units = [unit(str(day), day, [target("unit:geo", 0, seconds=day)]) for day in range(1, 6)]
    assert suites.build(history(*units), 2, {}) == suites.build(history(*units[:3]), 2, {})


def test_the_slowest_tests_are_cases_when_there_are_any_with_their_usual_duration() -> None:
    before = [unit(str(day), day, [case("a", seconds=day), case("b", "failed", seconds=9)]) for day in (1, 2, 3)]
    last = [
        case("a", seconds=4),
        case("b", seconds=8),
        case("c", "skipped", seconds=99),
        target("unit:geo", 0, seconds=50),
    ]
    prepared = history(*before, unit("4", 4, last))
    found = suites.slowest(prepared, 3)
    assert [(item.title, item.duration_s, item.usual_s, item.runs) for item in found] == [
        ("b", 8.0, None, 0),
        ("a", 4.0, 2.0, 3),
    ]


def test_without_cases_the_slowest_are_targets_and_fifteen_at_most() -> None:
    prepared = history(unit("1", 1, [target(f"unit:t{place:02d}", 0, seconds=place) for place in range(20)]))
    found = suites.slowest(prepared, 0)
    assert [item.title for item in found] == [f"t{place:02d}" for place in range(19, 4, -1)]


def test_a_run_without_results_has_neither_suites_nor_slow_tests() -> None:
    prepared = history(unit("1", 1, []))
    assert (suites.build(prepared, 0, {}), suites.slowest(prepared, 0)) == ((), ())
