"""Trends: is it getting better? Days and suites of the default branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.flaky import CONFIRMED, SUSPECTED
from generator.pages import cells, kpis, links, series, words
from generator.pages.badges import head
from generator.views import Cell, Link, Outcomes, Page, Section, StandardView, Tone

if TYPE_CHECKING:
    from generator.findings import Report, SuiteTrend, Trends
    from generator.plugins import PageLimits

_SUITES = cells.columns(
    "Suite", "Outcomes", "Runs", "Failed", "Pass rate", "Median duration", "Last duration", "Last 5 against before",
    numeric=("Runs", "Failed", "Pass rate", "Median duration", "Last duration", "Last 5 against before"),
)  # fmt: skip

_ROWS = 60
"""Rows of a table here, worst first: each has a strip, and a page must open at once."""


def build(report: Report, limits: PageLimits) -> list[Page]:
    """Return the page of trends."""
    at = links.links_of(report, limits)
    trends = report.findings.trends
    view = StandardView(
        head=head(report, at, _answer(trends), _tone(trends)),
        sections=(
            Section(
                id="days",
                title="Day by day",
                intro=f"Runs on the branch {words.cut(trends.branch, 80)}; a day without runs is a gap, not a zero.",
                charts=(
                    series.pass_rate(trends, with_failures=False),
                    series.failures(trends),
                    series.durations(trends),
                ),
            ),
            kpis.section(report),
            _suites(trends, limits),
            _flaky(report),
        ),
    )
    return [Page(path="trends", title="Trends", template="standard.html.j2", view=view, nav="Trends")]


def _answer(trends: Trends) -> str:
    return words.join(series.pass_rate_reading(trends), series.failures_reading(trends) if _known(trends) else "")


def _known(trends: Trends) -> bool:
    return any(day.tally.executed for day in trends.days)


def _tone(trends: Trends) -> Tone:
    change = trends.change_points
    if change is None or abs(change) < series.LEAST_POINTS:
        return Tone.INFO
    return Tone.GOOD if change > 0 else Tone.BAD


def _suites(trends: Trends, limits: PageLimits) -> Section:
    table = cells.simple_table(
        "suites-list",
        "Suites over the window",
        _SUITES,
        [_suite(suite) for suite in trends.suites],
        limit=min(limits.list_rows, _ROWS),
        what="suite",
        empty="No suite ran on this branch in the window.",
    )
    return Section(id="suites", title="Suites", tables=(table,))


def _suite(suite: SuiteTrend) -> tuple[Cell, ...]:
    return (
        Cell(text=suite.suite, mono=True, note=cells.kind_of(suite.surface) if suite.surface != "case" else ""),
        Cell(text="", outcomes=_strip(suite)),
        cells.number_cell(suite.runs),
        cells.number_cell(suite.tally.bad, tone=Tone.BAD) if suite.tally.executed else Cell(text="no data"),
        cells.share_cell(suite.tally.pass_rate),
        cells.duration_cell(suite.median_s),
        cells.duration_cell(suite.last_s),
        Cell(text=words.times(suite.ratio), sort="" if suite.ratio is None else f"{suite.ratio:.4f}"),
    )


def _strip(suite: SuiteTrend) -> Outcomes:
    ran = [status for status in suite.recent if status not in ("absent", "skipped", "not_run")]
    failed = sum(status in ("failed", "error") for status in ran)
    reading = f"Failed in {words.number(failed)} of {words.plural(len(ran), 'run')}." if ran else "Did not run."
    return Outcomes(cells=tuple((status, cells.status_word(status), "") for status in suite.recent), reading=reading)


def _flaky(report: Report) -> Section:
    notes = report.findings.flaky
    found = [(label, sum(note.label == label for note in notes)) for label in (CONFIRMED, SUSPECTED)]
    counts = words.listing([f"{words.number(count)} {label}" for label, count in found if count])
    text = f"Flaky tests: {counts}" if counts else "Flaky tests: what was looked at"
    return Section(id="flaky", title="Flaky tests", links=(Link(text=text, href="flaky/"),))
