"""Logs and timelines of failed targets: what happened, in the order of discovery."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from artifacts_example.story.world import Json, hex_of, iso_millis, schema

if TYPE_CHECKING:
    from artifacts_example.story.faults import Fault
    from artifacts_example.story.outcomes import Outcome
    from artifacts_example.story.plan import Part


def target_folder(outcome: Outcome) -> str:
    """Folder of a target inside the runner folder."""
    return {"lib": "lib", "unit": f"unit/{outcome.name}", "suite": outcome.name}[outcome.surface]


def log_rows(part: Part, outcome: Outcome) -> list[Json]:
    """Rows of test-log.jsonl; a target that never started has none."""
    if not outcome.fault or not outcome.fault.compiles:
        return []
    story = [
        ("info", "setup", "database marina_test created", {"schema_version": "57"}),
        ("info", "http", "POST /v1/sessions authorization: [REDACTED]", {"status": "201"}),
        ("warn", "clock", "tide gauge answered late", {"waited_ms": "412"}),
        ("error", "verdict", f"{outcome.name} ended with exit code {outcome.exit_code}", {"first": outcome.first_line}),
    ]
    rows: list[Json] = []
    for seq, (level, category, message, context) in enumerate(story, 1):
        elapsed = outcome.duration_ms * seq // len(story)
        rows.append(
            {
                "schema": schema("test.log.v2"),
                "type": "log",
                "trace_id": hex_of(16, part.run.folder, outcome.key),
                "seq": seq,
                "ts": iso_millis(part.run.when + timedelta(milliseconds=elapsed)),
                "t_ms": elapsed,
                "level": level,
                "category": category,
                "message": message,
                "context": context,
            }
        )
    return rows


def artifact_rows(part: Part, outcome: Outcome) -> list[Json]:
    """Rows of artifact-index.jsonl: the database dump that a failed target leaves."""
    if outcome.surface != "suite" or not outcome.fault or not outcome.fault.compiles:
        return []
    return [
        {
            "schema": schema("test.artifact.v1"),
            "type": "artifact",
            "seq": 1,
            "ts": iso_millis(part.run.when + timedelta(milliseconds=outcome.duration_ms)),
            "t_ms": outcome.duration_ms,
            "name": "marina_test.sql",
            "path": f"{part.foreign}/{target_folder(outcome)}/marina_test.sql",
            "size_bytes": 40_000 + outcome.duration_ms,
        }
    ]


def timeline(part: Part, suite: Outcome) -> list[Json]:
    """Events of one failed suite in the order of discovery, numbered from 1."""
    found: list[Json] = [
        {
            "source": "result",
            "event_type": "suite_failure_summary",
            "message": f"{suite.name} exited with {suite.exit_code}",
        }
    ]
    for number, line in enumerate(suite.log.splitlines(), 1):
        kind = _kind(line, suite.fault)
        if kind:
            test: Json = {"test": line.split()[1]} if kind == "test_result" else {}
            found.append(
                {"source": "cargo_output", "event_type": kind, "line_no": number, **test, "message": line.strip()}
            )
    for number, row in enumerate(log_rows(part, suite), 1):
        if row["level"] in {"warn", "error"}:
            seen: Json = {key: row[key] for key in ("ts", "t_ms", "message")}
            found.append({"source": "test_log_jsonl", "event_type": "log", "line_no": number, **seen})
    head: Json = {
        "schema": schema("e2e.failure_timeline_event.v1"),
        "correlation_id": part.correlation,
        "suite": suite.name,
    }
    return [{**head, "ordinal": n, **event} for n, event in enumerate(found, 1)]


def _kind(line: str, fault: Fault | None) -> str:
    starts = (
        ("thread '", "panic_assertion"),
        ("---- ", "failure_section"),
        ("failures:", "failure_list_start"),
        ("error: test failed", "rerun_hint"),
    )
    if line.startswith("test ") and line.endswith("FAILED"):
        return "test_result"
    if fault and fault.case and line == f"    {fault.case}":
        return "failure_list_item"
    return next((kind for start, kind in starts if line.startswith(start)), "")


def run_timeline(part: Part) -> list[Json]:
    """The run-wide file: the runner's own rows around the events of every failed suite, renumbered."""
    suites = part.failed("suite")
    head: Json = {"schema": schema("e2e.failure_timeline_event.v1"), "correlation_id": part.correlation}
    mine: Json = {**head, "suite": "__run__", "source": "runner"}
    events = [event for suite in suites for event in timeline(part, suite)]
    first: Json = {**mine, "event_type": "run_summary", "message": f"{len(suites)} failed suites"}
    last: Json = {**mine, "event_type": "diagnostics_complete"}
    return [{**event, "ordinal": n} for n, event in enumerate([first, *events, last], 1)]
