"""New, known or neither: what pages say where no baseline tells, and where the evidence says little."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.findings import CommitRange, RunState, Since, TestRef
from generator.records import Level, PartState
from tests.pages.report_builder import BAD_COMMIT, command, failure, pages, replay_page, report, run, standard
from tests.pages.view_texts import column, tables, texts

_ALONE = Since(first_bad=run().ref, last_good=None, runs=1, commits=CommitRange(good="", bad=BAD_COMMIT))


def test_without_a_baseline_no_page_calls_a_failure_new() -> None:
    made = pages(report(replace(failure(), since=_ALONE), baseline=False))

    for path, page in made.items():
        said = [text for text in texts(page.view) if "new" in text.lower().split()]
        assert all("no baseline" in text for text in said), (path, said)
    assert column(tables(made[""])["action-list"], "Status") == ["failing"]
    assert column(tables(made[""])["causes-list"], "Status") == ["failing"]
    assert column(tables(made["failures"])["failures-list"], "Since") == ["not known"]


def test_without_a_baseline_the_page_of_a_failure_says_that_nothing_tells_whether_it_is_new() -> None:
    view = replay_page(report(replace(failure(), since=_ALONE), baseline=False))

    assert view.head.verdict == "Failing."
    assert view.status == "Failing; no baseline says whether it is new, not known to be flaky."
    assert view.since == ()


def test_an_earlier_result_that_passed_is_told_even_without_a_baseline() -> None:
    view = replay_page(report(failure(), baseline=False))

    assert view.status.startswith("Failing; no baseline says whether it is new; it fails since run 1042 (1 run)")
    assert [fact.value for fact in view.since][:2] == ["1042", "1041"]


def test_the_overview_counts_failing_tests_where_no_baseline_tells_the_new_ones() -> None:
    counts = standard(report(failure(), baseline=False)).counts

    assert (counts[0].number, counts[0].label) == ("1", "failing")


def test_a_note_about_the_streak_stands_under_its_facts() -> None:
    noted = replace(failure(), since=replace(failure().since, note="2 runs between have no report of it"))

    assert [(fact.label, fact.value) for fact in replay_page(report(noted)).since][-1] == (
        "Note",
        "2 runs between have no report of it.",
    )


def test_a_failure_of_a_bare_bundle_says_why_nothing_tells_what_broke() -> None:
    bundle = run(state=RunState.BUNDLE_ONLY)
    parts = (bundle.parts[0].model_copy(update={"state": PartState.BUNDLE_ONLY}),)
    made = report(replace(failure(message=""), trace=""), of=replace(bundle, parts=parts))

    facts = {fact.label: fact.value for fact in replay_page(made).cause}

    assert facts["What broke"].startswith("Not known: only a replay bundle is left")


@pytest.mark.parametrize(
    ("trace", "said"),
    [("at x.rs:1", "No message was recorded; the trace below"), ("", "Not known: no file that was read holds")],
)
def test_a_failure_without_a_message_says_what_there_is_instead(trace: str, said: str) -> None:
    view = replay_page(report(replace(failure(message=""), trace=trace)))

    assert view.cause[0].value.startswith(said)


@pytest.mark.parametrize(
    ("surface", "whole"), [("suite", "This suite"), ("unit", "This unit target"), ("lib", "The library tests")]
)
def test_the_commands_of_a_target_are_titled_by_what_they_run(surface: str, whole: str) -> None:
    test = TestRef(test_id=1, surface=surface, suite="", classname="", name="mooring_rules")
    found = replace(failure(commands=(command("a"), command("b", level=Level.SUITE))), test=test)

    assert [shown.title for shown in replay_page(report(found)).replay] == ["The failing test", whole]
