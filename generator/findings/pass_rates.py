"""Which tests pass less often, or more often, than they did in the base: rates with their evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from generator.findings.failure import TestRef
    from generator.findings.run import RunRef


class RateVerdict(StrEnum):
    """What the counts say (statistics, section 4)."""

    REGRESSION = "regression"
    EXTREME_REGRESSION = "extreme_regression"
    IMPROVEMENT = "improvement"
    NEW_TEST_FAILING = "new_test_failing"
    """There is no base; the test passes too seldom by itself."""
    UNCHANGED = "unchanged"
    NOT_ENOUGH_DATA = "not_enough_data"

    @property
    def worse(self) -> bool:
        """Whether it is bad news."""
        return self in {RateVerdict.REGRESSION, RateVerdict.EXTREME_REGRESSION, RateVerdict.NEW_TEST_FAILING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Failures among trials (commits with an outcome), with the 95 % interval of the failure rate."""

    failed: int
    runs: int
    low: float | None = None
    high: float | None = None

    @property
    def rate(self) -> float | None:
        """Failure rate 0..1; `None` without trials."""
        return self.failed / self.runs if self.runs else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassRate:
    """One test in one environment, base against sample."""

    test: TestRef
    environment: str
    verdict: RateVerdict
    base: Share
    sample: Share
    drop: float | None = None
    """How much the pass rate fell, 0..1; negative where it rose."""
    p: float | None = None
    q: float | None = None
    """The p value after correction over all candidates of the report."""
    since: RunRef | None = None
    """The run at which the regression was first found, with the same base."""
    failing: tuple[RunRef, ...] = ()
    """Runs of the sample in which it failed, newest first: the rows behind the number."""
    lack: tuple[str, ...] = ()
    """What there is too little of: `base runs`, `sample runs`, `failures`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassRates:
    """The comparison of windows, with all that changed."""

    base_name: str
    """What the base is: a tag, a branch, a run, or the days before."""
    base_from: datetime | None
    base_until: datetime | None
    sample_from: datetime | None
    sample_until: datetime | None
    base_commits: int
    sample_commits: int
    tests: int
    """Tests and environments that were looked at."""
    candidates: int
    """Those with enough runs and failures to be judged; the correction counts these."""
    changes: tuple[PassRate, ...] = ()
    """Regressions first, the largest drop first; then improvements."""
    undecided: tuple[PassRate, ...] = ()
    """Tests that failed in the sample but have too few runs to be judged."""
    fdr: float = 0.05
    """Share of false alarms that the correction allows."""
    branch: str = ""
    """Branch that the commits of the sample are of."""
    min_base_runs: int = 10
    """Fewest commits in the base by which a test is judged …"""
    min_sample_runs: int = 3
    """… and in the sample …"""
    min_new_runs: int = 6
    """… there of a test that the base does not have …"""
    min_total_failures: int = 3
    """… and fewest failures in both together."""
    looks: int = 30
    """Most window ends, one a commit, at which `since` was looked for."""
