"""The triage step's file: targets by category, most urgent first, with commands."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from artifacts_example.story.comparison import FAILING, SCORES, mirrored, semantic_entries, status
from artifacts_example.story.diagnostics import RUNNER
from artifacts_example.story.timelines import target_folder
from artifacts_example.story.world import WORKFLOWS, Json, iso_python, schema

if TYPE_CHECKING:
    from artifacts_example.story.comparison import Comparison


def ranked(pair: Comparison) -> list[Json]:
    """Every target, most urgent first."""
    rows: list[tuple[int, str, str, Json]] = []
    for key, filed in pair.categories.items():
        surface, name = key.split(":")
        label, score = SCORES[filed]
        row: Json = {
            "surface": surface,
            "name": name,
            "severity": label,
            "priority_score": score,
            **_evidence(pair, key),
        }
        row["recommended_command"] = f"cargo test --test {name} -- --nocapture"
        rows.append((-score, surface, name, row))
    return [{**row, "rank": n} for n, (*_, row) in enumerate(sorted(rows, key=lambda r: r[:3]), 1)]


def _evidence(pair: Comparison, key: str) -> Json:
    out: Json = {}
    for side, part in (("baseline", pair.base), ("current", pair.now)):
        outcome = part.run.outcomes.get(key)
        out[f"{side}_exit_code"] = outcome.exit_code if outcome else None
        kept = outcome is not None and (part is pair.now or outcome.exit_code)
        out[f"{side}_log_file"] = f"{part.foreign}/{target_folder(outcome)}/output.log" if outcome and kept else ""
    return out


def _side(pair: Comparison, surface: str) -> Json:
    out: Json = {
        f"{w}_total": sum(k.startswith(surface) for k in part.run.outcomes)
        for w, part in (("baseline", pair.base), ("current", pair.now))
    }
    for kind in SCORES:
        keys = [key for key, filed in pair.categories.items() if filed == kind and key.startswith(surface)]
        out[kind] = [{"name": key.split(":")[1], **_evidence(pair, key)} for key in keys]
    return out


def counts(pair: Comparison) -> Json:
    """The `summary` object."""
    states = [row["status"] for row in mirrored(pair)]
    return {
        "regression_count": pair.count("regressions"),
        "new_failure_count": pair.count("new_failures"),
        "unresolved_failure_count": pair.count("unresolved_failures"),
        "fixed_count": pair.count("fixed"),
        "unit_regression_count": pair.count("regressions", "unit"),
        "suite_regression_count": pair.count("regressions", "suite"),
        "semantic_mismatch_count": sum(bool(entry["unresolved"]) for entry in semantic_entries(pair)),
        "mirrored_evaluated_workflow_count": len(states),
        "mirrored_semantic_mismatch_workflow_count": states.count("semantic_mismatch"),
        "mirrored_incomplete_workflow_count": states.count("incomplete_mirroring"),
    }


def triage_diff(pair: Comparison, typed_baseline: str) -> Json:
    """triage_diff.json; `typed_baseline` is the baseline path as the operator typed it."""
    entries, flows, units, suites = semantic_entries(pair), mirrored(pair), pair.failing("unit"), pair.failing("suite")
    states = [row["status"] for row in flows]
    return {
        "schema": schema("e2e.triage_diff.v1"),
        "generated_at": iso_python(pair.now.run.finished + timedelta(seconds=9)),
        "status": status(pair),
        "baseline_summary_path": typed_baseline,
        "current_summary_path": f"{pair.now.foreign}/summary.json",
        "baseline_artifact_dir": pair.base.foreign,
        "current_artifact_dir": pair.now.foreign,
        "summary": counts(pair),
        "unit_targets": _side(pair, "unit"),
        "suites": _side(pair, "suite"),
        "focus": {"unit_targets": units, "suites": suites},
        "semantic_diffs": {
            "schema": schema("e2e.semantic_diff.v1"),
            "unresolved_count": sum(bool(entry["unresolved"]) for entry in entries),
            "entries": entries,
        },
        "mirrored_scenarios": {
            "schema": schema("e2e.mirrored_scenarios.v1"),
            "scenario_matrix_path": "docs/e2e_scenario_matrix.json",
            "summary": {
                "covered_workflow_candidates": len(WORKFLOWS),
                "evaluated_workflows": len(flows),
                "aligned_workflows": states.count("aligned"),
                "semantic_mismatch_workflows": states.count("semantic_mismatch"),
                "incomplete_mirroring_workflows": states.count("incomplete_mirroring"),
            },
            "workflows": flows,
        },
        "ranked_diagnostics": ranked(pair),
        "recommended_commands": _recommended(pair, entries),
    }


def _recommended(pair: Comparison, entries: list[Json]) -> Json:
    units, suites = pair.failing("unit"), pair.failing("suite")
    words = [RUNNER, *([f"--unit-target {u}" for u in units] or ["--skip-unit"]), *(f"--suite {s}" for s in suites)]
    urgent = [row for row in ranked(pair) if row["severity"] in {SCORES[kind][0] for kind in FAILING}]
    return {
        "runner_repro_command": " ".join(words) if urgent else "",
        "target_commands": {f"{row['surface']}:{row['name']}": row["recommended_command"] for row in urgent},
        "ranked_repro_commands": [row["recommended_command"] for row in urgent],
        "semantic_focus_commands": [entry["recommended_command"] for entry in entries if entry["unresolved"]],
    }
