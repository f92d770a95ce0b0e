"""Builders of runner folders, gate folders and test reports on disk; every field can be said otherwise."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from generator.readers import Intake, RunDefaults, read_all

if TYPE_CHECKING:
    from pathlib import Path

    from generator.records import Problem, RunUnit

STAMP = "20260304T050607Z"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
DEFAULTS = RunDefaults(repository="local", workflow="ci", now=NOW)

MANIFEST = {
    "schema": "replaybook.run.v1",
    "repository": "acme/shop",
    "workflow": "nightly",
    "run_id": "812",
    "attempt": 2,
    "started_at": "2026-03-04T05:00:00Z",
    "finished_at": "2026-03-04T06:00:00Z",
    "commit": COMMIT,
    "branch": "main",
    "event": "schedule",
    "url": "https://ci.example/812",
    "expected_parts": ["unit", "integration-0"],
}
TIMES = {"20260304T050607Z", "20260305T050607Z"}

Json = dict[str, object]


def ids(units: tuple[RunUnit, ...]) -> list[str]:
    """Return the run ids of units, in their order."""
    return [unit.run.key.run_id for unit in units]


def write(path: Path, content: object) -> Path:
    """Write text, bytes or JSON, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content if isinstance(content, bytes) else content.encode() if isinstance(content, str) else dumped(content)
    path.write_bytes(data)
    return path


def dumped(value: object) -> bytes:
    """Return JSON as the runner writes it."""
    return json.dumps(value, indent=1).encode()


def environment(**fields: object) -> Json:
    """Return the fields of environment.json."""
    shard = {"kind": "none", "name": "unsharded", "index": None, "total": None}
    return {
        "schema": "pi.e2e.environment.v1",
        "timestamp": STAMP,
        "profile": "full",
        "git_sha": COMMIT[:9],
        "git_branch": "main",
        "artifact_dir": f"/srv/build/{STAMP}",
        "correlation_id": f"{STAMP}-unsharded",
        "shard": shard,
        "vcr_mode": "unset",
        "unit_targets": ["codec"],
        "e2e_suites": ["checkout"],
    } | fields


def result(name: str, exit_code: object = 0, surface: str = "suite", **fields: object) -> Json:
    """Return the fields of result.json."""
    return {
        "schema": "pi.e2e.result.v1",
        "result_kind": surface,
        ("suite" if surface == "suite" else "target"): name,
        "exit_code": exit_code,
        "duration_ms": 1500,
        "passed": 3,
        "failed": 1 if exit_code else 0,
        "ignored": 0,
        "total": 3,
        "timestamp": STAMP,
    } | fields


def summary(units: list[Json] | None = None, suites: list[Json] | None = None, **fields: object) -> Json:
    """Return the fields of summary.json with totals that fit its rows."""
    units = [result("codec", surface="unit")] if units is None else units
    suites = [result("checkout")] if suites is None else suites
    bad_units = [row["target"] for row in units if row["exit_code"]]
    bad_suites = [row["suite"] for row in suites if row["exit_code"]]
    return {
        "schema": "pi.e2e.summary.v1",
        "timestamp": STAMP,
        "profile": "full",
        "total_units": len(units),
        "failed_units": len(bad_units),
        "passed_units": len(units) - len(bad_units),
        "failed_unit_names": bad_units,
        "total_suites": len(suites),
        "failed_suites": len(bad_suites),
        "passed_suites": len(suites) - len(bad_suites),
        "failed_names": bad_suites,
        "unit_targets": units,
        "suites": suites,
    } | fields


def digest(suite: str, **fields: object) -> Json:
    """Return the fields of failure_digest.json."""
    location = {"file": "src/cart.rs", "line": 41, "column": 9}
    return {
        "schema": "pi.e2e.failure_digest.v1",
        "suite": suite,
        "exit_code": 101,
        "root_cause_class": "assertion_failure",
        "impacted_scenario_ids": ["keeps_cart"],
        "first_failing_assertion": {"test": "keeps_cart", "location": location, "message": "cart is empty"},
        "remediation_pointer": {
            "summary": "Look at the cart.",
            "replay_command": f"./scripts/e2e/run_all.sh --suite {suite}",
            "suite_replay_command": f"cargo test --test {suite} -- --nocapture",
            "targeted_test_replay_command": f"cargo test --test {suite} keeps_cart -- --nocapture --exact",
        },
        "timeline": {"event_count": 2},
    } | fields


def event(suite: str, ordinal: int, **fields: object) -> Json:
    """Return one row of failure_timeline.jsonl."""
    head: Json = {"schema": "pi.e2e.failure_timeline_event.v1", "suite": suite, "ordinal": ordinal}
    return head | {"source": "cargo_output", "event_type": "test_result", "message": f"event {ordinal}"} | fields


def lines(rows: list[Json]) -> str:
    """Return rows as JSON lines."""
    return "".join(json.dumps(row) + "\n" for row in rows)


def gate(gate_id: str, status: str = "pass", *, blocking: bool = True, **fields: object) -> Json:
    """Return one gate row."""
    return {"id": gate_id, "name": gate_id.title(), "bead": "b-1", "status": status, "blocking": blocking} | fields


def verdict(*gates: Json, **fields: object) -> Json:
    """Return the fields of full_suite_verdict.json."""
    return {
        "schema": "pi.ci.full_suite_gate.v1",
        "generated_at": "2026-03-04T06:00:00.000Z",
        "verdict": "pass",
        "policy": "all must pass",
        "gates": list(gates),
        "summary": {"total_gates": len(gates), "all_blocking_pass": True},
    } | fields


def junit(name: str = "adds", suite: str = "cart", *, failing: bool = False, timestamp: str = "") -> str:
    """Return a small JUnit report."""
    when = f' timestamp="{timestamp}"' if timestamp else ""
    inner = '<failure message="no">trace</failure>' if failing else ""
    return (
        f'<testsuites><testsuite name="{suite}" tests="1"{when}>'
        f'<testcase classname="shop.{suite}" name="{name}" time="0.5">{inner}</testcase></testsuite></testsuites>'
    )


def write_run(folder: Path, **files: object) -> Path:
    """Write a small complete runner folder: one unit target and one suite, both passing."""
    write(folder / "environment.json", environment())
    write(folder / "summary.json", summary())
    write(folder / "unit/codec/result.json", result("codec", surface="unit"))
    write(folder / "checkout/result.json", result("checkout"))
    for name, content in files.items():
        write(folder / name, content)
    return folder


def read(*paths: Path, defaults: RunDefaults = DEFAULTS) -> Intake:
    """Read everything the paths name."""
    return read_all(paths, defaults)


def only_unit(intake: Intake) -> RunUnit:
    """Return the one run of an intake."""
    (unit,) = intake.units
    return unit


def about(intake: Intake, path: str) -> list[Problem]:
    """Return the problems about a path."""
    return [problem for problem in intake.problems if problem.path == path]
