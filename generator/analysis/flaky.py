"""Confirmed flaky tests: passed and failed on one commit (statistics, section 5)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from generator.analysis.frames import BAD, EXECUTED
from generator.analysis.observations import SHORTEST_COMMIT, canonical, environment_of, trusted
from generator.findings import FlakyNote

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from generator.analysis.frames import Prepared
    from generator.findings import RunFacts, TestRef

WINDOW: Final = timedelta(days=14)
"""How far back evidence counts …"""

WINDOW_COMMITS: Final = 60
"""… or this many commits, whichever reaches further."""

_Row = tuple[int, bool, bool, bool]

CONFIRMED: Final = "confirmed"
"""The only label given: the same commit both passed and failed."""


def find(prepared: Prepared, index: int) -> tuple[FlakyNote, ...]:
    """Return the tests that passed and failed on one commit in the window, most commits first, then by key.

    Evidence is a pass and a failure on one commit in two runs of the same profile and system, or a retry that passed
    inside one run. Failures of a run in which more than 20 % of the executed tests failed are no evidence, unless the
    run was a selection of tests. Re-runs of a part of the tests count like any other run.
    """
    places = window(prepared, index)
    rows = _suspects(prepared, places)
    if rows.empty:
        return ()
    labels = canonical(prepared.runs[place].commit for place in places)
    rows = _with_evidence(rows, prepared, places, labels)
    tests = prepared.tests(rows.loc[rows["proof"], "test_id"].tolist())
    notes = [_note(tests[test_id], group, prepared.runs, labels) for test_id, group in _by_test(rows, tests).items()]
    return tuple(sorted(notes, key=lambda note: (-(len(note.commits) or note.retries), note.test.key)))


def window(prepared: Prepared, index: int) -> list[int]:
    """Return the positions of the runs of the run's repository in the last 14 days or 60 commits before it."""
    run = prepared.runs[index]
    repository, since = run.keys[0].repository, run.started_at - WINDOW
    commits: set[str] = set()
    found: list[int] = []
    for place in range(index, -1, -1):
        other = prepared.runs[place]
        if other.keys[0].repository != repository:
            continue
        commits.add(other.commit[:SHORTEST_COMMIT])
        if other.started_at < since and len(commits - {""}) > WINDOW_COMMITS:
            break
        if other.started_at >= since or other.commit:
            found.append(place)
    return found[::-1]


def _suspects(prepared: Prepared, places: Sequence[int]) -> pd.DataFrame:
    """Return the executed outcomes, in these runs, of all tests that failed or were retried in any of them."""
    first, last = int(prepared.starts[places[0]]), int(prepared.starts[places[-1] + 1])
    rows = prepared.outcomes.iloc[first:last]
    rows = rows[rows["run"].isin(places) & rows["status"].isin(EXECUTED)]
    doubtful = rows.loc[rows["status"].isin(BAD) | rows["flaky"], "test_id"].unique()
    return rows.loc[rows["test_id"].isin(doubtful), ["run", "test_id", "status", "flaky"]]


def _with_evidence(
    rows: pd.DataFrame, prepared: Prepared, places: Sequence[int], labels: dict[str, str]
) -> pd.DataFrame:
    """Drop the failures that are no evidence and add `proof`: whether a row shows that its test is flaky."""
    runs = [prepared.runs[place] for place in places]
    position = np.searchsorted(np.asarray(places), rows["run"].to_numpy())
    bad = rows["status"].isin(BAD).to_numpy()
    rows = rows.assign(
        commit=_codes(labels[run.commit] for run in runs)[position],
        world=_codes(environment_of(run) for run in runs)[position],
        known=np.array([bool(run.commit) for run in runs])[position],
        bad=bad,
        passed=~bad,
    )
    rows = rows[np.array([trusted(run) for run in runs])[position] | ~bad]
    groups = rows.groupby(["test_id", "commit", "world"], sort=False)
    both = groups["bad"].transform("any") & groups["passed"].transform("any")
    return rows.assign(proof=(both & rows["known"]) | rows["flaky"])


def _by_test(rows: pd.DataFrame, tests: Container[int]) -> dict[int, list[_Row]]:
    """Return (run, proof, flaky, bad) of each of the tests; plain tuples, since there may be hundreds of tests."""
    found: dict[int, list[_Row]] = {}
    columns = (rows[name].tolist() for name in ("test_id", "run", "proof", "flaky", "bad"))
    for test_id, run, proof, flaky, bad in zip(*columns, strict=True):
        if test_id in tests:
            found.setdefault(test_id, []).append((run, proof, flaky, bad))
    return found


def _note(test: TestRef, rows: Sequence[_Row], runs: Sequence[RunFacts], labels: dict[str, str]) -> FlakyNote:
    proof = [runs[place] for place in sorted({run for run, proves, _, _ in rows if proves})]
    return FlakyNote(
        test=test,
        label=CONFIRMED,
        commits=tuple(dict.fromkeys(labels[run.commit] for run in proof if run.commit)),
        runs=tuple(run.ref for run in proof),
        retries=sum(flaky for _, _, flaky, _ in rows),
        failing_runs=sum(bad for _, _, _, bad in rows),
        executed_runs=len(rows),
    )


def _codes(words: Iterable[str]) -> NDArray[np.int64]:
    known: dict[str, int] = {}
    return np.array([known.setdefault(word, len(known)) for word in words], dtype=np.int64)
