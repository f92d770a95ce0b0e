"""Results of targets and of a whole runner folder: result.json, summary.json and what is made of them."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from artifacts_example.story.outcomes import play
from artifacts_example.story.timelines import artifact_rows, log_rows, target_folder
from artifacts_example.story.world import HOMES, Json, hex_of, iso_millis, iso_seconds, lines, schema, stamp

if TYPE_CHECKING:
    from artifacts_example.story.outcomes import Outcome
    from artifacts_example.story.plan import Part


def kept_logs(part: Part, outcome: Outcome) -> dict[str, str]:
    """The three logs of a target."""
    return {
        "output.log": outcome.log,
        "test-log.jsonl": lines(log_rows(part, outcome)),
        "artifact-index.jsonl": lines(artifact_rows(part, outcome)),
    }


def shard_json(part: Part) -> Json:
    """The shard object."""
    return {"kind": part.kind, "name": part.name, "index": part.index, "total": part.total}


def typed_baseline(part: Part) -> str | None:
    """The baseline as the operator typed it: relative on the first machine, absolute on the others."""
    base = part.run.diff_from
    if base is None or part.sharded:
        return None
    path = f"{base.parts[0].folder}/summary.json"
    return path if part.run.host == 0 else f"{HOMES[part.run.host]}/{path}"


def snapshot(part: Part) -> Json:
    """The newer fields that bind a file to the source it was made from."""
    digest = f"sha256:{hex_of(64, 'snapshot', part.run.commit)}"
    return {"generated_at": iso_seconds(part.run.when), "source_commit": part.run.commit, "source_snapshot": digest}


def result(part: Part, outcome: Outcome) -> Json:
    """result.json of a suite, a unit target or the library."""
    here = f"{part.foreign}/{target_folder(outcome)}"
    passed, failed, ignored = (outcome.scraped(word) for word in ("passed", "failed", "ignored"))
    out: Json = {
        "schema": schema("e2e.result.v1"),
        "result_kind": outcome.surface,
        "correlation_id": part.correlation,
        "suite" if outcome.surface == "suite" else "target": outcome.name,
        "exit_code": outcome.exit_code,
        "duration_ms": outcome.duration_ms,
        "passed": passed,
        "failed": failed,
        "ignored": ignored,
        "total": passed + failed + ignored,
        "log_file": f"{here}/output.log",
        "timestamp": stamp(part.run.when),
    }
    if outcome.exit_code:  # the index fields are optional, and the logs of passed targets are not kept
        out["test_log_jsonl"] = f"{here}/test-log.jsonl"
        out["artifact_index_jsonl"] = f"{here}/artifact-index.jsonl"
    if part.run.late and outcome.exit_code:
        out["diagnostic_artifacts"] = _checksums(part, outcome, here)
    return out


def _checksums(part: Part, outcome: Outcome, here: str) -> Json:
    out: Json = {"schema": schema("e2e.diagnostic_artifacts.v1")}
    for name, text in kept_logs(part, outcome).items():
        raw = text.encode()
        entry: Json = {
            "path": f"{here}/{name}",
            "sha256": f"sha256:{hashlib.sha256(raw).hexdigest()}",
            "size_bytes": len(raw),
        }
        out[name.replace("-", "_").replace(".", "_")] = entry
    return out


def lib_result(part: Part) -> Json:
    """lib/result.json: the library's own tests, which never fail in this story."""
    return result(part, play("lib", "lib", None, part.run.duration_ms("lib:lib")))


def summary(part: Part) -> Json:
    """summary.json without the sections that later steps append."""
    units, suites = ([o for o in part.outcomes if o.surface == surface] for surface in ("unit", "suite"))
    bad_units, bad_suites = part.failed("unit"), part.failed("suite")
    return {
        "schema": schema("e2e.summary.v1"),
        "timestamp": stamp(part.run.when),
        "profile": "ci" if part.run.is_pull_request else "full",
        "rerun_from": None,
        "diff_from": typed_baseline(part),
        "artifact_dir": part.foreign,
        "correlation_id": part.correlation,
        "shard": shard_json(part),
        "total_units": len(units),
        "passed_units": len(units) - len(bad_units),
        "failed_units": len(bad_units),
        "failed_unit_names": [o.name for o in bad_units],
        "total_suites": len(suites),
        "passed_suites": len(suites) - len(bad_suites),
        "failed_suites": len(bad_suites),
        "failed_names": [o.name for o in bad_suites],
        "unit_targets": [result(part, o) for o in units],
        "suites": [result(part, o) for o in suites],
    }


def readiness(part: Part) -> Json:
    """release_readiness_summary.json, written in the last weeks only."""
    bad = sorted(o.name for o in part.outcomes if o.exit_code)
    return {
        "schema": schema("e2e.release_readiness.v1"),
        "generated_at": iso_millis(part.run.finished),
        "correlation_id": part.correlation,
        "status": "not_ready" if bad else "ready",
        "overall_ready": not bad,
        "summary": f"{len(bad)} targets stand in the way of a release.",
        "known_risks": [
            {"id": f"risk-{name}", "severity": "high", "summary": f"{name} fails", "details": "", "evidence": []}
            for name in bad
        ],
    }


def runner_outcome(part: Part) -> Json:
    """runner_outcome.json, written from the fourth week on."""
    phases = [outcome.key for outcome in part.outcomes if outcome.exit_code]
    return {
        "schema": schema("e2e.runner_outcome.v1"),
        **snapshot(part),
        "generated_at": iso_millis(part.run.finished + timedelta(seconds=12)),
        "timestamp": stamp(part.run.when),
        "profile": "ci" if part.run.is_pull_request else "full",
        "artifact_dir": part.foreign,
        "correlation_id": part.correlation,
        "status": "fail" if phases else "pass",
        "exit_code": int(bool(phases)),
        "source_snapshot_verified": True,
        "failed_phases": phases,
    }
