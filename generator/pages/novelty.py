"""Whether a failure is new, known, or neither: without a baseline nobody can say, and no page does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings import ChangeKind
from generator.pages import words
from generator.views import Cell, Tone

if TYPE_CHECKING:
    from generator.findings import Failure, Report

_UNSURE = "Failing; no baseline says whether it is new"


def compared(report: Report) -> bool:
    """Return whether there is a baseline that tells new failures from known ones."""
    return report.findings.comparison.base is not None


def cell(report: Report, *, new: bool, note: str = "") -> Cell:
    """Return `new`, `known` or `failing` with its tone."""
    if not compared(report):
        return Cell(text="failing", tone=Tone.BAD, note=note or "no baseline")
    return Cell(text="new" if new else "known", tone=Tone.BAD if new else Tone.WARN, note=note)


def verdict(report: Report, failure: Failure) -> tuple[str, Tone]:
    """Return the first words of a failure's page."""
    if not compared(report):
        return "Failing.", Tone.BAD
    return ("New failure.", Tone.BAD) if failure.change.new else ("Known failure.", Tone.WARN)


def has_streak(report: Report, failure: Failure) -> bool:
    """Return whether it is known since when it fails: only an earlier result or a baseline can tell."""
    since = failure.since
    return compared(report) or since.last_good is not None or since.runs > 1


def state(report: Report, failure: Failure) -> str:
    """Return since when: `New since run 1041 (2 runs)`, or that nothing says so."""
    since = failure.since
    streak = f"since run {since.first_bad.label} ({words.plural(since.runs, 'run')})"
    if not compared(report):
        return f"{_UNSURE}; it fails {streak}" if has_streak(report, failure) else _UNSURE
    if failure.change is ChangeKind.NEW_TEST_FAILING:
        found = f"New {streak}, no earlier result"
    else:
        found = f"{'New' if failure.change.new else 'Failing'} {streak}"
    return f"{found}, in another way than before" if failure.signature_changed else found
