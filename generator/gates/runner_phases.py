"""Rule: no phase of the runner beside its tests failed: formatting, lints, build, the library's own tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.findings import GateVerdict, Verdict
from generator.gates.policy import POLICY, count, names, whole_run
from generator.records import PartState

if TYPE_CHECKING:
    from generator.findings import Findings
    from generator.plugins import GateLimits

ID: Final = "runner_phases"

_RESULTS: Final = ("suite:", "unit:")
"""Phases that are results of their own and judged as failures."""

_SILENT: Final = frozenset(
    {PartState.GATES, PartState.REPORTS, PartState.LANE, PartState.BUNDLE_ONLY, PartState.LIVE_PROVIDER}
)
"""States of parts that say nothing about phases: no runner wrote them, or it had none."""

_NO_RUNNER: Final = "No runner took part in this run, so there are no phases to judge."


def judge(findings: Findings, limits: GateLimits) -> GateVerdict:  # noqa: ARG001  the contract of a gate
    """Fail when a phase failed; its name comes from the runner. Without a runner it is unknown and does not block."""
    failed = sorted({phase for phase in findings.run.phases_failed if not phase.startswith(_RESULTS)})
    heard = bool(failed) or any(part.state not in _SILENT for part in findings.run.parts)
    library = [failure for failure in findings.failures if failure.test.surface == "lib"]
    commands = next((failure.commands[:1] for failure in library if failure.commands and failed == ["lib"]), ())
    return GateVerdict(
        gate_id=ID,
        title="Runner phases",
        policy=POLICY,
        verdict=Verdict.FAIL if failed else Verdict.PASS if heard else Verdict.UNKNOWN,
        blocking=heard,
        expected="no failed phase",
        actual=f"{count(len(failed), 'phase')} failed" if failed else "none failed" if heard else "no runner",
        reason=f"Failed: {names(failed)}."
        if failed
        else "The runner reports no failed phase."
        if heard
        else _NO_RUNNER,
        commands=(commands or whole_run(findings)) if failed else (),
    )
