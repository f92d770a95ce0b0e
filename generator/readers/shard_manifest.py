"""`ci_shard_manifest.json`: the shard and its selection, written beside the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.records import Environment

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME = "shard_manifest"
TITLE = "Runner: shard manifest"
SIGNS = "schema `<ns>.verify.shard_manifest.v1`, or `ci_shard_manifest.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="verify.shard_manifest",
    file="ci_shard_manifest.json",
    marks=frozenset({"shard", "selection"}),
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of a shard manifest."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the facts it shares with the environment, as an Environment; raises UnreadableError."""
    document = _native.opened(artifact, KIND)
    fields = document.fields
    selection = fields.child("selection")
    return document.reading(
        Environment(
            namespace=document.namespace,
            started_at=document.moment(fields, "generated_at"),
            profile=_native.meta(fields, "profile"),
            correlation_id=_native.meta(fields, "correlation_id"),
            shard=_native.shard(fields),
            artifact_dir=_native.meta(fields, "artifact_dir"),
            unit_targets=_native.titles(selection, "unit_targets"),
            suites=_native.titles(selection, "e2e_suites"),
            selection_known=selection.has("unit_targets") and selection.has("e2e_suites"),
        )
    )
