"""What was read of a run and what was not: counts, ledger and problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.pages import cells, words
from generator.records import Severity, SourceState, tally_text
from generator.views import Cell, Count, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.findings import RunFacts
    from generator.records import Counts, Problem, SourceFile
    from generator.views import Table

_STATES = {
    SourceState.CORRUPT: ("could not be read", Tone.BAD, "problems/#corrupt"),
    SourceState.READ: ("read", Tone.GOOD, "run/#evidence"),
    SourceState.UNREAD: ("not read by any reader", Tone.MUTED, "problems/#unread"),
}
_SEVERITIES = {Severity.ERROR: Tone.BAD, Severity.WARNING: Tone.WARN, Severity.INFO: Tone.MUTED}
_WORST_FIRST = {SourceState.CORRUPT: 0, SourceState.READ: 1, SourceState.UNREAD: 2}


def in_state(run: RunFacts, state: SourceState) -> tuple[SourceFile, ...]:
    """Return the files of a run in one state, sorted by path."""
    return tuple(sorted((found for found in run.sources if found.state is state), key=lambda found: found.path))


def summary(run: RunFacts) -> str:
    """Return how many files were read and how many were not, in one sentence."""
    if not run.sources:
        return "No file of this run is recorded."
    numbers = [f"{words.plural(len(in_state(run, SourceState.READ)), 'file')} read"]
    numbers += [
        f"{words.number(len(found))} {_STATES[state][0]}"
        for state in (SourceState.CORRUPT, SourceState.UNREAD)
        if (found := in_state(run, state))
    ]
    return words.sentence(", ".join(numbers))


def counts(run: RunFacts) -> tuple[Count, ...]:
    """Return the files by state as large numbers."""
    return tuple(
        Count(
            number=words.number(len(found)),
            label=f"{words.verb(len(found), 'file', 'files')} {label}",
            tone=tone,
            href=href,
        )
        for state, (label, tone, href) in _STATES.items()
        if (found := in_state(run, state))
    )


def ledger(run: RunFacts, limit: int) -> Table:
    """Return every file of the run, what could not be read first."""
    found = sorted(run.sources, key=lambda source: (_WORST_FIRST[source.state], source.path))
    return files("evidence-files", "Files of this run", found, limit, "No file of this run is recorded.")


def files(table_id: str, caption: str, found: Sequence[SourceFile], limit: int, empty: str) -> Table:
    """Return files with reader, state, size, hash and counts."""
    return cells.simple_table(
        table_id,
        caption,
        cells.columns(
            "File", "State", "Reader", "Size", "SHA-256", "Holds", numeric=("Size",), choice=("State", "Reader")
        ),
        (_file(source) for source in found),
        limit=limit,
        what="file",
        empty=empty,
        total=len(found),
    )


def problem_table(table_id: str, caption: str, found: Sequence[Problem], limit: int, empty: str) -> Table:
    """Return problems with file, reader, message and next step, errors first."""
    order = list(_SEVERITIES)
    ranked = sorted(found, key=lambda problem: (order.index(problem.severity), problem.path, problem.message))
    return cells.simple_table(
        table_id,
        caption,
        cells.columns("Severity", "File", "What is wrong", "What to do next", "Reader", choice=("Severity", "Reader")),
        [_problem(problem) for problem in ranked],
        limit=limit,
        what="problem",
        empty=empty,
    )


def _file(source: SourceFile) -> tuple[Cell, ...]:
    label, tone, _ = _STATES[source.state]
    return (
        Cell(text=source.path, mono=True),
        Cell(text=label, tone=tone),
        Cell(text=source.reader or "none", note=source.schema_id or ""),
        Cell(text=words.size(source.bytes), sort=str(source.bytes)),
        Cell(text=source.sha256[:12], mono=True),
        Cell(text=_holds(source.counts)),
    )


def _holds(counts: Counts | None) -> str:
    if counts is None:
        return ""
    numbers = {
        "failed": counts.failed,
        "errors": counts.errors,
        "flaky": counts.flaky,
        "passed": counts.passed,
        "skipped": counts.skipped,
    }
    return tally_text(numbers) if counts.tests or counts.errors else "no test case"


def _problem(problem: Problem) -> tuple[Cell, ...]:
    return (
        Cell(text=problem.severity.value, tone=_SEVERITIES[problem.severity]),
        Cell(text=problem.path, mono=True),
        Cell(text=problem.message),
        Cell(text=problem.hint),
        Cell(text=problem.reader or "none"),
    )
