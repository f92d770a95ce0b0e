"""The frozen whole that pages and exporters are made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.findings.beside import Beside
from generator.findings.durations import Performance

if TYPE_CHECKING:
    from datetime import datetime

    from generator.findings.clusters import Cluster
    from generator.findings.compare import Comparison
    from generator.findings.failure import Cause, Failure
    from generator.findings.flaky import FlakyNote
    from generator.findings.gates import GateEvidence, Judgement
    from generator.findings.kpis import Kpi
    from generator.findings.pass_rates import PassRates
    from generator.findings.run import RunFacts, SlowTest, SuiteFacts
    from generator.findings.trend import Trends


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the analysis concluded about one run, as of its time."""

    run: RunFacts
    runs: tuple[RunFacts, ...]
    """All logical runs up to this one, oldest first; this one last."""
    comparison: Comparison
    failures: tuple[Failure, ...]
    """New before known, wide before isolated."""
    causes: tuple[Cause, ...]
    flaky: tuple[FlakyNote, ...]
    suites: tuple[SuiteFacts, ...]
    """Failed first."""
    slowest: tuple[SlowTest, ...]
    trends: Trends
    gates: GateEvidence
    beside: Beside = field(default_factory=Beside)
    pass_rates: PassRates | None = None
    """Base window against sample window; `None` where there are no two windows."""
    clusters: tuple[Cluster, ...] = ()
    """Causes over the window: those of this run first, then the widest."""
    clusters_unlisted: int = 0
    """Further causes seen in the window but not in this run: too few tests and failures for a line."""
    clusters_listed_from: tuple[int, int] = (0, 0)
    """How many tests or else failures a cause that is not in this run must have for a line; 0, 0 = not stated."""
    performance: Performance = field(default_factory=Performance)
    kpis: tuple[Kpi, ...] = ()

    @property
    def counted_failures(self) -> tuple[Failure, ...]:
        """Failures counted once: a target whose failing cases are known is left to them."""
        return tuple(failure for failure in self.failures if not failure.children)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Findings and judgement of one version of the site."""

    version: str
    title: str
    as_of: datetime
    findings: Findings
    judgement: Judgement
    stale_after_hours: int
    forge_url: str
    versions: tuple[str, ...] = ()
    """Versions of the site, newest first, this one among them."""
