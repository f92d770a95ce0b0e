"""Everything that one CI run left: the unit that readers hand over and the history keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.records.alerts import AlertReport
from generator.records.base import Problem, Record, Redaction, SourceFile
from generator.records.coverage import Coverage
from generator.records.failures import Digest, ReplayBundle, TimelineEvent
from generator.records.forge import ForgeExport
from generator.records.gates import GateReport, WaiverAudit
from generator.records.measurements import MeasurementReport
from generator.records.ownership import Owners
from generator.records.quarantine import QuarantineReport, SuiteClassification
from generator.records.statements import Statement
from generator.records.triage import TriageDiff

if TYPE_CHECKING:
    from generator.records.results import TestResult
    from generator.records.run import Run


class Evidence(Record):
    """A run's records other than its test results."""

    digests: tuple[Digest, ...] = ()
    timeline: tuple[TimelineEvent, ...] = ()
    bundles: tuple[ReplayBundle, ...] = ()
    triage: tuple[TriageDiff, ...] = ()
    gate_reports: tuple[GateReport, ...] = ()
    waiver_audits: tuple[WaiverAudit, ...] = ()
    statements: tuple[Statement, ...] = ()
    quarantine: tuple[QuarantineReport, ...] = ()
    classifications: tuple[SuiteClassification, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    alerts: tuple[AlertReport, ...] = ()
    measurements: tuple[MeasurementReport, ...] = ()
    forge: tuple[ForgeExport, ...] = ()
    owners: tuple[Owners, ...] = ()
    sources: tuple[SourceFile, ...] = ()
    problems: tuple[Problem, ...] = ()
    redactions: tuple[Redaction, ...] = ()
    """What was masked in this run's records, sorted by kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunUnit:
    """One run with its results and evidence; the grain of the history."""

    run: Run
    results: tuple[TestResult, ...]
    evidence: Evidence
