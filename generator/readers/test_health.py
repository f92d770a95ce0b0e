"""`test-health-dashboard.json`: pass rate, duration and flakes of a CI run by its shards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.readers._shards import shard_statement
from generator.readers._statements import opened

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME = "test_health"
TITLE = "CI: test health"
SIGNS = "schema `<ns>.ci.test_health_dashboard.v1`, or `test-health-dashboard.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="ci.test_health_dashboard",
    file="test-health-dashboard.json",
    marks=frozenset({"metrics", "top_failure_signatures"}),
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of the dashboard of test health."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Statement, which holds when every shard succeeded; raises UnreadableError."""
    sheet = opened(artifact, KIND)
    return sheet.reading(shard_statement(sheet))
