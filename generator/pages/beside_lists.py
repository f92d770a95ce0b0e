"""Tables of the evidence page about evidence files, quarantine, workflow runs and owners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.pages import cells, words
from generator.views import Cell, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from generator.findings import Beside
    from generator.records import ForgeExport, Owners, QuarantineEntry, Statement, WorkflowJob, WorkflowRun
    from generator.views import Table

_CONCLUSIONS = {
    "success": Tone.GOOD,
    "failure": Tone.BAD,
    "timed_out": Tone.BAD,
    "cancelled": Tone.WARN,
    "startup_failure": Tone.BAD,
    "action_required": Tone.WARN,
}
_HOLDS = {True: ("holds", Tone.GOOD), False: ("does not hold", Tone.BAD), None: ("says nothing", Tone.MUTED)}


def statements(found: Sequence[Statement], limit: int, as_of: datetime) -> tuple[Table, ...]:
    """Return the evidence files with their verdicts, and their rows that do not hold."""
    if not found:
        return ()
    ordered = sorted(found, key=lambda each: (each.ok is not False, each.ok is None, each.kind, each.path))
    files = [
        (
            Cell(text=each.kind.replace("_", " "), note=each.path),
            Cell(text=_HOLDS[each.ok][0], tone=_HOLDS[each.ok][1]),
            Cell(text=each.verdict or "not stated"),
            Cell(text=words.cut(each.summary, 200)),
            Cell(text=_numbers(each)),
            cells.time_cell(each.generated_at, as_of),
        )
        for each in ordered
    ]
    wrong = [(each, row) for each in ordered for row in each.rows if row.ok is False]
    rows = [
        (
            Cell(text=row.id, mono=True, note=row.title if row.title != row.id else ""),
            Cell(text=each.kind.replace("_", " ")),
            Cell(text=row.status or "not stated", tone=Tone.BAD),
            Cell(text=words.cut(row.detail, 300)),
            Cell(text=words.join(row.value and f"got {row.value}", row.threshold and f"expected {row.threshold}")),
            Cell(text=row.owner),
        )
        for each, row in wrong
    ]
    made = [
        cells.simple_table(
            "statements-list",
            "Evidence files",
            cells.columns("Kind", "Rows", "Verdict", "It says", "Numbers", "Written", choice=("Kind", "Rows")),
            files,
            limit=limit,
            what="file",
            empty="None.",
        )
    ]
    if rows:
        columns = cells.columns("Row", "Kind", "Status", "Detail", "Values", "Owner", choice=("Kind", "Owner"))
        made.append(
            cells.simple_table(
                "statement-rows", "Rows that do not hold", columns, rows, limit=limit, what="row", empty="None."
            )
        )
    return tuple(made)


def _numbers(each: Statement) -> str:
    return words.listing([f"{name} {value:g}" for name, value in each.numbers], 6)


def quarantine(found: Beside, limit: int) -> tuple[Table, ...]:
    """Return the quarantined tests of reports and policy files, expired and invalid ones first."""
    entries = [(report.path, entry) for report in found.quarantine for entry in report.entries]
    entries += [(each.path, entry) for each in found.classifications for entry in each.quarantine]
    if not entries and not found.quarantine:
        return ()
    entries.sort(key=lambda item: (_quarantine_order(item[1]), item[1].name, item[0]))
    made = [
        (
            Cell(text=entry.name, mono=True, note=entry.reason),
            Cell(text=entry.invalid or entry.status or "not judged", tone=_quarantine_tone(entry)),
            Cell(text=entry.category),
            Cell(text=entry.owner),
            Cell(text=entry.quarantined),
            Cell(text=entry.expires),
            Cell(text=path, mono=True),
        )
        for path, entry in entries
    ]
    columns = cells.columns(
        "Test", "State", "Category", "Owner", "Since", "Expires", "File", choice=("Category", "Owner")
    )
    empty = "Nothing is quarantined."
    return (
        cells.simple_table(
            "quarantine-list", "Quarantined tests", columns, made, limit=limit, what="test", empty=empty
        ),
    )


def _quarantine_order(entry: QuarantineEntry) -> int:
    states = ("expired", "expiring-soon", "active")
    return -1 if entry.invalid else states.index(entry.status) if entry.status in states else len(states)


def _quarantine_tone(entry: QuarantineEntry) -> Tone:
    return Tone.BAD if entry.invalid or entry.status == "expired" else Tone.WARN


def jobs(found: Sequence[ForgeExport], limit: int, as_of: datetime) -> tuple[Table, ...]:
    """Return workflow runs and jobs, failed ones first."""
    rows = [_run_row(run, as_of) for export in found for run in export.runs]
    rows += [_job_row(job, as_of) for export in found for job in export.jobs]
    if not rows:
        return ()
    rows.sort(key=lambda row: (row[1].tone is not Tone.BAD, row[0].text))
    columns = cells.columns("Name", "Conclusion", "Kind", "Attempt", "Duration", "Began", choice=("Conclusion", "Kind"))
    return (
        cells.simple_table(
            "jobs-list", "Workflow runs and jobs", columns, rows, limit=limit, what="job", empty="None."
        ),
    )


def _run_row(run: WorkflowRun, as_of: datetime) -> tuple[Cell, ...]:
    began = run.started_at or run.created_at
    return (
        Cell(text=run.workflow or run.run_id, note=run.title),
        _conclusion(run.conclusion, run.status),
        Cell(text="run"),
        Cell(text=str(run.attempt or "")),
        cells.duration_cell(_seconds(began, run.updated_at)),
        cells.time_cell(began, as_of),
    )


def _job_row(job: WorkflowJob, as_of: datetime) -> tuple[Cell, ...]:
    failed = [step.name for step in job.steps if step.conclusion == "failure"]
    return (
        Cell(text=job.name, note=f"failed step: {words.listing(failed)}" if failed else job.workflow),
        _conclusion(job.conclusion, job.status),
        Cell(text="job"),
        Cell(text=str(job.attempt or "")),
        cells.duration_cell(_seconds(job.started_at, job.completed_at)),
        cells.time_cell(job.started_at, as_of),
    )


def _conclusion(conclusion: str, status: str) -> Cell:
    word = conclusion or status or "not stated"
    return Cell(text=word.replace("_", " "), tone=_CONCLUSIONS.get(conclusion, Tone.MUTED))


def _seconds(began: datetime | None, ended: datetime | None) -> float | None:
    return (ended - began).total_seconds() if began and ended and ended >= began else None


def owners(found: Sequence[Owners], limit: int) -> tuple[Table, ...]:
    """Return the rules of ownership in the order of their files."""
    rows = [
        (
            Cell(text=rule.pattern, mono=True),
            Cell(text=words.listing(rule.owners, 6) or "nobody"),
            Cell(text=rule.section),
            Cell(text=f"{each.path}:{rule.line}", mono=True),
        )
        for each in found
        for rule in each.rules
    ]
    if not rows:
        return ()
    columns = cells.columns("Pattern", "Owners", "Section", "Line", choice=("Section",))
    return (
        cells.simple_table("owners-list", "Rules of ownership", columns, rows, limit=limit, what="rule", empty="None."),
    )
