"""Which JSON documents are runs and jobs of GitHub: REST answers, webhook payloads, and what `gh` prints.

Everything else that GitHub writes (artifacts, alerts, usage, preferences, other events) has no shape here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from generator.artifact import Artifact

_LOOKED_AT: Final = 3


class Kind(StrEnum):
    """What an object is about."""

    RUN = "workflow run"
    JOB = "job"
    CHECK_RUN = "check run"
    CHECK_SUITE = "check suite"


class Form(StrEnum):
    """Where a document comes from: the `shape` of the record."""

    REST = "rest"
    WEBHOOK = "webhook"
    CLI = "cli"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a document is: one object, or with `key` one that stands under it, alone or in a list."""

    kind: Kind
    form: Form
    key: str = ""


_LISTS: Final = {
    "workflow_runs": Kind.RUN,
    "check_runs": Kind.CHECK_RUN,
    "check_suites": Kind.CHECK_SUITE,
    "jobs": Kind.JOB,
}
_EVENTS: Final = {
    "workflow_job": Kind.JOB,
    "workflow_run": Kind.RUN,
    "check_run": Kind.CHECK_RUN,
    "check_suite": Kind.CHECK_SUITE,
}
_RUN_FIELDS: Final = frozenset(
    (
        *("attempt", "conclusion", "createdAt", "databaseId", "displayTitle", "event", "headBranch", "headSha", "jobs"),
        *("name", "number", "startedAt", "status", "updatedAt", "url", "workflowDatabaseId", "workflowName"),
    )
)
_RUN_MARKS: Final = frozenset(
    {"databaseId", "headSha", "headBranch", "displayTitle", "workflowName", "workflowDatabaseId"}
)
_JOB_FIELDS: Final = frozenset(
    {"completedAt", "conclusion", "databaseId", "name", "startedAt", "status", "steps", "url"}
)
_PAGE: Final = re.compile(
    rb'\s*\{\s*"total_count"\s*:\s*[0-9]+\s*,\s*"(workflow_runs|check_runs|check_suites|jobs)"\s*:\s*\['
)


def shape_of(document: object) -> Shape | None:
    """Return what a document is, None for a stranger; a list is what its first items are."""
    if isinstance(document, list):
        shapes = {shape_of(item) if isinstance(item, dict) else None for item in document[:_LOOKED_AT]}
        return shapes.pop() if len(shapes) == 1 else None
    if not isinstance(document, dict):
        return None
    return _answer(document) or _event(document) or _object(document) or _printed(document)


def sign_of(artifact: Artifact, kinds: Collection[Kind]) -> str:
    """Return by which sign a file holds objects of these kinds; empty when it does not."""
    document = artifact.peek_json()
    lines = ""
    if document is None:
        lines, document = "JSON lines: ", artifact.peek_row()
    shape = shape_of(document)
    if shape is not None:
        return f"{lines}{_words(shape)}" if shape.kind in kinds else ""
    # several pages one after the other, or one that is cut off
    found = _PAGE.match(artifact.peek().removeprefix(b"\xef\xbb\xbf")) if lines else None
    key = found[1].decode("ascii") if found else ""
    if not key or _LISTS[key] not in kinds or (key == "jobs" and b'"run_id"' not in artifact.peek()):
        return ""
    return f"keys `total_count` and `{key}`"


def _words(shape: Shape) -> str:
    if shape.form is Form.WEBHOOK:
        return f"webhook payload `{shape.key}`"
    if shape.form is Form.CLI:
        return f"fields of `gh run` ({shape.kind.value})"
    return f"list `{shape.key}`" if shape.key else f"fields of a {shape.kind.value}"


def _answer(document: Mapping[str, object]) -> Shape | None:
    """Return the shape of a REST answer with a list, also of one whose objects were cut down by `--jq`."""
    for key, kind in _LISTS.items():
        items = document.get(key)
        if not isinstance(items, list):
            continue
        first = items[0] if items else {}
        if not isinstance(first, dict):
            return None
        is_page = isinstance(document.get("total_count"), int) and (kind is not Kind.JOB or not first or "id" in first)
        if is_page or _object(first) == Shape(kind=kind, form=Form.REST):
            return Shape(kind=kind, form=Form.REST, key=key)
    return None


def _event(document: Mapping[str, object]) -> Shape | None:
    """Return the shape of a webhook payload; deployments carry runs as well, but are about something else."""
    if not isinstance(document.get("action"), str) or not any(
        isinstance(document.get(name), dict) for name in ("repository", "sender")
    ):
        return None
    for key, kind in _EVENTS.items():
        inner = document.get(key)
        if isinstance(inner, dict) and {"id", "status"} <= inner.keys():
            foreign = "deployment_status" in document or ("deployment" in document and kind is not Kind.JOB)
            return None if foreign else Shape(kind=kind, form=Form.WEBHOOK, key=key)
    return None


def _object(value: Mapping[str, object]) -> Shape | None:
    """Return the shape of one object of the REST interface."""
    if not {"id", "status"} <= value.keys() or not isinstance(value.get("head_sha"), str):
        return None
    kind = None
    if "workflow_id" in value and ("run_number" in value or "jobs_url" in value):
        kind = Kind.RUN
    elif "run_id" in value and ("run_url" in value or isinstance(value.get("steps"), list)):
        kind = Kind.JOB
    elif isinstance(value.get("check_suite"), dict) and ("output" in value or "details_url" in value):
        kind = Kind.CHECK_RUN
    elif isinstance(value.get("app"), dict) and ("check_runs_url" in value or {"before", "after"} <= value.keys()):
        kind = Kind.CHECK_SUITE
    return Shape(kind=kind, form=Form.REST) if kind else None


def _printed(document: Mapping[str, object]) -> Shape | None:
    """Return the shape of what `gh run list --json` and `gh run view --json` print: any subset of known fields."""
    names = document.keys()
    jobs = document.get("jobs")
    if isinstance(jobs, list) and jobs and not (isinstance(jobs[0], dict) and _is_printed_job(jobs[0].keys())):
        return None
    if names == {"jobs"} and jobs:
        return Shape(kind=Kind.JOB, form=Form.CLI, key="jobs")
    if _is_printed_job(names):
        return Shape(kind=Kind.JOB, form=Form.CLI)
    is_run = len(names) > 1 and names <= _RUN_FIELDS and not names.isdisjoint(_RUN_MARKS)
    return Shape(kind=Kind.RUN, form=Form.CLI) if is_run else None


def _is_printed_job(names: Collection[str]) -> bool:
    names = set(names)
    return names <= _JOB_FIELDS and "databaseId" in names and bool(names & {"steps", "completedAt"})
