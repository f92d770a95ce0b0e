"""Everything that one CI run left: the unit that readers hand over and the history keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.records.base import Problem, Record, SourceFile
from generator.records.failures import Digest, ReplayBundle, TimelineEvent
from generator.records.gates import GateReport, WaiverAudit
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
    sources: tuple[SourceFile, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunUnit:
    """One run with its results and evidence; the grain of the history."""

    run: Run
    results: tuple[TestResult, ...]
    evidence: Evidence
