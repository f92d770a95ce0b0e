"""The overview: may I ship, and what should I do first?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings import Verdict
from generator.pages import (
    answers,
    banners,
    cells,
    changeset,
    clusters,
    evidence,
    links,
    novelty,
    runrows,
    series,
    words,
)
from generator.pages.badges import head
from generator.views import Badge, Cell, Count, Link, Page, Section, StandardView, Tone

if TYPE_CHECKING:
    from generator.findings import Cause, Failure, GateVerdict, Report
    from generator.pages.links import Links
    from generator.plugins import PageLimits
    from generator.views import Table

_ACTIONS = 10
_RECENT = 10
_STRIP = 30


def build(report: Report, limits: PageLimits) -> list[Page]:
    """Return the overview."""
    at = links.links_of(report, limits)
    word, tone = answers.verdict(report)
    answer = words.join(answers.failures(report), answers.gates(report))
    shown = (
        *banners.state(report),
        *banners.problems(report),
        *banners.secrets(report),
        *banners.gates(report),
        *banners.triage(report),
    )
    view = StandardView(
        head=head(report, at, answer, tone, verdict=word, banners=shown),
        counts=_counts(report),
        strip=tuple(_gate(gate) for gate in sorted(report.judgement.gates, key=_gate_order)),
        sections=(
            *_action(report, at),
            *_causes(report, at, limits),
            Section(id="trend", title="Trend", charts=(series.pass_rate(report.findings.trends, with_failures=True),)),
            Section(
                id="read",
                title="What was read",
                intro=evidence.summary(report.findings.run),
                counts=evidence.counts(report.findings.run),
                links=(Link(text="Problems", href="problems/"), Link(text="All files", href="run/#evidence")),
            ),
            _recent(report, at),
        ),
    )
    title = f"Overview of run {report.findings.run.label}"
    return [
        Page(path="", title=title, template="standard.html.j2", view=view, nav="Overview", summary=f"{word} {answer}")
    ]


def _counts(report: Report) -> tuple[Count, ...]:
    new, still, fixed, missing, _ = changeset.SETS
    found = [*changeset.counts(report, new, still, fixed, missing)]
    if not found and links.counted(report):
        failing = len(links.counted(report))
        found = [Count(number=words.number(failing), label="failing", tone=Tone.BAD, href="failures/")]
    if found:
        flaky = sum(note.confirmed for note in report.findings.flaky)
        tone = Tone.WARN if flaky else Tone.MUTED
        found.insert(3, Count(number=words.number(flaky), label="known to be flaky", tone=tone, href="flaky/"))
    return tuple(found)


def _gate_order(gate: GateVerdict) -> tuple[bool, bool, bool]:
    return (not gate.blocks, gate.verdict is Verdict.PASS, not gate.blocking)


def _gate(gate: GateVerdict) -> Badge:
    value = gate.verdict.value
    if gate.waived:
        value = f"{value}, waived"
    elif not gate.blocking:
        value = f"{value}, not blocking"
    return Badge(
        label=gate.gate_id,
        value=value,
        tone=answers.gate_tone(gate),
        href=f"gates/#{links.gate_anchor(gate.gate_id)}",
        hint=words.cut(gate.reason),
    )


def _action(report: Report, at: Links) -> tuple[Section, ...]:
    found = links.counted(report)
    if not found:
        return ()
    left = len(found) - _ACTIONS
    more = (Link(text=f"{words.plural(left, 'more failure')}", href="failures/"),) if left > 0 else ()
    table = cells.simple_table(
        "action-list",
        f"Failures that need action{', new before known' if novelty.compared(report) else ''}",
        cells.columns("Test", "Status", "Since", "Message"),
        [_failure(failure, report, at) for failure in found[:_ACTIONS]],
        limit=_ACTIONS,
        what="failure",
        empty=answers.nothing(report, "No test failed."),
    )
    intro = "Each page says what broke, since when, and the command that replays it."
    return (Section(id="action", title="What needs action", intro=intro, tables=(table,), links=more),)


def _failure(failure: Failure, report: Report, at: Links) -> tuple[Cell, ...]:
    return (
        cells.cell_of_test(failure.test, at.failure(failure.failure_id)),
        novelty.cell(report, new=failure.change.new),
        cells.run_cell(at, failure.since.first_bad if novelty.has_streak(report, failure) else None, "not known"),
        Cell(text=words.cut(failure.message, 120), mono=True),
    )


def _causes(report: Report, at: Links, limits: PageLimits) -> tuple[Section, ...]:
    causes = report.findings.causes
    if not causes:
        return ()
    shared = frozenset(failure.failure_id for failure in report.findings.failures if failure.same_cause)
    tests = clusters.addresses(report, limits)
    table: Table = cells.simple_table(
        "causes-list",
        "Failures whose messages say nearly the same are one cause",
        cells.columns("Cause", "Tests", "Runs", "First seen", "Status", numeric=("Tests", "Runs"), choice=("Status",)),
        [_cause(cause, report, at, shared, tests.get(cause.cluster_id, "")) for cause in causes],
        limit=min(_STRIP, limits.list_rows),
        what="cause",
        empty=answers.nothing(report, "No cause was found."),
    )
    more = (Link(text="All causes and their tests", href=clusters.PATH),) if report.findings.clusters else ()
    return (Section(id="causes", title="Causes", tables=(table,), links=more),)


def _cause(cause: Cause, report: Report, at: Links, shared: frozenset[str], tests: str) -> tuple[Cell, ...]:
    first = cause.failures[0].failure_id if cause.failures else ""
    href = at.failure(first)
    others = f"{href}#same-cause" if first in at.failure_pages & shared else href
    return (
        Cell(text=words.cut(cause.title) or "no message", href=href, mono=True),
        cells.number_cell(len(cause.failures), href=tests or others),
        cells.number_cell(cause.runs),
        cells.run_cell(at, cause.first_seen),
        novelty.cell(report, new=cause.new),
    )


def _recent(report: Report, at: Links) -> Section:
    runs = report.findings.runs
    table = cells.simple_table(
        "recent-list",
        "Newest runs",
        runrows.SHORT_COLUMNS,
        [runrows.row(run, at, report.as_of, wide=False) for run in reversed(runs[-_RECENT:])],
        limit=_RECENT,
        what="run",
        empty="The history holds no run.",
    )
    return Section(
        id="recent",
        title="Recent runs",
        outcomes=runrows.strip(runs[-_STRIP:], at),
        tables=(table,),
        links=(Link(text="All runs", href="runs/"),),
    )
