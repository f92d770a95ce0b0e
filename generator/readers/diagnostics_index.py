"""`failure_diagnostics_index.json`: which suites should have a digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.records import DiagnosticsIndex

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME = "diagnostics_index"
TITLE = "Runner: index of failure digests"
SIGNS = "schema `<ns>.e2e.failure_diagnostics_index.v1`, or `failure_diagnostics_index.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="e2e.failure_diagnostics_index",
    file="failure_diagnostics_index.json",
    marks=frozenset({"failed_suite_count", "suites", "run_timeline_path"}),
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of the index of failure diagnostics."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the DiagnosticsIndex; raises UnreadableError."""
    document = _native.opened(artifact, KIND)
    named = (_native.title(row, "suite") for row in document.fields.children("suites"))
    suites = tuple(sorted({name for name in named if name}))
    said = document.fields.int("failed_suite_count")
    if said is not None and said != len(suites):
        document.note(f"`failed_suite_count` says {said}, the list names {len(suites)}")
    return document.reading(DiagnosticsIndex(suites=suites))
