"""The gates of the story, their trouble and their waivers, judged by the rules of the gate job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from artifacts_example.story.plan import ABORTED, LAST, MISSING_SHARD

if TYPE_CHECKING:
    from artifacts_example.story.plan import CiRun
    from artifacts_example.story.world import Json


SOON = 3


@dataclass(frozen=True, kw_only=True)
class Gate:
    """One gate: since when it is there and since when it blocks (run numbers)."""

    id: str
    name: str
    blocks_from: int | None
    first: int = 1
    last: int = LAST
    artifact: str = ""
    command: str = ""


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """One `[waiver.<gate>]` table and the runs in which it stood in the file."""

    gate: str
    created: str
    expires: str
    scope: str
    bead: str
    reason: str
    remove_when: str
    first: int
    last: int = LAST


@dataclass(frozen=True, kw_only=True)
class GateRow:
    """A gate with its status in one run."""

    gate: Gate
    status: str
    blocking: bool
    detail: str


GATES = (
    Gate(
        id="unit_no_mocks",
        name="Unit targets without mocks",
        blocks_from=1,
        artifact="docs/evidence/unit_no_mocks.json",
    ),
    Gate(id="e2e_log_contract", name="Test logs follow the contract", blocks_from=None, artifact="tests/e2e_results"),
    Gate(
        id="tide_reference_match",
        name="Tides match the reference tables",
        blocks_from=1,
        command="python3 scripts/compare_tides.py --strict",
    ),
    Gate(
        id="evidence_bundle",
        name="Evidence bundle is complete",
        blocks_from=None,
        artifact="tests/evidence_bundle/index.json",
    ),
    Gate(id="platform_linux", name="Linux platform checks", blocks_from=1),
    Gate(id="booking_regression", name="No regression in booking suites", blocks_from=1),
    Gate(id="booking_pass_rate", name="Pass rate of booking suites", blocks_from=1),
    Gate(
        id="suite_classification",
        name="Every suite is classified",
        blocks_from=1,
        artifact="tests/suite_classification.toml",
    ),
    Gate(id="traceability_matrix", name="Requirements are traced to tests", blocks_from=None),
    Gate(
        id="scenario_matrix",
        name="Scenario matrix is covered",
        blocks_from=None,
        artifact="docs/e2e_scenario_matrix.json",
    ),
    Gate(id="fax_gateway_probe", name="Fax gateway answers", blocks_from=None, last=12),
    Gate(
        id="waiver_lifecycle",
        name="No waiver is out of date",
        blocks_from=6,
        first=6,
        artifact="tests/suite_classification.toml",
    ),
    Gate(id="security_headers", name="Security headers of the web pages", blocks_from=13, first=13),
    Gate(id="invoice_ledger_parity", name="Invoices agree with the ledger", blocks_from=25, first=18),
    Gate(id="tidal_gate_contract", name="Tidal gate interface contract", blocks_from=None, first=30),
)
# gate, first and last run, status, detail
TROUBLE = (
    ("evidence_bundle", 3, 3, "fail", "section e2e_summary is missing"),
    ("booking_regression", 5, 8, "fail", "e2e_waitlist: 1 regression"),
    ("scenario_matrix", 9, 9, "skip", "docs/e2e_scenario_matrix.json not found"),
    ("booking_pass_rate", 12, 12, "warn", "field pass_rate_pct is missing"),
    ("tide_reference_match", 15, 16, "fail", "port Hollum: 4 heights differ by more than 5 cm"),
    ("invoice_ledger_parity", 18, LAST, "fail", "late-stay surcharge: ledger 18449, invoice 18450"),
    ("traceability_matrix", 20, LAST, "fail", "3 requirements without a test"),
    (
        "booking_regression",
        32,
        LAST,
        "fail",
        "e2e_arrival_board, e2e_berth_allocation, e2e_tide_windows: 3 regressions",
    ),
)
WITHOUT_COMMAND = ("e2e_log_contract", "traceability_matrix")
WAIVERS = (
    Waiver(gate="booking_regression", created="2026-10-05", expires="2026-10-09", scope="preflight", bead="hb-41",
           first=6, last=9, reason="waitlist order is being rewritten", remove_when="e2e_waitlist passes"),
    Waiver(gate="tide_reference_match", created="2026-10-18", expires="2026-11-06", scope="full", bead="hb-57",
           first=15, reason="new tables of port Hollum arrive in November", remove_when="the tables are imported"),
    Waiver(gate="traceability_matrix", created="2026-10-25", expires="2026-11-11", scope="both", bead="hb-63",
           first=20, reason="the visitor pass is not numbered yet", remove_when="its requirements have numbers"),
    Waiver(gate="invoice_ledger_parity", created="2026-10-30", expires="2026-11-27", scope="both", bead="hb-66",
           first=25, reason="one cent of difference, agreed with accounting", remove_when="e2e_invoice_run passes"),
)  # fmt: skip


def has_gates(run: CiRun) -> bool:
    """The gate job runs after a complete nightly."""
    return not run.is_pull_request and run.number not in {ABORTED, MISSING_SHARD}


def waivers_of(run: CiRun) -> dict[str, tuple[Waiver, str, int]]:
    """Waiver, status and days remaining by gate, as of the day of the run."""
    out: dict[str, tuple[Waiver, str, int]] = {}
    for waiver in WAIVERS if has_gates(run) else ():
        if waiver.first <= run.number <= waiver.last:
            left = (date.fromisoformat(waiver.expires) - run.finished.date()).days
            out[waiver.gate] = (waiver, "expired" if left < 0 else "expiring_soon" if left <= SOON else "active", left)
    return out


def rows_of(run: CiRun) -> list[GateRow]:
    """Every gate of a run with its status; none where the gate job did not run."""
    out: list[GateRow] = []
    for gate in GATES if has_gates(run) else ():
        if not gate.first <= run.number <= gate.last:
            continue
        found = next(((s, d) for g, a, b, s, d in TROUBLE if g == gate.id and a <= run.number <= b), ("pass", ""))
        status, detail = _lifecycle(run) if gate.id == "waiver_lifecycle" else found
        out.append(
            GateRow(
                gate=gate,
                status=status,
                detail=detail,
                blocking=gate.blocks_from is not None and run.number >= gate.blocks_from,
            )
        )
    return out


def _lifecycle(run: CiRun) -> tuple[str, str]:
    by_state = {
        state: [gate for gate, (_, s, _) in waivers_of(run).items() if s == state]
        for state in ("expired", "expiring_soon")
    }
    if by_state["expired"]:
        return "fail", f"expired: {', '.join(by_state['expired'])}"
    return (
        ("warn", f"expiring soon: {', '.join(by_state['expiring_soon'])}")
        if by_state["expiring_soon"]
        else ("pass", "")
    )


def verdict(rows: list[GateRow], waived: tuple[str, ...] = ()) -> str:
    """Pass, warn or fail by the contract; waived gates count as passed."""
    states = [("pass" if row.gate.id in waived else row.status, row.blocking) for row in rows]
    if any(blocking and status != "pass" for status, blocking in states):
        return "fail"
    return "warn" if ("fail", False) in states else "pass"


def summary(rows: list[GateRow]) -> Json:
    """Counts of a set of gates."""
    states = [row.status for row in rows]
    blocking = [row.status for row in rows if row.blocking]
    return {
        "total_gates": len(rows),
        "passed": states.count("pass"),
        "failed": states.count("fail"),
        "warned": states.count("warn"),
        "skipped": states.count("skip"),
        "blocking_pass": blocking.count("pass"),
        "blocking_total": len(blocking),
        "all_blocking_pass": blocking.count("pass") == len(blocking),
    }


def applied(run: CiRun, lane: str) -> tuple[str, ...]:
    """Gates whose failure a living waiver of this lane covers."""
    living = {
        gate
        for gate, (waiver, state, _) in waivers_of(run).items()
        if state != "expired" and waiver.scope in {"both", lane}
    }
    return tuple(row.gate.id for row in rows_of(run) if row.gate.id in living and row.status in {"fail", "warn"})
