"""Fabricated gate histories are read as their truth says."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from generator.records import GateFamily, PartState

if TYPE_CHECKING:
    from generator.records import GateReport, RunUnit
    from tests.readers.native_world import World

pytestmark = pytest.mark.shared


def family(unit: RunUnit, wanted: GateFamily) -> GateReport:
    (report,) = (report for report in unit.evidence.gate_reports if report.family is wanted)
    return report


def test_gate_verdicts_rows_and_summaries(world: World) -> None:
    for truth, unit in world.gates():
        report = family(unit, GateFamily.FULL_SUITE)
        rows = {row.gate_id: {"status": row.status, "blocking": row.blocking} for row in report.gates}
        assert rows == truth["gates"]
        assert report.verdict == truth["verdict"]
        assert dict(report.summary) == {name: int(value) for name, value in truth["summary"].items()}
        assert report.generated_at == datetime.fromisoformat(truth["generated_at"])
        assert [gate for gate, _ in report.event_statuses] == [row.gate_id for row in report.gates]


def test_gate_lanes_waivers_and_promotion(world: World) -> None:
    for truth, unit in world.gates():
        lane, fast = family(unit, GateFamily.CERTIFICATION), family(unit, GateFamily.PREFLIGHT)
        assert lane.can_promote is truth["can_promote"]
        assert list(lane.waivers_applied) == truth["waivers_applied"]["full"]
        assert list(fast.waivers_applied) == truth["waivers_applied"]["preflight"]
        assert fast.verdict == truth["preflight_verdict"]
        assert fast.first_failure == (truth["preflight_first_failure"] or "")


def test_waivers_are_joined_by_gate(world: World) -> None:
    owners = 0
    for truth, unit in world.gates():
        (audit,) = unit.evidence.waiver_audits
        found = {e.gate_id: {"status": e.status, "days_remaining": e.days_remaining} for e in audit.entries}
        assert found == truth["waivers"]
        assert audit.total == truth["waiver_counts"]["total_waivers"]
        owners += sum(bool(entry.owner and entry.expires) for entry in audit.entries)
    assert owners > 0


def test_gate_points_have_commit_branch_and_failed_gates_of_their_bundle(world: World) -> None:
    for truth, unit in world.gates():
        assert truth["commit"].startswith(unit.run.commit)
        assert len(unit.run.commit) >= 9
        assert unit.run.branch == truth["branch"]
        (part,) = unit.run.parts
        assert (part.name, part.state) == ("gates", PartState.GATES)
        (bundle,) = unit.evidence.bundles
        assert bundle.flavour == "gate"
        failing = truth["failing_blocking"] + truth["failing_non_blocking"]
        assert {failure.name for failure in bundle.failures} == set(failing)


def test_a_gate_point_is_as_old_as_its_folder_says_even_when_its_verdict_is_older(world: World) -> None:
    ages = set()
    for truth, unit in world.gates():
        assert unit.run.started_at == datetime.fromisoformat(truth["committed"])
        ages.add((unit.run.started_at - datetime.fromisoformat(truth["generated_at"])).days)
    assert max(ages) > 30


def test_gate_commands_are_kept_as_text(world: World) -> None:
    for truth, unit in world.gates():
        rows = {row.gate_id: row.command for row in family(unit, GateFamily.FULL_SUITE).gates}
        for command in truth["commands"]:
            assert rows[command["for"].removeprefix("gate:")] == command["text"]
        for gate in truth["gates_without_command"]:
            assert rows[gate] == ""
