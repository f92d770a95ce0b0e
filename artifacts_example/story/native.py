"""The runner folder of one CI run or shard, as far as it got and as far as the upload step kept it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from artifacts_example.story import comparison, diagnostics, results, triage
from artifacts_example.story.diagnostics import RUSTC, git_sha
from artifacts_example.story.timelines import run_timeline, target_folder, timeline
from artifacts_example.story.world import HOMES, SYSTEMS, Json, dense, iso_seconds, lines, pretty, schema, stamp

if TYPE_CHECKING:
    from artifacts_example.story.outcomes import Outcome
    from artifacts_example.story.plan import Part


READINESS_FROM = 30
BUILD_ERROR = """\
   Compiling harbour v4.2.0 (/build/harbour)
error[E0308]: mismatched types
  --> src/invoice/surcharge.rs:52:17
   |
52 |     Money::new(nights * rate.late_stay)
   |     ---------- ^^^^^^^^^^^^^^^^^^^^^^^ expected `Cents`, found `u64`

error: could not compile `harbour` (lib) due to 1 previous error
"""
CLIPPY_GOOD = "    Checking harbour v4.2.0\n    Finished `dev` profile\n"
BUILD_GOOD = "   Compiling harbour v4.2.0\n    Finished `test` profile [unoptimized + debuginfo] target(s)\n"


def part_files(part: Part) -> dict[str, str]:
    """Every file of the runner folder, by its path below the folder of the CI run."""
    aborted = part.run.state == "aborted"
    files = {
        "environment.json": pretty(environment(part)),
        "ci_shard_manifest.json": dense(shard_manifest(part)),
        "build.log": BUILD_ERROR if aborted else BUILD_GOOD,
    }
    if not aborted:
        for outcome in part.outcomes:
            files |= target_files(part, outcome)
        if not part.sharded or part.name == "unit":
            files |= {
                "lint/fmt.log": "",
                "lint/clippy.log": "    Checking harbour v4.2.0\n    Finished `dev` profile\n",
            }
            files["lib/result.json"] = dense(results.lib_result(part))
        files |= _report_files(part)
    if part.sharded:
        files["ci-shard-index.json"] = dense(shard_index(part, files))
    return {f"{part.folder}/{name}": text for name, text in files.items()}


def target_files(part: Part, outcome: Outcome) -> dict[str, str]:
    """result.json of every target; logs and diagnostics of failed ones only."""
    files = {"result.json": dense(results.result(part, outcome))}
    if outcome.exit_code:
        files |= results.kept_logs(part, outcome)
    if outcome.exit_code and outcome.surface == "suite":
        files["failure_digest.json"] = pretty(diagnostics.digest(part, outcome))
        files["failure_timeline.jsonl"] = lines(timeline(part, outcome))
    return {f"{target_folder(outcome)}/{name}": text for name, text in files.items()}


def environment(part: Part) -> Json:
    """environment.json."""
    home = HOMES[part.run.host]
    return {
        "schema": schema("e2e.environment.v1"),
        "timestamp": stamp(part.run.when),
        "profile": "ci" if part.run.is_pull_request else "full",
        "rerun_from": None,
        "diff_from": results.typed_baseline(part),
        "rustc": RUSTC,
        "cargo": "cargo 1.91.0-nightly (840b83a10 2026-08-29)",
        "cargo_runner": "local",
        "cargo_exec_prefix": [],
        "os": SYSTEMS[part.run.host],
        "git_sha": git_sha(part),
        "git_branch": part.run.branch,
        "parallelism": 4,
        "log_level": "info",
        "artifact_dir": part.foreign,
        "correlation_id": part.correlation,
        "shard": results.shard_json(part),
        "cargo_target_dir": f"{home}/target",
        "vcr_mode": "unset",
        "unit_targets": list(part.units),
        "e2e_suites": list(part.suites),
        **(results.snapshot(part) if part.run.late else {}),
    }


def shard_manifest(part: Part) -> Json:
    """ci_shard_manifest.json."""
    return {
        "schema": schema("verify.shard_manifest.v1"),
        "generated_at": stamp(part.run.when),
        "profile": "ci" if part.run.is_pull_request else "full",
        "artifact_dir": part.foreign,
        "correlation_id": part.correlation,
        "cargo_runner": "local",
        "cargo_exec_prefix": [],
        "shard": results.shard_json(part),
        "selection": {"unit_targets": list(part.units), "e2e_suites": list(part.suites)},
    }


def shard_index(part: Part, files: dict[str, str]) -> Json:
    """ci-shard-index.json over the other files of the shard."""
    return {
        "schema": schema("ci.shard_index.v1"),
        "generated_at": iso_seconds(part.run.finished),
        "shard_name": part.name,
        "lane": part.name.split("-", maxsplit=1)[0],
        "correlation_id": part.correlation,
        "job_status": "failure" if part.failed("unit") or part.failed("suite") else "success",
        "file_count": len(files),
        "entries": [{"path": name, "size_bytes": len(files[name].encode())} for name in sorted(files)],
    }


def _report_files(part: Part) -> dict[str, str]:
    run, data = part.run, results.summary(part)
    index, bundle = diagnostics.diagnostics_index(part), diagnostics.replay_bundle(part)
    files = {
        "failure_timeline.jsonl": lines(run_timeline(part)),
        "failure_diagnostics_index.json": dense(index),
        "replay_bundle.json": pretty(bundle),
    }
    data["failure_diagnostics"] = {
        "schema": schema("e2e.failure_diagnostics.v1"),
        "correlation_id": part.correlation,
        "index_path": f"{part.foreign}/failure_diagnostics_index.json",
        "run_timeline_path": f"{part.foreign}/failure_timeline.jsonl",
        "failed_suite_count": len(part.failed("suite")),
        "suites": [o.name for o in part.failed("suite")],
    }
    data["replay_bundle"] = {
        "schema": bundle["schema"],
        "path": f"{part.foreign}/replay_bundle.json",
        "one_command_replay": bundle["one_command_replay"],
        "failed_suite_count": len(part.failed("suite")),
        "failed_unit_count": len(part.failed("unit")),
    }
    if run.number >= READINESS_FROM:
        files["release_readiness_summary.json"] = pretty(results.readiness(part))
    typed = results.typed_baseline(part)
    if run.diff_from and typed:
        pair = comparison.compare(run.diff_from, run, defect=run.triage_defect)
        files["triage_diff.json"] = dense(triage.triage_diff(pair, typed))
        data["triage_diff"] = _triage_section(part, pair, typed)
    if run.late:
        outcome = results.runner_outcome(part)
        files["runner_outcome.json"] = dense(outcome)
        data |= {
            **results.snapshot(part),
            "lib": results.lib_result(part) if part.units else None,
            "runner_outcome": outcome,
        }
    files["summary.json"] = dense(data)
    return files


def _triage_section(part: Part, pair: comparison.Comparison, typed: str) -> Json:
    return {
        "schema": schema("e2e.triage_diff.v1"),
        "path": f"{part.foreign}/triage_diff.json",
        "baseline_summary_path": typed,
        "status": comparison.status(pair),
        **triage.counts(pair),
        "top_ranked_diagnostics": triage.ranked(pair)[:5],
        "top_semantic_diffs": [],
    }
