"""What blocks, why, since when, and what is waived."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.findings import GatePoint, GateSource, Judgement, Verdict, WaiverFacts
from generator.records import Level
from generator.views import Tone
from tests.pages.report_builder import AS_OF, command, gate, judgement, pages, report, run, standard
from tests.pages.view_texts import column, section, tables


def _waiver(gate_id: str, state: str, days: int | None) -> WaiverFacts:
    return WaiverFacts(
        gate_id=gate_id,
        state=state,
        reported_state="active",
        detail="",
        days_remaining=days,
        owner="ada",
        created="2026-11-01",
        expires="2026-11-20",
        issue="BD-12",
        reason="the vendor is down",
        scope="both",
        remove_when="the vendor is up",
    )


def _source(*, stale: bool = False, agrees: bool = True, age_days: int | None = 12) -> GateSource:
    return GateSource(
        family="full_suite",
        path="full_suite_verdict.json",
        generated_at=AS_OF,
        age_days=age_days,
        stale=stale,
        reported_verdict="pass",
        recomputed_verdict="pass" if agrees else "fail",
        gates=11,
        agrees=agrees,
        blocking_pass=7,
        blocking_total=8,
    )


def test_all_gates_pass_is_said_only_of_blocking_ones_that_were_evaluated() -> None:
    passing = report(judged=judgement(gate("a"), gate("b"), gate("c", blocking=False)))
    none = report(judged=replace(judgement(), verdict=Verdict.UNKNOWN))
    informal = report(judged=judgement(gate("c", blocking=False)))

    assert standard(passing, "gates").head.answer == "2 of 2 blocking gates pass. Judged by the policy default."
    assert standard(none, "gates").head.answer == "No gate was evaluated. Judged by the policy default."
    assert standard(none, "gates").head.verdict == "Unknown."
    assert standard(informal, "gates").head.answer.startswith("1 gate evaluated, none of them blocking.")


def test_a_blocking_gate_comes_first_with_expected_actual_reason_and_command() -> None:
    failing = replace(
        gate("ext_must_pass", Verdict.FAIL),
        commands=(command("cargo test --test gate", level=Level.GATE),),
        since=run("1041", days_ago=1).ref,
    )

    first = pages(report(judged=judgement(failing, gate("b"))))["gates"].view.sections[0]

    assert first.title == "Blocks: ext_must_pass: Must-pass extensions"
    assert first.intro == "2 extensions fail."
    assert [(fact.label, fact.value) for fact in first.facts] == [
        ("Expected", "pass"),
        ("Actual", "fail"),
        ("Not passing since", "1041"),
    ]
    assert first.commands[0].text == "cargo test --test gate"


@pytest.mark.parametrize(
    ("gate_id", "policy", "said"),
    [
        ("a", "recorded", "CI recorded no command that reproduces this gate."),
        ("evidence_present", "default", "This rule judges the evidence itself: there is nothing to replay."),
        (
            "pass_rate",
            "default",
            "This rule judges all results together: what can be replayed stands on the page of each failure.",
        ),
    ],
)
def test_a_blocking_gate_without_a_command_says_why(gate_id: str, policy: str, said: str) -> None:
    judged = judgement(replace(gate(gate_id, Verdict.FAIL), policy=policy))

    assert pages(report(judged=judged))["gates"].view.sections[0].notes == (said,)


def test_the_command_of_a_gate_and_the_one_for_all_gates_say_what_they_run() -> None:
    commands = (
        command("cargo test --test ci_gates -- full_suite_gate", level=Level.RUN),
        command("cargo test --test ci_gates -- a", level=Level.GATE),
    )
    first = pages(report(judged=judgement(replace(gate("a", Verdict.FAIL), commands=commands))))["gates"].view.sections[
        0
    ]

    assert [found.title for found in first.commands] == ["This gate", "All gates again"]


def test_what_would_have_to_be_true_is_told_for_every_blocker() -> None:
    unknown = replace(gate("b", Verdict.UNKNOWN), reason="its file is missing")
    page = pages(report(judged=judgement(gate("a", Verdict.FAIL), unknown, gate("c"))))["gates"]

    assert section(page, "to-pass").notes == (
        "Gate a: expected pass; found fail.",
        "Gate b needs evidence that can be judged. Its file is missing.",
    )


def test_every_gate_of_the_strip_leads_to_its_row() -> None:
    made = report(judged=judgement(gate("ext must pass", Verdict.FAIL), gate("b"), gate("c", blocking=False)))

    rows = tables(pages(made)["gates"])["gates-list"].row_ids

    assert [badge.href for badge in standard(made).strip] == [f"gates/#{row}" for row in rows]
    assert rows[1:] == ("gate-b", "gate-c")


def test_failing_gates_stand_first_in_the_strip_and_say_whether_they_block() -> None:
    made = report(judged=judgement(gate("ok"), gate("soft", Verdict.FAIL, blocking=False), gate("hard", Verdict.FAIL)))

    strip = standard(made).strip

    assert [(badge.label, badge.value) for badge in strip] == [
        ("hard", "fail"),
        ("soft", "fail, not blocking"),
        ("ok", "pass"),
    ]
    assert [badge.tone for badge in strip] == [Tone.BAD, Tone.WARN, Tone.GOOD]


def test_a_waived_gate_keeps_its_verdict_and_does_not_block() -> None:
    waived = replace(gate("a", Verdict.FAIL), waived=True, waiver=_waiver("a", "active", 9))
    made = report(judged=judgement(waived, gate("b")))

    assert standard(made, "gates").head.answer == (
        "1 of 2 blocking gates passes, 1 is waived. Judged by the policy default."
    )
    row = tables(pages(made)["gates"])["gates-list"].rows[0]
    assert (row[1].text, row[1].tone, row[2].text) == ("fail", Tone.WARN, "yes, waived")


def test_expired_waivers_come_first_and_a_differing_audit_is_named() -> None:
    made = judgement(gate("a"))
    waivers = (_waiver("a", "active", 9), _waiver("b", "expiring_soon", 2), _waiver("c", "expired", -1))
    table = tables(pages(report(judged=replace(made, waivers=waivers)))["gates"])["waivers-list"]

    assert column(table, "Gate") == ["c", "b", "a"]
    assert column(table, "Days left") == ["-1", "2", "9"]
    assert table.rows[0][1].note == "the audit says active"
    assert column(table, "Remove when") == ["the vendor is up"] * 3


def _grid(points: int) -> Judgement:
    runs = tuple(run(f"{1000 + number}", days_ago=points - number).ref for number in range(points))
    history = tuple(
        GatePoint(run=ref, status="pass" if place % 2 else "fail", blocking=True) for place, ref in enumerate(runs[1:])
    )
    return replace(judgement(gate("a", history=history)), runs=runs)


def test_the_grid_draws_an_absent_gate_as_absent() -> None:
    table = tables(pages(report(judged=_grid(4)))["gates"])["grid-table"]

    assert [found.title for found in table.columns] == ["Gate", "1000", "1001", "1002", "1003"]
    assert [cell.text for cell in table.rows[0]] == ["a", "absent", "fail", "pass", "fail"]
    assert [cell.tone for cell in table.rows[0][1:]] == [Tone.MUTED, Tone.BAD, Tone.GOOD, Tone.BAD]


def test_sixty_runs_stand_in_one_grid() -> None:
    page = pages(report(judged=_grid(60)))["gates"]

    assert len(tables(page)["grid-table"].columns) == 61
    assert "grid-older-table" not in tables(page)


def test_the_command_of_a_rule_about_failures_is_that_of_one_of_them() -> None:
    rule = replace(
        gate("new_failures", Verdict.FAIL), policy="default", commands=(command("cargo test a", level=Level.SUITE),)
    )

    first = pages(report(judged=judgement(rule)))["gates"].view.sections[0]

    assert [found.title for found in first.commands] == ["The suite of one of the failures"]


def test_older_runs_stand_in_a_folded_grid_so_that_none_falls_off() -> None:
    page = pages(report(judged=_grid(63)))["gates"]
    newest, older = tables(page)["grid-table"], tables(page)["grid-older-table"]

    assert [found.title for found in older.columns] == ["Gate", "1000", "1001", "1002"]
    assert [cell.text for cell in older.rows[0]] == ["a", "absent", "fail", "pass"]
    assert (newest.columns[1].title, newest.columns[-1].title) == ("1003", "1062")
    assert (newest.more, older.more) == ("", "")
    assert section(page, "grid-older").folded


def test_the_folded_grid_has_a_bound_too_and_says_what_it_leaves_out() -> None:
    older = tables(pages(report(judged=_grid(65)), list_rows=2)["gates"])["grid-older-table"]

    assert [found.title for found in older.columns] == ["Gate", "1003", "1004"]
    assert older.more == "3 more earlier runs are not listed here."


@pytest.mark.parametrize(
    ("age", "said"),
    [(12, "full suite 12 days before it"), (0, "full suite of the same day"), (None, "full suite without a date")],
)
def test_stale_evidence_is_a_banner_on_the_gates_and_the_overview(age: int | None, said: str) -> None:
    made = report(judged=replace(judgement(gate("a")), sources=(_source(stale=True, age_days=age),)))

    for path in ("", "gates"):
        assert said in standard(made, path).head.banners[0].text
    assert standard(made, "trends").head.banners == ()


def test_a_verdict_that_contradicts_its_rows_is_named() -> None:
    made = report(judged=replace(judgement(gate("a")), sources=(_source(agrees=False),)))

    assert "full suite says pass, its rows say fail" in standard(made, "gates").head.banners[0].text
    assert column(tables(pages(made)["gates"])["sources-list"], "Agrees") == ["no"]
