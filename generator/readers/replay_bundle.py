"""`replay_bundle.json` of a runner folder (flavour `run`) or of the full-suite gate (flavour `gate`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers import _native
from generator.records import BundleFailure, Level, ReplayBundle, SourceCommand

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.safety.strict_json import Fields

NAME = "replay_bundle"
TITLE = "Runner: replay bundle"
SIGNS = "schema `<ns>.e2e.replay_bundle.v1`, or `replay_bundle.json` with its fields"
KIND = _native.Kind(
    reader=NAME,
    stem="e2e.replay_bundle",
    file="replay_bundle.json",
    marks=frozenset({"one_command_replay", "failed_suites", "failed_gates"}),
)
_SUITES = "replay_bundle.failed_suites"
_UNITS = "replay_bundle.failed_unit_targets"
_GATES = "replay_bundle.failed_gates"


def recognises(artifact: Artifact) -> str:
    """Return the sign of a replay bundle."""
    return _native.is_kind(artifact, KIND)


def read(artifact: Artifact) -> Reading:
    """Return the ReplayBundle; raises UnreadableError."""
    document = _native.opened(artifact, KIND)
    fields = document.fields
    environment = fields.child("environment")
    gates = [_gate(row) for row in fields.children("failed_gates")]
    targets = [_suite(row) for row in fields.children("failed_suites")]
    targets += [_unit(row) for row in fields.children("failed_unit_targets")]
    one = _native.command(fields, "one_command_replay", Level.RUN, NAME)
    return document.reading(
        ReplayBundle(
            part="",
            flavour=_flavour(fields, artifact, has_gates=bool(gates), has_targets=bool(targets)),
            generated_at=document.moment(fields, "generated_at"),
            correlation_id=_native.meta(fields, "correlation_id"),
            source_path=_native.meta(fields, "source_summary_path"),
            one_command=one[0] if one else None,
            commit=_native.commit(environment, "git_sha"),
            branch=_native.unset(_native.title(environment, "git_branch")),
            profile=_native.meta(environment, "profile"),
            vcr_mode=_native.unset(_native.meta(environment, "vcr_mode")),
            os=_native.meta(environment, "os"),
            rustc=_native.meta(environment, "rustc_version"),
            shard_kind=_native.title(environment, "shard_kind"),
            shard_index=environment.int("shard_index"),
            shard_total=environment.int("shard_total"),
            failures=tuple(failure for failure in (*targets, *gates) if failure.name),
            commands_valid=fields.child("summary").boolean("all_commands_reference_valid_targets"),
        )
    )


def _flavour(fields: Fields, artifact: Artifact, *, has_gates: bool, has_targets: bool) -> str:
    """Tell the flavour by its source, else by what it lists, else by its folder."""
    source = fields.text("source_summary_path").replace("\\", "/").rpartition("/")[2]
    if source in {"summary.json", "full_suite_verdict.json"}:
        return "run" if source == "summary.json" else "gate"
    if has_gates != has_targets:
        return "gate" if has_gates else "run"
    return "gate" if artifact.folders[-1:] == ("full_suite_gate",) else "run"


def _suite(row: Fields) -> BundleFailure:
    return BundleFailure(
        surface="suite",
        name=_native.title(row, "suite"),
        exit_code=row.signed("exit_code"),
        root_cause_class=_native.meta(row, "root_cause_class"),
        commands=(
            *_native.command(row, "targeted_replay", Level.TEST, _SUITES),
            *_native.command(row, "cargo_replay", Level.SUITE, _SUITES),
            *_native.command(row, "runner_replay", Level.RUNNER, _SUITES),
        ),
    )


def _unit(row: Fields) -> BundleFailure:
    commands: tuple[SourceCommand, ...] = _native.command(row, "cargo_replay", Level.SUITE, _UNITS)
    return BundleFailure(
        surface="unit", name=_native.title(row, "target"), exit_code=row.signed("exit_code"), commands=commands
    )


def _gate(row: Fields) -> BundleFailure:
    commands = _native.command(row, "reproduce_command", Level.GATE, _GATES)
    return BundleFailure(surface="gate", name=_native.title(row, "gate_id"), commands=commands)
