"""What the summary of CI shards and the dashboard of test health have in common: metrics, signatures, failures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.readers._said import close, items, joined, number, pairs, said, shown, table
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.readers._said import Raw
    from generator.readers._statements import Sheet
    from generator.records import Statement

TRANSIENT: Final = (
    *("timeout", "timed out", "connection reset", "rate limit", "temporarily unavailable", "broken pipe"),
    *("econnreset", "429", "503"),
)
"""Words by which the upstream definition takes a failure signature for a flake."""

_LISTS: Final = ("failures", "failure_records")


def shard_statement(sheet: Sheet) -> Statement:
    """Return what the shards of a CI run came to: it holds when there are shards and every one of them succeeded."""
    sheet.take("metrics", "runtime", "balance", "trend", "thresholds")
    metrics = table(sheet.raw.get("metrics"))
    found = [row for name in _LISTS for row in sheet.each(name)]
    for row in found:
        sheet.add(_failure(row))
    for row in sheet.each("top_failure_signatures"):
        signature = said(row, "signature") or "(none)"
        facts = (("shards", joined(dict.fromkeys(said(s, "shard_name") for s in _samples(row)))),)
        sheet.add(StatementRow(id=signature, title="failure signature", value=said(row, "count"), facts=facts))
    _flakes(sheet)
    total, failed = number(metrics, "total_shards"), number(metrics, "failed_shards")
    rate = number(metrics, "pass_rate")
    if rate is not None and total and failed is not None and rate * total + failed > total + 0.01:
        sheet.doubt(f"states a pass rate of {shown(rate)} with {shown(failed)} of {shown(total)} shards failed")
    if failed == 0 and any(said(row, "scope") == "shard" for row in found):
        sheet.doubt("states no failed shard, but lists one")
    _signatures(sheet, metrics, found)
    if not total or failed is None:
        sheet.doubt("states no number of shards" if total is None or failed is None else "has no shards")
        return sheet.statement("", ok=False)
    return sheet.statement("", ok=failed == 0 and (rate is None or rate >= 1) and not found)


def _samples(row: Raw) -> list[Raw]:
    return [table(item) for item in items(row.get("samples"))]


def _failure(row: Raw) -> StatementRow:
    name = said(row, "name")
    return StatementRow(
        id=f"{said(row, 'shard_name') or '(no shard)'}: {name}" if name else said(row, "shard_name") or "(no shard)",
        title=said(row, "scope"),
        status="fail",
        ok=False,
        detail=said(row, "signature"),
        facts=pairs(row, "shard_name", "lane", "scope", "name", "log_path"),
    )


def _flakes(sheet: Sheet) -> None:
    for item in items(sheet.raw.get("flake_candidates"))[:100]:
        row = table(item)
        name = shown(item) or said(row, "name", "signature", "target") or "(no name)"
        sheet.add(StatementRow(id=name, title="flake candidate", facts=pairs(row, "signature", "shard_name", "count")))
    sheet.count("flake_candidates", len(items(sheet.raw.get("flake_candidates"))))


def _signatures(sheet: Sheet, metrics: Raw, found: list[Raw]) -> None:
    """Count the signatures anew, and the share of them that contains a transient word."""
    signatures = {text for row in found if (text := said(row, "signature"))}
    if not signatures:
        return
    stated = number(metrics, "failure_signature_count")
    sheet.same("metrics.failure_signature_count", stated, len(signatures))
    share = sum(any(word in text.lower() for word in TRANSIENT) for text in signatures) / len(signatures)
    sheet.count("flake_rate_of_signatures", round(share, 4))
    estimate = number(metrics, "flake_rate_estimate")
    if estimate is not None and not close(estimate, share):
        sheet.document.note(f"states a flake rate of {shown(estimate)}; its signatures make {share:.2f}")
