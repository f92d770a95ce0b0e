"""`ci-shard-index.json`: what CI itself says about a job lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.records import LaneIndex, LaneStatus

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME = "lane_index"
TITLE = "CI lane"
SIGNS = "schema `<ns>.ci.shard_index.v1`, or `ci-shard-index.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="ci.shard_index",
    file="ci-shard-index.json",
    marks=frozenset({"shard_name", "lane", "job_status"}),
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of the index of a CI lane."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the LaneIndex; raises UnreadableError."""
    document = _native.opened(artifact, KIND)
    fields = document.fields
    return document.reading(
        LaneIndex(
            lane=LaneStatus(lane=_native.meta(fields, "lane"), job_status=_native.meta(fields, "job_status")),
            shard_name=_native.title(fields, "shard_name"),
            correlation_id=_native.meta(fields, "correlation_id"),
            generated_at=document.moment(fields, "generated_at"),
        )
    )
