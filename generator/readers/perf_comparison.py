"""`perf_comparison.json`: one implementation beside another; every value is a text made for people."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from generator.readers import _native
from generator.readers._said import joined, number, pairs, said, shown, table
from generator.readers._statements import opened
from generator.records import Measurement, MeasurementReport, StatementRow
from generator.safety.limits import COUNT_MAX

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._said import Raw

NAME = "perf_comparison"
TITLE = "Performance: comparison"
SIGNS = "schema `<ns>.ext.perf_comparison.v1`, or `perf_comparison.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="ext.perf_comparison",
    file="perf_comparison.json",
    marks=frozenset({"rows", "hypotheses"}),
)
TOOL: Final = "performance comparison"
_COUNTED: Final = {"faster_count": "FASTER", "slower_count": "SLOWER", "comparable_count": "COMPARABLE"}
_VALUE: Final = re.compile(
    r"[~≈<>]?\s*([+−-]?)(\d{1,15}(?:,\d{3}){0,4})(\.\d{1,12})?"
    r"\s*([A-Za-zµμ%][A-Za-z%]{0,15}(?:/[A-Za-z]{1,16})?)?(?=[\s(;,]|\Z)",
    re.ASCII,
)
_SCALE: Final = {
    "ns": ("s", 1e-9),
    "us": ("s", 1e-6),
    "µs": ("s", 1e-6),
    "μs": ("s", 1e-6),
    "ms": ("s", 1e-3),
    "s": ("s", 1.0),
    "B": ("B", 1.0),
    "bytes": ("B", 1.0),
    "KB": ("B", 1e3),
    "MB": ("B", 1e6),
    "GB": ("B", 1e9),
    "KiB": ("B", 2.0**10),
    "MiB": ("B", 2.0**20),
    "GiB": ("B", 2.0**30),
}
"""Units that can be told in one another: what they are of, and how much of it."""


def recognises(artifact: Artifact) -> str:
    """Return the sign of a comparison of two implementations."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return Statement, with the texts as they are, and MeasurementReport; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    sheet.take("summary")
    verdicts: Counter[str] = Counter()
    found: list[Measurement] = []
    for row in sheet.each("rows"):
        made = _row(row)
        verdicts[made.status] += 1
        sheet.add(made)
        found.append(_measurement(row))
    for row in sheet.each("hypotheses") if _objects(sheet.raw.get("hypotheses")) else ():
        name = said(row, "id", "title", "hypothesis", "name") or "(no id)"
        sheet.add(StatementRow(id=name, title="hypothesis", detail=said(row, "description", "detail", "hypothesis")))
    stated = table(sheet.raw.get("summary"))
    for name, verdict in _COUNTED.items():
        sheet.same(name, number(stated, name), verdicts[verdict])
    statement = sheet.statement(said(stated, "overall_verdict"), ok=None)
    report = MeasurementReport(
        tool=TOOL,
        generated_at=statement.generated_at,
        verdict=statement.verdict,
        commit=statement.commit,
        measurements=tuple(found),
    )
    return sheet.reading(statement, report)


def parsed(text: str) -> tuple[float, str] | None:
    """Return number and unit of `103.3ms`, `+349%` or `1.2 MB/s`; None of `-`, `N/A` and what has no number."""
    found = _VALUE.match(text.strip())
    if found is None:
        return None
    sign, whole, fraction, unit = found.groups()
    value = float(whole.replace(",", "") + (fraction or ""))
    if value >= COUNT_MAX:
        return None
    return (-value if sign in {"-", "−"} else value), unit or ""


def _objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _series(row: Raw) -> str:
    return joined(text for text in (said(row, "category"), said(row, "metric")) if text) or "(no name)"


def _row(row: Raw) -> StatementRow:
    status = said(row, "verdict")
    return StatementRow(
        id=_series(row),
        title=said(row, "category"),
        status=status,
        ok={"FASTER": True, "PASS": True, "COMPARABLE": True, "FAIL": False}.get(status),
        value=said(row, "rust_value"),
        threshold=said(row, "legacy_value"),
        facts=pairs(row, "metric", "delta", "delta_pct"),
    )


def _measurement(row: Raw) -> Measurement:
    """Return the value of a row; the other implementation's is its baseline where it has the same kind of unit."""
    value, other = parsed(said(row, "rust_value")), parsed(said(row, "legacy_value"))
    unit = value[1] if value else ""
    texts = (("", said(row, "rust_value")), ("legacy ", said(row, "legacy_value")), ("delta ", said(row, "delta")))
    change = said(row, "delta_pct")
    detail = joined(f"{name}{text}" for name, text in texts if text)
    return Measurement(
        series=_series(row),
        value=value[0] if value else None,
        unit=unit,
        metric=said(row, "metric"),
        bigger_is_better=_bigger(unit),
        status=said(row, "verdict"),
        baseline=_in_unit(other, unit) if value and other else None,
        detail=f"{detail} ({change})" if change and shown(change) != "-" else detail,
    )


def _in_unit(found: tuple[float, str], unit: str) -> float | None:
    """Return a value in another unit of the same kind; None where there is no such."""
    value, own = found
    if own == unit:
        return value
    (kind, factor), (wanted, scale) = _SCALE.get(own, ("", 1.0)), _SCALE.get(unit, ("", 1.0))
    return value * factor / scale if kind and kind == wanted else None


def _bigger(unit: str) -> bool | None:
    """Return which way is better: more of anything per second, less time and less memory."""
    if unit.endswith(("/s", "/sec", "/second")):
        return True
    return False if unit in _SCALE else None
