"""JSON report of coverage.py: `coverage json`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers._coverage import CoverageReport, moment, path_of, several, shown_path
from generator.records import CoverageFile
from generator.safety.strict_json import Fields

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "coverage_py"
TITLE: Final = "coverage.py JSON"
SIGNS: Final = "objects `meta`, `files` and `totals`, with `covered_lines` or `num_statements` in the totals"

_HEAD: Final = re.compile(rb'\s*\{\s*"meta"\s*:\s*\{[^}]{0,400}"branch_coverage"\s*:')
_ZONED: Final = re.compile(r"T.*(?:Z|[+-][0-9]{2}:?[0-9]{2})$")
"""A time that says its zone; the usual one does not, and read as UTC it would put the run hours too early."""

_TOTALS: Final = {
    "num_statements": "lines_valid",
    "covered_lines": "lines_covered",
    "num_branches": "branches_valid",
    "covered_branches": "branches_covered",
}


def recognises(artifact: Artifact) -> str:
    """Return the marks found; a document that is cut off is known by its beginning."""
    document = artifact.peek_object()
    meta, files, totals = document.get("meta"), document.get("files"), document.get("totals")
    if isinstance(meta, dict) and isinstance(files, dict) and isinstance(totals, dict):
        return "`meta`, `files` and `totals` of coverage.py" if totals.keys() & _TOTALS.keys() else ""
    is_cut = artifact.peek_json() is None and _HEAD.match(artifact.peek().removeprefix(b"\xef\xbb\xbf"))
    return "begins like a report of coverage.py" if is_cut else ""


def read(artifact: Artifact) -> Reading:
    """Return lines and branches by source file; raises UnreadableError with cause and next step."""
    document = Fields(artifact.json(), "")
    meta, totals = document.child("meta"), document.child("totals")
    raw = artifact.peek_object().get("files")
    if not isinstance(raw, dict):
        raise UnreadableError("has no object `files`", "write the report with `coverage json`")
    branches = meta.boolean("branch_coverage")
    has_branches = totals.has("num_branches") if branches is None else branches
    files: dict[str, CoverageFile] = {}
    strange: list[str] = []
    for name, entry in raw.items():
        file = _file(path_of(name), entry, branches=has_branches)
        if file is None:
            strange.append(name)
        else:
            files[file.path] = file
    declared = {ours: number for theirs, ours in _TOTALS.items() if (number := totals.int(theirs)) is not None}
    if not has_branches:
        declared = {name: number for name, number in declared.items() if name.startswith("lines")}
    version, stamp = meta.text("version").strip(), meta.text("timestamp").strip()
    report = CoverageReport(
        artifact=artifact,
        reader=NAME,
        tool=f"coverage.py {version}".strip(),
        files=list(files.values()),
        declared=declared,
    )
    if strange:
        message = f"says nothing about lines that can be read for {several(strange)}; left out"
        report.notes.append((message, "write the report again with `coverage json`"))
    return report.reading(started_at=moment(stamp) if _ZONED.search(stamp) else "")


def _file(path: str, entry: object, *, branches: bool) -> CoverageFile | None:
    """Return what a report says about one file: the lines listed, else its summary; None when there is neither."""
    if not isinstance(entry, dict):
        return None
    summary = Fields(entry.get("summary") if isinstance(entry.get("summary"), dict) else {}, "summary")
    executed, missing = _numbers(entry.get("executed_lines")), _numbers(entry.get("missing_lines"))
    if executed is not None and missing is not None:
        valid, covered = len(executed | missing), len(executed)
    else:
        stated = summary.int("num_statements"), summary.int("covered_lines")
        if stated[0] is None or stated[1] is None:
            return None
        valid, covered = stated[0], min(stated[1], stated[0])
    ways = (summary.int("num_branches") or 0) if branches else None
    return CoverageFile(
        path=shown_path(path),
        lines_valid=valid,
        lines_covered=covered,
        branches_valid=ways,
        branches_covered=None if ways is None else min(summary.int("covered_branches") or 0, ways),
    )


def _numbers(value: object) -> set[int] | None:
    if not isinstance(value, list):
        return None
    if set(map(type, value)) <= {int}:
        return set(value)
    return {number for number in value if type(number) is int}
