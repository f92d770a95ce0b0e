"""Rule: every waiver is complete and has not run out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.findings import GateVerdict, Verdict
from generator.gates.policy import POLICY, count, names

if TYPE_CHECKING:
    from generator.findings import Findings, WaiverFacts
    from generator.plugins import GateLimits

ID: Final = "waiver_health"


def judge(findings: Findings, limits: GateLimits) -> GateVerdict:
    """Fail when a waiver expired or is invalid; blocks as far as the gates block that waivers are for.

    Where CI recorded no waiver nothing can be judged: that is unknown and does not block.
    """
    waivers = findings.gates.waivers
    bad = [waiver for waiver in waivers if not waiver.valid]
    soon = [waiver.gate_id for waiver in waivers if waiver.state == "expiring_soon"]
    reason = (
        f"{count(len(waivers), 'waiver')}, all valid" if waivers else "CI recorded no waiver, so there is none to judge"
    )
    if bad:
        reason = names([_said(waiver) for waiver in bad])
    if soon:
        reason += f"; expiring soon: {names(soon)}"
    return GateVerdict(
        gate_id=ID,
        title="Waiver health",
        policy=POLICY,
        verdict=Verdict.FAIL if bad else Verdict.PASS if waivers else Verdict.UNKNOWN,
        blocking=limits.recorded_gates_block and bool(waivers),
        expected="no expired and no invalid waiver",
        actual=f"{len(bad)} of {count(len(waivers), 'waiver')} expired or invalid" if waivers else "none recorded",
        reason=f"{reason}.",
    )


def _said(waiver: WaiverFacts) -> str:
    if waiver.state == "expired":
        return f"the waiver of {waiver.gate_id} expired on {waiver.expires}"
    return f"the waiver of {waiver.gate_id} is invalid ({waiver.detail or 'no reason recorded'})"
