"""`quarantine_report.json`: tests whose failures do not block for a while, judged by their dates."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from generator.readers import _native
from generator.readers._policy import day_of, quarantine_entry, quarantine_fault, quarantine_state
from generator.readers._said import Raw, said, shown, table, told, whole
from generator.readers._statements import opened
from generator.records import QuarantineReport

if TYPE_CHECKING:
    from datetime import date

    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._statements import Sheet
    from generator.records import QuarantineEntry

NAME = "quarantine_report"
TITLE = "Gates: quarantined tests"
SIGNS = "schema `<ns>.test.quarantine_report.v2`, or `quarantine_report.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="test.quarantine_report",
    file="quarantine_report.json",
    marks=frozenset({"active_count", "escalations", "max_quarantine_days"}),
    version=2,
)
LIMIT: Final = 1_000
"""Entries, and escalations, kept of one file."""

_COUNTS: Final = ("active_count", "expiring_soon_count", "expired_count", "max_quarantine_days")


def recognises(artifact: Artifact) -> str:
    """Return the sign of a report of quarantined tests."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the QuarantineReport; an entry that is listed as active against its dates is invalid.

    Raises UnreadableError.
    """
    sheet = opened(artifact, KIND, (2,))
    raw = sheet.raw
    today = day_of(raw, "today")
    entries = [_entry(sheet, row, today) for row in sheet.each("entries")]
    tally = Counter(entry.status for entry in entries)
    # the active ones include those that expire soon
    sheet.same("active_count", whole(raw, "active_count"), tally["active"] + tally["expiring-soon"])
    sheet.same("expiring_soon_count", whole(raw, "expiring_soon_count"), tally["expiring-soon"])
    sheet.same("expired_count", whole(raw, "expired_count"), tally["expired"])
    _repeats(sheet, entries)
    escalations = tuple(
        (said(row, "name"), said(row, "severity"), told(row, "action")) for row in sheet.each("escalations")[:LIMIT]
    )
    report = QuarantineReport(
        generated_at=sheet.document.moment(sheet.document.fields, "generated_at"),
        today=said(raw, "today"),
        numbers=_numbers(raw),
        entries=tuple(entries[:LIMIT]),
        escalations=escalations,
    )
    if len(entries) > LIMIT:
        sheet.document.note(f"has {len(entries)} entries, of which the first {LIMIT} are kept")
    return sheet.reading(report)


def _entry(sheet: Sheet, row: Raw, today: date | None) -> QuarantineEntry:
    name, status = said(row, "name") or "(no name)", said(row, "status")
    fault = "has no name" if not said(row, "name") else quarantine_fault(dict(row))
    found = quarantine_state(row, today) if today else None
    if found and found[0] != status:
        sheet.doubt(f"lists {name} as {status or 'nothing'}, but by its dates it is {found[0]}")
        if found[0] == "expired":
            fault = fault or "is expired by its dates"
    return quarantine_entry(name, row, status=status, left=whole(row, "days_remaining"), fault=fault)


def _repeats(sheet: Sheet, entries: list[QuarantineEntry]) -> None:
    twice = sorted(name for name, times in Counter(entry.name for entry in entries).items() if times > 1)
    if twice:
        sheet.document.note(f"lists {', '.join(twice[:5])} more than once")


def _numbers(raw: Raw) -> tuple[tuple[str, int], ...]:
    found = {name: value for name in _COUNTS if (value := whole(raw, name)) is not None}
    for outer in ("category_counts", "retry_policy"):
        inner = table(raw.get(outer))
        for name in list(inner)[:100]:
            value = whole(inner, name)
            if value is not None:
                found[f"{outer}.{shown(name)}"] = value
    return tuple(sorted(found.items()))
