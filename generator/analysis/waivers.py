"""Waivers of a run, their states recomputed from their own dates (CI artifact contract, section 8)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from generator.findings import WaiverFacts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.records import WaiverAudit, WaiverEntry

REQUIRED: Final = ("owner", "created", "expires", "bead", "reason", "scope", "remove_when")
"""Fields without which a waiver waives nothing."""

SCOPES: Final = ("full", "preflight", "both")
"""Lanes a waiver may be for."""

MAX_DAYS: Final = 30
"""Longest a waiver may run, from its creation to its expiry."""

SOON_DAYS: Final = 3
"""A waiver with at most this many days left expires soon; with 0 left it still holds today."""

_URGENCY: Final = {"expired": 0, "invalid": 1, "expiring_soon": 2, "active": 3}
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def newest(audits: Iterable[WaiverAudit]) -> WaiverAudit | None:
    """Return the audit that was written last; of two from one moment the one that knows more waivers."""
    return max(
        audits, key=lambda audit: (audit.generated_at or _LONG_AGO, len(audit.entries), audit.path), default=None
    )


def facts(audit: WaiverAudit | None, today: date | None = None) -> tuple[WaiverFacts, ...]:
    """Return the waivers of an audit as of `today` (the audit's own day unless given), what needs action first."""
    if audit is None:
        return ()
    day = today or audit.today or (audit.generated_at.astimezone(UTC).date() if audit.generated_at else None)
    found = [_facts(entry, day) for entry in audit.entries]
    return tuple(sorted(found, key=lambda waiver: (_URGENCY[waiver.state], _left(waiver), waiver.gate_id)))


def judge(entry: WaiverEntry, today: date | None) -> tuple[str, int | None, str]:
    """Return (state, days remaining, detail) of one waiver as of a day.

    Without any field of its own, or without a day, the audit's word stands; a word that is none of the four is invalid.
    """
    written = [field for field in REQUIRED if getattr(entry, field)]
    if not written or today is None:
        known = entry.status in _URGENCY
        detail = entry.detail if known else f"the audit gives it the unknown state {entry.status}"
        return (entry.status if known else "invalid"), entry.days_remaining, detail
    if missing := [field for field in REQUIRED if field not in written]:
        return "invalid", None, f"missing field: {', '.join(missing)}"
    created, expires = parse_day(entry.created), parse_day(entry.expires)
    if created is None or expires is None:
        return "invalid", None, "bad date"
    left = (expires - today).days
    if entry.scope not in SCOPES:
        return "invalid", left, "bad scope"
    if (expires - created).days > MAX_DAYS:
        return "invalid", left, f"longer than {MAX_DAYS} days"
    return ("expired" if left < 0 else "expiring_soon" if left <= SOON_DAYS else "active"), left, entry.detail


def parse_day(text: str) -> date | None:
    """Return the day that `YYYY-MM-DD` names, None for any other text."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def lane_waivers(waivers: Iterable[WaiverFacts], lane: str) -> frozenset[str]:
    """Return the gates that a valid waiver of this lane (`full` or `preflight`) or of both lanes is for."""
    return frozenset(waiver.gate_id for waiver in waivers if waiver.valid and waiver.scope in (lane, "both"))


def _facts(entry: WaiverEntry, today: date | None) -> WaiverFacts:
    state, left, detail = judge(entry, today)
    return WaiverFacts(
        gate_id=entry.gate_id,
        state=state,
        reported_state=entry.status,
        detail=detail,
        days_remaining=left,
        owner=entry.owner,
        created=entry.created,
        expires=entry.expires,
        issue=entry.bead,
        reason=entry.reason,
        scope=entry.scope,
        remove_when=entry.remove_when,
    )


def _left(waiver: WaiverFacts) -> int:
    return waiver.days_remaining if waiver.days_remaining is not None else -1
