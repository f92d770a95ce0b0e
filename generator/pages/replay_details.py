"""What stands below the fold of a replay page: trace, attempts, relatives, timeline, evidence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from generator.findings.flaky import SUSPECTED
from generator.pages import cells, words
from generator.records import SourceState
from generator.views import Cell, Event, Excerpt, Fact, Link, Section, Tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.findings import Failure, FailureLink
    from generator.pages.links import Links
    from generator.records import SourceFile, TimelineEvent

_TRACE_LINES = 60
_ROWS = 100
_RELATIVES = 10
_ELSEWHERE = "same-cause"
"""The one list of relatives in which a name may be of any suite."""

_STATE_NOTES = {
    SourceState.READ: "",
    SourceState.UNREAD: "not read by any reader",
    SourceState.CORRUPT: "could not be read",
}
_EVENT_TONES = {
    "panic_assertion": Tone.BAD,
    "failure_section": Tone.BAD,
    "failure_list_item": Tone.BAD,
    "suite_failure_summary": Tone.BAD,
    "invalid_json": Tone.WARN,
    "rerun_hint": Tone.INFO,
}


def sections(failure: Failure, at: Links) -> tuple[Section, ...]:
    """Return the sections that have something to say, in reading order."""
    found = (
        _attempts(failure),
        _trace(failure),
        _relatives("cases", "Failing cases inside", failure.children, at),
        _relatives("target", "Target that failed with it", (failure.parent,) if failure.parent else (), at),
        _relatives(_ELSEWHERE, "Same cause elsewhere", failure.same_cause, at),
        _flaky(failure, at),
        _timeline(failure),
        _list("impacted", "Impacted scenarios", failure.impacted),
        _list("notes", "Notes", failure.notes),
        _evidence(failure),
    )
    return tuple(section for section in found if section is not None)


def _attempts(failure: Failure) -> Section | None:
    if len(failure.attempts) < 2:
        return None
    table = cells.simple_table(
        "attempts-list",
        "Attempts in this run",
        cells.columns("Attempt", "Outcome", "Duration", "Message", numeric=("Attempt", "Duration")),
        [
            (
                cells.number_cell(attempt.number),
                cells.status_cell(attempt.status),
                cells.duration_cell(attempt.duration_s),
                Cell(text="as above")
                if attempt.message and attempt.message == failure.message
                else Cell(text=words.cut(attempt.message), mono=True),
            )
            for attempt in failure.attempts
        ],
        limit=_ROWS,
        what="attempt",
        empty="Only one attempt was made.",
    )
    return Section(id="attempts", title="Attempts", tables=(table,))


def _trace(failure: Failure) -> Section | None:
    if not failure.trace.strip():
        return None
    lines = failure.trace.count("\n") + 1
    excerpt = Excerpt(
        title="As reported", text=failure.trace, folded=lines > _TRACE_LINES, note=words.plural(lines, "line")
    )
    return Section(id="trace", title="Trace", excerpts=(excerpt,))


def _relatives(section_id: str, title: str, found: Sequence[FailureLink], at: Links) -> Section | None:
    """Links rather than a table: a cause may hit hundreds of tests, and each of them has this list."""
    if not found:
        return None
    links = tuple(
        Link(text=link.title, href=at.failure(link.failure_id), hint=link.key if section_id == _ELSEWHERE else "")
        for link in found[:_RELATIVES]
    )
    more = len(found) - len(links)
    rest = (Link(text=f"and {words.number(more)} more, in the list of failures", href="failures/"),) if more else ()
    count = f" ({words.number(len(found))})" if len(found) > 1 else ""
    return Section(id=section_id, title=f"{title}{count}", links=(*links, *rest))


def _flaky(failure: Failure, at: Links) -> Section | None:
    note = failure.flaky
    if note is None:
        return None
    table = cells.simple_table(
        "flaky-runs",
        "Runs in which it failed alone" if note.label == SUSPECTED else "Runs that prove it",
        cells.columns("Run", "Commit"),
        [(cells.run_cell(at, run), cells.commit_cell(at, run.commit)) for run in note.runs],
        limit=_ROWS,
        what="run",
        empty="No run is named.",
    )
    link = Link(text="All flaky tests, their rates and what they cost", href="flaky/")
    return Section(id="flaky", title=f"Flaky: {note.label}", tables=(table,), links=(link,))


def _timeline(failure: Failure) -> Section | None:
    if not failure.timeline:
        return None
    shown = failure.timeline[:_ROWS]
    left_out = words.more(len(failure.timeline) - len(shown), "event")
    return Section(
        id="timeline",
        title="Timeline",
        events=tuple(_event(event) for event in shown),
        notes=(left_out,) if left_out else (),
        folded=len(shown) > 20,
    )


def _event(event: TimelineEvent) -> Event:
    where = (event.source, event.test, f"line {event.line_no}" if event.line_no else "")
    return Event(
        place=f"{event.ordinal}" if event.t_ms is None else f"{event.ordinal} (+{words.duration(event.t_ms / 1000)})",
        title=" · ".join(part for part in (event.event_type.replace("_", " "), *where) if part),
        text=event.message,
        tone=_EVENT_TONES.get(event.event_type, Tone.MUTED),
    )


def _list(section_id: str, title: str, texts: Iterable[str]) -> Section | None:
    found = tuple(texts)
    return Section(id=section_id, title=title, notes=found) if found else None


def _evidence(failure: Failure) -> Section | None:
    """Name the files and their hashes, their usual folder once; reader and size stand on the page of the run."""
    if not failure.evidence:
        return None
    shown = failure.evidence[:_ROWS]
    folder = _folder([source.path for source in shown])
    left_out = words.more(len(failure.evidence) - len(shown), "file")
    return Section(
        id="evidence",
        title="Evidence",
        intro=f"Each file with the beginning of its SHA-256{f'; … is {folder}' if folder else ''}.",
        facts=tuple(_file(source, folder) for source in shown),
        notes=(left_out,) if left_out else (),
        links=(Link(text="All files of this run", href="run/#evidence"),),
    )


def _file(source: SourceFile, folder: str) -> Fact:
    digest, note = source.sha256[:12], _STATE_NOTES[source.state]
    value = f"{note} ({digest})" if note and digest else note or digest or words.NOTHING
    inside = folder and source.path.startswith(f"{folder}/")
    name = f"…{source.path.removeprefix(folder)}" if inside else source.path
    return Fact(label=name, value=value, mono=not note)


def _folder(paths: Sequence[str]) -> str:
    """Return the folder that most of the files stand in; empty when no two stand in one."""
    folders = Counter(path.rpartition("/")[0] for path in paths)
    folder, files = max(folders.items(), key=lambda found: (bool(found[0]), found[1], found[0]))
    return folder if files > 1 else ""
