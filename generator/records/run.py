"""A CI run and the runner invocations (parts) inside it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from generator.records.base import Record


class RunKey(Record):
    """Identity of one immutable unit of the history."""

    repository: str
    workflow: str
    run_id: str
    attempt: int = 1


class PartState(StrEnum):
    """How far one runner invocation got, and of what shape its evidence is."""

    COMPLETE = "complete"
    ABORTED = "aborted"
    """Preflight, lint or build stopped it: no result was written."""
    KILLED = "killed"
    """Some results, no summary."""
    UNREADABLE = "unreadable"
    """A summary exists, but it cannot be read: what is known comes from the single results."""
    BUNDLE_ONLY = "bundle_only"
    """Nothing but a replay bundle is left."""
    LEGACY = "legacy"
    LIVE_PROVIDER = "live_provider"
    """`summary.json` is an empty list: a live-provider run without targets."""
    LANE = "lane"
    """A CI lane that does not use the runner."""
    REPORTS = "reports"
    """Test reports only (JUnit and the like)."""
    GATES = "gates"
    """Gate evidence only."""


class Shard(Record):
    """Which slice of the selection a part ran; zero-based index."""

    kind: str = "none"
    name: str = "unsharded"
    index: int | None = None
    total: int | None = None

    @property
    def sharded(self) -> bool:
        """Whether this is one slice of several."""
        return self.kind != "none" and self.total is not None


class LaneStatus(Record):
    """What CI itself said about a job lane (`ci-shard-index.json`)."""

    lane: str
    job_status: str


class Part(Record):
    """One runner invocation: its folder, environment and selection, as the artifacts state them."""

    name: str
    """Unique within the run: the shard name, else the folder name."""
    folder: str
    """Path of the folder relative to the run's root, `.` for the root itself."""
    state: PartState
    namespace: str = ""
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
    foreign_folder: str = ""
    """The folder as the machine that ran saw it: shown, never opened."""
    rerun_from: str = ""
    diff_from: str = ""
    """As typed by the operator; only its run folder name is used."""
    unit_targets: tuple[str, ...] = ()
    suites: tuple[str, ...] = ()
    selection_known: bool = False
    lint_failed: tuple[str, ...] = ()
    build_failed: bool = False
    lane: LaneStatus | None = None
    outcome_status: str = ""
    """`runner_outcome.json`: pass, fail or empty."""
    failed_phases: tuple[str, ...] = ()


class Run(Record):
    """One attempt of one CI run: identity, time, commit, and the parts found."""

    key: RunKey
    started_at: datetime
    time_source: str
    """Which artifact the time comes from; `now` when none states one."""
    finished_at: datetime | None = None
    commit: str = ""
    branch: str = ""
    event: str = ""
    url: str = ""
    pull_request: int | None = None
    expected_parts: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
