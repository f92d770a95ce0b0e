"""What stands below the fold of a replay page: trace, attempts, relatives, timeline, evidence, ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.pages import cells, words
from generator.records import SourceState
from generator.views import Cell, Event, Excerpt, Fact, Link, Section, Tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.findings import Failure, FailureLink
    from generator.pages.links import Links
    from generator.records import TimelineEvent

_TRACE_LINES = 60
_ROWS = 100
_RELATIVES = 10
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
        _relatives("same-cause", "Same cause elsewhere", failure.same_cause, at),
        _flaky(failure, at),
        _timeline(failure),
        _list("impacted", "Impacted scenarios", failure.impacted),
        _list("notes", "Notes", failure.notes),
        _evidence(failure),
        _ids(failure),
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
                Cell(text=words.cut(attempt.message), mono=True),
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
    links = tuple(Link(text=link.title, href=at.failure(link.failure_id), hint=link.key) for link in found[:_RELATIVES])
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
        "Runs that prove it",
        cells.columns("Run", "Commit"),
        [(cells.run_cell(at, run), cells.commit_cell(at, run.commit)) for run in note.runs],
        limit=_ROWS,
        what="run",
        empty="No run is named.",
    )
    return Section(id="flaky", title=f"Flaky: {note.label}", tables=(table,))


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
    if not failure.evidence:
        return None
    table = cells.simple_table(
        "evidence-files",
        "Files that belong to this failure",
        cells.columns("File", "Reader", "Size", "SHA-256", numeric=("Size",)),
        [
            (
                Cell(
                    text=source.path,
                    mono=True,
                    tone=Tone.BAD if source.state is SourceState.CORRUPT else None,
                    note=_STATE_NOTES[source.state],
                ),
                Cell(text=source.reader or "none"),
                Cell(text=words.size(source.bytes), sort=str(source.bytes)),
                Cell(text=source.sha256[:12], mono=True),
            )
            for source in failure.evidence
        ],
        limit=_ROWS,
        what="file",
        empty="No file is recorded.",
    )
    return Section(id="evidence", title="Evidence", tables=(table,))


def _ids(failure: Failure) -> Section:
    return Section(
        id="ids",
        title="Identifiers",
        facts=(
            Fact(label="Failure", value=failure.failure_id, mono=True, copy=True),
            Fact(label="Signature", value=failure.signature or words.NOTHING, mono=True, copy=bool(failure.signature)),
            Fact(label="Test", value=failure.test.key, mono=True, copy=True),
        ),
        folded=True,
    )
