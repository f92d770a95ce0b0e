"""What we concluded: frozen values that the analysis yields and pages and gates consume."""

from generator.findings.beside import Beside
from generator.findings.clusters import Cluster
from generator.findings.compare import Change, Comparison, DiffStatus, Disagreement, SuppliedTriage
from generator.findings.durations import Benchmark, Performance, SeriesChange, SeriesPoint
from generator.findings.failure import (
    AttemptNote,
    Cause,
    ChangeKind,
    CommitRange,
    Failure,
    FailureLink,
    Outcome,
    ReplayCommand,
    Since,
    TestRef,
)
from generator.findings.flaky import FlakyNote
from generator.findings.gates import GateEvidence, GateSource, GateVerdict, GoneGate, Judgement, Verdict, WaiverFacts
from generator.findings.kpis import Kpi, KpiStatus
from generator.findings.pass_rates import PassRate, PassRates, RateVerdict, Share
from generator.findings.report import Findings, Report
from generator.findings.run import Completeness, RunFacts, RunRef, RunState, SlowTest, SuiteFacts, Tally
from generator.findings.suspects import Suspects
from generator.findings.trend import DayPoint, GatePoint, SuiteTrend, Trends

__all__ = [
    "AttemptNote",
    "Benchmark",
    "Beside",
    "Cause",
    "Change",
    "ChangeKind",
    "Cluster",
    "CommitRange",
    "Comparison",
    "Completeness",
    "DayPoint",
    "DiffStatus",
    "Disagreement",
    "Failure",
    "FailureLink",
    "Findings",
    "FlakyNote",
    "GateEvidence",
    "GatePoint",
    "GateSource",
    "GateVerdict",
    "GoneGate",
    "Judgement",
    "Kpi",
    "KpiStatus",
    "Outcome",
    "PassRate",
    "PassRates",
    "Performance",
    "RateVerdict",
    "ReplayCommand",
    "Report",
    "RunFacts",
    "RunRef",
    "RunState",
    "SeriesChange",
    "SeriesPoint",
    "Share",
    "Since",
    "SlowTest",
    "SuiteFacts",
    "SuiteTrend",
    "SuppliedTriage",
    "Suspects",
    "Tally",
    "TestRef",
    "Trends",
    "Verdict",
    "WaiverFacts",
]
