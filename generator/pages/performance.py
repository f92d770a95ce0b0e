"""Performance: what became slower or faster, since which commit, and how the benchmarks stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.pages import cells, links, words
from generator.pages.badges import head
from generator.pages.performance_charts import change_text, chart, run_text, times, value_cell
from generator.views import Cell, Column, Link, Page, Section, StandardView, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.findings import Benchmark, Performance, Report, RunRef, SeriesChange
    from generator.pages.links import Links
    from generator.plugins import PageLimits
    from generator.views import Chart, Table

_CHARTS: Final = 6
_CHANGES: Final = (
    *cells.columns(
        "Test or benchmark", "Environment", "Before", "After", "Change", numeric=("Before", "After", "Change"),
        choice=("Environment",),
    ),
    *cells.columns("Since run", "Commits"),
    Column(title="Points", numeric=True, hint="values that were looked at"),
    Column(title="q", numeric=True, hint="share of false alarms to expect among changes as clear as this one"),
)  # fmt: skip
_BENCHMARKS: Final = (
    *cells.columns(
        "Benchmark", "Environment", "Last", "Usual", "Change", numeric=("Last", "Usual", "Change"),
        choice=("Environment",),
    ),
    Column(title="Fence", numeric=True, hint="the largest change that is nothing unusual for this series"),
    *cells.columns("Judgement", choice=("Judgement",)),
    Column(title="Points", numeric=True, hint="values that were looked at"),
    *cells.columns("Measured in"),
)  # fmt: skip


def build(report: Report, limits: PageLimits) -> list[Page]:
    """Return the page of performance; none where neither a duration nor a benchmark is known."""
    found = report.findings.performance
    if not (found.judged or found.too_short or found.benchmarks):
        return []
    at = links.links_of(report, limits)
    worse, better, unknown = ([item for item in found.changes if item.worse is way] for way in (True, False, None))
    sections = [
        Section(
            id="slower",
            title=f"Slower ({words.number(len(worse))})",
            intro=_what_is_judged(report),
            tables=(_table("slower", "Slower, recent first", worse, at, limits, _none(found, "slower")),),
        ),
        Section(
            id="faster",
            title=f"Faster ({words.number(len(better))})",
            tables=(_table("faster", "Faster, recent first", better, at, limits, _none(found, "faster")),),
        ),
    ]
    if unknown:
        intro = "Nobody says whether more is better here: neither the report nor the unit."
        table = _table("changed", "Changed, recent first", unknown, at, limits, "None.")
        sections.append(
            Section(id="changed", title=f"Changed ({words.number(len(unknown))})", intro=intro, tables=(table,))
        )
    drawn = _charts([*worse, *unknown], at)
    if drawn:
        sections.insert(1, Section(id="charts", title="The worst changes", charts=drawn))
    if found.benchmarks:
        sections.append(_benchmarks(found, at, limits))
    suites = Link(text="Durations of suites over the window", href="trends/#suites")
    days = Link(text="Duration of runs day by day", href="trends/#days")
    sections.append(Section(id="suites", title="Suites and runs", links=(suites, days)))
    view = StandardView(head=head(report, at, _answer(found), _tone(found)), sections=tuple(sections))
    return [Page(path="performance", title="Performance", template="standard.html.j2", view=view, nav="Performance")]


def _answer(found: Performance) -> str:
    return words.join(_tests(found), _measured(found))


def _tests(found: Performance) -> str:
    """Return how many tests became slower; that there is too little data to say so, where there is."""
    if not (found.judged or found.too_short):
        return ""
    if not found.judged:
        return f"Not enough data: {_runs(found)}, {words.number(found.min_points)} are needed"
    slower = [item for item in found.changes if item.test and item.worse]
    recent = [item for item in slower if item.recent]
    if recent:
        return f"{_slower(recent)} in the last {_days(found)}, the most {times(max(item.ratio for item in recent))}"
    before = f"; {_slower(slower)} before that" if slower else ""
    judged = f"{words.plural(found.judged, 'series', 'series')} of durations judged"
    return f"No test became slower in the last {_days(found)}{before} ({judged})"


def _runs(found: Performance) -> str:
    """Return `12 runs with durations`; where there are runs enough, that no test has."""
    if found.runs < found.min_points:
        return f"{words.plural(found.runs, 'run')} with durations"
    return f"no test passed in enough of the {words.number(found.runs)} runs with durations"


def _slower(changes: Sequence[SeriesChange]) -> str:
    tests = len({item.test for item in changes})
    return f"{words.plural(tests, 'test')} became slower"


def _measured(found: Performance) -> str:
    """Return how many benchmarks became worse or are out of line, or that none can be judged."""
    total = words.plural(len(found.benchmarks), "benchmark series", "benchmark series")
    if not found.benchmarks:
        return ""
    changed = {(item.suite, item.series) for item in found.changes if not item.test and item.worse and item.recent}
    outside = sum(item.outside for item in found.benchmarks)
    if not any(item.fence is not None for item in found.benchmarks):
        most = max(item.points for item in found.benchmarks)
        return (
            f"Not enough data to judge {total}: at most {words.plural(most, 'point')}, "
            f"{words.number(found.min_points)} are needed"
        )
    became = f"{words.plural(len(changed), 'benchmark')} became worse in the last {_days(found)}" if changed else ""
    return words.join(became, f"{words.number(outside)} of {total} {words.verb(outside, 'is', 'are')} out of line now")


def _tone(found: Performance) -> Tone:
    if any(item.worse and item.recent for item in found.changes):
        return Tone.WARN
    if any(item.outside and item.worse for item in found.benchmarks):
        return Tone.WARN
    judged = found.judged or any(item.fence is not None for item in found.benchmarks)
    return Tone.GOOD if judged else Tone.INFO


def _what_is_judged(report: Report) -> str:
    """Return what the numbers are of: whose, in which runs, and what counts as a change."""
    found = report.findings.performance
    branch = report.findings.trends.branch
    where = f" on the branch {words.cut(branch, 80)}" if branch else ""
    return words.join(
        f"Durations of tests that passed at the first attempt, each environment apart, in its last "
        f"{words.number(found.window)} runs{where}",
        f"A change lasts: its medians differ by more than {_share(found.min_ratio - 1)}, those of a duration also by "
        f"{words.duration(found.min_seconds)} or more, and at most one in 20 of those listed may be chance",
        "Where values scatter, the run with which it began may be one or two off",
        _judged(found),
    )


def _judged(found: Performance) -> str:
    if not (found.judged or found.too_short):
        return "No duration of a test is known"
    short = f"{words.number(found.too_short)} had fewer than {words.number(found.min_points)} runs"
    return f"{words.plural(found.judged, 'series', 'series')} judged; {short}"


def _none(found: Performance, what: str) -> str:
    """Return what an empty table says: only that none changed where something was judged."""
    if found.judged or any(item.fence is not None for item in found.benchmarks):
        return f"Nothing that was judged became {what} over the runs that were looked at."
    return f"Not enough data: {words.number(found.min_points)} points of a series are needed."


def _days(found: Performance) -> str:
    return words.plural(found.recent_days, "day")


def _share(share: float) -> str:
    """Return a share that may be more than all: `10%`."""
    return f"{100 * share:,.4g}%"


def _table(
    name: str, caption: str, changes: Sequence[SeriesChange], at: Links, limits: PageLimits, empty: str
) -> Table:
    return cells.simple_table(
        f"{name}-list",
        caption,
        _CHANGES,
        (_change(item, at) for item in changes),
        limit=limits.list_rows,
        what="change",
        empty=empty,
        total=len(changes),
    )


def _change(item: SeriesChange, at: Links) -> tuple[Cell, ...]:
    named = cells.cell_of_test(item.test) if item.test else Cell(text=item.series, mono=True, note=item.suite)
    tone = {True: Tone.BAD, False: Tone.GOOD, None: None}[item.worse]
    return (
        named,
        Cell(text=words.cut(item.environment, 80) or words.NOTHING),
        value_cell(item.before, item.unit),
        value_cell(item.after, item.unit),
        Cell(
            text=change_text(item),
            tone=tone,
            sort=f"{max(item.ratio, 1 / item.ratio):030.9f}",
            note="" if item.recent else "not recent",
        ),
        _run(at, item.run),
        Cell(text=cells.range_text(item.commits), href=cells.range_href(at, item.commits), mono=True),
        cells.number_cell(item.points),
        Cell(text=_chance(item.q), sort="" if item.q is None else f"{item.q:.12f}"),
    )


def _run(at: Links, run: RunRef | None) -> Cell:
    """Return the run, or the day and commit of a point that no run of ours measured."""
    if run is None or run.label:
        return cells.run_cell(at, run, words.NOTHING)
    return Cell(
        text=run_text(run), href=at.commit(run.commit), note="of a history in a file", sort=run.started_at.isoformat()
    )


def _chance(q: float | None) -> str:
    if q is None:
        return words.NOTHING
    return "under 0.0001" if q < 0.0001 else f"{q:.4f}"


def _charts(changes: Sequence[SeriesChange], at: Links) -> tuple[Chart, ...]:
    shown = [item for item in changes if item.values][:_CHARTS]
    return tuple(chart(f"change-{number}", item, at) for number, item in enumerate(shown, start=1))


def _benchmarks(found: Performance, at: Links, limits: PageLimits) -> Section:
    table = cells.simple_table(
        "benchmarks-list",
        "Benchmarks, those out of line first",
        _BENCHMARKS,
        (_benchmark(item, found, at) for item in found.benchmarks),
        limit=limits.list_rows,
        what="series",
        empty="No benchmark was measured.",
        total=len(found.benchmarks),
    )
    return Section(
        id="benchmarks",
        title=f"Benchmarks ({words.number(len(found.benchmarks))})",
        intro=(
            f"The median of the last 5 values against that of all before them, among the last "
            f"{words.number(found.window)} points. A series is out of line beyond its fence: three quartile distances "
            f"above the third quartile of its own changes from point to point. Without data is a gap, not a zero."
        ),
        tables=(table,),
    )


def _benchmark(item: Benchmark, found: Performance, at: Links) -> tuple[Cell, ...]:
    return (
        Cell(text=item.series, mono=True, note=item.tool),
        Cell(text=words.cut(item.environment, 80) or words.NOTHING),
        value_cell(item.last, item.unit),
        value_cell(item.usual, item.unit),
        _relative(item.change),
        _relative(item.fence, signed=False),
        _judgement(item, found),
        cells.number_cell(item.points),
        _run(at, item.run),
    )


def _relative(share: float | None, *, signed: bool = True) -> Cell:
    if share is None:
        return Cell(text="not enough data")
    return Cell(text=f"{100 * share:+,.1f}%" if signed else f"{100 * share:,.1f}%", sort=f"{share:+.9f}")


def _judgement(item: Benchmark, found: Performance) -> Cell:
    """Return whether a series is out of line; that it is not judged, and why, where it has too few points."""
    if item.fence is None or item.change is None:
        enough = item.points >= found.min_points
        why = "its usual value is 0" if enough else f"{words.number(found.min_points)} points are needed"
        return Cell(text="not judged", note=why)
    if not item.outside:
        return Cell(text="as usual", tone=Tone.GOOD)
    if item.worse is None:
        return Cell(text="out of line", tone=Tone.WARN, note="nobody says which way is better")
    return Cell(text="worse", tone=Tone.BAD) if item.worse else Cell(text="better", tone=Tone.GOOD)
