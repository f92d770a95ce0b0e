"""What a run is made of: parts, environment, gates in short, files and problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings import Verdict
from generator.pages import answers, cells, evidence, states, words
from generator.records import PartState
from generator.views import Cell, Fact, Link, Section, Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.findings import Report, RunFacts
    from generator.pages.links import Links
    from generator.plugins import PageLimits
    from generator.records import Part, Shard

_COLUMNS = cells.columns(
    "Part", "State", "Shard", "Started", "Profile", "Commit", "Failed phases", choice=("State", "Profile")
)
_STATES: dict[str, tuple[str, Tone]] = {
    PartState.COMPLETE: ("complete", Tone.GOOD),
    PartState.ABORTED: ("aborted before any result", Tone.BAD),
    PartState.KILLED: ("killed before its summary", Tone.BAD),
    PartState.BUNDLE_ONLY: ("replay bundle only", Tone.WARN),
    PartState.LEGACY: ("old format", Tone.MUTED),
    PartState.LIVE_PROVIDER: ("live providers, no targets", Tone.MUTED),
    PartState.LANE: ("CI lane", Tone.MUTED),
    PartState.REPORTS: ("test reports", Tone.MUTED),
    PartState.GATES: ("gate evidence", Tone.MUTED),
    PartState.UNREADABLE: ("a summary exists, but cannot be read", Tone.BAD),
}
_FIELDS: tuple[tuple[str, Callable[[Part], str]], ...] = (
    ("Operating system", lambda part: part.os),
    ("Compiler", lambda part: part.rustc),
    ("Build tool", lambda part: part.cargo),
    ("VCR mode", lambda part: part.vcr_mode),
    ("Parallelism", lambda part: str(part.parallelism or "")),
    ("Correlation id", lambda part: part.correlation_id),
    ("Folder on the machine that ran", lambda part: part.foreign_folder),
)


def sections(report: Report, at: Links, limits: PageLimits) -> tuple[Section, ...]:
    """Return the sections below a run's results."""
    run = report.findings.run
    return (
        _parts(report, at, limits),
        *_environment(run),
        _gates(report),
        Section(
            id="evidence",
            title="Evidence",
            intro=evidence.summary(run),
            counts=evidence.counts(run),
            tables=(evidence.ledger(run, limits.list_rows),),
        ),
        *_problems(run, limits),
    )


def _parts(report: Report, at: Links, limits: PageLimits) -> Section:
    run = report.findings.run
    missing = [
        (Cell(text=name, mono=True), Cell(text="missing", tone=Tone.BAD), *[cells.BLANK] * (len(_COLUMNS) - 2))
        for name in run.completeness.missing
    ]
    table = cells.simple_table(
        "parts-list",
        "Parts of the run, missing ones first",
        _COLUMNS,
        [*missing, *(_part(part, report, at) for part in run.parts)],
        limit=limits.list_rows,
        what="part",
        empty="No part of this run was read.",
    )
    there = f"{states.parts_text(run.completeness)} {words.verb(run.completeness.expected, 'part', 'parts')} there"
    return Section(id="parts", title="Parts", intro=words.join(there, states.what_is_missing(run)), tables=(table,))


def _part(part: Part, report: Report, at: Links) -> tuple[Cell, ...]:
    word, tone = _STATES.get(part.state.value, (part.state.value.replace("_", " "), Tone.WARN))
    failed = dict.fromkeys((*part.lint_failed, *(("build",) if part.build_failed else ()), *part.failed_phases))
    lane = f"lane {part.lane.lane}: {part.lane.job_status}" if part.lane else ""
    return (
        Cell(text=part.name, mono=True, note=part.folder if part.folder not in (".", part.name) else ""),
        Cell(text=word, tone=tone, note=lane),
        Cell(text=_shard(part.shard)),
        cells.time_cell(part.started_at, report.as_of),
        Cell(text=part.profile),
        cells.commit_cell(at, part.commit),
        Cell(text=words.listing(tuple(failed), 5), tone=Tone.BAD if failed else None),
    )


def _shard(shard: Shard) -> str:
    """Return `2 of 4` for the zero-based index 1 of 4."""
    if not shard.sharded:
        return "whole selection"
    place = "one" if shard.index is None else words.number(shard.index + 1)
    return f"{place} of {words.number(shard.total or 0)} ({shard.kind})"


def _environment(run: RunFacts) -> tuple[Section, ...]:
    """Return what the parts say about their machine: one value where they agree, all where they do not."""
    facts = []
    for label, read in _FIELDS:
        values = sorted({value for part in run.parts if (value := read(part))})
        if values:
            facts.append(Fact(label=label, value=words.listing([words.cut(value) for value in values], 5)))
    return (Section(id="environment", title="Environment", facts=tuple(facts)),) if facts else ()


def _gates(report: Report) -> Section:
    gates = report.judgement.gates
    passed = sum(gate.verdict is Verdict.PASS for gate in gates)
    text = f"{words.number(passed)} of {words.plural(len(gates), 'gate')} pass" if gates else "No gate was evaluated"
    return Section(
        id="gates",
        title="Gates",
        intro=words.join(text, answers.gates(report)),
        links=(Link(text="All gates", href="gates/"),),
    )


def _problems(run: RunFacts, limits: PageLimits) -> tuple[Section, ...]:
    if not run.problems:
        return ()
    table = evidence.problem_table(
        "problems-list", "Problems, errors first", run.problems, limits.list_rows, "No problem."
    )
    return (Section(id="problems", title="Problems", tables=(table,)),)
