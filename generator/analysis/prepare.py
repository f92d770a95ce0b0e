"""From the history's snapshot to the bundle that all analyses share; once for each history."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import numpy as np

from generator.analysis.facts import run_facts, with_origins
from generator.analysis.frames import Prepared
from generator.analysis.labels import labels
from generator.analysis.logical_runs import logical_runs
from generator.analysis.outcomes import outcomes, starts
from generator.analysis.signatures import failing_details, with_signatures
from generator.analysis.tallies import tallies
from generator.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.config import Settings
    from generator.findings import RunFacts
    from generator.records import Snapshot

_SHORTEST_COMMIT = 7


def prepare(snapshot: Snapshot, settings: Settings) -> Prepared:
    """Return the logical runs of the history in run order with their outcomes and the signatures of all failures."""
    found = logical_runs(snapshot.units, settings.analysis.shard_window_minutes)
    run_of_unit = np.zeros(len(snapshot.units), dtype=np.int32)
    for place, run in enumerate(found):
        run_of_unit[list(run.units)] = place
    merged = outcomes(snapshot.results, run_of_unit)
    details = failing_details(merged, snapshot.details, snapshot.names)
    facts = [
        run_facts(label, [snapshot.units[place] for place in run.units], tally)
        for run, label, tally in zip(
            found, labels(found, snapshot.units), tallies(merged, snapshot.names, len(found)), strict=True
        )
    ]
    return Prepared(
        runs=with_origins(facts),
        settings=settings,
        snapshot=snapshot,
        outcomes=with_signatures(merged, details),
        names=snapshot.names,
        details=details,
        starts=starts(merged, len(found)),
    )


def resolve(prepared: Prepared, ref: str) -> RunFacts:
    """Return the newest run that a reference names: a label, a run id, or at least 7 digits of a commit.

    Raises UsageError with the nearest labels when it names no run, or the commits of several.
    """
    newest_first = prepared.runs[::-1]
    for named in (_labelled, _numbered):
        for run in newest_first:
            if named(run, ref):
                return run
    built = [run for run in newest_first if same_commit(run.commit, ref.lower())]
    commits = _distinct([run.commit for run in built])
    if len(commits) > 1:
        raise UsageError(f"`{ref}` begins {len(commits)} commits of the history", "give more digits")
    if built:
        return built[0]
    raise UsageError(f"the history holds no run `{ref}`", _hint(newest_first, ref))


def same_commit(one: str, other: str) -> bool:
    """Tell whether two commit ids are the same or one is the beginning of the other, with at least 7 digits."""
    return min(len(one), len(other)) >= _SHORTEST_COMMIT and (one.startswith(other) or other.startswith(one))


def _labelled(run: RunFacts, ref: str) -> bool:
    return run.label.casefold() == ref.casefold()


def _numbered(run: RunFacts, ref: str) -> bool:
    return any(key.run_id == ref for key in run.keys)


def _distinct(commits: Sequence[str]) -> list[str]:
    """Return the commits without those that only are shorter forms of others."""
    longest = sorted(set(commits), key=len, reverse=True)
    kept: list[str] = []
    for commit in longest:
        if not any(known.startswith(commit) for known in kept):
            kept.append(commit)
    return kept


def _hint(newest_first: Sequence[RunFacts], ref: str) -> str:
    if not newest_first:
        return "it is empty: ingest the artifacts of a run first"
    known = [run.label for run in newest_first]
    near = difflib.get_close_matches(ref, known, n=3, cutoff=0.5)
    return f"did you mean {', '.join(near)}?" if near else f"the newest runs are {', '.join(known[:3])}"
