"""`stress_triage.json`: latency and memory under load; its memory is in bytes, whatever the fields are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.readers import _native
from generator.readers._said import Raw, flag, joined, number, said, shown, table, whole
from generator.readers._statements import opened
from generator.records import Measurement, MeasurementReport, StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._statements import Sheet

NAME = "stress_triage"
TITLE = "Performance: stress"
SIGNS = "schema `<ns>.ext.stress_triage.v1`, or `stress_triage.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="ext.stress_triage",
    file="stress_triage.json",
    marks=frozenset({"results", "pass"}),
)
TOOL: Final = "stress"
_RSS: Final = {"initial_kb": "initial", "max_kb": "max", "final_kb": "final"}
"""Fields that say kB and hold bytes."""

_LATENCY: Final = ("p99_first_us", "p99_last_us")
_SUMMARY: Final = ("min", "mean", "p50", "p95", "p99", "max")


def recognises(artifact: Artifact) -> str:
    """Return the sign of the triage of a stress test."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return Statement, which holds when latency and memory do, and MeasurementReport in us, B and %.

    Raises UnreadableError.
    """
    sheet = opened(artifact, KIND)
    sheet.take("config")
    results = table(sheet.raw.get("results"))
    found = [*_latencies(table(results.get("latency"))), *_memory(table(results.get("rss")))]
    for name in ("event_count", "error_count"):
        value = number(results, name)
        if value is not None:
            sheet.count(f"results.{name}", value)
    for each in found:
        if each.value is not None:
            sheet.count(each.series, each.value)
    bad = _parts(sheet, results)
    passed = flag(sheet.raw, "pass")
    verdict = "" if passed is None else "pass" if passed else "fail"
    reason = f"these are not ok: {joined(bad)}" if bad else "latency and memory are ok"
    errors = number(results, "error_count") or 0
    if passed is False and not bad and errors > 0:
        ok = False
    else:
        ok = sheet.weigh(f"`pass` {shown(passed)}".strip(), passed is True, not bad, reason)
    statement = sheet.statement(verdict, ok)
    report = MeasurementReport(
        tool=TOOL, generated_at=statement.generated_at, verdict=verdict, measurements=tuple(found)
    )
    return sheet.reading(statement, report)


def _parts(sheet: Sheet, results: Raw) -> list[str]:
    """Add latency, memory and what else says of itself whether it is ok, and return the names of what is not."""
    bad: list[str] = []
    others = sorted(name for name, value in results.items() if flag(table(value), "ok") is not None)
    for name in dict.fromkeys(("latency", "rss", *others[:20])):
        part = table(results.get(name))
        shown_name = shown(name)
        ok = flag(part, "ok") is True
        if not ok:
            bad.append(shown_name)
        sheet.add(StatementRow(id=shown_name, ok=ok, detail=said(part, "detail", "reason")))
    return bad


def _latencies(latency: Raw) -> list[Measurement]:
    summary = table(latency.get("summary"))
    count = whole(summary, "count")
    found = [(f"latency.{name.removesuffix('_us')}", number(latency, name), False) for name in _LATENCY]
    found += [(f"latency.{name}", number(summary, name), True) for name in _SUMMARY]
    return [
        Measurement(
            series=name,
            value=value,
            unit="us",
            metric=name.rpartition(".")[2],
            bigger_is_better=False,
            samples=count if is_summary else None,
        )
        for name, value, is_summary in found
        if value is not None
    ]


def _memory(rss: Raw) -> list[Measurement]:
    """Return memory in bytes, and its growth, which the file states as a fraction, in percent."""
    found = [
        Measurement(series=f"rss.{word}", value=value, unit="B", metric="rss", bigger_is_better=False)
        for name, word in _RSS.items()
        if (value := number(rss, name)) is not None
    ]
    growth = number(rss, "growth_pct")
    if growth is not None:
        value = round(growth * 100, 6)
        found.append(
            Measurement(series="rss.growth", value=value, unit="%", metric="rss growth", bigger_is_better=False)
        )
    return found
