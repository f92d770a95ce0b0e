"""What CI said: frozen values that readers yield and the history keeps."""

from generator.records.alerts import Alert, AlertReport
from generator.records.base import Counts, Problem, Record, Redaction, Severity, SourceFile, SourceState, tally_text
from generator.records.coverage import Coverage, CoverageFile
from generator.records.failures import (
    Assertion,
    BundleFailure,
    Digest,
    Level,
    ReplayBundle,
    SourceCommand,
    TimelineEvent,
)
from generator.records.forge import ForgeExport, WorkflowJob, WorkflowRun, WorkflowStep
from generator.records.gates import GateFamily, GateReport, GateRow, WaiverAudit, WaiverEntry
from generator.records.measurements import Measurement, MeasurementReport
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
from generator.records.ownership import OwnerRule, Owners
from generator.records.quarantine import QuarantineEntry, QuarantineReport, SuiteClassification
from generator.records.results import Attempt, Status, Surface, TestResult
from generator.records.run import LaneStatus, Part, PartState, Run, RunKey, Shard
from generator.records.snapshot import Snapshot, UnitFacts
from generator.records.statements import Statement, StatementRow
from generator.records.triage import MirroredWorkflow, SemanticEntry, TriageDiff, TriageTarget
from generator.records.unit import Evidence, RunUnit

__all__ = [
    "Alert",
    "AlertReport",
    "Assertion",
    "Attempt",
    "BundleFailure",
    "Counts",
    "Coverage",
    "CoverageFile",
    "DiagnosticsIndex",
    "Digest",
    "Environment",
    "Evidence",
    "ForgeExport",
    "GateFamily",
    "GateReport",
    "GateRow",
    "LaneIndex",
    "LaneStatus",
    "Level",
    "LogSignal",
    "Measurement",
    "MeasurementReport",
    "MirroredWorkflow",
    "OwnerRule",
    "Owners",
    "Part",
    "PartState",
    "Problem",
    "QuarantineEntry",
    "QuarantineReport",
    "Record",
    "Redaction",
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
    "Statement",
    "StatementRow",
    "Status",
    "SuiteClassification",
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
    "WorkflowJob",
    "WorkflowRun",
    "WorkflowStep",
    "tally_text",
]
