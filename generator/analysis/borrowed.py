"""What a target says about a case of it in a run without a report of the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from generator.analysis.families import home
from generator.analysis.frames import COMPARABLE, series_key
from generator.analysis.grid import ABSENT, executed_states, grid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from generator.analysis.frames import Prepared
from generator.analysis.grid import Grid

_NONE: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """States of some tests in some runs, shaped as their grid, with what their targets prove filled in."""

    states: NDArray[np.int8]
    taken: NDArray[np.bool_]
    """Whether the state is that of the target."""
    homes: dict[int, str]
    """Names of the targets by column, of the cases that have one."""
    cases: NDArray[np.bool_]
    """Whether a column is that of a case."""


def with_targets(prepared: Prepared, found: Grid, own: NDArray[np.int8]) -> Told:
    """Return the states `own` of a grid, and where a case has no result those that its target proves.

    A passed target proves that its cases passed. A failed one proves nothing by itself: the case counts as failing when
    the target failed with the signature that it had in the nearest run in which the case is reported as failing, and
    it never had that signature where the case passed.
    """
    absent = found.rows == ABSENT
    homes, names, cases = _homes(prepared, found.test_ids, absent.any(axis=0))
    if not names:
        return Told(states=own, taken=np.zeros(own.shape, dtype=bool), homes={}, cases=cases)
    columns = np.array(sorted(names), dtype=np.int64)
    above = grid(prepared, found.positions, homes[columns])
    place = np.searchsorted(above.test_ids, homes[columns])
    rows = above.rows[:, place]
    target = executed_states(prepared, above)[:, place]
    codes = prepared.outcomes["signature"].cat.codes.to_numpy()
    signature = np.where(target == 2, codes[np.maximum(rows, 0)], np.int32(_NONE)).astype(np.int64)
    passed = absent[:, columns] & (own[:, columns] == 0) & (target == 1)
    failed = absent[:, columns] & (own[:, columns] == 0) & _same_way(own[:, columns], signature)
    states, taken = own.copy(), np.zeros(own.shape, dtype=bool)
    states[:, columns] = np.where(passed, np.int8(1), np.where(failed, np.int8(2), own[:, columns]))
    taken[:, columns] = passed | failed
    return Told(states=states, taken=taken, homes=names, cases=cases)


def notes(
    prepared: Prepared, found: Grid, told: Told, first_bad: NDArray[np.int64], last_good: NDArray[np.int64]
) -> list[str]:
    """Return for each column what its streak does not show by itself, "" where there is nothing to add.

    The last line of the grid is the run in question, the others are those before it; `last_good` is -1 where no good
    run is known. Only runs of the last one's series are missed when they do not report a case.
    """
    runs = [prepared.runs[place] for place in found.positions.tolist()]
    head = series_key(runs[-1])
    alike = np.array([run.state in COMPARABLE and series_key(run) == head for run in runs], dtype=bool)
    number = np.arange(len(runs))[:, None]
    inferred = (told.taken & (told.states == 2) & (number > last_good)).sum(axis=0)
    missed = (found.rows == ABSENT) & ~told.taken & told.cases & alike[:, None]
    missed &= (number > np.where(last_good >= 0, last_good, first_bad)) & (number < len(runs) - 1)
    good = (last_good >= 0) & told.taken[last_good, np.arange(len(last_good))]
    facts = zip(inferred.tolist(), missed.sum(axis=0).tolist(), good.tolist(), strict=True)
    return [_note(told.homes.get(column, ""), *fact) for column, fact in enumerate(facts)]


def _note(target: str, inferred: int, missed: int, good: bool) -> str:  # noqa: FBT001  a private row of facts
    sentences = []
    if inferred:
        them = "it" if inferred == 1 else "them"
        sentences.append(f"Not reported in {_runs(inferred)}; its target {target} failed in {them} the same way.")
    if missed:
        sentences.append(
            f"Not reported in {_runs(missed, 'other ' if inferred else '')}, so nothing is known of it there."
        )
    if good:
        sentences.append(f"Not reported in the last good run; its target {target} passed in it.")
    return " ".join(sentences)


def _runs(number: int, which: str = "") -> str:
    return f"{number} {which}{'run' if number == 1 else 'runs'}"


def _homes(
    prepared: Prepared, test_ids: NDArray[np.int64], wanted: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], dict[int, str], NDArray[np.bool_]]:
    """Return the target of each wanted case (0 without one), the names of the targets by column, and what is a case."""
    names = prepared.names
    surface = names["surface"].to_numpy()
    place = names.index.get_indexer(pd.Index(test_ids))
    known = place != _NONE
    cases = known & (surface[place] == "case") if len(surface) else known
    targets = {
        name: test_id
        for kind in ("unit", "suite")
        for name, test_id in zip(names["name"].to_numpy()[surface == kind], names.index[surface == kind], strict=True)
    }
    homes, found = np.zeros(len(test_ids), dtype=np.int64), {}
    chosen = np.flatnonzero(cases & wanted) if targets else np.array([], dtype=np.int64)
    suites, classes = (names[column].to_numpy()[place[chosen]] for column in ("suite", "classname"))
    for column, suite, classname in zip(chosen.tolist(), suites, classes, strict=True):
        name = home(targets, suite, classname)
        if name:
            homes[column], found[column] = targets[name], name
    return homes, found, cases


def _same_way(own: NDArray[np.int8], signature: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell where a target failed as it did in the nearest run (of two the later) in which the case failed too."""
    runs = len(own)
    number = np.arange(runs)[:, None]
    failed = signature != _NONE
    mark = (own == 2) & failed
    before = np.maximum.accumulate(np.where(mark, number, -runs), axis=0)
    after = np.minimum.accumulate(np.where(mark, number, 3 * runs)[::-1], axis=0)[::-1]
    nearest = np.where(after - number <= number - before, after, before)
    there = (nearest >= 0) & (nearest < runs)
    theirs = np.take_along_axis(signature, np.clip(nearest, 0, runs - 1), axis=0)
    result: NDArray[np.bool_] = failed & there & (signature == theirs)
    doubtful = (own == 1) & failed
    for line in np.flatnonzero(doubtful.any(axis=1)).tolist():
        result &= ~(doubtful[line] & (signature == signature[line]))
    return result
