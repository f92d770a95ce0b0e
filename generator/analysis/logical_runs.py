"""Which units of the history are one run: shards that were uploaded apart belong together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from generator.analysis.order import order_key
from generator.records import PartState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from generator.records import Part, Run, UnitFacts

_BESIDE = frozenset({PartState.REPORTS, PartState.GATES})
"""States of parts that a shard may carry with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """What shards of one run have in common."""

    repository: str
    workflow: str
    branch: str
    commit: str
    profile: str
    kind: str
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogicalRun:
    """One run: its units (positions in the snapshot, in run order) and, for lone shards, what they are slices of."""

    units: tuple[int, ...]
    shards_of: Slice | None = None


def logical_runs(units: Sequence[UnitFacts], window_minutes: int) -> list[LogicalRun]:
    """Return the logical runs, in run order of their first units.

    Units that hold one shard each are one run when they are slices of the same whole, no shard index stands there
    twice, and all start within the window after the first.
    """
    window = timedelta(minutes=window_minutes)
    found: list[tuple[list[int], Slice | None]] = []
    opened: dict[Slice, tuple[list[int], set[int], datetime]] = {}
    for place in sorted(range(len(units)), key=lambda number: order_key(units[number])):
        run = units[place].run
        whole, indices = slice_of(run), _indices(run.parts)
        known = opened.get(whole) if whole else None
        if known and not known[1] & indices and run.started_at - known[2] <= window:
            known[0].append(place)
            known[1].update(indices)
            continue
        members = [place]
        found.append((members, whole))
        if whole:
            opened[whole] = (members, set(indices), run.started_at)
    return [LogicalRun(units=tuple(members), shards_of=whole) for members, whole in found]


def slice_of(run: Run) -> Slice | None:
    """Return what the run is a slice of when all its parts are shards of one whole on a known commit, else None."""
    shards = [part for part in run.parts if part.shard.sharded]
    if not shards or any(part.state not in _BESIDE for part in run.parts if not part.shard.sharded):
        return None
    wholes = {
        Slice(
            repository=run.key.repository,
            workflow=run.key.workflow,
            branch=part.branch or run.branch,
            commit=part.commit or run.commit,
            profile=part.profile,
            kind=part.shard.kind,
            total=part.shard.total or 0,
        )
        for part in shards
    }
    whole = wholes.pop()
    return whole if not wholes and whole.commit else None


def _indices(parts: Iterable[Part]) -> set[int]:
    return {part.shard.index for part in parts if part.shard.sharded and part.shard.index is not None}
