"""The page of flaky tests: what wastes our time, how sure that is, and what it excuses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from generator.analysis.analyse import analyse
from generator.analysis.prepare import prepare
from generator.config import Settings
from generator.findings import FlakyNote, RunState
from generator.pages import flaky
from generator.plugins import PageLimits
from generator.views import StandardView, Tone
from tests.builders import attempt, commit, snapshot, unit
from tests.builders import case as result
from tests.pages.report_builder import (
    BAD_COMMIT,
    FORGE,
    GOOD_COMMIT,
    NONE,
    case,
    failure,
    failure_id,
    replay_page,
    report,
    run,
    standard,
    with_findings,
)
from tests.pages.view_texts import anchors, column, hrefs, section, tables, texts

if TYPE_CHECKING:
    from generator.findings import Report, RunFacts
    from generator.views import Page

NAME = "pays by card"


def note(name: str = NAME, **more: Any) -> FlakyNote:
    """A test that disagreed with itself on two of 24 commits, and costs 40 minutes a week."""
    fields: dict[str, Any] = {
        "test": case(name),
        "label": "confirmed",
        "commits": (GOOD_COMMIT, BAD_COMMIT),
        "runs": (run("1041", days_ago=1).ref, run().ref),
        "retries": 1,
        "failing_runs": 3,
        "executed_runs": 40,
        "environment": "ci Linux",
        "rate": 0.1,
        "low": 0.018,
        "high": 0.24,
        "flake_commits": 2,
        "seen_commits": 24,
        "first_attempts": 24,
        "flips": 4,
        "flip_rate": 4 / 23,
        "excursions": 2,
        "minutes_a_week": 40.2,
        "derates": True,
    }
    return FlakyNote(**(fields | more))


def suspected(name: str = "logs out", **more: Any) -> FlakyNote:
    """A test that failed alone on two commits."""
    fields = {"label": "suspected", "commits": (), "retries": 0, "flake_commits": 0, "derates": False}
    return note(name, **(fields | {"minutes_a_week": 1.6} | more))


def recovered(name: str = "ships") -> FlakyNote:
    """A test that was flaky and is clean."""
    return note(name, label="recovered", derates=False, minutes_a_week=None)


def made(*notes: FlakyNote, of: Report | None = None) -> Report:
    """The report of a run with these notes."""
    found = of or report()
    return with_findings(found, replace(found.findings, flaky=notes))


def page(found: Report, *, list_rows: int = 200) -> Page:
    """The page of a report."""
    (built,) = flaky.build(found, PageLimits(failure_pages=50, list_rows=list_rows))
    return built


def answer(*notes: FlakyNote) -> str:
    """The first sentence."""
    return page(made(*notes)).view.head.answer


def with_runs(*runs: RunFacts) -> Report:
    """A report of the last of these runs."""
    found = report(of=runs[-1])
    return with_findings(found, replace(found.findings, runs=runs))


def test_the_page_has_its_place_and_name() -> None:
    built = page(made(note()))
    assert (built.path, built.title, built.nav) == ("flaky", "Flaky tests", "Flaky")
    assert [found.id for found in built.view.sections] == ["confirmed", "suspected", "recovered", "proof", "base"]
    assert len(set(anchors(built))) == len(anchors(built))


@pytest.mark.parametrize(
    ("notes", "said"),
    [
        (
            [note(), note("b", minutes_a_week=1.9), suspected(), suspected("d")],
            "2 confirmed flaky tests cost 42 minutes a week; 2 more are suspected.",
        ),
        ([note()], "1 confirmed flaky test costs 40 minutes a week."),
        ([note(minutes_a_week=0.1)], "1 confirmed flaky test costs less than a minute a week."),
        ([note(minutes_a_week=1.2), suspected()], "1 confirmed flaky test costs 1 minute a week; 1 more is suspected."),
        ([note(minutes_a_week=300.0)], "1 confirmed flaky test costs 5 h 0 m a week."),
        (
            [note(), note("b", minutes_a_week=None)],
            "2 confirmed flaky tests cost at least 40 minutes a week (no duration of 1 is recorded).",
        ),
        (
            [note(minutes_a_week=None)],
            "1 confirmed flaky test, at a cost that is not known, because no duration is recorded.",
        ),
        ([suspected()], "No test is confirmed to be flaky; 1 is suspected."),
        ([recovered()], "No test is confirmed to be flaky. 1 test has recovered."),
    ],
)
def test_the_answer_counts_and_names_the_price(notes: list[FlakyNote], said: str) -> None:
    assert answer(*notes) == said


def test_a_confirmed_test_stands_with_its_price_its_rate_and_what_it_excuses() -> None:
    quarantined = note(quarantine="FLAKE-NET, last day 2026-11-20", elsewhere=("ci Windows",))
    once = note("b", derates=False, commits=(BAD_COMMIT,), flake_commits=1, minutes_a_week=None)
    table = tables(page(made(quarantined, once)))["confirmed-list"]
    first, second = table.rows
    assert [cell.text for cell in first] == [
        NAME,
        "40 min",
        "10%",
        "3 of 40",
        "1042 and 1041",
        "left out of the gate",
        "FLAKE-NET, last day 2026-11-20",
        "ci Linux",
    ]
    assert first[2].note == "2 of 24 commits, 95% interval 1.8% to 24%"
    assert (first[3].note, first[7].note) == ("1 more passed on a retry", "also in ci Windows")
    assert [cell.text for cell in second][1:2] + [cell.text for cell in second][5:7] == [
        "not known",
        "count",
        "in none",
    ]
    assert (second[1].note, second[5].note) == ("no duration is recorded", "evidence on 1 commit only")


def test_a_suspected_test_shows_its_flips_and_excuses_nothing() -> None:
    built = page(made(suspected()))
    (row,) = tables(built)["suspected-list"].rows
    assert [cell.text for cell in row][:5] == ["logs out", "2 min", "2 of 24 commits", "17.4%", "3 of 40"]
    assert row[3].note == "4 of 23 pairs of commits"
    assert "It excuses nothing." in section(built, "suspected").intro
    assert tables(built)["confirmed-list"].rows == ()


def test_a_recovered_test_names_its_last_proof() -> None:
    (row,) = tables(page(made(recovered())))["recovered-list"].rows
    assert [cell.text for cell in row][:4] == ["ships", "10%", "3 of 40", "1042"]


def test_every_run_that_proves_it_is_listed_and_linked_and_numbers_lead_there() -> None:
    built = page(made(note(), suspected()))
    table = tables(built)["proof-list"]
    assert column(table, "Run") == ["1042", "1041"] * 2
    assert [row[2].href for row in table.rows] == ["/1042/", "/1041/"] * 2
    assert table.rows[0][3].href == f"{FORGE}/commit/{BAD_COMMIT}"
    assert [bool(row_id) for row_id in table.row_ids] == [True, False, True, False]
    own = [href for href in hrefs(built) if href.startswith("flaky/#")]
    assert len(own) >= 4
    assert {href.partition("#")[2] for href in own} <= set(anchors(built))


def test_a_test_with_many_runs_shows_the_newest_ones_and_a_long_list_says_what_it_left_out() -> None:
    many = note(runs=tuple(run(str(number)).ref for number in range(30)))
    table = tables(page(made(many)))["proof-list"]
    assert column(table, "Run") == [str(number) for number in range(29, 19, -1)]
    short = page(made(many, suspected()), list_rows=3)
    assert tables(short)["proof-list"].more == "9 more runs are not listed here."
    assert tables(short)["suspected-list"].rows[0][5].href == ""
    assert (
        tables(page(made(note(), note("b")), list_rows=1))["confirmed-list"].more == "1 more test is not listed here."
    )


def test_a_test_that_fails_now_leads_to_its_failure() -> None:
    (row,) = tables(page(made(note(), of=report(failure(NAME)))))["confirmed-list"].rows
    assert row[0].href == f"failures/{failure_id(NAME)}/"


def test_none_known_says_on_how_little_that_rests() -> None:
    built = page(made())
    assert built.view.head.answer == (
        "No test is known to be flaky: in 2 runs of 1 commit none is seen to have passed and failed on one commit "
        "within the window. Not enough data for a suspicion: 1 commit, needs 10."
    )
    assert built.view.head.tone is Tone.WARN
    alone = page(made(of=with_runs(run())))
    assert (
        "No commit ran more than once, so that only a retry inside a run could have shown it." in alone.view.head.answer
    )
    assert "needs 10" in tables(alone)["suspected-list"].empty
    assert "only a retry" in tables(alone)["confirmed-list"].empty


def test_none_known_after_many_commits_is_said_plainly_but_never_in_green() -> None:
    runs = [replace(run(str(number), days_ago=20 - number // 2), commit=commit(number // 2)) for number in range(24)]
    built = page(made(of=with_runs(*runs)))
    assert built.view.head.answer == (
        "No test is known to be flaky: in 24 runs of 12 commits none is seen to have passed and failed on one commit "
        "within the window."
    )
    assert built.view.head.tone is Tone.INFO


def test_where_nothing_was_read_the_page_does_not_look_healthy() -> None:
    empty = replace(run(state=RunState.EMPTY, cases=NONE), sources=())
    built = page(made(of=with_runs(empty)))
    assert built.view.head.answer == "No test result was read: the artifacts hold none."
    assert built.view.head.tone is Tone.WARN
    assert not any("None:" in text for text in texts(built.view))


def test_another_repository_does_not_count_as_evidence() -> None:
    other = run("7")
    foreign = replace(other, keys=(other.keys[0].model_copy(update={"repository": "else/where"}),))
    built = page(made(of=with_runs(foreign, run())))
    assert "in 1 run of 1 commit" in built.view.head.answer


def test_the_overview_counts_the_confirmed_ones_alone_and_leads_to_the_page() -> None:
    counts = {count.label: count for count in standard(made(note(), suspected(), recovered())).counts}
    known = counts["known to be flaky"]
    assert (known.number, known.href) == ("1", "flaky/")


def test_the_trends_lead_to_the_page() -> None:
    found = made(note(), suspected(), recovered())
    view = standard(found, "trends")
    (link,) = next(one for one in view.sections if one.id == "flaky").links
    assert (link.text, link.href) == ("Flaky tests: 1 confirmed and 1 suspected", "flaky/")
    assert "flaky-list" not in {table.id for one in view.sections for table in one.tables}


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (suspected(NAME), "not known to be flaky now (suspected to be flaky, which excuses nothing: failed in 3 of 40"),
        (recovered(NAME), "not known to be flaky now (flaky before, clean since, which excuses nothing: failed in 3"),
        (note(), "(1 run), known to be flaky: failed in 3 of 40 runs."),
    ],
)
def test_a_failure_is_called_flaky_only_with_proof(known: FlakyNote, said: str) -> None:
    found = report(replace(failure(NAME), flaky=known))
    assert said in replay_page(found).status
    (row,) = next(one for one in standard(found, "failures").sections if one.tables).tables[0].rows
    assert (row[2].note == "flaky") is known.confirmed


def test_from_runs_to_words() -> None:
    retried = result("pays", suite="shop", seconds=120.0, earlier=[attempt(seconds=300.0)])
    calm = result("pays", suite="shop", seconds=120.0)
    units = [
        unit(str(day), day, [retried if day in (2, 3) else calm, result("logs in")], sha=commit(day))
        for day in range(1, 5)
    ]
    prepared = prepare(snapshot(*units), Settings())
    findings = analyse(prepared, "4", base=None, settings=prepared.settings)
    found = with_findings(report(), findings)
    view = page(found).view
    assert isinstance(view, StandardView)
    # rate 2.5 of 5, four runs in a week, seven minutes a flake
    assert view.head.answer == "1 confirmed flaky test costs 14 minutes a week."
    (row,) = tables(page(found))["confirmed-list"].rows
    assert [cell.text for cell in row][:5] == ["pays", "14 min", "50%", "0 of 4", "3 and 2"]
    assert row[3].note == "2 more passed on a retry"
