"""`conformance_summary.json` and its baseline: how many extensions pass, of how many that were tested at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import close, flag, number, pairs, said, shown, table
from generator.readers._statements import kind_of, opened
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._said import Raw
    from generator.readers._statements import Sheet

NAME = "conformance_summary"
TITLE = "Gates: conformance of extensions"
SIGNS = (
    "schema `<ns>.ext.conformance_summary.v2` or `.v3`, or `<ns>.ext.conformance_baseline.v2`, "
    "or a file of their names with their fields"
)
KIND = _native.Kind(
    reader=NAME,
    stem="ext.conformance_summary",
    file="conformance_summary.json",
    marks=frozenset({"pass_rate_pct", "per_tier"}),
    version=2,
)
VERSIONS = (2, 3)
_BASELINE = replace(KIND, stem="ext.conformance_baseline", file="conformance_baseline.json")
_OTHERS = ("counts", "evidence", "negative", "per_tier")


def recognises(artifact: Artifact) -> str:
    """Return the sign of a summary of conformance, or of its baseline."""
    return _native.is_kind(artifact, kind_of(artifact, KIND, _BASELINE))


def read(artifact: Artifact) -> Reading:
    """Return the Statement, coverage beside the rate; it judges nothing, but must add up; raises UnreadableError."""
    kind = kind_of(artifact, KIND, _BASELINE)
    is_baseline = kind is _BASELINE
    sheet = opened(artifact, kind, VERSIONS)
    sheet.take("counts", "evidence", "negative", "pass_rate_pct", "coverage_rate_pct")
    rest = [n for n in sheet.raw if n not in _OTHERS and isinstance(sheet.raw[n], dict)]
    sheet.take(*rest)
    sheet.fact("kind", "baseline" if is_baseline else "summary")
    counts = table(sheet.raw.get("counts"))
    passed, failed = number(counts, "pass", "passed"), number(counts, "fail", "failed")
    for row in sheet.each("per_tier"):
        sheet.add(_tier(row))
    if passed is None or failed is None:
        if not is_baseline:
            sheet.doubt("does not state how many passed and failed")
        return sheet.reading(sheet.statement("", ok=None))
    tested = number(counts, "tested")
    _rates(sheet, passed, passed + failed if tested is None else tested)
    left = number(counts, "na", "not_tested")
    if left is not None:
        sheet.same("counts.total", number(counts, "total"), passed + failed + left)
    return sheet.reading(sheet.statement("", ok=None))


def _rates(sheet: Sheet, passed: float, tested: float) -> None:
    """Add both rates and the coverage, and say of what the stated rate is a part."""
    total = number(table(sheet.raw.get("counts")), "total")
    stated = number(sheet.raw, "pass_rate_pct")
    of_tested = round(100 * passed / tested, 2) if tested > 0 else None
    of_total = round(100 * passed / total, 2) if total else None
    if of_tested is not None:
        sheet.count("pass_of_tested_pct", of_tested)
    if of_total is not None:
        sheet.count("pass_of_total_pct", of_total)
    if total:
        covered = round(100 * tested / total, 2)
        sheet.count("coverage_pct", covered)
        sheet.count("not_tested", max(0.0, total - tested))
        claimed = number(sheet.raw, "coverage_rate_pct")
        if claimed is not None and not close(claimed, covered, 0.1):
            sheet.doubt(f"states a coverage of {shown(claimed)} %, but its counts make {shown(covered)} %")
    if stated is None:
        return
    found = [name for name, rate in (("tested", of_tested), ("total", of_total)) if rate is not None]
    rates = {"tested": of_tested, "total": of_total}
    basis = next((name for name in found if close(stated, rates[name] or 0.0, 0.1)), "")
    sheet.fact("pass_rate_of", basis or "unknown")
    if not basis:
        made = " or ".join(f"{shown(rates[name])} % of the {name}" for name in found) or "none, because none was tested"
        sheet.doubt(f"states a pass rate of {shown(stated)} %, but its counts make {made}")


def _tier(row: Raw) -> StatementRow:
    """Return one tier, which a map names by its key and a list by a field."""
    name = said(row, "tier", "name", "id") or "(no name)"
    values = {word: number(row, *names) for word, names in _WORDS.items()}
    failed = values["fail"]
    return StatementRow(
        id=name,
        title="tier",
        ok=flag(row, "ok") if failed is None else False if failed else True if values["pass"] else None,
        value=", ".join(f"{shown(value)} {word}" for word, value in values.items() if value is not None),
        facts=pairs(row, "pass", "fail", "na", "skip", "total", "tested", "pass_rate_pct"),
    )


_WORDS = {"pass": ("pass", "passed"), "fail": ("fail", "failed"), "not tested": ("na", "skip", "skipped")}
