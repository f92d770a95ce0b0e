"""Problems: what was read, what was not, and what to do about it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from generator.pages import cells, evidence, links, states, words
from generator.pages.badges import head
from generator.records import Severity, SourceState
from generator.views import Cell, Page, Section, StandardView, Tone

if TYPE_CHECKING:
    from generator.findings import Report, RunFacts
    from generator.pages.links import Links
    from generator.plugins import PageLimits
    from generator.records import Redaction

_NO_READER = "none"


def build(report: Report, limits: PageLimits) -> list[Page]:
    """Return the page of problems."""
    at = links.links_of(report, limits)
    run = report.findings.run
    view = StandardView(
        head=head(report, at, _answer(report), _tone(run)),
        counts=evidence.counts(run),
        sections=(
            *_secrets(run),
            _problems(run, limits),
            *_files(run, limits),
            _readers(run),
            *_earlier(report, at, limits),
        ),
    )
    return [Page(path="problems", title="Problems", template="standard.html.j2", view=view, nav="Problems")]


def _answer(report: Report) -> str:
    run = report.findings.run
    count = len(run.problems)
    grave = states.grave(run)
    if not count:
        found = "No problem was found with this evidence" if run.sources else ""
    elif grave:
        found = (
            f"{words.plural(count, 'problem')}, {words.number(grave)} of them {words.verb(grave, 'an error', 'errors')}"
        )
    else:
        found = f"{words.plural(count, 'problem')}, none of them an error"
    return words.join(found, evidence.summary(run), states.what_is_missing(run))


def _tone(run: RunFacts) -> Tone:
    if states.grave(run):
        return Tone.BAD
    quiet = not run.problems and run.sources and not states.unreadable(run) and not states.what_is_missing(run)
    return Tone.GOOD if quiet else Tone.WARN


def _problems(run: RunFacts, limits: PageLimits) -> Section:
    empty = "Nothing went wrong while reading." if run.sources else "No file was read, so no problem could be seen."
    table = evidence.problem_table("problems-list", "Errors first", run.problems, limits.list_rows, empty)
    return Section(id="problems", title="What went wrong", tables=(table,))


def _secrets(run: RunFacts) -> tuple[Section, ...]:
    """Return what was masked, by kind; the values are nowhere."""
    if not run.redactions:
        return ()
    table = cells.simple_table(
        "secrets-list",
        "Masked, by kind",
        cells.columns("Kind", "Times", numeric=("Times",)),
        [(Cell(text=each.kind, mono=True), cells.number_cell(each.count)) for each in _often_first(run)],
        limit=len(run.redactions),
        what="kind",
        empty="None.",
    )
    intro = (
        "Masked before anything was kept, so this site does not show them. The CI log may: rotate each of them, then "
        "find the step that prints it. Masking is best effort; what is not listed here may still be a secret."
    )
    return (Section(id="secrets", title="Secrets in the artifacts", intro=intro, tables=(table,)),)


def _often_first(run: RunFacts) -> list[Redaction]:
    return sorted(run.redactions, key=lambda each: (-each.count, each.kind))


def _files(run: RunFacts, limits: PageLimits) -> tuple[Section, ...]:
    """Return the files that were not read: broken ones first, then those that nobody knows."""
    kinds = (
        (SourceState.CORRUPT, "corrupt", "Files that could not be read", "Their numbers are missing on every page."),
        (SourceState.UNREAD, "unread", "Files that no reader knows", "Not a problem by itself: they were left alone."),
    )
    found = []
    for state, section_id, title, intro in kinds:
        files = evidence.in_state(run, state)
        if files:
            table = evidence.files(f"{section_id}-files", title, files, limits.list_rows, "None.")
            found.append(
                Section(id=section_id, title=title, intro=intro, tables=(table,), folded=state is SourceState.UNREAD)
            )
    return tuple(found)


def _readers(run: RunFacts) -> Section:
    read = Counter(source.reader or _NO_READER for source in run.sources if source.state is SourceState.READ)
    corrupt = Counter(source.reader or _NO_READER for source in run.sources if source.state is SourceState.CORRUPT)
    sizes: Counter[str] = Counter()
    for source in run.sources:
        sizes[source.reader or _NO_READER] += source.bytes
    names = sorted({*read, *corrupt})
    table = cells.simple_table(
        "readers-list",
        "Files by reader",
        cells.columns("Reader", "Read", "Could not be read", "Size", numeric=("Read", "Could not be read", "Size")),
        [
            (
                Cell(text=name),
                cells.number_cell(read[name], href="run/#evidence"),
                cells.number_cell(corrupt[name], href="problems/#corrupt", tone=Tone.BAD),
                Cell(text=words.size(sizes[name]), sort=str(sizes[name])),
            )
            for name in names
        ],
        limit=len(names),
        what="reader",
        empty="No file of this run was read.",
    )
    return Section(id="readers", title="What was read", intro=evidence.summary(run), tables=(table,))


def _earlier(report: Report, at: Links, limits: PageLimits) -> tuple[Section, ...]:
    """Return grave problems of earlier runs: a torn unit of the history hurts every trend that should hold it."""
    rows = [
        (
            Cell(text=run.label, href=at.run(run.label)),
            Cell(text=problem.path, mono=True),
            Cell(text=problem.message),
            Cell(text=problem.hint),
        )
        for run in reversed(report.findings.runs)
        if run.label != report.findings.run.label
        for problem in run.problems
        if problem.severity is Severity.ERROR
    ]
    if not rows:
        return ()
    table = cells.simple_table(
        "earlier-list",
        "Errors in the evidence of earlier runs, newest first",
        cells.columns("Run", "File", "What is wrong", "What to do next"),
        rows,
        limit=limits.list_rows,
        what="problem",
        empty="None.",
    )
    intro = "Trends and comparisons leave out what could not be read."
    return (Section(id="earlier", title="Earlier runs", intro=intro, tables=(table,)),)
