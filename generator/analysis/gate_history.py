"""What CI recorded about gates, through time: the rows of the run, their streaks and the grid of all runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING, Final

from generator.analysis.gate_commands import row_commands
from generator.analysis.gate_sources import FAMILY_ORDER, age, main_report, rows_by_gate, source
from generator.analysis.waivers import facts, newest
from generator.findings import GateEvidence, GatePoint, GateVerdict, GoneGate, Verdict

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from generator.analysis.frames import Prepared
    from generator.findings import RunFacts, RunRef
    from generator.records import Evidence, GateReport, GateRow, ReplayBundle

POLICY: Final = "recorded"
"""Policy name of the gates that CI evaluated itself."""

_MEANING: Final = {
    "pass": (Verdict.PASS, "", False),
    "fail": (Verdict.FAIL, "", False),
    "warn": (Verdict.UNKNOWN, " A warning is not a pass.", False),
    "skip": (Verdict.UNKNOWN, " Skipped is not passed.", True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One run with the verdict file that stands for it."""

    place: int
    run: RunFacts
    report: GateReport
    rows: Mapping[str, GateRow]


def collect(prepared: Prepared, index: int) -> GateEvidence:
    """Return what CI recorded about gates up to the run; empty when no run of its repository ever had a verdict.

    A run without a verdict of its own gets the newest earlier one of its branch and workflow as a stale source. The
    rows of that one come along, as unknown, while it is not older than `gates.max_evidence_age_days`.
    """
    run = prepared.runs[index]
    found = recorded_runs(prepared, index)
    own = bool(found) and found[-1].place == index
    current = found[-1] if own else _carried(found, run)
    refs = tuple(item.run.ref for item in found)
    if current is None:
        return GateEvidence(sources=(), rows=(), waivers=(), runs=refs, gone=_gone(found, ()))
    limit = prepared.settings.gates.max_evidence_age_days
    evidence = prepared.evidence(current.place)
    audit = newest(audit for unit in evidence for audit in unit.waiver_audits)
    waivers = facts(audit, None if own else run.started_at.astimezone(UTC).date())
    sources = [source(report, run, waivers, limit) for report in (_reports(evidence) if own else [current.report])]
    days, old = age(current.report, run, limit)
    reason = _why_stale(current, run, days) if old or not own else ""
    carries = own or (days is not None and days <= limit)
    return GateEvidence(
        sources=tuple(replace(item, stale=item.stale or not own) for item in sources),
        rows=_rows(current, found, reason, evidence) if carries else (),
        waivers=waivers,
        runs=refs,
        gone=_gone(found, current.rows if carries else ()),
    )


def recorded_runs(prepared: Prepared, index: int) -> list[Recorded]:
    """Return the runs of the run's repository up to it that have a gate verdict, oldest first."""
    repository = prepared.runs[index].keys[0].repository
    found = []
    for place, run in enumerate(prepared.runs[: index + 1]):
        if run.keys[0].repository != repository:
            continue
        report = main_report(report for unit in prepared.evidence(place) for report in unit.gate_reports)
        if report is not None:
            found.append(Recorded(place=place, run=run, report=report, rows=rows_by_gate(report)))
    return found


def verdict_of(row: GateRow, stale: str = "") -> tuple[Verdict, str, bool]:
    """Return (verdict, reason, evidence is missing) of a recorded row; `stale` says why it does not count, if so.

    Only pass is a pass. A warning fails a blocking gate; a skipped gate, and a status that is not in the contract, are
    unknown because nothing was judged.
    """
    said = f"CI recorded {row.status}: {row.detail}" if row.detail else f"CI recorded {row.status}"
    if stale:
        return Verdict.UNKNOWN, f"{said}, but {stale}.", True
    if row.status == "warn" and row.blocking:
        return Verdict.FAIL, f"{said}. A warning on a blocking gate does not count as a pass.", False
    verdict, remark, missing = _MEANING.get(row.status, (Verdict.UNKNOWN, " This status is not a known one.", True))
    return verdict, f"{said}.{remark}", missing


def since(gate_id: str, current: Recorded, found: Sequence[Recorded]) -> RunRef | None:
    """Return the first run of the streak in which the gate did not pass on the branch; None when it passes now.

    Runs whose verdict does not have the gate neither open nor close the streak.
    """
    first: RunRef | None = None
    for item in reversed(found):
        row = item.rows.get(gate_id)
        if item.place > current.place or item.run.branch != current.run.branch or row is None:
            continue
        if row.status == "pass":
            break
        first = item.run.ref
    return first


def _gone(found: Sequence[Recorded], kept: Container[str]) -> tuple[GoneGate, ...]:
    """Return the gates that some run had and that are not among the ones kept, named as the newest run did."""
    titles = {gate_id: row.name or gate_id for item in found for gate_id, row in item.rows.items()}
    return tuple(
        GoneGate(gate_id=gate_id, title=titles[gate_id], history=tuple(_point(item, gate_id) for item in found))
        for gate_id in sorted(titles)
        if gate_id not in kept
    )


def _rows(
    current: Recorded, found: Sequence[Recorded], stale: str, evidence: Sequence[Evidence]
) -> tuple[GateVerdict, ...]:
    bundles = [bundle for unit in evidence for bundle in unit.bundles if bundle.flavour == "gate"]
    return tuple(_judged(row, current, found, stale, bundles) for row in current.rows.values())


def _judged(
    row: GateRow, current: Recorded, found: Sequence[Recorded], stale: str, bundles: Sequence[ReplayBundle]
) -> GateVerdict:
    verdict, reason, missing = verdict_of(row, stale)
    if verdict is not Verdict.PASS and not row.command:
        reason += " CI recorded no command that reproduces it."
    return GateVerdict(
        gate_id=row.gate_id,
        title=row.name or row.gate_id,
        policy=POLICY,
        verdict=verdict,
        blocking=row.blocking,
        expected="pass",
        actual=f"{row.status}: {row.detail}" if row.detail else row.status,
        reason=reason,
        recorded_status=row.status,
        commands=row_commands(row, current.report.family, bundles),
        since=since(row.gate_id, current, found),
        history=tuple(_point(item, row.gate_id) for item in found),
        artifact_path=row.artifact_path,
        missing_evidence=missing,
    )


def _point(item: Recorded, gate_id: str) -> GatePoint:
    row = item.rows.get(gate_id)
    return GatePoint(run=item.run.ref, status=row.status if row else "absent", blocking=row.blocking if row else None)


def _carried(found: Sequence[Recorded], run: RunFacts) -> Recorded | None:
    """Return the newest earlier run of the same branch and workflow that has a verdict."""
    alike = (item for item in reversed(found) if (item.run.branch, item.run.workflow) == (run.branch, run.workflow))
    return next(alike, None)


def _why_stale(current: Recorded, run: RunFacts, days: int | None) -> str:
    if current.run.label != run.label:
        return f"that was in the run {current.run.label}; this run has no gate verdict of its own"
    if days is None:
        return "the file does not say when"
    if current.report.generated_at and current.report.generated_at > run.started_at:
        return "the file is dated after the end of the run"
    return f"that was {days} days before this run"


def _reports(evidence: Sequence[Evidence]) -> list[GateReport]:
    """Return all verdict files of the run: full suite, then certification, then preflight."""
    families = list(FAMILY_ORDER)
    reports = [report for unit in evidence for report in unit.gate_reports]
    return sorted(reports, key=lambda report: (families.index(report.family), report.path))
