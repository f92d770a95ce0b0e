"""Six months of fabricated gate evidence, read and analysed, against what is true about it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest

from generator.analysis import gate_history
from generator.analysis.gate_sources import main_report, recompute
from generator.analysis.prepare import prepare
from generator.config import Settings
from generator.findings import Verdict
from generator.history import open_store
from generator.readers import RunDefaults, read_all
from generator.safety.ids import parse_stamp
from tests.shared import shared

if TYPE_CHECKING:
    from pathlib import Path

    from generator.analysis.frames import Prepared
    from generator.findings import GateEvidence, GateSource

pytestmark = pytest.mark.shared

Point = dict[str, Any]
OWN_COMMAND = "full_suite_verdict.gates.reproduce_command"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    maker = shared("native", "make.py")
    folder = tmp_path_factory.mktemp("gates") / "made"
    subprocess.run([sys.executable, maker, folder, "--only", "gates"], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def prepared(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    defaults = RunDefaults(repository="local", workflow="ci", now=datetime(2026, 9, 1, tzinfo=UTC))
    store = open_store(tmp_path_factory.mktemp("store") / "history", create=True)
    for unit in read_all([made], defaults).units:
        when = parse_stamp(unit.run.key.run_id.partition("-")[0])  # the truth tells age from the stamp of the folder
        store.append(replace(unit, run=unit.run.model_copy(update={"started_at": when})))
    return prepare(store.snapshot(), Settings())


@pytest.fixture(scope="module")
def points(made: Path, prepared: Prepared) -> list[tuple[int, Point, GateEvidence]]:
    """Return (position of the run, truth, evidence) of every point, in the order of the commits."""
    truth = json.loads((made / "truth.json").read_text(encoding="utf-8"))["gates"]
    places = {run.run_id: place for place, run in enumerate(prepared.runs)}
    found = [places[PurePosixPath(point["folder"]).name] for point in truth]
    return [(place, point, gate_history.collect(prepared, place)) for place, point in zip(found, truth, strict=True)]


def source(evidence: GateEvidence, family: str) -> GateSource:
    return next(item for item in evidence.sources if item.family == family)


def test_every_point_is_one_run_of_its_branch(
    prepared: Prepared, points: list[tuple[int, Point, GateEvidence]]
) -> None:
    assert len(prepared.runs) == len(points) == 44
    assert [place for place, _, _ in points] == list(range(44))
    assert [prepared.runs[place].branch for place, _, _ in points] == [point["branch"] for _, point, _ in points]


def test_verdict_and_summary_follow_from_the_rows(
    prepared: Prepared, points: list[tuple[int, Point, GateEvidence]]
) -> None:
    for place, point, evidence in points:
        found = source(evidence, "full_suite")
        assert (found.recomputed_verdict, found.agrees) == (point["verdict"], True), point["folder"]
        report = main_report(item for unit in prepared.evidence(place) for item in unit.gate_reports)
        assert report is not None
        assert recompute(report.gates)[1] == {name: int(number) for name, number in point["summary"].items()}
        assert (found.blocking_pass, found.blocking_total, found.gates) == tuple(
            point["summary"][name] for name in ("blocking_pass", "blocking_total", "total_gates")
        )


def test_every_gate_has_its_status_and_blocks_or_not(points: list[tuple[int, Point, GateEvidence]]) -> None:
    for _, point, evidence in points:
        rows = {row.gate_id: {"status": row.recorded_status, "blocking": row.blocking} for row in evidence.rows}
        assert rows == point["gates"], point["folder"]


def test_age_and_staleness(points: list[tuple[int, Point, GateEvidence]]) -> None:
    for _, point, evidence in points:
        found = source(evidence, "full_suite")
        assert (found.age_days, found.stale) == (point["age_days"], point["stale"]), point["folder"]
        unknown = all(row.verdict is Verdict.UNKNOWN and row.missing_evidence for row in evidence.rows)
        assert unknown == point["stale"]


def test_waivers_have_their_states_and_days(points: list[tuple[int, Point, GateEvidence]]) -> None:
    for _, point, evidence in points:
        found = {
            item.gate_id: {"status": item.state, "days_remaining": item.days_remaining} for item in evidence.waivers
        }
        assert found == point["waivers"], point["folder"]
        counts = {state: sum(item.state == state for item in evidence.waivers) for state in STATES}
        assert counts == {state: point["waiver_counts"][state] for state in STATES}
        assert all(item.state == item.reported_state for item in evidence.waivers)


STATES = ("active", "expired", "expiring_soon", "invalid")


def test_the_lanes_are_recomputed(points: list[tuple[int, Point, GateEvidence]]) -> None:
    for _, point, evidence in points:
        full, fast = source(evidence, "certification"), source(evidence, "preflight")
        assert full.can_promote == point["can_promote"], point["folder"]
        assert full.agrees, point["folder"]
        assert fast.agrees, point["folder"]
        assert list(full.waivers_applied) == point["waivers_applied"]["full"]
        assert list(fast.waivers_applied) == point["waivers_applied"]["preflight"]
        assert fast.recomputed_verdict == point["preflight_verdict"], point["folder"]
        assert (fast.first_failure or None) == point["preflight_first_failure"], point["folder"]


def test_failing_gates_have_their_commands_and_only_safe_ones_can_be_copied(
    points: list[tuple[int, Point, GateEvidence]],
) -> None:
    for _, point, evidence in points:
        failing = {row.gate_id: row for row in evidence.rows if row.recorded_status == "fail"}
        own = {
            gate: command for gate, row in failing.items() for command in row.commands if command.source == OWN_COMMAND
        }
        truth = {item["for"].removeprefix("gate:"): item for item in point["commands"]}
        assert {gate: (item.text, item.copyable, item.portable) for gate, item in own.items()} == {
            gate: (item["text"], item["safe"], item["portable"]) for gate, item in truth.items()
        }, point["folder"]
        assert sorted(failing.keys() - own.keys()) == sorted(point["gates_without_command"])
        for gate in point["gates_without_command"]:
            assert "no command" in failing[gate].reason


def test_through_time_a_gate_is_absent_where_it_was_not_evaluated(
    points: list[tuple[int, Point, GateEvidence]],
) -> None:
    evidence = points[-1][2]
    assert len(evidence.runs) == 44
    for row in evidence.rows:
        known = [point["gates"].get(row.gate_id, {"status": "absent", "blocking": None}) for _, point, _ in points]
        assert [{"status": item.status, "blocking": item.blocking} for item in row.history] == known, row.gate_id


def test_streaks_begin_after_the_last_pass_on_the_branch(points: list[tuple[int, Point, GateEvidence]]) -> None:
    for number, (_, point, evidence) in enumerate(points):
        for row in evidence.rows:
            first = None
            for _, earlier, of_it in points[number::-1]:
                status = earlier["gates"].get(row.gate_id, {}).get("status")
                if earlier["branch"] != point["branch"] or status is None:
                    continue
                if status == "pass":
                    break
                first = of_it.runs[-1]
            assert row.since == first, (point["folder"], row.gate_id)
