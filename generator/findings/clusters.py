"""Causes over all runs: fingerprints that belong together, and how far they reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.findings.failure import FailureLink, TestRef
    from generator.findings.run import RunRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One cause: what it looks like, which tests it hit, in which runs."""

    cluster_id: str
    """`c1:` and 16 hex digits: the same in every build."""
    title: str
    """The representative's kind and message, normalised; or the name of the user's rule."""
    signatures: tuple[str, ...]
    tests: int
    """Distinct tests that it hit in the window."""
    occurrences: int
    """Failing (test, run) pairs in the window."""
    runs: int
    """Runs of the window in which it was seen."""
    window_runs: int
    """Runs of the window with results."""
    environments: int
    first_seen: RunRef
    """In all of the history, not only in the window."""
    last_seen: RunRef
    new: bool
    """First seen in this run."""
    wide: bool
    """More than one test, or more than one environment."""
    failures: tuple[FailureLink, ...] = ()
    """Failures of this run; empty when it is not among them."""
    members: tuple[tuple[TestRef, int], ...] = ()
    """Tests with the number of runs in which it hit them, most first."""
    rule: str = ""
    """The user's rule that names it; empty = unknown."""
    owner: str = ""
    issue: str = ""
    low: float | None = None
    """Wilson interval (95 %) of the rate; `None` without runs."""
    high: float | None = None
    window_days: int = 0
    """Length of the window that ends with this run; 0 = not stated."""

    @property
    def known(self) -> bool:
        """Whether a rule of the user's names it."""
        return bool(self.rule)

    @property
    def rate(self) -> float | None:
        """Share of the window's runs in which it was seen; `None` without runs."""
        return self.runs / self.window_runs if self.window_runs else None
