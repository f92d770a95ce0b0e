"""Key figures of episodes: how long failures last, and how often they come back (statistics, sections 9 and 11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from generator.analysis.borrowed import with_targets
from generator.analysis.episodes import WITHDRAWN, EpisodeRule, find, spans
from generator.analysis.families import home
from generator.analysis.grid import ABSENT, executed_states, grid
from generator.analysis.kpi_parts import counted, order_statistics, sentences, settled, share
from generator.analysis.observations import doubtful, environment_of, usable
from generator.analysis.survival import SurvivalRule, kaplan_meier
from generator.findings import Kpi, KpiStatus

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from generator.analysis.borrowed import Told
    from generator.analysis.episodes import Episodes
    from generator.analysis.frames import Prepared
    from generator.findings import RunFacts

WINDOW_DAYS: Final = 30
RECURRENCE_DAYS: Final = 90
RETURN_DAYS: Final = 30
"""A failure that comes back within so many days has come back; before that nobody can say that it did not."""

MIN_CLOSED: Final = 10
MIN_DETECTED: Final = 5
RESTORE_TARGET: Final = 1_800.0
RECURRENCE_TARGET: Final = 0.05
_DAY: Final = 86_400.0
_RULE: Final = EpisodeRule()
_PASSED: Final = 1
_FAILED: Final = 2
_NO_HOME: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """The doubtful tests of one environment: their outcomes run by run, in run order."""

    states: NDArray[np.int8]
    """With what targets prove of their cases, and without the failures of targets that are those of cases."""
    signatures: NDArray[np.int64]
    """Shaped as the states: number of the fingerprint, -1 where there is none."""
    test_ids: NDArray[np.int64]
    flaky: NDArray[np.bool_]
    began: NDArray[np.float64]
    ended: NDArray[np.float64]
    """Seconds since 1970; none lies after the moment that is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spells:
    """Episodes of all environments, an element each."""

    test: NDArray[np.int64]
    """Number of the test and its environment."""
    signature: NDArray[np.int64]
    """Number of the fingerprint that it opened with, -1 where there is none."""
    flaky: NDArray[np.bool_]
    opened: NDArray[np.float64]
    closed: NDArray[np.float64]
    """NaN where it did not close."""


def build(prepared: Prepared, index: int, branch: str, flaky_ids: Collection[int]) -> tuple[Kpi, ...]:
    """Return time to restore, the longest possible time to detect, repeated failures and recurrences on a branch.

    Episodes are those of tests, environment by environment, over the latest `history_runs` usable runs, as of the end
    of run `index`. A pass ends one; three in a row do where the test is flaky. What broke once is counted once: a
    target fails by itself only where no case of it is known to fail, and a case without a report ends as its target
    proves.
    """
    now = _end(prepared.runs[index])
    places = usable(prepared, index, branch=branch)[-prepared.settings.analysis.history_runs :]
    worlds = _worlds(prepared, places, flaky_ids, now)
    found = [(world, find(world.states, world.ended, world.flaky, now=now, rule=_RULE)) for world in worlds]
    spells = _spells(found)
    reach = (now - _start(prepared.runs[places[0]])) / _DAY if places else 0.0
    return (
        _restore(worlds, [each for _, each in found], now),
        _detect(found, now),
        _repeated(spells, now, reach),
        _recurring(spells, now, reach),
    )


def _worlds(prepared: Prepared, places: list[int], flaky_ids: Collection[int], now: float) -> list[_World]:
    test_ids = doubtful(prepared, places)
    by_name: dict[str, list[int]] = {}
    for place in places:
        by_name.setdefault(environment_of(prepared.runs[place]), []).append(place)
    if not len(test_ids):
        return []
    lenient = np.isin(test_ids, np.fromiter(flaky_ids, dtype=np.int64))
    codes = prepared.outcomes["signature"].cat.codes.to_numpy()
    texts = prepared.outcomes["signature"].cat.categories
    nothing = texts.get_loc("") if "" in texts else -1
    homes = _homes(prepared, test_ids)
    lenient |= _only_cases(homes) & lenient[homes]
    worlds = []
    for name in sorted(by_name):
        table = grid(prepared, by_name[name], test_ids)
        numbers = codes[np.maximum(table.rows, 0)].astype(np.int64)
        signatures = np.where((table.rows == ABSENT) | (numbers == nothing), -1, numbers)
        own = executed_states(prepared, table)
        told = with_targets(prepared, table, own)
        runs = [prepared.runs[place] for place in by_name[name]]
        worlds.append(
            _World(
                states=_once(own, told, homes),
                signatures=_signed(signatures, own, told),
                test_ids=table.test_ids,
                flaky=lenient,
                began=np.array([_start(run) for run in runs], dtype=np.float64),
                ended=np.minimum(np.array([_end(run) for run in runs], dtype=np.float64), now),
            )
        )
    return worlds


def _homes(prepared: Prepared, test_ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each test the column of the target that it is a case of, -1 where that is none of these tests."""
    names = prepared.names
    surface = names["surface"].to_numpy()
    targets = {
        name: test_id
        for kind in ("unit", "suite")
        for name, test_id in zip(names["name"].to_numpy()[surface == kind], names.index[surface == kind], strict=True)
    }
    columns = {test_id: column for column, test_id in enumerate(test_ids.tolist())}
    rows = names.index.get_indexer(pd.Index(test_ids))
    suites, classes = (names[column].to_numpy()[rows] for column in ("suite", "classname"))
    found = np.full(len(test_ids), _NO_HOME, dtype=np.int64)
    for column in np.flatnonzero((surface[rows] == "case") & (rows >= 0)).tolist() if targets else ():
        name = home(targets, suites[column], classes[column])
        found[column] = columns.get(int(targets[name]), _NO_HOME) if name else _NO_HOME
    return found


def _only_cases(homes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which tests are the only ones of their targets that ever failed: flaky where the target is."""
    found, count = np.unique(homes[homes != _NO_HOME], return_counts=True)
    return np.isin(homes, found[count == 1])


def _once(own: NDArray[np.int8], told: Told, homes: NDArray[np.int64]) -> NDArray[np.int8]:
    """Return the states in which a failure is either that of a target or that of its cases.

    From one pass of a target to its next all its failures are left to its cases when any of them is reported as failing
    in that time. Only the cases that are can have failed where just the target tells: others would open episodes of
    which nobody knows.
    """
    result = told.states.copy()
    for target in np.unique(homes[homes != _NO_HOME]).tolist():
        stretch = np.cumsum(own[:, target] == _PASSED)
        failing = own[:, target] == _FAILED
        known = np.zeros(len(own), dtype=bool)
        for case in np.flatnonzero(homes == target).tolist():
            reported = np.isin(stretch, stretch[(own[:, case] == _FAILED) & (own[:, target] != _PASSED)])
            inferred = told.taken[:, case] & (told.states[:, case] == _FAILED)
            result[inferred & ~reported, case] = 0
            known |= reported
        result[failing & known, target] = 0
    return result


def _signed(signatures: NDArray[np.int64], own: NDArray[np.int8], told: Told) -> NDArray[np.int64]:
    """Return the fingerprints, where a target tells that a case failed with that of its nearest reported failure."""
    inferred = told.taken & (told.states == _FAILED)
    result = signatures.copy()
    for column in np.flatnonzero(inferred.any(axis=0)).tolist():
        lines, reported = np.flatnonzero(inferred[:, column]), np.flatnonzero(own[:, column] == _FAILED)[::-1]
        nearest = reported[np.abs(reported[None, :] - lines[:, None]).argmin(axis=1)]  # of two the later
        result[lines, column] = signatures[nearest, column]
    return result


def _spells(found: list[tuple[_World, Episodes]]) -> _Spells:
    columns = [
        (
            number * len(world.test_ids) + each.test,  # all environments have the same tests
            world.signatures[each.opened, each.test],
            world.flaky[each.test],
            each.opened_at,
            each.closed_at,
        )
        for number, (world, each) in enumerate(found)
    ]
    kinds = (np.int64, np.int64, np.bool_, np.float64, np.float64)
    if not columns:
        columns = [tuple(np.zeros(0, dtype=kind) for kind in kinds)]  # type: ignore[list-item]  # five arrays
    test, signature, flaky, opened, closed = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    return _Spells(test=test, signature=signature, flaky=flaky, opened=opened, closed=closed)


def _restore(worlds: list[_World], found: list[Episodes], now: float) -> Kpi:
    since = now - WINDOW_DAYS * _DAY
    pieces = [spans(each, now=now, since=since) for each in found]
    curve = kaplan_meier(
        np.concatenate([np.zeros(0), *(lasted for lasted, _ in pieces)]),
        np.concatenate([np.zeros(0, dtype=bool), *(still for _, still in pieces)]),
        rule=SurvivalRule(min_closed=MIN_CLOSED),
    )
    reached = curve.median is not None
    gone = sum(_withdrawn(world, each, since) for world, each in zip(worlds, found, strict=True))
    closed_mean = curve.mean_closed if curve.enough else None
    return settled(
        Kpi(
            kpi_id="mttr",
            title="Time to restore a failing test, median",
            status=KpiStatus.INSUFFICIENT_DATA,
            unit="s",
            n=curve.n_closed,
            of="closed episodes",
            min_n=MIN_CLOSED,
            window_days=WINDOW_DAYS,
            value=curve.median if reached else curve.last,
            low=curve.median_low,
            high=curve.median_high,
            at_least=not reached,
            target=RESTORE_TARGET,
            excluded=counted(("withdrawn episodes", gone), ("episodes of unknown length", curve.left_out)),
            previous=_restore_before(worlds, since),
            note=sentences(
                [
                    f"{curve.n_open} open {'one' if curve.n_open == 1 else 'ones'} counted as lasting still"
                    if curve.n_open
                    else "none is open",
                    f"mean of the closed ones {_hours(closed_mean)}" if closed_mean is not None else "",
                ]
            ),
        )
    )


def _restore_before(worlds: list[_World], then: float) -> float | None:
    """Return the time to restore as it was then, None where it was not known or not reached."""
    pieces = []
    for world in worlds:
        known = world.ended <= then
        if known.any():
            seen = find(world.states[known], world.ended[known], world.flaky, now=then, rule=_RULE)
            pieces.append(spans(seen, now=then, since=then - WINDOW_DAYS * _DAY))
    if not pieces:
        return None
    curve = kaplan_meier(*(np.concatenate(column) for column in zip(*pieces, strict=True)))
    return round(curve.median, 8) if curve.n_closed >= MIN_CLOSED and curve.median is not None else None


def _withdrawn(world: _World, found: Episodes, since: float) -> int:
    """Return how many episodes were withdrawn in the window: those of before are no longer of interest."""
    ended = world.ended[found.seen] + _RULE.withdrawn_days * _DAY
    return int(((found.state == WITHDRAWN) & (ended >= since)).sum())


def _detect(found: list[tuple[_World, Episodes]], now: float) -> Kpi:
    """Return how late a failure can have been seen: it began after the commit of the last run that passed.

    When the commit was made is not known; the start of that run is the earliest that it can have come in.
    """
    since = now - WINDOW_DAYS * _DAY
    gaps, before, without = [], [], 0
    for world, each in found:
        number = np.arange(len(world.states))[:, None]
        for start in (since, since - WINDOW_DAYS * _DAY):
            chosen = (each.opened_at > start) & (each.opened_at <= start + WINDOW_DAYS * _DAY)
            opened, test = each.opened[chosen], each.test[chosen]
            good = np.where((world.states[:, test] == _PASSED) & (number < opened), number, -1).max(axis=0, initial=-1)
            seen = good >= 0
            lasted = (world.ended[opened] - world.began[np.maximum(good, 0)])[seen].tolist()
            if start == since:
                gaps += lasted
                without += int((~seen).sum())
            else:
                before += lasted
    low, high = order_statistics(gaps, 0.5)
    return settled(
        Kpi(
            kpi_id="mttd_upper",
            title="Time to detect a failure at most, median",
            status=KpiStatus.INSUFFICIENT_DATA,
            unit="s",
            n=len(gaps),
            of="episodes",
            min_n=MIN_DETECTED,
            window_days=WINDOW_DAYS,
            value=float(np.median(gaps)) if gaps else None,
            low=low,
            high=high,
            excluded=counted(("episodes without an earlier pass", without)),
            previous=round(float(np.median(before)), 8) if len(before) >= MIN_DETECTED else None,
            note="from the start of the last good run to the end of the first failing one; "
            "when commits were made is not known",
        )
    )


def _repeated(spells: _Spells, now: float, reach: float) -> Kpi:
    over = ~np.isnan(spells.closed)
    again = np.zeros(len(spells.opened), dtype=bool)
    for key in (spells.test, spells.signature):
        past = _among(
            key[over], spells.closed[over], key, spells.opened - RETURN_DAYS * _DAY, spells.opened, side="left"
        )
        again |= past & (key >= 0)
    since = now - WINDOW_DAYS * _DAY
    recent = (spells.opened > since) & (spells.opened <= now)
    steady = recent & ~spells.flaky
    earlier = (spells.opened > since - WINDOW_DAYS * _DAY) & (spells.opened <= since) & ~spells.flaky
    kpi = Kpi(
        kpi_id="repeat_failure_rate",
        title="Repeated failures",
        status=KpiStatus.INSUFFICIENT_DATA,
        unit="share",
        n=0,
        of="opened episodes",
        min_n=MIN_CLOSED,
        window_days=WINDOW_DAYS,
        excluded=counted(("episodes of flaky tests", int((recent & spells.flaky).sum()))),
        note=sentences(
            ["the test, or its fingerprint, had an episode that closed in the 30 days before", _short(reach, 60)]
        ),
    )
    return share(kpi, _hits(again, steady), _hits(again, earlier))


def _recurring(spells: _Spells, now: float, reach: float) -> Kpi:
    scope = spells.test * (spells.signature.max(initial=-1) + 2) + spells.signature + 1
    closed = np.where(np.isnan(spells.closed), -np.inf, spells.closed)
    until, since = now - RETURN_DAYS * _DAY, now - RECURRENCE_DAYS * _DAY
    recent = closed > since
    old = recent & ~spells.flaky & (closed <= until)
    back = np.zeros(len(old), dtype=bool)
    back[old] = _among(scope, spells.opened, scope[old], closed[old], closed[old] + RETURN_DAYS * _DAY, side="right")
    kpi = Kpi(
        kpi_id="recurrence_rate",
        title="Recurrence of mended failures",
        status=KpiStatus.INSUFFICIENT_DATA,
        unit="share",
        n=0,
        of="episodes closed 30 days ago or earlier",
        min_n=MIN_CLOSED,
        window_days=RECURRENCE_DAYS,
        target=RECURRENCE_TARGET,
        excluded=counted(
            ("episodes closed in the last 30 days", int((recent & ~spells.flaky & (closed > until)).sum())),
            ("episodes of flaky tests", int((recent & spells.flaky).sum())),
        ),
        note=sentences(
            ["the same test failed with the same fingerprint within 30 days", _short(reach, RECURRENCE_DAYS)]
        ),
    )
    return share(kpi, _hits(back, old))


def _among(
    keys: NDArray[np.int64],
    times: NDArray[np.float64],
    asked: NDArray[np.int64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    *,
    side: Literal["left", "right"],
) -> NDArray[np.bool_]:
    """Return whether the key asked for has a time from `low` to `high`: of the two, only that on this `side` counts."""
    everything = np.concatenate([times, low, high])
    first = everything.min(initial=np.inf)
    span = everything.max(initial=-np.inf) - first + 1  # no two keys share a stretch of the line
    line = np.sort(keys * span + (times - first))
    ends = (np.searchsorted(line, asked * span + (edge - first), side=side) for edge in (low, high))
    before, until = ends
    found: NDArray[np.bool_] = until > before
    return found


def _hits(hit: NDArray[np.bool_], chosen: NDArray[np.bool_]) -> tuple[int, int]:
    return int((hit & chosen).sum()), int(chosen.sum())


def _short(reach: float, needed: int) -> str:
    """Return that the history does not reach far enough back, "" where it does."""
    return f"the runs that were read reach back {reach:.0f} of {needed} days" if reach < needed else ""


def _hours(seconds: float) -> str:
    if 0 < seconds < 60:
        return "under 1 min"
    return f"{seconds / 3_600:.1f} h" if seconds >= 3_600 else f"{seconds / 60:.0f} min"


def _start(run: RunFacts) -> float:
    return run.started_at.timestamp()


def _end(run: RunFacts) -> float:
    return (run.finished_at or run.started_at).timestamp()
