"""Key figures of whole runs: how many succeed, and how long they take (statistics, sections 1 and 11)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from generator.analysis.kpi_parts import counted, order_statistics, settled, share
from generator.analysis.trends import infrastructure
from generator.findings import Kpi, KpiStatus, RunState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.analysis.frames import Prepared
    from generator.findings import RunFacts

WINDOW_DAYS: Final = 30
MIN_RUNS: Final = 20
SUCCESS_TARGET: Final = 0.95
_FAILED_STATES: Final = frozenset({RunState.ABORTED, RunState.KILLED})
"""They did not get to their end: timed out, or could not start."""


def success(prepared: Prepared, index: int, places: Sequence[int]) -> Kpi:
    """Return which share of the runs of the run's workflow, among these of one branch, were complete and green.

    Failed, aborted and killed ones are the others. A run that is not whole and shows no failure proves neither, and
    what only repeats failures, or has no result of a test, is not judged. Of the attempts of one run the last counts.
    """
    head = prepared.runs[index]
    own = [prepared.runs[place] for place in places if prepared.runs[place].workflow == head.workflow]
    now, before = _window(own, head, 0), _window(own, head, 1)
    final = _final(now)
    unsure = sum(run.state is RunState.INCOMPLETE and not _failed(run) for run in now)
    others = len(now) - sum(_verdict(run) is not None for run in now) - unsure
    kpi = Kpi(
        kpi_id="workflow_success_rate",
        title="Workflow success rate",
        status=KpiStatus.INSUFFICIENT_DATA,
        unit="share",
        n=0,
        of="runs",
        min_n=MIN_RUNS,
        window_days=WINDOW_DAYS,
        target=SUCCESS_TARGET,
        target_is_most=False,
        excluded=counted(
            ("earlier attempts of a run", sum(_verdict(run) is not None for run in now) - len(final)),
            ("incomplete runs without a failure", unsure),
            ("runs that are no whole test run", others),
        ),
        note=f"workflow {head.workflow}" if head.workflow else "",
    )
    return share(kpi, (sum(final), len(final)), (sum(_final(before)), len(_final(before))))


def durations(prepared: Prepared, index: int, places: Sequence[int]) -> tuple[Kpi, Kpi]:
    """Return median and 95th percentile of the durations of the complete runs among these.

    Only runs of the run's workflow and profile are comparable; a run whose machine failed is none. The intervals are
    those of order statistics.
    """
    head = prepared.runs[index]
    own = [
        run
        for run in (prepared.runs[place] for place in places)
        if (run.workflow, run.profile) == (head.workflow, head.profile) and run.state is RunState.COMPLETE
    ]
    now, before = _window(own, head, 0), _window(own, head, 1)
    whole = [run for run in now if not infrastructure(run)]
    seconds, earlier = _seconds(whole), _seconds(run for run in before if not infrastructure(run))
    left_out = counted(
        ("runs without a duration", len(whole) - len(seconds)),
        ("runs in which over 80% failed", len(now) - len(whole)),
    )
    note = f"profile {head.profile}" if head.profile else ""
    return (
        _quantile("duration_p50", "Duration of complete runs, median", 0.5, seconds, earlier, left_out, note),
        _quantile("duration_p95", "Duration of complete runs, 95th percentile", 0.95, seconds, earlier, left_out, note),
    )


def _quantile(
    kpi_id: str,
    title: str,
    at: float,
    seconds: list[float],
    earlier: list[float],
    excluded: tuple[tuple[str, int], ...],
    note: str,
) -> Kpi:
    low, high = order_statistics(seconds, at)
    return settled(
        Kpi(
            kpi_id=kpi_id,
            title=title,
            status=KpiStatus.INSUFFICIENT_DATA,
            unit="s",
            n=len(seconds),
            of="runs",
            min_n=MIN_RUNS,
            window_days=WINDOW_DAYS,
            value=float(np.quantile(seconds, at)) if seconds else None,
            low=low,
            high=high,
            excluded=excluded,
            previous=round(float(np.quantile(earlier, at)), 8) if len(earlier) >= MIN_RUNS else None,
            note=note,
        )
    )


def _seconds(runs: Iterable[RunFacts]) -> list[float]:
    return [run.duration_s for run in runs if run.duration_s is not None]


def _window(runs: Iterable[RunFacts], head: RunFacts, back: int) -> list[RunFacts]:
    """Return the runs of the 30 days up to the run, or of the 30 days before these."""
    until = head.started_at - timedelta(days=back * WINDOW_DAYS)
    since = until - timedelta(days=WINDOW_DAYS)
    return [run for run in runs if since < run.started_at <= until]


def _final(runs: Iterable[RunFacts]) -> list[bool]:
    """Return for each run whether its last judged attempt was green."""
    last: dict[str, tuple[int, bool]] = {}
    for run in runs:
        green = _verdict(run)
        if green is not None and last.get(run.run_id, (-1, True))[0] <= run.attempt:
            last[run.run_id] = (run.attempt, green)
    return [green for _, green in last.values()]


def _verdict(run: RunFacts) -> bool | None:
    """Return whether a run was green; None where its evidence cannot tell."""
    if run.state in _FAILED_STATES:
        return False
    if run.state is RunState.COMPLETE:
        return not _failed(run)
    return False if run.state is RunState.INCOMPLETE and _failed(run) else None


def _failed(run: RunFacts) -> bool:
    return run.tally.bad > 0 or bool(run.phases_failed)
