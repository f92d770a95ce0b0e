"""Causes: failures of a run that belong to one cluster, and in how many runs it was seen before."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from generator.analysis.clustered import clustered, title
from generator.findings import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.analysis.clustered import Clustered
    from generator.analysis.frames import Prepared
    from generator.findings import Failure


def causes(
    prepared: Prepared,
    index: int,
    failures: Iterable[Failure],
    titles: Mapping[str, str],
    found: Clustered | None = None,
) -> tuple[Cause, ...]:
    """Return the causes of the run's failures: new ones first, then those of more failures, then by title.

    A target whose failing cases are known is left to them. `titles` are the normalised messages by signature. `found`
    are the clusters of the history, where they are known already.
    """
    counted = [failure for failure in failures if not failure.children]
    found = clustered(prepared, index, counted) if found is None else found
    members: dict[int, list[Failure]] = defaultdict(list)
    for failure in counted:
        members[found.current[failure.test.test_id]].append(failure)
    first, runs = found.first, _runs(found, members)
    made = []
    for number, group in members.items():
        head, since = found.heads[number], int(first[number])
        said = title(head) if head.rule else titles.get(head.representative.signature, title(head))
        made.append(
            Cause(
                signature=group[0].signature,
                title=said,
                failures=tuple(failure.link for failure in group),
                first_seen=prepared.runs[since].ref,
                runs=runs[number],
                new=since == index,
                cluster_id=head.id,
            )
        )
    return tuple(sorted(made, key=lambda cause: (not cause.new, -len(cause.failures), cause.title, cause.cluster_id)))


def _runs(found: Clustered, chosen: Iterable[int]) -> dict[int, int]:
    """Return in how many runs each of these clusters was seen."""
    return {number: len(np.unique(found.run[found.number == number])) for number in chosen}
