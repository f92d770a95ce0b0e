"""Rule: the share of passed results is high enough."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from generator.findings import GateVerdict, Verdict
from generator.gates.policy import POLICY, whole_run

if TYPE_CHECKING:
    from generator.findings import Findings
    from generator.plugins import GateLimits

ID: Final = "pass_rate"


def judge(findings: Findings, limits: GateLimits) -> GateVerdict:
    """Compare passed / executed with the limit: over test cases when there are any, else over targets.

    Unknown when nothing was executed: no share of nothing is high enough.
    """
    run = findings.run
    word, tally = ("test cases", run.cases) if run.cases.executed else ("targets", run.targets)
    wanted = Fraction(str(limits.min_pass_rate))
    enough = tally.passed >= wanted * tally.executed
    if not tally.executed:
        actual, reason, verdict = "no data", "Nothing was executed, so that there is no pass rate.", Verdict.UNKNOWN
    else:
        actual = percent(Fraction(tally.passed, tally.executed))
        verdict = Verdict.PASS if enough else Verdict.FAIL
        reason = f"{tally.passed} of {tally.executed} executed {word} passed."
    return GateVerdict(
        gate_id=ID,
        title="Pass rate",
        policy=POLICY,
        verdict=verdict,
        blocking=True,
        expected=f"at least {percent(wanted)}",
        actual=actual,
        reason=reason,
        commands=whole_run(findings) if verdict is Verdict.FAIL else (),
        missing_evidence=verdict is Verdict.UNKNOWN,
    )


def percent(share: Fraction) -> str:
    """Return a share as `97.5 %`, rounded down to two places so that no shortfall looks like the limit itself."""
    hundredths = int(share * 10_000)
    return f"{hundredths / 100:g} %"
