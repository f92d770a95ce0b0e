"""The triage that CI supplied, beside what its own exit codes say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.pages import cells, words
from generator.pages.commands import quoted
from generator.views import Cell, Fact, Section, Tone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.findings import Change, Report, SuppliedTriage
    from generator.pages.links import Links
    from generator.plugins import PageLimits
    from generator.views import Table

_BAD = ("regression", "new_failure", "unresolved_failure")
_RANKED = cells.columns(
    "Rank",
    "Target",
    "Severity",
    "Score",
    "Exit code before",
    "Exit code now",
    numeric=("Rank", "Score", "Exit code before", "Exit code now"),
    choice=("Severity",),
)


def sections(report: Report, at: Links, limits: PageLimits) -> tuple[Section, ...]:
    """Return the section on the supplied triage; none when CI supplied none."""
    supplied = report.findings.comparison.supplied
    if supplied is None:
        return ()
    command = supplied.runner_command
    return (
        Section(
            id="triage",
            title="What CI's own triage said",
            intro=_intro(supplied),
            facts=_facts(supplied, at),
            commands=(quoted("runner", "Proposed by the triage", command, supplied.path),) if command else (),
            tables=(_counts(supplied), *_disagreements(supplied, limits), _ranked(supplied, at, limits)),
        ),
    )


def _intro(supplied: SuppliedTriage) -> str:
    if supplied.under_reported:
        hidden = words.plural(supplied.under_reported, "failing target")
        return f"The file files {hidden} as passing; severity and rank below are recomputed from its exit codes."
    if supplied.disagreements:
        points = words.plural(len(supplied.disagreements), "point")
        return f"The file differs from its own exit codes in {points}."
    return "The file agrees with its own exit codes."


def _facts(supplied: SuppliedTriage, at: Links) -> tuple[Fact, ...]:
    baseline = supplied.baseline_label
    return (
        Fact(label="Reported status", value=supplied.reported_status.replace("_", " ") or words.NOTHING),
        Fact(label="Recomputed status", value=supplied.recomputed_status.value.replace("_", " ")),
        Fact(label="Its baseline", value=baseline or words.NOTHING, href=at.run(baseline) if baseline else ""),
        Fact(label="File", value=supplied.path, mono=True),
    )


def _counts(supplied: SuppliedTriage) -> Table:
    reported, recomputed = dict(supplied.reported_counts), dict(supplied.recomputed_counts)
    names = sorted({*reported, *recomputed})
    return cells.simple_table(
        "triage-counts",
        "Counts as reported and as recomputed",
        cells.columns("Count", "Reported", "Recomputed", numeric=("Reported", "Recomputed")),
        [_count(name, reported.get(name), recomputed.get(name)) for name in names],
        limit=len(names),
        what="count",
        empty="The file states no counts.",
    )


def _count(name: str, reported: int | None, recomputed: int | None) -> tuple[Cell, ...]:
    differs = reported is not None and recomputed is not None and reported != recomputed
    return (
        Cell(text=name.replace("_", " ")),
        cells.number_cell(reported),
        Cell(
            text="not recomputed" if recomputed is None else words.number(recomputed),
            sort="" if recomputed is None else str(recomputed),
            tone=Tone.WARN if differs else None,
            note="differs" if differs else "",
        ),
    )


def _disagreements(supplied: SuppliedTriage, limits: PageLimits) -> tuple[Table, ...]:
    if not supplied.disagreements:
        return ()
    return (
        cells.simple_table(
            "triage-disagreements",
            "Where the file and its exit codes disagree",
            cells.columns("Subject", "Reported", "Recomputed"),
            [
                (Cell(text=found.subject, mono=True), Cell(text=found.reported), Cell(text=found.recomputed))
                for found in supplied.disagreements
            ],
            limit=limits.list_rows,
            what="disagreement",
            empty="The file agrees with its exit codes.",
        ),
    )


def _ranked(supplied: SuppliedTriage, at: Links, limits: PageLimits) -> Table:
    return cells.simple_table(
        "triage-ranked",
        "Ranked diagnostics, recomputed",
        _RANKED,
        _targets(supplied.targets, at),
        limit=limits.list_rows,
        what="target",
        empty="The file names no target.",
        total=len(supplied.targets),
    )


def _targets(targets: Iterable[Change], at: Links) -> Iterable[tuple[Cell, ...]]:
    for change in targets:
        yield (
            cells.number_cell(change.rank),
            cells.cell_of_test(change.test, at.failure(change.failure_id)),
            Cell(
                text=change.severity.replace("_", " "),
                tone=Tone.BAD if change.severity in _BAD else Tone.MUTED,
            ),
            cells.number_cell(change.priority_score),
            _exit(change.before_exit),
            _exit(change.after_exit),
        )


def _exit(code: int | None) -> Cell:
    return Cell(text="absent") if code is None else Cell(text=str(code), sort=str(code))
