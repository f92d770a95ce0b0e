"""The example is what `make.py` writes, stays small, and agrees with its own truth."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "artifacts_example"
Json = dict[str, Any]


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


TRUTH: Json = _json(EXAMPLE / "truth.json")
RUNS: list[Json] = TRUTH["runs"]
each_run = pytest.mark.parametrize("run", RUNS, ids=[run["folder"] for run in RUNS])


def _folder(run: Json) -> Path:
    return EXAMPLE / "runs" / str(run["folder"])


def _files() -> list[Path]:
    return sorted(path for path in (EXAMPLE / "runs").rglob("*") if path.is_file())


def _truncated() -> set[Path]:
    return {_folder(run) / name for run in RUNS for name in run["problems"]}


def _results(run: Json) -> dict[str, Json]:
    found = [_json(path) for path in sorted(_folder(run).rglob("result.json"))]
    return {f"{r['result_kind']}:{r.get('suite') or r['target']}": r for r in found if r["result_kind"] != "lib"}


def _summaries(run: Json) -> list[Json]:
    return [_json(path) for path in sorted(_folder(run).rglob("summary.json"))]


def _xml(run: Json) -> list[ET.Element]:
    return [ET.parse(path).getroot() for path in sorted(_folder(run).glob("junit/*.xml"))]  # noqa: S314  # our own files


def _parses(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    try:
        for document in text.splitlines() if path.suffix == ".jsonl" else [text]:
            json.loads(document)
    except ValueError:
        return False
    return True


def test_make_writes_the_same_bytes_again() -> None:
    command = [sys.executable, "-B", str(EXAMPLE / "make.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_the_example_stays_small() -> None:
    files = [*_files(), EXAMPLE / "truth.json"]
    assert sum(path.stat().st_size for path in files) <= 3_000_000
    assert len(files) <= 1800


def test_exactly_the_planted_files_do_not_parse() -> None:
    broken = {path for path in _files() if path.suffix in {".json", ".jsonl"} and not _parses(path)}
    assert broken == _truncated()
    assert len(broken) >= 2


def test_every_run_folder_is_in_the_truth_and_the_reverse() -> None:
    lying = sorted(path.name for path in (EXAMPLE / "runs").iterdir())
    assert lying == sorted(run["folder"] for run in RUNS)
    assert len(lying) >= 32


def test_no_file_names_a_place_on_the_machine_that_made_it() -> None:
    here = str(ROOT)
    assert [path for path in _files() if here in path.read_text(encoding="utf-8")] == []


@each_run
def test_run_json_says_what_the_truth_says(run: Json) -> None:
    wrapper = _json(_folder(run) / "run.json")
    keys = ("run_id", "attempt", "workflow", "branch", "commit", "started_at")
    assert {key: wrapper[key] for key in keys} == {key: run[key] for key in keys}
    present = {path.name for path in (_folder(run) / "tests/e2e_results/ci-shards").glob("*")}
    expected = set(wrapper.get("expected_parts", ()))
    assert sorted(expected - present) == sorted(run["missing_parts"])


@each_run
def test_failed_targets_are_those_with_an_exit_code(run: Json) -> None:
    results = _results(run)
    failed = sorted(key for key, result in results.items() if result["exit_code"])
    assert failed == run["failed_targets"]
    assert run["counts"]["targets"] == {"passed": len(results) - len(failed), "failed": len(failed)}
    named = [*(f"suite:{n}" for s in _summaries(run) for n in s["failed_names"])]
    named += [f"unit:{n}" for s in _summaries(run) for n in s["failed_unit_names"]]
    assert sorted(named) == failed


@each_run
def test_only_failed_targets_left_logs(run: Json) -> None:
    logs = {path.parent.name for path in _folder(run).rglob("output.log")}
    assert logs == {key.split(":")[1] for key in run["failed_targets"]}


@each_run
def test_changes_follow_from_the_results_of_both_runs(run: Json) -> None:
    changes = run["changes_vs_previous_nightly"]
    if run["baseline"] is None:
        assert not any(changes.values())
        return
    before = _results(next(r for r in RUNS if r["folder"] == run["baseline"]))
    now = _results(run)
    bad_then = {key for key, result in before.items() if result["exit_code"]}
    bad_now = {key for key, result in now.items() if result["exit_code"]}
    assert changes == {
        "new_failure": sorted(bad_now - bad_then),
        "still_failing": sorted(bad_now & bad_then),
        "fixed": sorted((bad_then & now.keys()) - bad_now),
        "missing": sorted(before.keys() - now.keys()),
        "added": sorted(now.keys() - before.keys() - bad_now),
    }


@each_run
def test_junit_counts_agree(run: Json) -> None:
    cases = [case for root in _xml(run) for case in root.iter("testcase")]
    expected = run["counts"]["cases"]
    if expected is None:
        assert cases == []
        return
    tags = {"failed": "failure", "errors": "error", "skipped": "skipped", "flaky": "flakyFailure"}
    counted = {name: sum(case.find(tag) is not None for case in cases) for name, tag in tags.items()}
    good = len(cases) - counted["failed"] - counted["errors"] - counted["skipped"]
    assert {"tests": len(cases), "passed": good, **counted} == expected


@each_run
def test_junit_and_native_results_blame_the_same_targets(run: Json) -> None:
    roots = _xml(run)
    if not roots:
        return
    cases = [case for root in roots for case in root.iter("testcase")]
    bad = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    blamed = {str(case.get("classname")).removeprefix("harbour::") for case in bad}
    assert sorted(f"{case.get('classname')}::{case.get('name')}" for case in bad) == sorted(run["failed_cases"])
    assert blamed == {key.split(":")[1] for key in run["failed_targets"]}


@each_run
def test_junit_attributes_agree_with_the_cases(run: Json) -> None:
    for node in (node for root in _xml(run) for node in root.iter("testsuite")):
        cases = list(node.iter("testcase"))
        assert node.get("tests") == str(len(cases))
        assert node.get("failures") == str(sum(case.find("failure") is not None for case in cases))


@each_run
def test_gates_agree(run: Json) -> None:
    path = _folder(run) / "tests/full_suite_gate/full_suite_verdict.json"
    if not path.is_file():
        assert (run["gates"], run["gate_verdict"], run["waivers"]) == ({}, None, {})
        return
    data = _json(path)
    assert {g["id"]: {"status": g["status"], "blocking": g["blocking"]} for g in data["gates"]} == run["gates"]
    held = all(g["status"] == "pass" for g in data["gates"] if g["blocking"])
    lost = any(g["status"] == "fail" for g in data["gates"])
    assert data["verdict"] == run["gate_verdict"] == ("fail" if not held else "warn" if lost else "pass")


@each_run
def test_waiver_states_follow_from_their_dates(run: Json) -> None:
    path = _folder(run) / "tests/suite_classification.toml"
    if not path.is_file():
        assert run["waivers"] == {}
        return
    today = datetime.fromisoformat(str(run["started_at"])).date()
    states = {}
    for gate, table in tomllib.loads(path.read_text(encoding="utf-8")).get("waiver", {}).items():
        left = (date.fromisoformat(table["expires"]) - today).days
        assert (date.fromisoformat(table["expires"]) - date.fromisoformat(table["created"])).days <= 30
        state = "expired" if left < 0 else "expiring_soon" if left <= 3 else "active"
        states[gate] = {"status": state, "days_remaining": left}
    assert states == run["waivers"]
    audit = _json(_folder(run) / "tests/full_suite_gate/waiver_audit.json")
    assert {w["gate_id"]: w["status"] for w in audit["waivers"]} == {g: s["status"] for g, s in states.items()}


@each_run
def test_every_command_runs_its_own_target_and_no_thread(run: Json) -> None:
    assert sorted(run["commands"]) == run["failed_targets"]
    for key, command in run["commands"].items():
        assert command.startswith(f"cargo test --test {key.split(':')[1]} ")
        assert not set(command) & set("<>|&;$`'\"")


@each_run
def test_the_triage_step_hides_exactly_what_the_truth_says(run: Json) -> None:
    paths = list(_folder(run).rglob("triage_diff.json"))
    if run["triage"] is None:
        assert paths == []
        return
    data = _json(paths[0])
    sides = (data["unit_targets"], data["suites"])
    hidden = [r for side in sides for r in side["stable_pass"] if r["current_exit_code"]]
    assert len(hidden) == run["triage"]["under_reported"]
    assert data["status"] == run["triage"]["reported_status"]


def test_the_aborted_run_left_three_files_of_the_runner() -> None:
    run = next(run for run in RUNS if run["state"] == "aborted")
    names = sorted(path.name for path in _folder(run).rglob("*") if path.is_file())
    assert names == ["build.log", "ci_shard_manifest.json", "environment.json", "run.json"]
