"""The evidence files of a fabricated gate history hold exactly where its truth says so."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from generator.readers import (
    bead_coverage,
    conformance_summary,
    dropin_verdict,
    evidence_bundle,
    must_pass_gate,
    parameter_sweeps,
    perf_budget_events,
    perf_budgets,
    platform_report,
    practical_finish,
    quarantine_report,
    remediation_backlog,
    suite_classification,
)
from generator.records import QuarantineReport, SuiteClassification
from tests.readers.in_memory import artifact
from tests.readers.native_files import measured, statement_of
from tests.shared import shared

if TYPE_CHECKING:
    from pathlib import Path

    from generator.plugins import Reader, Reading

pytestmark = pytest.mark.shared

Point = tuple[dict[str, Any], "Path"]
"""What is true of a point of the gate history, and its folder."""

JUDGED: tuple[tuple[str, Reader, str], ...] = (
    ("cross_platform", platform_report, "tests/cross_platform_reports/linux/platform_report.json"),
    ("ext_must_pass", must_pass_gate, "tests/ext_conformance/reports/gate/must_pass_gate_verdict.json"),
    ("evidence_bundle", evidence_bundle, "tests/evidence_bundle/index.json"),
    ("practical_finish_checkpoint", practical_finish, "tests/full_suite_gate/practical_finish_checkpoint.json"),
    ("perf3x_bead_coverage", bead_coverage, "tests/full_suite_gate/perf3x_bead_coverage_audit.json"),
    ("parameter_sweeps_integrity", parameter_sweeps, "tests/perf/reports/parameter_sweeps.json"),
)
"""Gates that judge one file, the file's reader, and where it lies."""


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> list[Point]:
    out = tmp_path_factory.mktemp("gates") / "out"
    options = ["--emitter", "late", "--triage", "intended", "--seed", "5", "--only", "gates"]
    subprocess.run([sys.executable, "-B", shared("native", "make.py"), out, *options], check=True, capture_output=True)
    truth = json.loads((out / "truth.json").read_text(encoding="utf-8"))
    return [(point, out / point["folder"]) for point in truth["gates"]]


def said(reader: Reader, path: Path) -> Reading:
    """Return what is read of a file, which its reader must recognise."""
    file = artifact(path.name, path.read_bytes(), path.parent.parts[-2:])
    assert reader.recognises(file)
    return reader.read(file)


@pytest.mark.parametrize(("gate", "reader", "path"), JUDGED, ids=[gate for gate, _, _ in JUDGED])
def test_evidence_holds_where_the_gate_that_judges_it_passed(
    points: list[Point], gate: str, reader: Reader, path: str
) -> None:
    held = set()
    for _, folder in points:
        rows = json.loads((folder / "tests/full_suite_gate/certification_verdict.json").read_bytes())["gates"]
        status = {row["id"]: row["status"] for row in rows}.get(gate)
        if status is not None:
            ok = (folder / path).exists() and statement_of(said(reader, folder / path)).ok is True
            assert ok == (status == "pass")
            held.add(ok)
    assert True in held


def test_a_certificate_that_is_missing_or_refused_is_a_trigger_for_releases(points: list[Point]) -> None:
    for truth, folder in points:
        path = folder / "docs/evidence/dropin-certification-verdict.json"
        ok = path.exists() and statement_of(said(dropin_verdict, path)).ok is True
        found = "dropin_not_certified" if path.exists() else "dropin_missing"
        assert truth["conditional_triggers"] == ([] if ok else [found])


def test_backlogs_and_conformance_add_up_although_tiers_come_in_two_shapes(points: list[Point]) -> None:
    bases = set()
    for _, folder in points:
        backlog = said(remediation_backlog, folder / "tests/full_suite_gate/extension_remediation_backlog.json")
        assert (statement_of(backlog).ok, backlog.problems) == (True, ())
        summary = said(conformance_summary, folder / "tests/ext_conformance/reports/conformance_summary.json")
        assert summary.problems == ()
        assert [row.id for row in statement_of(summary).rows] == ["gold", "silver"]
        bases.add(dict(statement_of(summary).facts)["pass_rate_of"])
    assert bases == {"tested", "total"}


def test_quarantine_and_waivers_of_the_policy_file_are_those_of_the_truth(points: list[Point]) -> None:
    invalid = 0
    for truth, folder in points:
        (report,) = said(quarantine_report, folder / "tests/quarantine_report.json").records
        assert isinstance(report, QuarantineReport)
        assert {entry.name: entry.status for entry in report.entries} == truth["quarantine"]
        (policy,) = said(suite_classification, folder / "tests/suite_classification.toml").records
        assert isinstance(policy, SuiteClassification)
        assert {entry.name for entry in policy.quarantine if not entry.invalid} == truth["quarantine"].keys()
        found = {entry.gate_id for entry in policy.waivers if entry.status == "invalid"}
        assert found == {name for name, waiver in truth["waivers"].items() if waiver["status"] == "invalid"}
        assert {entry.gate_id for entry in policy.waivers} == truth["waivers"].keys()
        invalid += len(found)
    assert invalid > 0


def test_budgets_without_data_are_gaps_in_both_files(points: list[Point]) -> None:
    gaps = 0
    for _, folder in points:
        summary = dict(statement_of(said(perf_budgets, folder / "tests/perf/reports/budget_summary.json")).numbers)
        events = measured(said(perf_budget_events, folder / "tests/perf/reports/budget_events.jsonl")).measurements
        assert sum(found.value is None for found in events) == summary["no_data"]
        gaps += int(summary["no_data"])
    assert gaps > 0
