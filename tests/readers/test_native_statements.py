"""Evidence files of the gate family hold only where both their verdict and their rows say so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import (
    artifact_retention,
    bead_coverage,
    certification_dossier,
    conformance_summary,
    dropin_verdict,
    evidence_bundle,
    evidence_contract,
    extension_profile_matrix,
    family_events,
    gate_promotion,
    health_delta,
    maintenance_dashboard,
    must_pass_gate,
    opportunity_matrix,
    parameter_sweeps,
    platform_report,
    practical_finish,
    release_readiness,
    remediation_backlog,
    scenario_matrix,
    sec_conformance,
    shard_summary,
    smoke_summary,
    soak_report,
    test_health,
)
from generator.records import Level
from tests.readers.in_memory import artifact
from tests.readers.native_files import WHEN, Json, lines, messages, reading_of, statement_of, without

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.plugins import Reader, Reading

ALL: tuple[Reader, ...] = (
    *(artifact_retention, bead_coverage, certification_dossier, conformance_summary, dropin_verdict, evidence_bundle),
    *(evidence_contract, extension_profile_matrix, gate_promotion, health_delta, maintenance_dashboard),
    *(must_pass_gate, opportunity_matrix, parameter_sweeps, platform_report, practical_finish, release_readiness),
    *(remediation_backlog, scenario_matrix, sec_conformance, shard_summary, smoke_summary, soak_report, test_health),
)


def numbers(reading: Reading) -> dict[str, float]:
    return dict(statement_of(reading).numbers)


# --- evidence bundle ---------------------------------------------------------


def bundle(verdict: str, *states: str, **fields: object) -> Reading:
    rows = [{"id": name, "status": state} for name, state in zip(("a", "b", "lineage"), states, strict=False)]
    document = {"schema": "pi.ci.evidence_bundle.v1", "sections": rows, "summary": {"verdict": verdict}} | fields
    return reading_of(evidence_bundle, "index.json", document, "evidence_bundle")


@pytest.mark.parametrize(
    ("verdict", "states", "ok"),
    [
        ("complete", ("present", "present", "present"), True),
        ("partial", ("present", "missing", "present"), True),
        ("complete", ("present", "missing", "present"), True),  # the missing one may not be required
        ("complete", ("present", "invalid", "present"), False),
        ("insufficient", ("present", "present", "invalid"), False),
        ("partial", ("present", "present", "invalid"), False),
        ("partial", ("missing", "missing", "missing"), False),
        ("splendid", ("present", "present", "present"), False),
        ("", ("present", "present", "present"), False),
    ],
)
def test_a_bundle_holds_when_its_sections_allow_a_verdict_that_is_enough(
    verdict: str, states: tuple[str, ...], ok: object
) -> None:
    assert statement_of(bundle(verdict, *states)).ok is ok


def test_a_bundle_whose_sections_contradict_its_verdict_names_both() -> None:
    assert "says complete, but its sections make it partial or insufficient" in messages(
        bundle("complete", "present", "invalid")
    )


def test_a_bundle_with_an_invalid_lineage_is_insufficient_whatever_it_says() -> None:
    said = bundle("complete", "present", "present", "invalid")
    assert "says complete, but its sections make it insufficient" in messages(said)


def test_a_bundle_with_wrong_totals_does_not_hold() -> None:
    said = bundle("complete", "present", summary={"verdict": "complete", "total_sections": 9})
    assert statement_of(said).ok is False
    assert "states `total_sections` 9, but its rows make 1" in messages(said)


def test_an_index_is_a_bundle_only_by_its_schema_or_cut_off_in_the_folder_of_bundles() -> None:
    assert not evidence_bundle.recognises(artifact("index.json", '{"sections": []}', ("evidence_bundle",)))
    assert not evidence_bundle.recognises(artifact("index.json", '{"sections"', ("docs",)))
    assert evidence_bundle.recognises(artifact("index.json", '{"sections"', ("tests", "evidence_bundle")))


# --- backlog, issues, work items ---------------------------------------------


def backlog(*states: str, **summary: object) -> Reading:
    rows = [{"extension_id": f"ext-{n}", "status": state, "severity": "low"} for n, state in enumerate(states)]
    todo = states.count("actionable")
    head = {"total_non_pass_extensions": len(rows), "actionable": todo, "non_actionable": len(rows) - todo}
    document = {"schema": "pi.qa.extension_remediation_backlog.v1", "generated_at": WHEN, "entries": rows}
    return reading_of(remediation_backlog, "backlog.json", document | {"summary": head | summary})


def test_an_empty_backlog_is_legal() -> None:
    assert statement_of(backlog()).ok is True


@pytest.mark.parametrize("field", ["total_non_pass_extensions", "actionable", "non_actionable"])
@pytest.mark.parametrize("value", [7, None])
def test_a_backlog_whose_totals_are_not_its_entries_does_not_hold(field: str, value: object) -> None:
    said = backlog("actionable", "tracked_non_actionable", **{field: value})
    assert statement_of(said).ok is False
    assert field in messages(said)


def test_backlogs_of_one_time_and_different_content_are_different_statements() -> None:
    one, other = statement_of(backlog("actionable")), statement_of(backlog("actionable", "actionable"))
    assert one.generated_at == other.generated_at
    assert one != other


def finish(status: str, technical: int, docs: int = 0, **fields: object) -> Reading:
    issues = {
        f"{scope}_open_issues": [{"id": f"{scope}-{n}", "title": "Do it"} for n in range(count)]
        for scope, count in (("technical", technical), ("docs_or_report", docs))
    }
    counts = {
        "technical_open_count": technical,
        "docs_or_report_open_count": docs,
        "open_perf3x_count": technical + docs,
    }
    document = {"schema": "pi.perf3x.practical_finish_checkpoint.v1", "status": status} | counts | issues | fields
    return reading_of(practical_finish, "practical_finish_checkpoint.json", document)


@pytest.mark.parametrize(
    ("status", "technical", "docs", "ok", "warned"),
    [
        ("pass", 0, 3, True, False),
        ("pass", 1, 0, False, True),
        ("fail", 2, 0, False, False),
        ("fail", 0, 1, False, True),
        ("fail", 0, 0, False, False),  # the source could not be read
    ],
)
def test_the_finish_is_reached_when_no_technical_issue_is_open(
    status: str, technical: int, docs: int, ok: object, warned: object
) -> None:
    said = finish(status, technical, docs)
    assert (statement_of(said).ok, bool(said.problems)) == (ok, warned)


def test_an_open_issue_that_is_listed_counts_though_the_count_says_none() -> None:
    assert statement_of(finish("pass", 1, technical_open_count=0, open_perf3x_count=0)).ok is False


def test_work_items_without_evidence_are_named_and_an_audit_of_nothing_does_not_pass() -> None:
    document: Json = {"schema": "pi.perf3x.bead_coverage.audit.v1", "status": "pass", "row_count": 0, "rows": []}
    empty = reading_of(bead_coverage, "audit.json", document | {"missing_evidence_count": 0, "missing_evidence": []})
    assert statement_of(empty).ok is False
    assert "says pass, but it has no rows" in messages(empty)
    rows = {"row_count": 1, "rows": [{"bead": "b-1"}], "missing_evidence": ["b-1"], "missing_evidence_count": 1}
    lost = reading_of(bead_coverage, "audit.json", document | rows)
    assert [(row.id, row.ok) for row in statement_of(lost).rows] == [("b-1", False)]


# --- gates and certification -------------------------------------------------


def platform(claim: object, *checks: tuple[str, str]) -> Reading:
    rows = [{"id": f"c{n}", "status": status, "policy": policy} for n, (status, policy) in enumerate(checks)]
    document = {"schema": "pi.ci.cross_platform_matrix.v1", "platform": "linux", "checks": rows}
    return reading_of(platform_report, "platform_report.json", document | {"summary": {"all_required_pass": claim}})


@pytest.mark.parametrize(
    ("claim", "checks", "ok", "warned"),
    [
        (True, [("pass", "required"), ("unsupported", "informational")], True, False),
        (True, [("pass", "required"), ("fail", "informational")], True, False),
        (True, [("pass", "required"), ("skip", "required")], False, True),
        (False, [("pass", "required"), ("fail", "required")], False, False),
        (False, [("pass", "required")], False, True),
        (True, [], False, True),
        (True, [("pass", "informational")], False, True),
        (None, [("pass", "required")], False, True),
        (True, [("pass", "")], True, False),  # a check without a policy is required
    ],
)
def test_a_platform_holds_when_every_required_check_passed_and_it_says_so(
    claim: object, checks: list[tuple[str, str]], ok: object, warned: object
) -> None:
    said = platform(claim, *checks)
    assert (statement_of(said).ok, bool(said.problems)) == (ok, warned)


def dropin(word: str, *gates: Json, reasons: tuple[str, ...] = ()) -> Reading:
    document = {"schema": "pi.dropin.certification_verdict.v1", "generated_at_utc": WHEN, "overall_verdict": word}
    rows = {"hard_gate_results": list(gates), "blocking_reasons": list(reasons)}
    return reading_of(dropin_verdict, "verdict.json", document | rows)


@pytest.mark.parametrize(
    ("word", "gates", "ok", "warned"),
    [
        ("CERTIFIED", [{"gate_id": "a", "status": "pass", "blocking": True}], True, False),
        ("CERTIFIED", [{"gate_id": "a", "status": "fail", "blocking": False}], True, False),
        ("CERTIFIED", [{"gate_id": "a", "status": "skip", "blocking": True}], False, True),
        ("CERTIFIED", [{"gate_id": "G01", "status": "blocked", "reason": "waits"}], False, True),
        ("CERTIFIED", [], False, True),
        ("NOT_CERTIFIED", [{"gate_id": "a", "status": "fail", "blocking": True}], False, False),
        ("NOT_CERTIFIED", [{"gate_id": "a", "status": "pass", "blocking": True}], False, True),
    ],
)
def test_certified_is_only_what_no_blocking_gate_contradicts(
    word: str, gates: list[Json], ok: object, warned: object
) -> None:
    said = dropin(word, *gates)
    assert (statement_of(said).ok, bool(said.problems)) == (ok, warned)


def test_a_refused_certificate_that_gives_its_reason_contradicts_nothing() -> None:
    said = dropin("NOT_CERTIFIED", {"gate_id": "a", "status": "pass"}, reasons=("claims are overdrawn",))
    assert (said.problems, statement_of(said).summary) == ((), "claims are overdrawn")
    made = statement_of(said).generated_at
    assert made is not None
    assert made.isoformat() == "2026-03-04T06:00:00+00:00"


def must_pass(status: str, **fields: object) -> Reading:
    document = {
        "schema": "pi.ext.must_pass_gate.v1",
        "status": status,
        "thresholds": {"min_pass_rate_pct": 100.0, "max_failures": 0},
        "observed": {"must_pass_tested": 4, "must_pass_failed": 0, "must_pass_pass_rate_pct": 100.0},
        "checks": [{"id": "min_pass_rate", "actual": 100.0, "threshold": 100.0, "ok": True}],
        "blocking_failures": [],
    }
    return reading_of(must_pass_gate, "must_pass_gate_verdict.json", document | fields)


def test_the_must_pass_gate_holds_when_nothing_speaks_against_it() -> None:
    said = must_pass("pass")
    assert (statement_of(said).ok, said.problems) == (True, ())


@pytest.mark.parametrize(
    "fields",
    [
        {"blocking_failures": [{"extension_id": "a"}]},
        {"checks": [{"id": "min_pass_rate", "actual": 100.0, "threshold": 100.0, "ok": False}]},
        {"checks": [{"id": "min_pass_rate", "actual": 10.0, "threshold": 100.0, "ok": True}]},
        {"checks": [{"id": "max_failures", "actual": 3, "threshold": 0, "ok": True}]},
        {"checks": [{"id": "rate", "ok": "yes"}]},
        {"observed": {"must_pass_tested": 0}},
        {"observed": {"must_pass_failed": 1}},
        {"observed": {"must_pass_pass_rate_pct": 99.9}},
    ],
)
def test_a_must_pass_gate_that_says_pass_against_its_own_numbers_does_not_hold(fields: Json) -> None:
    said = must_pass("pass", **fields)
    assert statement_of(said).ok is False
    assert said.problems


def test_a_blocking_failure_offers_its_command_as_that_of_a_test() -> None:
    row = {"extension_id": "ext-1", "reproduce_command": "cargo test --test ext -- ext_1"}
    (_, found) = statement_of(must_pass("fail", blocking_failures=[row])).rows
    assert found.command is not None
    assert (found.command.level, found.command.text) == (Level.TEST, "cargo test --test ext -- ext_1")


@pytest.mark.parametrize(
    ("verdict", "rate", "least", "ok", "warned"),
    [
        ("pass", 95.0, None, True, False),
        ("pass", 94.9, None, False, True),
        ("pass", 94.9, 90.0, True, False),
        ("fail", 50.0, None, False, False),
        ("pass", None, None, False, True),
    ],
)
def test_security_conformance_needs_95_percent_where_the_file_says_nothing_else(
    verdict: str, rate: float | None, least: float | None, ok: object, warned: object
) -> None:
    document = {"schema": "pi.sec.compatibility_conformance.v1", "verdict": verdict}
    said = reading_of(sec_conformance, "sec.json", document | {"pass_rate_pct": rate, "threshold_pct": least})
    assert (statement_of(said).ok, bool(said.problems)) == (ok, warned)


def test_a_rollback_softens_a_failure_but_does_not_make_it_hold() -> None:
    checks = [{"id": "min_pass_rate_pct", "actual": 70.0, "threshold": 80.0, "ok": False}]
    document = {"schema": "pi.ci.gate_promotion.v1", "mode": "rollback", "status": "rollback_warning", "checks": checks}
    soft = reading_of(gate_promotion, "ci_gate_promotion_v1.json", document)
    assert (statement_of(soft).ok, soft.problems) == (False, ())
    strict = reading_of(gate_promotion, "ci_gate_promotion_v1.json", document | {"mode": "strict"})
    assert "in the mode strict" in messages(strict)


@pytest.mark.parametrize(("verdict", "ok"), [("pass_with_residuals", True), ("fail", False), ("", False)])
def test_a_dossier_holds_by_its_verdict(verdict: str, ok: object) -> None:
    document = {"schema": "pi.qa.certification_dossier.v1", "verdict": verdict, "closure_questions": {}}
    assert statement_of(reading_of(certification_dossier, "certification_dossier.json", document)).ok is ok


# --- conformance -------------------------------------------------------------


def conformance(counts: Mapping[str, object], rate: float, **fields: object) -> Reading:
    document = {"schema": "pi.ext.conformance_summary.v2", "counts": counts, "pass_rate_pct": rate, "per_tier": {}}
    return reading_of(conformance_summary, "conformance_summary.json", document | fields)


def test_a_full_rate_of_few_shows_its_coverage_beside_it() -> None:
    said = numbers(conformance({"total": 223, "pass": 60, "fail": 0, "na": 163}, 100.0))
    assert (said["pass_rate_pct"], said["coverage_pct"], said["not_tested"]) == (100.0, 26.91, 163)


@pytest.mark.parametrize(("rate", "basis"), [(90.0, "tested"), (45.0, "total"), (70.0, "unknown")])
def test_a_pass_rate_is_told_by_what_it_is_a_part_of(rate: float, basis: str) -> None:
    said = conformance({"total": 20, "pass": 9, "fail": 1, "na": 10}, rate)
    assert dict(statement_of(said).facts)["pass_rate_of"] == basis
    assert (statement_of(said).ok is False) == (basis == "unknown")


@pytest.mark.parametrize(
    "tiers", [{"gold": {"pass": 9, "fail": 1, "na": 0}}, [{"tier": "gold", "pass": 9, "fail": 1, "skip": 0}]]
)
def test_tiers_are_a_map_or_a_list(tiers: object) -> None:
    said = conformance({"total": 20, "pass": 9, "fail": 1, "na": 10}, 90.0, per_tier=tiers)
    assert [(row.id, row.value, row.ok) for row in statement_of(said).rows] == [
        ("gold", "9 pass, 1 fail, 0 not tested", False)
    ]


def test_counts_that_do_not_add_up_are_named() -> None:
    assert "states `counts.total` 30, but its rows make 20" in messages(
        conformance({"total": 30, "pass": 9, "fail": 1, "na": 10}, 90.0)
    )


@pytest.mark.parametrize("version", [2, 3])
def test_both_versions_of_the_summary_and_the_baseline_are_read(version: int) -> None:
    counts = {"total": 2, "pass": 2, "fail": 0, "na": 0}
    said = conformance(counts, 100.0, schema=f"ra.ext.conformance_summary.v{version}")
    assert said.schema_id == f"ra.ext.conformance_summary.v{version}"
    base = conformance(counts, 100.0, schema="pi.ext.conformance_baseline.v2")
    assert dict(statement_of(base).facts)["kind"] == "baseline"
    with pytest.raises(UnreadableError, match="v9"):
        conformance(counts, 100.0, schema="pi.ext.conformance_summary.v9")


def test_a_change_holds_when_nothing_got_worse() -> None:
    document: Json = {"schema": "pi.ext.health_delta.v1", "fixes": [{"extension_id": "a"}], "regressions": []}
    assert statement_of(reading_of(health_delta, "d.json", document)).ok is True
    worse = document | {"regressions": ["b"]}
    assert statement_of(reading_of(health_delta, "d.json", worse)).ok is False
    new = document | {"new_extensions": [{"extension_id": "c", "delta_type": "new_failure"}]}
    assert statement_of(reading_of(health_delta, "d.json", new)).ok is False


# --- what a run leaves -------------------------------------------------------


def contract(status: str, **fields: object) -> Reading:
    document = {"schema": "pi.evidence.contract.v1", "status": status, "checks": [], "errors": [], "warnings": []}
    return reading_of(evidence_contract, "evidence_contract.json", document | fields)


@pytest.mark.parametrize(
    ("status", "fields", "ok", "warned"),
    [
        ("pass", {}, True, False),
        ("pass", {"warnings": ["w"]}, True, False),
        ("pass", {"warnings": ["w"], "strict_conformance": True}, False, True),
        ("pass", {"errors": ["e"]}, False, True),
        ("fail", {"errors": ["e"]}, False, False),
        ("fail", {}, False, True),
        ("pass", {"checks": [{"id": "a", "ok": False}], "strict_conformance": True}, False, True),
    ],
)
def test_the_evidence_of_a_run_holds_when_no_error_is_listed(
    status: str, fields: Json, ok: object, warned: object
) -> None:
    said = contract(status, **fields)
    assert (statement_of(said).ok, bool(said.problems)) == (ok, warned)


def test_another_contract_of_that_name_is_not_taken() -> None:
    other = json.dumps({"schema": "pi.qa.evidence_contract.v1", "checks": [], "run_summary": {}})
    assert not evidence_contract.recognises(artifact("evidence_contract.json", other))


def test_of_a_huge_contract_the_failing_checks_are_kept_and_the_rest_is_counted() -> None:
    checks = [{"id": f"c{n}", "ok": n != 2_999} for n in range(3_000)]
    said = statement_of(contract("fail", checks=checks, errors=[f"e{n}" for n in range(900)]))
    assert [row.id for row in said.rows if row.ok is False][-1] == "c2999"
    assert len(said.rows) == 500
    assert said.rows_left_out == 3_000 + 900 - 500
    assert dict(said.numbers)["errors"] == 900


@pytest.mark.parametrize(
    ("status", "flag", "ok"), [("ready", True, True), ("ready", False, False), ("not_ready", False, False)]
)
def test_a_run_is_ready_when_status_and_flag_agree(status: str, flag: object, ok: object) -> None:
    document = {"schema": "pi.e2e.release_readiness.v1", "status": status, "overall_ready": flag, "known_risks": []}
    said = reading_of(release_readiness, "release_readiness_summary.json", document)
    assert statement_of(said).ok is ok
    assert bool(said.problems) == (status == "ready" and not flag)


@pytest.mark.parametrize("stem", ["soak_longevity", "soak_longevity_report"])
@pytest.mark.parametrize(
    ("status", "passed", "failed", "ok"),
    [
        ("pass", True, [], True),
        ("pass", True, ["x"], False),
        ("missing_prerequisites", True, [], False),
        ("missing_prerequisites", False, ["no_input"], False),
    ],
)
def test_a_soak_holds_when_it_ran_and_no_check_failed(
    stem: str, status: str, passed: object, failed: list[str], ok: object
) -> None:
    document = {"schema": f"pi.e2e.{stem}.v1", "status": status, "pass": passed, "failed_checks": failed}
    said = reading_of(soak_report, "soak_longevity_report.json", document)
    assert statement_of(said).ok is ok
    assert bool(said.problems) == (passed is True and ok is False)


@pytest.mark.parametrize("families", [{"e2e": 30}, [{"family": "e2e", "retention_days": 30}], {"e2e": {"days": 30}}])
def test_retention_is_days_by_family_in_any_shape(families: object) -> None:
    document = {"generated_at": "2026-03-04T06:00:00.104729311+00:00", "families": families}
    said = reading_of(artifact_retention, "artifact_retention_report.json", document)
    assert numbers(said) == {"retention_days.e2e": 30}
    assert not artifact_retention.recognises(artifact("report.json", json.dumps(document)))


def shards(**fields: object) -> Json:
    metrics = {"total_shards": 4, "failed_shards": 0, "pass_rate": 1.0, "failure_signature_count": 0}
    return {"schema": "pi.ci.shard_summary.v1", "metrics": metrics | fields, "failures": []}


@pytest.mark.parametrize(
    ("fields", "ok", "warned"),
    [
        ({}, True, False),
        ({"failed_shards": 1, "pass_rate": 0.75}, False, False),
        ({"failed_shards": 1, "pass_rate": 1.0}, False, True),
        ({"pass_rate": 0.75}, False, False),  # one was cancelled
        ({"total_shards": 0}, False, True),
    ],
)
def test_shards_hold_when_there_are_some_and_all_succeeded(fields: Json, ok: object, warned: object) -> None:
    said = reading_of(shard_summary, "ci-shard-summary.json", shards(**fields))
    assert (statement_of(said).ok, bool(said.problems)) == (ok, warned)
    same = shards(**fields) | {"schema": "pi.ci.test_health_dashboard.v1"}
    assert statement_of(reading_of(test_health, "h.json", same)).ok is ok


def test_a_failed_target_makes_the_smoke_check_fail_though_it_says_pass() -> None:
    document: Json = {"schema": "pi.smoke.summary.v1", "status": "pass", "targets": [{"target": "a", "exit_code": 0}]}
    assert statement_of(reading_of(smoke_summary, "s.json", document)).ok is True
    bad = document | {"targets": [{"target": "a", "exit_code": 101, "status": "pass"}]}
    assert statement_of(reading_of(smoke_summary, "s.json", bad)).ok is False
    assert statement_of(reading_of(smoke_summary, "s.json", document | {"targets": []})).ok is False


# --- plans -------------------------------------------------------------------


def sweeps(status: str, ready: object, *reasons: str, **fields: object) -> Json:
    names = ("flush_cadence_ms", "queue_max_items", "compaction_quota_mb")
    return {
        "schema": "pi.perf.parameter_sweeps.v1",
        "source_identity": {"source_artifact": "phase1_matrix_validation"},
        "readiness": {"status": status, "ready_for_phase5": ready, "blocking_reasons": list(reasons)},
        "selected_defaults": {"queue_max_items": 512},
        "sweep_plan": {"dimensions": [{"name": name, "candidate_values": [1, 2]} for name in names]},
    } | fields


@pytest.mark.parametrize(
    ("document", "ok"),
    [
        (sweeps("ready", True), True),
        (sweeps("blocked", False, "no data"), True),
        (sweeps("ready", False), False),
        (sweeps("ready", True, "no data"), False),
        (sweeps("blocked", False), False),
        (sweeps("blocked", True, "no data"), False),
        (sweeps("maybe", True), False),
        (sweeps("ready", True, source_identity={"source_artifact": "by_hand"}), False),
        (sweeps("ready", True, sweep_plan={"dimensions": []}), False),
        (sweeps("ready", True, selected_defaults={"queue_max_items": 0}), False),
        (sweeps("ready", True, selected_defaults={"queue_max_items": "many"}), False),
    ],
)
def test_sweeps_keep_to_their_contract_ready_or_blocked(document: Json, ok: object) -> None:
    said = reading_of(parameter_sweeps, "parameter_sweeps.json", document)
    assert statement_of(said).ok is ok
    assert bool(said.problems) != ok


@pytest.mark.parametrize(
    ("status", "decision", "ok"),
    [
        ("ready", "SELECT", True),
        ("blocked", "NO_DECISION", True),
        ("blocked", "SELECT", False),
        ("ready", "NO_DECISION", False),
        ("ready", "", False),
    ],
)
def test_an_opportunity_is_decided_exactly_when_there_is_data(status: str, decision: str, ok: object) -> None:
    readiness = {"status": status, "blocking_reasons": [] if status == "ready" else ["no data"]}
    document = {"schema": "pi.perf.opportunity_matrix.v1", "decision": decision, "readiness": readiness}
    assert statement_of(reading_of(opportunity_matrix, "opportunity_matrix.json", document)).ok is ok


@pytest.mark.parametrize(
    ("row", "ok"),
    [
        ({"status": "covered", "suite_ids": ["a"]}, None),
        ({"status": "covered", "test_paths": ["a"]}, None),
        ({"status": "covered"}, False),
        ({"status": "waived", "waiver_reason": "no sandbox"}, None),
        ({"status": "waived"}, False),
        ({"status": "planned"}, None),
        ({"status": "wished"}, False),
    ],
)
@pytest.mark.parametrize("version", [1, 2])
def test_a_workflow_is_covered_by_something_waived_for_a_reason_or_planned(row: Json, ok: object, version: int) -> None:
    document = {"schema": f"pi.e2e.scenario_matrix.v{version}", "rows": [{"workflow_id": "w"} | row]}
    assert statement_of(reading_of(scenario_matrix, "e2e_scenario_matrix.json", document)).ok is ok


def test_a_dashboard_keeps_its_newest_points() -> None:
    points = [{"date_utc": f"day {n}", "overall_verdict": "CERTIFIED", "open_beads": n} for n in range(600)]
    document = {"schema": "pi.operations.maintenance_dashboard.v1", "metrics": {}, "trend_history": points}
    said = statement_of(reading_of(maintenance_dashboard, "maintenance-dashboard.json", document))
    assert (said.rows[-1].id, len(said.rows), said.rows_left_out) == ("day 599", 500, 100)


def test_a_profile_that_failed_makes_the_matrix_fail() -> None:
    document = {
        "schema": "pi.e2e.extension_profile_matrix.v1",
        "status": "pass",
        "profiles": [{"id": "ci", "failed": 1}],
    }
    said = reading_of(extension_profile_matrix, "extension_profile_matrix.json", document)
    assert statement_of(said).ok is False
    assert "says pass, but 1 of its rows failed" in messages(said)


# --- events ------------------------------------------------------------------


def test_events_are_counted_by_status_and_failures_are_kept_up_to_a_limit() -> None:
    rows: list[Json] = [{"schema": "pi.ext.gate_event.v1", "id": f"e{n}", "status": "FAIL"} for n in range(250)]
    said = statement_of(reading_of(family_events, "events.jsonl", lines(*rows, rows[0] | {"status": "pass"})))
    assert (dict(said.numbers)["status.fail"], len(said.rows), said.rows_left_out) == (250, 200, 50)
    assert said.rows[0].ok is False


def test_memory_in_stress_events_is_in_bytes_whatever_its_field_is_called() -> None:
    said = reading_of(family_events, "stress_events.jsonl", lines({"event": 0, "rss_kb": 58_100_224}, {"event": 1}))
    assert numbers(said)["rss_bytes.max"] == 58_100_224


def test_events_with_readers_of_their_own_are_not_taken() -> None:
    for schema in ("pi.e2e.failure_timeline_event.v1", "pi.ci.full_suite_gate_event.v1", "pi.test.log.v2"):
        assert not family_events.recognises(artifact("events.jsonl", lines({"schema": schema}), ("evidence_bundle",)))


def test_a_torn_last_event_is_said_and_the_others_are_used() -> None:
    said = reading_of(family_events, "certification_events.jsonl", lines({"gate_id": "a", "status": "fail"}) + '{"ga')
    assert "torn last line" in messages(said)
    assert [row.id for row in statement_of(said).rows] == ["a"]


# --- all of them -------------------------------------------------------------


@pytest.mark.parametrize("reader", ALL, ids=lambda reader: reader.NAME)
def test_a_document_with_nothing_in_it_never_holds(reader: Reader) -> None:
    schema = f"pi.{reader.KIND.stem}.v{reader.KIND.version}"  # type: ignore[attr-defined]
    try:
        said = statement_of(reading_of(reader, "x.json", {"schema": schema}))
    except UnreadableError:
        return
    assert said.ok is not True


def test_rows_beyond_what_is_looked_at_keep_a_file_from_holding() -> None:
    said = platform(True, *[("pass", "required")] * 10_001)
    assert statement_of(said).ok is False
    assert "of which the first 10000 were looked at" in messages(said)


def test_hostile_text_is_made_harmless_and_a_secret_is_masked() -> None:
    row = {"id": "a\x1b[31m\u202e", "status": "pass", "policy": "required", "reason": "password=hunter2secret"}
    document = {"schema": "pi.ci.cross_platform_matrix.v1", "checks": [row], "summary": {"all_required_pass": True}}
    (found,) = statement_of(reading_of(platform_report, "platform_report.json", document)).rows
    assert "\x1b" not in found.id
    assert "\u202e" not in found.id
    assert "hunter2secret" not in found.detail


NAMES = st.sampled_from(
    [
        *("sections", "summary", "verdict", "status", "checks", "entries", "rows", "gates", "hard_gate_results", "id"),
        *("observed", "thresholds", "blocking_failures", "readiness", "blocking_reasons", "source_identity", "counts"),
        *("per_tier", "metrics", "trend_history", "families", "errors", "warnings", "known_risks", "remediation"),
        *("failures", "targets", "profiles", "sweep_plan", "dimensions", "selected_defaults", "pass", "ok", "actual"),
        *("regressions", "fixes", "closure_questions", "evidence_artifacts", "missing_evidence", "pass_rate_pct"),
        *("top_failure_signatures", "samples", "flake_candidates", "technical_open_issues", "technical_open_count"),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("reader", ALL, ids=lambda reader: reader.NAME)
@given(fields=st.dictionaries(NAMES, VALUES, max_size=6))
@settings(max_examples=20, deadline=None)
def test_any_value_in_known_fields_is_read_or_refused_politely(reader: Reader, fields: Json) -> None:
    kind = reader.KIND  # type: ignore[attr-defined]
    document = {"schema": f"pi.{kind.stem}.v{kind.version}"} | without(fields, "schema")
    try:
        said = reader.read(artifact(kind.file or "index.json", json.dumps(document)))
    except UnreadableError:
        return
    assert statement_of(said).kind == reader.NAME
