"""The gates that CI evaluated itself, with the waivers that apply to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date
from typing import TYPE_CHECKING, Final

from generator.findings import Verdict
from generator.gates.policy import count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.findings import Findings, GateVerdict, WaiverFacts
    from generator.plugins import GateLimits

_WAIVABLE: Final = frozenset({"fail", "warn"})
_LANES: Final = frozenset({"full", "both"})


def judge(findings: Findings, limits: GateLimits) -> tuple[GateVerdict, ...]:
    """Return the recorded gates, waived where a waiver applies; a waived one keeps its verdict and stays visible."""
    day = findings.run.started_at.astimezone(UTC).date()
    stale = _stale(findings)
    return tuple(
        _waived(
            replace(row, blocking=row.blocking and limits.recorded_gates_block, actual=f"{row.actual}{stale}"),
            findings.gates.waivers,
            day,
        )
        for row in findings.gates.rows
    )


def applies(waiver: WaiverFacts, row: GateVerdict, day: date) -> bool:
    """Whether a waiver is valid, of the full lane, not run out before the run, and its gate failed or warned."""
    if row.missing_evidence or row.recorded_status not in _WAIVABLE:
        return False
    return waiver.valid and waiver.scope in _LANES and not _ran_out(waiver, day)


def _stale(findings: Findings) -> str:
    """Return from which run rows that do not count were taken, and how old they are; empty for rows that count.

    All rows come from the first source: where they do not count, each of them lacks evidence.
    """
    evidence = findings.gates
    if not evidence.sources or not evidence.sources[0].stale or not all(row.missing_evidence for row in evidence.rows):
        return ""
    days = evidence.sources[0].age_days
    age = "of unknown age" if days is None else f"{count(days, 'day')} old"
    return f" (stale: {_origin(findings)}, {age})"


def _origin(findings: Findings) -> str:
    """Name the newest run of the same branch and workflow that has gate verdicts: the rows are its own."""
    run = findings.run
    alike = {other.label for other in findings.runs if (other.branch, other.workflow) == (run.branch, run.workflow)}
    label = next((ref.label for ref in reversed(findings.gates.runs) if ref.label in alike), "")
    if label == run.label:
        return "in this run"
    return f"in run {label}" if label else "in an earlier run"


def _waived(row: GateVerdict, waivers: Iterable[WaiverFacts], day: date) -> GateVerdict:
    mine = [waiver for waiver in waivers if waiver.gate_id == row.gate_id]
    if not mine:
        return row
    chosen = next((waiver for waiver in mine if applies(waiver, row, day)), mine[0])
    if applies(chosen, row, day):
        reason = f"{row.reason} Waived until {chosen.expires} by {chosen.owner}: {chosen.reason}."
        return replace(row, waiver=chosen, waived=True, reason=reason)
    if row.verdict is Verdict.PASS:
        return replace(row, waiver=chosen)
    return replace(row, waiver=chosen, reason=f"{row.reason} Its waiver does not apply: {_why_not(chosen, row, day)}.")


def _why_not(waiver: WaiverFacts, row: GateVerdict, day: date) -> str:
    if not waiver.valid:
        return f"it is {waiver.state}" + (f" ({waiver.detail})" if waiver.detail else "")
    if waiver.scope not in _LANES:
        return f"it is for the lane {waiver.scope}" if waiver.scope else "it names no lane"
    if _ran_out(waiver, day):
        return f"it ran out on {waiver.expires}, before this run"
    return f"a waiver excuses a failure or a warning, not {row.recorded_status} or missing evidence"


def _ran_out(waiver: WaiverFacts, day: date) -> bool:
    """Whether the last valid day lies before the run, or is no day at all."""
    try:
        return date.fromisoformat(waiver.expires) < day
    except ValueError:
        return True
