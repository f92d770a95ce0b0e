"""Whole fabricated CI histories are read as their truth says, with both emitters and both triage variants."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from generator.records import PartState, Severity, Status

if TYPE_CHECKING:
    from generator.records import Part, RunUnit, TestResult
    from tests.readers.native_world import World

pytestmark = pytest.mark.shared

STATES = {
    "complete": PartState.COMPLETE,
    "retry": PartState.COMPLETE,
    "rerun": PartState.COMPLETE,
    "shard": PartState.COMPLETE,
    "aborted": PartState.ABORTED,
    "killed": PartState.KILLED,
    "legacy": PartState.LEGACY,
    "live_provider": PartState.LIVE_PROVIDER,
    "lonely_bundle": PartState.BUNDLE_ONLY,
    "lane": PartState.LANE,
}
STATUSES = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "no_result": Status.ERROR,
    "not_run": Status.NOT_RUN,
}


def only_part(unit: RunUnit) -> Part:
    (part,) = unit.run.parts
    return part


def key(result: TestResult) -> str:
    return f"{result.surface.value}:{result.name}"


def test_there_is_one_unit_for_each_run_and_gate_point(world: World) -> None:
    kinds = [truth["kind"] for truth in world.truth["runs"]]
    expected = len(kinds) - kinds.count("lane_summary") + len(world.truth["gates"])
    assert len(world.intake.units) == expected


def test_a_genuine_history_has_no_problem_but_the_mistakes_planted_in_its_policy_and_sweeps(world: World) -> None:
    problems = [problem for problem in world.intake.problems if problem.severity is not Severity.INFO]
    assert {problem.severity for problem in problems} == {Severity.WARNING}
    told = [problem.reader for problem in world.intake.problems if problem.severity is Severity.INFO]
    assert told == ["shard_summary"]  # it is about all lanes
    assert {problem.reader for problem in problems} == {"suite_classification", "parameter_sweeps"}
    policy = [problem.message for problem in problems if problem.reader == "suite_classification"]
    assert sum(message.startswith("lists more than once: ") for message in policy) == len(world.truth["gates"])
    assert sum("excuse nothing" in message for message in policy) == 5  # the five waivers that break the rules


def test_identity_time_and_commit_of_every_run(world: World) -> None:
    for truth, unit in world.runs("lane", "legacy", "live_provider", "lonely_bundle"):
        run = unit.run
        assert run.started_at == datetime.fromisoformat(truth["time"])
        assert (run.commit, run.branch) == (truth["git_sha"], truth["branch"])
        assert (run.key.repository, run.key.workflow, run.key.attempt) == ("local", "ci", 1)
        assert run.time_source == "environment.json"


def test_a_run_that_left_only_a_bundle_takes_its_identity_from_it(world: World) -> None:
    (found,) = ((truth, unit) for truth, unit in world.runs() if truth["kind"] == "lonely_bundle")
    truth, unit = found
    assert (unit.run.commit, unit.run.branch) == (truth["git_sha"], truth["branch"])
    assert unit.run.started_at == datetime.fromisoformat(truth["time"])
    assert unit.results == ()


def test_every_kind_of_run_has_its_state(world: World) -> None:
    assert {truth["kind"] for truth, _ in world.runs()} == set(STATES)
    for truth, unit in world.runs():
        assert only_part(unit).state is STATES[truth["kind"]], truth["folder"]


def test_environment_facts_stand_in_the_part(world: World) -> None:
    for truth, unit in world.runs("lane", "legacy", "live_provider", "lonely_bundle"):
        part, shard = only_part(unit), truth["shard"]
        assert (part.profile, part.namespace) == (truth["profile"], truth["namespace"])
        assert part.correlation_id == truth["correlation_id"]
        assert (part.shard.kind, part.shard.name) == (shard["kind"], shard["name"])
        assert (part.shard.index, part.shard.total) == (shard["index"], shard["total"])
        assert part.selection_known
        assert {f"unit:{n}" for n in part.unit_targets} | {f"suite:{n}" for n in part.suites} == set(truth["targets"])
        assert part.foreign_folder.endswith(truth["folder"])


def test_shards_are_named_by_their_shard(world: World) -> None:
    for truth, unit in world.runs():
        if truth["kind"] == "shard":
            assert only_part(unit).name == truth["shard"]["name"]


def test_lanes_say_what_ci_says_about_them(world: World) -> None:
    lanes = [(truth, unit) for truth, unit in world.runs() if truth["kind"] == "lane"]
    assert len(lanes) == 3
    for truth, unit in lanes:
        part = only_part(unit)
        assert part.lane is not None
        assert part.lane.job_status == truth["job_status"]
        assert part.lane.lane == part.name.split("-")[0]
        assert unit.results == ()


def test_targets_have_the_status_of_their_exit_code(world: World) -> None:
    for truth, unit in world.runs("lonely_bundle"):
        results = {key(result): result for result in unit.results if result.surface != "lib"}
        assert set(results) == set(truth["targets"]), truth["folder"]
        for name, expected in truth["targets"].items():
            found = results[name]
            assert found.status is STATUSES[expected["status"]], (truth["folder"], name)
            assert found.exit_code == expected["exit_code"]
            assert found.suite == found.name


def test_counts_durations_and_odd_counts_of_targets(world: World) -> None:
    seen = 0
    for truth, unit in world.runs("lonely_bundle", "legacy"):
        results = {key(result): result for result in unit.results}
        for name, expected in truth["targets"].items():
            found = results[name]
            if "passed" not in expected:
                assert (found.scraped, found.duration_s, found.odd) == (None, None, ())
                continue
            assert found.scraped == (expected["passed"], expected["failed"], expected["ignored"])
            assert found.duration_s == pytest.approx(expected["duration_ms"] / 1000)
            assert set(found.odd) == set(expected["implausible"])
            seen += bool(found.odd)
    assert seen == len(world.truth["implausible"]) > 0


def test_a_selected_target_without_a_result_is_an_error(world: World) -> None:
    missing = [
        found
        for truth, unit in world.runs()
        for found in unit.results
        if truth["targets"].get(key(found), {}).get("status") == "no_result"
    ]
    assert len(missing) == 2
    for found in missing:
        assert (found.status, found.exit_code, found.scraped) == (Status.ERROR, 1, None)
        assert found.message == "The runner selected this target, but it left no result file."


def test_lint_build_and_library_are_read(world: World) -> None:
    for truth, unit in world.runs():
        lint = truth.get("lint")
        if lint:
            expected = {word for word in ("fmt", "clippy") if lint[f"{word}_failed"]}
            assert set(only_part(unit).lint_failed) == expected
            assert only_part(unit).build_failed is (truth["kind"] == "aborted")
        library = [result.exit_code for result in unit.results if result.surface == "lib"]
        code = truth.get("lib_exit_code")
        assert library == ([] if code is None else [code]), truth["folder"]


def test_runner_outcome_is_read_where_there_is_one(world: World) -> None:
    seen = 0
    for truth, unit in world.runs():
        outcome = truth.get("runner_outcome")
        part = only_part(unit)
        expected = (outcome["status"], tuple(outcome["failed_phases"])) if outcome else ("", ())
        assert (part.outcome_status, part.failed_phases) == expected
        seen += bool(outcome)
    assert (seen > 0) is (world.emitter == "late")


def test_every_file_stands_in_the_ledger_of_its_run(world: World) -> None:
    of_units = sum(len(unit.evidence.sources) for unit in world.intake.units)
    outside = [source.path for source in world.intake.sources if source.path.endswith("ci-shard-summary.json")]
    assert of_units + len(outside) == len(world.intake.sources)
    for unit in world.intake.units:
        for source in unit.evidence.sources:
            assert not source.path.startswith(("/", ".."))
            assert (len(source.sha256) == 64) is (source.state.value == "read")


LEFT_ALONE = {
    "output.log": "a raw log; results state what matters, and digests quote it",
    "full_suite_report.md": "prose twin of full_suite_verdict.json",
    "summary.tsv": "stands beside an empty summary.json; its columns have no contract",
}
"""Files of the native runner that no reader takes on purpose, with the reason."""


def test_every_file_of_the_native_runner_is_read_or_left_alone_for_a_reason(world: World) -> None:
    unread = {source.path.rpartition("/")[2] for source in world.intake.sources if source.reader is None}
    assert unread == LEFT_ALONE.keys()
    assert all(LEFT_ALONE.values())
