"""Runs, jobs and checks of GitHub: by shape, by identity, and within limits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import github_jobs, github_runs
from generator.readers._github import JOBS, RUNS
from generator.readers._github_records import STEPS
from generator.records import ForgeExport
from tests.readers.in_memory import artifact, outcome

if TYPE_CHECKING:
    from generator.plugins import Reader, Reading

SHA = "7c9e2f41b8d05a6e3f1c94d7a2b86e05c4f3d912"
PAGE = "https://github.com/lantern/lantern/actions/runs"
Fields = dict[str, object]


def reading(reader: Reader, document: object, name: str = "export.json") -> Reading:
    """Read a document that this reader, and not the other, must recognise."""
    file = artifact(name, document if isinstance(document, str) else json.dumps(document))
    takers = [each.NAME for each in (github_runs, github_jobs) if each.recognises(file)]
    assert takers == [reader.NAME]
    return reader.read(file)


def export(reader: Reader, document: object, name: str = "export.json") -> ForgeExport:
    (record,) = reading(reader, document, name).records
    assert isinstance(record, ForgeExport)
    return record


def run(run_id: object = 5, **fields: object) -> Fields:
    known: Fields = {
        "id": run_id,
        "name": "CI",
        "head_branch": "main",
        "head_sha": SHA,
        "run_number": 9,
        "run_attempt": 1,
        "workflow_id": 3,
        "status": "completed",
        "conclusion": "success",
        "html_url": f"{PAGE}/{run_id}",
        "created_at": "2026-03-01T09:00:00Z",
        "run_started_at": "2026-03-01T09:00:05Z",
        "updated_at": "2026-03-01T09:12:00Z",
    }
    return known | fields


def job(job_id: object = 70, **fields: object) -> Fields:
    known: Fields = {
        "id": job_id,
        "run_id": 5,
        "run_attempt": 1,
        "run_url": "https://api.github.com/repos/lantern/lantern/actions/runs/5",
        "head_sha": SHA,
        "head_branch": "main",
        "name": "test (ubuntu-24.04, 3.12)",
        "status": "completed",
        "conclusion": "success",
        "html_url": f"{PAGE}/5/job/{job_id}",
        "started_at": "2026-03-01T09:00:30Z",
        "steps": [{"name": "pytest", "number": 1, "status": "completed", "conclusion": "success"}],
    }
    return known | fields


def check(check_id: object = 70, **fields: object) -> Fields:
    known: Fields = {
        "id": check_id,
        "head_sha": SHA,
        "name": "covera/patch",
        "status": "completed",
        "conclusion": "neutral",
        "details_url": "https://covera.example/1",
        "output": {"title": "91 %", "summary": "not kept"},
        "check_suite": {"id": 90, "head_branch": "main"},
        "app": {"slug": "covera", "name": "Covera"},
    }
    return known | fields


def suite(suite_id: object = 90, **fields: object) -> Fields:
    known: Fields = {
        "id": suite_id,
        "head_sha": SHA,
        "head_branch": "main",
        "status": "completed",
        "conclusion": "failure",
        "before": SHA,
        "after": SHA,
        "app": {"slug": "covera", "name": "Covera"},
        "check_runs_url": "https://api.github.com/x",
    }
    return known | fields


def webhook(key: str, value: Fields, **fields: object) -> Fields:
    return {"action": "completed", key: value, "repository": {"full_name": "lantern/lantern"}} | fields


def printed(**fields: object) -> Fields:
    return {"databaseId": 5, "status": "completed", "conclusion": "failure"} | fields


RUN_SHAPES: dict[str, tuple[object, str]] = {
    "list": ({"total_count": 1, "workflow_runs": [run()]}, "rest"),
    "pages": ([{"total_count": 1, "workflow_runs": [run()]}, {"total_count": 1, "workflow_runs": []}], "rest"),
    "object": (run(), "rest"),
    "objects": ([run()], "rest"),
    "cut down": ({"total_count": 1, "workflow_runs": [{"id": 5, "status": "completed"}]}, "rest"),
    "webhook": (webhook("workflow_run", run()), "webhook"),
    "gh run list": ([printed()], "cli"),
    "gh run view": (printed(headSha=SHA), "cli"),
}
JOB_SHAPES: dict[str, tuple[object, str]] = {
    "list": ({"total_count": 1, "jobs": [job()]}, "rest"),
    "list without total": ({"jobs": [job()]}, "rest"),
    "object": (job(), "rest"),
    "webhook": (webhook("workflow_job", job()), "webhook"),
    "webhook of a deployment's job": (webhook("workflow_job", job(), deployment={"id": 1}), "webhook"),
    "gh run view --json jobs": ({"jobs": [printed(databaseId=70, name="lint", steps=[], url=f"{PAGE}/5")]}, "cli"),
    "check runs": ({"total_count": 1, "check_runs": [check()]}, "rest"),
    "check run": (check(), "rest"),
    "check run webhook": (webhook("check_run", check()), "webhook"),
}
STRANGERS: dict[str, object] = {
    "artifact": {"id": 1, "name": "x", "archive_download_url": "", "workflow_run": {"id": 5, "head_sha": SHA}},
    "artifacts": {"total_count": 1, "artifacts": [{"id": 1}]},
    "usage": {"billable": {}, "run_duration_ms": 5},
    "preferences": {"preferences": {}, "repository": {}},
    "push event": {"ref": "refs/heads/main", "repository": {}, "sender": {}},
    "deployment status": webhook("workflow_run", run(), deployment_status={}, deployment={}),
    "pull requests of gh": [{"number": 1, "title": "x", "url": "https://github.com/a/b/pull/1"}],
    "releases of gh": [{"name": "v1", "createdAt": "2026-03-01T09:00:00Z"}],
    "jobs of another CI": {"jobs": [{"id": 1, "name": "x", "stage": "test"}]},
    "jobs of another CI with a total": {"total_count": 1, "jobs": [{"name": "x"}]},
    "nothing": [],
    "scalars": [1, 2],
}


@pytest.mark.parametrize("shape", RUN_SHAPES)
def test_a_run_is_read_from_every_shape(shape: str) -> None:
    document, form = RUN_SHAPES[shape]
    found = export(github_runs, document)
    assert ([each.run_id for each in found.runs], found.shape) == (["5"], form)


@pytest.mark.parametrize("shape", JOB_SHAPES)
def test_a_job_is_read_from_every_shape(shape: str) -> None:
    document, form = JOB_SHAPES[shape]
    found = export(github_jobs, document)
    assert ([each.job_id for each in found.jobs], found.shape) == (["70"], form)


@pytest.mark.parametrize("name", STRANGERS)
def test_what_is_about_something_else_is_left_alone(name: str) -> None:
    file = artifact("export.json", json.dumps(STRANGERS[name]))
    assert not github_runs.recognises(file)
    assert not github_jobs.recognises(file)


def test_a_check_suite_is_a_run_of_its_app() -> None:
    (found,) = export(github_jobs, webhook("check_suite", suite())).runs
    assert (found.run_id, found.workflow, found.conclusion) == ("90", "Covera", "failure")
    assert found.repository == "lantern/lantern"


def test_the_output_of_a_check_run_is_not_kept() -> None:
    assert "not kept" not in export(github_jobs, check()).model_dump_json()


def test_a_check_run_of_actions_belongs_to_the_run_that_its_address_names() -> None:
    app = {"slug": "github-actions", "name": "GitHub Actions"}
    (found,) = export(github_jobs, check(app=app, details_url=f"{PAGE}/5/job/70")).jobs
    assert (found.run_id, found.workflow) == ("5", "")


def test_a_payload_names_the_workflow_better_than_the_run_does() -> None:
    (found,) = export(github_runs, webhook("workflow_run", run(name="dynamic"), workflow={"name": "Checks"})).runs
    assert (found.workflow, found.repository) == ("Checks", "lantern/lantern")


def test_jobs_that_were_printed_with_their_run_take_its_facts() -> None:
    jobs = [printed(databaseId=70, name="lint", steps=[])]
    found = export(github_runs, printed(headSha=SHA, headBranch="main", attempt=2, workflowName="CI", jobs=jobs))
    (first,) = found.jobs
    assert (first.run_id, first.attempt, first.commit, first.branch, first.workflow) == ("5", 2, SHA, "main", "CI")


def test_a_conclusion_stays_as_written() -> None:
    (found,) = export(github_runs, run(conclusion="brand_new")).runs
    assert found.conclusion == "brand_new"


def test_a_run_that_is_not_over_has_no_conclusion() -> None:
    (found,) = export(github_runs, run(status="in_progress", conclusion=None)).runs
    assert (found.status, found.conclusion) == ("in_progress", "")


def test_the_facts_of_the_only_run_are_those_of_the_file() -> None:
    found = reading(github_runs, run())
    facts = {"branch": "main", "build": "5", "commit": SHA, "url": f"{PAGE}/5"}
    assert (dict(found.properties), found.started_at) == (facts, "2026-03-01T09:00:05Z")
    assert dict(reading(github_jobs, {"jobs": [job(), job(71)]}).properties) == facts


def test_a_file_about_several_runs_states_no_facts() -> None:
    for found in (
        reading(github_runs, [run(5), run(6)]),
        reading(github_jobs, {"jobs": [job(), job(71, run_id=6)]}),
        reading(github_jobs, {"total_count": 2, "check_runs": [check(), check(71)]}),
    ):
        assert (found.properties, found.started_at) == ((), "")


def test_a_check_suite_is_no_build() -> None:
    assert "build" not in dict(reading(github_jobs, suite()).properties)


@pytest.mark.parametrize(
    "url",
    [
        *("http://github.com/a", "javascript:alert(1)", "https://github.com/a b", 'https://github.com/"', 5),
        *("https://user:pw@github.com/a", "https://github.com/a?access_token=ghs_" + "a1B2" * 9),
    ],
)
def test_only_harmless_https_addresses_are_kept(url: object) -> None:
    (found,) = export(github_runs, run(html_url=url)).runs
    assert found.url == ""


@pytest.mark.parametrize("value", [None, 0, -5, True, "abc", 1 << 70, {}, 1.5])
def test_a_run_without_an_id_is_left_out_and_counted(value: object) -> None:
    found = reading(github_runs, {"total_count": 2, "workflow_runs": [run(), run(value, html_url="")]})
    assert [problem.message for problem in found.problems] == ["1 entry is no run or job with an id and left out"]


def test_a_page_of_several_is_a_warning() -> None:
    (problem,) = reading(github_runs, {"total_count": 57, "workflow_runs": [run()]}).problems
    assert "57" in problem.message
    assert "--paginate" in problem.hint


def test_pages_one_after_the_other_are_refused_with_the_way_out() -> None:
    page = json.dumps({"total_count": 2, "workflow_runs": [run()]})
    with pytest.raises(UnreadableError) as refusal:
        reading(github_runs, page + page)
    assert "--slurp" in refusal.value.hint


def test_an_empty_answer_is_not_silent() -> None:
    (problem,) = reading(github_runs, {"total_count": 0, "workflow_runs": []}).problems
    assert problem.message == "holds no run and no job"


def test_lines_of_objects_and_of_events_are_read() -> None:
    rows = "".join(json.dumps(run(number)) + "\n" for number in (1, 2))
    assert [each.run_id for each in export(github_runs, rows, "runs.jsonl").runs] == ["1", "2"]


def test_of_the_events_of_one_run_the_latest_state_is_kept() -> None:
    states = [run(status="completed", conclusion="failure"), run(status="in_progress", conclusion=None)]
    rows = "".join(json.dumps(webhook("workflow_run", state)) + "\n" for state in states)
    (found,) = export(github_runs, rows, "events.jsonl").runs
    assert found.conclusion == "failure"


def test_attempts_of_one_run_are_kept_apart() -> None:
    found = export(github_runs, [run(run_attempt=1, conclusion="failure"), run(run_attempt=2)])
    assert [(each.attempt, each.conclusion) for each in found.runs] == [(1, "failure"), (2, "success")]


def test_a_job_says_more_than_its_check_run() -> None:
    rows = "".join(json.dumps(row) + "\n" for row in (webhook("workflow_job", job()), webhook("check_run", check())))
    (found,) = export(github_jobs, rows, "events.jsonl").jobs
    assert (found.name, len(found.steps)) == ("test (ubuntu-24.04, 3.12)", 1)


def test_what_lies_beyond_the_limits_is_said() -> None:
    rows = [{"id": number, "status": "completed"} for number in range(1, RUNS + 11)]
    found = reading(github_runs, {"total_count": len(rows), "workflow_runs": rows})
    (record,) = found.records
    assert isinstance(record, ForgeExport)
    assert len(record.runs) == RUNS
    assert found.problems[0].message == f"10 beyond the limits of {RUNS} runs and {JOBS} jobs left out"
    many = reading(github_jobs, job(steps=[{"name": "x"}] * (STEPS + 1)))
    assert "more than 200 steps" in many.problems[0].message


LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "jobs", "steps", "name", "login", "number", "url"]), inner, max_size=4)
    ),
)
SHAPES = {
    f"{reader} {name}": document
    for reader, shapes in (("runs", RUN_SHAPES), ("jobs", JOB_SHAPES))
    for name, (document, _) in shapes.items()
}


def mutated(document: object, choose: st.DataObject) -> object:
    """Replace one value somewhere in a document by any other."""
    if isinstance(document, dict) and document:
        name = choose.draw(st.sampled_from([*document, "*"]))
        if name != "*":
            return document | {name: mutated(document[name], choose)}
    elif isinstance(document, list) and document:
        place = choose.draw(st.integers(0, len(document) - 1))
        return [*document[:place], mutated(document[place], choose), *document[place + 1 :]]
    return choose.draw(VALUES)


@given(choose=st.data())
@settings(max_examples=150, deadline=None)
def test_mutated_documents_are_read_or_refused_politely(choose: st.DataObject) -> None:
    document = SHAPES[choose.draw(st.sampled_from(sorted(SHAPES)))]
    file = artifact("export.json", json.dumps(mutated(mutated(document, choose), choose)))
    for reader in (github_runs, github_jobs):
        assert isinstance(reader.recognises(file), str)
        said = outcome(reader, file)
        assert isinstance(said, dict)
        assert "refused" not in said or (said["refused"] and said["hint"])
