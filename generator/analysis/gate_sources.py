"""Recorded verdict files checked against their own rows (CI artifact contract, section 7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from generator.analysis.waivers import lane_waivers
from generator.findings import GateSource
from generator.records import GateFamily

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.findings import RunFacts, WaiverFacts
    from generator.records import GateReport, GateRow

AHEAD: Final = timedelta(minutes=5)
"""A verdict may be written this much after the run's end: clocks differ, and the verdict is its last step."""

LONGEST_RUN: Final = timedelta(hours=24)
"""How long a run may have lasted that does not say when it ended."""

UNKNOWN: Final = "unknown"
"""Verdict of a file without rows: nothing was judged, so nothing passed."""

FAMILY_ORDER: Final = (GateFamily.FULL_SUITE, GateFamily.CERTIFICATION, GateFamily.PREFLIGHT)
"""Which file speaks for a run, first one first."""

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
_VERDICT_ORDER: Final = ("pass", "warn", "fail", UNKNOWN)
_STATUS_ORDER: Final = ("pass", "skip", "warn", "fail")
_COUNTED: Final = (("passed", "pass"), ("failed", "fail"), ("warned", "warn"), ("skipped", "skip"))
_WAIVABLE: Final = frozenset({"fail", "warn"})


def main_report(reports: Iterable[GateReport]) -> GateReport | None:
    """Return the report whose rows stand for the run: the newest full suite verdict, else that of a lane.

    The certification lane has the rows of all gates; the preflight lane those up to the first failure. Of two files
    from one moment the worse one counts.
    """
    return min(reports, key=_preference, default=None)


def recompute(rows: Sequence[GateRow]) -> tuple[str, dict[str, int]]:
    """Return verdict and summary: fail unless all blocking gates pass, else warn if another gate failed, else pass."""
    blocking = [row for row in rows if row.blocking]
    passed = sum(row.status == "pass" for row in blocking)
    clear = passed == len(blocking)
    summary = {
        "total_gates": len(rows),
        **{word: sum(row.status == status for row in rows) for word, status in _COUNTED},
        "blocking_pass": passed,
        "blocking_total": len(blocking),
        "all_blocking_pass": int(clear),
    }
    if not rows:
        return UNKNOWN, summary
    return ("fail" if not clear else "warn" if summary["failed"] else "pass"), summary


def rows_by_gate(report: GateReport) -> dict[str, GateRow]:
    """Return the rows by gate id in file order; of two rows of one gate the worse one."""
    found: dict[str, GateRow] = {}
    for row in report.gates:
        other = found.get(row.gate_id)
        if other is None or _badness(row) > _badness(other):
            found[row.gate_id] = row
    return found


def age(report: GateReport, run: RunFacts, max_days: int) -> tuple[int | None, bool]:
    """Return (whole days before the start of the run, whether that is too old or impossible).

    Without a time of its own a report is stale: nothing shows that it belongs to the run.
    """
    if report.generated_at is None:
        return None, True
    latest = (run.finished_at or run.started_at + LONGEST_RUN) + AHEAD
    days = max((run.started_at - report.generated_at).days, 0)
    return days, days > max_days or report.generated_at > latest


def source(report: GateReport, run: RunFacts, waivers: Sequence[WaiverFacts], max_days: int) -> GateSource:
    """Return the report as a source: how old it is, and whether its verdict and summary follow from its rows."""
    days, stale = age(report, run, max_days)
    verdict, summary, first, promote = _lane(report, waivers)
    blocking = [row for row in report.gates if row.blocking]
    return GateSource(
        family=report.family.value,
        path=report.path,
        generated_at=report.generated_at,
        age_days=days,
        stale=stale,
        reported_verdict=report.verdict,
        recomputed_verdict=verdict,
        gates=len(report.gates),
        agrees=report.verdict == verdict and _same(report.summary, summary) and report.can_promote in (None, promote),
        blocking_pass=sum(row.status == "pass" for row in blocking),
        blocking_total=len(blocking),
        waivers_applied=report.waivers_applied,
        first_failure=report.first_failure or first,
        can_promote=promote,
    )


def _lane(report: GateReport, waivers: Sequence[WaiverFacts]) -> tuple[str, dict[str, int], str, bool | None]:
    """Return (verdict, summary, first failure, may be promoted) by the rules of the report's family."""
    verdict, summary = recompute(report.gates)
    if report.family is GateFamily.PREFLIGHT:
        return _preflight(report.gates, lane_waivers(waivers, "preflight"))
    if report.family is GateFamily.FULL_SUITE:
        return verdict, summary, "", None
    waived = lane_waivers(waivers, "full")
    eased = [
        row.model_copy(update={"status": "pass"}) if row.gate_id in waived and row.status in _WAIVABLE else row
        for row in report.gates
    ]
    verdict, after = recompute(eased)
    used = sum(row.gate_id in waived and row.status in _WAIVABLE for row in report.gates)
    promote = bool(report.gates) and bool(after["all_blocking_pass"])
    promote = promote and not any(waiver.state in ("expired", "invalid") for waiver in waivers)
    return verdict, summary | {"waived": used}, "", promote


def _preflight(rows: Sequence[GateRow], waived: frozenset[str]) -> tuple[str, dict[str, int], str, None]:
    """Judge the lane that stops at the first gate that neither passed, was skipped nor is waived."""
    bad = [row for row in rows if row.status in _WAIVABLE and row.gate_id not in waived]
    summary = {
        "blocking_pass": sum(row.status == "pass" for row in rows),
        "blocking_fail": len(bad),
        "blocking_skip": sum(row.status == "skip" for row in rows),
        "blocking_waived": sum(row.status in _WAIVABLE and row.gate_id in waived for row in rows),
        "blocking_total": len(rows),
        "fail_fast_triggered": int(bool(bad)),
    }
    if not rows:
        return UNKNOWN, summary, "", None
    return ("fail" if bad else "pass"), summary, bad[0].gate_id if bad else "", None


def _same(written: Iterable[tuple[str, int]], computed: dict[str, int]) -> bool:
    """Whether every number that both know is the same; names the contract does not know say nothing."""
    return all(computed.get(name, number) == number for name, number in written)


def _preference(report: GateReport) -> tuple[int, float, int, str]:
    made = report.generated_at or _LONG_AGO
    verdict = recompute(report.gates)[0]
    return (
        FAMILY_ORDER.index(report.family),
        -(made - _LONG_AGO).total_seconds(),
        -_VERDICT_ORDER.index(verdict),
        report.path,
    )


def _badness(row: GateRow) -> tuple[bool, int]:
    known = _STATUS_ORDER.index(row.status) if row.status in _STATUS_ORDER else _STATUS_ORDER.index("skip")
    return row.blocking, known
