"""`evidence_bundle/index.json`: which sections of evidence are there, and whether they are enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._said import flag, number, pairs, said, table, told
from generator.readers._statements import opened
from generator.records import StatementRow

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._said import Raw

NAME = "evidence_bundle"
TITLE = "Gates: evidence bundle"
SIGNS = "schema `<ns>.ci.evidence_bundle.v1`, or `index.json` that is cut off in a folder `evidence_bundle`"
KIND = _native.Kind(
    reader=NAME,
    stem="ci.evidence_bundle",
    file="",
    marks=frozenset({"sections"}),
)
_FILE = "index.json"
_VERDICTS = ("complete", "partial", "insufficient")


def recognises(artifact: Artifact) -> str:
    """Return the sign of an evidence bundle."""
    if artifact.name == _FILE and artifact.folders[-1:] == ("evidence_bundle",) and artifact.peek_json() is None:
        return f"named `{_FILE}` in a folder `evidence_bundle`"
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    sheet.take("git_ref", "summary")
    states: list[str] = []
    required: list[str] = []
    lineage = False
    for row in sheet.each("sections"):
        made = _section(row)
        states.append(made.status)
        required += [made.status] if flag(row, "required") else []
        lineage = lineage or ("lineage" in made.id and made.status == "invalid")
        sheet.add(made)
    stated = table(sheet.raw.get("summary"))
    sheet.same("total_sections", number(stated, "total_sections"), len(states))
    for state in ("present", "missing", "invalid"):
        sheet.same(f"{state}_sections", number(stated, f"{state}_sections"), states.count(state))
    verdict = said(stated, "verdict")
    claimed = sheet.claims(verdict, ("complete", "partial"), ("insufficient",))
    possible = _possible(states, required, lineage=lineage)
    if verdict in _VERDICTS and verdict not in possible:
        sheet.doubt(f"says {verdict}, but its sections make it {' or '.join(possible)}")
    return sheet.reading(sheet.statement(verdict, claimed and possible != ("insufficient",)))


def _section(row: Raw) -> StatementRow:
    status = said(row, "status")
    return StatementRow(
        id=said(row, "id", "label") or "(no id)",
        title=said(row, "label"),
        status=status,
        ok=status == "present" if status != "missing" or flag(row, "required") is not False else None,
        blocking=flag(row, "required"),
        detail=told(row, "diagnostics"),
        value=said(row, "file_count"),
        facts=pairs(row, "category", "artifact_path", "schema", "total_bytes"),
    )


def _possible(states: list[str], required: list[str], *, lineage: bool) -> tuple[str, ...]:
    """Return the verdicts that the sections allow; which of them are required, the file seldom says."""
    needed = required or states
    if lineage or "present" not in needed:
        return ("insufficient",)
    bad = any(state not in {"present", "missing"} for state in states)
    if required:
        return ("partial",) if bad or set(required) != {"present"} else ("complete",)
    if bad:
        return ("partial", "insufficient")
    return ("complete",) if set(states) == {"present"} else ("complete", "partial", "insufficient")
