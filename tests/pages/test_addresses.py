"""Addresses, titles and ids: every link leads somewhere, nothing untrusted becomes a path or a title."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.findings import AttemptNote, FlakyNote, RunState, SlowTest, Tally, Verdict, WaiverFacts
from generator.pages import PAGES, build_all
from generator.plugins import PageMaker
from generator.records import Problem, Severity, SourceState
from generator.safety.ids import is_key
from tests.pages.report_builder import (
    FORGE,
    NONE,
    failure,
    gate,
    judgement,
    pages,
    report,
    run,
    source,
    with_findings,
)
from tests.pages.view_texts import anchors, hrefs, tables, texts

if TYPE_CHECKING:
    from generator.views import Page

HOSTILE = "</script><b onmouseover=alert(1)>{{ 7*7 }} [x](javascript:alert(1)) <!-- `'\"&amp;"
TITLE = re.compile(
    r"Failures|Changes|Causes|Flaky tests|Gates|Trends|Performance|Runs|Problems|"
    r"(?:Overview of run|Run|Failure) [A-Za-z0-9][A-Za-z0-9._-]*"
)
INTERNAL = re.compile(r"(?:[a-z]+/(?:f-[0-9a-f]{16}/)?)(?:#[A-Za-z0-9._-]+)?")
ROOT = re.compile(r"/(?:f/)?[A-Za-z0-9._-]+/")


def _busy() -> dict[str, Page]:
    """Pages on which everything that can stand there does, with a gate id that cannot be an anchor."""
    inner, other = failure("pays by card"), failure("logs out")
    target = replace(failure("e2e_checkout"), children=(inner.link,))
    note = FlakyNote(
        test=inner.test,
        label="confirmed",
        commits=(),
        runs=(run().ref,),
        retries=1,
        failing_runs=1,
        executed_runs=2,
    )
    attempts = tuple(AttemptNote(number=n, status="failed", duration_s=None, message="") for n in (1, 2))
    full = replace(
        inner,
        parent=target.link,
        same_cause=(other.link,),
        flaky=note,
        attempts=attempts,
        notes=("x",),
        impacted=("y",),
    )
    head = replace(
        run(state=RunState.INCOMPLETE),
        problems=(Problem(path="a.xml", severity=Severity.ERROR, message="cut off"),),
        sources=(source("a.xml", SourceState.CORRUPT), source("b.txt", SourceState.UNREAD), source("c.xml")),
    )
    judged = judgement(gate("ext_must_pass", Verdict.FAIL), gate("a gate <with> spaces", Verdict.UNKNOWN), gate("b"))
    made = report(target, full, other, of=head, judged=judged)
    slow = SlowTest(title="a", suite="s", duration_s=1.0, usual_s=None)
    return pages(with_findings(made, replace(made.findings, flaky=(note,), slowest=(slow,))))


def test_every_registered_module_is_a_page_maker() -> None:
    assert all(isinstance(maker, PageMaker) for maker in PAGES)


def test_the_navigation_is_fixed_and_small() -> None:
    found = [page.nav for page in pages(report(failure())).values() if page.nav]

    assert found == ["Overview", "Run", "Failures", "Changes", "Causes", "Flaky", "Gates", "Trends", "Runs", "Problems"]


def test_every_page_is_found_by_the_search() -> None:
    found = {path: page.search_title for path, page in pages(report(failure())).items() if page.nav}

    assert found[""] == "Overview of run 1042"
    assert (found["run"], found["gates"], found["problems"]) == ("Run 1042", "Gates", "Problems")


def test_every_address_is_relative_or_rooted_or_at_the_forge() -> None:
    for page in _busy().values():
        for href in hrefs(page):
            fits = INTERNAL.fullmatch(href) or ROOT.fullmatch(href) or href.startswith(f"{FORGE}/")
            assert fits, href


def test_every_address_within_the_site_leads_to_a_page_and_an_anchor() -> None:
    made = _busy()

    for page in made.values():
        for href in hrefs(page):
            if href.startswith(("https://", "/")):
                continue
            path, _, anchor = href.partition("#")
            assert path.rstrip("/") in made, href
            assert not anchor or anchor in anchors(made[path.rstrip("/")]), href


def test_links_lead_to_sections_that_are_there_when_there_is_no_baseline() -> None:
    head = run(cases=Tally(passed=380, failed=1, skipped=3, not_run=6, flaky=2))
    waiver = WaiverFacts(
        gate_id="a gate that nobody evaluates",
        state="active",
        reported_state="active",
        detail="",
        days_remaining=4,
        owner="",
        created="",
        expires="",
        issue="",
        reason="",
        scope="",
        remove_when="",
    )
    judged = replace(judgement(gate("a", Verdict.FAIL)), waivers=(waiver,))
    made = pages(report(failure(), of=head, judged=judged, baseline=False))

    for page in made.values():
        for href in hrefs(page):
            path, _, anchor = href.partition("#")
            if anchor and not href.startswith("https://"):
                assert anchor in anchors(made[path.rstrip("/")]), href


def test_ids_are_given_once_on_a_page_are_safe_and_leave_those_of_the_template_alone() -> None:
    judged = judgement(gate("ext_must_pass", Verdict.FAIL), gate("ext_must_pass"), gate("location"), gate("<b>"))

    for made in (_busy(), pages(report(failure(), judged=judged))):
        for page in made.values():
            found = anchors(page)
            assert len(found) == len(set(found)), page.path
            assert all(is_key(one) for one in found), page.path
            assert not {"answer", "replay", "assertion", "cause", "since"} & set(found)


def test_titles_and_paths_hold_fixed_words_and_validated_ids_only() -> None:
    made = report(failure(HOSTILE, message=HOSTILE), judged=judgement(gate(HOSTILE, Verdict.FAIL)))

    for page in pages(made).values():
        assert TITLE.fullmatch(page.title), page.title
        assert all(is_key(part) for part in page.path.split("/") if part)


def test_hostile_text_is_shown_as_it_is_and_never_becomes_an_address() -> None:
    nasty = replace(
        failure(HOSTILE, message=HOSTILE),
        trace=HOSTILE,
        file=HOSTILE,
        source_url=f"javascript:{HOSTILE}",
        environment=(("Commit", HOSTILE), (HOSTILE, HOSTILE)),
    )
    head = replace(run(), url="javascript:alert(1)", commit=HOSTILE, branch=HOSTILE)
    made = report(nasty, of=head)

    for page in pages(made).values():
        assert not [href for href in hrefs(page) if "javascript" in href or "<" in href or " " in href]
    assert HOSTILE in list(texts(pages(made)[f"failures/{nasty.failure_id}"]))


def test_no_text_of_ours_holds_markup() -> None:
    judged = judgement(gate("ext_must_pass", Verdict.FAIL), gate("b", Verdict.UNKNOWN))

    for state in RunState:
        for page in pages(report(failure(), of=run(state=state), judged=judged)).values():
            marked = [text for text in texts(page) if re.search(r"<[a-z/!]|&[a-z]+;|\*\*|\]\(", text)]
            assert marked == [], page.path


def test_failures_beyond_the_limit_are_rows_only_and_the_list_says_so() -> None:
    made = report(*(failure(f"case {number:02}") for number in range(8)))

    found = pages(made, failure_pages=3, list_rows=2)
    table = tables(found["failures"])["failures-list"]

    assert sum(path.startswith("failures/") for path in found) == 3
    assert len(table.rows) == 5
    assert table.more == "3 more failures are not listed here."
    assert [row[0].href for row in table.rows[2:4]] == [
        f"failures/{made.findings.failures[2].failure_id}/",
        f"failures/#{made.findings.failures[3].failure_id}",
    ]
    note = (
        "The first 3 failures in order of need have a replay page; 5 failures have a row only, as far as the list goes."
    )
    assert found["failures"].view.sections[0].notes == (note,)


def test_every_link_to_a_failure_has_its_page_or_row_whatever_the_limits() -> None:
    made = report(*(failure(f"case {number:02}", signature=f"f1:{number}") for number in range(9)))

    for limit in (1, 4, 9):
        found = pages(made, failure_pages=limit, list_rows=3)
        rows = set(tables(found["failures"])["failures-list"].row_ids)
        for page in found.values():
            for href in hrefs(page):
                path, _, anchor = href.partition("#")
                if path.startswith("failures/f-"):
                    assert path.rstrip("/") in found
                elif path == "failures/" and anchor:
                    assert anchor in rows


def test_runs_are_linked_only_while_their_version_is_kept() -> None:
    made = report()
    alone = replace(made, versions=("1042",))

    assert [row[0].href for row in tables(pages(made)["runs"])["runs-list"].rows] == ["/1042/", "/1041/"]
    assert [row[0].href for row in tables(pages(alone)["runs"])["runs-list"].rows] == ["/1042/", ""]


def test_a_run_under_another_version_name_is_linked_by_that_name() -> None:
    made = replace(report(), version="v1.4.0", versions=("v1.4.0",))

    assert tables(pages(made)["runs"])["runs-list"].rows[0][0].href == "/v1.4.0/"


def test_without_a_forge_nothing_leaves_the_site() -> None:
    made = replace(report(failure()), forge_url="")

    assert not [href for page in pages(made).values() for href in hrefs(page) if href.startswith("http")]


def test_a_forge_that_is_not_https_is_not_linked() -> None:
    made = replace(report(failure()), forge_url="http://forge.example/owner/repo")

    assert not [href for page in pages(made).values() for href in hrefs(page) if href.startswith("http")]


def test_two_builds_of_one_report_are_equal() -> None:
    made = report(failure("a"), failure("b"), judged=judgement(gate("x", Verdict.FAIL)))

    assert build_all(made, failure_pages=5, list_rows=20) == build_all(made, failure_pages=5, list_rows=20)


def test_an_empty_table_of_a_run_without_results_does_not_suggest_that_all_is_well() -> None:
    made = report(of=run(state=RunState.ABORTED, cases=NONE))
    empty = with_findings(made, replace(made.findings, suites=()))

    assert tables(pages(empty)["failures"])["failures-list"].empty == "The run was aborted before any test ran."
    assert tables(pages(empty)["run"])["suites-list"].empty == "The run was aborted before any test ran."
