"""Pass rates in words: windows with their numbers, a sentence for each verdict, and what is lacking without one."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from generator.findings import PassRate, PassRates, RateVerdict, Share
from generator.pages.pass_rates import section
from generator.plugins import PageLimits
from generator.views import Tone
from tests.pages.report_builder import case, failure, failure_id, pages, report, run, with_findings
from tests.pages.view_texts import column, tables

if TYPE_CHECKING:
    from generator.findings import Report
    from generator.views import Section, Table

UNTIL = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
LIMITS = PageLimits(failure_pages=50, list_rows=200)

BROKEN = PassRate(
    test=case("pays by card"),
    environment="ci linux",
    verdict=RateVerdict.EXTREME_REGRESSION,
    base=Share(failed=3, runs=120, low=0.0085, high=0.0709),
    sample=Share(failed=9, runs=28, low=0.179, high=0.507),
    drop=0.2964,
    p=0.00001,
    q=0.00002,
    since=run("1041", days_ago=1).ref,
    failing=(run().ref, run("1041", days_ago=1).ref, run("1038", days_ago=4).ref),
)
BETTER = PassRate(
    test=case("logs out"),
    environment="",
    verdict=RateVerdict.IMPROVEMENT,
    base=Share(failed=60, runs=120, low=0.41, high=0.59),
    sample=Share(failed=0, runs=28, low=0.0, high=0.12),
    drop=-0.5,
    p=0.001,
    q=0.0125,
)
NEW = PassRate(
    test=case("signs up"),
    environment="ci linux",
    verdict=RateVerdict.NEW_TEST_FAILING,
    base=Share(failed=0, runs=0),
    sample=Share(failed=5, runs=9, low=0.267, high=0.811),
    failing=(run("1039", days_ago=3).ref,),
)


def unsure(*lack: str, base: int = 40, sample: int = 2, failed: int = 2) -> PassRate:
    return PassRate(
        test=case("sends mail"),
        environment="ci linux",
        verdict=RateVerdict.NOT_ENOUGH_DATA,
        base=Share(failed=0, runs=base, low=0.0, high=0.09) if base else Share(failed=0, runs=0),
        sample=Share(failed=failed, runs=sample, low=0.34, high=1.0),
        failing=(run().ref,),
        lack=lack,
    )


def rates(*changes: PassRate, undecided: tuple[PassRate, ...] = (), base: int = 120, sample: int = 28) -> PassRates:
    return PassRates(
        base_name="the 30 days that end 7 days before the sample",
        base_from=UNTIL - timedelta(days=44),
        base_until=UNTIL - timedelta(days=14),
        sample_from=UNTIL - timedelta(days=7),
        sample_until=UNTIL,
        base_commits=base,
        sample_commits=sample,
        tests=1204,
        candidates=31,
        changes=changes,
        undecided=undecided,
        branch="main",
    )


def told(found: PassRates | None) -> Report:
    made = report(failure())
    return with_findings(made, replace(made.findings, pass_rates=found))


def shown(found: PassRates) -> Section:
    made = section(told(found), LIMITS)
    assert made is not None
    return made


def table(found: PassRates, name: str = "changed") -> Table:
    return next(each for each in shown(found).tables if each.id == f"pass-rates-{name}")


def test_the_section_stands_on_the_page_of_changes_below_the_five_sets() -> None:
    ids = [found.id for found in pages(told(rates(BROKEN)))["changes"].view.sections]

    assert ids == ["baseline", "new", "still", "fixed", "missing", "added", "pass-rates"]


def test_without_results_there_is_no_section() -> None:
    assert section(told(None), LIMITS) is None
    assert "pass-rates-changed" not in tables(pages(told(None))["changes"])


def test_a_regression_is_told_with_both_rates_the_change_and_when_it_was_first_seen() -> None:
    (row,) = table(rates(BROKEN)).rows

    assert [cell.text for cell in row] == [
        "pays by card",
        "ci linux",
        "passes much less often",
        "3 of 120 (0.9% to 7.1%)",
        "9 of 28 (17.9% to 50.7%)",
        "−29.6 points",
        "under 0.0001",
        "1041",
        "1042",
    ]
    assert row[2].tone is Tone.BAD
    assert row[2].note == (
        "Passed in 117 of 120 commits of the base, in 19 of 28 now; could first be proven with run 1041; "
        "of 100 such findings at most 5 are false alarms on average."
    )


def test_a_regression_leads_to_the_failure_and_to_the_runs_behind_it() -> None:
    (row,) = table(rates(BROKEN)).rows

    assert row[0].href == f"failures/{failure_id('pays by card')}/"
    assert (row[7].href, row[8].href) == ("/1041/", "/1042/")
    assert row[8].note == "2026-11-09; 3 in the sample, from 1038 on"


def test_a_regression_found_with_the_run_itself_says_so() -> None:
    (row,) = table(rates(replace(BROKEN, verdict=RateVerdict.REGRESSION, since=run().ref))).rows

    assert row[2].text == "passes less often"
    assert "; could first be proven with this run; " in row[2].note


def test_an_improvement_is_good_news_with_its_numbers() -> None:
    (row,) = table(rates(BETTER)).rows

    assert [cell.text for cell in row[1:]] == [
        "not stated",
        "passes more often",
        "60 of 120 (41% to 59%)",
        "0 of 28 (0% to 12%)",
        "+50 points",
        "0.0125",
        "not looked for",
        "none",
    ]
    assert row[2].tone is Tone.GOOD
    assert row[2].note.startswith("Passed in 60 of 120 commits of the base, in 28 of 28 now; of 100 such findings")


def test_a_new_test_is_told_to_be_judged_by_itself_and_not_as_zero() -> None:
    (row,) = table(rates(NEW)).rows

    assert [cell.text for cell in row[2:]] == [
        "new test, fails too often",
        "no commit",
        "5 of 9 (26.7% to 81.1%)",
        "no base",
        "not tested",
        "not looked for",
        "1039",
    ]
    assert row[2].note == "Did not run in the base, so it is judged by itself: passed in 4 of 9 commits."


def test_numeric_columns_have_a_number_to_sort_by_in_every_row() -> None:
    made = table(rates(BROKEN, NEW, BETTER))

    for place, one in enumerate(made.columns):
        if one.numeric:
            assert all(math.isfinite(float(row[place].sort)) for row in made.rows), one.title
    assert [float(row[5].sort) for row in made.rows] == pytest.approx([-0.2964, -5 / 9, 0.5], abs=1e-5)


def test_the_intro_names_base_sample_and_how_many_were_judged() -> None:
    made = shown(rates(BROKEN))

    assert made.title == "Pass rates that changed (1)"
    assert made.intro == (
        "The sample is 28 commits on main, from 2026-11-02 09:00 UTC to 2026-11-09 09:00 UTC. "
        "The base is the 30 days that end 7 days before the sample: 120 commits, "
        "from 2026-09-26 09:00 UTC to 2026-10-26 09:00 UTC. "
        "One commit is one trial, and a test that passed in any of its runs passed. "
        "1,204 tests ran in the sample, counted once in each environment; "
        "31 ran and failed often enough to be judged."
    )


@pytest.mark.parametrize(("sample", "said"), [(9, True), (10, False), (0, False)])
def test_a_small_sample_is_said_to_find_only_large_drops(sample: int, *, said: bool) -> None:
    text = "With fewer than 10 commits in the sample only large drops are found."

    assert (text in shown(rates(sample=sample)).intro) is said


def test_windows_with_too_few_commits_say_how_many_they_need() -> None:
    intro = shown(replace(rates(base=4, sample=1), candidates=0)).intro

    assert "Not enough data: 4 commits in the base, needs 10." in intro
    assert "Not enough data: 1 commit in the sample, needs 3." in intro


def test_a_base_that_is_not_there_is_named_with_the_reason() -> None:
    name = "run nope, which is not among the runs up to this one"
    intro = shown(replace(rates(base=0), base_name=name, base_from=None, base_until=None)).intro

    assert f"There is no base; it was to be {name}." in intro
    assert "Not enough data: 0 commits in the base, needs 10." in intro


def test_an_empty_table_says_how_many_were_judged_or_that_none_could_be() -> None:
    judged, none = rates(), replace(rates(), candidates=0)

    assert table(judged).empty == "Of 31 tests that could be judged none passes less or more often than in the base."
    assert table(none).empty == "No test ran and failed often enough to be judged."
    assert (shown(judged).title, shown(none).title) == ("Pass rates that changed (0)", "Pass rates that changed")


@pytest.mark.parametrize(
    ("rate", "lacking"),
    [
        (unsure("sample runs"), "2 commits in the sample, needs 3"),
        (unsure("base runs", base=4, sample=9), "4 commits in the base, needs 10"),
        (unsure("base runs", base=0, sample=9), "0 commits in the base, needs 10"),
        (unsure("sample runs", base=0, sample=4), "4 commits in the sample, a new test needs 6"),
        (unsure("failures", sample=7, failed=1), "1 failure in both together, needs 3"),
        (
            unsure("base runs", "sample runs", "failures", base=1, sample=1, failed=1),
            "1 commit in the base, needs 10; 1 commit in the sample, needs 3; 1 failure in both together, needs 3",
        ),
    ],
)
def test_a_test_without_a_verdict_says_what_is_lacking(rate: PassRate, lacking: str) -> None:
    made = table(rates(undecided=(rate,)), "undecided")

    assert column(made, "What is lacking") == [lacking]
    assert column(made, "Failing runs") == ["1042"]


def test_thresholds_of_the_settings_are_those_that_are_told() -> None:
    found = replace(rates(undecided=(unsure("sample runs"),)), min_sample_runs=5)

    assert column(table(found, "undecided"), "What is lacking") == ["2 commits in the sample, needs 5"]


def test_a_long_list_says_what_it_leaves_out() -> None:
    made = table(rates(*(replace(BROKEN, test=case(f"t{place}")) for place in range(70))))

    assert (len(made.rows), made.more) == (60, "10 more tests are not listed here.")


def test_a_test_that_did_not_fail_in_this_run_has_no_link_to_a_failure() -> None:
    (row,) = table(rates(replace(BROKEN, test=case("elsewhere")))).rows

    assert row[0].href == ""


def test_texts_of_artifacts_are_cut_to_a_line() -> None:
    found = replace(rates(replace(BROKEN, environment="e\n" * 200)), branch="b" * 500, base_name="run " + "x" * 500)

    made = shown(found)

    assert made.tables[0].rows[0][1].text == " ".join("e" * 30) + "…"
    assert len(made.intro) < 900
