"""How far each cause reaches: tests, runs and environments of the clusters over the window (statistics, section 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from generator.analysis import clusters
from generator.analysis.clustered import clustered, title
from generator.analysis.observations import environment_of
from generator.analysis.rates import wilson
from generator.findings import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from generator.analysis.clustered import Clustered
    from generator.analysis.frames import Prepared
    from generator.findings import Failure, FailureLink, TestRef

    Numbers = NDArray[np.int64]

MEMBERS: Final = 50
"""Most tests of a cluster that are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    """What the window says of each cluster; arrays by cluster."""

    occurrences: Numbers
    tests: Numbers
    runs: Numbers
    environments: Numbers
    window_runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    prepared: Prepared
    index: int
    found: Clustered
    counts: _Counts
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    first: Numbers
    last: Numbers
    signatures: dict[int, list[str]]
    failures: dict[int, list[FailureLink]]
    members: dict[int, tuple[tuple[TestRef, int], ...]]


def build(
    prepared: Prepared, index: int, failures: Iterable[Failure], found: Clustered | None = None
) -> tuple[Cluster, ...]:
    """Return the clusters of the window of `trend_days` that ends with run `index`; `failures` are the run's own.

    Those of the run come first, and all of them: those first seen in it before the others, wide ones before isolated
    ones. Of the others there are those of enough tests or occurrences, most occurrences first. `found` are the clusters
    of the history, where they are known already.
    """
    counted = [failure for failure in failures if not failure.children]
    found = clustered(prepared, index, counted) if found is None else found
    window = _window(prepared, index, seen=bool(counted))
    inside = np.isin(found.run, window)
    counts = _counts(prepared, found, inside, window)
    links: dict[int, list[FailureLink]] = {}
    for failure in counted:
        links.setdefault(found.current[failure.test.test_id], []).append(failure.link)
    settings = prepared.settings.analysis.cluster
    rule = clusters.ClusterRule(min_tests=settings.min_tests, min_occurrences=settings.min_occurrences)
    listed = clusters.shown(counts.tests, counts.occurrences, rule) & (counts.occurrences > 0)
    listed[list(links)] = True
    chosen = np.flatnonzero(listed)
    interval = wilson(counts.runs, np.full(len(counts.runs), counts.window_runs))
    last = np.full(len(found.heads), -1, dtype=np.int64)
    np.maximum.at(last, found.number, found.run)
    context = _Context(
        prepared=prepared,
        index=index,
        found=found,
        counts=counts,
        low=interval.low,
        high=interval.high,
        first=found.first,
        last=last,
        signatures=_signatures(found, listed),
        failures=links,
        members=_members(prepared, found, inside & listed[found.number]),
    )
    return tuple(sorted((_cluster(number, context) for number in chosen.tolist()), key=_order))


def seen(prepared: Prepared, index: int, found: Clustered) -> int:
    """Return how many clusters were seen in the window that ends with run `index`, listed or not."""
    window = _window(prepared, index, seen=bool((found.run == index).any()))
    return len(np.unique(found.number[np.isin(found.run, window)]))


def _window(prepared: Prepared, index: int, *, seen: bool) -> list[int]:
    """Return the runs with results of the run's repository in the last days; the run itself, if anything failed."""
    head, length = prepared.runs[index], timedelta(days=prepared.settings.analysis.trend_days)
    return [
        place
        for place, run in enumerate(prepared.runs[: index + 1])
        if run.keys[0].repository == head.keys[0].repository
        and head.started_at - run.started_at < length
        and (run.tally.executed or (seen and place == index))
    ]


def _counts(prepared: Prepared, found: Clustered, inside: NDArray[np.bool_], window: Sequence[int]) -> _Counts:
    number, run = found.number[inside], found.run[inside]
    size, case = len(found.heads), found.case[inside]  # a target and its case are one
    names = {name: place for place, name in enumerate(sorted({environment_of(prepared.runs[one]) for one in window}))}
    world = np.zeros(len(prepared.runs), dtype=np.int64)
    for one in window:
        world[one] = names[environment_of(prepared.runs[one])]
    return _Counts(
        occurrences=np.bincount(number, minlength=size),
        tests=_distinct(number, case, size),
        runs=_distinct(number, run, size),
        environments=_distinct(number, world[run], size),
        window_runs=len(window),
    )


def _distinct(number: Numbers, value: Numbers, size: int) -> Numbers:
    """Return how many different values each cluster has."""
    _, place = np.unique(value, return_inverse=True)
    pairs = np.unique(number * (len(place) + 1) + place)
    return np.bincount(pairs // (len(place) + 1), minlength=size)


def _signatures(found: Clustered, listed: NDArray[np.bool_]) -> dict[int, list[str]]:
    """Return the signatures of the listed clusters, in order of first appearance."""
    size = len(found.signatures) + 1
    chosen = listed[found.number] & (
        found.case == found.test_id
    )  # a target whose case tells its cause says something else
    made: dict[int, list[str]] = {}
    for pair in np.unique(found.number[chosen] * size + found.signature[chosen]).tolist():
        made.setdefault(pair // size, []).append(found.signatures[pair % size])
    return made


def _members(
    prepared: Prepared, found: Clustered, chosen: NDArray[np.bool_]
) -> dict[int, tuple[tuple[TestRef, int], ...]]:
    """Return the tests of each cluster with the number of runs, most runs first, then by key."""
    tests, place = np.unique(found.test_id[chosen], return_inverse=True)
    pairs, runs = np.unique(found.number[chosen] * (len(tests) + 1) + place, return_counts=True)
    number, test = pairs // (len(tests) + 1), pairs % (len(tests) + 1)
    order = np.lexsort((test, -runs, number))
    number, test, runs = number[order], test[order], runs[order]
    begin = np.flatnonzero(np.diff(number, prepend=-1))
    rank = np.arange(len(number)) - np.repeat(begin, np.diff(np.append(begin, len(number))))
    kept = rank < MEMBERS
    test_ids = tests[test[kept]].tolist()
    refs = prepared.tests(one for one in test_ids if one not in found.told) | found.told
    made: dict[int, list[tuple[TestRef, int]]] = {}
    for each, test_id, count in zip(number[kept].tolist(), test_ids, runs[kept].tolist(), strict=True):
        made.setdefault(each, []).append((refs[test_id], count))
    return {
        each: tuple(sorted(group, key=lambda member: (-member[1], member[0].key, member[0].test_id)))
        for each, group in made.items()
    }


def _cluster(number: int, context: _Context) -> Cluster:
    head, counts, runs = context.found.heads[number], context.counts, context.prepared.runs
    tests, environments = int(counts.tests[number]), int(counts.environments[number])
    some = counts.window_runs > 0
    return Cluster(
        cluster_id=head.id,
        title=title(head),
        signatures=tuple(context.signatures.get(number, ())),
        tests=tests,
        occurrences=int(counts.occurrences[number]),
        runs=int(counts.runs[number]),
        window_runs=counts.window_runs,
        environments=environments,
        first_seen=runs[int(context.first[number])].ref,
        last_seen=runs[int(context.last[number])].ref,
        new=int(context.first[number]) == context.index,
        wide=tests > 1 or environments > 1,
        failures=tuple(context.failures.get(number, ())),
        members=context.members.get(number, ()),
        rule=head.rule.name if head.rule else "",
        owner=head.rule.owner if head.rule else "",
        issue=head.rule.issue if head.rule else "",
        low=float(context.low[number]) if some else None,
        high=float(context.high[number]) if some else None,
        window_days=context.prepared.settings.analysis.trend_days,
    )


def _order(cluster: Cluster) -> tuple[bool, bool, bool, int, str, str]:
    now = bool(cluster.failures)
    return (
        not now,
        now and not cluster.new,
        now and not cluster.wide,
        -cluster.occurrences,
        cluster.title,
        cluster.cluster_id,
    )
