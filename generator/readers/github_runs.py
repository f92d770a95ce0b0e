"""Workflow runs of GitHub Actions: REST answers, webhook payloads, and what `gh run list` and `gh run view` print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.readers._github import read_export
from generator.readers._github_shapes import Kind, sign_of

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "github_runs"
TITLE: Final = "GitHub workflow runs"
SIGNS: Final = (
    "list `workflow_runs`, a workflow run with `workflow_id`, a `workflow_run` payload, or fields of `gh run --json`"
)

_KINDS: Final = frozenset({Kind.RUN})


def recognises(artifact: Artifact) -> str:
    """Return which shape of a workflow run the document, or the first line of JSON lines, has."""
    return sign_of(artifact, _KINDS)


def read(artifact: Artifact) -> Reading:
    """Return its runs, with their jobs where they are there; raises UnreadableError."""
    return read_export(artifact, NAME)
