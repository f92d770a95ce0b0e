"""Failures: the list, and a replay page for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.pages import answers, banners, cells, flaky, links, novelty, replay, words
from generator.pages.badges import badges, head
from generator.views import Cell, Link, Page, Section, StandardView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.findings import Failure, Report
    from generator.pages.links import Links
    from generator.plugins import PageLimits
    from generator.views import Table

_COLUMNS = cells.columns(
    "Test", "Suite", "Status", "Since", "Failing runs", "Class", "Message", "Outcomes",
    numeric=("Failing runs",), choice=("Suite", "Status", "Class"),
)  # fmt: skip
_STRIP = 10


def build(report: Report, limits: PageLimits) -> list[Page]:
    """Return the list and, for the first failures of the report's order, a page each."""
    at = links.links_of(report, limits)
    return [_list(report, at, limits), *_replays(report, at, limits)]


def _replays(report: Report, at: Links, limits: PageLimits) -> list[Page]:
    shown = report.findings.failures[: limits.failure_pages]
    row = badges(report, at)
    neighbours = [None, *(_link(failure, at) for failure in shown), None]
    return [
        replay.page(report, failure, at, row, previous=neighbours[place], following=neighbours[place + 2])
        for place, failure in enumerate(shown)
    ]


def _link(failure: Failure, at: Links) -> Link:
    return Link(text=words.cut(failure.test.title, 80), href=at.failure(failure.failure_id))


def _list(report: Report, at: Links, limits: PageLimits) -> Page:
    word, tone = answers.verdict(report)
    counted, containers = links.counted(report), links.containers(report)
    if not counted and report.findings.run.tally.executed:
        word = ""
    notes = _without_page(report, at, limits)
    sections = [
        Section(
            id="failures",
            title="Failures, new before known" if novelty.compared(report) else "Failures",
            tables=(_table("failures", "Failing tests", counted, report, at, links.rows_of_failures(limits)),),
            notes=notes,
        )
    ]
    if containers:
        intro = "These targets failed because cases in them failed; the cases are counted above, the targets are not."
        table = _table("containers", "Targets", containers, report, at, limits.list_rows)
        sections.append(
            Section(id="targets", title="Targets that failed through these cases", intro=intro, tables=(table,))
        )
    shown = (*banners.state(report), *banners.problems(report))
    view = StandardView(
        head=head(report, at, answers.failures(report), tone, verdict=word, banners=shown),
        sections=tuple(sections),
    )
    return Page(path="failures", title="Failures", template="standard.html.j2", view=view, nav="Failures")


def _without_page(report: Report, at: Links, limits: PageLimits) -> tuple[str, ...]:
    left = len(report.findings.failures) - len(at.failure_pages)
    if left <= 0:
        return ()
    first = f"The first {words.plural(limits.failure_pages, 'failure')} in order of need have a replay page"
    rest = f"{words.plural(left, 'failure')} {words.verb(left, 'has', 'have')} a row only, as far as the list goes"
    return (f"{first}; {rest}.",)


def _table(table_id: str, caption: str, found: Sequence[Failure], report: Report, at: Links, limit: int) -> Table:
    return cells.simple_table(
        f"{table_id}-list",
        caption,
        _COLUMNS,
        (_row(failure, report, at) for failure in found),
        limit=limit,
        what="failure",
        empty=answers.nothing(report, "No test failed among the results that were read."),
        total=len(found),
        row_ids=tuple(failure.failure_id for failure in found[:limit]),
    )


def _row(failure: Failure, report: Report, at: Links) -> tuple[Cell, ...]:
    return (
        cells.cell_of_test(failure.test, at.failure(failure.failure_id), place=False),
        cells.suite_cell(failure.test),
        novelty.cell(report, new=failure.change.new, note=_flaky(failure)),
        *(
            (cells.run_cell(at, failure.since.first_bad), cells.number_cell(failure.since.runs))
            if novelty.has_streak(report, failure)
            else (Cell(text="not known"), Cell(text="not known"))
        ),
        Cell(text=failure.root_cause_class),
        Cell(text=words.cut(failure.message, 120), mono=True),
        Cell(text="", outcomes=replay.strip(failure.outcomes[-_STRIP:], at)),
    )


def _flaky(failure: Failure) -> str:
    """Return what is known of the test's flakiness; only a confirmed one is called flaky."""
    if failure.flaky is None:
        return ""
    return flaky.standing(failure.flaky)
