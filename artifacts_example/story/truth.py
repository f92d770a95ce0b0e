"""What is true about the runs, told from the story and never from the written files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from artifacts_example.story import comparison, gateplan, junit, plan
from artifacts_example.story import faults as f
from artifacts_example.story.world import NEW_SUITE, REMOVED_SUITE, SEED, SUITE_THINGS, UNIT_THINGS, Json, iso_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from artifacts_example.story.outcomes import Outcome
    from artifacts_example.story.plan import CiRun

CHANGE_OF_CATEGORY = {
    "regressions": "new_failure",
    "new_failures": "new_failure",
    "unresolved_failures": "still_failing",
    "fixed": "fixed",
    "removed": "missing",
    "added_pass": "added",
}


def truth(corrupt: Mapping[str, tuple[str, ...]]) -> Json:
    """The whole truth; `corrupt` names the truncated files of a folder, relative to it."""
    runs = plan.all_runs()
    return {
        "seed": SEED,
        "newest": runs[-1].folder,
        "runs": [run_truth(run, corrupt.get(run.folder, ())) for run in runs],
        "streaks": streaks(runs),
        "flaky": flaky(runs),
        "duration_step": duration_step(runs),
        "wide_cause": wide_cause(runs),
        "suites": {
            "added": {"name": NEW_SUITE, "first": _at(runs, plan.NEW_AT)},
            "removed": {"name": REMOVED_SUITE, "last": _at(runs, plan.REMOVED_AT - 1)},
        },
        "gates_through_time": gates_through_time(runs),
        "implausible": [{"folder": _at(runs, 19), "target": "unit:ais_decoder", "failed": 918273, "exit_code": 1}],
        "no_panic": [{"folder": _at(runs, 16), "target": "suite:e2e_chart_render", "exit_code": 139}],
        "unsafe_commands": [
            {
                "folder": run.folder,
                "target": key,
                "text": f"cargo test --test {outcome.name} <unnamed> -- --nocapture --exact",
            }
            for run in runs
            for key, outcome in run.outcomes.items()
            if outcome.fault and outcome.fault.thread == "<unnamed>"
        ],
    }


def _at(runs: tuple[CiRun, ...], number: int) -> str:
    return next(run.folder for run in runs if run.number == number)


def run_truth(run: CiRun, corrupt: tuple[str, ...]) -> Json:
    """One entry of `runs`."""
    rows = gateplan.rows_of(run)
    return {
        "folder": run.folder,
        "run_id": run.run_id,
        "attempt": run.attempt,
        "workflow": run.workflow,
        "branch": run.branch,
        "commit": run.commit,
        "started_at": iso_seconds(run.when),
        "state": run.state,
        "baseline": run.baseline.folder if run.baseline else None,
        "failed_targets": run.failed,
        "failed_cases": [
            f"harbour::{run.outcomes[key].name}::{case}" for key in run.failed if (case := _case(run, key))
        ],
        "flaky_cases": junit.flaky_cases(run),
        "counts": counts(run),
        "changes_vs_previous_nightly": changes(run),
        "triage": triage_truth(run),
        "gates": {row.gate.id: {"status": row.status, "blocking": row.blocking} for row in rows},
        "gate_verdict": gateplan.verdict(rows) if rows else None,
        "waivers": {
            gate: {"status": state, "days_remaining": left}
            for gate, (_, state, left) in gateplan.waivers_of(run).items()
        },
        "commands": {key: narrowest_command(run.outcomes[key]) for key in run.failed},
        "missing_parts": [name for name in plan.PARTS if name not in {p.name for p in run.parts}]
        if run.number in plan.SHARDED
        else [],
        "problems": list(corrupt),
    }


def _case(run: CiRun, key: str) -> str:
    fault = run.outcomes[key].fault
    return fault.case if fault else ""


def counts(run: CiRun) -> Json:
    """Targets by exit code; cases where the run uploaded JUnit files."""
    cases, bad = junit.totals(run), len(run.failed)
    shown: Json | None = None
    if cases:
        shown = {"tests": cases.tests, "passed": cases.passed, "failed": cases.failed}
        shown |= {"errors": cases.errors, "skipped": cases.skipped, "flaky": cases.flaky}
    return {"targets": {"passed": len(run.outcomes) - bad, "failed": bad}, "cases": shown}


def changes(run: CiRun) -> dict[str, list[str]]:
    """What changed against the baseline; all empty where there is none."""
    out: dict[str, list[str]] = {name: [] for name in ("new_failure", "still_failing", "fixed", "missing", "added")}
    for key, kind in comparison.categories(run.baseline, run).items() if run.baseline else ():
        if kind in CHANGE_OF_CATEGORY:
            out[CHANGE_OF_CATEGORY[kind]].append(key)
    return out


def triage_truth(run: CiRun) -> Json | None:
    """Status by the rules and as reported; how many failures the defect hides."""
    if run.diff_from is None or run.state == "aborted" or run.number in plan.SHARDED:
        return None
    right, said = (comparison.compare(run.diff_from, run, defect=defect) for defect in (False, run.triage_defect))
    hidden = sum(right.count(kind) - said.count(kind) for kind in ("regressions", "unresolved_failures"))
    return {
        "baseline": run.diff_from.folder,
        "status": comparison.status(right),
        "reported_status": comparison.status(said),
        "under_reported": hidden,
    }


def narrowest_command(outcome: Outcome) -> str:
    """The narrowest command that is safe to paste: no thread name, no guess where no panic was found."""
    fault = outcome.fault
    if outcome.surface == "suite" and fault and fault.message and not fault.thread:
        return f"cargo test --test {outcome.name} {fault.case} -- --nocapture --exact"
    return f"cargo test --test {outcome.name} -- --nocapture"


def streaks(runs: tuple[CiRun, ...]) -> list[Json]:
    """Unbroken failures of the nightly series; a run without a result for the target neither ends nor extends one."""
    out: list[Json] = []
    for key in [*(f"suite:{s}" for s in SUITE_THINGS), *(f"unit:{u}" for u in UNIT_THINGS)]:
        good: str | None = None
        current: Json | None = None
        for run in (run for run in runs if not run.is_pull_request and key in run.outcomes):
            if run.outcomes[key].exit_code:
                current = current or {
                    "target": key,
                    "last_good": good,
                    "first_bad": run.folder,
                    "last_bad": None,
                    "fixed_in": None,
                }
                current["last_bad"] = run.folder
                continue
            if current:
                out.append({**current, "fixed_in": run.folder})
            good, current = run.folder, None
        out += [current] if current else []
    return out


def flaky(runs: tuple[CiRun, ...]) -> list[Json]:
    """The two flaky tests and the runs that prove it."""
    weather = "suite:e2e_weather_feed"
    failing = [run.folder for run in runs if weather in run.failed]
    pair = [run.folder for run in runs if run.number == plan.RERUN]
    return [
        {
            "kind": "target",
            "name": weather,
            "commit": next(run.commit for run in runs if run.number == plan.RERUN),
            "evidence": pair,
            "failed_in": failing,
        },
        {
            "kind": "case",
            "name": f"harbour::{f.FLAKY_CASE_SUITE}::{f.FLAKY_CASE}",
            "commit": None,
            "evidence": [run.folder for run in runs if junit.flaky_cases(run)],
            "failed_in": [],
        },
    ]


def duration_step(runs: tuple[CiRun, ...]) -> Json:
    """The suite that became slow, with its durations in the nightly series."""
    key = f"suite:{plan.SLOW_SUITE}"
    series = {
        run.folder: run.outcomes[key].duration_ms for run in runs if not run.is_pull_request and key in run.outcomes
    }
    return {"target": key, "factor": plan.SLOW_FACTOR, "first_slow": _at(runs, plan.SLOW_FROM), "duration_ms": series}


def wide_cause(runs: tuple[CiRun, ...]) -> Json:
    """One cause that breaks three suites in the last two runs."""
    targets = [
        key for key, outcome in runs[-1].outcomes.items() if outcome.fault and outcome.fault.message == f.BOARD.message
    ]
    folders = [run.folder for run in runs if targets[0] in run.failed]
    return {
        "message": f.BOARD.message,
        "location": f"{f.BOARD.file}:{f.BOARD.line}",
        "targets": sorted(targets),
        "runs": folders,
    }


def gates_through_time(runs: tuple[CiRun, ...]) -> Json:
    """How many gates there were, and which came and went."""
    judged = [run for run in runs if gateplan.has_gates(run)]
    came = [(gate.id, _at(runs, gate.first)) for gate in gateplan.GATES if gate.first > 1]
    went = [(gate.id, _at(runs, gate.last)) for gate in gateplan.GATES if gate.last < plan.LAST]
    turned = [(g.id, _at(runs, g.blocks_from)) for g in gateplan.GATES if g.blocks_from and g.blocks_from > g.first]
    return {
        "totals": {run.folder: len(gateplan.rows_of(run)) for run in judged},
        "appeared": [{"gate": gate, "first": folder} for gate, folder in came],
        "disappeared": [{"gate": gate, "last": folder} for gate, folder in went],
        "became_blocking": [{"gate": gate, "from": folder} for gate, folder in turned],
        "blocking_failures_in_newest": [
            r.gate.id for r in gateplan.rows_of(runs[-1]) if r.blocking and r.status != "pass"
        ],
        "waived_in_newest": list(gateplan.applied(runs[-1], "full")),
    }
