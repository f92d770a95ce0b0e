"""What the history hands to the analysis: unit facts, frames, and evidence on demand.

Frames (pandas; the import stays with the stages that compute):

`results`, one row for each attempt of each test in each unit, sorted by (unit, test_id, attempt):
    unit            int32     position in `units`
    test_id         int64     content hash of surface, suite, class and name
    attempt         int16     0-based, in document order
    final           bool      last attempt: the test's outcome in this unit
    status          category  values of `Status`
    duration_s      float64   seconds, NaN when unknown
    part            category  name of the part the result stands in
    exit_code       Int64     nullable; targets only
    scraped_passed, scraped_failed, scraped_ignored   Int64, nullable; advisory

`details`, one row for each attempt that failed or carries text, same keys (unit, test_id, attempt):
    kind, message, trace, file, odd   str ("" when absent; odd = comma-joined reasons)
    line                              Int64, nullable

`names`, one row a test, index `test_id`:
    surface, suite, classname, name   str
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from generator.records.base import Problem
    from generator.records.run import Run
    from generator.records.unit import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """One stored unit: its id and its run."""

    unit_id: str
    run: Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A consistent view of the whole history."""

    units: tuple[UnitFacts, ...]
    """Sorted by (started_at, run id in natural order, attempt, unit id): run order."""
    results: pd.DataFrame
    details: pd.DataFrame
    names: pd.DataFrame
    evidence: Callable[[str], Evidence]
    """Evidence of a unit by id; loaded when first asked for."""
    problems: tuple[Problem, ...] = ()
    """Units that are torn or altered: named, left out, the rest stands."""
