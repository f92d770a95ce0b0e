"""What static analysis and security scanners report (SARIF)."""

from __future__ import annotations

from generator.records.base import Record


class Alert(Record):
    """One result of a scanner."""

    rule: str
    level: str
    """error, warning, note or none, after the defaults of rule and configuration are applied."""
    message: str
    file: str = ""
    line: int | None = None
    fingerprint: str = ""
    """The scanner's own identity of the alert over time, where it gives one."""
    kind: str = "fail"
    """fail, pass, open, review, informational or notApplicable; only `fail` is a finding."""
    baseline: str = ""
    """new, unchanged, updated, absent, or nothing."""
    suppressed: bool = False
    severity: float | None = None
    """Security severity (CVSS-like, 0 to 10) of the rule, where stated."""


class AlertReport(Record):
    """One run of one scanner."""

    part: str = ""
    path: str = ""
    tool: str
    version: str = ""
    total: int
    """All results, also those beyond the limit."""
    by_level: tuple[tuple[str, int], ...] = ()
    """(level, number) of the findings that are neither suppressed nor absent, sorted by level; all are counted."""
    alerts: tuple[Alert, ...] = ()
    notes: tuple[str, ...] = ()
    """What the tool says went wrong while it ran."""
