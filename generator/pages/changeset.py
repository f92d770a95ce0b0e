"""The sets of a comparison as the pages count and list them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.findings import ChangeKind
from generator.pages.links import containers
from generator.views import Count, Tone

if TYPE_CHECKING:
    from generator.findings import Change, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """One set of changes with its words; `id` is its anchor on the page of changes."""

    id: str
    title: str
    label: str
    """The word behind a number; `one` is its form for a single test."""
    one: str
    kinds: tuple[ChangeKind, ...]
    tone: Tone
    failing: bool
    meaning: str


SETS = (
    ChangeSet(
        id="new",
        title="New failures",
        label="new failures",
        one="new failure",
        kinds=(ChangeKind.NEW_FAILURE, ChangeKind.NEW_TEST_FAILING),
        tone=Tone.BAD,
        failing=True,
        meaning="Passed or was not there in the baseline, fails now.",
    ),
    ChangeSet(
        id="still",
        title="Still failing",
        label="still failing",
        one="still failing",
        kinds=(ChangeKind.STILL_FAILING,),
        tone=Tone.WARN,
        failing=True,
        meaning="Failed in the baseline and fails now; marked where it fails in another way.",
    ),
    ChangeSet(
        id="fixed",
        title="Fixed",
        label="fixed",
        one="fixed",
        kinds=(ChangeKind.FIXED,),
        tone=Tone.GOOD,
        failing=False,
        meaning="Failed in the baseline, passes now.",
    ),
    ChangeSet(
        id="missing",
        title="Missing or not run",
        label="missing or not run",
        one="missing or not run",
        kinds=(ChangeKind.MISSING, ChangeKind.NOT_RUN),
        tone=Tone.WARN,
        failing=False,
        meaning="Was there in the baseline, has no result now: neither passed nor failed.",
    ),
    ChangeSet(
        id="added",
        title="Added",
        label="added",
        one="added",
        kinds=(ChangeKind.NEW_TEST,),
        tone=Tone.INFO,
        failing=False,
        meaning="Was not there in the baseline, passes now.",
    ),
)
SKIPS = ChangeSet(
    id="skips",
    title="Skipped and no longer skipped",
    label="skipped or no longer skipped",
    one="skipped or no longer skipped",
    kinds=(ChangeKind.SKIPPED, ChangeKind.UNSKIPPED),
    tone=Tone.MUTED,
    failing=False,
    meaning="Says nothing about pass or fail on one of the two sides.",
)


def changes_in(report: Report, chosen: ChangeSet) -> tuple[Change, ...]:
    """Return the changes of a set; a target that failed through its cases is left to them, so nothing counts twice."""
    inner = {failure.failure_id for failure in containers(report)}
    return tuple(change for change in report.findings.comparison.of(*chosen.kinds) if change.failure_id not in inner)


def counts(report: Report, *chosen: ChangeSet) -> tuple[Count, ...]:
    """Return the sets as large numbers with links to their rows; none without a baseline or without results."""
    if report.findings.comparison.base is None or not report.findings.run.tally.executed:
        return ()
    found = []
    for one in chosen:
        number = len(changes_in(report, one))
        found.append(
            Count(
                number=f"{number:,}",
                label=one.one if number == 1 else one.label,
                tone=one.tone if number else Tone.MUTED,
                href=f"changes/#{one.id}",
                hint=one.meaning,
            )
        )
    return tuple(found)
