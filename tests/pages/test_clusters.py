"""The page of causes: how many problems there really are, how far each reaches, and who knows it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from generator.analysis import analyse, prepare, reach
from generator.config import Settings
from generator.findings import Cluster, RunState, Tally
from generator.pages import clusters, overview
from generator.plugins import PageLimits
from generator.views import StandardView, Tone
from tests.builders import case as result
from tests.builders import snapshot, unit
from tests.pages.report_builder import FORGE, NONE, case, failure, report, run, with_findings
from tests.pages.view_texts import anchors, column, hrefs, section, tables, texts

if TYPE_CHECKING:
    from generator.findings import Failure, Report
    from generator.views import Page

LIMITS = PageLimits(failure_pages=50, list_rows=200)
ID = "c1:00112233445566{:02x}"


def cluster(number: int = 0, *failures: Failure, title: str = "TimeoutError: too late", **more: object) -> Cluster:
    """A cause that hit two tests in 3 of 20 runs."""
    fields: dict[str, object] = {
        "cluster_id": ID.format(number),
        "title": title,
        "signatures": ("f1:0011223344556677",),
        "tests": 2,
        "occurrences": 4,
        "runs": 3,
        "window_runs": 20,
        "environments": 1,
        "first_seen": run("1041", days_ago=1).ref,
        "last_seen": run().ref,
        "new": False,
        "wide": True,
        "failures": tuple(found.link for found in failures),
        "members": ((case("pays by card"), 3), (case("ships"), 1)),
        "low": 0.052,
        "high": 0.36,
        "window_days": 30,
    }
    return Cluster(**(fields | more))  # type: ignore[arg-type]


def with_clusters(made: Report, *found: Cluster) -> Report:
    return with_findings(made, replace(made.findings, clusters=found))


def page(made: Report, limits: PageLimits = LIMITS) -> Page:
    (found,) = clusters.build(made, limits)
    return found


def answer(made: Report) -> str:
    return page(made).view.head.answer


def row(made: Report, title: str, place: int = 0) -> str:
    return column(tables(page(made))["clusters-list"], title)[place]


def test_the_page_is_called_causes_and_stands_in_the_navigation() -> None:
    made = page(report())
    assert (made.path, made.title, made.nav, made.template) == ("clusters", "Causes", "Causes", "standard.html.j2")


def test_it_says_first_how_many_causes_explain_the_failing_tests_and_how_many_are_new_and_wide() -> None:
    pays, ships, waits = failure(), failure("ships"), failure("waits")
    made = with_clusters(
        report(pays, ships, waits),
        cluster(0, pays, ships),
        cluster(1, waits, new=True, wide=False),
        cluster(2),
    )
    assert answer(made) == (
        "2 causes explain 3 failing tests; 1 is new, 1 is wide. "
        "1 other cause was seen in the 20 runs of the last 30 days but not in this run."
    )
    assert page(made).view.head.tone is Tone.BAD
    assert column(tables(page(made))["clusters-list"], "Status") == ["known", "new", "not in this run"]


def test_known_causes_alone_are_a_warning() -> None:
    pays = failure()
    made = with_clusters(report(pays), cluster(0, pays))
    assert answer(made) == "1 cause explains 1 failing test; 0 are new, 1 is wide."
    assert page(made).view.head.tone is Tone.WARN


def test_without_a_baseline_nothing_is_called_new() -> None:
    pays = failure()
    made = page(with_clusters(report(pays, baseline=False), cluster(0, pays, new=True)))
    assert made.view.head.answer == (
        "1 cause explains 1 failing test; 1 is wide; there is no baseline that says which are new."
    )
    said = [text for text in texts(made.view) if "new" in text.lower().split()]
    assert all("no baseline" in text for text in said)
    assert column(tables(made)["clusters-list"], "Status") == ["failing"]


def test_a_run_without_failures_says_so_and_still_lists_the_causes_of_the_window() -> None:
    made = with_clusters(report(), cluster(0))
    assert answer(made) == (
        "No cause is behind this run: nothing that is counted failed. "
        "1 cause was seen in the 20 runs of the last 30 days but not in this run."
    )
    assert page(made).view.head.tone is Tone.INFO
    assert row(made, "Failures now") == "0"


@pytest.mark.parametrize(
    ("listed", "unlisted", "seen", "which"),
    [
        (2, 5, "7 other causes were", "2 of them hit at least 2 tests or failed at least 3 times and are listed"),
        (1, 1, "2 other causes were", "1 of them hit at least 2 tests or failed at least 3 times and is listed"),
        (0, 1, "1 other cause was", "none of them hit at least 2 tests or failed at least 3 times, so none is listed"),
    ],
)
def test_causes_that_are_too_small_for_a_line_are_told_in_the_answer(
    listed: int, unlisted: int, seen: str, which: str
) -> None:
    pays = failure()
    made = with_clusters(report(pays), cluster(0, pays), *(cluster(place + 1) for place in range(listed)))
    findings = replace(made.findings, clusters_unlisted=unlisted, clusters_listed_from=(2, 3))
    assert answer(with_findings(made, findings)) == (
        "1 cause explains 1 failing test; 0 are new, 1 is wide. "
        f"{seen} seen in the 20 runs of the last 30 days but not in this run; {which}."
    )


def test_a_test_that_fails_of_something_else_is_never_said_not_to_fail() -> None:
    pays, ships, target = failure(), failure("ships"), failure("e2e_pay")
    target = replace(target, children=(pays.link,))
    members = tuple((one.test, 1) for one in (ships, target, pays))
    made = page(with_clusters(report(pays, ships, target), cluster(0, pays, members=members)))
    tests = tables(made)[f"list-{ID.format(0).replace(':', '-')}"]
    assert column(tests, "Test") == ["pays by card", "ships", "e2e_pay"]
    assert column(tests, "In this run") == ["fails"] * 3
    assert [found[-1].note for found in tests.rows] == ["", "counted to another cause", "counted as its failing cases"]
    assert [bool(found[0].href) for found in tests.rows] == [True] * 3


def test_a_test_whose_namesake_of_another_suite_fails_is_not_said_to_be_sound() -> None:
    pays = replace(failure(), test=replace(failure().test, classname="shop::pay"))
    twin = replace(pays.test, test_id=pays.test.test_id + 1, suite="another")
    made = page(with_clusters(report(pays), cluster(0, pays, members=((twin, 1), (pays.test, 1)))))
    tests = tables(made)[f"list-{ID.format(0).replace(':', '-')}"]
    assert [(found[-1].text, found[-1].note) for found in tests.rows] == [
        ("fails", ""),
        ("not of this suite", "its namesake of another suite fails"),
    ]


def test_where_nothing_was_read_it_never_says_that_there_is_no_cause() -> None:
    empty = report(of=run(state=RunState.EMPTY, cases=NONE))
    said = " ".join(texts(page(empty).view))
    assert "No cause" not in said
    assert "Nothing fails" not in said
    assert answer(empty)


def test_a_row_tells_the_rate_with_its_interval_and_how_far_the_cause_reaches() -> None:
    pays = failure()
    made = with_clusters(report(pays), cluster(0, pays, environments=2))
    assert [row(made, title) for title in ("Cause", "Tests", "Runs", "Reach", "First seen", "Last seen")] == [
        "TimeoutError: too late",
        "2",
        "3 of 20 runs",
        "wide",
        "1041",
        "1042",
    ]
    notes = [cell.note for cell in tables(page(made))["clusters-list"].rows[0]]
    assert "15% (95% interval 5.2% to 36%)" in notes
    assert "2 environments" in notes
    assert "30 days" in section(page(made), "causes").intro
    assert "every branch" in section(page(made), "causes").intro


def test_a_rate_of_many_runs_needs_no_interval_and_none_without_runs_is_no_zero() -> None:
    many = with_clusters(report(), cluster(0, runs=30, window_runs=200))
    assert "15%" in [cell.note for cell in tables(page(many))["clusters-list"].rows[0]]
    none = with_clusters(report(), cluster(0, runs=0, window_runs=0, low=None, high=None))
    assert "no data" in [cell.note for cell in tables(page(none))["clusters-list"].rows[0]]


def test_the_failures_of_this_run_are_linked() -> None:
    pays, ships = failure(), failure("ships")
    made = page(with_clusters(report(pays, ships), cluster(0, pays, ships), cluster(1, pays)))
    cells = [dict(zip((one.title for one in clusters._CAUSES), found, strict=True)) for found in
             tables(made)["clusters-list"].rows]  # fmt: skip
    assert (
        cells[0]["Failures now"].href == cells[0]["Tests"].href == f"clusters/#tests-{ID.format(0).replace(':', '-')}"
    )
    assert cells[1]["Failures now"].href == f"failures/{pays.failure_id}/"
    tests = tables(made)[f"list-{ID.format(0).replace(':', '-')}"]
    assert [found[0].href for found in tests.rows] == [f"failures/{one.failure_id}/" for one in (pays, ships)]
    assert column(tests, "Runs") == ["3", "1"]
    assert column(tests, "In this run") == ["fails", "fails"]


def test_every_link_within_the_page_leads_to_a_part_of_it() -> None:
    pays = failure()
    made = page(with_clusters(report(pays), *(cluster(place, pays) for place in range(30))))
    inside = {href.partition("#")[2] for href in hrefs(made.view) if href.startswith(clusters.PATH)}
    assert inside
    assert inside <= set(anchors(made))
    assert len(anchors(made)) == len(set(anchors(made)))


@pytest.mark.parametrize(
    ("issue", "href"),
    [
        (f"{FORGE}/issues/7", f"{FORGE}/issues/7"),
        ("OPS-7", ""),
        ("https://elsewhere.example/7", ""),
        ("javascript:alert(1)", ""),
        (f"{FORGE}.evil.example/7", ""),
    ],
)
def test_a_known_cause_names_rule_owner_and_issue_and_only_an_issue_of_the_forge_is_a_link(
    issue: str, href: str
) -> None:
    made = page(with_clusters(report(), cluster(0, rule="store is down", owner="infra", issue=issue)))
    known = tables(made)["clusters-list"].rows[0][6]
    assert (known.text, known.note, known.href) == ("store is down", f"owner infra, issue {issue}", href)
    facts = {fact.label: fact for fact in section(made, f"tests-{ID.format(0).replace(':', '-')}").facts}
    assert (facts["Known as"].value, facts["Owner"].value) == ("store is down", "infra")
    assert (facts["Issue"].value, facts["Issue"].href) == (issue, href)
    assert {found for found in hrefs(made.view) if found.startswith(("https:", "javascript:"))} <= {
        *([href] if href else []),
        *(found for found in hrefs(page(report()).view) if found.startswith("https:")),
    }


def test_a_cause_that_no_rule_names_is_unknown() -> None:
    made = with_clusters(report(), cluster(0))
    assert row(made, "Known as") == "unknown"
    assert "unknown: no rule" in " ".join(texts(page(made).view))


def test_the_first_twenty_causes_list_their_tests_and_what_is_left_out_is_said() -> None:
    crowd = tuple((case(f"t{place}"), 1) for place in range(50))
    made = page(with_clusters(report(), *(cluster(place, tests=60, members=crowd) for place in range(120))))
    lists = [table for name, table in tables(made).items() if name.startswith("list-")]
    assert [len(table.rows) for table in lists] == [50] * 4 + [10] * 16
    assert (lists[0].more, lists[-1].more) == (
        "10 more tests are not listed here.",
        "50 more tests are not listed here.",
    )
    listed = tables(made)["clusters-list"]
    assert (len(listed.rows), listed.more) == (100, "20 more causes are not listed here.")


def test_a_cause_of_more_failures_than_are_listed_leads_to_all_failures() -> None:
    crowd = [failure(f"t{place}") for place in range(60)]
    members = tuple((found.test, 1) for found in crowd[:50])
    made = page(with_clusters(report(*crowd), cluster(0, *crowd, tests=60, members=members)))
    (link,) = made.view.sections[1].links
    assert (link.text, link.href) == ("10 more failures of this run", "failures/")


def test_the_tests_that_fail_now_stand_first() -> None:
    ships = failure("ships")
    made = page(with_clusters(report(ships), cluster(0, ships)))
    tests = tables(made)[f"list-{ID.format(0).replace(':', '-')}"]
    assert column(tests, "Test") == ["ships", "pays by card"]
    assert column(tests, "In this run") == ["fails", "does not fail"]


def test_no_text_of_an_artifact_is_a_title_or_an_anchor() -> None:
    hostile = "<b>x</b> & {{ 7*7 }}"
    made = page(with_clusters(report(), cluster(0, title=hostile, rule=hostile, members=((case(hostile), 1),))))
    titles = [made.title, *(found.title for found in made.view.sections)]
    assert not any(hostile in text for text in [*titles, *anchors(made)])
    assert column(tables(made)["clusters-list"], "Cause") == [hostile]


def test_long_messages_are_cut() -> None:
    made = page(with_clusters(report(), cluster(0, title="x" * 500)))
    assert max(len(text) for text in texts(made.view) if "xxx" in text) == 160


def test_the_overview_counts_failures_by_cause_and_leads_to_their_tests() -> None:
    pays = failure()
    made = report(pays)
    causes = tuple(replace(cause, cluster_id=ID.format(0)) for cause in made.findings.causes)
    made = with_findings(made, replace(made.findings, causes=causes, clusters=(cluster(0, pays),)))
    (shown,) = overview.build(made, LIMITS)
    assert isinstance(shown.view, StandardView)
    assert tables(shown)["causes-list"].rows[0][1].href == f"clusters/#tests-{ID.format(0).replace(':', '-')}"
    assert [link.href for link in section(shown, "causes").links] == ["clusters/"]
    (alone,) = overview.build(report(pays), LIMITS)
    assert not any(href.startswith("clusters/") for href in hrefs(alone.view))


def test_from_results_to_words() -> None:
    """Three spellings of one cause and an isolated one, over three nights."""
    spelt = [f"the request to {who} timed out" for who in ("orders", "order", "borders")]
    late = [result(name, "failed", kind="TimeoutError", message=said) for name, said in zip("abc", spelt, strict=True)]
    nights = [
        unit("1", 1, [late[0], result("z")]),
        unit("2", 2, [result("a"), result("z")]),
        unit("3", 3, [*late, result("z", "failed", kind="KeyError", message="'port'")]),
    ]
    prepared = prepare(snapshot(*nights), Settings())
    findings = analyse(prepared, "3", base=None, settings=Settings())
    findings = replace(findings, clusters=reach.build(prepared, 2, findings.failures))
    made = with_findings(report(of=run(cases=Tally(failed=4))), findings)
    assert answer(made).startswith("2 causes explain 4 failing tests; 1 is new, 1 is wide.")
    assert [row(made, "Cause", place) for place in (0, 1)] == [
        "KeyError: 'port'",
        "TimeoutError: the request to orders timed out",
    ]
    assert [row(made, "Runs", place) for place in (0, 1)] == ["1 of 3 runs", "2 of 3 runs"]
    (shown,) = overview.build(made, LIMITS)
    assert "4 new failures from 2 causes" in shown.view.head.answer
    assert len(tables(shown)["causes-list"].rows) == 2
