"""Causes: failures of a run that share a signature, and in how many runs it was seen before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from generator.analysis.frames import visible
from generator.findings import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.analysis.frames import Prepared
    from generator.findings import Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """The first run with a signature and the number of runs with it."""

    first: int
    runs: int


def causes(prepared: Prepared, index: int, failures: Iterable[Failure], titles: Mapping[str, str]) -> tuple[Cause, ...]:
    """Return the causes of the run's failures: new ones first, then those of more failures, then by title.

    A target whose failing cases are known is left to them. `titles` are the normalised messages by signature.
    """
    members: dict[str, list[Failure]] = defaultdict(list)
    for failure in failures:
        if not failure.children:
            members[failure.signature].append(failure)
    seen = sightings(prepared, index, members)
    found = []
    for signature, group in members.items():
        sighting = seen.get(signature, Sighting(first=index, runs=1))
        found.append(
            Cause(
                signature=signature,
                title=titles.get(signature, ""),
                failures=tuple(failure.link for failure in group),
                first_seen=prepared.runs[sighting.first].ref,
                runs=sighting.runs,
                new=sighting.first == index,
            )
        )
    return tuple(sorted(found, key=lambda cause: (not cause.new, -len(cause.failures), cause.title, cause.signature)))


def sightings(prepared: Prepared, index: int, signatures: Iterable[str]) -> dict[str, Sighting]:
    """Return the sightings of these signatures in all runs up to and including `index`, on any branch."""
    rows = visible(prepared, index)
    categories = rows["signature"].cat.categories
    chosen = np.isin(categories.to_numpy(), sorted(signatures))
    codes = rows["signature"].cat.codes.to_numpy()
    hit = chosen[codes]
    pairs = np.unique(np.column_stack([codes[hit].astype(np.int64), rows["run"].to_numpy()[hit]]), axis=0)
    begin = np.flatnonzero(np.diff(pairs[:, 0], prepend=-1))
    sizes = np.diff(np.append(begin, len(pairs)))
    return {
        str(categories[pairs[start, 0]]): Sighting(first=int(pairs[start, 1]), runs=int(size))
        for start, size in zip(begin.tolist(), sizes.tolist(), strict=True)
    }
