"""Objects of GitHub as records: runs, check suites, jobs and check runs, each text cleaned and bounded.

What `gh` prints is first given the field names of the REST interface, so that each kind is read in one place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.readers._benchmarks import commit_of, list_of, object_of
from generator.records import WorkflowJob, WorkflowRun, WorkflowStep
from generator.safety.ids import parse_time
from generator.safety.limits import COUNT_MAX, URL_CHARS
from generator.safety.redact import remembered
from generator.safety.text import clean_meta, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

STEPS: Final = 200
"""Steps kept of one job."""

_FEW: Final = 20
"""Labels and pull requests kept of one object."""
_SHORT: Final = 200
_URL: Final = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/[A-Za-z0-9._~%+,@/?&=:;!*()#-]*", re.ASCII)
_RUN_PAGE: Final = re.compile(
    r"(https://[A-Za-z0-9.:-]+/([\w.-]+/[\w.-]+)/actions/runs/([0-9]{1,20}))(?:/|$)", re.ASCII
)
_DIGITS: Final = re.compile(r"[0-9]{1,20}", re.ASCII)
_PRINTED: Final = {
    "attempt": "run_attempt",
    "completedAt": "completed_at",
    "createdAt": "created_at",
    "databaseId": "id",
    "displayTitle": "display_title",
    "headBranch": "head_branch",
    "headSha": "head_sha",
    "number": "run_number",
    "startedAt": "started_at",
    "updatedAt": "updated_at",
    "url": "html_url",
    "workflowName": "workflow_name",
}
_ACTIONS: Final = "github-actions"


def from_gh(value: Mapping[str, object]) -> dict[str, object]:
    """Return an object that `gh` printed with the field names of the REST interface."""
    return {_PRINTED.get(name, name): item for name, item in value.items()}


def run_of(value: Mapping[str, object], around: Mapping[str, object]) -> WorkflowRun | None:
    """Return a workflow run, None without an id; `around`: the webhook payload, which names workflow and repository."""
    url = url_of(value.get("html_url"))
    run_id = id_of(value.get("id")) or run_page(url)[2]
    if not run_id:
        return None
    head = object_of(value.get("head_commit")).get("message")
    return WorkflowRun(
        run_id=run_id,
        attempt=whole(value.get("run_attempt")),
        number=whole(value.get("run_number")),
        workflow=text_of(object_of(around.get("workflow")).get("name"))
        or text_of(value.get("workflow_name"))
        or text_of(value.get("name"))
        or text_of(value.get("path")),
        title=text_of(value.get("display_title")) or _first_line(head),
        event=text_of(value.get("event")),
        status=text_of(value.get("status")),
        conclusion=text_of(value.get("conclusion")),
        commit=commit_of(value.get("head_sha")),
        branch=text_of(value.get("head_branch")),
        repository=_repository(value, around) or run_page(url)[1],
        actor=text_of(object_of(value.get("actor")).get("login")),
        url=url,
        pull_requests=_pull_requests(value),
        created_at=moment(value.get("created_at")),
        started_at=moment(value.get("run_started_at")) or moment(value.get("started_at")),
        updated_at=moment(value.get("updated_at")),
    )


def run_of_suite(value: Mapping[str, object], around: Mapping[str, object]) -> WorkflowRun | None:
    """Return a check suite as what it is: a run of an app on a commit; it has no page of its own."""
    run_id = id_of(value.get("id"))
    if not run_id:
        return None
    return WorkflowRun(
        run_id=run_id,
        workflow=text_of(object_of(value.get("app")).get("name")),
        title=_first_line(object_of(value.get("head_commit")).get("message")),
        status=text_of(value.get("status")),
        conclusion=text_of(value.get("conclusion")),
        commit=commit_of(value.get("head_sha")),
        branch=text_of(value.get("head_branch")),
        repository=_repository(value, around),
        pull_requests=_pull_requests(value),
        created_at=moment(value.get("created_at")),
        updated_at=moment(value.get("updated_at")),
    )


def job_of(value: Mapping[str, object], run: WorkflowRun | None = None) -> WorkflowJob | None:
    """Return a job, None without an id; `run`: the run that it was printed with, for what it does not say itself."""
    job_id, url = id_of(value.get("id")), url_of(value.get("html_url"))
    if not job_id:
        return None
    return WorkflowJob(
        job_id=job_id,
        run_id=id_of(value.get("run_id")) or (run.run_id if run else run_page(url)[2]),
        attempt=whole(value.get("run_attempt")) or (run.attempt if run else None),
        name=text_of(value.get("name")),
        status=text_of(value.get("status")),
        conclusion=text_of(value.get("conclusion")),
        workflow=text_of(value.get("workflow_name")) or (run.workflow if run else ""),
        commit=commit_of(value.get("head_sha")) or (run.commit if run else ""),
        branch=text_of(value.get("head_branch")) or (run.branch if run else ""),
        runner=text_of(value.get("runner_name")),
        labels=tuple(text for item in list_of(value.get("labels"))[:_FEW] if (text := text_of(item))),
        url=url,
        created_at=moment(value.get("created_at")),
        started_at=moment(value.get("started_at")),
        completed_at=moment(value.get("completed_at")),
        steps=tuple(_step(from_gh(item)) for item in list_of(value.get("steps"))[:STEPS] if isinstance(item, dict)),
    )


def job_of_check(value: Mapping[str, object]) -> WorkflowJob | None:
    """Return a check run as a job, None without an id; its output is not kept.

    A check run knows its app, not its workflow: of GitHub Actions nothing is taken for one.
    """
    job_id = id_of(value.get("id"))
    if not job_id:
        return None
    app, suite = object_of(value.get("app")), object_of(value.get("check_suite"))
    name = text_of(app.get("name"))
    is_actions = app.get("slug") == _ACTIONS or name == "GitHub Actions"
    return WorkflowJob(
        job_id=job_id,
        run_id=run_page(url_of(value.get("details_url")))[2] if is_actions else "",
        name=text_of(value.get("name")),
        status=text_of(value.get("status")),
        conclusion=text_of(value.get("conclusion")),
        workflow="" if is_actions else name,
        commit=commit_of(value.get("head_sha")),
        branch=text_of(suite.get("head_branch")),
        url=url_of(value.get("html_url")),
        started_at=moment(value.get("started_at")),
        completed_at=moment(value.get("completed_at")),
    )


def run_page(url: str) -> tuple[str, str, str]:
    """Return the address of the page of a run, its repository and its id, from the address of a page below it."""
    found = _RUN_PAGE.match(url)
    return (found[1], found[2], found[3]) if found else ("", "", "")


def url_of(value: object) -> str:
    """Return an https address; empty for any other and for one that holds a secret."""
    if not isinstance(value, str) or len(value) > URL_CHARS or not _URL.fullmatch(value):
        return ""
    return value if text_of(value) == value else ""


def id_of(value: object) -> str:
    """Return an id as text; empty when it is neither a positive number nor digits."""
    if isinstance(value, str):
        return value if _DIGITS.fullmatch(value) else ""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 63 else ""


def whole(value: object) -> int | None:
    """Return a number that counts from 1; None for all else, also for the 0 of a field that was not asked for."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < COUNT_MAX else None


def moment(value: object) -> datetime | None:
    """Return a time; None for none, and for the year 1 that stands for none in what `gh` prints."""
    return parse_time(value) if isinstance(value, str) else None


def text_of(value: object) -> str:
    """Return a text in one line, cleaned; empty when it is no text."""
    if not isinstance(value, str):
        return ""
    return _short(value) if len(value) <= _SHORT else one_line(clean_meta(value))


@remembered(8192)
def _short(text: str) -> str:
    return one_line(clean_meta(text))


def _first_line(message: object) -> str:
    return text_of(message.strip().partition("\n")[0]) if isinstance(message, str) else ""


def _repository(value: Mapping[str, object], around: Mapping[str, object]) -> str:
    named = (object_of(holder.get("repository")).get("full_name") for holder in (value, around))
    return next((text for name in named if (text := text_of(name))), "")


def _pull_requests(value: Mapping[str, object]) -> tuple[int, ...]:
    items = (item for item in list_of(value.get("pull_requests"))[:_FEW] if isinstance(item, dict))
    return tuple(number for item in items if (number := whole(item.get("number"))) is not None)


def _step(value: Mapping[str, object]) -> WorkflowStep:
    return WorkflowStep(
        number=whole(value.get("number")) or whole(value.get("run_number")),
        name=text_of(value.get("name")),
        status=text_of(value.get("status")),
        conclusion=text_of(value.get("conclusion")),
        started_at=moment(value.get("started_at")),
        completed_at=moment(value.get("completed_at")),
    )
