"""Settings of the analysis: windows and thresholds, with the defaults of the statistics."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from generator.config.section import Section
from generator.safety.redact import own_rule

Days = Annotated[float, Field(gt=0, le=3_660)]
Runs = Annotated[int, Field(ge=1, le=10_000)]
Share = Annotated[float, Field(ge=0, le=1)]


class RegressionSettings(Section):
    """Pass rates of a base window against a sample window."""

    base: str = Field(default="", pattern=r"^(|(run|branch|tag):.{1,200})$")
    """`run:LABEL`, `branch:NAME` or `tag:PATTERN` (the newest run whose tag fits); empty = the days before."""
    base_days: Days = 30
    base_gap_days: float = Field(default=7, ge=0, le=366)
    """Without a base of its own: days between the end of the base window and the beginning of the sample."""
    sample_days: Days = 7
    min_base_runs: Runs = 10
    min_sample_runs: Runs = 3
    min_failures: Runs = 2
    min_total_failures: Runs = 3
    min_drop: Share = 0.05
    extreme_drop: Share = 0.15
    fdr: float = Field(default=0.05, gt=0, le=0.5)


class FlakySettings(Section):
    """Labels of flaky tests."""

    window_days: Days = 14
    window_commits: Runs = 60
    min_flake_commits: Runs = 1
    derate_min_flake_commits: Runs = 2
    suspect_excursions: Runs = 2
    broken_streak: Runs = 3
    recover_commits: Runs = 5
    recover_days: float = Field(default=7, ge=0, le=366)
    max_run_fail_share: Share = 0.2


class DurationSettings(Section):
    """Changes of durations and benchmarks."""

    points: int = Field(default=100, ge=20, le=2_000)
    min_points: int = Field(default=20, ge=10, le=2_000)
    min_side: int = Field(default=5, ge=3, le=100)
    alpha: float = Field(default=0.001, gt=0, lt=0.5)
    min_ratio: float = Field(default=1.10, ge=1, le=100)
    min_seconds: float = Field(default=0.1, ge=0)
    recent_days: Days = 14

    @model_validator(mode="after")
    def _sides_fit(self) -> DurationSettings:
        if not 2 * self.min_side <= self.min_points <= self.points:
            raise ValueError("2 * min_side <= min_points <= points must hold")
        return self


class CauseRule(Section):
    """A cause that the project knows: what it is called, who owns it, where it is tracked."""

    name: str = Field(min_length=1, max_length=120)
    pattern: str = Field(min_length=1, max_length=500)
    """Looked for in `kind: message` as it is normalised, and in the frame."""
    owner: str = Field(default="", max_length=120)
    issue: str = Field(default="", max_length=300)

    @model_validator(mode="after")
    def _compiles(self) -> CauseRule:
        own_rule("cause", self.pattern)
        return self


class ClusterSettings(Section):
    """Which failures have one cause."""

    ratio: float = Field(default=85, ge=50, le=100)
    """Fewest percent that two messages of one kind have in common."""
    min_tests: Runs = 2
    min_occurrences: Runs = 3
    rules: tuple[CauseRule, ...] = ()


class CulpritSettings(Section):
    """Which commits may have broken a test."""

    hold: float = Field(default=0.9, ge=0.5, lt=1)
    """Share of the probability that the set of suspects holds."""
    commits: Runs = 100
    """Commits of the range that are looked at, the newest ones."""


class AnalysisSettings(Section):
    """Windows of the analysis."""

    trend_days: int = Field(default=30, ge=2, le=366)
    history_runs: int = Field(default=400, ge=2)
    """Logical runs that are looked at for trends and outcomes; streaks look at all of them."""
    shard_window_minutes: int = Field(default=180, ge=1)
    """Shards of one run may start this far apart."""
    regression: RegressionSettings = RegressionSettings()
    flaky: FlakySettings = FlakySettings()
    duration: DurationSettings = DurationSettings()
    cluster: ClusterSettings = ClusterSettings()
    culprit: CulpritSettings = CulpritSettings()
