"""Which commits may have broken a test, and how probable each is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspects:
    """The smallest set of commits that holds the culprit with 90 %, most probable first."""

    commits: tuple[tuple[str, float], ...]
    """Commit and probability 0..1; with those of all other commits and `flake` they sum to 1. A commit stands for those
    before it that no run tested, too."""
    flake: float
    """Probability that no commit is to blame."""
    tested: int
    """Commits with an outcome of the test that the probabilities rest on."""
    enough: bool
    """Whether there is a pass before and a failure after; else nothing is shown."""
    reason: str = ""
    """Why nothing is shown: no earlier result, or more probably a flake."""
