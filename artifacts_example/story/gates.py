"""The files of the gate job: verdict, lanes, waiver audit and the classification with its waiver tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from artifacts_example.story.diagnostics import RUSTC
from artifacts_example.story.gateplan import GATES, WITHOUT_COMMAND, applied, rows_of, summary, verdict, waivers_of
from artifacts_example.story.world import SYSTEMS, Json, dense, iso_millis, lines, schema, stamp

if TYPE_CHECKING:
    from artifacts_example.story.gateplan import Gate, GateRow, Waiver
    from artifacts_example.story.plan import CiRun


def _command(gate: Gate) -> str:
    return gate.command or f"cargo test --test ci_gates -- {gate.id} --nocapture --exact"


def _row_json(row: GateRow, waived: tuple[str, ...] = ()) -> Json:
    gate, detail = row.gate, f"WAIVED: {row.detail}" if row.gate.id in waived else row.detail
    out: Json = {
        "id": gate.id,
        "name": gate.name,
        "bead": f"hb-g{GATES.index(gate) + 1:02d}",
        "status": row.status,
        "blocking": row.blocking,
        "artifact_path": gate.artifact or f"docs/evidence/{gate.id}.json",
    }
    if detail:
        out["detail"] = detail
    if gate.id not in WITHOUT_COMMAND:
        out["reproduce_command"] = _command(gate)
    return out


def gate_files(run: CiRun) -> dict[str, str]:
    """Every file of the gate job, by its path below the folder of the CI run."""
    rows, at = rows_of(run), iso_millis(run.finished)
    if not rows:
        return {}
    events: list[Json] = []
    for row in rows:
        shown = _row_json(row)
        event: Json = {
            "schema": schema("ci.full_suite_gate_event.v1"),
            "gate_id": row.gate.id,
            "gate_name": row.gate.name,
        }
        events.append(
            {**event, **{key: shown[key] for key in ("bead", "status", "blocking", "artifact_path")}, "ts": at}
        )
    full: Json = {
        "schema": schema("ci.full_suite_gate.v1"),
        "generated_at": at,
        "verdict": verdict(rows),
        "policy": "all blocking gates must pass",
        "gates": [_row_json(row) for row in rows],
        "summary": summary(rows),
    }
    files = {
        "full_suite_verdict.json": dense(full),
        "full_suite_events.jsonl": lines(events),
        "preflight_verdict.json": dense(preflight(run)),
        "certification_verdict.json": dense(certification(run)),
        "waiver_audit.json": dense(audit(run)),
        "replay_bundle.json": dense(replay_bundle(run)),
    }
    return {f"tests/full_suite_gate/{name}": text for name, text in files.items()} | {
        "tests/suite_classification.toml": classification(run)
    }


def audit(run: CiRun) -> Json:
    """waiver_audit.json; the raw list is in another order than the states, so join them by gate."""
    found = waivers_of(run)
    states = [state for _, state, _ in found.values()]
    raw: list[Json] = [{"gate_id": gate, **_table(waiver)} for gate, (waiver, _, _) in sorted(found.items())]
    return {
        "schema": schema("ci.waiver_audit.v1"),
        "generated_at": iso_millis(run.finished),
        "total_waivers": len(raw),
        **{state: states.count(state) for state in ("active", "expired", "expiring_soon", "invalid")},
        "waivers": [
            {"gate_id": gate, "status": state, "days_remaining": left} for gate, (_, state, left) in found.items()
        ],
        "raw_waivers": raw,
    }


def _table(waiver: Waiver) -> dict[str, str]:
    return {
        "owner": "quay-team",
        "created": waiver.created,
        "expires": waiver.expires,
        "bead": waiver.bead,
        "reason": waiver.reason,
        "scope": waiver.scope,
        "remove_when": waiver.remove_when,
    }


def preflight(run: CiRun) -> Json:
    """The fast lane: stops at the first blocking gate that fails without a waiver."""
    waived = applied(run, "preflight")
    seen: list[GateRow] = []
    first: list[GateRow] = []
    for row in rows_of(run):
        if row.blocking and not first:
            seen.append(row)
            first += [row] if row.status in {"fail", "warn"} and row.gate.id not in waived else []
    states = [row.status for row in seen if row.gate.id not in waived]
    used = [row.gate.id for row in seen if row.gate.id in waived]
    return {
        "schema": schema("ci.preflight_lane.v1"),
        "lane": "preflight",
        "generated_at": iso_millis(run.finished),
        "verdict": "fail" if first else "pass",
        "policy": "stop at the first blocking failure",
        "gates_evaluated": len(seen),
        "first_failure": _row_json(first[0]) if first else None,
        "blocking_gates": [_row_json(row, waived) for row in seen],
        "waivers_applied": used,
        "summary": {
            "blocking_pass": states.count("pass"),
            "blocking_fail": len(first),
            "blocking_skip": states.count("skip"),
            "blocking_waived": len(used),
            "blocking_total": len(seen),
            "fail_fast_triggered": bool(first),
        },
    }


def certification(run: CiRun) -> Json:
    """The full lane: every gate, living waivers applied, and whether the build may be promoted."""
    rows, waived, found = rows_of(run), applied(run, "full"), audit(run)
    blockers = [row.gate.id for row in rows if row.blocking and row.status != "pass" and row.gate.id not in waived]
    template = "cargo test --test ci_gates -- {} --nocapture --exact"
    return {
        "schema": schema("ci.certification_lane.v1"),
        "lane": "full",
        "generated_at": iso_millis(run.finished),
        "verdict": verdict(rows, waived),
        "policy": "all gates, living waivers applied",
        "gates": [_row_json(row, waived) for row in rows],
        "waiver_audit": found,
        "waivers_applied": list(waived),
        "summary": {**summary(rows), "waived": len(waived)},
        "promotion_rules": {
            "can_promote": not blockers and not found["expired"] and not found["invalid"],
            "blocker_gates": blockers,
            "waiver_gates": list(waived),
            "conditions": ["every blocking gate passes or is waived", "no waiver is expired or invalid"],
        },
        "rerun_guidance": {
            "preflight_command": template.format("preflight_lane"),
            "full_command": template.format("certification_lane"),
            "single_gate_template": template.format("<gate_id>"),
        },
    }


def replay_bundle(run: CiRun) -> Json:
    """The gate flavour of the replay bundle."""
    rows = rows_of(run)
    bad: list[Json] = [
        {
            "gate_id": row.gate.id,
            "gate_name": row.gate.name,
            "reproduce_command": "" if row.gate.id in WITHOUT_COMMAND else _command(row.gate),
        }
        for row in rows
        if row.status == "fail"
    ]
    return {
        "schema": schema("e2e.replay_bundle.v1"),
        "generated_at": iso_millis(run.finished),
        "correlation_id": f"replay-bundle-{stamp(run.finished)}",
        "source_summary_path": "tests/full_suite_gate/full_suite_verdict.json",
        "one_command_replay": "cargo test --test ci_gates -- full_suite_gate --nocapture --exact",
        "environment": {
            "profile": "full",
            "shard_kind": "none",
            "shard_index": None,
            "shard_total": None,
            "rustc_version": RUSTC,
            "cargo_target_dir": "target",
            "vcr_mode": "unset",
            "git_sha": run.commit if run.late else run.commit[:9],
            "git_branch": run.branch,
            "os": SYSTEMS[run.host],
        },
        "failed_suites": [],
        "failed_unit_targets": [],
        "failed_gates": bad,
        "summary": {
            "total_failed_suites": 0,
            "total_failed_units": 0,
            "total_failed_gates": len(bad),
            "all_commands_reference_valid_targets": True,
        },
    }


def classification(run: CiRun) -> str:
    """suite_classification.toml with the waiver tables of that day."""
    units = sorted(name for part in run.parts for name in part.units)
    suites = sorted(name for part in run.parts for name in part.suites)
    recorded = [name for name in suites if name == "e2e_weather_feed"]
    groups = (("unit", units), ("vcr", recorded), ("e2e", [name for name in suites if name not in recorded]))
    blocks = [f"[suite.{name}]\nfiles = [{', '.join(quoted(stem) for stem in stems)}]\n" for name, stems in groups]
    for gate, (waiver, _, _) in waivers_of(run).items():
        blocks.append(
            f"[waiver.{gate}]\n" + "".join(f"{key} = {quoted(value)}\n" for key, value in _table(waiver).items())
        )
    return "\n".join(blocks)


def quoted(text: str) -> str:
    """A TOML string; the texts of the story hold no quote and no backslash."""
    return f'"{text}"'
