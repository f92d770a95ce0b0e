"""`sec_conformance_verdict.json`: whether enough of the security compatibility suite passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import number, said, shown
from generator.readers._statements import checks, opened

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME = "sec_conformance"
TITLE = "Gates: security conformance"
SIGNS = "schema `<ns>.sec.compatibility_conformance.v1`, or `sec_conformance_verdict.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="sec.compatibility_conformance",
    file="sec_conformance_verdict.json",
    marks=frozenset({"pass_rate_pct", "threshold_pct"}),
)
THRESHOLD = 95.0
"""Percent that must pass where the file does not say it."""


def recognises(artifact: Artifact) -> str:
    """Return the sign of the verdict on security conformance."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement, which holds when the pass rate reaches its threshold; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    raw = sheet.raw
    sheet.take(*(name for name in raw if name not in {"schema", "generated_at", "verdict", "checks"}))
    checks(sheet)
    verdict = said(raw, "verdict", "status")
    rate = number(raw, "pass_rate_pct")
    least = number(raw, "threshold_pct")
    least = THRESHOLD if least is None else least
    sheet.count("threshold_pct", least)
    claimed = sheet.claims(verdict)
    holds = rate is not None and rate >= least
    reason = (
        f"its pass rate is {shown(rate) or 'not stated'}{' %' * (rate is not None)}, and {shown(least)} % is needed"
    )
    if not claimed and holds and any(row.ok is False for row in sheet.rows):
        return sheet.reading(sheet.statement(verdict, ok=False))
    return sheet.reading(sheet.statement(verdict, sheet.weigh(verdict, claimed, holds, reason)))
