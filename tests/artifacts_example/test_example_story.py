"""The story of the example, as its truth tells it, is what its files show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "artifacts_example"
Json = dict[str, Any]


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


TRUTH: Json = _json(EXAMPLE / "truth.json")
RUNS: list[Json] = TRUTH["runs"]
NEWEST = RUNS[-1]


def _results(run: Json) -> dict[str, Json]:
    folder = EXAMPLE / "runs" / str(run["folder"])
    found = [_json(path) for path in sorted(folder.rglob("result.json"))]
    return {f"{r['result_kind']}:{r.get('suite') or r['target']}": r for r in found if r["result_kind"] != "lib"}


def test_streaks_begin_after_the_last_good_run_and_end_where_they_say() -> None:
    for streak in TRUTH["streaks"]:
        states = [(r["folder"], streak["target"] in r["failed_targets"]) for r in RUNS if r["workflow"] == "nightly"]
        tested = [(f, bad) for f, bad in states if streak["target"] in _results({"folder": f})]
        names = [f for f, _ in tested]
        first, last = names.index(streak["first_bad"]), names.index(streak["last_bad"])
        assert all(bad for _, bad in tested[first : last + 1])
        assert (names[first - 1], tested[first - 1][1]) == (streak["last_good"], False)
        assert streak["fixed_in"] == (names[last + 1] if last + 1 < len(names) else None)


def test_the_flaky_target_disagrees_with_itself_on_one_commit() -> None:
    flaky = next(entry for entry in TRUTH["flaky"] if entry["kind"] == "target")
    pair = [run for run in RUNS if run["folder"] in flaky["evidence"]]
    assert {run["commit"] for run in pair} == {flaky["commit"]}
    assert [flaky["name"] in run["failed_targets"] for run in pair] == [True, False]


def test_the_slow_suite_steps_up_once() -> None:
    step = TRUTH["duration_step"]
    series: dict[str, int] = step["duration_ms"]
    before = [ms for folder, ms in series.items() if folder < step["first_slow"]]
    after = [ms for folder, ms in series.items() if folder >= step["first_slow"]]
    assert min(after) > 1.8 * max(before)
    assert sum(after) / len(after) / (sum(before) / len(before)) == pytest.approx(step["factor"], rel=0.1)
    for folder, ms in series.items():
        assert _results({"folder": folder})[step["target"]]["duration_ms"] == ms


def test_one_cause_breaks_three_suites_with_the_same_message() -> None:
    wide = TRUTH["wide_cause"]
    assert len(wide["targets"]) == 3
    for folder in wide["runs"]:
        digests = [_json(path) for path in (EXAMPLE / "runs" / folder).rglob("failure_digest.json")]
        blamed = {f"suite:{d['suite']}" for d in digests if d["first_failing_assertion"]["message"] == wide["message"]}
        assert blamed == set(wide["targets"])


def test_the_newest_run_has_failures_of_every_age() -> None:
    changes = NEWEST["changes_vs_previous_nightly"]
    assert changes["new_failure"]
    assert changes["still_failing"]
    assert NEWEST["flaky_cases"]
    assert {w["status"] for w in NEWEST["waivers"].values()} == {"active", "expiring_soon", "expired"}
    assert TRUTH["gates_through_time"]["blocking_failures_in_newest"]
    assert NEWEST["triage"]["under_reported"] == len(NEWEST["failed_targets"])
    assert NEWEST["problems"]


def test_gates_grow_from_eleven_to_fourteen() -> None:
    totals = list(TRUTH["gates_through_time"]["totals"].values())
    assert (totals[0], totals[-1]) == (11, 14)
    assert TRUTH["gates_through_time"]["appeared"]
    assert TRUTH["gates_through_time"]["disappeared"]


def test_odd_results_are_where_the_truth_puts_them() -> None:
    odd = TRUTH["implausible"][0]
    result = _results(odd)[odd["target"]]
    assert (result["failed"], result["exit_code"]) == (odd["failed"], odd["exit_code"])
    crash = TRUTH["no_panic"][0]
    digest = _json(next((EXAMPLE / "runs" / crash["folder"]).rglob("e2e_chart_render/failure_digest.json")))
    assert (digest["exit_code"], digest["first_failing_assertion"]["location"]["line"]) == (crash["exit_code"], 0)
    for unsafe in TRUTH["unsafe_commands"]:
        suite = unsafe["target"].removeprefix("suite:")
        digest = _json(next((EXAMPLE / "runs" / unsafe["folder"]).rglob(f"{suite}/failure_digest.json")))
        assert digest["remediation_pointer"]["targeted_test_replay_command"] == unsafe["text"]
