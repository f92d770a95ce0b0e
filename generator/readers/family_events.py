"""Event files of the gate family: rows are counted by their status, those that failed or warn are kept."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from generator.plugins import Reading
from generator.readers import _native
from generator.readers._raw_rows import first_schema, objects, stem_of
from generator.readers._said import flag, number, pairs, said, shown, told
from generator.readers._statements import VALUES, command
from generator.records import Level, Statement, StatementRow
from generator.safety.ids import parse_time
from generator.safety.text import clean_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from generator.artifact import Artifact
    from generator.readers._said import Raw

NAME = "family_events"
TITLE = "Gates: events"
SIGNS = "rows of a schema `<ns>.….…event.v1`, or the name of an event file of the gates"
ROWS: Final = 200
"""Rows kept of one file: those with a status of failure or warning, in the order of the file."""

FILES: Final = frozenset(
    {
        *("certification_events.jsonl", "platform_events.jsonl", "perf_comparison_events.jsonl"),
        *("stress_events.jsonl", "must_pass_gate_events.jsonl", "soak_longevity_events.jsonl", "smoke_log.jsonl"),
        *("parameter_sweeps_events.jsonl", "opportunity_matrix_events.jsonl", "flake_events.jsonl"),
        *("quarantine_events.jsonl", "conformance_events.jsonl", "health_delta_events.jsonl"),
    }
)
_FOLDERS: Final = frozenset({"evidence_bundle"})
"""Folders in which the events are called `events.jsonl`."""

_STEM: Final = re.compile(r"(?:ci|ext|perf|perf3x|qa|sec|e2e|test|dropin)\.[a-z0-9_.]*event|smoke\.[a-z0-9_.]+")
_FOREIGN: Final = frozenset({"e2e.failure_timeline_event", "ci.full_suite_gate_event"})
"""Events that have readers of their own."""

_BAD: Final = frozenset({"fail", "failed", "error", "warn", "warning"})
_STATUS: Final = ("status", "verdict", "outcome", "result", "level", "classification")
_IDS: Final = (
    *("gate_id", "extension_id", "check_id", "section_id", "scenario_id", "budget_name", "id", "name", "target"),
    *("suite", "test", "metric", "event", "category"),
)
_FACTS: Final = ("ts", "timestamp", "set", "tier", "lane", "waived", "platform", "policy", "duration_ms", "attempt")
_BYTES: Final = {"rss_kb": "rss_bytes", "initial_kb": "initial_bytes", "max_kb": "max_bytes"}
"""Fields of stress events that say kB and hold bytes."""


def recognises(artifact: Artifact) -> str:
    """Return the sign of an event file: the schema of its rows, else its name."""
    if not artifact.name.endswith(".jsonl"):
        return ""
    row = artifact.peek_row()
    stem = stem_of(row)
    if stem and stem not in _FOREIGN and _STEM.fullmatch(stem):
        return f"rows of the schema `{_native.shown_schema(str(row['schema']))}`"
    named = artifact.name in FILES or (artifact.name == "events.jsonl" and artifact.folders[-1:] in _PLACES)
    return f"named `{artifact.name}`" if named and not stem else ""


def read(artifact: Artifact) -> Reading:
    """Return the Statement, which judges nothing: the verdict stands in another file; raises UnreadableError."""
    rows, problems = objects(artifact, NAME)
    tally: Counter[str] = Counter()
    kept: list[StatementRow] = []
    bad = 0
    for line, row in rows:
        status = _status(row)
        tally[status.lower() or "none"] += 1
        if status.lower() in _BAD:
            bad += 1
            if len(kept) < ROWS:
                kept.append(_row(row, line, status))
    numbers = {f"status.{status}": float(count) for status, count in tally.most_common(VALUES)}
    numbers |= {"rows": float(len(rows))} | _bytes(row for _, row in rows)
    schema = first_schema(rows)
    statement = Statement(
        kind=NAME,
        generated_at=_newest(rows),
        run_id=said(rows[0][1], "run_id") if rows else "",
        correlation_id=said(rows[0][1], "correlation_id") if rows else "",
        numbers=tuple(sorted(numbers.items())),
        facts=(("file", clean_name(artifact.name)),),
        rows=tuple(kept),
        rows_left_out=bad - len(kept),
    )
    return Reading(records=(statement,), schema_id=schema, problems=tuple(problems))


def _status(row: Raw) -> str:
    """Return the status of a row; without one, its flag in words."""
    kinds = row.get("classification")
    found = said(row, *_STATUS) or (shown(next(iter(kinds), "")) if isinstance(kinds, dict) else "")
    if found:
        return found
    passed = flag(row, "ok", "pass", "passed")
    return "" if passed is None else "pass" if passed else "fail"


def _row(row: Raw, line: int, status: str) -> StatementRow:
    return StatementRow(
        id=said(row, *_IDS) or f"line {line}",
        title=said(row, "gate_name", "label", "title", "component"),
        status=status,
        ok=None if status.lower() in {"warn", "warning"} else False,
        blocking=flag(row, "blocking"),
        severity=said(row, "severity"),
        detail=told(row, "failure_reason", "message", "detail", "reason", "diagnostics", "matched_line"),
        value=said(row, "actual", "value"),
        threshold=said(row, "threshold"),
        command=command(row, "reproduce_command", Level.GATE, "events[]"),
        facts=pairs(row, *_FACTS),
    )


def _bytes(rows: Iterable[Raw]) -> dict[str, float]:
    """Return the least and the most of the fields that say kB and hold bytes, under names that say bytes."""
    found: dict[str, list[float]] = {}
    for row in rows:
        for name, said_bytes in _BYTES.items():
            value = number(row, name)
            if value is not None:
                found.setdefault(said_bytes, []).append(value)
    return {f"{name}.{word}": pick(values) for name, values in found.items() for word, pick in _PICKS}


def _newest(rows: list[tuple[int, Raw]]) -> datetime | None:
    times = [when for _, row in rows if (when := parse_time(said(row, "ts", "timestamp", "generated_at")))]
    return max(times, default=None)


_PICKS = (("min", min), ("max", max))
_PLACES = {(name,) for name in _FOLDERS}
