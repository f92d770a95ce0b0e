"""`ci-shard-summary.json`: how many shards of a CI run failed, with which signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._shards import shard_statement
from generator.readers._statements import opened

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME = "shard_summary"
TITLE = "CI: all shards"
SIGNS = "schema `<ns>.ci.shard_summary.v1`, or `ci-shard-summary.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="ci.shard_summary",
    file="ci-shard-summary.json",
    marks=frozenset({"metrics", "top_failure_signatures"}),
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of the summary of all shards of a CI run."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement, which holds when every shard succeeded; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    return sheet.reading(shard_statement(sheet))
