"""Rules of waivers and quarantine: which fields an entry must have, and how long it may last."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from generator.readers._said import said, told
from generator.records import QuarantineEntry

if TYPE_CHECKING:
    from generator.readers._said import Raw

WAIVER_FIELDS: Final = ("owner", "created", "expires", "bead", "reason", "scope", "remove_when")
WAIVER_DAYS: Final = 30
"""Longest time from creation to expiry of a waiver."""

QUARANTINE_FIELDS: Final = (
    *("category", "owner", "quarantined", "expires", "bead", "evidence", "repro", "reason", "remove_when"),
)
QUARANTINE_DAYS: Final = 14
"""Longest time from quarantine to expiry."""

EXPIRING_DAYS: Final = 2
"""Days left up to which a quarantined test is expiring soon."""

_CATEGORIES: Final = frozenset({"FLAKE-TIMING", "FLAKE-ENV", "FLAKE-NET", "FLAKE-RES", "FLAKE-EXT", "FLAKE-LOGIC"})
_SCOPES: Final = frozenset({"full", "preflight", "both"})
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def day_of(row: Raw, name: str) -> date | None:
    """Return the date in a field that is a text `YYYY-MM-DD`."""
    value = row.get(name)
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def waiver_fault(entry: object) -> str:
    """Say why a waiver is invalid; empty when it is not. One that expires before its creation is merely expired."""
    if not isinstance(entry, dict):
        return "is no table"
    fault = _incomplete(entry, WAIVER_FIELDS)
    if fault:
        return fault
    if entry["scope"] not in _SCOPES:
        return f"has the scope {said(entry, 'scope')}, not full, preflight or both"
    first, last = day_of(entry, "created"), day_of(entry, "expires")
    if first is None or last is None:
        return f"has no date YYYY-MM-DD in `{'created' if first is None else 'expires'}`"
    days = (last - first).days
    return f"lasts {days} days, {WAIVER_DAYS} at most" if days > WAIVER_DAYS else ""


def quarantine_fault(entry: object) -> str:
    """Say why a quarantine is invalid; empty when it is not."""
    if not isinstance(entry, dict):
        return "is no table"
    fault = _incomplete(entry, QUARANTINE_FIELDS)
    if fault:
        return fault
    if entry["category"] not in _CATEGORIES:
        return f"has the category {said(entry, 'category')}, which is not known"
    first, last = day_of(entry, "quarantined"), day_of(entry, "expires")
    if first is None or last is None:
        return f"has no date YYYY-MM-DD in `{'quarantined' if first is None else 'expires'}`"
    days = (last - first).days
    return "" if 0 <= days <= QUARANTINE_DAYS else f"lasts {days} days, 0 to {QUARANTINE_DAYS} are allowed"


def quarantine_state(entry: Raw, today: date) -> tuple[str, int] | None:
    """Return the state on a day, and the days left; None without a date of expiry."""
    last = day_of(entry, "expires")
    if last is None:
        return None
    left = (last - today).days
    return "expired" if left < 0 else "expiring-soon" if left <= EXPIRING_DAYS else "active", left


def quarantine_entry(
    name: str, entry: Raw, *, status: str = "", left: int | None = None, fault: str = ""
) -> QuarantineEntry:
    """Return the entry with its fields as written, cleaned."""
    return QuarantineEntry(
        name=name,
        status=status,
        category=said(entry, "category"),
        owner=said(entry, "owner"),
        quarantined=said(entry, "quarantined"),
        expires=said(entry, "expires"),
        bead=said(entry, "bead"),
        evidence=told(entry, "evidence"),
        repro=told(entry, "repro"),
        reason=told(entry, "reason"),
        remove_when=told(entry, "remove_when"),
        days_remaining=left,
        invalid=fault,
    )


def _incomplete(entry: Raw, names: tuple[str, ...]) -> str:
    """Say which of the required fields is no text with something in it."""
    lost = [name for name in names if not isinstance(text := entry.get(name), str) or not text.strip()]
    return f"has no text in {', '.join(f'`{name}`' for name in lost)}" if lost else ""
