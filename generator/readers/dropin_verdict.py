"""`dropin-certification-verdict.json`: whether the product may be called a drop-in replacement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import flag, items, joined, pairs, said, shown, told
from generator.readers._statements import opened
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._said import Raw
    from generator.readers._statements import Sheet

NAME = "dropin_verdict"
TITLE = "Gates: drop-in certification"
SIGNS = "schema `<ns>.dropin.certification_verdict.v1`, or `dropin-certification-verdict.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="dropin.certification_verdict",
    file="dropin-certification-verdict.json",
    marks=frozenset({"overall_verdict", "hard_gate_results"}),
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of the verdict on drop-in certification."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement, which holds when it is CERTIFIED and every blocking gate passed; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    sheet.take("source", "blocking_reasons")
    bad: list[str] = []
    rows = sheet.each("hard_gate_results")
    for row in rows:
        made = _gate(row)
        if made.blocking and made.status != "pass":
            bad.append(made.id)
        sheet.add(made)
    for row in sheet.each("evidence_index"):
        there = flag(row, "exists")
        name = said(row, "path") or "(no path)"
        sheet.add(StatementRow(id=name, title="evidence", ok=there, detail=told(row, "description")))
    verdict = said(sheet.raw, "overall_verdict")
    claimed = sheet.claims(verdict, ("certified",), ("not_certified",))
    holds = bool(rows) and not bad
    if claimed and not holds:
        reason = f"these gates did not pass: {joined(bad)}" if bad else "it names no gate"
        sheet.doubt(f"says {verdict}, but {reason}")
    elif holds and not claimed and not items(sheet.raw.get("blocking_reasons")):
        sheet.doubt(f"says {verdict or 'nothing'}, but every blocking gate passed and no reason is given")
    return sheet.reading(sheet.statement(verdict, claimed and holds, joined(map(shown, _reasons(sheet)))))


def _reasons(sheet: Sheet) -> list[object]:
    return items(sheet.raw.get("blocking_reasons"))


def _gate(row: Raw) -> StatementRow:
    """Return one gate; a gate that does not say whether it blocks is taken as blocking."""
    status = said(row, "status")
    return StatementRow(
        id=said(row, "gate_id", "id") or "(no id)",
        title=said(row, "name", "gate_name"),
        status=status,
        ok=status == "pass",
        blocking=flag(row, "blocking") is not False,
        detail=told(row, "detail", "reason"),
        facts=pairs(row, "artifact_path", "bead"),
    )
