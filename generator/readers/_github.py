"""What both readers of GitHub's runs and jobs share: a file of any known shape as one export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.plugins import Reading
from generator.readers._github_records import STEPS, from_gh, job_of, job_of_check, run_of, run_of_suite, run_page
from generator.readers._github_shapes import Form, Kind, Shape, shape_of
from generator.readers._rows import left_out
from generator.records import ForgeExport, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from generator.artifact import Artifact
    from generator.records import WorkflowJob, WorkflowRun

RUNS: Final = 5_000
"""Runs kept of one file: those that stand first, which are the newest as GitHub sorts them."""
JOBS: Final = 5_000
"""Jobs kept of one file."""

_LOOKED_AT: Final = 20_000
"""Objects that are looked at; the same run may stand there often, once a page or once an event."""
_PAGES: Final = "export all pages into one list: gh api --paginate --slurp"
_NOTHING: Final[Mapping[str, object]] = {}


def read_export(artifact: Artifact, reader: str) -> Reading:
    """Return the runs and jobs of a file; raises UnreadableError when it is no document of a known shape."""
    export = _Export(artifact, reader)
    for document in _documents(artifact, export):
        export.add(document)
    if export.form is None:
        raise UnreadableError("holds no runs or jobs of GitHub", "check the command that wrote it")
    return export.reading()


class _Export:
    """Runs and jobs by their ids while they are collected; the latest state of each is kept."""

    def __init__(self, artifact: Artifact, reader: str) -> None:
        self._artifact = artifact
        self._reader = reader
        self._problems: list[Problem] = []
        self._runs: dict[tuple[Kind, str, int], WorkflowRun] = {}
        self._jobs: dict[str, tuple[Kind, WorkflowJob]] = {}
        self._looked_at = 0
        self._left_out = 0
        self._strange = 0
        self._cut_jobs = 0
        self._stated: dict[str, int] = {}
        self._listed: dict[str, int] = {}
        self.form: Form | None = None

    def note(self, message: str, hint: str) -> None:
        """Remember something odd; one call a kind."""
        self._problems.append(
            Problem(
                path=self._artifact.path, reader=self._reader, severity=Severity.WARNING, message=message, hint=hint
            )
        )

    def add(self, document: object) -> None:
        """Add what a document holds; a stranger is counted."""
        shape = shape_of(document) if isinstance(document, dict) else None
        if shape is None or not isinstance(document, dict):
            self._strange += 1
            return
        self.form = self.form or shape.form
        inner = document.get(shape.key) if shape.key else document
        items = inner if isinstance(inner, list) else [inner]
        total = document.get("total_count")
        if isinstance(inner, list) and isinstance(total, int):
            self._stated[shape.key] = max(self._stated.get(shape.key, 0), total)
            self._listed[shape.key] = self._listed.get(shape.key, 0) + len(inner)
        around = document if shape.form is Form.WEBHOOK else _NOTHING
        for item in items:
            self._take(item, shape, around)

    def _take(self, item: object, shape: Shape, around: Mapping[str, object]) -> None:
        self._looked_at += 1
        if self._looked_at > _LOOKED_AT:
            self._left_out += 1
        elif not isinstance(item, dict):
            self._strange += 1
        elif shape.kind in {Kind.RUN, Kind.CHECK_SUITE}:
            self._take_run(item, shape, around)
        elif shape.kind is Kind.JOB:
            self._keep_job(Kind.JOB, job_of(from_gh(item) if shape.form is Form.CLI else item), item)
        else:
            self._keep_job(Kind.CHECK_RUN, job_of_check(item), item)

    def _take_run(self, item: Mapping[str, object], shape: Shape, around: Mapping[str, object]) -> None:
        fields = from_gh(item) if shape.form is Form.CLI else item
        run = run_of(fields, around) if shape.kind is Kind.RUN else run_of_suite(fields, around)
        if run is None:
            self._strange += 1
            return
        key = (shape.kind, run.run_id, run.attempt or 1)
        known = self._runs.get(key)
        if known is None and len(self._runs) >= RUNS:
            self._left_out += 1
        elif known is None or _progress(run.status, run.updated_at) >= _progress(known.status, known.updated_at):
            self._runs[key] = run
        jobs = fields.get("jobs") if shape.form is Form.CLI else None
        for job in jobs if isinstance(jobs, list) else ():
            self._keep_job(Kind.JOB, job_of(from_gh(job), run) if isinstance(job, dict) else None, job)

    def _keep_job(self, kind: Kind, job: WorkflowJob | None, item: object) -> None:
        """Keep a job; the check run of a job has the same id and says less."""
        if job is None:
            self._strange += 1
            return
        known = self._jobs.get(job.job_id)
        if known is None and len(self._jobs) >= JOBS:
            self._left_out += 1
            return
        if known is None or (_rank(kind, job) >= _rank(*known)):
            self._jobs[job.job_id] = (kind, job)
        steps = item.get("steps") if isinstance(item, dict) else None
        self._cut_jobs += isinstance(steps, list) and len(steps) > STEPS

    def reading(self) -> Reading:
        """Return the export with a warning for everything that is missing or odd."""
        runs, jobs = tuple(self._runs.values()), tuple(job for _, job in self._jobs.values())
        self._warn(len(runs) + len(jobs))
        workflow_runs = [run for (kind, *_), run in self._runs.items() if kind is Kind.RUN]
        started, properties = _about(workflow_runs, runs, jobs)
        return Reading(
            records=(ForgeExport(path=self._artifact.path, shape=(self.form or ""), runs=runs, jobs=jobs),),
            problems=tuple(self._problems),
            started_at=started.isoformat().replace("+00:00", "Z") if started else "",
            properties=properties,
        )

    def _warn(self, kept: int) -> None:
        for key, stated in sorted(self._stated.items()):
            if stated > self._listed[key]:
                self.note(f"`total_count` states {stated}, `{key}` lists {self._listed[key]}", _PAGES)
        if self._strange:
            noun = "1 entry is no" if self._strange == 1 else f"{self._strange} entries are no"
            self.note(f"{noun} run or job with an id and left out", "export the id as well: --json databaseId,…")
        if self._left_out:
            self.note(f"{self._left_out} beyond the limits of {RUNS} runs and {JOBS} jobs left out", "export fewer")
        if self._cut_jobs:
            self.note(
                f"{self._cut_jobs} jobs have more than {STEPS} steps; the first are kept", "open the job for the rest"
            )
        if not kept:
            self.note("holds no run and no job", "check the filters of the command that wrote it")


def _documents(artifact: Artifact, export: _Export) -> Sequence[object]:
    """Return the documents of a file: one, the items of a list, or the rows of JSON lines; raises UnreadableError."""
    document = artifact.peek_json()
    if document is None and artifact.peek_row():
        rows, bad = artifact.rows()
        if bad:
            export.note(left_out(bad), "the other lines are used")
        return [row for _, row in rows]
    try:
        document = artifact.json()
    except UnreadableError as error:
        if "Extra data" in error.message:
            raise UnreadableError(f"several documents one after the other: {error.message}", _PAGES) from None
        raise
    return document if isinstance(document, list) else [document]


def _progress(status: str, at: datetime | None) -> tuple[bool, str]:
    """Return how far a state has come, for comparison: events may arrive out of order."""
    return (status == "completed", at.isoformat() if at else "")


def _rank(kind: Kind, job: WorkflowJob) -> tuple[bool, int, tuple[bool, str]]:
    """Return which record of a job says more: a later attempt, a job rather than its check run, a later state."""
    at = job.completed_at or job.started_at
    return (kind is Kind.JOB, job.attempt or 0, _progress(job.status, at))


def _about(
    workflow_runs: Sequence[WorkflowRun], runs: Sequence[WorkflowRun], jobs: Sequence[WorkflowJob]
) -> tuple[datetime | None, tuple[tuple[str, str], ...]]:
    """Return when the only run of an export began, and its facts; nothing when it is about several."""
    ids = {run.run_id for run in workflow_runs} | {job.run_id for job in jobs if job.run_id}
    others = len(runs) - len(workflow_runs) + sum(not job.run_id for job in jobs)
    if len(ids) + others != 1:
        return None, ()
    run = runs[0] if runs else None
    stated = [at for item in runs if (at := item.started_at or item.created_at)]  # created: the first attempt of a run
    began = stated or [at for job in jobs for at in (job.created_at, job.started_at) if at]
    commit = run.commit if run else next((job.commit for job in jobs if job.commit), "")
    branch = run.branch if run else next((job.branch for job in jobs if job.branch), "")
    url = (run.url if run else "") or next((page for job in jobs if (page := run_page(job.url)[0])), "")
    facts = {"branch": branch, "build": next(iter(ids), ""), "commit": commit, "url": url}
    return min(began, default=None), tuple(sorted((name, text) for name, text in facts.items() if text))
