"""Rule: no phase of the runner beside its tests failed: formatting, lints, build, the library's own tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.findings import GateVerdict, Verdict
from generator.gates.policy import POLICY, count, names, whole_run

if TYPE_CHECKING:
    from generator.findings import Findings
    from generator.plugins import GateLimits

ID: Final = "runner_phases"

_RESULTS: Final = ("suite:", "unit:")
"""Phases that are results of their own and judged as failures."""


def judge(findings: Findings, limits: GateLimits) -> GateVerdict:  # noqa: ARG001  the contract of a gate
    """Fail when a phase failed; its name comes from the runner."""
    failed = sorted({phase for phase in findings.run.phases_failed if not phase.startswith(_RESULTS)})
    library = [failure for failure in findings.failures if failure.test.surface == "lib"]
    commands = next((failure.commands[:1] for failure in library if failure.commands and failed == ["lib"]), ())
    return GateVerdict(
        gate_id=ID,
        title="Runner phases",
        policy=POLICY,
        verdict=Verdict.FAIL if failed else Verdict.PASS,
        blocking=True,
        expected="no failed phase",
        actual=f"{count(len(failed), 'phase')} failed" if failed else "none failed",
        reason=f"Failed: {names(failed)}." if failed else "The runner reports no failed phase.",
        commands=(commands or whole_run(findings)) if failed else (),
    )
