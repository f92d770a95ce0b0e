"""States of waivers, recomputed from their dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.analysis import waivers
from generator.records import WaiverAudit, WaiverEntry

TODAY = date(2026, 7, 5)


def entry(gate: str = "cross_platform", left: int = 10, **more: object) -> WaiverEntry:
    fields = {
        "gate_id": gate,
        "status": "active",
        "owner": "depot-team",
        "created": (TODAY + timedelta(days=left - 20)).isoformat(),
        "expires": (TODAY + timedelta(days=left)).isoformat(),
        "bead": "px-1",
        "reason": "the sandbox is being replaced",
        "scope": "both",
        "remove_when": "it passes three times",
    }
    return WaiverEntry.model_validate(fields | more)


def audit(*entries: WaiverEntry, day: date | None = TODAY, hour: int = 12) -> WaiverAudit:
    made = datetime(2026, 7, 5, hour, tzinfo=UTC)
    return WaiverAudit(part="", generated_at=made, today=day, total=len(entries), entries=entries)


@pytest.mark.parametrize(
    ("left", "state"),
    [(-1, "expired"), (0, "expiring_soon"), (3, "expiring_soon"), (4, "active"), (10, "active")],
)
def test_days_remaining_decide_the_state_and_the_last_day_still_holds(left: int, state: str) -> None:
    (waiver,) = waivers.facts(audit(entry(left=left)))
    assert (waiver.state, waiver.days_remaining) == (state, left)
    assert waiver.valid == (state != "expired")


@pytest.mark.parametrize(
    ("change", "left", "detail"),
    [
        ({"remove_when": ""}, None, "missing field: remove_when"),
        ({"owner": "", "bead": ""}, None, "missing field: owner, bead"),
        ({"expires": "2026-13-40"}, None, "bad date"),
        ({"created": "20260701"}, None, "bad date"),
        ({"scope": "everything"}, 10, "bad scope"),
        ({"created": "2026-06-14"}, 10, "longer than 30 days"),
    ],
)
def test_a_waiver_that_is_not_as_it_must_be_is_invalid(change: dict[str, str], left: int | None, detail: str) -> None:
    (waiver,) = waivers.facts(audit(entry().model_copy(update=change)))
    assert (waiver.state, waiver.days_remaining, waiver.detail) == ("invalid", left, detail)
    assert waiver.reported_state == "active"


def test_thirty_days_are_not_too_long() -> None:
    (waiver,) = waivers.facts(audit(entry(created="2026-06-15")))
    assert waiver.state == "active"


def test_an_expiry_before_the_creation_is_merely_expired() -> None:
    (waiver,) = waivers.facts(audit(entry(created="2026-07-04", expires="2026-07-01")))
    assert waiver.state == "expired"


def test_without_fields_of_its_own_the_word_of_the_audit_stands() -> None:
    lone = WaiverEntry(gate_id="evidence_bundle", status="invalid", detail="not a table")
    (waiver,) = waivers.facts(audit(lone))
    assert (waiver.state, waiver.detail, waiver.days_remaining) == ("invalid", "not a table", None)


def test_a_word_that_is_no_state_never_waives() -> None:
    (waiver,) = waivers.facts(audit(WaiverEntry(gate_id="evidence_bundle", status="fine")))
    assert waiver.state == "invalid"
    assert "fine" in waiver.detail


def test_an_audit_without_a_day_takes_that_of_its_time() -> None:
    (waiver,) = waivers.facts(audit(entry(left=2), day=None))
    assert waiver.state == "expiring_soon"


def test_another_day_may_be_asked_for() -> None:
    (waiver,) = waivers.facts(audit(entry(left=2)), TODAY + timedelta(days=3))
    assert (waiver.state, waiver.days_remaining) == ("expired", -1)


def test_what_needs_action_comes_first() -> None:
    found = waivers.facts(
        audit(entry("d", 9), entry("c", 2), entry("b", scope="x"), entry("a", -2), entry("e", -9), entry("f", 1))
    )
    assert [waiver.gate_id for waiver in found] == ["e", "a", "b", "f", "c", "d"]


def test_the_newest_audit_counts() -> None:
    assert waivers.newest([]) is None
    assert waivers.facts(None) == ()
    early, late = audit(entry("a"), hour=1), audit(entry("b"), hour=2)
    assert waivers.newest([late, early]) is late


def test_a_lane_takes_only_valid_waivers_of_its_own_or_both_lanes() -> None:
    found = waivers.facts(
        audit(
            entry("a", scope="full"), entry("b", scope="preflight"), entry("c"), entry("d", -1), entry("e", scope="?")
        )
    )
    assert waivers.lane_waivers(found, "full") == {"a", "c"}
    assert waivers.lane_waivers(found, "preflight") == {"b", "c"}


@given(st.text(max_size=12) | st.dates().map(date.isoformat))
def test_only_a_real_day_is_a_day(text: str) -> None:
    found = waivers.parse_day(text)
    assert found is None or found.isoformat() == text
