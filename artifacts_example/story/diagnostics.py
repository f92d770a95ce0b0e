"""What the runner says about failed suites: digests, their index and the replay bundle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from artifacts_example.story.timelines import timeline
from artifacts_example.story.world import SYSTEMS, Json, iso_python, schema

if TYPE_CHECKING:
    from artifacts_example.story.outcomes import Outcome
    from artifacts_example.story.plan import Part


RUSTC = "rustc 1.91.0-nightly (c8a31f5d0 2026-09-02)"
RUNNER = "./scripts/e2e/run_all.sh --profile focused --skip-lint"


@dataclass(frozen=True, kw_only=True)
class Commands:
    """The replay commands that the runner offers for one failed suite; nothing in them is quoted."""

    runner: str
    suite: str
    targeted: str


def commands_of(suite: Outcome) -> Commands:
    """Commands as the runner writes them: a thread name that is no test ends up in the targeted one."""
    test = suite.fault.reported_test if suite.fault else ""
    whole = f"cargo test --test {suite.name} -- --nocapture"
    narrow = f"cargo test --test {suite.name} {test} -- --nocapture --exact" if test else ""
    return Commands(runner=f"{RUNNER} --skip-unit --suite {suite.name}", suite=whole, targeted=narrow)


def impacted(suite: Outcome) -> list[str]:
    """Scenario ids in the order of discovery; the suite itself where no test is known."""
    fault = suite.fault
    names = [fault.reported_test, fault.case if fault.message else ""] if fault else []
    return list(dict.fromkeys(n for n in names if n)) or [suite.name]


def first_assertion(suite: Outcome) -> Json:
    """The first panic of a failed suite; line 0 where the log holds none."""
    fault = suite.fault
    known = fault is not None and bool(fault.message)
    return {
        "test": impacted(suite)[0],
        "location": {
            "file": fault.file if fault else "",
            "line": fault.line if fault else 0,
            "column": fault.column if fault else 0,
        },
        "message": suite.first_line,
        "raw_header": fault.header if fault and known else "",
    }


def digest(part: Part, suite: Outcome) -> Json:
    """failure_digest.json of one failed suite."""
    here, offered = f"{part.foreign}/{suite.name}", commands_of(suite)
    files = {"result_json": "result.json", "output_log": "output.log", "test_log_jsonl": "test-log.jsonl"}
    files |= {"artifact_index_jsonl": "artifact-index.jsonl", "timeline_jsonl": "failure_timeline.jsonl"}
    return {
        "schema": schema("e2e.failure_digest.v1"),
        "generated_at": iso_python(part.run.finished),
        "correlation_id": part.correlation,
        "suite": suite.name,
        "exit_code": suite.exit_code,
        "root_cause_class": suite.root_cause,
        "impacted_scenario_ids": impacted(suite),
        "first_failing_assertion": first_assertion(suite),
        "remediation_pointer": {
            "class": suite.root_cause,
            "summary": f"Replay {suite.name} and read the first failing assertion.",
            "replay_command": offered.runner,
            "suite_replay_command": offered.suite,
            "targeted_test_replay_command": offered.targeted,
            "cargo_rerun_hint": f"--test {suite.name}" if "to rerun pass" in suite.log else "",
        },
        "artifact_paths": {
            **{k: f"{here}/{v}" for k, v in files.items()},
            "runner_summary_json": f"{part.foreign}/summary.json",
        },
        "timeline": {
            "schema": schema("e2e.failure_timeline_event.v1"),
            "path": f"{here}/failure_timeline.jsonl",
            "event_count": len(timeline(part, suite)),
        },
    }


def diagnostics_index(part: Part) -> Json:
    """failure_diagnostics_index.json; its list is empty when nothing failed."""
    rows: list[Json] = [
        {
            "suite": suite.name,
            "digest_path": f"{part.foreign}/{suite.name}/failure_digest.json",
            "timeline_path": f"{part.foreign}/{suite.name}/failure_timeline.jsonl",
            "root_cause_class": suite.root_cause,
            "impacted_scenario_ids": impacted(suite),
            "first_failing_assertion": first_assertion(suite),
        }
        for suite in part.failed("suite")
    ]
    return {
        "schema": schema("e2e.failure_diagnostics_index.v1"),
        "generated_at": iso_python(part.run.finished),
        "correlation_id": part.correlation,
        "artifact_dir": part.foreign,
        "failed_suite_count": len(rows),
        "suites": rows,
        "run_timeline_path": f"{part.foreign}/failure_timeline.jsonl",
    }


def replay_bundle(part: Part) -> Json:
    """replay_bundle.json of a runner folder."""
    suites: list[Json] = [
        {
            "suite": suite.name,
            "exit_code": suite.exit_code,
            "root_cause_class": suite.root_cause,
            "runner_replay": commands_of(suite).runner,
            "cargo_replay": commands_of(suite).suite,
            "targeted_replay": commands_of(suite).targeted,
            "digest_path": f"{part.foreign}/{suite.name}/failure_digest.json",
        }
        for suite in part.failed("suite")
    ]
    units: list[Json] = [
        {"target": unit.name, "exit_code": 1, "cargo_replay": f"cargo test --test {unit.name} -- --nocapture"}
        for unit in part.failed("unit")
    ]
    return {
        "schema": schema("e2e.replay_bundle.v1"),
        "generated_at": iso_python(part.run.finished + timedelta(seconds=4)),
        "correlation_id": part.correlation,
        "source_summary_path": f"{part.foreign}/summary.json",
        "one_command_replay": f"./scripts/e2e/run_all.sh --rerun-from {part.foreign}/summary.json",
        "environment": bundle_environment(part),
        "failed_suites": suites,
        "failed_unit_targets": units,
        "failed_gates": [],
        "summary": {
            "total_failed_suites": len(suites),
            "total_failed_units": len(units),
            "total_failed_gates": 0,
            "all_commands_reference_valid_targets": True,
        },
    }


def git_sha(part: Part) -> str:
    """Nine digits in the first weeks, the whole id later."""
    return part.run.commit if part.run.late else part.run.commit[:9]


def bundle_environment(part: Part) -> Json:
    """The environment as a replay bundle repeats it."""
    return {
        "profile": "ci" if part.run.is_pull_request else "full",
        "shard_kind": part.kind,
        "shard_index": part.index,
        "shard_total": part.total,
        "rustc_version": RUSTC,
        "cargo_target_dir": f"{part.foreign.split('/tests/')[0]}/target",
        "vcr_mode": "unset",
        "git_sha": git_sha(part),
        "git_branch": part.run.branch,
        "os": SYSTEMS[part.run.host],
    }
