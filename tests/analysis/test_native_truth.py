"""Fabricated nights with a known story: what the analysis concludes is what the story says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from generator.analysis.since import streaks
from generator.analysis.triage import supplied
from generator.findings import ChangeKind, RunState
from generator.records import Level
from tests.analysis.native import World, world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.findings import Failure

pytestmark = pytest.mark.shared

STATES = {
    "complete": RunState.COMPLETE,
    "retry": RunState.COMPLETE,
    "legacy": RunState.COMPLETE,
    "aborted": RunState.ABORTED,
    "killed": RunState.KILLED,
    "rerun": RunState.PARTIAL,
    "lonely_bundle": RunState.BUNDLE_ONLY,
    "live_provider": RunState.EMPTY,
    "lane": RunState.LANE,
}
SEVERITIES = {
    ChangeKind.NEW_FAILURE: "regression",
    ChangeKind.NEW_TEST_FAILING: "new_failure",
    ChangeKind.STILL_FAILING: "unresolved_failure",
    ChangeKind.FIXED: "fixed",
    ChangeKind.MISSING: "removed",
    ChangeKind.NEW_TEST: "added_pass",
}


Chosen = tuple[int, str, str]
WHOLE: list[Chosen] = [(1, "seed", "intended"), (2, "late", "upstream")]
TRIAGE: list[Chosen] = [*WHOLE, (1, "late", "upstream"), (2, "seed", "intended")]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Chosen], World]:
    made: dict[Chosen, World] = {}

    def choose(chosen: Chosen) -> World:
        if chosen not in made:
            seed, emitter, triage = chosen
            made[chosen] = world(tmp_path_factory.mktemp("native"), seed=seed, emitter=emitter, triage=triage)
        return made[chosen]

    return choose


def named(chosen: object) -> str:
    return "-".join(map(str, chosen)) if isinstance(chosen, tuple) else str(chosen)


@pytest.fixture(scope="module", params=WHOLE, ids=named)
def story(request: pytest.FixtureRequest, worlds: Callable[[Chosen], World]) -> World:
    return worlds(request.param)


@pytest.fixture(scope="module", params=TRIAGE, ids=named)
def any_story(request: pytest.FixtureRequest, worlds: Callable[[Chosen], World]) -> World:
    return worlds(request.param)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("nights")
    return world(folder, seed=1, emitter="seed", triage="intended", series_only=True)


def triaged(story: World) -> Iterator[tuple[int, dict[str, Any]]]:
    for run in story.truth["runs"]:
        if run["triage"]:
            yield story.index(run["folder"]), run


def test_a_supplied_comparison_is_recomputed_from_its_exit_codes(any_story: World) -> None:
    checked = 0
    for index, run in triaged(any_story):
        found = supplied(any_story.prepared, index, any_story.prepared.evidence(index), {})
        assert found is not None, run["folder"]
        truth = run["triage"]
        assert {
            change.test.key: {
                "severity": change.severity,
                "priority_score": change.priority_score,
                "rank": change.rank,
            }
            for change in found.targets
        } == truth["targets"], run["folder"]
        assert found.recomputed_status == truth["status"], run["folder"]
        assert found.reported_status == truth["reported_status"]
        assert found.under_reported == truth["under_reported"]
        assert dict(found.recomputed_counts) == truth["counts"], run["folder"]
        assert bool(found.disagreements) == (truth["counts"] != truth["reported_counts"]), run["folder"]
        checked += 1
    assert checked > 30


def test_what_an_emitter_hides_is_named_target_by_target(any_story: World) -> None:
    if any_story.truth["options"]["triage"] == "intended":
        hidden = [found for index, _ in triaged(any_story) if (found := _supplied(any_story, index)).disagreements]
        assert hidden == []
        return
    for index, run in triaged(any_story):
        named = {item.subject: (item.reported, item.recomputed) for item in _supplied(any_story, index).disagreements}
        for key, target in run["triage"]["targets"].items():
            if target["severity"] in {"regression", "unresolved_failure"}:
                assert named[key] == ("stable_pass", target["severity"])


def test_our_own_comparison_says_the_same_where_the_baseline_is_the_same(story: World) -> None:
    checked = 0
    for index, run in triaged(story):
        found = story.findings(index).comparison
        base = story.index(run["triage"]["baseline"])
        if base >= index or run["kind"] == "rerun":
            continue
        assert found.base is not None
        assert found.base.label == story.prepared.runs[base].label
        ours = {
            change.test.key: (SEVERITIES[change.kind], change.severity, change.rank)
            for change in found.changes
            if change.test.surface != "lib"
        }
        expected = {
            key: (target["severity"], target["severity"], target["rank"])
            for key, target in run["triage"]["targets"].items()
            if target["severity"] != "stable_pass"
        }
        assert ours == expected, run["folder"]
        checked += 1
    assert checked > 30


def test_every_kind_of_run_has_its_state(story: World) -> None:
    seen = set()
    for run in story.truth["runs"]:
        if run["kind"] in STATES:
            assert story.prepared.runs[story.index(run["folder"])].state is STATES[run["kind"]], run["folder"]
            seen.add(run["kind"])
    assert seen == set(STATES)


def test_a_rerun_names_the_run_it_repeated(story: World) -> None:
    (run,) = [run for run in story.truth["runs"] if run["kind"] == "rerun"]
    facts = story.prepared.runs[story.index(run["folder"])]
    assert facts.rerun_of == story.prepared.runs[story.index(run["rerun_of"])].label


def test_shards_are_merged_into_one_run(story: World) -> None:
    for group in story.truth["shard_groups"]:
        index = story.index(group["folders"][0])
        run = story.prepared.runs[index]
        assert len(run.unit_ids) == len(group["folders"]), group["group"]
        assert sorted(part.shard.index for part in run.parts if part.shard.index is not None) == group["present"]
        assert len(run.completeness.missing) == len(group["missing"])
        assert run.completeness.whole == group["complete"]
        assert (run.state is RunState.COMPLETE) == group["complete"]
        rows = story.prepared.rows(index)
        refs = story.prepared.tests(rows["test_id"].tolist())
        keys = {ref.key for ref in refs.values() if ref.surface != "lib"}
        assert len(keys) == group["merged_targets"]
        targets = [refs[test_id].surface != "lib" for test_id in rows["test_id"].tolist()]
        assert int(rows["repeated"][targets].sum()) == group["repeated_targets"]
        failed = rows[rows["status"].isin(("failed", "error"))]["test_id"].tolist()
        assert sorted(refs[test_id].key for test_id in failed) == group["merged_failed"]


def test_streaks_of_the_nights_begin_and_end_where_the_story_says(nights: World) -> None:
    checked = 0
    for streak in nights.truth["streaks"]:
        first, last = nights.index(streak["first_bad"]), nights.index(streak["last_bad"])
        for length, index in enumerate(range(first, last + 1), 1):
            rows = nights.prepared.rows(index)
            refs = nights.prepared.tests(rows["test_id"].tolist())
            (test_id,) = [test_id for test_id, ref in refs.items() if ref.key == streak["target"]]
            since = streaks(nights.prepared, index, np.array([test_id]))[test_id]
            assert since.first_bad.label == nights.prepared.runs[first].label, streak
            assert since.runs == length
            good = streak["last_good"]
            expected = nights.prepared.runs[nights.index(good)].label if good else None
            assert (since.last_good.label if since.last_good else None) == expected
            checked += 1
    assert checked > 40


def test_every_failed_target_is_a_failure_with_its_commands(story: World) -> None:
    for run in story.truth["runs"]:
        if run["kind"] in {"shard", "lane_summary", "lane", "live_provider"}:
            continue
        found = story.findings(story.index(run["folder"]))
        by_key = {failure.test.key: failure for failure in found.failures if failure.test.surface != "lib"}
        failed = {key for key, target in run["targets"].items() if target["status"] in {"failed", "no_result"}}
        if run["kind"] == "lonely_bundle":
            names = {"suite": "failed_suites", "unit": "failed_unit_targets"}
            failed = {f"{surface}:{name}" for surface, field in names.items() for name in run["bundle"][field]}
        assert set(by_key) == failed, run["folder"]
        for key, failure in by_key.items():
            check_commands(failure, [command for command in run["commands"] if command["for"] in {key, "run"}])


def check_commands(failure: Failure, expected: list[dict[str, Any]]) -> None:
    offered = {command.text: command for command in failure.commands}
    for command in expected:
        if command["source"].endswith("runner_repro_command"):
            continue  # it replays the whole comparison, not this failure
        found = offered[command["text"]]
        assert found.copyable == command["safe"], command
        assert found.portable == command["portable"], command
        assert bool(found.reason) != found.copyable
    levels = [list(Level).index(command.level) for command in failure.commands]
    assert levels == sorted(levels)


def test_what_must_not_be_believed_is_said(story: World) -> None:
    said = {"no_panic": 0, "thread": 0, "name": 0, "ignored": 0, "odd": 0}
    for run in story.truth["runs"]:
        if run["kind"] not in {"complete", "retry"} or run["scenario"] == "digest_as_text":
            continue
        for failure in story.findings(story.index(run["folder"])).failures:
            truth = run["targets"].get(failure.test.key, {})
            if "root_cause_class" in truth and failure.test.surface == "suite":
                assert failure.root_cause_class == truth["root_cause_class"]
                assert failure.impacted == tuple(truth["impacted"])
                no_panic = truth["no_panic_found"] and truth["root_cause_class"] == "assertion_failure"
                assert ("no panic found" in failure.class_caution) == no_panic
                assert ("name of a test" in failure.class_caution) == truth["class_from_test_name"], truth
                assert any("name of a thread" in note for note in failure.notes) == bool(truth["thread_as_test"])
                assert any("but was ignored" in note for note in failure.notes) == truth["ignored_as_impacted"]
                cautions = [command.caution for command in failure.commands if command.level is Level.TEST]
                assert all(map(bool, cautions)) == bool(truth["thread_as_test"]) or not cautions
                said["no_panic"] += no_panic
                said["thread"] += bool(truth["thread_as_test"])
                said["name"] += truth["class_from_test_name"]
                said["ignored"] += truth["ignored_as_impacted"]
            assert len(failure.notes) >= len(truth.get("implausible", ()))
            said["odd"] += len(truth.get("implausible", ()))
    assert all(said.values()), said


def _supplied(story: World, index: int) -> Any:
    found = supplied(story.prepared, index, story.prepared.evidence(index), {})
    assert found is not None
    return found
