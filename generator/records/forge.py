"""Workflow runs and jobs as a forge exports them."""

from __future__ import annotations

from datetime import datetime

from generator.records.base import Record


class WorkflowStep(Record):
    """One step of a job."""

    number: int | None
    name: str
    status: str
    conclusion: str
    started_at: datetime | None = None
    completed_at: datetime | None = None


class WorkflowJob(Record):
    """One job, or check run, of a workflow run."""

    job_id: str
    run_id: str = ""
    attempt: int | None = None
    name: str
    status: str
    """queued, in_progress, completed …"""
    conclusion: str
    """success, failure, cancelled, timed_out … or empty while it runs."""
    workflow: str = ""
    commit: str = ""
    branch: str = ""
    runner: str = ""
    labels: tuple[str, ...] = ()
    url: str = ""
    created_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    steps: tuple[WorkflowStep, ...] = ()


class WorkflowRun(Record):
    """One attempt of one run of one workflow."""

    run_id: str
    attempt: int | None = None
    number: int | None = None
    workflow: str = ""
    title: str = ""
    event: str = ""
    status: str = ""
    conclusion: str = ""
    commit: str = ""
    branch: str = ""
    repository: str = ""
    actor: str = ""
    url: str = ""
    pull_requests: tuple[int, ...] = ()
    created_at: datetime | None = None
    started_at: datetime | None = None
    updated_at: datetime | None = None


class ForgeExport(Record):
    """The workflow runs and jobs of one file."""

    part: str = ""
    path: str = ""
    forge: str = "github"
    shape: str = ""
    """Where the file comes from: rest, webhook or cli."""
    runs: tuple[WorkflowRun, ...] = ()
    jobs: tuple[WorkflowJob, ...] = ()
