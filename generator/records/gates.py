"""Gate verdicts and waivers as CI recorded them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from generator.records.base import Record


class GateRow(Record):
    """One gate in one verdict file."""

    gate_id: str
    name: str
    status: str
    """pass, fail, warn or skip as written; the set is open."""
    blocking: bool
    detail: str = ""
    artifact_path: str = ""
    bead: str = ""
    command: str = ""
    command_secret: bool = False


class GateFamily(StrEnum):
    """Which file a gate report was."""

    FULL_SUITE = "full_suite"
    PREFLIGHT = "preflight"
    CERTIFICATION = "certification"


class GateReport(Record):
    """`full_suite_verdict.json`, `preflight_verdict.json` or `certification_verdict.json`."""

    part: str
    family: GateFamily
    generated_at: datetime | None
    verdict: str
    policy: str = ""
    gates: tuple[GateRow, ...] = ()
    summary: tuple[tuple[str, int], ...] = ()
    """(name, number) pairs as written, sorted by name; booleans as 0 or 1."""
    waivers_applied: tuple[str, ...] = ()
    first_failure: str = ""
    """Gate id; some writers put an object there, one a string."""
    can_promote: bool | None = None
    blockers: tuple[str, ...] = ()
    event_statuses: tuple[tuple[str, str], ...] = ()
    """(gate id, status) of the companion events file when there is one, in file order."""
    path: str = ""


class WaiverEntry(Record):
    """One waiver of `waiver_audit.json`, joined by gate id (the two lists there differ in length)."""

    gate_id: str
    status: str
    """active, expiring_soon, expired or invalid, as the audit says."""
    detail: str = ""
    days_remaining: int | None = None
    owner: str = ""
    created: str = ""
    expires: str = ""
    bead: str = ""
    reason: str = ""
    scope: str = ""
    remove_when: str = ""


class WaiverAudit(Record):
    """`waiver_audit.json`: states at `today`."""

    part: str
    generated_at: datetime | None
    today: date | None
    total: int
    entries: tuple[WaiverEntry, ...] = ()
    path: str = ""
