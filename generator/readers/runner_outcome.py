"""`runner_outcome.json`: pass or fail with the phases that failed (late era)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.records import RunnerOutcome

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME = "runner_outcome"
TITLE = "Runner: outcome"
SIGNS = "schema `<ns>.e2e.runner_outcome.v1`, or `runner_outcome.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="e2e.runner_outcome",
    file="runner_outcome.json",
    marks=frozenset({"failed_phases", "source_snapshot_verified"}),
)


def recognises(artifact: Artifact) -> str:
    """Return the sign of the outcome of a runner folder."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the RunnerOutcome; a status that its own fields contradict is a warning; raises UnreadableError."""
    document = _native.opened(artifact, KIND)
    fields = document.fields
    status, phases = _native.meta(fields, "status"), _native.titles(fields, "failed_phases")
    clear = fields.signed("exit_code") == 0 and fields.boolean("source_snapshot_verified") is True and not phases
    if status in {"pass", "fail"} and (status == "pass") != clear:
        document.note(f"`status` says {status}, but exit code, snapshot and failed phases say otherwise")
    return document.reading(
        RunnerOutcome(status=status, failed_phases=phases, commit=_native.commit(fields, "source_commit"))
    )
