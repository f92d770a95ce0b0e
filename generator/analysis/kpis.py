"""Key figures as of a run, each with what it rests on (statistics, sections 1, 9 and 11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from generator.analysis import kpi_episodes, kpi_runs, trends
from generator.analysis.flake_worlds import window
from generator.analysis.flaky import rule_of
from generator.analysis.frames import EXECUTED
from generator.analysis.kpi_parts import counted, sentences, settled, share
from generator.analysis.observations import usable
from generator.analysis.rates import fisher_right, wilson
from generator.analysis.slopes import MIN_POINTS, theil_sen
from generator.findings import Kpi, KpiStatus, RunState, Tally

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from numpy.typing import NDArray

    from generator.analysis.frames import Prepared
    from generator.findings import Trends

MIN_TESTS: Final = 20
"""Fewest tests of a flake rate."""

_SURE: Final = 0.05
"""A rise of the failure rate that is less probable than this by chance is a warning."""

_CUT_SHORT: Final = frozenset({RunState.ABORTED, RunState.KILLED})


def build(prepared: Prepared, index: int, flaky_ids: Collection[int], found: Trends | None = None) -> tuple[Kpi, ...]:
    """Return the key figures of the default branch as of run `index`, in reading order; one says if it is of all.

    `flaky_ids` are the tests that are confirmed flaky; `found` are the run's trends where they are known already: rates
    are taken from the same days. Figures that only an issue tracker or a pager knows are not among them.
    """
    series = found if found and _long_enough(prepared) else _trends(prepared, index)
    branch = series.branch
    places = _on_branch(prepared, index, branch)
    weeks = _weeks(prepared, index, series)
    left_out = _left_out(prepared, index, places)
    return (
        _pass_rate(weeks, series.counted, left_out),
        _failure_rate_change(weeks, series.counted, left_out),
        _flake_rate(prepared, index, flaky_ids, series.counted),
        kpi_runs.success(prepared, index, places),
        *kpi_runs.durations(prepared, index, places),
        *kpi_episodes.build(prepared, index, branch, flaky_ids),
    )


def _long_enough(prepared: Prepared) -> bool:
    return prepared.settings.analysis.trend_days >= 2 * trends.WEEK


def _trends(prepared: Prepared, index: int) -> Trends:
    """Return the trends over at least the two weeks that are compared."""
    if not _long_enough(prepared):
        analysis = prepared.settings.analysis.model_copy(update={"trend_days": 2 * trends.WEEK})
        settings = prepared.settings.model_copy(update={"analysis": analysis})
        return trends.build(replace(prepared, settings=settings), index)
    return trends.build(prepared, index)


def _on_branch(prepared: Prepared, index: int, branch: str) -> list[int]:
    repository = prepared.runs[index].keys[0].repository
    return [
        place
        for place, run in enumerate(prepared.runs[: index + 1])
        if run.branch == branch and run.keys[0].repository == repository
    ]


def _weeks(prepared: Prepared, index: int, series: Trends) -> list[Tally]:
    """Return the results of the weeks of the trend's days, the last one first; the oldest may be a part of a week."""
    until = prepared.runs[index].started_at.astimezone(UTC).date()
    oldest = max(((until - point.day).days // trends.WEEK for point in series.days), default=0)
    found = [Tally() for _ in range(max(oldest + 1, 3))]
    for point in series.days:
        found[(until - point.day).days // trends.WEEK] += point.tally
    return found


def _left_out(prepared: Prepared, index: int, places: list[int]) -> tuple[tuple[str, int], ...]:
    """Return which runs of the last 7 days add nothing to the rates."""
    until = prepared.runs[index].started_at.astimezone(UTC).date()
    recent = [run for run in (prepared.runs[place] for place in places) if _age(run.started_at, until) < trends.WEEK]
    mass = [run for run in recent if run.state is RunState.COMPLETE and trends.infrastructure(run)]
    return counted(
        ("incomplete runs", sum(run.state is RunState.INCOMPLETE for run in recent)),
        ("aborted or killed runs", sum(run.state in _CUT_SHORT for run in recent)),
        ("runs in which over 80% failed", len(mass)),
    )


def _age(at: datetime, until: date) -> int:
    return (until - at.astimezone(UTC).date()).days


def _pass_rate(weeks: list[Tally], what: str, left_out: tuple[tuple[str, int], ...]) -> Kpi:
    kpi = Kpi(
        kpi_id="pass_rate",
        title=f"Pass rate of {what}" if what else "Pass rate",
        status=KpiStatus.INSUFFICIENT_DATA,
        unit="share",
        n=0,
        of=what or "results",
        min_n=trends.WEEK_EXECUTED,
        window_days=trends.WEEK,
        excluded=left_out,
    )
    now, before = weeks[0], weeks[1]
    return share(kpi, (now.passed, now.executed), (before.passed, before.executed))


def _failure_rate_change(weeks: list[Tally], what: str, left_out: tuple[tuple[str, int], ...]) -> Kpi:
    now, before, earlier = weeks[:3]
    slope = _slope(weeks)
    kpi = Kpi(
        kpi_id="failure_rate_change",
        title=f"Change of the failure rate{f' of {what}' if what else ''}, week on week",
        status=KpiStatus.INSUFFICIENT_DATA,
        unit="points",
        n=min(now.executed, before.executed),
        of=f"{what or 'results'} in the smaller week",
        min_n=trends.WEEK_EXECUTED,
        window_days=trends.WEEK,
        excluded=left_out,
        previous=_points(before, earlier),
        note=slope,
    )
    points = _points(now, before)
    if points is None:
        return settled(kpi)
    low, high = _interval(now, before)
    p = _fisher(now, before)
    made = settled(replace(kpi, value=points, low=low, high=high, note=sentences([_moved(now, before, p), slope])))
    return replace(made, status=KpiStatus.WARN) if points > 0 and p <= _SURE else made


def _points(now: Tally, before: Tally) -> float | None:
    """Return by how many percentage points the failure rate rose, None without enough results."""
    if min(now.executed, before.executed) < trends.WEEK_EXECUTED:
        return None
    return round(100 * (now.bad / now.executed - before.bad / before.executed), 6)


def _interval(now: Tally, before: Tally) -> tuple[float, float]:
    """Return the 95 % interval of the difference of two rates, in points, from their Wilson intervals (Newcombe)."""
    rates = now.bad / now.executed, before.bad / before.executed
    each = wilson([now.bad, before.bad], [now.executed, before.executed])
    below = np.hypot(rates[0] - each.low[0], each.high[1] - rates[1])
    above = np.hypot(each.high[0] - rates[0], rates[1] - each.low[1])
    difference = rates[0] - rates[1]
    return float(100 * (difference - below)), float(100 * (difference + above))


def _fisher(now: Tally, before: Tally) -> float:
    """Return Fisher's p that the rates differ, twice the smaller tail."""
    tails = (
        fisher_right(before.bad, before.executed, now.bad, now.executed),
        fisher_right(now.bad, now.executed, before.bad, before.executed),
    )
    return min(1.0, 2 * min(float(tail) for tail in tails))


def _moved(now: Tally, before: Tally, p: float) -> str:
    """Return `from 3.50% to 3.10%, a fall of 11%, which is good; p = 0.42`; from zero there is no per cent.

    What is not zero is never said to be.
    """
    old, new = before.bad / before.executed, now.bad / now.executed
    if new == old:
        return f"{_percent(new)} in both weeks"
    way = "fall" if new < old else "rise"
    by = f", a {way} of {_whole(abs(100 * (new - old) / old))}" if old else f", a {way}"
    good = ", which is good" if new < old else ""
    return f"from {_percent(old)} to {_percent(new)}{by}{good}; {_p(p)} (Fisher)"


def _percent(rate: float) -> str:
    return "under 0.01%" if 0 < rate < 0.00005 else "over 99.99%" if 0.99995 <= rate < 1 else f"{100 * rate:.2f}%"


def _whole(percent: float) -> str:
    return "under 1%" if 0 < percent < 0.5 else f"{percent:.0f}%"


def _slope(weeks: list[Tally]) -> str:
    """Return how the rates of the weeks develop: `falls by 0.40 points a week over 5 weeks, p = 0.03`."""
    known = [
        (-age, 100 * week.bad / week.executed)
        for age, week in enumerate(weeks)
        if week.executed >= trends.WEEK_EXECUTED
    ]
    if len(known) < MIN_POINTS:
        seen = f"{len(known)} {'week' if len(known) == 1 else 'weeks'} with results, needs {MIN_POINTS}"
        return f"not enough data for a trend ({seen})"
    found = theil_sen(*zip(*known, strict=True))
    if found is None or not round(found.slope, 2):
        return f"no trend over {len(known)} weeks" + (f", {_p(found.p)}" if found else "")
    way = "falls" if found.slope < 0 else "rises"
    return f"{way} by {abs(found.slope):.2f} points a week over {found.points} weeks, {_p(found.p)} (Kendall)"


def _p(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {p:.2g}" if p < 0.1 else f"p = {p:.2f}"


def _flake_rate(prepared: Prepared, index: int, flaky_ids: Collection[int], what: str) -> Kpi:
    """Return which share of the tests executed in the window of the proofs is confirmed flaky, on any branch."""
    rule = rule_of(prepared.settings.analysis.flaky)
    looked_at = set(window(prepared, index, rule))
    tests = _executed(prepared, [place for place in usable(prepared, index, branch=None) if place in looked_at], what)
    flaky = np.isin(np.fromiter(flaky_ids, dtype=np.int64), tests)
    kpi = Kpi(
        kpi_id="flake_rate",
        title=f"Flaky {what or 'tests'}, all branches",
        status=KpiStatus.INSUFFICIENT_DATA,
        unit="share",
        n=0,
        of=what or "tests",
        min_n=MIN_TESTS,
        window_days=round(rule.window_days),
        window=f"{rule.window_days:g} days or {rule.window_commits} commits, whichever is longer",
        excluded=counted(("flaky tests that did not run, or are counted otherwise", int((~flaky).sum()))),
        note="confirmed flaky: passed and failed on one commit, or passed when tried again, within this window",
    )
    return share(kpi, (int(flaky.sum()), len(tests)))


def _executed(prepared: Prepared, places: list[int], what: str) -> NDArray[np.int64]:
    """Return the tests that ran in these runs: cases only, or targets only, where the trends count so."""
    if not places:
        return np.zeros(0, dtype=np.int64)
    rows = prepared.outcomes.iloc[int(prepared.starts[places[0]]) : int(prepared.starts[places[-1] + 1])]
    ran = np.array([name in EXECUTED for name in rows["status"].cat.categories], dtype=bool)
    chosen = np.zeros(len(prepared.runs), dtype=bool)
    chosen[places] = True
    hit = ran[rows["status"].cat.codes.to_numpy()] & chosen[rows["run"].to_numpy()]
    tests = np.asarray(pd.unique(rows["test_id"].to_numpy()[hit]), dtype=np.int64)
    mixed = {bool(prepared.runs[place].targets.executed) for place in places} | {
        not prepared.runs[place].cases.executed for place in places
    }
    if not what or mixed == {False}:
        return tests
    surface = prepared.names["surface"].reindex(tests).to_numpy()
    kept: NDArray[np.int64] = tests[(surface == "case") == (what == "test cases")]
    return kept
