"""Measurements of the gate family: gaps stay gaps, units are what they are, texts become numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.readers import perf_budget_events, perf_budgets, perf_comparison, stress_triage
from tests.readers.in_memory import artifact
from tests.readers.native_files import WHEN, Json, lines, measured, messages, reading_of, statement_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.plugins import Reading
    from generator.records import Measurement


def budget(name: str, unit: str = "ms", threshold: float = 10.0, **fields: object) -> Json:
    return {"name": name, "metric": name, "unit": unit, "threshold": threshold, "ci_enforced": True} | fields


def result(name: str, status: str, actual: float | None, **fields: object) -> Json:
    return {"budget_name": name, "status": status, "actual": actual, "threshold": 10.0} | fields


def summary(version: int, budgets: list[Json], results: list[Json], **fields: object) -> Reading:
    def tally(status: str) -> int:
        return sum(row["status"] == status for row in results)

    document = {
        "schema": f"pi.perf.budget_summary.v{version}",
        "generated_at": WHEN,
        "budgets": budgets,
        "total_budgets": len(budgets),
        "pass": tally("PASS"),
        "fail": tally("FAIL"),
        "no_data": len(budgets) - tally("PASS") - tally("FAIL"),
    }
    more = {"budget_results": results} if version == 2 else {}
    return reading_of(perf_budgets, "budget_summary.json", document | more | fields)


def only(reading: Reading) -> Measurement:
    (found,) = measured(reading).measurements
    return found


@pytest.mark.parametrize(
    ("rows", "ok"),
    [
        ([result("a", "PASS", 5.0)], True),
        ([result("a", "FAIL", 15.0)], False),
        ([result("a", "NO_DATA", None)], None),
        ([result("a", "FAIL", 15.0), result("b", "PASS", 1.0)], False),
    ],
)
def test_budgets_hold_when_one_passed_and_none_that_counts_failed(rows: list[Json], ok: object) -> None:
    said = summary(2, [budget(str(row["budget_name"])) for row in rows], rows)
    assert (statement_of(said).ok, said.problems) == (ok, ())


def test_a_budget_that_ci_does_not_enforce_may_fail() -> None:
    budgets = [budget("a", ci_enforced=False), budget("b")]
    said = summary(2, budgets, [result("a", "FAIL", 15.0), result("b", "PASS", 1.0)], ci_fail=0)
    assert statement_of(said).ok is True


def test_a_failing_data_contract_keeps_budgets_from_holding() -> None:
    contracts = [{"contract_id": "fresh", "budget_name": "a", "detail": "is old"}]
    said = summary(2, [budget("a")], [result("a", "PASS", 5.0)], failing_data_contracts=contracts)
    assert statement_of(said).ok is False


def test_no_data_is_a_gap_and_never_zero() -> None:
    found = only(summary(2, [budget("a")], [result("a", "NO_DATA", 0.0)]))
    assert (found.value, found.status) == (None, "NO_DATA")


@pytest.mark.parametrize(
    ("fields", "bigger"),
    [
        ({"comparison": "minimum"}, True),
        ({"comparison": "maximum", "unit": "calls/sec"}, False),
        ({"unit": "calls/sec"}, True),
        ({"unit": "MB"}, False),
        ({"unit": ""}, None),
    ],
)
def test_which_way_is_better_is_said_or_follows_from_the_unit(fields: Json, bigger: object) -> None:
    found = only(summary(2, [budget("a") | fields], [result("a", "NO_DATA", None)]))
    assert found.bigger_is_better is bigger


def test_a_budget_that_passes_beyond_its_threshold_contradicts_itself() -> None:
    said = summary(2, [budget("a")], [result("a", "PASS", 15.0)])
    assert statement_of(said).ok is False
    assert "a is PASS with 15 against 10" in messages(said)


def test_the_first_version_has_budgets_but_no_values() -> None:
    said = summary(1, [budget("a"), budget("b")], [], **{"pass": 1, "no_data": 1})
    assert [type(record).__name__ for record in said.records] == ["Statement"]
    assert [row.id for row in statement_of(said).rows] == ["a", "b"]
    assert summary(1, [budget("a")], [], total_budgets=5).problems


def test_totals_of_budgets_are_compared_with_the_results() -> None:
    said = summary(2, [budget("a")], [result("a", "PASS", 5.0)], **{"pass": 0, "no_data": 1})
    assert "states `pass` 0, but its rows make 1" in messages(said)


def test_events_and_summary_of_budgets_are_one_series() -> None:
    row = result("a", "PASS", 5.0, unit="ms", ci_enforced=True)
    events = measured(reading_of(perf_budget_events, "budget_events.jsonl", lines(row)))
    other = measured(summary(2, [budget("a")], [result("a", "PASS", 5.0)]))
    assert events.tool == other.tool
    assert [(m.series, m.value, m.unit) for m in events.measurements] == [
        (m.series, m.value, m.unit) for m in other.measurements
    ]


def test_budget_events_are_recognised_by_their_fields_only_as_json_lines() -> None:
    row = lines(result("a", "PASS", 5.0))
    assert perf_budget_events.recognises(artifact("perf.jsonl", row))
    assert not perf_budget_events.recognises(artifact("perf.json", row))
    assert not perf_budget_events.recognises(artifact("perf.jsonl", '{"status": "PASS", "threshold": 1}\n'))
    assert perf_budget_events.recognises(artifact("budget_events.jsonl", ""))


def test_an_empty_file_of_events_measures_nothing() -> None:
    assert measured(reading_of(perf_budget_events, "budget_events.jsonl", "")).measurements == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("103.3ms", (103.3, "ms")),
        ("+349%", (349.0, "%")),
        ("-6 %", (-6.0, "%")),
        ("−0.5 MB", (-0.5, "MB")),
        ("1.2 MB/s", (1.2, "MB/s")),
        ("58,100,224 bytes", (58_100_224.0, "bytes")),
        ("~12 µs", (12.0, "µs")),
        ("< 1ms", (1.0, "ms")),
        ("2.5x", (2.5, "x")),
        ("42", (42.0, "")),
        ("10 (cold)", (10.0, "")),
        ("103.3ms (p95)", (103.3, "ms")),
        ("-", None),
        ("", None),
        ("N/A (not run)", None),
        ("1.2.3", None),
        ("pending 3 runs", None),
        ("1" * 400, None),
    ],
)
def test_texts_made_for_people_become_numbers_with_units(text: str, found: object) -> None:
    assert perf_comparison.parsed(text) == found


@given(text=st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_number_or_none(text: str) -> None:
    found = perf_comparison.parsed(text)
    assert found is None or abs(found[0]) < 2**53


def comparison(*rows: Mapping[str, object], **summary: object) -> Reading:
    document = {"schema": "pi.ext.perf_comparison.v1", "rows": list(rows), "summary": summary, "hypotheses": []}
    return reading_of(perf_comparison, "perf_comparison.json", document)


def test_a_comparison_keeps_the_texts_and_measures_both_sides_in_one_unit() -> None:
    row = {"category": "size", "metric": "binary", "rust_value": "8.5 MB", "legacy_value": "9,000 KB"}
    said = comparison(row | {"delta": "-0.5 MB", "delta_pct": "-6%", "verdict": "FASTER"}, faster_count=1)
    found = only(said)
    assert (found.series, found.value, found.unit, found.baseline) == ("size, binary", 8.5, "MB", 9.0)
    (kept,) = statement_of(said).rows
    assert (kept.value, kept.threshold, kept.status) == ("8.5 MB", "9,000 KB", "FASTER")


def test_values_of_different_kinds_are_not_compared() -> None:
    row = {"category": "a", "metric": "b", "rust_value": "5 ms", "legacy_value": "9 MB", "verdict": "INFO"}
    assert only(comparison(row)).baseline is None


def test_what_was_not_run_is_a_gap() -> None:
    row = {"category": "a", "metric": "b", "rust_value": "N/A (not run)", "legacy_value": "3 ms", "verdict": "INFO"}
    found = only(comparison(row))
    assert (found.value, found.baseline) == (None, None)


def test_a_comparison_that_miscounts_itself_does_not_hold() -> None:
    said = comparison({"metric": "a", "rust_value": "1 ms", "verdict": "SLOWER"}, slower_count=0, faster_count=1)
    assert statement_of(said).ok is False


def stress(passed: object, **results: object) -> Reading:
    parts = {"latency": {"ok": True, "p99_first_us": 910}, "rss": {"ok": True, "max_kb": 58_553_856}}
    document = {"schema": "pi.ext.stress_triage.v1", "pass": passed, "results": parts | results}
    return reading_of(stress_triage, "stress_triage.json", document)


def test_memory_is_in_bytes_though_its_fields_say_kb_and_growth_is_a_fraction() -> None:
    said = stress(True, rss={"ok": True, "initial_kb": 58_100_224, "max_kb": 58_553_856, "growth_pct": 0.0078})
    found = {m.series: (m.value, m.unit) for m in measured(said).measurements}
    assert found["rss.max"] == (58_553_856.0, "B")
    assert found["rss.growth"] == (0.78, "%")


@pytest.mark.parametrize(
    ("passed", "results", "ok", "warned"),
    [
        (True, {}, True, False),
        (True, {"rss": {"ok": False}}, False, True),
        (True, {"latency": {}}, False, True),
        (True, {"reactor": {"ok": False}}, False, True),
        (False, {"rss": {"ok": False}}, False, False),
        (False, {}, False, True),
        (False, {"error_count": 3}, False, False),
        (None, {}, False, True),
    ],
)
def test_a_stress_test_holds_when_all_of_its_parts_do(
    passed: object, results: Json, ok: object, warned: object
) -> None:
    said = stress(passed, **results)
    assert (statement_of(said).ok, bool(said.problems)) == (ok, warned)
