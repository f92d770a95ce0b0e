"""The judgement as a whole: which verdict counts, waivers, order and exit code."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from generator.config import GateSettings, Settings
from generator.errors import ExitCode
from generator.findings import RunState, Tally, Verdict
from generator.gates import GATES, exit_code, judge_all, overall
from generator.plugins import Gate
from tests.gates.made import failure, findings, row, run, source, waiver

if TYPE_CHECKING:
    from generator.findings import Findings, GateVerdict, Judgement

OWN = {"evidence_fresh", "evidence_present", "new_failures", "pass_rate", "runner_phases", "waiver_health"}


def judge(found: Findings, **settings: object) -> Judgement:
    return judge_all(found, Settings(gates=GateSettings.model_validate(settings)))


def gate(judgement: Judgement, name: str) -> GateVerdict:
    return next(item for item in judgement.gates if item.gate_id == name)


def test_a_whole_green_run_passes() -> None:
    judgement = judge(findings())
    assert (judgement.verdict, exit_code(judgement)) == (Verdict.PASS, ExitCode.OK)
    assert judgement.blockers == ()
    assert {item.gate_id for item in judgement.gates} == OWN


@pytest.mark.parametrize("rule", GATES, ids=lambda rule: str(rule.ID))
def test_every_registered_rule_keeps_the_contract(rule: Gate) -> None:
    assert isinstance(rule, Gate)
    for found in (findings(), findings(None, failure()), findings(run(RunState.EMPTY, cases=Tally()), base=None)):
        verdict = rule.judge(found, GateSettings())
        assert (verdict.gate_id, verdict.policy, verdict.recorded_status) == (rule.ID, "default", "")
        assert all((verdict.title, verdict.expected, verdict.actual, verdict.reason.endswith(".")))
        assert not verdict.missing_evidence or verdict.verdict is Verdict.UNKNOWN


def test_ids_are_unique() -> None:
    assert sorted(rule.ID for rule in GATES) == sorted(OWN)


@pytest.mark.parametrize(
    ("rows", "verdict", "code"),
    [
        ((row(), row("b", "fail", blocking=False)), Verdict.PASS, ExitCode.OK),
        ((row(status="fail"), row("b", "skip")), Verdict.FAIL, ExitCode.GATE_FAILED),
        ((row(), row("b", "skip")), Verdict.UNKNOWN, ExitCode.EVIDENCE),
        ((row(), row("b", "skip", blocking=False)), Verdict.PASS, ExitCode.OK),
    ],
)
def test_a_blocking_failure_outweighs_what_is_unknown(
    rows: tuple[GateVerdict, ...], verdict: Verdict, code: ExitCode
) -> None:
    judgement = judge(findings(rows=rows, sources=(source(),)))
    assert (judgement.verdict, exit_code(judgement)) == (verdict, code)


def test_recorded_gates_may_be_informational() -> None:
    found = findings(rows=(row(status="fail"),), waivers=(waiver(state="expired"),), sources=(source(stale=True),))
    assert judge(found).verdict is Verdict.FAIL
    judgement = judge(found, recorded_gates_block=False)
    assert judgement.verdict is Verdict.PASS
    assert not gate(judgement, "must_pass").blocking
    assert gate(judgement, "must_pass").verdict is Verdict.FAIL


@pytest.mark.parametrize("state", sorted(set(RunState) - {RunState.COMPLETE}))
def test_only_a_complete_run_can_pass(state: RunState) -> None:
    judgement = judge(findings(run(state)))
    assert judgement.verdict is Verdict.UNKNOWN
    assert "evidence_present" in {item.gate_id for item in judgement.blockers}


def test_a_run_in_which_nothing_was_executed_does_not_pass() -> None:
    for facts in (
        run(RunState.EMPTY, cases=Tally()),
        run(cases=Tally(skipped=9)),
        run(RunState.ABORTED, cases=Tally()),
    ):
        judgement = judge(findings(facts, base=None))
        assert (judgement.verdict, exit_code(judgement)) == (Verdict.UNKNOWN, ExitCode.EVIDENCE)


def test_rows_of_an_earlier_run_say_whose_they_are() -> None:
    carried = row(verdict=Verdict.UNKNOWN, missing_evidence=True)
    old = source(stale=True, age_days=3)
    earlier, here = run(label="nightly-6"), run()
    found = findings(here, rows=(carried,), sources=(old,))
    known = replace(found.gates, runs=(earlier.ref,))
    shown = gate(judge(replace(found, runs=(earlier, here), gates=known)), "must_pass")
    assert (shown.expected, shown.actual) == ("pass", "pass (stale: in run nightly-6, 3 days old)")
    own = gate(judge(replace(found, gates=replace(known, runs=(here.ref,)))), "must_pass")
    assert own.actual == "pass (stale: in this run, 3 days old)"
    stranger = gate(judge(found), "must_pass")
    assert stranger.actual == "pass (stale: in an earlier run, 3 days old)"


def test_rows_that_count_are_not_called_stale() -> None:
    found = findings(rows=(row(), row("b", "skip")), sources=(source(),))
    assert [gate(judge(found), name).actual for name in ("must_pass", "b")] == ["pass", "skip"]


def test_no_gate_at_all_is_no_pass() -> None:
    assert overall(()) is Verdict.UNKNOWN


@pytest.mark.parametrize("scope", ["full", "both"])
@pytest.mark.parametrize("status", ["fail", "warn"])
def test_a_valid_waiver_keeps_a_gate_from_blocking_and_leaves_it_visible(status: str, scope: str) -> None:
    judgement = judge(findings(rows=(row(status=status),), waivers=(waiver(scope=scope),), sources=(source(),)))
    waived = gate(judgement, "must_pass")
    assert judgement.verdict is Verdict.PASS
    assert (waived.waived, waived.verdict, waived.actual) == (True, Verdict.FAIL, status)
    assert "Waived until 2026-07-15 by depot-team" in waived.reason


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scope": "preflight"}, "lane preflight"),
        ({"state": "expired"}, "expired"),
        ({"state": "invalid", "detail": "bad date"}, "bad date"),
        ({"expires": "2026-07-04"}, "ran out on 2026-07-04"),
        ({"expires": "someday"}, "ran out"),
        ({"scope": ""}, "names no lane"),
    ],
)
def test_a_waiver_that_does_not_apply_says_why(changes: dict[str, str], words: str) -> None:
    judgement = judge(findings(rows=(row(status="fail"),), waivers=(waiver(**changes),), sources=(source(),)))
    failing = gate(judgement, "must_pass")
    assert (judgement.verdict, failing.waived) == (Verdict.FAIL, False)
    assert words in failing.reason
    assert failing.waiver is not None


def test_a_waiver_holds_on_its_last_day() -> None:
    found = findings(rows=(row(status="fail"),), waivers=(waiver(expires="2026-07-05"),), sources=(source(),))
    assert gate(judge(found), "must_pass").waived


def test_a_waiver_never_stands_for_evidence() -> None:
    skipped = row(status="skip")
    stale = row("b", "fail", verdict=Verdict.UNKNOWN, missing_evidence=True)
    judgement = judge(findings(rows=(skipped, stale), waivers=(waiver(), waiver("b")), sources=(source(),)))
    assert not any(item.waived for item in judgement.gates)
    assert judgement.verdict is Verdict.UNKNOWN


def test_a_waiver_of_a_passing_gate_is_shown_but_waives_nothing() -> None:
    shown = gate(judge(findings(rows=(row(),), waivers=(waiver(),), sources=(source(),))), "must_pass")
    assert (shown.waiver, shown.waived, shown.reason) == (waiver(), False, "CI recorded pass.")


def test_what_blocks_comes_first() -> None:
    rows = (
        row("z_pass"),
        row("y_note", "fail", blocking=False),
        row("x_skip", "skip"),
        row("w_fail", "fail"),
        row("a_waived", "fail"),
    )
    judgement = judge(findings(rows=rows, waivers=(waiver("a_waived"),), sources=(source(),)))
    order = [item.gate_id for item in judgement.gates]
    assert order[:4] == ["w_fail", "x_skip", "a_waived", "y_note"]
    assert order[4:] == sorted(order[4:])
    assert [item.gate_id for item in judgement.blockers] == ["w_fail", "x_skip"]
