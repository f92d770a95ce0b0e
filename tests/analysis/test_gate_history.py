"""What CI recorded about gates: verdicts by its own rows, age, streaks and the grid through time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from generator.analysis import gate_history, gate_sources
from generator.analysis.prepare import prepare
from generator.config import Settings
from generator.findings import Verdict
from generator.records import (
    BundleFailure,
    Evidence,
    GateFamily,
    GateReport,
    GateRow,
    Level,
    ReplayBundle,
    SourceCommand,
    WaiverAudit,
    WaiverEntry,
)
from tests.builders import START, part, snapshot, target, unit

if TYPE_CHECKING:
    from generator.analysis.frames import Prepared
    from generator.findings import GateVerdict
    from generator.records import RunUnit

COMMAND = "cargo test --test ci_gates -- must_pass --nocapture --exact"


def row(gate: str = "must_pass", status: str = "pass", *, blocking: bool = True, command: str = COMMAND) -> GateRow:
    return GateRow(gate_id=gate, name=gate.title(), status=status, blocking=blocking, command=command)


def report(*rows: GateRow, day: float = 1, **more: object) -> GateReport:
    verdict, summary = gate_sources.recompute(rows)
    fields: dict[str, object] = {
        "part": "",
        "family": GateFamily.FULL_SUITE,
        "generated_at": START + timedelta(days=day - 1, minutes=30),
        "verdict": verdict,
        "gates": rows,
        "summary": tuple(sorted(summary.items())),
        "path": "tests/full_suite_gate/full_suite_verdict.json",
    }
    return GateReport.model_validate(fields | more)


def run(day: float, *reports: GateReport, branch: str = "main", workflow: str = "ci", **more: object) -> RunUnit:
    return unit(
        str(int(day * 10)),
        day,
        [target("suite:a")],
        branch=branch,
        workflow=workflow,
        parts=[part()],
        evidence=Evidence.model_validate({"gate_reports": reports, **more}),
    )


def history(*units: RunUnit, settings: Settings | None = None) -> Prepared:
    return prepare(snapshot(*units), settings or Settings())


def only(prepared: Prepared, index: int = -1) -> GateVerdict:
    (found,) = gate_history.collect(prepared, range(len(prepared.runs))[index]).rows
    return found


@pytest.mark.parametrize(
    ("status", "blocking", "verdict", "missing"),
    [
        ("pass", True, Verdict.PASS, False),
        ("fail", True, Verdict.FAIL, False),
        ("fail", False, Verdict.FAIL, False),
        ("warn", True, Verdict.FAIL, False),
        ("warn", False, Verdict.UNKNOWN, False),
        ("skip", True, Verdict.UNKNOWN, True),
        ("blocked", True, Verdict.UNKNOWN, True),
        ("", False, Verdict.UNKNOWN, True),
    ],
)
def test_only_pass_is_a_pass(status: str, blocking: bool, verdict: Verdict, missing: bool) -> None:  # noqa: FBT001
    found = only(history(run(1, report(row(status=status, blocking=blocking)))))
    assert (found.verdict, found.missing_evidence, found.blocking) == (verdict, missing, blocking)
    assert (found.expected, found.actual, found.recorded_status) == ("pass", status, status)
    assert found.policy == gate_history.POLICY


def test_the_verdict_of_a_file_follows_from_its_rows() -> None:
    blocked = [row(), row("b", "warn")]
    assert gate_sources.recompute(blocked)[0] == "fail"
    assert gate_sources.recompute([row(), row("b", "fail", blocking=False)])[0] == "warn"
    assert gate_sources.recompute([row(), row("b", "skip", blocking=False)])[0] == "pass"
    assert gate_sources.recompute(blocked)[1] == {
        "total_gates": 2,
        "passed": 1,
        "failed": 0,
        "warned": 1,
        "skipped": 0,
        "blocking_pass": 1,
        "blocking_total": 2,
        "all_blocking_pass": 0,
    }


def test_a_file_without_rows_passes_nothing() -> None:
    (source,) = gate_history.collect(history(run(1, report(verdict="pass"))), 0).sources
    assert (source.recomputed_verdict, source.agrees) == ("unknown", False)


def test_a_file_that_contradicts_its_rows_is_said_to_do_so() -> None:
    honest = report(row(status="fail"))
    cases = {
        True: honest,
        False: honest.model_copy(update={"verdict": "pass"}),
    }
    for agrees, item in cases.items():
        (source,) = gate_history.collect(history(run(1, item)), 0).sources
        assert (source.recomputed_verdict, source.agrees) == ("fail", agrees)
    other_sum = honest.model_copy(update={"summary": (("passed", 7),)})
    assert not gate_history.collect(history(run(1, other_sum)), 0).sources[0].agrees
    unknown_name = honest.model_copy(update={"summary": (("surprise", 7),)})
    assert gate_history.collect(history(run(1, unknown_name)), 0).sources[0].agrees


def test_without_any_gate_evidence_in_the_history_nothing_is_missing() -> None:
    found = gate_history.collect(history(run(1), run(2)), 1)
    assert (found.sources, found.rows, found.waivers, found.runs) == ((), (), (), ())


def test_a_run_without_a_verdict_gets_the_earlier_one_of_its_branch_as_stale() -> None:
    prepared = history(run(1, report(row())), run(3))
    found = gate_history.collect(prepared, 1)
    assert [(item.stale, item.age_days) for item in found.sources] == [(True, 1)]
    (judged,) = found.rows
    assert (judged.verdict, judged.missing_evidence, judged.recorded_status) == (Verdict.UNKNOWN, True, "pass")
    assert "this run has no gate verdict of its own" in judged.reason
    assert [item.label for item in found.runs] == [prepared.runs[0].label]


def test_rows_of_an_earlier_run_are_not_carried_beyond_the_limit_but_the_source_stays_stale() -> None:
    found = gate_history.collect(history(run(1, report(row())), run(30)), 1)
    assert found.rows == ()
    assert [item.stale for item in found.sources] == [True]


@pytest.mark.parametrize("other", [{"branch": "feature/x"}, {"workflow": "nightly"}])
def test_a_verdict_of_another_branch_or_workflow_is_not_carried(other: dict[str, str]) -> None:
    found = gate_history.collect(history(run(1, report(row())), run(2, **other)), 1)
    assert (found.sources, found.rows) == ((), ())
    assert len(found.runs) == 1


def test_later_runs_are_invisible() -> None:
    prepared = history(run(1, report(row())), run(2, report(row(status="fail"), day=2)))
    first = gate_history.collect(prepared, 0)
    assert len(first.runs) == 1
    assert [point.status for point in first.rows[0].history] == ["pass"]


@pytest.mark.parametrize(
    ("made", "age", "stale"),
    [
        (START - timedelta(days=7), 7, False),
        (START - timedelta(days=8), 8, True),
        (START + timedelta(hours=3), 0, False),
        (START + timedelta(hours=24, minutes=5), 0, False),
        (START + timedelta(hours=24, minutes=6), 0, True),
        (None, None, True),
    ],
)
def test_a_verdict_is_stale_when_too_old_of_the_future_or_without_time(
    made: datetime | None,
    age: int | None,
    stale: bool,  # noqa: FBT001
) -> None:
    found = gate_history.collect(history(run(1, report(row(), generated_at=made))), 0)
    assert [(item.age_days, item.stale) for item in found.sources] == [(age, stale)]
    assert (found.rows[0].verdict is Verdict.UNKNOWN) == stale
    assert found.rows[0].missing_evidence == stale


def test_a_run_that_says_when_it_ended_leaves_five_minutes_for_the_verdict() -> None:
    end = START + timedelta(minutes=13)
    for minutes, stale in ((5, False), (6, True)):
        item = run(1, report(row(), generated_at=end + timedelta(minutes=minutes)))
        ended = item.run.model_copy(update={"finished_at": end})
        prepared = history(type(item)(run=ended, results=item.results, evidence=item.evidence))
        assert gate_history.collect(prepared, 0).sources[0].stale == stale


def test_the_grid_has_a_point_for_each_run_with_evidence_and_absent_where_the_gate_was_not() -> None:
    prepared = history(
        run(1, report(row("old"), row("kept", blocking=False))),
        run(2),
        run(3, report(row("kept", "fail"), row("new"), day=3), branch="feature/x"),
        run(4, report(row("kept"), row("new"), day=4)),
    )
    found = gate_history.collect(prepared, 3)
    points = {item.gate_id: [(point.status, point.blocking) for point in item.history] for item in found.rows}
    assert points == {
        "kept": [("pass", False), ("fail", True), ("pass", True)],
        "new": [("absent", None), ("pass", True), ("pass", True)],
    }
    assert [item.label for item in found.runs] == [prepared.runs[place].label for place in (0, 2, 3)]


def test_a_streak_begins_after_the_last_pass_on_the_branch_and_absence_neither_opens_nor_closes_it() -> None:
    prepared = history(
        run(1, report(row())),
        run(2, report(row(status="skip"), day=2)),
        run(3, report(row("other"), day=3)),
        run(4, report(row(), day=4), branch="feature/x"),
        run(5, report(row(status="fail"), day=5)),
    )
    assert only(prepared).since == prepared.runs[1].ref
    assert only(prepared, 0).since is None


def test_commands_are_vetted_and_the_row_comes_first() -> None:
    chained = "cargo test --test ci_gates && ./collect.sh"
    offered = SourceCommand(level=Level.GATE, text=COMMAND, source="replay_bundle.failed_gates.reproduce_command")
    whole = SourceCommand(level=Level.RUN, text="cargo test --test ci_gates", source="replay_bundle.one_command_replay")
    failure = BundleFailure(surface="gate", name="must_pass", commands=(offered,))
    bundle = ReplayBundle(
        part="", flavour="gate", generated_at=None, failures=(failure,), one_command=whole, commands_valid=False
    )
    found = only(history(run(1, report(row(status="fail", command=chained)), bundles=(bundle,))))
    assert [(item.text, item.copyable, item.level) for item in found.commands] == [
        (chained, False, Level.GATE),
        (COMMAND, True, Level.GATE),
        (whole.text, True, Level.RUN),
    ]
    assert found.commands[0].source == "full_suite_verdict.gates.reproduce_command"
    assert found.commands[1].caution
    assert not found.commands[0].caution


def test_a_masked_secret_makes_a_command_text_only() -> None:
    masked = row(status="fail").model_copy(update={"command_secret": True})
    (command,) = only(history(run(1, report(masked)))).commands
    assert not command.copyable
    assert "masked" in command.reason


def test_a_gate_without_command_says_so_unless_it_passes() -> None:
    failing = only(history(run(1, report(row(status="fail", command="")))))
    assert failing.commands == ()
    assert "no command" in failing.reason
    assert "no command" not in only(history(run(1, report(row(command=""))))).reason


def test_of_several_reports_the_newest_full_suite_verdict_speaks_for_the_run() -> None:
    early, late = report(row("a"), day=1), report(row("b"), day=1.1)
    lane = report(row("c"), day=1.2, family=GateFamily.CERTIFICATION)
    found = gate_history.collect(history(run(1, lane, late, early)), 0)
    assert [item.gate_id for item in found.rows] == ["b"]
    assert [item.family for item in found.sources] == ["full_suite", "full_suite", "certification"]


def test_of_two_reports_from_one_moment_the_worse_one_speaks() -> None:
    found = gate_history.collect(history(run(1, report(row()), report(row(status="fail")))), 0)
    assert [item.recorded_status for item in found.rows] == ["fail"]


def test_without_a_full_suite_verdict_a_lane_speaks() -> None:
    lane = report(row(status="fail"), family=GateFamily.PREFLIGHT)
    assert only(history(run(1, lane))).verdict is Verdict.FAIL


def audit(scope: str, gate: str = "must_pass", *, created: str = "2026-02-28") -> WaiverAudit:
    entry = WaiverEntry(
        gate_id=gate,
        status="active",
        owner="depot-team",
        created=created,
        expires="2026-03-10",
        bead="px-1",
        reason="sandbox",
        scope=scope,
        remove_when="it passes",
    )
    return WaiverAudit(part="", generated_at=START, today=START.date(), total=1, entries=(entry,))


def test_the_certification_lane_may_be_promoted_when_blocking_gates_pass_or_are_waived() -> None:
    def promote(status: str, *audits: WaiverAudit) -> bool | None:
        lane = report(row(status=status), family=GateFamily.CERTIFICATION)
        (source,) = gate_history.collect(history(run(1, lane, waiver_audits=audits)), 0).sources
        return source.can_promote

    assert promote("pass")
    assert not promote("fail")
    assert promote("fail", audit("full"))
    assert promote("warn", audit("both"))
    assert not promote("skip", audit("both"))
    assert not promote("fail", audit("preflight"))
    assert not promote("pass", audit("full", "other", created="2026-01-01"))


def test_the_preflight_lane_fails_at_the_first_gate_that_is_neither_skipped_nor_waived() -> None:
    def lane(*rows: GateRow, audits: tuple[WaiverAudit, ...] = ()) -> tuple[str, str]:
        item = report(*rows, family=GateFamily.PREFLIGHT, summary=())
        (source,) = gate_history.collect(history(run(1, item, waiver_audits=audits)), 0).sources
        return source.recomputed_verdict, source.first_failure

    assert lane(row("a"), row("b", "skip")) == ("pass", "")
    assert lane(row("a"), row("must_pass", "warn")) == ("fail", "must_pass")
    assert lane(row("must_pass", "fail"), audits=(audit("preflight"),)) == ("pass", "")
    assert lane(row("must_pass", "fail"), audits=(audit("full"),)) == ("fail", "must_pass")


def test_waivers_are_as_of_the_audit_for_its_run_and_as_of_the_run_when_carried() -> None:
    prepared = history(run(1, report(row(status="fail")), waiver_audits=(audit("full"),)), run(12))
    assert [item.days_remaining for item in gate_history.collect(prepared, 0).waivers] == [9]
    assert [item.state for item in gate_history.collect(prepared, 1).waivers] == ["expired"]


def test_a_gate_that_is_no_longer_evaluated_keeps_its_line_and_is_absent_now() -> None:
    prepared = history(run(1, report(row("old_probe"), row())), run(2, report(row(), day=2)))
    found = gate_history.collect(prepared, 1)
    assert [item.gate_id for item in found.rows] == ["must_pass"]
    (gone,) = found.gone
    assert (gone.gate_id, [point.status for point in gone.history]) == ("old_probe", ["pass", "absent"])
    assert gate_history.collect(prepared, 0).gone == ()
