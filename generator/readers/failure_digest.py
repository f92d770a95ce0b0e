"""`failure_digest.json` of one failed suite; the assertion is an object, or a text in some writers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import UnreadableError
from generator.readers import _native
from generator.records import Assertion, Digest, Level
from generator.safety.text import clean_message, clean_name

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME = "failure_digest"
TITLE = "Runner: failure digest"
SIGNS = "schema `<ns>.e2e.failure_digest.v1`, or `failure_digest.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="e2e.failure_digest",
    file="failure_digest.json",
    marks=frozenset({"root_cause_class", "first_failing_assertion"}),
)
_POINTER = "failure_digest.remediation_pointer"


def recognises(artifact: Artifact) -> str:
    """Return the sign of the digest of a failed suite."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the Digest; raises UnreadableError, also when no suite is named."""
    document = _native.opened(artifact, KIND)
    fields = document.fields
    suite = _native.title(fields, "suite") or clean_name(artifact.folders[-1] if artifact.folders else "")
    if not suite:
        raise UnreadableError("names no suite", "check the step that writes it")
    pointer = fields.child("remediation_pointer")
    return document.reading(
        Digest(
            part="",
            suite=suite,
            exit_code=fields.signed("exit_code"),
            root_cause_class=_native.meta(fields, "root_cause_class"),
            impacted=_native.titles(fields, "impacted_scenario_ids"),
            assertion=_assertion(document),
            summary=clean_message(pointer.text("summary")),
            commands=(
                *_native.command(pointer, "targeted_test_replay_command", Level.TEST, _POINTER),
                *_native.command(pointer, "suite_replay_command", Level.SUITE, _POINTER),
                *_native.command(pointer, "replay_command", Level.RUNNER, _POINTER),
            ),
            cargo_rerun_hint=_native.meta(pointer, "cargo_rerun_hint"),
            event_count=fields.child("timeline").int("event_count"),
        )
    )


def _assertion(document: _native.Document) -> Assertion:
    """Return the first failing assertion; a text becomes its message."""
    name = "first_failing_assertion"
    if isinstance(document.raw.get(name), str):
        return Assertion(message=clean_message(document.fields.text(name)))
    child = document.fields.child(name)
    location = child.child("location")
    return Assertion(
        test=_native.title(child, "test"),
        file=_native.title(location, "file"),
        line=location.int("line") or 0,
        column=location.int("column") or 0,
        message=clean_message(child.text("message")),
        raw_header=clean_message(child.text("raw_header")),
    )
