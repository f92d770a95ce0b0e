"""What CI said about failures: digests, timelines, replay bundles."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from generator.records.base import Record


class Level(StrEnum):
    """How narrow a replay command is; narrowest first."""

    TEST = "test"
    SUITE = "suite"
    RUNNER = "runner"
    GATE = "gate"
    RUN = "run"


class SourceCommand(Record):
    """A command as an artifact offers it: not trusted, not yet vetted."""

    level: Level
    text: str
    source: str
    """`<artifact>.<field path>` it was read from."""
    secret: bool = False
    """Whether masking changed the text: then it is never offered for copying."""


class Assertion(Record):
    """The first failing assertion of a digest; line 0 means that no panic was found."""

    test: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    message: str = ""
    raw_header: str = ""


class Digest(Record):
    """`failure_digest.json` of one failed suite."""

    part: str
    suite: str
    exit_code: int | None
    root_cause_class: str
    impacted: tuple[str, ...]
    assertion: Assertion
    summary: str = ""
    commands: tuple[SourceCommand, ...] = ()
    cargo_rerun_hint: str = ""
    event_count: int | None = None
    path: str = ""


class TimelineEvent(Record):
    """One row of `failure_timeline.jsonl`; order is `ordinal`, time is optional."""

    part: str
    suite: str
    ordinal: int
    source: str
    event_type: str
    line_no: int | None = None
    test: str = ""
    at: datetime | None = None
    t_ms: float | None = None
    message: str = ""


class BundleFailure(Record):
    """What a replay bundle names as failed, with its commands."""

    surface: str
    """suite, unit or gate."""
    name: str
    exit_code: int | None = None
    root_cause_class: str = ""
    commands: tuple[SourceCommand, ...] = ()


class ReplayBundle(Record):
    """`replay_bundle.json`; `flavour` is `run` or `gate`."""

    part: str
    flavour: str
    generated_at: datetime | None
    correlation_id: str = ""
    source_path: str = ""
    one_command: SourceCommand | None = None
    commit: str = ""
    branch: str = ""
    profile: str = ""
    vcr_mode: str = ""
    os: str = ""
    rustc: str = ""
    shard_kind: str = ""
    shard_index: int | None = None
    shard_total: int | None = None
    failures: tuple[BundleFailure, ...] = ()
    commands_valid: bool | None = None
    """`all_commands_reference_valid_targets` as the writer says it."""
    path: str = ""
