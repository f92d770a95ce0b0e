"""The rules of our own policy, at their edges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from generator.config import GateSettings
from generator.findings import ChangeKind, Completeness, FailureLink, RunState, Tally, Verdict
from generator.gates import (
    evidence_fresh,
    evidence_present,
    new_failures,
    pass_rate,
    runner_phases,
    waiver_health,
)
from generator.records import Level, Part, PartState, Problem, Severity, SourceFile, SourceState
from tests.gates.made import REF, command, failure, findings, flaky, run, source, waiver

if TYPE_CHECKING:
    from generator.findings import Failure, GateVerdict, RunFacts, RunRef

LIMITS = GateSettings()


def fresh(*failures: Failure, limit: int = 0, **more: Any) -> GateVerdict:
    return new_failures.judge(findings(None, *failures, **more), GateSettings(max_new_failures=limit))


def test_a_new_failure_fails_with_its_narrowest_command_that_may_be_copied() -> None:
    commands = (
        command("cargo test --test geo geo::x && ls", Level.TEST, copyable=False),
        command("run_all.sh", Level.RUNNER),
        command("cargo test --test geo", Level.SUITE),
    )
    found = fresh(failure(commands=commands))
    assert (found.verdict, found.actual, found.since) == (Verdict.FAIL, "1 new failure", REF)
    assert [item.text for item in found.commands] == ["cargo test --test geo"]
    assert "against nightly-6: unit:geo" in found.reason


@pytest.mark.parametrize("change", sorted(set(ChangeKind) - {ChangeKind.NEW_FAILURE, ChangeKind.NEW_TEST_FAILING}))
def test_only_failures_that_are_new_count(change: ChangeKind) -> None:
    found = fresh(failure(change=change))
    assert (found.verdict, found.actual) == (Verdict.PASS, "0 new failures")
    assert "1 failure known before" in found.reason


def test_the_limit_itself_is_let_through() -> None:
    both = (failure("a"), failure("b", ChangeKind.NEW_TEST_FAILING))
    assert fresh(*both, limit=2).verdict is Verdict.PASS
    assert fresh(*both, limit=1).verdict is Verdict.FAIL


def test_a_target_whose_cases_are_known_is_not_counted_twice() -> None:
    child = failure("case")
    parent = failure("target", children=(FailureLink(failure_id="f-case", title="case", key="k"),))
    assert fresh(child, parent).actual == "1 new failure"


@pytest.mark.parametrize(
    ("commits", "retries", "excused"), [(0, 0, False), (1, 0, False), (1, 5, False), (2, 0, True), (0, 2, True)]
)
def test_a_flaky_test_is_excused_after_two_commits(commits: int, retries: int, excused: bool) -> None:  # noqa: FBT001
    found = fresh(failure(flaky=flaky(commits, retries)))
    assert (found.verdict is Verdict.PASS) == excused
    assert ("flaky" in found.reason) == excused


def test_without_a_baseline_nothing_excuses_a_failure() -> None:
    old_and_flaky = failure(change=ChangeKind.STILL_FAILING, flaky=flaky(9))
    assert fresh(old_and_flaky, base=None).verdict is Verdict.FAIL
    found = fresh(base=None)
    assert found.verdict is Verdict.PASS
    assert "no baseline (it is the first run)" in found.reason


def test_where_nothing_ran_no_failure_could_show() -> None:
    empty = findings(run(RunState.ABORTED, cases=Tally()))
    assert new_failures.judge(empty, LIMITS).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("passed", "failed", "verdict"),
    [
        (19, 1, Verdict.PASS),
        (94, 6, Verdict.FAIL),
        (95, 5, Verdict.PASS),
        (1, 0, Verdict.PASS),
        (0, 0, Verdict.UNKNOWN),
    ],
)
def test_the_pass_rate_is_compared_exactly(passed: int, failed: int, verdict: Verdict) -> None:
    found = pass_rate.judge(findings(run(cases=Tally(passed=passed, failed=failed))), LIMITS)
    assert (found.verdict, found.expected) == (verdict, "at least 95 %")
    assert found.missing_evidence == (verdict is Verdict.UNKNOWN)


def test_a_rate_just_below_the_limit_never_looks_like_it() -> None:
    found = pass_rate.judge(findings(run(cases=Tally(passed=94_999, failed=5_001))), LIMITS)
    assert (found.verdict, found.actual) == (Verdict.FAIL, "94.99 %")


def test_errors_count_as_failures_and_skipped_results_do_not_count() -> None:
    found = pass_rate.judge(findings(run(cases=Tally(passed=1, errors=1, skipped=98))), LIMITS)
    assert (found.actual, found.reason) == ("50 %", "1 of 2 executed test cases passed.")


def test_targets_count_only_without_cases() -> None:
    both = run(cases=Tally(passed=3), targets=Tally(failed=9))
    assert pass_rate.judge(findings(both), LIMITS).verdict is Verdict.PASS
    bare = run(cases=Tally(skipped=3), targets=Tally(passed=1, failed=9))
    assert pass_rate.judge(findings(bare), LIMITS).actual == "10 %"


def test_a_low_pass_rate_offers_the_replay_of_the_whole_run() -> None:
    whole = command("run_all.sh --rerun-from summary.json", Level.RUN)
    broken = findings(run(cases=Tally(failed=1)), failure(commands=(command(), whole)))
    assert pass_rate.judge(broken, LIMITS).commands == (whole,)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (run(RunState.INCOMPLETE, completeness=Completeness(present=1, expected=2, missing=("e2e-1",))), "e2e-1"),
        (run(completeness=Completeness(present=2, expected=3)), "2 of 3 parts"),
        (run(RunState.ABORTED), "stopped before any test ran"),
        (run(RunState.KILLED), "before its summary was written"),
        (run(cases=Tally(skipped=3)), "no test was executed"),
        (
            run(problems=(Problem(path="a/junit.xml", severity=Severity.ERROR, message="line 3: not closed"),)),
            "1 file could not be read: a/junit.xml (line 3: not closed)",
        ),
        (run(sources=(SourceFile(path="b/summary.json", state=SourceState.CORRUPT),)), "b/summary.json"),
    ],
)
def test_missing_or_unreadable_evidence_is_named(facts: RunFacts, words: str) -> None:
    found = evidence_present.judge(findings(facts), LIMITS)
    assert (found.verdict, found.missing_evidence, found.blocking) == (Verdict.UNKNOWN, True, True)
    assert words in found.reason


def test_a_file_is_named_once() -> None:
    path = "a/junit.xml"
    facts = run(
        problems=(Problem(path=path, severity=Severity.ERROR, message="no"),),
        sources=(SourceFile(path=path, state=SourceState.CORRUPT),),
    )
    assert "1 file could" in evidence_present.judge(findings(facts), LIMITS).reason


def test_warnings_are_no_missing_evidence() -> None:
    facts = run(
        problems=(Problem(path="a.json", severity=Severity.WARNING, message="no reader knows it"),),
        sources=(SourceFile(path="a.json", state=SourceState.CORRUPT),),
    )
    assert evidence_present.judge(findings(facts), LIMITS).verdict is Verdict.PASS


def test_a_verdict_file_that_contradicts_its_rows_is_no_evidence() -> None:
    lying = source(agrees=False, recomputed_verdict="fail")
    found = evidence_present.judge(findings(sources=(lying,)), LIMITS)
    assert found.verdict is Verdict.UNKNOWN
    assert "says pass where its own rows make it fail" in found.reason
    wrong_sum = evidence_present.judge(findings(sources=(source(agrees=False),)), LIMITS)
    assert "summary" in wrong_sum.reason


OLD = "units/u-0123456789abcdef"


def torn(path: str, message: str = "results.parquet is torn") -> Problem:
    return Problem(path=path, severity=Severity.ERROR, message=message)


@pytest.mark.parametrize(
    "problem",
    [
        torn(OLD, f"{OLD}/results.parquet: was altered or is torn"),
        torn(f"{OLD}/evidence.json.gz"),
        torn("names/n-01.parquet"),
        torn("units/my copy", "units/my copy/unit.json: does not exist"),
    ],
)
def test_a_torn_unit_of_another_run_hurts_only_itself(problem: Problem) -> None:
    assert evidence_present.judge(findings(run(problems=(problem,))), LIMITS).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "problem",
    [
        torn("units/u-7e57"),  # a conflict of this very run
        torn("units/run-7", "does not exist"),  # an argument that happens to lie in a folder of that name
        torn("units/junit.xml", "is a pipe, not a file"),
        torn("names/reports", "the folder holds nothing to read"),
        Problem(path=OLD, reader="junit", severity=Severity.ERROR, message="line 3: not closed"),
    ],
)
def test_a_problem_of_this_run_or_its_arguments_counts_whatever_its_folder_is_called(problem: Problem) -> None:
    facts = run(unit_ids=("u-7e57",), problems=(problem,))
    assert evidence_present.judge(findings(facts), LIMITS).verdict is Verdict.UNKNOWN


def test_a_summary_that_cannot_be_read_is_not_one_that_was_never_written() -> None:
    broken = SourceFile(path="a/summary.json", reader="summary", state=SourceState.CORRUPT)
    found = evidence_present.judge(findings(run(RunState.KILLED, sources=(broken,))), LIMITS)
    assert "the summary of the run is there, but it cannot be read" in found.reason
    assert "before its summary" not in found.reason
    assert "a/summary.json" in found.reason


def test_stale_gate_evidence_is_unknown_and_so_is_none_without_blocking() -> None:
    none = evidence_fresh.judge(findings(), LIMITS)
    assert (none.verdict, none.blocking, none.actual) == (Verdict.UNKNOWN, False, "none recorded")
    assert "CI recorded no gate verdict" in none.reason
    assert evidence_fresh.judge(findings(sources=(source(),)), LIMITS).verdict is Verdict.PASS
    found = evidence_fresh.judge(findings(sources=(source(stale=True, age_days=34), source())), LIMITS)
    assert (found.verdict, found.missing_evidence) == (Verdict.UNKNOWN, True)
    assert "34 days before the run" in found.reason
    undated = evidence_fresh.judge(findings(sources=(source(stale=True, age_days=None),)), LIMITS)
    assert "without a date" in undated.reason


def test_a_failed_phase_fails_with_the_command_of_the_library_when_it_is_the_only_one() -> None:
    library = failure("lib", surface="lib", commands=(command("cargo test --lib"),))
    only = runner_phases.judge(findings(run(phases_failed=("lib",)), library), LIMITS)
    assert (only.verdict, [item.text for item in only.commands]) == (Verdict.FAIL, ["cargo test --lib"])
    more = runner_phases.judge(findings(run(phases_failed=("lib", "fmt")), library), LIMITS)
    assert (more.reason, more.commands) == ("Failed: fmt, lib.", ())


def test_targets_are_no_phases() -> None:
    facts = run(phases_failed=("suite:a", "unit:b"), parts=(part(PartState.COMPLETE),))
    assert runner_phases.judge(findings(facts), LIMITS).verdict is Verdict.PASS


def part(state: PartState) -> Part:
    return Part(name=state.value, folder=state.value, state=state)


@pytest.mark.parametrize("state", ["gates", "reports", "lane", "bundle_only", "live_provider"])
def test_without_a_runner_there_are_no_phases_to_judge(state: str) -> None:
    found = runner_phases.judge(findings(run(parts=(part(PartState(state)),))), LIMITS)
    assert (found.verdict, found.blocking, found.actual) == (Verdict.UNKNOWN, False, "no runner")
    assert "No runner took part" in found.reason
    both = runner_phases.judge(findings(run(parts=(part(PartState(state)), part(PartState.COMPLETE)))), LIMITS)
    assert (both.verdict, both.blocking) == (Verdict.PASS, True)


def test_a_phase_that_failed_fails_whoever_reported_it() -> None:
    found = runner_phases.judge(findings(run(parts=(part(PartState.BUNDLE_ONLY),), phases_failed=("fmt",))), LIMITS)
    assert (found.verdict, found.blocking) == (Verdict.FAIL, True)


def test_without_a_recorded_waiver_there_is_none_to_judge() -> None:
    found = waiver_health.judge(findings(), LIMITS)
    assert (found.verdict, found.blocking, found.actual) == (Verdict.UNKNOWN, False, "none recorded")


@pytest.mark.parametrize("state", ["expired", "invalid"])
def test_a_waiver_that_is_no_longer_good_fails(state: str) -> None:
    found = waiver_health.judge(findings(waivers=(waiver(state=state, detail="bad date"), waiver("b"))), LIMITS)
    assert (found.verdict, found.actual) == (Verdict.FAIL, "1 of 2 waivers expired or invalid")
    assert "must_pass" in found.reason


def test_waivers_that_expire_soon_are_named_and_pass() -> None:
    found = waiver_health.judge(findings(waivers=(waiver(state="expiring_soon"),)), LIMITS)
    assert found.verdict is Verdict.PASS
    assert "expiring soon: must_pass" in found.reason


@pytest.mark.parametrize("base", [REF, None])
def test_no_rule_passes_a_run_of_which_nothing_is_known(base: RunRef | None) -> None:
    nothing = findings(run(RunState.EMPTY, cases=Tally(), completeness=Completeness(present=0, expected=0)), base=base)
    for rule in (new_failures, pass_rate, evidence_present):
        assert rule.judge(nothing, LIMITS).verdict is Verdict.UNKNOWN
