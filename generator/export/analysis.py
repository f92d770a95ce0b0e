"""The findings about a run as one JSON document: every number that a page shows stands here under its name."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from generator.export.answers import gate, problem
from generator.findings import RunRef, TestRef

if TYPE_CHECKING:
    from generator.findings import Report

SCHEMA: Final = "replaybook.analysis.v1"

NAME: Final = "data/analysis.json"
"""Where the document stands within a version."""

_PROPERTIES: Final = {"Share": ("rate",), "Tally": ("executed", "bad", "pass_rate"), "Cluster": ("known", "rate")}
"""Computed values that pages show, by the class that has them."""


def document(report: Report) -> dict[str, Any]:
    """Return what the analysis found about the report's run."""
    found = report.findings
    return {
        "schema": SCHEMA,
        "run": found.run.label,
        "as_of": report.as_of.isoformat(),
        "verdict": report.judgement.verdict.value,
        "gates": [gate(judged) for judged in report.judgement.gates],
        "changes": plain(found.comparison),
        "kpis": plain(found.kpis),
        "pass_rates": plain(found.pass_rates),
        "flaky": plain(found.flaky),
        "clusters": plain(found.clusters),
        "clusters_unlisted": found.clusters_unlisted,
        "performance": plain(found.performance),
        "trends": plain(found.trends),
        "problems": [problem(each) for each in found.run.problems],
        "failures": [
            {
                "failure_id": failure.failure_id,
                "test": plain(failure.test),
                "change": failure.change.value,
                "signature": failure.signature,
                "since": plain(failure.since),
                "suspects": plain(failure.suspects),
                "flaky": failure.flaky.label if failure.flaky else None,
            }
            for failure in found.failures
        ],
    }


def dumped(report: Report) -> bytes:
    """Return the document as it is written: the same bytes for the same findings."""
    return (json.dumps(document(report), ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n").encode()


def plain(value: Any) -> Any:
    """Return a finding as JSON: runs by their label, tests by key and identity, times in RFC 3339."""
    if isinstance(value, RunRef):
        return value.label or value.commit  # a point that a history file tells belongs to no run of ours
    if isinstance(value, TestRef):
        return {
            "key": value.key,
            "surface": value.surface,
            "suite": value.suite,
            "classname": value.classname,
            "name": value.name,
        }
    if is_dataclass(value) and not isinstance(value, type):
        named = [each.name for each in fields(value)] + list(_PROPERTIES.get(type(value).__name__, ()))
        return {name: plain(getattr(value, name)) for name in named}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
