"""Run against run: every pair of outcomes has its word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.analysis import analyse, prepare
from generator.config import Settings
from generator.findings import ChangeKind, Comparison, DiffStatus
from tests.builders import case, part, snapshot, target, targets, unit

if TYPE_CHECKING:
    from generator.records import Part, RunUnit, TestResult


def compared(*units: RunUnit) -> Comparison:
    prepared = prepare(snapshot(*units), Settings())
    return analyse(prepared, prepared.runs[-1].label, base=None, settings=Settings()).comparison


def nights(*outcomes: str, parts: list[Part] | None = None) -> Comparison:
    """One test, `x`, a night each: a status, or a message of a failure after a colon, or `absent`."""
    units = []
    for day, word in enumerate(outcomes, 1):
        status, _, message = word.partition(":")
        results: list[TestResult] = [case("other")]
        if status != "absent":
            results.append(case("x", status, message=message))
        units.append(unit(str(day), day, results, parts=parts if day == len(outcomes) else None))
    return compared(*units)


def kind(found: Comparison) -> ChangeKind:
    words = [change.kind for change in found.changes if change.test.name == "x"]
    return words[0] if words else ChangeKind.STABLE


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("passed", "failed", "new_failure"),
        ("passed", "error", "new_failure"),
        ("failed", "failed", "still_failing"),
        ("failed", "error", "still_failing"),
        ("error", "failed", "still_failing"),
        ("failed", "passed", "fixed"),
        ("error", "passed", "fixed"),
        ("passed", "passed", "stable"),
        ("absent", "failed", "new_test_failing"),
        ("absent", "passed", "new_test"),
        ("passed", "absent", "missing"),
        ("failed", "absent", "missing"),
        ("skipped", "absent", "missing"),
        ("passed", "skipped", "skipped"),
        ("failed", "skipped", "skipped"),
        ("absent", "skipped", "skipped"),
        ("skipped", "skipped", "stable"),
        ("skipped", "passed", "unskipped"),
        ("skipped", "failed", "new_test_failing"),
        ("passed", "not_run", "not_run"),
        ("failed", "not_run", "not_run"),
        ("absent", "not_run", "not_run"),
        ("not_run", "passed", "stable"),
        ("not_run", "absent", "stable"),
    ],
)
def test_each_pair_of_outcomes_has_its_word(before: str, after: str, expected: str) -> None:
    found = nights(before, after)
    assert kind(found) == expected
    for change in found.changes:
        if change.test.name == "x":
            assert (change.before, change.after) == (before, after)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (("failed", "skipped", "failed"), "still_failing"),
        (("passed", "skipped", "failed"), "new_failure"),
        (("failed", "skipped", "passed"), "fixed"),
        (("passed", "skipped", "passed"), "unskipped"),
        (("failed", "not_run", "failed"), "still_failing"),
        (("failed", "not_run", "passed"), "fixed"),
        (("failed", "skipped", "skipped"), "stable"),
    ],
)
def test_a_skip_neither_opens_nor_closes_a_failure(outcomes: tuple[str, ...], expected: str) -> None:
    assert kind(nights(*outcomes)) == expected


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (("failed", "absent", "failed"), "still_failing"),
        (("passed", "absent", "failed"), "new_failure"),
        (("failed", "absent", "passed"), "fixed"),
        (("passed", "absent", "passed"), "stable"),
    ],
)
def test_a_case_that_was_only_away_is_no_new_test(outcomes: tuple[str, ...], expected: str) -> None:
    assert kind(nights(*outcomes)) == expected


def test_the_same_failure_with_another_cause_is_marked() -> None:
    same, other = nights("failed:boom 1", "failed:boom 2"), nights("failed:boom", "failed:bang")
    assert not same.changes[0].signature_changed
    assert other.changes[0].signature_changed


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        ({"suite:a": 0}, {"suite:a": 101}, "regression"),
        ({"suite:b": 0}, {"suite:b": 0, "suite:a": 101}, "regression"),
        ({"suite:a": 101}, {"suite:a": 101}, "known_failures_only"),
        ({"suite:a": 101}, {"suite:a": 0}, "stable"),
        ({"suite:a": 0, "suite:b": 0}, {"suite:a": 0}, "stable"),
        ({"suite:a": 0}, {"suite:a": None}, "incomplete_mirroring"),
        ({"lib:lib": 0}, {"lib:lib": 101}, "regression"),
    ],
)
def test_the_status_follows_from_the_changes(
    before: dict[str, int | None], after: dict[str, int | None], status: str
) -> None:
    assert compared(unit("1", 1, targets(before)), unit("2", 2, targets(after))).status == status


def test_a_suite_that_fails_otherwise_is_a_semantic_mismatch_and_a_unit_is_not() -> None:
    def night(day: int, message: str, key: str) -> RunUnit:
        return unit(str(day), day, [target(key, 101, message=message, file="src/a.rs", line=3)])

    assert compared(night(1, "one", "suite:a"), night(2, "two", "suite:a")).status is DiffStatus.SEMANTIC_MISMATCH
    assert compared(night(1, "one", "unit:a"), night(2, "two", "unit:a")).status is DiffStatus.KNOWN_FAILURES_ONLY


def test_targets_get_the_severity_of_the_contract_and_rank_by_score_surface_and_name() -> None:
    before = {"suite:a": 0, "unit:a": 0, "suite:z": 101, "suite:f": 101, "unit:gone": 0, "suite:ok": 0, "lib:lib": 0}
    after = {"suite:a": 1, "unit:a": 1, "suite:z": 101, "suite:f": 0, "unit:fresh": 1, "suite:add": 0, "suite:ok": 0}
    found = compared(unit("1", 1, targets(before)), unit("2", 2, targets(after | {"lib:lib": 101})))
    ranked = {change.test.key: (change.severity, change.priority_score, change.rank) for change in found.changes}
    assert ranked == {
        "suite:a": ("regression", 100, 1),
        "unit:a": ("regression", 100, 2),
        "unit:fresh": ("new_failure", 90, 3),
        "suite:z": ("unresolved_failure", 70, 4),
        "suite:f": ("fixed", 40, 5),
        "unit:gone": ("removed", 30, 6),
        "suite:add": ("added_pass", 20, 7),
        "lib:lib": ("", 0, 0),
    }
    assert found.stable == 1


def test_changes_stand_in_the_order_of_what_needs_action() -> None:
    before = [case(name, status) for name, status in (("new", "passed"), ("still", "failed"), ("fix", "failed"))]
    before += [case("gone"), case("skip"), case("aa")]
    after = [case(name, status) for name, status in (("new", "failed"), ("still", "failed"), ("fix", "passed"))]
    after += [case("skip", "skipped"), case("added"), case("aa", "failed"), case("fresh", "failed")]
    found = compared(unit("1", 1, before), unit("2", 2, after))
    assert [change.test.name for change in found.changes] == [
        "aa",
        "fresh",
        "new",
        "still",
        "fix",
        "gone",
        "added",
        "skip",
    ]
    assert found.of(ChangeKind.NEW_FAILURE, ChangeKind.NEW_TEST_FAILING) == found.changes[:3]


def test_changes_name_the_failure_they_lead_to() -> None:
    found = nights("passed", "failed")
    assert found.changes[0].failure_id.startswith("f-")
    assert nights("failed", "passed").changes[0].failure_id == ""


def test_what_a_rerun_did_not_repeat_is_not_missing() -> None:
    first = unit("1", 1, targets({"suite:a": 101, "suite:b": 0, "unit:c": 0}))
    again = unit("2", 2, targets({"suite:a": 101}), parts=[part(rerun_from="/x/1/summary.json")])
    found = compared(first, again)
    assert [change.kind for change in found.changes] == [ChangeKind.STILL_FAILING]
    assert "2 other tests of the baseline are left out" in found.base_reason


def test_a_run_without_a_report_says_so_instead_of_listing_every_case() -> None:
    first = unit("1", 1, [*targets({"suite:a": 0, "suite:b": 0}), case("x"), case("y")])
    found = compared(first, unit("2", 2, targets({"suite:a": 0})))
    assert [change.test.key for change in found.changes] == ["suite:b"]
    assert "no test report, so the 2 cases of the baseline are left out" in found.base_reason


def test_a_target_away_in_an_incomplete_baseline_is_judged_by_the_run_before() -> None:
    whole = targets({"suite:a": 101, "suite:b": 0, "suite:c": 0})
    broken = [part("unsharded"), part("other", state="killed")]
    found = compared(
        unit("1", 1, whole),
        unit("2", 2, targets({"suite:c": 0}), parts=broken),
        unit("3", 3, targets({"suite:a": 101, "suite:b": 101, "suite:c": 0, "suite:d": 101})),
    )
    words = {change.test.name: change.kind.value for change in found.changes}
    assert words == {"a": "still_failing", "b": "new_failure", "d": "new_test_failing"}


def test_without_a_baseline_nothing_is_compared() -> None:
    found = compared(unit("1", 1, [case("x", "failed")]))
    assert (found.status, found.changes, found.stable, found.base) == (DiffStatus.NO_BASELINE, (), 0, None)
