"""The page of what a run left beside its tests and gates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from generator.findings import Beside
from generator.records import (
    Alert,
    AlertReport,
    Coverage,
    CoverageFile,
    ForgeExport,
    Measurement,
    MeasurementReport,
    OwnerRule,
    Owners,
    QuarantineEntry,
    QuarantineReport,
    Statement,
    StatementRow,
    WorkflowJob,
    WorkflowStep,
)
from generator.views import StandardView, Table, Tone
from tests.pages.report_builder import pages, report, with_findings

if TYPE_CHECKING:
    from generator.findings import Report

AT = datetime(2026, 3, 1, 10, tzinfo=UTC)


def told(beside: Beside) -> Report:
    made = report()
    return with_findings(made, replace(made.findings, beside=beside))


def view(beside: Beside) -> StandardView:
    page = pages(told(beside))["evidence"]
    assert isinstance(page.view, StandardView)
    return page.view


def table(beside: Beside, table_id: str) -> Table:
    return next(one for section in view(beside).sections for one in section.tables if one.id == table_id)


def cells(one: Table, column: int = 0) -> list[str]:
    return [row[column].text for row in one.rows]


def covered(path: str, valid: int, hit: int) -> CoverageFile:
    return CoverageFile(path=path, lines_valid=valid, lines_covered=hit)


def coverage(*files: CoverageFile, path: str = "coverage.xml") -> Coverage:
    valid, hit = sum(each.lines_valid for each in files), sum(each.lines_covered for each in files)
    return Coverage(path=path, tool="Cobertura XML", lines_valid=valid, lines_covered=hit, files=files)


def test_a_run_that_left_nothing_beside_its_tests_has_no_such_page() -> None:
    assert "evidence" not in pages(report())


def test_coverage_is_told_with_the_least_covered_file_first() -> None:
    found = Beside(coverage=(coverage(covered("a.py", 10, 9), covered("b.py", 10, 1), covered("c.py", 0, 0)),))
    assert view(found).head.answer == "50% of the lines are covered."
    one = table(found, "coverage-list")
    assert cells(one) == ["b.py", "a.py", "c.py"]
    assert cells(one, 1) == ["10%", "90%", "no data"]


def test_coverage_that_a_tool_wrote_in_two_formats_is_listed_once() -> None:
    files = (covered("a.py", 10, 9),)
    found = Beside(coverage=(coverage(*files, path="coverage.json"), coverage(*files)))
    assert cells(table(found, "coverage-list")) == ["a.py"]
    assert "coverage.json" in table(found, "coverage-list").caption


def alert(level: str, rule: str, **more: object) -> Alert:
    return Alert.model_validate({"rule": rule, "level": level, "message": f"{rule} is broken"} | more)


def test_alerts_that_count_are_listed_errors_first() -> None:
    alerts = (
        alert("warning", "W1"),
        alert("error", "E1", file="a.py", line=3),
        alert("error", "E2", suppressed=True),
        alert("error", "E3", baseline="absent"),
        alert("none", "P1", kind="pass"),
    )
    scan = AlertReport(path="a.sarif", tool="ruff", total=5, by_level=(("error", 1), ("warning", 1)), alerts=alerts)
    found = Beside(alerts=(scan,))
    assert cells(table(found, "alerts-list"), 1) == ["E1", "W1"]
    assert view(found).head.answer == "1 alert of level error."
    assert view(found).head.tone is Tone.BAD


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "ms", "no data"),
        (2.62e-07, "s", "262 ns"),
        (0.0005, "s", "500 µs"),
        (0.25, "s", "250 ms"),
        (12.5, "s", "12.5 s"),
        (58_100_000.0, "B", "58.1 MB"),
        (0.0, "s", "0 s"),
        (1234567.0, "calls/sec", "1.235e+06 calls/sec"),
    ],
)
def test_a_measured_value_reads_in_its_unit_and_no_data_is_no_zero(value: float | None, unit: str, text: str) -> None:
    measured = MeasurementReport(
        path="b.json", tool="bench", measurements=(Measurement(series="s", value=value, unit=unit),)
    )
    assert cells(table(Beside(measurements=(measured,)), "measurements-list"), 1) == [text]


def test_a_broken_budget_comes_first() -> None:
    values = (
        Measurement(series="fine", value=1.0, status="PASS", at=AT),
        Measurement(series="slow", value=9.0, status="FAIL", threshold=5.0, unit="ms"),
    )
    found = Beside(measurements=(MeasurementReport(path="b.json", tool="budgets", measurements=values),))
    assert cells(table(found, "measurements-list")) == ["slow", "fine"]
    assert view(found).head.answer == "1 measurement over budget."


def test_a_point_that_a_summary_and_its_events_tell_is_listed_once() -> None:
    one = Measurement(series="size", value=None, status="NO_DATA", unit="bytes", threshold=9e6)
    reports = tuple(
        MeasurementReport(path=path, tool="performance budgets", measurements=(one,)) for path in ("a.json", "b.jsonl")
    )
    rows = table(Beside(measurements=reports), "measurements-list").rows
    assert [[cell.text for cell in row[:4]] for row in rows] == [["size", "no data", "9.0 MB", "no data"]]


def test_evidence_that_does_not_hold_comes_first_with_its_rows() -> None:
    row = StatementRow(id="ext-7", status="fail", ok=False, owner="ci", value="3", threshold="0", detail="crashes")
    found = Beside(
        statements=(
            Statement(kind="platform_report", path="p.json", verdict="pass", ok=True),
            Statement(kind="must_pass_gate", path="m.json", verdict="fail", ok=False, rows=(row,), generated_at=AT),
        )
    )
    assert cells(table(found, "statements-list")) == ["must pass gate", "platform report"]
    assert cells(table(found, "statements-list"), 1) == ["does not hold", "holds"]
    assert cells(table(found, "statement-rows")) == ["ext-7"]
    assert "Got 3. Expected 0." in cells(table(found, "statement-rows"), 4)
    assert view(found).head.answer == "1 evidence file does not hold."


def test_quarantine_jobs_and_owners_are_listed() -> None:
    entries = (
        QuarantineEntry(name="ok", status="active", owner="a"),
        QuarantineEntry(name="late", status="expired", owner="b"),
        QuarantineEntry(name="wrong", invalid="lasts 40 days"),
    )
    job = WorkflowJob(
        job_id="1",
        name="unit",
        status="completed",
        conclusion="failure",
        started_at=AT,
        completed_at=AT.replace(minute=5),
        steps=(WorkflowStep(number=1, name="Run tests", status="completed", conclusion="failure"),),
    )
    found = Beside(
        quarantine=(QuarantineReport(path="q.json", entries=entries),),
        forge=(ForgeExport(path="jobs.json", jobs=(job,)),),
        owners=(Owners(path="CODEOWNERS", rules=(OwnerRule(pattern="*.rs", owners=("@core",), line=2),)),),
    )
    assert cells(table(found, "quarantine-list")) == ["wrong", "late", "ok"]
    assert table(found, "jobs-list").rows[0][0].note == "failed step: Run tests"
    assert table(found, "jobs-list").rows[0][1].tone is Tone.BAD
    assert cells(table(found, "jobs-list"), 4) == ["5 m 0 s"]
    assert cells(table(found, "owners-list"), 3) == ["CODEOWNERS:2"]


def test_what_lies_beyond_the_rows_of_a_list_is_said() -> None:
    files = tuple(covered(f"{number:03}.py", 10, 5) for number in range(30))
    shown = pages(told(Beside(coverage=(coverage(*files),))), list_rows=10)["evidence"].view
    assert isinstance(shown, StandardView)
    (one,) = (one for section in shown.sections for one in section.tables)
    assert len(one.rows) == 10
    assert one.more == "20 more files are not listed here."
