"""`summary.json` of a runner folder: seed, late and legacy shapes, and the empty list of live-provider runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.plugins import Reading
from generator.readers import _native
from generator.readers._targets import target_row
from generator.records import Summary, TargetRow
from generator.safety.text import one_line

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.safety.strict_json import Fields

NAME = "summary"
TITLE = "Runner: summary"
SIGNS = "schema `<ns>.e2e.summary.v1`, or `summary.json` with its fields or an empty list"
KIND = _native.Kind(
    reader=NAME,
    stem="e2e.summary",
    file="summary.json",
    marks=frozenset({"suites", "failed_names", "total_suites", "unit_targets"}),
)
_SHOWN = 8
"""Names in a message about claims that disagree with the rows."""


def recognises(artifact: Artifact) -> str:
    """Return the sign of the summary of a runner folder."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Summary; claims that disagree with its rows are warnings; raises UnreadableError."""
    if artifact.json() == []:
        return Reading(records=(Summary(shape="live_provider"),))
    document = _native.opened(artifact, KIND)
    fields = document.fields
    units, suites = _rows(document, "unit_targets", "unit"), _rows(document, "suites", "suite")
    library = (target_row(fields.child("lib"), "lib", "lib"),) if fields.child("lib").has("exit_code") else ()
    summary = Summary(
        shape=_shape(document),
        namespace=document.namespace,
        started_at=document.moment(fields, "timestamp"),
        profile=_native.meta(fields, "profile"),
        commit=_native.commit(fields, "source_commit", "git_sha"),
        correlation_id=_native.meta(fields, "correlation_id"),
        shard=_native.shard(fields),
        artifact_dir=_native.meta(fields, "artifact_dir"),
        rerun_from=_native.meta(fields, "rerun_from"),
        diff_from=_native.meta(fields, "diff_from"),
        targets=(*library, *units, *suites),
        claimed_failed_units=_native.titles(fields, "failed_unit_names"),
        claimed_failed_suites=_native.titles(fields, "failed_names"),
    )
    _compare(document, "units", units, summary.claimed_failed_units, "failed_unit_names")
    _compare(document, "suites", suites, summary.claimed_failed_suites, "failed_names")
    return document.reading(summary)


def _shape(document: _native.Document) -> str:
    fields = document.fields
    if fields.has("source_commit") or fields.has("runner_outcome"):
        return "late"
    return "legacy" if document.schema_id is None and not fields.has("unit_targets") else "seed"


def _rows(document: _native.Document, name: str, surface: str) -> tuple[TargetRow, ...]:
    """Return the rows of one list, first of a name only; rows without a name are noted."""
    rows: dict[str, TargetRow] = {}
    for place, child in enumerate(document.fields.children(name)):
        row = target_row(child, surface)
        if not row.name:
            document.note(f"`{name}[{place}]` names no target")
        elif row.name in rows:
            document.note(f"`{name}` lists {one_line(row.name)} twice; the first row counts")
        else:
            rows[row.name] = row
    return tuple(rows.values())


def _compare(
    document: _native.Document, plural: str, rows: tuple[TargetRow, ...], claimed: tuple[str, ...], names: str
) -> None:
    """Note where totals and lists of failed names disagree with the exit codes."""
    fields: Fields = document.fields
    failed = {row.name for row in rows if row.exit_code != 0}
    if fields.has(names) and set(claimed) != failed:
        document.note(
            f"`{names}` says {_listing(claimed)}, the exit codes say {_listing(failed)}; the exit codes count"
        )
    counted = {
        f"total_{plural}": len(rows),
        f"failed_{plural}": len(failed),
        f"passed_{plural}": len(rows) - len(failed),
    }
    for name, number in counted.items():
        said = fields.int(name)
        if said is not None and said != number:
            document.note(f"`{name}` says {said}, the rows say {number}; the rows count")


def _listing(names: set[str] | tuple[str, ...]) -> str:
    shown = sorted(one_line(name) for name in names)
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more if shown else "none"
