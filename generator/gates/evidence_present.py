"""Rule: the run is complete, and everything it left could be read and agrees with itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.findings import GateVerdict, RunState, Verdict
from generator.gates.policy import POLICY, count, names
from generator.records import Severity, SourceState

if TYPE_CHECKING:
    from generator.findings import Findings, GateSource, RunFacts
    from generator.plugins import GateLimits
    from generator.records import Problem

ID: Final = "evidence_present"

_STATES: Final = {
    RunState.COMPLETE: "",
    RunState.INCOMPLETE: "a part of the run is missing",
    RunState.PARTIAL: "the run is a selection of tests and says nothing about the others",
    RunState.ABORTED: "the run stopped before any test ran",
    RunState.KILLED: "the run ended before its summary was written",
    RunState.BUNDLE_ONLY: "nothing but a replay bundle is left of the run",
    RunState.GATES_ONLY: "the run left gate verdicts but no test results",
    RunState.LANE: "the run left the status of a CI lane but no test results",
    RunState.EMPTY: "nothing was executed, or nothing could be read",
}

_BROKEN_SUMMARY: Final = "the summary of the run is there, but it cannot be read"
"""What is said of a killed run that left a summary."""

_STORED: Final = re.compile(r"units/(u-[0-9a-f]+)(?:/.*)?|names/[^/]+\.parquet")
"""Paths within the history: a unit, or names that units share; not those of a run's own files."""


def judge(findings: Findings, limits: GateLimits) -> GateVerdict:  # noqa: ARG001  the contract of a gate
    """Say what is missing, unreadable or contradicts itself; unknown as long as anything is."""
    run = findings.run
    gaps = [*_gaps(run), *_contradictions(findings)]
    return GateVerdict(
        gate_id=ID,
        title="Evidence present",
        policy=POLICY,
        verdict=Verdict.UNKNOWN if gaps else Verdict.PASS,
        blocking=True,
        expected="a complete run whose files can all be read",
        actual=f"{run.state.value}, {count(len(gaps), 'gap')}" if gaps else run.state.value,
        reason=f"{'; '.join(gaps) or _whole(run)}.",
        missing_evidence=bool(gaps),
    )


def _gaps(run: RunFacts) -> list[str]:
    """Say what is missing from the run, and which of its files could not be read."""
    gaps = [_state(run)] if _STATES[run.state] else []
    if not run.completeness.whole:
        missing = f": {names(run.completeness.missing)}" if run.completeness.missing else ""
        gaps.append(f"{run.completeness.present} of {run.completeness.expected} parts are there{missing}")
    if not run.tally.executed and run.state is RunState.COMPLETE:
        gaps.append("no test was executed")
    grave = [item for item in run.problems if item.severity is Severity.ERROR and not _of_another(item, run)]
    refused = [f"{item.path} ({item.message})" for item in grave]
    named = {item.path for item in run.problems}  # whose severity says whether the file counts
    refused += [item.path for item in run.sources if item.state is SourceState.CORRUPT and item.path not in named]
    if refused:
        gaps.append(f"{count(len(refused), 'file')} could not be read: {names(refused)}")
    return gaps


def _state(run: RunFacts) -> str:
    """Say what the run's state means; a summary that cannot be read is not one that was never written."""
    broken = any(item.reader == "summary" and item.state is SourceState.CORRUPT for item in run.sources)
    return _BROKEN_SUMMARY if broken and run.state is RunState.KILLED else _STATES[run.state]


def _of_another(problem: Problem, run: RunFacts) -> bool:
    """Whether a problem is about a stored file of another run: a torn unit hurts only itself."""
    if problem.reader is not None:
        return False
    stored = _STORED.fullmatch(problem.path)
    if stored is None:  # a stranger's folder among the units: the history repeats its path in the message
        return problem.path.startswith("units/") and problem.message.startswith(problem.path)
    return stored[1] not in run.unit_ids


def _contradictions(findings: Findings) -> list[str]:
    """Say which recorded verdict files do not follow from their own rows."""
    return [_contradiction(source) for source in findings.gates.sources if not source.agrees]


def _contradiction(source: GateSource) -> str:
    if source.reported_verdict == source.recomputed_verdict:
        return f"{source.path} has a summary that its own rows do not make"
    said = source.reported_verdict or "nothing"
    return f"{source.path} says {said} where its own rows make it {source.recomputed_verdict}"


def _whole(run: RunFacts) -> str:
    whole = run.completeness
    return f"{whole.present} of {count(whole.expected, 'part')} there, and no file that counts was unreadable"
