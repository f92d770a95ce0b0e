"""The run: what happened in it, suite by suite, and from which evidence we know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.pages import answers, banners, cells, links, run_evidence, states, words
from generator.pages.badges import head
from generator.views import Cell, Count, Fact, Page, Section, StandardView, Tone

if TYPE_CHECKING:
    from generator.findings import Report, RunFacts, SlowTest, SuiteFacts, Tally
    from generator.pages.links import Links
    from generator.plugins import PageLimits

_OUTCOMES = ("Failed", "Errors", "Passed", "Flaky", "Skipped", "Not run")
_SUITES = cells.columns(
    "Suite", "Kind", *_OUTCOMES, "Duration", "Earlier", numeric=(*_OUTCOMES, "Duration", "Earlier"), choice=("Kind",)
)
_SLOWEST = cells.columns("Test", "Suite", "Duration", "Usually", "Ratio", numeric=("Duration", "Usually", "Ratio"))


def build(report: Report, limits: PageLimits) -> list[Page]:
    """Return the page of the run."""
    at = links.links_of(report, limits)
    run = report.findings.run
    word, tone = answers.verdict(report)
    view = StandardView(
        head=head(
            report,
            at,
            _answer(report),
            tone,
            verdict=word,
            banners=(*banners.state(report), *banners.problems(report)),
        ),
        counts=_counts(report),
        sections=(
            _identity(report, at),
            _tallies(run),
            _suites(report, at, limits),
            *_slowest(report, limits),
            *run_evidence.sections(report, at, limits),
        ),
    )
    title = f"Run {run.label}"
    return [Page(path="run", title=title, template="standard.html.j2", view=view, nav="Run")]


def _answer(report: Report) -> str:
    run = report.findings.run
    missing = states.what_is_missing(run)
    tally = run.tally
    if not tally.executed:
        return states.nothing_read(run)
    took = f" in {words.duration(run.duration_s)}" if run.duration_s is not None else ""
    failed = [f"{words.number(part.bad)} of {words.plural(part.executed, what)}" for what, part in _executed(run)]
    flaky = f"{words.plural(tally.flaky, 'test')} passed only after a retry" if tally.flaky else ""
    phases = states.phases_text(run)
    return words.join(
        f"{' and '.join(failed)} failed{took}",
        missing or "All parts are there",
        flaky,
        "" if phases in missing else phases,
    )


def _executed(run: RunFacts) -> list[tuple[str, Tally]]:
    """Return the two kinds of results that ran: adding them up would count most failures twice."""
    return [(what, tally) for what, tally in (("target", run.targets), ("test case", run.cases)) if tally.executed]


def _counts(report: Report) -> tuple[Count, ...]:
    run = report.findings.run
    missing = "run/#suites" if report.findings.comparison.base is None else "changes/#missing"
    shown = []
    for what, tally in _executed(run):
        failed, passed = words.verb(tally.bad, what, f"{what}s"), words.verb(tally.passed, what, f"{what}s")
        shown += [
            (tally.bad, f"{failed} failed", Tone.BAD, "failures/"),
            (tally.passed, f"{passed} passed", Tone.GOOD, "run/#suites"),
        ]
    rest = (
        (run.tally.flaky, "flaky", Tone.WARN, "run/#suites"),
        (run.tally.skipped, "skipped", Tone.MUTED, "run/#suites"),
        (run.tally.not_run, "not run", Tone.WARN, missing),
    )
    shown += [one for one in rest if one[0]]
    return tuple(
        Count(number=words.number(number), label=label, tone=tone if number else Tone.MUTED, href=href)
        for number, label, tone, href in shown
    )


def _identity(report: Report, at: Links) -> Section:
    run = report.findings.run
    facts = [
        Fact(label="Run", value=run.label, mono=True, copy=True),
        Fact(label="CI run", value=f"{run.run_id}, attempt {run.attempt}", href=at.forge(run.url)),
        Fact(label="Workflow", value=run.workflow or words.NOTHING),
        Fact(
            label="Started",
            value=words.utc(run.started_at),
            moment=words.moment(run.started_at, report.as_of),
        ),
        Fact(label="Duration", value=words.duration(run.duration_s)),
        Fact(
            label="Commit",
            value=run.commit or words.NOTHING,
            href=at.commit(run.commit),
            mono=True,
            copy=bool(run.commit),
        ),
    ]
    optional = (("Branch", run.branch), ("Event", run.event), ("Profile", run.profile))
    facts += [Fact(label=label, value=value) for label, value in optional if value]
    if run.rerun_of:
        facts.append(Fact(label="Repeats failures of", value=run.rerun_of, href=at.run(run.rerun_of)))
    if run.phases_failed:
        facts.append(Fact(label="Failed phases", value=", ".join(run.phases_failed)))
    if run.repeated:
        counted = f"{words.plural(run.repeated, 'result')} reported by several parts, counted once"
        facts.append(Fact(label="Repeated results", value=counted))
    return Section(id="identity", title="This run", facts=tuple(facts))


def _tallies(run: RunFacts) -> Section:
    kinds = (
        ("Targets", "suites, unit targets and the library, by exit code", run.targets),
        ("Test cases", "single cases of test reports", run.cases),
    )
    rows = [
        (Cell(text=title, note=note), *_tally(tally), cells.share_cell(tally.pass_rate))
        for title, note, tally in kinds
        if tally.total
    ]
    table = cells.simple_table(
        "tallies",
        "Results by outcome",
        cells.columns("What", *_OUTCOMES, "Pass rate", numeric=(*_OUTCOMES, "Pass rate")),
        rows,
        limit=len(kinds),
        what="kind",
        empty=states.nothing_read(run),
    )
    return Section(id="results", title="Results", tables=(table,))


def _tally(tally: Tally) -> tuple[Cell, ...]:
    """Return the six outcomes; what says something about executed results only is left open where none was."""
    ran = ((tally.failed, Tone.BAD), (tally.errors, Tone.BAD), (tally.passed, None), (tally.flaky, Tone.WARN))
    return (
        *(cells.number_cell(number, tone=tone) if tally.executed else Cell(text="none ran") for number, tone in ran),
        cells.number_cell(tally.skipped),
        cells.number_cell(tally.not_run, tone=Tone.WARN),
    )


def _suites(report: Report, at: Links, limits: PageLimits) -> Section:
    table = cells.simple_table(
        "suites-list",
        "Suites and targets, failed first",
        _SUITES,
        [_suite(suite, at) for suite in report.findings.suites],
        limit=limits.list_rows,
        what="suite",
        empty=answers.nothing(report, "No suite was read."),
    )
    return Section(id="suites", title="Suites", tables=(table,))


def _suite(suite: SuiteFacts, at: Links) -> tuple[Cell, ...]:
    href = at.failure(suite.failure_ids[0]) if suite.failure_ids else ""
    return (
        Cell(text=suite.name, href=href, mono=True, note=suite.note),
        Cell(text=cells.kind_of(suite.surface)),
        *_tally(suite.tally),
        cells.duration_cell(suite.duration_s),
        cells.duration_cell(suite.previous_duration_s),
    )


def _slowest(report: Report, limits: PageLimits) -> tuple[Section, ...]:
    if not report.findings.slowest:
        return ()
    table = cells.simple_table(
        "slowest-list",
        "Slowest tests with the median of earlier runs",
        _SLOWEST,
        [_slow(test) for test in report.findings.slowest],
        limit=limits.list_rows,
        what="test",
        empty=answers.nothing(report, "No test states its duration."),
    )
    return (Section(id="slowest", title="Slowest", tables=(table,)),)


def _slow(test: SlowTest) -> tuple[Cell, ...]:
    ratio = test.duration_s / test.usual_s if test.usual_s else None
    return (
        Cell(text=test.title, mono=True),
        Cell(text=test.suite),
        cells.duration_cell(test.duration_s),
        cells.duration_cell(test.usual_s),
        Cell(
            text="no earlier run" if ratio is None else words.times(ratio), sort="" if ratio is None else f"{ratio:.4f}"
        ),
    )
