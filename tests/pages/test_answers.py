"""The one sentence above the fold: what it says, and what it must never say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from generator.findings import ChangeKind, Completeness, RunState, Tally, Verdict
from generator.records import Problem, Severity, SourceState
from generator.views import Tone
from tests.pages.report_builder import (
    AS_OF,
    GREEN,
    NONE,
    failure,
    gate,
    judgement,
    pages,
    report,
    run,
    source,
    standard,
    with_findings,
)
from tests.pages.view_texts import column, section, tables, texts

ALL_IS_WELL = re.compile(r"\b(no|0|zero)( new)? failures?\b|no test failed|nothing failed", re.IGNORECASE)
NOT_COMPLETE = [state for state in RunState if state is not RunState.COMPLETE]


@pytest.mark.parametrize("state", list(RunState))
@pytest.mark.parametrize("targets", [NONE, Tally(not_run=22), Tally(skipped=3)])
def test_no_page_of_a_run_without_results_says_that_nothing_failed(state: RunState, targets: Tally) -> None:
    made = report(of=run(state=state, cases=NONE, targets=targets), judged=judgement(gate("evidence", Verdict.UNKNOWN)))

    for page in pages(made).values():
        claims = [text for text in texts(page) if ALL_IS_WELL.search(text)]
        assert claims == [], page.path


@pytest.mark.parametrize("state", list(RunState))
def test_the_overview_of_a_run_without_results_has_no_large_numbers(state: RunState) -> None:
    empty, selected = run(state=state, cases=NONE), run(state=state, cases=NONE, targets=Tally(not_run=22))

    assert standard(report(of=empty)).counts == standard(report(of=selected)).counts == ()
    assert standard(report(of=empty), "run").counts == ()
    assert [(count.number, count.label) for count in standard(report(of=selected), "run").counts] == [("22", "not run")]


@pytest.mark.parametrize("state", NOT_COMPLETE)
@pytest.mark.parametrize("cases", [NONE, GREEN])
def test_a_run_that_is_not_complete_says_so_in_the_sentence_and_in_a_banner(state: RunState, cases: Tally) -> None:
    made = report(of=run(state=state, cases=cases))

    for path in ("", "run", "failures", "changes", "gates"):
        head = standard(made, path).head
        assert head.banners[0].tone is Tone.WARN, path
        assert head.banners[0].text.endswith("counts as unknown, never as passed.")
        missing = head.banners[0].text.removesuffix("What is missing counts as unknown, never as passed.").strip()
        assert missing
        assert missing in head.answer or path == "gates"


def test_an_incomplete_run_without_failures_names_the_missing_part() -> None:
    broken = replace(
        run(state=RunState.INCOMPLETE),
        completeness=Completeness(present=3, expected=4, missing=("shard-3",)),
    )

    answer = standard(report(of=broken)).head.answer

    assert answer == "No failure among 390 results that were read. 1 of 4 parts is missing (shard-3)."


def test_an_aborted_run_says_which_phase_ended_it() -> None:
    aborted = replace(run(state=RunState.ABORTED, cases=NONE), phases_failed=("build",))

    answer = standard(report(of=aborted)).head.answer

    assert answer == "The run was aborted before any test ran (phase build failed)."


def test_a_killed_run_counts_what_is_there_and_what_did_not_run() -> None:
    killed = run(state=RunState.KILLED, cases=NONE, targets=Tally(passed=12, not_run=3))

    answer = standard(report(of=killed)).head.answer

    assert "12 results are there, 3 selected tests did not run" in answer


def test_new_failures_are_counted_with_their_causes_and_known_ones_apart() -> None:
    known = failure("logs out", change=ChangeKind.STILL_FAILING, signature="f1:ffff")
    made = report(
        failure("pays by card"),
        failure("pays by invoice"),
        failure("pays by cash"),
        known,
        judged=judgement(gate("ext_must_pass", Verdict.FAIL)),
    )

    head = standard(made).head

    assert head.verdict == "Blocked."
    assert head.tone is Tone.BAD
    assert head.answer == "3 new failures from 1 cause; 1 known. Gate ext_must_pass fails."


def test_known_failures_alone_are_not_called_new() -> None:
    made = report(failure(change=ChangeKind.STILL_FAILING))

    assert standard(made).head.answer == "No new failure; 1 known from 1 cause."


def test_without_a_baseline_no_failure_is_called_new_or_known() -> None:
    made = report(failure(), baseline=False)

    answer = standard(made).head.answer

    assert answer == "1 failure from 1 cause; there is no baseline that says which are new."
    assert standard(made, "changes").head.answer == "There is no run to compare with. This is the first run."


def test_a_target_is_not_counted_beside_its_failing_cases() -> None:
    inner = failure("pays by card")
    target = replace(failure("e2e_checkout", signature="f1:target"), children=(inner.link,))

    made = report(target, inner)

    assert standard(made).head.answer == "1 new failure from 1 cause."
    counts = {count.label: count.number for count in standard(made).counts}
    assert counts["new failure"] == "1"


def test_results_that_failed_without_details_are_still_failures() -> None:
    made = report(of=run(cases=Tally(passed=8, failed=2)))

    assert standard(made).head.answer == "2 results failed, none of them with details."


def test_a_file_that_could_not_be_read_is_part_of_a_green_sentence() -> None:
    torn = replace(run(), sources=(source("a.xml"), source("b.xml", SourceState.CORRUPT)))

    assert (
        standard(report(of=torn)).head.answer
        == "No failure among 390 results that were read. 1 file could not be read."
    )


def test_a_grave_problem_is_a_banner_on_the_pages_it_concerns() -> None:
    problem = Problem(path="b.xml", reader="junit", severity=Severity.ERROR, message="cut off", hint="upload it again")
    made = report(of=replace(run(), problems=(problem,)))

    with_banner = [path for path, page in pages(made).items() if page.view.head.banners]

    assert with_banner == ["", "run", "failures", "changes", "flaky", "gates"]
    assert "b.xml" in standard(made).head.banners[0].text


def test_unknown_gates_are_named_apart_from_failing_ones() -> None:
    judged = judgement(gate("a", Verdict.FAIL), gate("b", Verdict.UNKNOWN), gate("c", Verdict.UNKNOWN))

    answer = standard(report(judged=judged)).head.answer

    assert answer.endswith("Gate a fails. Gates b and c cannot be judged.")


def test_the_badges_tell_run_commit_branch_age_and_completeness() -> None:
    badges = {badge.label: badge for badge in standard(report()).head.badges}

    assert badges["Run"].value == "1042"
    assert badges["Commit"].value == "b" * 9
    assert badges["Branch"].value == "main"
    assert badges["Data from"].value == "2026-11-09 09:04 UTC"
    assert badges["Data from"].tone is Tone.MUTED
    assert badges["Parts"].value == "1 of 1"
    assert badges["Parts"].tone is Tone.GOOD


def test_data_older_than_the_limit_is_marked_in_the_badge() -> None:
    made = replace(report(), as_of=AS_OF + timedelta(days=3))

    badges = {badge.label: badge for badge in standard(made).head.badges}

    assert badges["Data from"].tone is Tone.WARN
    assert badges["Data from"].hint == "3 days earlier than this report"


def test_the_time_in_the_head_is_that_of_the_data_so_that_the_browser_can_judge_it() -> None:
    head = standard(report()).head

    assert head.as_of is not None
    assert head.as_of.at == run().finished_at
    assert head.as_of.relative == "2 h earlier"
    assert head.stale_after_hours == 36


def test_many_failures_are_counted_with_thousands_and_the_rest_is_linked() -> None:
    made = report(*(failure(f"case {number:02}") for number in range(15)))

    action = next(section for section in standard(made).sections if section.id == "action")

    assert len(action.tables[0].rows) == 10
    assert [(link.text, link.href) for link in action.links] == [("5 more failures", "failures/")]


def test_a_report_without_runs_before_it_still_builds_every_page() -> None:
    made = report(of=run(state=RunState.EMPTY, cases=NONE), baseline=False)
    alone = with_findings(made, replace(made.findings, runs=(made.findings.run,)))

    expected = {"", "run", "failures", "changes", "clusters", "flaky", "gates", "trends", "runs", "problems"}
    assert set(pages(alone)) == expected


def test_codes_of_states_are_said_in_words_where_a_rule_of_ours_names_them() -> None:
    ours = replace(gate("evidence_present", Verdict.UNKNOWN), policy="default", actual="gates_only, 1 gap")
    theirs = replace(gate("a", Verdict.FAIL), actual="fail: gates_only")
    made = pages(report(judged=judgement(ours, theirs)))["gates"]

    assert column(tables(made)["gates-list"], "Actual") == ["gate evidence only, 1 gap", "fail: gates_only"]


def test_a_summary_that_cannot_be_read_is_not_one_that_was_never_written() -> None:
    torn = source("summary.json", SourceState.CORRUPT).model_copy(update={"reader": "summary"})
    view = standard(report(of=replace(run(state=RunState.KILLED, cases=NONE), sources=(torn,))))

    assert view.head.banners[0].title == "The summary of this run cannot be read"
    assert "The summary of this run exists, but cannot be read" in view.head.answer
    assert "before it wrote" not in view.head.answer


def test_what_is_missing_stands_in_a_sentence_of_its_own() -> None:
    judged = judgement(replace(gate("b", Verdict.UNKNOWN), reason="Nothing was executed: 3 tests skipped."))

    assert section(pages(report(judged=judged))["gates"], "to-pass").notes == (
        "Gate b needs evidence that can be judged. Nothing was executed: 3 tests skipped.",
    )
