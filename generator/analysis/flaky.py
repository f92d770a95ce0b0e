"""Flaky tests: confirmed by one commit that did both, suspected by its flips, or recovered (statistics, section 5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING, Final

import numpy as np

from generator.analysis.flake_costs import seconds_lost
from generator.analysis.flake_labels import BROKEN, FAIL, LABELS, PASS, FlakyRule, label_flakes
from generator.analysis.flake_worlds import window, worlds
from generator.analysis.observations import environment_of, in_days
from generator.analysis.quarantine import of_test, quarantined
from generator.analysis.rates import jeffreys_interval, jeffreys_rate
from generator.findings import FlakyNote
from generator.findings.flaky import CONFIRMED, RECOVERED, SUSPECTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from generator.analysis.flake_labels import FlakeLabels
    from generator.analysis.flake_worlds import World
    from generator.analysis.frames import Prepared
    from generator.config.analysis import FlakySettings
    from generator.findings import TestRef

_ORDER: Final = (CONFIRMED, SUSPECTED, RECOVERED)
_WORDS: Final = {"flaky": CONFIRMED, "suspected": SUSPECTED}
"""Labels of the rule that make a note."""

_WEEK: Final = 7.0
_MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """The labels of some tests in one environment; arrays of (commits, tests) or (tests,)."""

    world: World
    columns: NDArray[np.int64]
    """Places of the tests in the world."""
    found: FlakeLabels
    both: NDArray[np.bool_]
    """Commits on which it both passed and failed."""
    seen: NDArray[np.int64]
    first: NDArray[np.int8]
    rate: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    broken: NDArray[np.bool_]
    """It is broken on the default branch or on the branch of the run."""
    lost: NDArray[np.float64]
    """Seconds that a commit cost, were it a flake."""
    proof: NDArray[np.bool_]
    """Shape (runs, tests): runs that show both outcomes on one commit, and those in which a retry passed."""

    def label(self, place: int) -> str:
        """Return the word of a test, empty for one that is healthy or broken."""
        if self.broken[place]:
            return ""
        if self.found.recovered[place]:
            return RECOVERED
        return _WORDS.get(LABELS[int(self.found.label[place])], "")


_Series = tuple["NDArray[np.bool_]", "NDArray[np.bool_]"]
"""Commits on which the tests passed, and on which they failed."""

_Place = tuple[_Judged, int]
"""A test within an environment."""


def rule_of(settings: FlakySettings) -> FlakyRule:
    """Return the rule of the labels as the settings have it."""
    return FlakyRule(**settings.model_dump())


def find(prepared: Prepared, index: int) -> tuple[FlakyNote, ...]:
    """Return the tests that are flaky, may be, or were, as of run `index`: proof first, then the dearest, then by key.

    Proof is a pass and a failure on one commit in two runs of the same profile and system, or a retry that passed
    inside one run. Failures of a run in which more than 20 % of the executed tests failed are no evidence, unless the
    run was a selection of tests; runs that failed as a whole are none at all. Flips and streaks are those of the
    default branch. A test that is broken where the run is, on its branch or on the default one, is not flaky now.

    Each test stands once, by the environment that says most; only a note that is `confirmed` explains a failure.
    """
    rule = rule_of(prepared.settings.analysis.flaky)
    places = window(prepared, index, rule)
    now = float(in_days([prepared.runs[index]])[0])
    judged = [found for world in worlds(prepared, index, places, rule) if (found := _judge(prepared, world, now, rule))]
    chosen = _chosen(judged, environment_of(prepared.runs[index]))
    if not chosen:
        return ()
    tests = prepared.tests(chosen)
    known = quarantined(prepared.evidence(index), prepared.runs[index].started_at.astimezone(UTC).date())
    weeks = max(now - float(in_days([prepared.runs[places[0]]])[0]), _WEEK) / _WEEK
    context = _Context(prepared=prepared, quarantine=known, weeks=weeks)
    return tuple(sorted((_note(tests[test_id], found, context) for test_id, found in chosen.items()), key=_rank))


def _judge(prepared: Prepared, world: World, now: float, rule: FlakyRule) -> _Judged | None:
    """Return the labels of the tests that may have one; None where none may."""
    whole = replace(rule, window_commits=max(len(world.commits), 1))  # the window is that of all environments
    passed, failed = world.by_commit(world.passed), world.by_commit(world.failed | world.retried)
    first = world.first()
    often = (first == FAIL).sum(axis=0) >= rule.suspect_excursions
    columns = np.flatnonzero((passed & failed).any(axis=0) | (often & passed.any(axis=0)))
    if not columns.size:
        return None
    passed, failed, first = passed[:, columns], failed[:, columns], first[:, columns]
    both, seen = passed & failed, (passed | failed).sum(axis=0, dtype=np.int64)
    main = _series(world, columns, world.main)
    found = label_flakes(_counts(main[0] | both), _counts(main[1] | both), first, world.times, now, whole)
    hits = both.sum(axis=0, dtype=np.int64)
    bounds = jeffreys_interval(hits, seen)
    return _Judged(
        world=world,
        columns=columns,
        found=found,
        both=both,
        seen=seen,
        first=first,
        rate=jeffreys_rate(hits, seen),
        low=bounds.low,
        high=bounds.high,
        broken=_broken(main, world, now, whole) | _broken(_series(world, columns, world.own), world, now, whole),
        lost=seconds_lost(prepared, world, columns),
        proof=_proof(world, columns),
    )


def _series(world: World, columns: NDArray[np.int64], runs: NDArray[np.bool_]) -> _Series:
    """Return on which commits of these runs the tests passed and failed.

    A failure that is not trusted counts where it is all there is: no proof, but no clean commit either.
    """
    passed = world.by_commit(world.passed[:, columns], runs)
    failed = world.by_commit((world.failed | world.retried)[:, columns], runs)
    return passed, failed | (world.by_commit(world.unheard[:, columns], runs) & ~passed)


def _broken(series: _Series, world: World, now: float, rule: FlakyRule) -> NDArray[np.bool_]:
    passed, failed = series
    unknown = np.zeros(passed.shape, dtype=np.int8)
    found = label_flakes(_counts(passed), _counts(failed), unknown, world.times, now, rule)
    return np.asarray(found.label == BROKEN)


def _counts(happened: NDArray[np.bool_]) -> NDArray[np.int8]:
    return happened.astype(np.int8)


def _chosen(judged: Sequence[_Judged], environment: str) -> dict[int, tuple[_Place, ...]]:
    """Return for each test where it has a label, the environment that says most first.

    A test that is broken in the environment of the run has none.
    """
    found: dict[int, list[_Place]] = {}
    broken: set[int] = set()
    for each in judged:
        ids = each.world.test_ids[each.columns]
        if each.world.environment == environment:
            broken.update(ids[each.broken].tolist())
        for place, test_id in enumerate(ids.tolist()):
            if each.label(place):
                found.setdefault(test_id, []).append((each, place))
    return {
        test_id: tuple(sorted(places, key=lambda item: _weight(item, environment)))
        for test_id, places in found.items()
        if test_id not in broken
    }


def _weight(item: _Place, environment: str) -> tuple[int, bool, int, str]:
    found, place = item
    own = found.world.environment
    return (_ORDER.index(found.label(place)), own != environment, -int(found.both[:, place].sum()), own)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What all notes of a run need."""

    prepared: Prepared
    quarantine: Mapping[str, str]
    weeks: float
    """Length of the window, one week at least."""


def _note(test: TestRef, places: Sequence[_Place], context: _Context) -> FlakyNote:
    found, place = places[0]
    world, column, label = found.world, int(found.columns[place]), found.label(place)
    failed, passed, retried = world.failed[:, column], world.passed[:, column], world.retried[:, column]
    both, executed = np.flatnonzero(found.both[:, place]), int(found.found.executed[place])
    excursions, flip_rate = int(found.found.excursions[place]), float(found.found.flip_rate[place])
    rows, proof, share = both, found.proof[:, place], float(found.rate[place])
    if label == SUSPECTED:
        rows, share = _excursions(found.first[:, place]), excursions / executed
        proof = (failed | retried) & world.main & np.isin(world.commit, rows)
    runs = [context.prepared.runs[world.places[run]] for run in np.flatnonzero(proof).tolist()]
    ran = int((failed | passed | world.unheard[:, column]).sum())
    minutes = _minutes(found.lost[rows, place], share * ran / context.weeks)
    return FlakyNote(
        test=test,
        label=label,
        commits=tuple(dict.fromkeys(commit for row in both.tolist() if (commit := world.commits[row]))),
        runs=tuple(run.ref for run in runs),
        retries=int(retried.sum()),
        failing_runs=int(failed.sum()),
        executed_runs=int((failed | passed).sum()),
        environment=world.environment,
        rate=float(found.rate[place]),
        low=float(found.low[place]),
        high=float(found.high[place]),
        flake_commits=len(both),
        seen_commits=int(found.seen[place]),
        first_attempts=executed,
        flips=int(found.found.flips[place]),
        flip_rate=None if np.isnan(flip_rate) else flip_rate,
        excursions=excursions,
        minutes_a_week=None if label == RECOVERED else minutes,
        derates=bool(found.found.derates[place]),
        quarantine=of_test(test, context.quarantine),
        elsewhere=tuple(other.world.environment for other, _ in places[1:]),
    )


def _minutes(lost: NDArray[np.float64], flakes_a_week: float) -> float | None:
    """Return what the flakes of a test cost a week; None without a known duration."""
    known = lost[np.isfinite(lost)]
    return flakes_a_week * float(known.mean()) / _MINUTE if known.size else None


def _proof(world: World, columns: NDArray[np.int64]) -> NDArray[np.bool_]:
    failed, passed = world.failed[:, columns], world.passed[:, columns]
    both = world.by_commit(failed) & world.by_commit(passed)
    return (both[world.commit] & (failed | passed)) | world.retried[:, columns]


def _excursions(first: NDArray[np.int8]) -> NDArray[np.int64]:
    """Return the commits that failed alone between two that passed."""
    ran = np.flatnonzero(first)
    alone = (first[ran][:-2] == PASS) & (first[ran][1:-1] == FAIL) & (first[ran][2:] == PASS)
    return np.asarray(ran[1:-1][alone], dtype=np.int64)


def _rank(note: FlakyNote) -> tuple[int, bool, float, str, int]:
    minutes = note.minutes_a_week
    return (_ORDER.index(note.label), minutes is None, -(minutes or 0.0), note.test.key, note.test.test_id)
