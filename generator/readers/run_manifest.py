"""`run.json` (`replaybook.run.v1`): identity of a CI run, written by the job that collects the artifacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import UnreadableError
from generator.readers import _native
from generator.records import RunManifest

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME = "run_manifest"
TITLE = "Identity of a CI run"
SIGNS = "schema `replaybook.run.v1`, or `run.json` with its fields"
KIND = _native.Kind(
    reader=NAME, stem="run", file="run.json", namespace="replaybook", marks=frozenset({"run_id", "repository"})
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of a `run.json`."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the RunManifest; raises UnreadableError, also when no run id is stated."""
    document = _native.opened(artifact, KIND)
    fields = document.fields
    run_id = _native.title(fields, "run_id") or str(fields.int("run_id") or "")
    if not run_id:
        raise UnreadableError("states no run id", "write `run_id` into it")
    attempt = fields.int("attempt")
    return document.reading(
        RunManifest(
            repository=_native.title(fields, "repository"),
            workflow=_native.title(fields, "workflow"),
            run_id=run_id,
            attempt=attempt or 1,
            started_at=document.moment(fields, "started_at"),
            finished_at=document.moment(fields, "finished_at"),
            commit=_native.commit(fields, "commit"),
            branch=_native.unset(_native.title(fields, "branch")),
            event=_native.meta(fields, "event"),
            url=_native.meta(fields, "url"),
            pull_request=fields.int("pull_request"),
            expected_parts=_native.titles(fields, "expected_parts"),
        )
    )
