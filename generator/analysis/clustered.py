"""Which cluster each failure of a repository's history belongs to, as of one run; a mass failure is one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from generator.analysis import clusters
from generator.analysis.fingerprint import Fingerprint, fingerprint
from generator.analysis.frames import BAD, series_key, visible
from generator.analysis.tallies import last_segment
from generator.analysis.trends import infrastructure
from generator.findings import RunState
from generator.safety.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from generator.analysis.frames import Prepared
    from generator.findings import Failure, TestRef

    Numbers = NDArray[np.int64]

_MASS: Final = "\0"
"""Frame of a mass failure: no text of an artifact holds it."""

_NONE: Final = -1

_Series = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustered:
    """The failing outcomes of one repository up to one run, in order of appearance, and the cluster of each.

    A target whose failing cases are known is left to them, and where another run knows them it counts to their cluster.
    What only a replay bundle tells about the run is there too.
    """

    heads: tuple[clusters.Cluster, ...]
    """The clusters; `number` and `alike` are places in here."""
    run: Numbers
    """Position of the run of each failing outcome."""
    test_id: Numbers
    signature: Numbers
    """Place of its signature in `signatures`."""
    number: Numbers
    """The cluster that it counts to."""
    alike: Numbers
    """The cluster of its text: another one in a run in which nearly everything failed at once, and where a
    case was asked."""
    case: Numbers
    """The test that told the cluster: of a target the case that failed in another run, else the test itself."""
    signatures: tuple[str, ...]
    """In order of first appearance."""
    current: dict[int, int]
    """The cluster of each test among the failures of the run, by test id."""
    told: dict[int, TestRef]
    """Tests of the run that only a replay bundle knows."""

    @property
    def first(self) -> Numbers:
        """The run in which each cluster was first seen, under whatever name it was counted then."""
        found = np.full(len(self.heads), np.iinfo(np.int64).max)
        np.minimum.at(found, self.number, self.run)
        np.minimum.at(found, self.alike, self.run)
        return found


def clustered(prepared: Prepared, index: int, failures: Iterable[Failure]) -> Clustered:
    """Return the clusters of all failures that were known when run `index` had ended; `failures` are its own.

    Fingerprints are walked in order of first appearance in the runs of its repository, so what comes later never
    changes where something belongs. In a run in which nearly everything failed (statistics, section 2) the machine is
    to blame, and its failures are one cause: that of more than half of them, else a mass failure called by their most
    frequent message. It goes on until a run of the same series is healthy. Apart from it stay what a rule of the user's
    names and what failed in the last healthy run before it.

    A target that fails in a run without a report of its cases counts to the cluster of its failing cases in the newest
    run that knows them, if it failed there with the same signature and did not pass in between; unless a rule or a mass
    failure has it. Only this is found out later than it happened.
    """
    rows, families = _failing(prepared, index)
    lone = _lone(failures, set(rows.test_id[rows.run == index].tolist()))
    order, place = _by_appearance(rows.code)
    signatures = list(
        dict.fromkeys([*(rows.labels[code] for code in order.tolist()), *(one.signature for one in lone)])
    )
    texts = _texts(prepared, signatures[: len(order)])
    told = {failure.signature: _of_bundle(failure) for failure in lone}
    found = [parsed(texts[name]) if name in texts else told[name] for name in signatures]
    settings = prepared.settings.analysis.cluster
    rule = clusters.ClusterRule(
        ratio=settings.ratio, min_tests=settings.min_tests, min_occurrences=settings.min_occurrences
    )
    rules = [
        clusters.UserRule(name=one.name, pattern=compiled(one.pattern), owner=one.owner, issue=one.issue)
        for one in settings.rules
    ]
    walked = clusters.cluster(found, rules, rule)
    places = {name: number for number, name in enumerate(signatures)}
    signature = np.concatenate([place, np.array([places[item.signature] for item in lone], dtype=np.int64)])
    run = np.concatenate([rows.run, np.full(len(lone), index, dtype=np.int64)])
    alike = walked.number[signature]
    heads, number = _with_mass_failures(prepared, walked, run, alike, found, signature, rule)
    test_id = np.concatenate([rows.test_id, np.array([item.test.test_id for item in lone], dtype=np.int64)])
    case = test_id.copy()
    for target, cases in families.items():
        if number[target] == alike[target] and heads[number[target]].rule is None:
            number[target] = np.bincount(alike[cases]).argmax()  # the first one of equals
            case[target] = test_id[cases[alike[cases] == number[target]][0]]
    here = run == index
    return Clustered(
        heads=heads,
        run=run,
        test_id=test_id,
        signature=signature,
        number=number,
        alike=alike,
        case=case,
        signatures=tuple(signatures),
        current=dict(zip(test_id[here].tolist(), number[here].tolist(), strict=True)),
        told={item.test.test_id: item.test for item in lone},
    )


def title(head: clusters.Cluster) -> str:
    """Return what a cluster is called: by the user's rule, else by its representative's kind and message."""
    if head.rule:
        return head.rule.name
    said = head.representative.title
    return f"mass failure: {said}" if head.representative.frame == _MASS else said


def parsed(text: str) -> Fingerprint:
    """Return the fingerprint of its text, `kind | line | frame`."""
    kind, _, rest = text.partition(" | ")
    line, _, frame = rest.rpartition(" | ")
    return Fingerprint(kind=kind, line=line, frame=frame)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Failing outcomes in order: run, then test."""

    run: Numbers
    test_id: Numbers
    code: Numbers
    """Code of the signature, a place in `labels`."""
    labels: Sequence[str]

    def where(self, chosen: NDArray[np.bool_]) -> _Rows:
        return _Rows(run=self.run[chosen], test_id=self.test_id[chosen], code=self.code[chosen], labels=self.labels)


def _failing(prepared: Prepared, index: int) -> tuple[_Rows, dict[int, Numbers]]:
    """Return the failing outcomes of the repository's runs up to `index`, without targets left to their cases.

    And for the place of each target whose cases are known from another run, the places of these.
    """
    rows = visible(prepared, index)
    repository = prepared.runs[index].keys[0].repository
    own = np.array([run.keys[0].repository == repository for run in prepared.runs[: index + 1]], dtype=bool)
    bad = np.array([name in BAD for name in rows["status"].cat.categories], dtype=bool)
    places = np.flatnonzero(bad[rows["status"].cat.codes.to_numpy()])
    places = places[own[rows["run"].to_numpy()[places]]]
    found = _Rows(
        run=rows["run"].to_numpy()[places].astype(np.int64),
        test_id=rows["test_id"].to_numpy()[places],
        code=rows["signature"].cat.codes.to_numpy()[places].astype(np.int64),
        labels=rows["signature"].cat.categories.tolist(),
    )
    parent = _parents(prepared, found)
    left = np.zeros(len(places), dtype=bool)
    left[parent[parent != _NONE]] = True
    if not left.any():
        return found, {}
    passed = rows["status"].cat.codes.to_numpy() == rows["status"].cat.categories.tolist().index("passed")
    passed &= own[rows["run"].to_numpy()] & rows["test_id"].isin(found.test_id[left]).to_numpy()
    healthy = rows["test_id"].to_numpy()[passed], rows["run"].to_numpy()[passed].astype(np.int64)
    rank = np.cumsum(~left) - 1
    told = _told_elsewhere(found, left, *healthy)
    order = np.argsort(parent, kind="stable")
    ends = np.searchsorted(parent[order], [list(told.values()), [place + 1 for place in told.values()]])
    families = {
        int(rank[target]): rank[order[begin:end]] for target, begin, end in zip(told, *ends.tolist(), strict=True)
    }
    return found.where(~left), families


def _told_elsewhere(rows: _Rows, left: NDArray[np.bool_], passed: Numbers, when: Numbers) -> dict[int, int]:
    """Return for each failing target without its cases its newest failure with them that is the same.

    It has the same signature, and no run in between has a pass: `passed` are tests, `when` the runs.
    """
    tests = np.unique(rows.test_id[left])
    chosen = np.flatnonzero(np.isin(rows.test_id, tests))
    size = int(max(rows.run.max(), when.max(initial=0))) + 1
    test = np.searchsorted(tests, rows.test_id[chosen])
    passes = np.sort(np.searchsorted(tests, passed) * size + when)
    streak = np.searchsorted(passes, test * size + rows.run[chosen])
    _, group = np.unique(np.stack([test, rows.code[chosen], streak]), axis=1, return_inverse=True)
    group = group.reshape(-1)
    newest = np.full(len(chosen), _NONE, dtype=np.int64)
    np.maximum.at(newest, group[left[chosen]], chosen[left[chosen]])
    silent = ~left[chosen] & (newest[group] != _NONE)
    return dict(zip(chosen[silent].tolist(), newest[group[silent]].tolist(), strict=True))


def _parents(prepared: Prepared, rows: _Rows) -> Numbers:
    """Return for each failing case the place of the failing target of its run that it belongs to; see `families`."""
    parent = np.full(len(rows.run), _NONE, dtype=np.int64)
    tests, place = np.unique(rows.test_id, return_inverse=True)
    chosen = prepared.names.loc[tests]
    surface = chosen["surface"].to_numpy(dtype=object)
    suite, target, case = surface == "suite", np.isin(surface, ("suite", "unit")), surface == "case"
    if not target.any() or not case.any():
        return parent
    names = dict.fromkeys(chosen["name"].to_numpy(dtype=object)[target].tolist())
    known = {name: number for number, name in enumerate(names)}
    named = np.array([known.get(name, _NONE) for name in chosen["name"].tolist()], dtype=np.int64)
    inside = np.array([known.get(name, _NONE) for name in chosen["suite"].tolist()], dtype=np.int64)
    within = np.array([known.get(last_segment(name), _NONE) for name in chosen["classname"].tolist()], dtype=np.int64)
    # the last column is for those that belong to no target
    there = np.full((int(rows.run.max()) + 1, len(known) + 1), _NONE, dtype=np.int64)
    for of_target in (target[place], suite[place]):  # of a suite and a unit of one name the suite is taken
        there[rows.run[of_target], named[place][of_target]] = np.flatnonzero(of_target)
    cases = np.flatnonzero(case[place])
    by_suite, by_class = (there[rows.run[cases], column[place][cases]] for column in (inside, within))
    parent[cases] = np.where(by_suite != _NONE, by_suite, by_class)
    return parent


def _lone(failures: Iterable[Failure], known: set[int]) -> list[Failure]:
    """Return the failures that are not among the outcomes: a replay bundle is all that is left of them."""
    return [failure for failure in failures if not failure.children and failure.test.test_id not in known]


def _of_bundle(failure: Failure) -> Fingerprint:
    """Return the fingerprint of a target that only a replay bundle names, as its signature was made."""
    said = "" if failure.exit_code is None else f"exit code {failure.exit_code}"
    return fingerprint(
        failure.kind, failure.message or said, failure.trace, f"{failure.test.surface}:{failure.test.name}"
    )


def _by_appearance(code: Numbers) -> tuple[Numbers, Numbers]:
    """Return the distinct codes in order of first appearance, and for each code its place among them."""
    distinct, first, place = np.unique(code, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return distinct[order], rank[place]


def _texts(prepared: Prepared, signatures: Iterable[str]) -> dict[str, str]:
    """Return the fingerprints' texts by signature."""
    wanted = set(signatures)
    distinct = prepared.details.drop_duplicates("signature")
    pairs = zip(distinct["signature"].tolist(), distinct["fingerprint"].tolist(), strict=True)
    return {name: text for name, text in pairs if name in wanted}


def _with_mass_failures(
    prepared: Prepared,
    walked: clusters.Clusters,
    run: Numbers,
    alike: Numbers,
    found: Sequence[Fingerprint],
    signature: Numbers,
    rule: clusters.ClusterRule,
) -> tuple[tuple[clusters.Cluster, ...], Numbers]:
    """Return the clusters with those of mass failures, and for each failure the one it counts to."""
    number, named = alike.copy(), np.array([head.rule is not None for head in walked.clusters], dtype=bool)
    own, names = len(walked.clusters), list[Fingerprint]()
    opened: dict[tuple[_Series, int], int] = {}
    for outage, series, before in _outages(prepared, run):
        rows = np.arange(*np.searchsorted(run, [outage, outage + 1]))
        known = alike[slice(*np.searchsorted(run, [before, before + 1]))]
        loose = rows[~named[alike[rows]] & ~np.isin(alike[rows], known)]
        selection = prepared.runs[outage].state is RunState.PARTIAL  # of failures: no wonder that they fail
        if not len(loose) or (selection and (series, before) not in opened):
            continue
        if (series, before) not in opened:
            counts = np.bincount(alike[rows])
            wide = 2 * counts.max() > len(rows)
            opened[series, before] = int(counts.argmax()) if wide else own + len(names)
            names += [] if wide else [_most_frequent([found[place] for place in signature[loose].tolist()])]
        number[loose] = opened[series, before]
    extra = clusters.cluster(names, rule=rule)
    mass = number >= own
    number[mass] = own + extra.number[number[mass] - own]
    return (*walked.clusters, *extra.clusters), number


def _outages(prepared: Prepared, run: Numbers) -> Iterator[tuple[int, _Series, int]]:
    """Yield the runs in which nearly everything failed, their series, and its last run before that was none of these.

    That is -1 where there was none.
    """
    failing = set(run.tolist())
    healthy: dict[_Series, int] = {}
    for place, facts in enumerate(prepared.runs[: max(failing, default=_NONE) + 1]):
        series = series_key(facts)
        if not infrastructure(facts):
            said = facts.tally.executed and facts.state is not RunState.PARTIAL
            healthy |= {series: place} if said else {}
        elif place in failing:
            yield place, series, healthy.get(series, _NONE)


def _most_frequent(found: Sequence[Fingerprint]) -> Fingerprint:
    """Return the most frequent kind and message, the first one of equals, wherever it stands."""
    counts: dict[tuple[str, str], int] = {}
    for item in found:
        counts[item.kind, item.line] = counts.get((item.kind, item.line), 0) + 1
    kind, line = max(counts, key=lambda name: counts[name])
    return Fingerprint(kind=kind, line=line, frame=_MASS)
