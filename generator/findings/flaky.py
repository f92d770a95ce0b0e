"""Flaky tests: two numbers and a label, with the runs that prove it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from generator.findings.failure import TestRef
    from generator.findings.run import RunRef

CONFIRMED: Final = "confirmed"
"""The same commit both passed and failed, or a retry inside one run passed."""

SUSPECTED: Final = "suspected"
"""It failed on one commit alone, more than once; no commit did both."""

RECOVERED: Final = "recovered"
"""It was confirmed in the window and has been clean for long enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlakyNote:
    """A test that is flaky, may be, or was. Only a confirmed one explains a failure."""

    test: TestRef
    label: str
    """confirmed (same commit or recorded retry), suspected (flips), or recovered."""
    commits: tuple[str, ...]
    """Commits on which it both passed and failed."""
    runs: tuple[RunRef, ...]
    """Runs that prove it, oldest first; those of the failing excursions where it is only suspected."""
    retries: int
    """Runs in which a retry inside the run passed."""
    failing_runs: int
    executed_runs: int
    environment: str = ""
    """Where all the numbers are from: outcomes of different profiles or systems are never put together."""
    rate: float | None = None
    """Share of commits on which it is flaky (Jeffreys), 0..1."""
    low: float | None = None
    high: float | None = None
    flake_commits: int = 0
    """Commits that disagreed; a run without a known commit stands for one of its own."""
    seen_commits: int = 0
    """Commits of the window with an outcome."""
    first_attempts: int = 0
    """Commits of the default branch with a first attempt that counts: the base of flips and excursions."""
    flips: int = 0
    flip_rate: float | None = None
    """Changes between one commit's first attempt and the next one's, over the pairs; `None` below 10 commits."""
    excursions: int = 0
    """Times that it failed on one commit alone, between two on which it passed."""
    minutes_a_week: float | None = None
    """What it costs: rate (of a suspected test: excursions over first attempts), runs a week, and the minutes that a
    flake loses; `None` without a duration, and for a test that has recovered."""
    derates: bool = False
    """Flaky on enough commits to be taken out of a gate, or into quarantine."""
    quarantine: str = ""
    """What the quarantine says of it: category and last day, or that it ran out; empty when it is in none."""
    elsewhere: tuple[str, ...] = ()
    """Other environments in which it is flaky or suspected, too."""

    @property
    def confirmed(self) -> bool:
        """Whether it is proof that a failure of the test may be no fault of the code."""
        return self.label == CONFIRMED
