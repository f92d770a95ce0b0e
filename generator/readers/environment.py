"""`environment.json`: what the runner knew before the first target; older files have no schema id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.records import Environment

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME = "environment"
TITLE = "Runner: environment"
SIGNS = "schema `<ns>.e2e.environment.v1`, or `environment.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="e2e.environment",
    file="environment.json",
    marks=frozenset({"timestamp", "git_sha", "artifact_dir", "rustc"}),
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of the environment of a runner folder."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Environment; raises UnreadableError."""
    document = _native.opened(artifact, KIND)
    fields = document.fields
    return document.reading(
        Environment(
            namespace=document.namespace,
            legacy=document.schema_id is None,
            started_at=document.moment(fields, "timestamp") or document.moment(fields, "generated_at"),
            profile=_native.meta(fields, "profile"),
            commit=_native.commit(fields, "source_commit", "git_sha"),
            branch=_native.unset(_native.title(fields, "git_branch")),
            correlation_id=_native.meta(fields, "correlation_id"),
            shard=_native.shard(fields),
            vcr_mode=_native.unset(_native.meta(fields, "vcr_mode")),
            os=_native.meta(fields, "os"),
            rustc=_native.meta(fields, "rustc"),
            cargo=_native.meta(fields, "cargo"),
            parallelism=fields.int("parallelism"),
            artifact_dir=_native.meta(fields, "artifact_dir"),
            rerun_from=_native.meta(fields, "rerun_from"),
            diff_from=_native.meta(fields, "diff_from"),
            unit_targets=_native.titles(fields, "unit_targets"),
            suites=_native.titles(fields, "e2e_suites"),
            selection_known=fields.has("unit_targets") and fields.has("e2e_suites"),
        )
    )
