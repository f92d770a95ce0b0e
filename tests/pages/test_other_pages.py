"""The run, the runs, the trends and the problems."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.findings import Completeness, RunState, SlowTest, SuiteFacts, Tally
from generator.records import Counts, Part, PartState, Problem, Severity, Shard, SourceState
from generator.views import Tone
from tests.pages.report_builder import (
    NONE,
    STARTED,
    failure,
    pages,
    report,
    run,
    source,
    standard,
    trends,
    with_findings,
)
from tests.pages.view_texts import column, section, tables


def test_the_run_page_keeps_targets_and_cases_apart() -> None:
    made = report(of=run(cases=Tally(passed=388, failed=2, skipped=5), targets=Tally(passed=21, failed=1, not_run=2)))

    table = tables(pages(made)["run"])["tallies"]

    assert column(table, "What") == ["Targets", "Test cases"]
    assert column(table, "Failed") == ["1", "2"]
    assert column(table, "Not run") == ["2", "0"]
    assert column(table, "Pass rate") == ["95.5%", "99.5%"]


def test_the_run_page_says_how_many_failed_how_long_it_took_and_that_all_parts_are_there() -> None:
    made = report(of=run(cases=Tally(passed=388, failed=2, flaky=1)))

    assert standard(made, "run").head.answer == (
        "2 of 390 test cases failed in 3 m 12 s. All parts are there. 1 test passed only after a retry."
    )


def test_missing_parts_stand_first_among_the_parts() -> None:
    there = Part(
        name="shard-1",
        folder="a",
        state=PartState.KILLED,
        started_at=STARTED,
        shard=Shard(kind="suite", name="shard-1", index=0, total=2),
        lint_failed=("clippy",),
    )
    broken = replace(
        run(state=RunState.INCOMPLETE),
        parts=(there,),
        completeness=Completeness(present=1, expected=2, missing=("shard-2",)),
    )

    table = tables(pages(report(of=broken))["run"])["parts-list"]

    assert [cell.text for cell in table.rows[0][:2]] == ["shard-2", "missing"]
    assert column(table, "State")[1] == "killed before its summary"
    assert column(table, "Shard")[1] == "1 of 2 (suite)"
    assert column(table, "Failed phases")[1] == "clippy"


def test_suites_are_listed_in_the_given_order_with_their_duration_before() -> None:
    made = report(failure())
    suites = (
        SuiteFacts(
            name="checkout",
            surface="case",
            tally=Tally(passed=3, failed=1),
            duration_s=2.0,
            previous_duration_s=1.0,
            failure_ids=(made.findings.failures[0].failure_id,),
        ),
        SuiteFacts(name="basket", surface="case", tally=Tally(passed=9), duration_s=None),
    )
    table = tables(pages(with_findings(made, replace(made.findings, suites=suites)))["run"])["suites-list"]

    assert column(table, "Suite") == ["checkout", "basket"]
    assert column(table, "Duration") == ["2.0 s", "not recorded"]
    assert table.rows[0][0].href.startswith("failures/f-")


def test_the_slowest_tests_are_compared_with_their_usual_duration() -> None:
    made = report()
    slow = (
        SlowTest(title="a", suite="s", duration_s=3.0, usual_s=2.0, runs=9),
        SlowTest(title="b", suite="s", duration_s=1.0, usual_s=None),
    )
    table = tables(pages(with_findings(made, replace(made.findings, slowest=slow)))["run"])["slowest-list"]

    assert column(table, "Ratio") == ["1.50 times", "no earlier run"]


def test_the_environment_shows_every_value_that_parts_disagree_on() -> None:
    parts = (
        Part(name="a", folder="a", state=PartState.COMPLETE, os="Linux 6.1", vcr_mode="playback"),
        Part(name="b", folder="b", state=PartState.COMPLETE, os="Darwin 25", vcr_mode="playback"),
    )
    facts = {
        fact.label: fact.value
        for fact in section(pages(report(of=replace(run(), parts=parts)))["run"], "environment").facts
    }

    assert facts == {"Operating system": "Darwin 25 and Linux 6.1", "VCR mode": "playback"}


def test_the_ledger_lists_what_could_not_be_read_first_and_is_limited() -> None:
    files = (
        source("c.xml"),
        source("b.xml", SourceState.CORRUPT),
        source("a.xml").model_copy(update={"counts": Counts(tests=3, passed=2, failed=1)}),
    )
    page = pages(report(of=replace(run(), sources=files)), list_rows=2)["run"]
    table = tables(page)["evidence-files"]

    assert column(table, "File") == ["b.xml", "a.xml"]
    assert column(table, "Holds")[1] == "1 failed, 2 passed"
    assert table.more == "1 more file is not listed here."
    assert section(page, "evidence").intro == "2 files read, 1 could not be read."


def test_runs_stand_newest_first_and_a_run_without_results_has_no_zeros() -> None:
    made = report(of=run(state=RunState.ABORTED, cases=NONE))

    table = tables(pages(made)["runs"])["runs-list"]

    assert column(table, "Run") == ["1042", "1041"]
    assert column(table, "Cases failed") == ["no results", "0 of 390"]
    assert column(table, "Targets failed") == ["no results", "none ran"]
    assert column(table, "State") == ["aborted", "complete"]


def test_an_incomplete_run_is_never_drawn_as_a_passed_one() -> None:
    made = report(of=run(state=RunState.INCOMPLETE))

    strip = section(pages(made)["runs"], "runs").outcomes

    assert strip is not None
    assert [status for status, _, _ in strip.cells] == ["passed", "not_run"]
    assert strip.reading == "0 of the last 2 runs had failures, 1 is incomplete."


def test_the_trend_says_what_is_compared_and_of_what() -> None:
    made = report()
    falling = replace(
        trends((21, 2), (17, 4), change=-10.4),
        counted="targets",
        earlier_rate=0.913,
        recent_rate=0.809,
        fell_most="e2e_arrival_board",
    )
    view = standard(with_findings(made, replace(made.findings, trends=falling)), "trends")

    assert view.head.answer == (
        "Pass rate of targets fell from 91.3% to 80.9% between the last two weeks (10.4 points), "
        "most in e2e_arrival_board. 6 failed targets; 2 of 2 runs failed."
    )
    assert view.head.tone is Tone.BAD
    rate, failed, _ = view.sections[0].charts
    assert (rate.title, rate.y_title) == ("Pass rate of targets by day", "Pass rate of targets")
    assert (failed.title, failed.y_title) == ("Failed targets and failed runs by day", "Failed targets")
    assert [found.title for found in rate.table.columns][3:5] == ["Executed targets", "Failed targets"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (-1.8, "Pass rate of results fell between the last two weeks (1.8 points)."),
        (1.8, "Pass rate of results rose between the last two weeks (1.8 points)."),
        (0.01, "Pass rate of results did not change between the last two weeks."),
        (
            None,
            "Pass rate of results 97.4% on 2026-11-02; not enough data to compare the last 7 days with the 7 before.",
        ),
    ],
)
def test_a_trend_names_no_suite_and_no_rate_that_the_findings_do_not_give(change: float | None, said: str) -> None:
    made = report()
    known = trends((390, 0), (380, 10), change=change)
    view = standard(with_findings(made, replace(made.findings, trends=known)), "trends")

    assert view.sections[0].charts[0].reading == said


def test_a_day_with_incomplete_runs_is_marked_in_its_row() -> None:
    made = report()
    known = trends((390, 0), (380, 10))
    days = (known.days[0], replace(known.days[1], runs=2, incomplete_runs=1))
    marked = with_findings(made, replace(made.findings, trends=replace(known, days=days)))

    rows = section(pages(marked)["trends"], "days").charts[0].table.rows

    assert [row[1].note for row in rows] == ["1 incomplete run left out of the rate", ""]


def test_a_day_without_results_is_a_gap_in_the_chart_never_a_zero() -> None:
    made = report()
    gappy = with_findings(made, replace(made.findings, trends=trends((390, 0), (0, 0), (389, 1))))

    charts = section(pages(gappy)["trends"], "days").charts

    assert charts[0].series[0].y == (1.0, None, 0.997436)
    assert charts[1].series[0].y == (0.0, None, 1.0)
    assert column(charts[0].table, "Failed results") == ["1", "no data", "0"]


def test_a_trend_without_runs_says_so_instead_of_a_number() -> None:
    made = report()
    view = standard(with_findings(made, replace(made.findings, trends=trends())), "trends")

    assert view.head.answer == "No run of this branch lies in the window, so there is nothing to draw."
    assert view.head.tone is Tone.INFO


def test_problems_stand_with_errors_first_and_the_next_step() -> None:
    problems = (
        Problem(path="a.xml", reader="junit", severity=Severity.INFO, message="odd", hint=""),
        Problem(path="b.xml", reader="junit", severity=Severity.ERROR, message="cut off", hint="upload it again"),
    )
    files = (source("b.xml", SourceState.CORRUPT), source("notes.txt", SourceState.UNREAD))
    page = pages(report(of=replace(run(), problems=problems, sources=files)))["problems"]
    table = tables(page)["problems-list"]

    assert column(table, "File") == ["b.xml", "a.xml"]
    assert column(table, "What to do next")[0] == "upload it again"
    assert page.view.head.answer == (
        "2 problems, 1 of them an error. 0 files read, 1 could not be read, 1 not read by any reader."
    )
    assert [found.id for found in page.view.sections] == ["problems", "corrupt", "unread", "readers"]


def test_a_run_without_any_file_does_not_read_as_one_without_problems() -> None:
    page = pages(report(of=replace(run(state=RunState.EMPTY, cases=NONE), sources=())))["problems"]

    assert page.view.head.answer == "No file of this run is recorded. No test result was read: the artifacts hold none."
    assert page.view.head.tone is Tone.WARN
    assert tables(page)["problems-list"].empty == "No file was read, so no problem could be seen."


def test_torn_evidence_of_earlier_runs_is_listed_too() -> None:
    made = report()
    torn = Problem(path="units/u-1041", severity=Severity.ERROR, message="its hash differs", hint="ingest it again")
    earlier = replace(made.findings.runs[0], problems=(torn,))
    page = pages(with_findings(made, replace(made.findings, runs=(earlier, made.findings.run))))["problems"]

    assert [cell.text for cell in tables(page)["earlier-list"].rows[0]] == [
        "1041",
        "units/u-1041",
        "its hash differs",
        "ingest it again",
    ]
