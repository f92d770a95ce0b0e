"""Rule: the run is complete, and everything it left could be read and agrees with itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.findings import GateVerdict, RunState, Verdict
from generator.gates.policy import POLICY, count, names
from generator.records import Severity, SourceState

if TYPE_CHECKING:
    from generator.findings import Findings, GateSource, RunFacts
    from generator.plugins import GateLimits

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
    gaps = [_STATES[run.state]] if _STATES[run.state] else []
    if not run.completeness.whole:
        missing = f": {names(run.completeness.missing)}" if run.completeness.missing else ""
        gaps.append(f"{run.completeness.present} of {run.completeness.expected} parts are there{missing}")
    if not run.tally.executed and run.state is RunState.COMPLETE:
        gaps.append("no test was executed")
    refused = [f"{item.path} ({item.message})" for item in run.problems if item.severity is Severity.ERROR]
    named = {item.path for item in run.problems}  # whose severity says whether the file counts
    refused += [item.path for item in run.sources if item.state is SourceState.CORRUPT and item.path not in named]
    if refused:
        gaps.append(f"{count(len(refused), 'file')} could not be read: {names(refused)}")
    return gaps


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
