"""What we concluded: frozen values that the analysis yields and pages and gates consume."""

from generator.findings.beside import Beside
from generator.findings.compare import Change, Comparison, DiffStatus, Disagreement, SuppliedTriage
from generator.findings.failure import (
    AttemptNote,
    Cause,
    ChangeKind,
    CommitRange,
    Failure,
    FailureLink,
    FlakyNote,
    Outcome,
    ReplayCommand,
    Since,
    TestRef,
)
from generator.findings.gates import GateEvidence, GateSource, GateVerdict, GoneGate, Judgement, Verdict, WaiverFacts
from generator.findings.report import Findings, Report
from generator.findings.run import Completeness, RunFacts, RunRef, RunState, SlowTest, SuiteFacts, Tally
from generator.findings.trend import DayPoint, GatePoint, SuiteTrend, Trends

__all__ = [
    "AttemptNote",
    "Beside",
    "Cause",
    "Change",
    "ChangeKind",
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
    "Outcome",
    "ReplayCommand",
    "Report",
    "RunFacts",
    "RunRef",
    "RunState",
    "Since",
    "SlowTest",
    "SuiteFacts",
    "SuiteTrend",
    "SuppliedTriage",
    "Tally",
    "TestRef",
    "Trends",
    "Verdict",
    "WaiverFacts",
]
