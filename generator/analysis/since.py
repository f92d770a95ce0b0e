"""Since when a test fails: a walk back over every run of the branch in which it was executed, all tests at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np

from generator.analysis.borrowed import notes, with_targets
from generator.analysis.grid import executed_states, grid
from generator.findings import CommitRange, Since
from generator.safety.ids import is_commit
from generator.safety.text import has_control

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from generator.analysis.frames import Prepared
    from generator.findings import RunRef


def lineage(prepared: Prepared, index: int) -> NDArray[np.int64]:
    """Return the runs, up to and including `index`, that a run's tests were executed in before, in run order.

    These are the runs of its branch, of any workflow and profile, and before the first of them those of the default
    branch, which the branch was made from.
    """
    head = prepared.runs[index]
    repository, default = head.keys[0].repository, prepared.settings.project.default_branch
    own = [
        place
        for place, run in enumerate(prepared.runs[: index + 1])
        if run.branch == head.branch and run.keys[0].repository == repository
    ]
    before = [
        place
        for place, run in enumerate(prepared.runs[: own[0]])
        if head.branch != default and run.branch == default and run.keys[0].repository == repository
    ]
    return np.array([*before, *own], dtype=np.int64)


def streaks(prepared: Prepared, index: int, test_ids: NDArray[np.int64]) -> dict[int, Since]:
    """Return for each test the streak that its failure in run `index` belongs to.

    The run counts as failing for each of these tests, also where only a replay bundle says so. Where a run has no
    report of a case, its target may tell.
    """
    found = grid(prepared, lineage(prepared, index), test_ids)
    own = executed_states(prepared, found)
    own[-1, :] = 2
    told = with_targets(prepared, found, own)
    states = told.states
    number = np.arange(len(found.positions))[:, None]
    last_good = np.where(states == 1, number, -1).max(axis=0)
    bad = (states == 2) & (number > last_good)
    first_bad, runs = bad.argmax(axis=0), bad.sum(axis=0)
    refs = [prepared.runs[place].ref for place in found.positions]
    forge = prepared.settings.project.forge_url
    said = notes(prepared, found, told, first_bad, last_good)
    made: dict[tuple[int, int, int, str], Since] = {}
    result = {}
    keys = zip(first_bad.tolist(), last_good.tolist(), runs.tolist(), said, strict=True)
    for test_id, key in zip(found.test_ids.tolist(), keys, strict=True):
        if key not in made:
            first, good, count, note = key
            since = _since(refs[first], refs[good] if good >= 0 else None, count, forge)
            made[key] = replace(since, note=note)
        result[test_id] = made[key]
    return result


def last_states(prepared: Prepared, index: int, test_ids: NDArray[np.int64]) -> dict[int, int]:
    """Return how each test ended when it was last executed before run `index`: 2 failed, 1 passed, 0 never executed.

    Where a later run has no report of a case, its target may tell, but never that the case existed.
    """
    found = grid(prepared, lineage(prepared, index), test_ids)
    own = executed_states(prepared, found)
    states = with_targets(prepared, found, own).states[:-1] * (own[:-1] > 0).any(axis=0)
    number = np.arange(1, len(states) + 1)[:, None]
    last = np.where(states > 0, number, 0).max(axis=0, initial=0)
    columns = np.arange(len(found.test_ids))
    ended = np.vstack([np.zeros((1, len(columns)), dtype=np.int8), states])[last, columns]
    return dict(zip(found.test_ids.tolist(), ended.tolist(), strict=True))


def forge_base(url: str) -> str:
    """Return the address of the project at its forge without a trailing slash, "" unless it is plain https."""
    parts = urlsplit(url) if not has_control(url) else None
    plain = parts and parts.scheme == "https" and parts.hostname and not parts.query and not parts.fragment
    return url.rstrip("/") if plain and not set(url) & set("\"'<>` ") else ""


def commit_range(good: str, bad: str, forge: str) -> CommitRange:
    """Return the commits after `good` up to `bad`, with the forge's page of them where both are commits of it."""
    commits = CommitRange(good=good, bad=bad)
    base = forge_base(forge)
    if base and is_commit(good) and is_commit(bad) and not commits.same:
        return CommitRange(good=good, bad=bad, url=f"{base}/compare/{good}...{bad}")
    return commits


def _since(first_bad: RunRef, last_good: RunRef | None, runs: int, forge: str) -> Since:
    commits = commit_range(last_good.commit if last_good else "", first_bad.commit, forge)
    return Since(first_bad=first_bad, last_good=last_good, runs=runs, commits=commits)
