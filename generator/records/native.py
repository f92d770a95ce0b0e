"""Files of the native runner as they state it, before they are joined into parts and results."""

from __future__ import annotations

from datetime import datetime

from generator.records.base import Record
from generator.records.run import LaneStatus, Shard


class RunManifest(Record):
    """`run.json` (`replaybook.run.v1`): identity of a CI run, written by the job that collects the artifacts."""

    repository: str
    workflow: str
    run_id: str
    attempt: int = 1
    started_at: datetime | None = None
    finished_at: datetime | None = None
    commit: str = ""
    branch: str = ""
    event: str = ""
    url: str = ""
    pull_request: int | None = None
    expected_parts: tuple[str, ...] = ()


class Environment(Record):
    """`environment.json` (or the same facts of `ci_shard_manifest.json`)."""

    namespace: str = ""
    legacy: bool = False
    started_at: datetime | None = None
    profile: str = ""
    commit: str = ""
    branch: str = ""
    correlation_id: str = ""
    shard: Shard = Shard()
    vcr_mode: str = ""
    os: str = ""
    rustc: str = ""
    cargo: str = ""
    parallelism: int | None = None
    artifact_dir: str = ""
    rerun_from: str = ""
    diff_from: str = ""
    unit_targets: tuple[str, ...] = ()
    suites: tuple[str, ...] = ()
    selection_known: bool = False


class TargetRow(Record):
    """One entry of `summary.json`, or a `result.json` of its own."""

    surface: str
    """unit, suite or lib."""
    name: str
    exit_code: int | None
    duration_ms: int | None = None
    passed: int | None = None
    failed: int | None = None
    ignored: int | None = None
    error: str = ""
    """`no result file` when a selected target left none."""


class Summary(Record):
    """`summary.json` in its seed, late or legacy shape."""

    shape: str
    """seed, late, legacy or live_provider."""
    namespace: str = ""
    started_at: datetime | None = None
    profile: str = ""
    commit: str = ""
    correlation_id: str = ""
    shard: Shard = Shard()
    artifact_dir: str = ""
    rerun_from: str = ""
    diff_from: str = ""
    targets: tuple[TargetRow, ...] = ()
    claimed_failed_units: tuple[str, ...] = ()
    claimed_failed_suites: tuple[str, ...] = ()


class ResultFile(Record):
    """One `result.json`."""

    target: TargetRow
    correlation_id: str = ""
    started_at: datetime | None = None
    sha256: tuple[tuple[str, str], ...] = ()
    """(file name, digest) pairs of late-era `diagnostic_artifacts`."""


class RunnerOutcome(Record):
    """`runner_outcome.json`: pass or fail with the phases that failed."""

    status: str
    failed_phases: tuple[str, ...] = ()
    commit: str = ""


class LogSignal(Record):
    """What the size or the words of a lint or build log say (the runner's own heuristic)."""

    phase: str
    """fmt, clippy or build."""
    failed: bool
    excerpt: str = ""


class DiagnosticsIndex(Record):
    """`failure_diagnostics_index.json`: which suites should have a digest."""

    suites: tuple[str, ...] = ()


class LaneIndex(Record):
    """`ci-shard-index.json` of a CI lane."""

    lane: LaneStatus
    shard_name: str
    correlation_id: str = ""
    generated_at: datetime | None = None
