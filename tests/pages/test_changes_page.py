"""What changed, and what CI's own triage said about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from generator.findings import Change, ChangeKind, DiffStatus, Disagreement, RunState, SuppliedTriage, Tally, TestRef
from generator.pages.changeset import SETS, SKIPS
from generator.views import Tone
from tests.pages.report_builder import NONE, case, failure, failure_id, pages, report, run, standard, with_findings
from tests.pages.view_texts import column, section, tables

if TYPE_CHECKING:
    from generator.findings import Report

TARGET = TestRef(test_id=7, surface="suite", suite="", classname="", name="e2e_checkout")


def _change(name: str, kind: ChangeKind, before: str = "passed", after: str = "failed") -> Change:
    return Change(test=case(name), kind=kind, before=before, after=after, failure_id=failure_id(name))


def _report(*changes: Change, supplied: SuppliedTriage | None = None) -> Report:
    made = report(failure())
    comparison = replace(made.findings.comparison, changes=changes, supplied=supplied)
    return with_findings(made, replace(made.findings, comparison=comparison))


def _triage(*, under_reported: int, reported: str = "stable") -> SuppliedTriage:
    target = Change(
        test=TARGET,
        kind=ChangeKind.NEW_FAILURE,
        before="passed",
        after="failed",
        before_exit=0,
        after_exit=101,
        severity="regression",
        priority_score=100,
        rank=1,
    )
    return SuppliedTriage(
        path="triage_diff.json",
        baseline_label="1041",
        reported_status=reported,
        recomputed_status=DiffStatus.REGRESSION,
        reported_counts=(("regression_count", 0),),
        recomputed_counts=(("regression_count", 1),),
        targets=(target,),
        under_reported=under_reported,
        disagreements=(Disagreement(subject="suite:e2e_checkout", reported="stable_pass", recomputed="regression"),),
        runner_command="./run_all.sh; rm -rf x",
    )


def test_every_kind_of_change_stands_in_exactly_one_set() -> None:
    kinds = [kind for one in (*SETS, SKIPS) for kind in one.kinds]

    assert sorted(kinds) == sorted(kind for kind in ChangeKind if kind is not ChangeKind.STABLE)


def test_the_counts_are_those_of_the_tables_behind_them() -> None:
    made = _report(
        _change("pays by card", ChangeKind.NEW_FAILURE),
        _change("b", ChangeKind.STILL_FAILING, "failed"),
        _change("c", ChangeKind.FIXED, "failed", "passed"),
        _change("d", ChangeKind.FIXED, "failed", "passed"),
        _change("e", ChangeKind.MISSING, "passed", "absent"),
        _change("f", ChangeKind.NEW_TEST, "absent", "passed"),
    )

    counts = {count.href.removeprefix("changes/#"): int(count.number) for count in standard(made, "changes").counts}
    rows = {one.id: len(tables(pages(made)["changes"])[f"changes-{one.id}"].rows) for one in SETS}

    assert counts == rows == {"new": 1, "still": 1, "fixed": 2, "missing": 1, "added": 1}


def test_the_sentence_names_the_baseline_and_only_sets_with_rows() -> None:
    made = _report(_change("pays by card", ChangeKind.NEW_FAILURE), _change("c", ChangeKind.FIXED, "failed", "passed"))

    head = standard(made, "changes").head

    assert head.verdict == "Regression."
    assert head.answer == "Against run 1041: 1 new failure, 1 fixed; 390 results unchanged."


def test_a_failing_row_tells_before_and_after_since_when_and_the_commits() -> None:
    change = replace(_change("pays by card", ChangeKind.NEW_FAILURE), after_exit=101, signature_changed=True)

    row = tables(pages(_report(change))["changes"])["changes-new"].rows[0]

    assert [cell.text for cell in row] == [
        "pays by card",
        "checkout",
        "passed → failed (exit code 101)",
        "1042",
        "expected 3, got 4",
        "aaaaaaaaa..bbbbbbbbb",
    ]
    assert row[2].note == "fails in another way than before"


def test_skips_are_folded_and_only_there_when_there_are_some() -> None:
    with_skip = pages(_report(_change("a", ChangeKind.SKIPPED, "passed", "skipped")))["changes"]
    without = pages(_report(_change("a", ChangeKind.FIXED, "failed", "passed")))["changes"]

    assert section(with_skip, "skips").folded
    assert "skips" not in [found.id for found in without.view.sections]


def test_the_baseline_is_explained() -> None:
    facts = {fact.label: fact for fact in section(pages(report())["changes"], "baseline").facts}

    assert facts["Baseline"].value == "1041"
    assert facts["Baseline"].href == "/1041/"
    assert facts["Why this one"].value == "The newest complete run of main before this one."


@pytest.mark.parametrize("path", ["", "changes"])
def test_a_triage_that_hides_failures_is_a_banner(path: str) -> None:
    made = _report(supplied=_triage(under_reported=2))

    banner = standard(made, path).head.banners[0]

    assert banner.title == "CI's own triage under-reports"
    assert banner.text.startswith("It files 2 failing targets as passing.")
    assert banner.tone is Tone.WARN


def test_a_triage_with_another_status_is_a_banner_too() -> None:
    banner = standard(_report(supplied=_triage(under_reported=0)), "changes").head.banners[0]

    assert banner.text == "It says stable; its exit codes say regression."


def test_reported_and_recomputed_stand_side_by_side() -> None:
    page = pages(_report(supplied=_triage(under_reported=1)))["changes"]
    counts, disagreements = tables(page)["triage-counts"], tables(page)["triage-disagreements"]

    assert [cell.text for cell in counts.rows[0]] == ["regression count", "0", "1"]
    assert counts.rows[0][2].note == "differs"
    assert [cell.text for cell in disagreements.rows[0]] == ["suite:e2e_checkout", "stable_pass", "regression"]
    facts = {fact.label: fact.value for fact in section(page, "triage").facts}
    assert (facts["Reported status"], facts["Recomputed status"]) == ("stable", "regression")


def test_ranked_diagnostics_tell_score_and_exit_codes() -> None:
    table = tables(pages(_report(supplied=_triage(under_reported=1)))["changes"])["triage-ranked"]

    assert [cell.text for cell in table.rows[0]] == ["1", "e2e_checkout", "regression", "100", "0", "101"]
    assert column(table, "Rank") == ["1"]


def test_a_command_of_the_triage_is_shown_but_not_for_copying() -> None:
    found = section(pages(_report(supplied=_triage(under_reported=1)))["changes"], "triage").commands[0]

    assert found.text == "./run_all.sh; rm -rf x"
    assert not found.copyable
    assert "was not checked" in found.reason


def test_without_a_supplied_triage_there_is_no_section_about_it() -> None:
    assert "triage" not in [found.id for found in pages(report())["changes"].view.sections]


def test_a_run_in_which_nothing_ran_is_never_called_stable() -> None:
    made = report(of=run(state=RunState.ABORTED, cases=NONE, targets=Tally(not_run=22)))

    head = standard(made, "changes").head

    assert (head.verdict, head.tone) == ("Nothing to compare.", Tone.WARN)
    assert head.answer == ("The run was aborted before any test ran. Nothing ran that could be compared with run 1041.")


def test_an_incomplete_run_without_failures_is_not_called_stable() -> None:
    head = standard(report(of=run(state=RunState.INCOMPLETE)), "changes").head

    assert (head.verdict, head.tone) == ("Incomplete.", Tone.WARN)
    assert standard(report(), "changes").head.verdict == "Stable."
