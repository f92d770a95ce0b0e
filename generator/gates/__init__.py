"""The gates stage: findings and policy in, one three-valued judgement out; unknown is never a pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.errors import ExitCode
from generator.findings import Judgement, Verdict
from generator.gates import (
    evidence_fresh,
    evidence_present,
    new_failures,
    pass_rate,
    recorded,
    runner_phases,
    waiver_health,
)
from generator.gates.policy import POLICY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.config import Settings
    from generator.findings import Findings, GateVerdict
    from generator.plugins import Gate

GATES: Final[tuple[Gate, ...]] = (
    evidence_present,
    evidence_fresh,
    new_failures,
    pass_rate,
    runner_phases,
    waiver_health,
)
"""The rules of our own policy; a new rule is a module and its name here."""

POLICIES: Final = (POLICY,)
"""Names that `gate --policy` takes."""

_EXIT: Final = {Verdict.PASS: ExitCode.OK, Verdict.FAIL: ExitCode.GATE_FAILED, Verdict.UNKNOWN: ExitCode.EVIDENCE}

_RANK: Final = {(True, True): 0, (True, False): 1, (False, True): 2, (False, False): 3}


def judge_all(findings: Findings, settings: Settings) -> Judgement:
    """Judge the recorded gates and our own rules; the run passes only when every blocking one passed or is waived."""
    own = (rule.judge(findings, settings.gates) for rule in GATES)
    gates = sorted([*recorded.judge(findings, settings.gates), *own], key=_urgency)
    return Judgement(
        verdict=overall(gates),
        policy=POLICY,
        gates=tuple(gates),
        sources=findings.gates.sources,
        waivers=findings.gates.waivers,
        runs=findings.gates.runs,
        gone=findings.gates.gone,
    )


def overall(gates: Iterable[GateVerdict]) -> Verdict:
    """Return fail when a gate that blocks failed, else unknown when one is unknown or there is no gate, else pass."""
    every = tuple(gates)
    blocking = {gate.verdict for gate in every if gate.blocks}
    if Verdict.FAIL in blocking:
        return Verdict.FAIL
    return Verdict.UNKNOWN if blocking or not every else Verdict.PASS


def exit_code(judgement: Judgement) -> ExitCode:
    """Return what the command line ends with: 0 pass, 1 a blocking gate failed, 3 evidence does not suffice."""
    return _EXIT[judgement.verdict]


def _urgency(gate: GateVerdict) -> tuple[int, str, str]:
    """Order: what blocks and failed, what blocks and is unknown, what failed without blocking, the rest; then by id."""
    failed = gate.verdict is Verdict.FAIL
    return _RANK[gate.blocks, failed], gate.gate_id, gate.policy
