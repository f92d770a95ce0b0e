"""Verdicts: three-valued, each with expected, actual, reason and the command that reproduces it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from generator.findings.failure import ReplayCommand
    from generator.findings.run import RunRef
    from generator.findings.trend import GatePoint


class Verdict(StrEnum):
    """Three values: unknown is never a pass."""

    PASS = "pass"  # noqa: S105  a verdict, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverFacts:
    """A waiver's state as of the run, recomputed from its dates."""

    gate_id: str
    state: str
    """active, expiring_soon, expired or invalid."""
    reported_state: str
    detail: str
    days_remaining: int | None
    owner: str
    created: str
    expires: str
    issue: str
    reason: str
    scope: str
    remove_when: str

    @property
    def valid(self) -> bool:
        """Whether it waives anything at all."""
        return self.state in ("active", "expiring_soon")


@dataclass(frozen=True, slots=True, kw_only=True)
class GateVerdict:
    """One rule of a policy, judged."""

    gate_id: str
    title: str
    policy: str
    """`recorded` for gates that CI evaluated, else the name of our policy."""
    verdict: Verdict
    blocking: bool
    expected: str
    actual: str
    reason: str
    recorded_status: str = ""
    """pass, fail, warn, skip as CI wrote it; empty for our own rules."""
    waiver: WaiverFacts | None = None
    waived: bool = False
    """A valid waiver applies: the failure stays visible but does not block."""
    commands: tuple[ReplayCommand, ...] = ()
    since: RunRef | None = None
    """First run of the current not-passing streak."""
    history: tuple[GatePoint, ...] = ()
    artifact_path: str = ""
    missing_evidence: bool = False
    """The verdict is unknown because evidence is missing, stale or unreadable."""

    @property
    def blocks(self) -> bool:
        """Whether it keeps the run from passing."""
        return self.blocking and not self.waived and self.verdict is not Verdict.PASS


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSource:
    """One recorded verdict file, checked against its own rows."""

    family: str
    path: str
    generated_at: datetime | None
    age_days: int | None
    stale: bool
    reported_verdict: str
    recomputed_verdict: str
    gates: int
    agrees: bool
    """Whether the recomputed verdict and summary equal the written ones."""
    blocking_pass: int = 0
    blocking_total: int = 0
    waivers_applied: tuple[str, ...] = ()
    first_failure: str = ""
    can_promote: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneGate:
    """A gate that earlier runs had and the newest verdict has not."""

    gate_id: str
    title: str
    history: tuple[GatePoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateEvidence:
    """What CI recorded about gates: input of the judgement, computed from history."""

    sources: tuple[GateSource, ...]
    rows: tuple[GateVerdict, ...]
    """One for each gate of the newest full verdict, not yet waived."""
    waivers: tuple[WaiverFacts, ...]
    runs: tuple[RunRef, ...]
    """Runs with gate evidence, oldest first: the columns of the gate grid."""
    gone: tuple[GoneGate, ...] = ()
    """Gates that are no longer evaluated, by id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """All verdicts of a run and the one that counts."""

    verdict: Verdict
    policy: str
    gates: tuple[GateVerdict, ...]
    """Blocking and failing first."""
    sources: tuple[GateSource, ...]
    waivers: tuple[WaiverFacts, ...]
    runs: tuple[RunRef, ...]
    gone: tuple[GoneGate, ...] = ()
    """Gates that are no longer evaluated: history only, never part of the verdict."""

    @property
    def blockers(self) -> tuple[GateVerdict, ...]:
        """The gates that keep the run from passing."""
        return tuple(gate for gate in self.gates if gate.blocks)
