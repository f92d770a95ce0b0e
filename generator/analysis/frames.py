"""The frozen bundle that every part of the analysis reads: logical runs in order and their outcomes as frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from generator.findings import RunState, TestRef

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from generator.config import Settings
    from generator.findings import RunFacts
    from generator.records import Evidence, Snapshot

COMPARABLE = frozenset({RunState.COMPLETE, RunState.INCOMPLETE})
"""States of the runs that a series consists of."""

EXECUTED = ("passed", "failed", "error")
"""Statuses of a test that really ran; a flaky one counts as passed."""

BAD = ("failed", "error")
"""Statuses that count as a failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Logical runs and outcomes of the whole history, made once and shared by all analyses.

    `outcomes`, one row for each (logical run, test) after attempts and shards are merged, sorted by (run, test_id),
    with a plain range index:
        run         int32     position in `runs`
        test_id     int64     key of `names`
        status      category  values of `Status`
        flaky       bool      passed after a failed attempt inside the run
        duration_s  float64   of the final attempt, seconds, NaN when unknown
        exit_code   Int64     nullable; targets only
        unit        int32     position in `snapshot.units`; with test_id and attempt the key of `details`
        part        category  name of the part the result stands in
        repeated    int32     further reports of the same test by other parts of the run; the worst one is the row
        attempt     int16     number of the final attempt
        signature   category  fingerprint of the failure; "" where the test did not fail

    `names`, index test_id: surface, suite, classname, name.

    `details`, index (unit, test_id, attempt), sorted: the final attempts that failed, with kind, message, trace, file,
    odd, line as in the snapshot, and `signature` (`f1:` + 16 hex) and `fingerprint` (the text it is the hash of).
    """

    runs: tuple[RunFacts, ...]
    settings: Settings
    snapshot: Snapshot
    outcomes: pd.DataFrame
    names: pd.DataFrame
    details: pd.DataFrame
    starts: NDArray[np.int64]
    """Rows of run i are `starts[i]` to `starts[i + 1]`; one longer than `runs`."""

    def rows(self, run_index: int) -> pd.DataFrame:
        """Return the outcomes of one run, sorted by test_id."""
        return self.outcomes.iloc[int(self.starts[run_index]) : int(self.starts[run_index + 1])]

    def position(self, label: str) -> int:
        """Return the position of the run with this label; KeyError when there is none."""
        for place, run in enumerate(self.runs):
            if run.label == label:
                return place
        raise KeyError(label)

    def units(self, run_index: int) -> list[int]:
        """Return the positions in the snapshot of the units that make up a run, in the order of `evidence`."""
        places = {unit.unit_id: place for place, unit in enumerate(self.snapshot.units)}
        return [places[unit_id] for unit_id in self.runs[run_index].unit_ids]

    def evidence(self, run_index: int) -> list[Evidence]:
        """Return the evidence of the units that make up a run, in the order of the units."""
        return [self.snapshot.evidence(unit_id) for unit_id in self.runs[run_index].unit_ids]

    def series(self, run_index: int) -> NDArray[np.int64]:
        """Return the positions, ascending and at most `run_index`, of the runs that the run may be compared with.

        They have its repository, workflow, branch and profile and are complete or incomplete; the run itself is among
        them only when it is complete or incomplete too.
        """
        own = series_key(self.runs[run_index])
        found = (
            place
            for place, run in enumerate(self.runs[: run_index + 1])
            if run.state in COMPARABLE and series_key(run) == own
        )
        return np.fromiter(found, dtype=np.int64)

    def tests(self, test_ids: Iterable[int]) -> dict[int, TestRef]:
        """Return the identities of these tests by test_id."""
        chosen = self.names.loc[list(dict.fromkeys(test_ids))]
        columns = (chosen[column].tolist() for column in ("surface", "suite", "classname", "name"))
        return {
            int(test_id): TestRef(test_id=int(test_id), surface=surface, suite=suite, classname=classname, name=name)
            for test_id, surface, suite, classname, name in zip(chosen.index.tolist(), *columns, strict=True)
        }


def series_key(run: RunFacts) -> tuple[str, str, str, str]:
    """Return what two runs must share to be comparable: repository, workflow, branch, profile."""
    return (run.keys[0].repository, run.workflow, run.branch, run.profile)


def visible(prepared: Prepared, index: int) -> pd.DataFrame:
    """Return the outcomes of all runs up to and including `index`: what was known at that run's time."""
    return prepared.outcomes.iloc[: int(prepared.starts[index + 1])]


def exit_codes(rows: pd.DataFrame) -> list[int | None]:
    """Return the exit codes of outcomes, None where there is none."""
    return [code if isinstance(code, int) else None for code in rows["exit_code"].tolist()]
