"""Tables of the evidence page about coverage, alerts and measurements; none where there is nothing to list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.pages import cells, words
from generator.views import Cell, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.records import Alert, AlertReport, Coverage, Measurement, MeasurementReport
    from generator.views import Table

_BYTES = ("B", "byte", "bytes")
_PARTS_OF_SECOND = ((1e3, "ms"), (1e6, "µs"), (1e9, "ns"))
_LEVELS = ("error", "warning", "note", "none")
_LEVEL_TONES = {"error": Tone.BAD, "warning": Tone.WARN}
_STATUS_TONES = {
    "PASS": Tone.GOOD,
    "FAIL": Tone.BAD,
    "NO_DATA": Tone.WARN,
    "SLOWER": Tone.WARN,
    "FASTER": Tone.GOOD,
}


def coverage(reports: Sequence[Coverage], limit: int) -> tuple[Table, ...]:
    """Return files by coverage, the least covered first."""
    told = told_once(reports)
    rows = [
        (share, each.path, report, each)
        for report in told
        for each in report.files
        for share in (_share(each.lines_covered, each.lines_valid),)
    ]
    if not reports:
        return ()
    rows.sort(key=lambda row: (row[0] is None, row[0] or 0.0, row[1], row[2].path))
    made = [
        (
            Cell(text=path, mono=True, note=each.component if each.component not in (path, ".") else ""),
            cells.share_cell(share),
            cells.number_cell(each.lines_valid - each.lines_covered),
            cells.number_cell(each.lines_valid),
            cells.share_cell(_share(each.branches_covered, each.branches_valid)),
            Cell(text=report.path, mono=True, note=report.tool),
        )
        for share, path, report, each in rows
    ]
    columns = cells.columns(
        *("File", "Covered", "Lines not covered", "Lines", "Branches", "Report"),
        numeric=("Covered", "Lines not covered", "Lines", "Branches"),
        choice=("Report",),
    )
    total = len(rows) + sum(report.files_left_out for report in told)
    caption = f"Coverage by file: {_coverage_words(reports)}"
    return (
        cells.simple_table(
            "coverage-list", caption, columns, made, limit=limit, what="file", empty="No file.", total=total
        ),
    )


def told_once(reports: Sequence[Coverage]) -> list[Coverage]:
    """Return the reports without those whose totals another one has: tools write the same in several formats."""
    return list({(each.lines_valid, each.lines_covered): each for each in reversed(reports)}.values())[::-1]


def _coverage_words(reports: Sequence[Coverage]) -> str:
    return words.listing(
        [f"{words.percent(_share(each.lines_covered, each.lines_valid))} in {each.path}" for each in reports], 4
    )


def _share(part: int | None, whole: int | None) -> float | None:
    return None if not whole or part is None else part / whole


def alerts(reports: Sequence[AlertReport], limit: int) -> tuple[Table, ...]:
    """Return findings of scanners, errors first; what is suppressed or gone is not listed."""
    if not reports:
        return ()
    shown = [
        (report, alert)
        for report in reports
        for alert in report.alerts
        if alert.kind == "fail" and not alert.suppressed and alert.baseline != "absent"
    ]
    shown.sort(
        key=lambda item: (_level(item[1]), -(item[1].severity or 0.0), item[1].file, item[1].line or 0, item[1].rule)
    )
    made = [
        (
            Cell(text=alert.level, tone=_LEVEL_TONES.get(alert.level, Tone.MUTED), sort=str(_level(alert))),
            Cell(text=alert.rule, mono=True),
            Cell(text=words.cut(alert.message, 300)),
            Cell(text=f"{alert.file}:{alert.line}" if alert.line else alert.file, mono=True),
            Cell(text=alert.baseline or "not compared"),
            Cell(text=f"{report.tool} {report.version}".strip()),
        )
        for report, alert in shown
    ]
    columns = cells.columns("Level", "Rule", "Message", "Place", "State", "Tool", choice=("Level", "State", "Tool"))
    total = sum(number for report in reports for _, number in report.by_level)
    empty = "The scanners found nothing that is neither suppressed nor gone."
    return (
        cells.simple_table(
            "alerts-list",
            f"Alerts: {_alert_words(reports)}",
            columns,
            made,
            limit=limit,
            what="alert",
            empty=empty,
            total=max(total, len(made)),
        ),
    )


def _level(alert: Alert) -> int:
    return _LEVELS.index(alert.level) if alert.level in _LEVELS else len(_LEVELS)


def _alert_words(reports: Sequence[AlertReport]) -> str:
    return words.listing(
        [
            f"{each.tool} {words.listing([f'{number} {level}' for level, number in each.by_level]) or 'nothing'}"
            for each in reports
        ],
        4,
    )


def measurements(reports: Sequence[MeasurementReport], limit: int) -> tuple[Table, ...]:
    """Return measured values, broken budgets first, then the newest."""
    shown = _each_once(reports)
    if not shown:
        return ()
    shown.sort(key=lambda item: _measured_order(item[1]))
    made = [
        (
            Cell(text=each.series, mono=True, note=each.metric),
            Cell(text=value_text(each.value, each.unit), sort="" if each.value is None else f"{each.value:030.9f}"),
            Cell(text=value_text(each.threshold, each.unit) if each.threshold is not None else "none"),
            Cell(text=_judged(each), tone=_STATUS_TONES.get(each.status.upper(), Tone.MUTED)),
            Cell(text=words.day(each.at) if each.at else words.NOTHING),
            Cell(text=report.path, mono=True, note=report.tool),
        )
        for report, each in shown[:limit]
    ]
    columns = cells.columns(
        "Series", "Value", "Threshold", "Status", "Day", "Report", numeric=("Value",), choice=("Status", "Report")
    )
    total = len(shown) + sum(report.left_out for report in reports)
    return (
        cells.simple_table(
            "measurements-list",
            "Measured values",
            columns,
            made,
            limit=limit,
            what="measurement",
            empty="Nothing was measured.",
            total=total,
        ),
    )


def _each_once(reports: Sequence[MeasurementReport]) -> list[tuple[MeasurementReport, Measurement]]:
    """Return the measurements without those that a tool tells twice, in a summary and in its events."""
    told: dict[tuple[object, ...], tuple[MeasurementReport, Measurement]] = {}
    for report in reports:
        for each in report.measurements:
            told.setdefault((report.tool, each.series, each.at, each.value, each.status), (report, each))
    return list(told.values())


def _judged(each: Measurement) -> str:
    """Return the status as a reader says it: `no data` for NO_DATA."""
    return each.status.lower().replace("_", " ") if each.status.isupper() else each.status or "not judged"


def _measured_order(each: Measurement) -> tuple[bool, float, str]:
    return (each.status.upper() != "FAIL", -(each.at.timestamp() if each.at else 0.0), each.series)


def value_text(value: float | None, unit: str) -> str:
    """Return a measured value with its unit: `1.2 kB`, `340 µs`; `no data` without one."""
    if value is None:
        return "no data"
    if unit in _BYTES and abs(value) >= 1000:
        return words.size(round(value))
    if unit == "s" and 0 < abs(value) < 1:
        scale, unit = next(each for each in _PARTS_OF_SECOND if abs(value) * each[0] >= 1 or each[1] == "ns")
        value *= scale
    return f"{value:,.4g} {unit}".strip()
