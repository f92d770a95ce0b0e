"""The list of all runs of the history, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings import RunState
from generator.pages import cells, links, runrows, words
from generator.pages.badges import head
from generator.views import Page, Section, StandardView, Tone

if TYPE_CHECKING:
    from generator.findings import Report
    from generator.plugins import PageLimits

_STRIP = 50


def build(report: Report, limits: PageLimits) -> list[Page]:
    """Return the page of runs."""
    at = links.links_of(report, limits)
    runs = report.findings.runs
    table = cells.simple_table(
        "runs-list",
        "Runs, newest first",
        runrows.COLUMNS,
        (runrows.row(run, at, report.as_of, wide=True) for run in reversed(runs)),
        limit=limits.list_rows,
        what="run",
        empty="The history holds no run.",
        total=len(runs),
    )
    section = Section(
        id="runs",
        title="Runs",
        intro="A run is linked while its version of this site is kept.",
        outcomes=runrows.strip(runs[-_STRIP:], at),
        tables=(table,),
    )
    view = StandardView(head=head(report, at, _answer(report), Tone.INFO), sections=(section,))
    return [Page(path="runs", title="Runs", template="standard.html.j2", view=view, nav="Runs")]


def _answer(report: Report) -> str:
    runs = report.findings.runs
    if not runs:
        return "The history holds no run."
    complete = sum(run.state is RunState.COMPLETE for run in runs)
    failed = sum(bool(run.tally.bad) for run in runs)
    kept = f"{words.plural(len(runs), 'run')} from {words.day(runs[0].started_at)} to {words.day(runs[-1].started_at)}"
    return f"{kept}: {words.number(complete)} complete, {words.number(failed)} with failures."
