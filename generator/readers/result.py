"""`result.json` of one suite, unit target or the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import UnreadableError
from generator.readers import _native
from generator.readers._targets import target_row
from generator.records import ResultFile

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.safety.strict_json import Fields

NAME = "result"
TITLE = "Runner: result of one target"
SIGNS = "schema `<ns>.e2e.result.v1`, or `result.json` with its fields"
KIND = _native.Kind(
    reader=NAME, stem="e2e.result", file="result.json", marks=frozenset({"result_kind", "exit_code", "log_file"})
)
_SURFACES = ("suite", "unit", "lib")


def recognises(artifact: Artifact) -> str:
    """Return the sign of the result of one target."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the ResultFile; raises UnreadableError, also when it names no target or no exit code."""
    document = _native.opened(artifact, KIND)
    fields = document.fields
    surface = fields.text("result_kind") or ("suite" if fields.has("suite") else "unit")
    if surface not in _SURFACES:
        raise UnreadableError(
            "has a `result_kind` that is none of lib, unit and suite", "check the step that writes it"
        )
    target = target_row(fields, surface, "lib" if surface == "lib" else "")
    if not target.name:
        raise UnreadableError("names no target", "check the step that writes it")
    if target.exit_code is None:
        raise UnreadableError("states no exit code", "check the step that writes it")
    return document.reading(
        ResultFile(
            target=target,
            correlation_id=_native.meta(fields, "correlation_id"),
            started_at=document.moment(fields, "timestamp"),
            sha256=_sums(fields.child("diagnostic_artifacts")),
        )
    )


def _sums(fields: Fields) -> tuple[tuple[str, str], ...]:
    names = (("output_log", "output.log"), ("test_log_jsonl", "test-log.jsonl"))
    both = ((file, fields.child(key)) for key, file in (*names, ("artifact_index_jsonl", "artifact-index.jsonl")))
    return tuple((file, digest) for file, entry in both if (digest := _native.meta(entry, "sha256")))
