"""What CI said: frozen values that readers yield and the history keeps."""

from generator.records.base import Counts, Problem, Record, Severity, SourceFile, SourceState, tally_text
from generator.records.failures import (
    Assertion,
    BundleFailure,
    Digest,
    Level,
    ReplayBundle,
    SourceCommand,
    TimelineEvent,
)
from generator.records.gates import GateFamily, GateReport, GateRow, WaiverAudit, WaiverEntry
from generator.records.native import (
    DiagnosticsIndex,
    Environment,
    LaneIndex,
    LogSignal,
    ResultFile,
    RunManifest,
    RunnerOutcome,
    Summary,
    TargetRow,
)
from generator.records.results import Attempt, Status, Surface, TestResult
from generator.records.run import LaneStatus, Part, PartState, Run, RunKey, Shard
from generator.records.snapshot import Snapshot, UnitFacts
from generator.records.triage import MirroredWorkflow, SemanticEntry, TriageDiff, TriageTarget
from generator.records.unit import Evidence, RunUnit

__all__ = [
    "Assertion",
    "Attempt",
    "BundleFailure",
    "Counts",
    "DiagnosticsIndex",
    "Digest",
    "Environment",
    "Evidence",
    "GateFamily",
    "GateReport",
    "GateRow",
    "LaneIndex",
    "LaneStatus",
    "Level",
    "LogSignal",
    "MirroredWorkflow",
    "Part",
    "PartState",
    "Problem",
    "Record",
    "ReplayBundle",
    "ResultFile",
    "Run",
    "RunKey",
    "RunManifest",
    "RunUnit",
    "RunnerOutcome",
    "SemanticEntry",
    "Severity",
    "Shard",
    "Snapshot",
    "SourceCommand",
    "SourceFile",
    "SourceState",
    "Status",
    "Summary",
    "Surface",
    "TargetRow",
    "TestResult",
    "TimelineEvent",
    "TriageDiff",
    "TriageTarget",
    "UnitFacts",
    "WaiverAudit",
    "WaiverEntry",
    "tally_text",
]
