"""What holds for every judgement, whatever the findings are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.config import GateSettings, Settings
from generator.errors import ExitCode
from generator.findings import ChangeKind, RunState, Tally, Verdict
from generator.gates import exit_code, judge_all
from tests.gates.made import BASE, failure, findings, flaky, row, run, source, waiver

if TYPE_CHECKING:
    from generator.findings import Findings

CODES = {Verdict.PASS: ExitCode.OK, Verdict.FAIL: ExitCode.GATE_FAILED, Verdict.UNKNOWN: ExitCode.EVIDENCE}
GOODNESS = [Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS]
NAMES = st.sampled_from(["a", "b", "c", "d"])

tallies = st.builds(
    Tally,
    passed=st.integers(0, 30),
    failed=st.integers(0, 2),
    errors=st.integers(0, 1),
    skipped=st.integers(0, 3),
    not_run=st.integers(0, 2),
)
runs = st.builds(
    lambda state, cases, targets, phases: run(state, cases=cases, targets=targets, phases_failed=phases),
    st.just(RunState.COMPLETE) | st.sampled_from(RunState),
    tallies,
    tallies,
    st.just(()) | st.just(("fmt",)),
)
failures = st.builds(
    lambda name, change, commits: failure(name, change, flaky=flaky(commits) if commits else None),
    NAMES,
    st.sampled_from(ChangeKind),
    st.integers(0, 3),
)
rows = st.builds(
    lambda name, status, blocking: row(name, status, blocking=blocking),
    NAMES,
    st.sampled_from(["pass", "fail", "warn", "skip", "other"]),
    st.booleans(),
)
waivers = st.builds(
    lambda name, state, scope: waiver(name, state, scope=scope),
    NAMES,
    st.sampled_from(["active", "expiring_soon", "expired", "invalid"]),
    st.sampled_from(["full", "both", "preflight", ""]),
)
every_findings = st.builds(
    lambda facts, failed, base, gates, waived, stale: findings(
        facts,
        *failed,
        base=base,
        rows=tuple(gates),
        waivers=tuple(waived),
        sources=(source(stale=stale),) if gates else (),
    ),
    runs,
    st.lists(failures, max_size=3),
    st.none() | st.just(BASE),
    st.lists(rows, max_size=4),
    st.lists(waivers, max_size=3),
    st.booleans(),
)
every_settings = st.builds(
    lambda rate, new, block: Settings(
        gates=GateSettings(min_pass_rate=rate, max_new_failures=new, recorded_gates_block=block)
    ),
    st.floats(0.01, 1),
    st.integers(0, 3),
    st.booleans(),
)


@settings(deadline=None)
@given(every_findings, every_settings)
def test_nothing_executed_never_passes(found: Findings, chosen: Settings) -> None:
    judgement = judge_all(found, chosen)
    if not found.run.tally.executed or found.run.state is not RunState.COMPLETE:
        assert judgement.verdict is not Verdict.PASS


@settings(deadline=None)
@given(every_findings, every_settings)
def test_verdict_blockers_and_exit_code_say_the_same(found: Findings, chosen: Settings) -> None:
    judgement = judge_all(found, chosen)
    assert exit_code(judgement) is CODES[judgement.verdict]
    assert (judgement.verdict is Verdict.PASS) == (not judgement.blockers)
    blocked_by = {gate.verdict for gate in judgement.blockers}
    assert (judgement.verdict is Verdict.FAIL) == (Verdict.FAIL in blocked_by)


@settings(deadline=None)
@given(every_findings, every_settings)
def test_one_more_blocking_gate_that_did_not_pass_never_improves_the_verdict(found: Findings, chosen: Settings) -> None:
    before = judge_all(found, chosen).verdict
    for status, worst in (("fail", Verdict.FAIL), ("skip", Verdict.UNKNOWN)):
        added = replace(found.gates, rows=(*found.gates.rows, row("unwaived", status)))
        after = judge_all(replace(found, gates=added), chosen).verdict
        assert GOODNESS.index(after) <= GOODNESS.index(before)
        if chosen.gates.recorded_gates_block:
            assert GOODNESS.index(after) <= GOODNESS.index(worst)


@settings(deadline=None)
@given(every_findings, every_settings)
def test_every_gate_stays_visible_with_its_own_verdict(found: Findings, chosen: Settings) -> None:
    judgement = judge_all(found, chosen)
    recorded = [gate for gate in judgement.gates if gate.policy == "recorded"]
    known = sorted((gate.gate_id, gate.verdict.value, gate.actual) for gate in found.gates.rows)
    shown = ((gate.gate_id, gate.verdict.value, gate.actual.partition(" (stale")[0]) for gate in recorded)
    assert sorted(shown) == known
    assert all(gate.reason and gate.expected and gate.actual for gate in judgement.gates)


@settings(deadline=None)
@given(every_findings, every_settings)
def test_blockers_come_first_and_the_order_does_not_depend_on_the_input(found: Findings, chosen: Settings) -> None:
    judgement = judge_all(found, chosen)
    blocks = [gate.blocks for gate in judgement.gates]
    assert blocks == sorted(blocks, reverse=True)
    distinct = {gate.gate_id for gate in found.gates.rows}
    if len(distinct) == len(found.gates.rows):
        turned = replace(found, gates=replace(found.gates, rows=found.gates.rows[::-1]))
        assert judge_all(turned, chosen) == judgement
