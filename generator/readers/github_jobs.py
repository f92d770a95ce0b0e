"""Jobs, check runs and check suites of GitHub: REST answers, webhook payloads, and `gh run view --json jobs`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.readers._github import read_export
from generator.readers._github_shapes import Kind, sign_of

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "github_jobs"
TITLE: Final = "GitHub jobs and checks"
SIGNS: Final = (
    "list `jobs` with `run_id` or of `gh run view`, `check_runs`, `check_suites`, one such object, or its payload"
)

_KINDS: Final = frozenset({Kind.JOB, Kind.CHECK_RUN, Kind.CHECK_SUITE})


def recognises(artifact: Artifact) -> str:
    """Return which shape of a job or check the document, or the first line of JSON lines, has."""
    return sign_of(artifact, _KINDS)


def read(artifact: Artifact) -> Reading:
    """Return its jobs, and check suites as runs of their apps; raises UnreadableError."""
    return read_export(artifact, NAME)
