"""How much of a run is there: parts present and missing, and the state that its evidence amounts to."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from generator.findings import Completeness, RunState
from generator.records import PartState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from generator.records import Part

_CUT_SHORT: Final = {
    PartState.ABORTED: "aborted",
    PartState.KILLED: "killed",
    PartState.UNREADABLE: "its summary cannot be read",
    PartState.BUNDLE_ONLY: "only a replay bundle",
}
_WITHOUT_RUNNER: Final = frozenset({PartState.LANE, PartState.GATES})
_SHARDS_LISTED: Final = 1000
"""More absent shards than this are a mistake or hostile: they are counted, not named."""

_NUMBERED: Final = re.compile(r"(.*?)([0-9]+)((?:-of-[0-9]+)?)")


def completeness(parts: Sequence[Part], expected_parts: Sequence[str]) -> Completeness:
    """Return the parts that are there with all their results, of how many, and the names of the others.

    Expected are the parts that the run's manifest lists; without such a list all shards of each whole that a part is a
    slice of, and every other part that left anything.
    """
    cut = [f"{part.name} ({_CUT_SHORT[part.state]})" for part in parts if part.state in _CUT_SHORT]
    names = {name for part in parts for name in (part.name, part.shard.name, part.folder.rpartition("/")[2])}
    absent = sorted({name for name in expected_parts if name not in names}) or _absent_shards(parts)
    expected = max(len(parts) + len(absent), len(set(expected_parts)))
    return Completeness(present=len(parts) - len(cut), expected=expected, missing=(*absent, *sorted(cut)))


def state_of(parts: Sequence[Part], found: Completeness, executed: int) -> RunState:
    """Return what a run's evidence amounts to; `executed` results decide between complete and empty."""
    runners = [part for part in parts if part.state not in _WITHOUT_RUNNER]
    states = {part.state for part in runners}
    if parts and not runners:
        return RunState.LANE if any(part.state is PartState.LANE for part in parts) else RunState.GATES_ONLY
    if runners and states <= set(_CUT_SHORT):
        return _cut_short(states)
    if any(part.rerun_from for part in parts):
        return RunState.PARTIAL
    if not found.whole:
        return RunState.INCOMPLETE
    return RunState.COMPLETE if executed else RunState.EMPTY


def _cut_short(states: AbstractSet[PartState]) -> RunState:
    """Return the state of a run none of whose parts came to its end: what left most decides."""
    if not {PartState.KILLED, PartState.UNREADABLE}.isdisjoint(states):
        return RunState.KILLED
    return RunState.ABORTED if PartState.ABORTED in states else RunState.BUNDLE_ONLY


def _absent_shards(parts: Iterable[Part]) -> list[str]:
    wholes: dict[tuple[str, int], dict[int, str]] = defaultdict(dict)
    for part in parts:
        if part.shard.sharded and part.shard.index is not None:
            wholes[part.shard.kind, part.shard.total or 0][part.shard.index] = part.shard.name
    absent = []
    for (kind, total), present in sorted(wholes.items()):
        if total - len(present) > _SHARDS_LISTED:
            absent.append(f"{total - len(present)} {kind} shards of {total}")
            continue
        absent += [_shard_name(kind, index, total, present) for index in range(total) if index not in present]
    return absent


def _shard_name(kind: str, index: int, total: int, present: dict[int, str]) -> str:
    """Name an absent shard as its siblings are named."""
    for number, name in sorted(present.items()):
        found = _NUMBERED.fullmatch(name)
        if found and int(found[2]) == number:
            return f"{found[1]}{index}{found[3]}"
    return f"{kind} shard {index + 1} of {total}"
