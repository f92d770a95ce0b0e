"""Series on the default branch up to a run: days and the week's change (statistics, sections 1, 2 and 16)."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, timedelta
from statistics import median
from typing import TYPE_CHECKING, Final

import pandas as pd

from generator.analysis import suite_trends
from generator.analysis.frames import BAD, COMPARABLE
from generator.findings import DayPoint, RunState, Tally, Trends

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from generator.analysis.frames import Prepared
    from generator.findings import RunFacts

INFRASTRUCTURE_EXECUTED: Final = 20
"""Fewest executed results from which the share of failures says something about the machine."""

WEEK: Final = 7
"""Days that are compared with as many days before them."""

WEEK_EXECUTED: Final = 20
"""Fewest executed results of each of the two weeks."""

PROFILE_RUNS: Final = 2
"""Fewest runs of the run's own profile that make a series of their own."""

_SHOWN: Final = COMPARABLE | {RunState.ABORTED, RunState.KILLED}
"""States of the runs that a day counts; what was aborted or killed counts as failed and adds no results."""


def build(prepared: Prepared, index: int) -> Trends:
    """Return the trends of the default branch, or of the run's own branch while the default one has no runs.

    Rates count the complete runs only: what an incomplete one did not run might have failed. They count test cases when
    every one of these runs in the window has them, else targets; never both. Runs of one commit and profile on one day
    count once: a test that passed in any of them passed. Another profile is another selection: rates and durations are
    those of the run's own profile when at least 2 runs of the window have it. Days without runs are absent.
    """
    branch = branch_of(prepared, index)
    places = _on_branch(prepared, index, branch)
    until = _day(prepared.runs[index])
    length = prepared.settings.analysis.trend_days
    window = [place for place in places if until - _day(prepared.runs[place]) < _long(length)]
    chosen = _of_profile(prepared, window, prepared.runs[index].profile)
    rated = [place for place in chosen if _rated(prepared.runs[place])]
    cases = all(prepared.runs[place].cases.executed for place in rated)
    points = _days(prepared, window, frozenset(chosen), cases=cases)
    now, before = weeks(points, until)
    compared = min(now.executed, before.executed) >= WEEK_EXECUTED
    return Trends(
        branch=branch,
        days=tuple(point for point in points if until - point.day < timedelta(days=length)),
        suites=suite_trends.build(prepared, [place for place in places if usable_run(prepared.runs[place])]),
        change_points=change(now, before),
        counted=("test cases" if cases else "targets") if rated else "",
        recent_rate=_rate(now),
        earlier_rate=_rate(before),
        fell_most=_fell_most(prepared, rated, until, cases=cases) if compared else "",
    )


def branch_of(prepared: Prepared, index: int) -> str:
    """Return the default branch if a comparable run of it is known by then, else the run's own branch."""
    default, run = prepared.settings.project.default_branch, prepared.runs[index]
    known = any(prepared.runs[place].state in COMPARABLE for place in _on_branch(prepared, index, default))
    return default if known else run.branch


def infrastructure(run: RunFacts) -> bool:
    """Whether so much failed that the machine is to blame: 20 or more executed, more than 80 % of them failing."""
    tally = run.cases if run.cases.executed else run.targets
    return tally.executed >= INFRASTRUCTURE_EXECUTED and 10 * tally.bad > 8 * tally.executed


def usable_run(run: RunFacts) -> bool:
    """Whether the results of a run belong into a series."""
    return run.state in COMPARABLE and not infrastructure(run)


def weeks(points: Iterable[DayPoint], until: date) -> tuple[Tally, Tally]:
    """Return the results of the last 7 days and of the 7 days before."""
    found = [Tally(), Tally()]
    for point in points:
        age = (until - point.day).days // WEEK
        if 0 <= age < len(found):
            found[age] += point.tally
    return found[0], found[1]


def change(now: Tally, before: Tally) -> float | None:
    """Return the pass rate of one week minus that of the week before, in percentage points.

    None unless both weeks have 20 executed results.
    """
    if min(now.executed, before.executed) < WEEK_EXECUTED:
        return None
    return round(100 * (now.passed / now.executed - before.passed / before.executed), 6)


def _rate(week: Tally) -> float | None:
    """Return the pass rate of a week, None below 20 executed results."""
    return round(week.passed / week.executed, 8) if week.executed >= WEEK_EXECUTED else None


def _fell_most(prepared: Prepared, places: Iterable[int], until: date, *, cases: bool) -> str:
    """Return the suite whose failures a run rose most from the week before to the last one, "" when none rose."""
    by_week: dict[int, list[int]] = defaultdict(list)
    for place in places:
        by_week[(until - _day(prepared.runs[place])).days // WEEK].append(place)
    rise: dict[str, float] = defaultdict(float)
    for week, sign in ((0, 1), (1, -1)):
        rows = [prepared.rows(place) for place in by_week[week]]
        failed = [test_id for run in rows for test_id in run.loc[run["status"].isin(BAD), "test_id"].tolist()]
        tests = prepared.tests(failed)
        for ref in (tests[test_id] for test_id in failed):
            if (ref.surface == "case") == cases:
                rise[ref.suite if cases else ref.name] += sign / len(rows)
    worst = min(rise, key=lambda suite: (-round(rise[suite], 9), suite), default="")
    return worst if worst and round(rise[worst], 9) > 0 else ""


def _of_profile(prepared: Prepared, places: Sequence[int], profile: str) -> list[int]:
    """Return the runs with this profile if at least 2 complete or incomplete ones have it, else all."""
    own = [place for place in places if prepared.runs[place].profile == profile]
    known = sum(prepared.runs[place].state in COMPARABLE for place in own)
    return own if known >= PROFILE_RUNS else list(places)


def _rated(run: RunFacts) -> bool:
    """Whether the results of a run belong into a rate."""
    return run.state is RunState.COMPLETE and not infrastructure(run)


def _days(prepared: Prepared, places: Sequence[int], chosen: Container[int], *, cases: bool) -> list[DayPoint]:
    """Return one point for each day that has runs, oldest first; only `chosen` runs have rates and durations."""
    by_day: dict[date, list[int]] = defaultdict(list)
    for place in places:
        if prepared.runs[place].state in _SHOWN:
            by_day[_day(prepared.runs[place])].append(place)
    return [_point(prepared, day, found, chosen, cases=cases) for day, found in sorted(by_day.items())]


def _point(prepared: Prepared, day: date, places: Sequence[int], chosen: Container[int], *, cases: bool) -> DayPoint:
    runs = [prepared.runs[place] for place in places]
    rated = [place for place in places if place in chosen and _rated(prepared.runs[place])]
    whole = [place for place in places if place in chosen and prepared.runs[place].state is RunState.COMPLETE]
    durations = [seconds for place in rated or whole if (seconds := prepared.runs[place].duration_s) is not None]
    return DayPoint(
        day=day,
        runs=len(runs),
        failed_runs=sum(_failed(run) for run in runs),
        tally=_tally(prepared, rated, cases=cases),
        duration_s=round(median(durations), 6) if durations else None,
        incomplete_runs=sum(run.state is RunState.INCOMPLETE for run in runs),
    )


def _failed(run: RunFacts) -> bool:
    return run.state not in COMPARABLE or run.tally.bad > 0 or bool(run.phases_failed)


def _tally(prepared: Prepared, places: Iterable[int], *, cases: bool) -> Tally:
    """Add up the results of a day's runs, those of one commit and profile as one observation each."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place in places:
        run = prepared.runs[place]
        groups[run.commit or run.label, run.profile].append(place)
    total = Tally()
    for group in groups.values():
        first = prepared.runs[group[0]]
        total += (first.cases if cases else first.targets) if len(group) == 1 else _merged(prepared, group, cases=cases)
    return total


def _merged(prepared: Prepared, places: Iterable[int], *, cases: bool) -> Tally:
    """Tally the tests of several runs of one commit: passed if any passed, and flaky if any failed as well."""
    rows = pd.concat([prepared.rows(place) for place in places])
    surface = prepared.names["surface"].reindex(rows["test_id"]).to_numpy()
    rows = rows[(surface == "case") == cases]
    status = rows["status"]
    seen = pd.DataFrame(
        {
            "passed": status == "passed",
            "bad": status.isin(BAD) | rows["flaky"],
            "error": status == "error",
            "skipped": status == "skipped",
        }
    )
    found = seen.groupby(rows["test_id"]).any()
    passed, bad = found["passed"], found["bad"]
    failed = bad & ~passed
    idle = ~passed & ~bad
    return Tally(
        passed=int(passed.sum()),
        failed=int((failed & ~found["error"]).sum()),
        errors=int((failed & found["error"]).sum()),
        skipped=int((idle & found["skipped"]).sum()),
        not_run=int((idle & ~found["skipped"]).sum()),
        flaky=int((passed & bad).sum()),
    )


def _on_branch(prepared: Prepared, index: int, branch: str) -> list[int]:
    """Return the positions of the latest runs of the run's repository on a branch, ascending."""
    repository = prepared.runs[index].keys[0].repository
    found = [
        place
        for place, run in enumerate(prepared.runs[: index + 1])
        if run.branch == branch and run.keys[0].repository == repository
    ]
    return found[-prepared.settings.analysis.history_runs :]


def _day(run: RunFacts) -> date:
    return run.started_at.astimezone(UTC).date()


def _long(days: int) -> timedelta:
    return timedelta(days=max(days, 2 * WEEK))
