"""Flaky tests: two numbers and a label, with the runs that prove it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.findings.failure import TestRef
    from generator.findings.run import RunRef


@dataclass(frozen=True, slots=True, kw_only=True)
class FlakyNote:
    """A test that is flaky, or may be."""

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
    rate: float | None = None
    """Share of commits on which it is flaky (Jeffreys), 0..1."""
    low: float | None = None
    high: float | None = None
    seen_commits: int = 0
    """Commits of the window with an outcome."""
    flips: int = 0
    flip_rate: float | None = None
    """Changes between one commit's first attempt and the next one's, over the pairs; `None` below 10 commits."""
    excursions: int = 0
    """Times that it failed on one commit alone, between two on which it passed."""
    minutes_a_week: float | None = None
    """What it costs: rate, runs a week, and the minutes that a flake loses."""
    derates: bool = False
    """Flaky on enough commits to be taken out of a gate, or into quarantine."""
    quarantine: str = ""
    """What the quarantine says of it: category and last day, or that it ran out; empty when it is in none."""
