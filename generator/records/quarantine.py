"""Which suites there are, and which tests are quarantined or waived."""

from __future__ import annotations

from datetime import datetime

from generator.records.base import Record
from generator.records.gates import WaiverEntry


class QuarantineEntry(Record):
    """One quarantined test target: the nine fields of the policy as written, and its state."""

    name: str
    status: str = ""
    """active, expiring-soon or expired as the report says; empty in the policy file, which has dates only."""
    category: str = ""
    """FLAKE-TIMING, -ENV, -NET, -RES, -EXT or -LOGIC; the set is open."""
    owner: str = ""
    quarantined: str = ""
    expires: str = ""
    """Dates as YYYY-MM-DD."""
    bead: str = ""
    evidence: str = ""
    repro: str = ""
    reason: str = ""
    remove_when: str = ""
    days_remaining: int | None = None
    invalid: str = ""
    """Why the entry breaks the policy; empty when it does not. An invalid entry never excuses a failure."""


class QuarantineReport(Record):
    """`quarantine_report.json`, or the rows of `quarantine_audit.jsonl`."""

    part: str = ""
    path: str = ""
    generated_at: datetime | None = None
    today: str = ""
    numbers: tuple[tuple[str, int], ...] = ()
    entries: tuple[QuarantineEntry, ...] = ()
    escalations: tuple[tuple[str, str, str], ...] = ()
    """(name, severity, action), in the order of the file."""


class SuiteClassification(Record):
    """`suite_classification.toml`: suites by class, waivers and quarantine as the policy file has them."""

    part: str = ""
    path: str = ""
    classes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(unit, vcr or e2e; test stems in the order of the file)."""
    duplicates: tuple[str, ...] = ()
    """Stems that are listed more than once."""
    waivers: tuple[WaiverEntry, ...] = ()
    quarantine: tuple[QuarantineEntry, ...] = ()
