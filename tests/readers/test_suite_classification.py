"""Waivers and quarantine excuse something only while they keep to their rules."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import quarantine_audit, quarantine_report, suite_classification
from generator.readers._policy import quarantine_fault, waiver_fault
from generator.records import QuarantineReport, SuiteClassification
from tests.readers.in_memory import artifact
from tests.readers.native_files import WHEN, Json, lines, messages, reading_of, without

if TYPE_CHECKING:
    from generator.plugins import Reading

WAIVER: Json = {
    "owner": "checkout-team",
    "created": "2026-03-01",
    "expires": "2026-03-31",
    "bead": "shop-1",
    "reason": "moves this week",
    "scope": "full",
    "remove_when": "moved",
}
QUARANTINE: Json = {
    "category": "FLAKE-NET",
    "owner": "checkout-team",
    "quarantined": "2026-03-01",
    "expires": "2026-03-15",
    "bead": "shop-2",
    "evidence": "run 812",
    "repro": "cargo test --test bank",
    "reason": "times out",
    "remove_when": "three clean runs",
}


def toml(name: str, entry: Json) -> str:
    return f"[{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in entry.items())


def policy(text: str) -> tuple[SuiteClassification, Reading]:
    reading = reading_of(suite_classification, "suite_classification.toml", text)
    (record,) = reading.records
    assert isinstance(record, SuiteClassification)
    return record, reading


def report_of(reading: Reading) -> QuarantineReport:
    (record,) = reading.records
    assert isinstance(record, QuarantineReport)
    return record


def test_thirty_days_of_waiver_and_fourteen_of_quarantine_are_allowed() -> None:
    assert waiver_fault(WAIVER) == ""
    assert quarantine_fault(QUARANTINE) == ""


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("later", "is no table"),
        (WAIVER | {"expires": "2026-04-01"}, "lasts 31 days, 30 at most"),
        (WAIVER | {"scope": "everything"}, "has the scope everything"),
        (WAIVER | {"created": "1 March 2026"}, "no date YYYY-MM-DD in `created`"),
        (WAIVER | {"expires": "2026-02-30"}, "no date YYYY-MM-DD in `expires`"),
        (WAIVER | {"expires": "20260310"}, "no date YYYY-MM-DD in `expires`"),
        (WAIVER | {"created": date(2026, 3, 1)}, "has no text in `created`"),
        *((without(WAIVER, name), f"has no text in `{name}`") for name in WAIVER),
        (WAIVER | {"owner": "  "}, "has no text in `owner`"),
    ],
)
def test_a_waiver_against_the_rules_says_why(entry: object, why: str) -> None:
    assert why in waiver_fault(entry)


def test_a_waiver_that_expires_before_its_creation_is_merely_expired() -> None:
    assert waiver_fault(WAIVER | {"expires": "2026-02-01"}) == ""


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (7, "is no table"),
        (QUARANTINE | {"expires": "2026-03-16"}, "lasts 15 days, 0 to 14 are allowed"),
        (QUARANTINE | {"expires": "2026-02-28"}, "lasts -1 days"),
        (QUARANTINE | {"category": "FLAKE-MOOD"}, "has the category FLAKE-MOOD"),
        *((without(QUARANTINE, name), f"has no text in `{name}`") for name in QUARANTINE),
    ],
)
def test_a_quarantine_against_the_rules_says_why(entry: object, why: str) -> None:
    assert why in quarantine_fault(entry)


@given(days=st.integers(-400, 400))
@settings(max_examples=60, deadline=None)
def test_only_the_span_decides_where_all_else_is_right(days: int) -> None:
    last = (datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=days)).date().isoformat()
    assert (waiver_fault(WAIVER | {"expires": last}) == "") == (days <= 30)
    assert (quarantine_fault(QUARANTINE | {"expires": last}) == "") == (0 <= days <= 14)


def test_states_need_a_date_and_are_left_open_in_the_policy_file() -> None:
    record, reading = policy(toml("waiver.gate_a", WAIVER) + toml("quarantine.bank", QUARANTINE))
    assert [(entry.gate_id, entry.status, entry.expires) for entry in record.waivers] == [("gate_a", "", "2026-03-31")]
    assert [(entry.name, entry.status, entry.invalid) for entry in record.quarantine] == [("bank", "", "")]
    assert reading.problems == ()


def test_entries_that_excuse_nothing_are_kept_as_invalid_and_warned_of() -> None:
    record, reading = policy('[waiver]\ngate_a = "later"\n' + toml("quarantine.bank", without(QUARANTINE, "owner")))
    assert [(entry.status, entry.detail) for entry in record.waivers] == [("invalid", "is no table")]
    assert [entry.invalid for entry in record.quarantine] == ["has no text in `owner`"]
    assert "the waiver of gate_a is no table; the quarantine of bank has no text in `owner`" in messages(reading)


def test_classes_keep_the_order_of_the_file_and_name_what_is_listed_twice() -> None:
    record, reading = policy('[suite.vcr]\nfiles = ["b", "a"]\n[suite.unit]\nfiles = ["c", "b", 7]\n')
    assert record.classes == (("vcr", ("b", "a")), ("unit", ("c", "b")))
    assert record.duplicates == ("b",)
    assert "`suite.unit.files` is no list of texts" in messages(reading)


def test_the_policy_file_is_known_by_its_tables_or_its_name() -> None:
    assert suite_classification.recognises(artifact("classes.toml", "# head\n[suite.e2e]\nfiles = []\n"))
    assert not suite_classification.recognises(artifact("pyproject.toml", '[project]\nname = "shop"\n'))
    assert not suite_classification.recognises(artifact("notes.md", "[suite.e2e]\n"))
    with pytest.raises(UnreadableError, match="none of the tables"):
        policy('[project]\nname = "shop"\n')
    with pytest.raises(UnreadableError, match="not TOML"):
        policy("[suite.unit]\nfiles = [")


@given(text=st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_text_is_a_policy_or_refused_politely(text: str) -> None:
    try:
        record, _ = policy(f"[quarantine.a]\ncategory = {text}\n")
    except UnreadableError:
        return
    assert all(entry.invalid for entry in record.quarantine)


def quarantine(*entries: Json, **fields: object) -> Reading:
    document: Json = {"schema": "pi.test.quarantine_report.v2", "generated_at": WHEN, "today": "2026-03-04"}
    return reading_of(quarantine_report, "quarantine_report.json", document | {"entries": list(entries)} | fields)


@pytest.mark.parametrize(
    ("expires", "status"),
    [
        ("2026-03-03", "expired"),
        ("2026-03-04", "expiring-soon"),
        ("2026-03-06", "expiring-soon"),
        ("2026-03-07", "active"),
    ],
)
def test_the_state_of_a_quarantined_test_follows_from_its_dates(expires: str, status: str) -> None:
    said = quarantine(QUARANTINE | {"name": "bank", "expires": expires, "status": status})
    assert (report_of(said).entries[0].invalid, said.problems) == ("", ())


def test_an_expired_test_that_is_listed_as_active_excuses_nothing() -> None:
    said = quarantine(QUARANTINE | {"name": "bank", "expires": "2026-03-03", "status": "active"})
    (entry,) = report_of(said).entries
    assert (entry.status, entry.invalid) == ("active", "is expired by its dates")
    assert "lists bank as active, but by its dates it is expired" in messages(said)


def test_active_counts_include_those_that_expire_soon() -> None:
    rows = [QUARANTINE | {"name": "a", "status": "active"}]
    rows.append(QUARANTINE | {"name": "b", "status": "expiring-soon", "expires": "2026-03-05"})
    right = quarantine(*rows, active_count=2, expiring_soon_count=1, expired_count=0)
    assert right.problems == ()
    assert dict(report_of(right).numbers)["active_count"] == 2
    assert "states `active_count` 1, but its rows make 2" in messages(quarantine(*rows, active_count=1))


def test_the_audit_keeps_its_rows_in_their_order() -> None:
    row: Json = {"schema": "pi.test.quarantine_audit_entry.v1", "name": "bank", "status": "active"} | QUARANTINE
    text = lines(row | {"ts": "2026-03-01T00:00:00Z"}, row | {"status": "expired", "ts": WHEN})
    said = reading_of(quarantine_audit, "audit.jsonl", text)
    assert [entry.status for entry in report_of(said).entries] == ["active", "expired"]
    assert said.schema_id == "pi.test.quarantine_audit_entry.v1"
    with pytest.raises(UnreadableError, match="v2"):
        reading_of(quarantine_audit, "quarantine_audit.jsonl", text.replace("entry.v1", "entry.v2"))
