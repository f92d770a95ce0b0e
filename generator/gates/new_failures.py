"""Rule: not more new failures than the policy lets through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.findings import GateVerdict, Verdict
from generator.gates.policy import POLICY, count, first_command, names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.findings import Failure, Findings
    from generator.plugins import GateLimits

ID: Final = "new_failures"


def judge(findings: Findings, limits: GateLimits) -> GateVerdict:
    """Compare the new failures against the baseline, flaky ones left out, with the limit.

    Without a baseline every failure counts as new: nothing shows that it was there before.
    """
    base, failures = findings.comparison.base, findings.counted_failures
    fresh = [failure for failure in failures if base is None or failure.change.new]
    counted = [failure for failure in fresh if base is None or not excusable(failure)]
    if not failures and not findings.run.tally.executed:
        verdict, reason = Verdict.UNKNOWN, "Nothing was executed, so that no failure could show"
    else:
        verdict = Verdict.PASS if len(counted) <= limits.max_new_failures else Verdict.FAIL
        reason = _reason(findings, counted, len(failures) - len(fresh), len(fresh) - len(counted))
    failed = verdict is Verdict.FAIL
    firsts = [failure.since.first_bad for failure in counted] if failed else []
    return GateVerdict(
        gate_id=ID,
        title="New failures",
        policy=POLICY,
        verdict=verdict,
        blocking=True,
        expected=f"at most {count(limits.max_new_failures, 'new failure')}",
        actual="no data" if verdict is Verdict.UNKNOWN else count(len(counted), "new failure"),
        reason=f"{reason}.",
        commands=first_command(counted) if failed else (),
        since=min(firsts, key=lambda run: run.started_at, default=None),
        missing_evidence=verdict is Verdict.UNKNOWN,
    )


def _reason(findings: Findings, counted: Sequence[Failure], known: int, excused: int) -> str:
    base = findings.comparison.base
    if base is None and not counted:
        return f"No failure in this run; there is no baseline ({findings.comparison.base_reason.rstrip('.')})"
    against = f"against {base.label}" if base else "without a baseline, so that every failure counts as new"
    reason = f"{count(len(counted), 'new failure')} {against}"
    reason += f": {names([failure.test.key for failure in counted])}" if counted else ""
    reason += f"; {count(known, 'failure')} known before" if known else ""
    return reason + (f"; {count(excused, 'failure')} of flaky tests not counted" if excused else "")


def excusable(failure: Failure) -> bool:
    """Whether the failure is put down to a flaky test: it passed and failed on several commits, and still may.

    On two, unless the settings say otherwise: with one commit 7 % of the tests so labelled were stable ones with a
    single accident; with two, none was (measured on 3 000 simulated tests over 60 commits). A mere suspicion
    excuses nothing.
    """
    note = failure.flaky
    return note is not None and note.confirmed and note.derates
