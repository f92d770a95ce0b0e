"""What only a long history shows: series that changed, and pass rates that fell; made of the texts of a short one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.findings import (
    Benchmark,
    CommitRange,
    PassRate,
    PassRates,
    Performance,
    RateVerdict,
    SeriesChange,
    SeriesPoint,
    Share,
)

if TYPE_CHECKING:
    from generator.findings import Findings, RunFacts
    from generator.records import Measurement, MeasurementReport


def with_history(found: Findings) -> Findings:
    """Return findings as a history of many runs would have given them: with changes of series and of pass rates."""
    return replace(found, performance=_performance(found), pass_rates=_pass_rates(found))


def _performance(found: Findings) -> Performance:
    told = [(report, each) for report in found.beside.measurements for each in report.measurements]
    changes = tuple(
        _change(found.run, report, each, worse=worse)
        for worse, (report, each) in zip((True, False, None), told, strict=False)
    )
    return replace(found.performance, changes=changes, benchmarks=tuple(_benchmark(found.run, *one) for one in told))


def _values(run: RunFacts) -> tuple[SeriesPoint, ...]:
    ref = replace(run.ref, label="1")  # a label is an id, hashed where its text is none: another text has another one
    return tuple(SeriesPoint(run=ref, value=value) for value in (1.0, None, 2.0))


def _change(run: RunFacts, report: MeasurementReport, told: Measurement, *, worse: bool | None) -> SeriesChange:
    return SeriesChange(
        series=told.series,
        suite=report.tool,
        environment=report.machine,
        unit=told.unit,
        worse=worse,
        before=1.0,
        after=2.0,
        ratio=2.0,
        p=1e-6,
        q=1e-5,
        run=run.ref,
        previous=run.ref,
        commits=CommitRange(good=run.commit, bad=run.commit),
        points=30,
        recent=True,
        values=_values(run),
    )


def _benchmark(run: RunFacts, report: MeasurementReport, told: Measurement) -> Benchmark:
    return Benchmark(
        series=told.series,
        tool=report.tool,
        environment=report.machine,
        unit=told.unit,
        last=told.value,
        usual=1.0,
        change=0.5,
        fence=0.1,
        outside=True,
        worse=True,
        points=30,
        values=_values(run),
    )


def _pass_rates(found: Findings) -> PassRates:
    verdicts = (RateVerdict.REGRESSION, RateVerdict.IMPROVEMENT, RateVerdict.NEW_TEST_FAILING)
    tests = [failure.test for failure in found.failures]
    run = found.run
    changes = tuple(
        PassRate(
            test=test,
            environment=run.profile,
            verdict=verdict,
            base=Share(failed=1, runs=40, low=0.0, high=0.1),
            sample=Share(failed=9, runs=20, low=0.2, high=0.7),
            drop=0.4,
            p=1e-6,
            q=1e-5,
            since=run.ref,
            failing=(run.ref,),
        )
        for verdict, test in zip(verdicts, tests, strict=False)
    )
    undecided = tuple(
        PassRate(
            test=test,
            environment=run.profile,
            verdict=RateVerdict.NOT_ENOUGH_DATA,
            base=Share(failed=0, runs=2),
            sample=Share(failed=1, runs=1),
            failing=(run.ref,),
            lack=("base runs",),
        )
        for test in tests[:1]
    )
    return PassRates(
        base_name="the 30 days that end 7 days before the sample",
        base_from=run.started_at,
        base_until=run.started_at,
        sample_from=run.started_at,
        sample_until=run.started_at,
        base_commits=40,
        sample_commits=20,
        tests=100,
        candidates=3,
        changes=changes,
        undecided=undecided,
    )
