"""Rule: the gate verdicts that CI recorded belong to this run and are not too old."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.findings import GateVerdict, Verdict
from generator.gates.policy import POLICY, count, names

if TYPE_CHECKING:
    from generator.findings import Findings, GateSource
    from generator.plugins import GateLimits

ID: Final = "evidence_fresh"


def judge(findings: Findings, limits: GateLimits) -> GateVerdict:
    """Unknown while a verdict file is older than the limit, of another run, or of the future.

    Blocks as far as recorded gates block. A project whose CI never recorded a gate verdict has nothing to be fresh:
    that is unknown and does not block.
    """
    sources = findings.gates.sources
    old = [source for source in sources if source.stale]
    if not sources:
        reason = "CI recorded no gate verdict for this run or an earlier one of its branch."
    elif old:
        reason = f"Too old, or not of this run: {names([_aged(source) for source in old])}."
    else:
        reason = f"{count(len(sources), 'verdict file')} of this run, none older than the limit."
    return GateVerdict(
        gate_id=ID,
        title="Gate evidence fresh",
        policy=POLICY,
        verdict=Verdict.UNKNOWN if old or not sources else Verdict.PASS,
        blocking=limits.recorded_gates_block and bool(sources),
        expected=f"gate verdicts of this run, at most {count(limits.max_evidence_age_days, 'day')} old",
        actual=f"{len(old)} of {count(len(sources), 'verdict file')} stale" if sources else "none recorded",
        reason=reason,
        missing_evidence=bool(old),
    )


def _aged(source: GateSource) -> str:
    if source.age_days is None:
        return f"{source.path} (without a date)"
    return f"{source.path} ({count(source.age_days, 'day')} before the run)"
