"""Logical runs: what belongs together, what it is called, and how much of it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.analysis import Prepared, prepare, resolve
from generator.config import AnalysisSettings, Settings
from generator.errors import UsageError
from generator.findings import RunFacts, RunState
from generator.safety.ids import is_key
from tests.builders import attempt, case, commit, part, snapshot, target, targets, unit

if TYPE_CHECKING:
    from generator.records import RunUnit


def history(*units: RunUnit, window: int = 180) -> Prepared:
    return prepare(snapshot(*units), Settings(analysis=AnalysisSettings(shard_window_minutes=window)))


def only(*units: RunUnit) -> RunFacts:
    (run,) = history(*units).runs
    return run


def shard(index: int, total: int = 2, *, day: float = 1.0, run_id: str = "", **more: str) -> RunUnit:
    name = f"suite-{index}-of-{total}"
    parts = [part(name, shard=("suite", index, total), profile=more.pop("profile", "full"))]
    results = [target(f"suite:e2e_{index}", part=name)]
    return unit(run_id or name, day, results, parts=parts, sha=more.pop("sha", commit(1)), **more)  # type: ignore[arg-type]  # texts


def labels(*units: RunUnit) -> list[str]:
    return [run.label for run in history(*units).runs]


# --- shards ----------------------------------------------------------------------------------------------------------


def test_shards_that_were_uploaded_apart_are_one_run() -> None:
    run = only(shard(0), shard(1, day=1.05))
    assert run.label == "20260301T020000Z-suite-of-2"
    assert len(run.unit_ids) == 2
    assert run.completeness.whole
    assert (run.completeness.present, run.completeness.expected) == (2, 2)
    assert run.state is RunState.COMPLETE
    assert run.targets.passed == 2


def test_a_lone_shard_is_called_as_it_will_be_when_the_others_come() -> None:
    run = only(shard(0))
    assert run.label == "20260301T020000Z-suite-of-2"
    assert run.completeness.missing == ("suite-1-of-2",)
    assert run.state is RunState.INCOMPLETE


@pytest.mark.parametrize(
    ("difference", "why"),
    [
        ({"sha": commit(2)}, "another commit"),
        ({"branch": "topic"}, "another branch"),
        ({"workflow": "nightly"}, "another workflow"),
        ({"repository": "other"}, "another repository"),
        ({"profile": "quick"}, "another profile"),
        ({"sha": ""}, "an unknown commit"),
    ],
)
def test_shards_of_different_runs_stay_apart(difference: dict[str, str], why: str) -> None:
    assert len(history(shard(0), shard(1, **difference)).runs) == 2, why  # type: ignore[arg-type]  # texts


def test_a_shard_of_another_total_stays_apart() -> None:
    assert len(history(shard(0, 2), shard(1, 3)).runs) == 2


def test_shards_further_apart_than_the_window_stay_apart() -> None:
    minute = 1 / 1440
    assert len(history(shard(0), shard(1, day=1 + 60 * minute), window=60).runs) == 1
    assert len(history(shard(0), shard(1, day=1 + 61 * minute), window=60).runs) == 2


def test_a_shard_that_ran_again_begins_another_run() -> None:
    runs = history(shard(0), shard(1, day=1.01), shard(0, day=1.02, run_id="again")).runs
    assert [len(run.unit_ids) for run in runs] == [2, 1]
    assert [run.state for run in runs] == [RunState.COMPLETE, RunState.INCOMPLETE]


def test_shards_in_one_upload_are_counted_like_shards_apart() -> None:
    parts = [part(f"integration-{index}", shard=("both", index, 3)) for index in (0, 2)]
    run = only(unit("7", 1, [target("unit:a", part="integration-0")], parts=parts))
    assert run.completeness.missing == ("integration-1",)
    assert (run.completeness.present, run.completeness.expected) == (2, 3)
    assert run.state is RunState.INCOMPLETE


def test_shards_with_names_of_their_own_are_missing_by_number() -> None:
    run = only(unit("7", 1, [], parts=[part("left", shard=("suite", 0, 2))]))
    assert run.completeness.missing == ("suite shard 2 of 2",)


def test_a_hostile_total_is_counted_and_not_listed() -> None:
    run = only(unit("7", 1, [], parts=[part("suite-0-of-x", shard=("suite", 0, 10**12))]))
    assert run.completeness.missing == (f"{10**12 - 1} suite shards of {10**12}",)


def test_a_target_that_several_shards_report_counts_once_and_the_worst_counts() -> None:
    names = ["unit-0-of-2", "unit-1-of-2"]
    parts = {name: [part(name, shard=("unit", place, 2))] for place, name in enumerate(names)}
    units = [
        unit("a", 1, [target("suite:s", 0, part=names[0])], parts=parts[names[0]], sha=commit(1)),
        unit("b", 1.01, [target("suite:s", 101, part=names[1])], parts=parts[names[1]], sha=commit(1)),
    ]
    prepared = history(*units)
    row = prepared.rows(0).iloc[0]
    assert (row["status"], row["repeated"], row["part"]) == ("failed", 1, "unit-1-of-2")
    assert prepared.runs[0].repeated == 1
    assert prepared.runs[0].targets.total == 1


# --- states ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("states", "results", "expected"),
    [
        (["complete"], 1, RunState.COMPLETE),
        (["legacy"], 1, RunState.COMPLETE),
        (["reports"], 1, RunState.COMPLETE),
        (["reports"], 0, RunState.EMPTY),
        (["live_provider"], 0, RunState.EMPTY),
        (["aborted"], 0, RunState.ABORTED),
        (["killed"], 1, RunState.KILLED),
        (["killed", "aborted"], 1, RunState.KILLED),
        (["bundle_only"], 0, RunState.BUNDLE_ONLY),
        (["lane"], 0, RunState.LANE),
        (["gates"], 0, RunState.GATES_ONLY),
        (["lane", "gates"], 0, RunState.LANE),
        (["complete", "gates"], 1, RunState.COMPLETE),
        (["complete", "killed"], 1, RunState.INCOMPLETE),
        (["complete", "aborted"], 1, RunState.INCOMPLETE),
        (["complete", "bundle_only"], 1, RunState.INCOMPLETE),
        ([], 0, RunState.EMPTY),
        ([], 1, RunState.COMPLETE),
    ],
)
def test_the_state_of_a_run_is_that_of_its_parts(states: list[str], results: int, expected: RunState) -> None:
    parts = [part(f"p{place}", state=state) for place, state in enumerate(states)]
    assert only(unit("1", 1, [case("a")] * results, parts=parts)).state is expected


def test_a_run_whose_tests_were_all_skipped_is_empty() -> None:
    assert only(unit("1", 1, [case("a", "skipped")])).state is RunState.EMPTY


def test_a_missing_expected_part_makes_a_run_incomplete_and_is_named() -> None:
    run = only(unit("1", 1, [case("a")], parts=[part("unit")], expected_parts=["unit", "e2e-1"]))
    assert run.state is RunState.INCOMPLETE
    assert run.completeness.missing == ("e2e-1",)
    assert run.completeness.expected == 2


def test_a_killed_part_beside_a_complete_one_is_named() -> None:
    run = only(unit("1", 1, [case("a")], parts=[part("a"), part("b", state="killed")]))
    assert run.completeness.missing == ("b (killed)",)
    assert not run.completeness.whole


def test_a_rerun_is_partial_and_names_the_run_it_repeated() -> None:
    first = unit("1", 1, targets({"suite:s": 101}), parts=[part(folder="tests/e2e_results/20260301T020000Z")])
    named = "/data/x/tests/e2e_results/20260301T020000Z/summary.json"
    again = unit("2", 2, targets({"suite:s": 0}), parts=[part(rerun_from=named)])
    runs = history(first, again).runs
    assert runs[1].state is RunState.PARTIAL
    assert runs[1].rerun_of == "1"
    assert history(again).runs[0].rerun_of == ""


def test_failed_phases_are_named_once_without_single_targets() -> None:
    parts = [
        part("a", lint_failed=["fmt"], failed_phases=["lint", "unit:x", "replay_bundle"]),
        part("b", build_failed=True, failed_phases=["build"]),
    ]
    run = only(unit("1", 1, targets({"lib:lib": 101}), parts=parts))
    assert run.phases_failed == ("fmt", "replay_bundle", "build", "lib")


# --- tallies ---------------------------------------------------------------------------------------------------------


def test_targets_and_cases_are_counted_apart() -> None:
    cases = [case("a"), case("b", "failed"), case("c", "error"), case("d", "skipped"), case("e", earlier=[attempt()])]
    run = only(unit("1", 1, [*cases, *targets({"suite:s": 101, "unit:u": 0, "lib:lib": 0, "unit:n": None})]))
    assert (run.cases.passed, run.cases.failed, run.cases.errors, run.cases.skipped) == (2, 1, 1, 1)
    assert run.cases.flaky == 1
    assert (run.targets.passed, run.targets.failed, run.targets.not_run) == (2, 1, 1)


def test_the_time_of_a_case_is_not_added_to_that_of_its_target() -> None:
    results = [
        target("suite:e2e_pay", 0, seconds=10.0),
        case("inside", suite="e2e_pay", seconds=4.0),
        case("by class", suite="report", classname="shop::e2e_pay", seconds=3.0),
        case("apart", suite="web", seconds=2.0),
    ]
    assert only(unit("1", 1, results)).duration_s == 12.0


def test_a_duration_nobody_knows_is_none_and_not_zero() -> None:
    assert only(unit("1", 1, [case("a", seconds=None)])).duration_s is None


# --- order and labels ------------------------------------------------------------------------------------------------


def test_runs_stand_in_order_of_start_then_number() -> None:
    units = [unit("10", 1), unit("9", 1), unit("9", 1, attempt_number=2), unit("1", 2)]
    assert labels(*units) == ["9", "9-2", "10", "1"]


@settings(deadline=None, max_examples=60)
@given(st.permutations(range(6)))
def test_the_order_of_arrival_does_not_matter(order: list[int]) -> None:
    units = [shard(0), shard(1, day=1.01), unit("5", 3), unit("5", 3, workflow="b"), unit("A", 4), unit("a", 4)]
    assert labels(*(units[place] for place in order)) == labels(*units)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1", "A", "a", "a-2", "../x", "con", "latest", "data", "ä", "x" * 64, "x" * 70, "1-ci"]),
            st.sampled_from(["ci", "CI", "night ly", "y" * 70]),
            st.integers(1, 3),
        ),
        max_size=12,
        unique=True,
    )
)
def test_labels_are_keys_and_differ_by_more_than_case(runs: list[tuple[str, str, int]]) -> None:
    found = labels(*(unit(run_id, 1, workflow=workflow, attempt_number=number) for run_id, workflow, number in runs))
    assert all(is_key(label) for label in found)
    assert len({label.casefold() for label in found}) == len(runs)
    assert not {"latest", "data", "f", "i"} & {label.casefold() for label in found}


def test_of_two_runs_with_one_number_the_later_gets_its_workflow() -> None:
    assert labels(unit("12", 1, workflow="ci"), unit("12", 2, workflow="nightly")) == ["12", "12-nightly"]


# --- references ------------------------------------------------------------------------------------------------------


def test_a_run_is_found_by_label_run_id_and_commit() -> None:
    prepared = history(unit("41", 1), unit("42", 2), unit("42", 3, attempt_number=2), shard(0, day=9, run_id="s-0"))
    assert resolve(prepared, "42").label == "42"
    assert resolve(prepared, "42-2").label == "42-2"
    assert resolve(prepared, "s-0").label.endswith("-suite-of-2")
    assert resolve(prepared, commit(2)[:7]).label == "42"
    assert resolve(prepared, commit(2)).label == "42"


def test_a_full_commit_finds_a_run_that_knows_its_short_form() -> None:
    prepared = history(unit("41", 1, sha=commit(1)[:9]))
    assert resolve(prepared, commit(1)).label == "41"


def test_an_unknown_reference_is_refused_with_near_matches() -> None:
    prepared = history(unit("20260301T020000Z", 1), unit("20260302T020000Z", 2))
    with pytest.raises(UsageError, match="did you mean 20260302T020000Z"):
        resolve(prepared, "20260302T02000Z")
    with pytest.raises(UsageError, match="holds no run"):
        resolve(prepared, commit(1)[:6])
    with pytest.raises(UsageError, match="is empty"):
        resolve(history(), "1")


def test_a_prefix_of_several_commits_is_refused() -> None:
    prepared = history(unit("1", 1, sha="abcdef1" + "0" * 33), unit("2", 2, sha="abcdef1" + "1" * 33))
    with pytest.raises(UsageError, match="begins 2 commits"):
        resolve(prepared, "abcdef1")


# --- series ----------------------------------------------------------------------------------------------------------


def test_a_series_holds_comparable_runs_up_to_the_run_only() -> None:
    prepared = history(
        unit("1", 1, [case("a")]),
        unit("2", 2, [case("a")], branch="topic"),
        unit("3", 3, [case("a")], workflow="nightly"),
        unit("4", 4, [case("a")], parts=[part(profile="quick")]),
        unit("5", 5, [case("a")], parts=[part(state="killed")]),
        unit("6", 6, [case("a")], repository="other"),
        unit("7", 7, [case("a")]),
        unit("8", 8, [case("a")]),
    )
    assert prepared.series(6).tolist() == [0, 6]
    assert prepared.series(4).tolist() == [0]


def test_an_empty_history_has_no_runs() -> None:
    prepared = history()
    assert prepared.runs == ()
    assert len(prepared.outcomes) == 0
