"""`budget_summary.json`: performance budgets, and from version 2 on what was measured; most have no data."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._budgets import LIMIT, TOOL, contradiction, measurement
from generator.readers._said import Raw, flag, items, joined, number, pairs, said, shown, told
from generator.readers._statements import opened
from generator.records import MeasurementReport, StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._statements import Sheet
    from generator.records import Measurement

NAME = "perf_budgets"
TITLE = "Performance: budgets"
SIGNS = "schema `<ns>.perf.budget_summary.v1` or `.v2`, or `budget_summary.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="perf.budget_summary",
    file="budget_summary.json",
    marks=frozenset({"budgets", "total_budgets"}),
)
VERSIONS = (1, 2)
_COUNTS = ("total_budgets", "pass", "fail", "no_data", "ci_enforced", "ci_fail", "ci_no_data", "ci_with_data")


def recognises(artifact: Artifact) -> str:
    """Return the sign of a summary of performance budgets."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return Statement and, where values are stated, MeasurementReport; raises UnreadableError.

    It holds when no budget that CI enforces and no data contract failed, and at least one budget has data.
    """
    sheet = opened(artifact, KIND, VERSIONS)
    raw = sheet.raw
    sheet.take(*_COUNTS, "claim_readiness", "strict_mode", "data_contract_failures_count")
    budgets = {said(row, "name", "budget_name"): row for row in reversed(sheet.each("budgets"))}
    budgets = dict(reversed(budgets.items()))
    results = {said(row, "budget_name", "name"): row for row in sheet.each("budget_results")}
    found = _measured(sheet, budgets, results)
    for name, row in budgets.items():
        sheet.add(_row(row, found.get(name)))
    for name in results.keys() - budgets.keys():
        sheet.doubt(f"has a result of {name or '(no name)'}, which is no budget of it")
    _totals(sheet, len(items(raw.get("budgets"))), found)
    contracts = _contracts(sheet)
    statement = sheet.statement("", _ok(raw, found, contracts))
    if not results:
        return sheet.reading(statement)
    report = MeasurementReport(
        tool=TOOL,
        generated_at=statement.generated_at,
        commit=statement.commit,
        measurements=tuple(found.values())[:LIMIT],
        left_out=max(0, len(found) - LIMIT),
    )
    return sheet.reading(statement, report)


def _measured(sheet: Sheet, budgets: dict[str, Raw], results: dict[str, Raw]) -> dict[str, Measurement]:
    """Return what was measured by the names of budgets, in their order; a budget without a result is left out."""
    commit = _native.commit(sheet.document.fields, "source_commit")
    rows = {name: {**budget, **results[name]} for name, budget in budgets.items() if name in results}
    made = {name: found for name, row in rows.items() if (found := measurement(row, commit=commit))}
    for found in made.values():
        reason = contradiction(found)
        if reason:
            sheet.doubt(f"contradicts itself: {reason}")
    return made


def _row(row: Raw, found: Measurement | None) -> StatementRow:
    unit = said(row, "unit")
    status = found.status if found else ""
    return StatementRow(
        id=said(row, "name", "budget_name") or "(no name)",
        title=said(row, "metric"),
        status=status,
        ok={"PASS": True, "FAIL": False}.get(status),
        blocking=flag(row, "ci_enforced"),
        detail=found.detail if found else "",
        value=f"{shown(found.value)} {unit}".strip() if found and found.value is not None else "",
        threshold=f"{said(row, 'threshold')} {unit}".strip(),
        facts=pairs(row, "category", "comparison", "methodology"),
    )


def _totals(sheet: Sheet, budgets: int, found: dict[str, Measurement]) -> None:
    """Compare the totals with their parts, with the budgets listed, and with the results where there are any."""
    raw = sheet.raw
    sheet.same("total_budgets", number(raw, "total_budgets"), budgets)
    parts = [number(raw, name) for name in ("pass", "fail", "no_data")]
    known = [part for part in parts if part is not None]
    if len(known) == len(parts):
        sheet.same("total_budgets", number(raw, "total_budgets"), sum(known))
    if found:
        tally = Counter(each.status for each in found.values())
        for name, status in (("pass", "PASS"), ("fail", "FAIL")):
            sheet.same(name, number(raw, name), tally[status])


def _contracts(sheet: Sheet) -> int:
    """Add the data contracts that failed, and return how many."""
    rows = sheet.each("failing_data_contracts")
    for row in rows:
        name = joined(text for text in (said(row, "contract_id"), said(row, "budget_name")) if text)
        detail, facts = told(row, "detail"), pairs(row, "remediation")
        sheet.add(StatementRow(id=name or "(no id)", title="data contract", ok=False, detail=detail, facts=facts))
    return max(len(rows), int(number(sheet.raw, "data_contract_failures_count") or 0))


def _ok(raw: Raw, found: dict[str, Measurement], contracts: int) -> bool | None:
    """Return False for a failure that counts, None where nothing was measured, else True."""
    enforced = number(raw, "ci_fail")
    broken = any(each.status == "FAIL" and each.enforced is not False for each in found.values())
    failed = (number(raw, "fail") or 0) > 0 if enforced is None and not found else (enforced or 0) > 0 or broken
    if failed or contracts:
        return False
    return True if (number(raw, "pass") or 0) > 0 else None
