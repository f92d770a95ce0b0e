"""Since when a test fails: the walk back against a plain walk, and the edges of a branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.analysis import prepare
from generator.analysis.since import forge_base, last_states, streaks
from generator.config import ProjectSettings, Settings
from tests.builders import case, commit, part, snapshot, target, unit

if TYPE_CHECKING:
    from generator.findings import Since
    from generator.records import RunUnit

FORGE = "https://github.com/harbour/harbour"


def since(*units: RunUnit, forge: str = "", index: int = -1) -> Since:
    """Return the streak of the test `x` in a run."""
    prepared = prepare(snapshot(*units), Settings(project=ProjectSettings(forge_url=forge)))
    place = index % len(prepared.runs)
    (test_id,) = [key for key, ref in prepared.tests(prepared.names.index.tolist()).items() if ref.name == "x"]
    return streaks(prepared, place, np.array([test_id]))[test_id]


def night(day: int, status: str, *, branch: str = "main", **more: str) -> RunUnit:
    results = [case("other")] + ([case("x", status)] if status != "absent" else [])
    return unit(str(day), day, results, branch=branch, **more)  # type: ignore[arg-type]  # texts


def nights(*statuses: str) -> list[RunUnit]:
    return [night(day, status) for day, status in enumerate(statuses, 1)]


WORDS = ["passed", "failed", "error", "skipped", "not_run", "absent"]


@settings(deadline=None, max_examples=80)
@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_the_streak_is_that_of_a_plain_walk_back(statuses: list[str]) -> None:
    statuses = [*statuses, "failed"]
    first, runs, good = len(statuses), 0, None
    for place in range(len(statuses) - 1, -1, -1):
        if statuses[place] == "passed":
            good = str(place + 1)
            break
        if statuses[place] in ("failed", "error"):
            first, runs = place + 1, runs + 1
    found = since(*nights(*statuses))
    assert (found.first_bad.label, found.runs) == (str(first), runs)
    assert (found.last_good.label if found.last_good else None) == good


def test_runs_of_any_workflow_and_profile_of_the_branch_count() -> None:
    quick = unit("2", 2, [case("x", "failed")], parts=[part(profile="quick")])
    found = since(night(1, "passed"), quick, night(3, "failed", workflow="nightly"), night(4, "failed"))
    assert (found.first_bad.label, found.runs) == ("2", 3)


def test_other_branches_and_repositories_do_not_count() -> None:
    found = since(
        night(1, "failed"), night(2, "passed", branch="topic"), night(3, "passed", repository="o"), night(4, "failed")
    )
    assert (found.first_bad.label, found.runs) == ("1", 2)


def test_before_a_branch_began_the_default_branch_counts() -> None:
    found = since(
        night(1, "passed"),
        night(2, "failed"),
        night(3, "failed", branch="topic"),
        night(4, "passed"),
        night(5, "failed", branch="topic"),
    )
    assert (found.first_bad.label, found.runs) == ("2", 3)
    assert found.last_good is not None
    assert found.last_good.label == "1"


def test_nothing_after_the_run_counts() -> None:
    assert since(*nights("passed", "failed", "failed"), index=1).runs == 1


def test_the_commits_between_are_linked_at_the_forge() -> None:
    found = since(*nights("passed", "absent", "failed", "failed"), forge=FORGE).commits
    assert found.url == f"{FORGE}/compare/{commit(1)}...{commit(3)}"
    assert (found.good, found.bad, found.same) == (commit(1), commit(3), False)


def test_without_a_last_good_run_there_is_nothing_to_link() -> None:
    found = since(*nights("failed", "failed"), forge=FORGE)
    assert (found.last_good, found.commits.good, found.commits.url) == (None, "", "")


def test_one_commit_that_passed_and_failed_is_no_range() -> None:
    found = since(night(1, "passed", sha=commit(1)), night(2, "failed", sha=commit(1)), forge=FORGE).commits
    assert found.same
    assert found.url == ""


@pytest.mark.parametrize("sha", ["HEAD", "", "abc", "../../x", "zzzzzzzz"])
def test_what_is_no_commit_is_not_linked(sha: str) -> None:
    assert since(night(1, "passed", sha=sha), night(2, "failed"), forge=FORGE).commits.url == ""


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://a.example/x",
        "javascript:alert(1)",
        "https://",
        "https://a.example/x?y=1",
        'https://a.example/"x',
        "https://a.example/x\n",
    ],
)
def test_only_a_plain_https_address_is_a_forge(url: str) -> None:
    assert forge_base(url) == ""


def test_a_forge_loses_its_last_slash() -> None:
    assert forge_base("https://a.example/o/r/") == "https://a.example/o/r"


def test_the_last_state_before_a_run_is_the_last_execution() -> None:
    prepared = prepare(snapshot(*nights("failed", "skipped", "absent", "passed")), Settings())
    names = {ref.name: key for key, ref in prepared.tests(prepared.names.index.tolist()).items()}
    asked = np.array([names["x"]])
    assert last_states(prepared, 3, asked)[names["x"]] == 2
    assert last_states(prepared, 0, asked)[names["x"]] == 0


def test_a_test_that_the_history_does_not_know_has_a_streak_of_one() -> None:
    prepared = prepare(snapshot(*nights("passed")), Settings())
    found = streaks(prepared, 0, np.array([42]))[42]
    assert (found.runs, found.last_good) == (1, None)


# --- a case that is reported in some runs only ----------------------------------------------------------------------


def mixed(*days: tuple[str, str]) -> list[RunUnit]:
    """Return one run a day: (status of the case `x` or absent, message of its failing target, "" where it passed)."""
    runs = []
    for day, (status, message) in enumerate(days, 1):
        file, line = ("src/a.rs", 7) if message else ("", None)
        results = [target("suite:e2e_pay", 101 if message else 0, message=message, file=file, line=line)]
        results += [case("x", status, suite="e2e_pay")] if status != "absent" else []
        runs.append(unit(str(day), day, results))
    return runs


def told(found: Since) -> tuple[str, str | None, int]:
    return found.first_bad.label, found.last_good.label if found.last_good else None, found.runs


def test_a_target_that_failed_the_same_way_fills_the_runs_without_a_report() -> None:
    days = [("passed", ""), ("absent", "boom"), ("failed", "boom"), ("absent", "boom"), ("failed", "boom")]
    found = since(*mixed(*days), forge=FORGE)
    assert told(found) == ("2", "1", 4)
    assert found.commits.url == f"{FORGE}/compare/{commit(1)}...{commit(2)}"
    assert found.note == "Not reported in 2 runs; its target e2e_pay failed in them the same way."


def test_a_passed_target_proves_that_the_case_passed() -> None:
    found = since(*mixed(("passed", ""), ("absent", ""), ("failed", "boom"), ("failed", "boom")))
    assert told(found) == ("3", "2", 2)
    assert found.note == "Not reported in the last good run; its target e2e_pay passed in it."


def test_a_passed_target_closes_a_streak_between_two_reports() -> None:
    assert told(since(*mixed(("failed", "boom"), ("absent", ""), ("failed", "boom")))) == ("3", "2", 1)


def test_a_target_that_failed_otherwise_proves_nothing() -> None:
    found = since(*mixed(("passed", ""), ("absent", "bang"), ("failed", "boom")))
    assert told(found) == ("3", "1", 1)
    assert found.note == "Not reported in 1 run, so nothing is known of it there."


def test_a_target_that_fails_so_while_the_case_passes_proves_nothing() -> None:
    assert told(since(*mixed(("passed", "boom"), ("absent", "boom"), ("failed", "boom")))) == ("3", "1", 1)


def test_what_is_reported_outweighs_the_target() -> None:
    assert told(since(*mixed(("passed", "boom"), ("skipped", ""), ("failed", "boom")))) == ("3", "1", 1)


def test_the_nearest_report_tells_how_the_target_fails_with_the_case() -> None:
    days = [("failed", "bang"), ("absent", "bang"), ("absent", "boom"), ("failed", "boom")]
    assert told(since(*mixed(*days))) == ("1", None, 4)
    assert told(since(*mixed(("failed", "bang"), ("absent", "boom"), ("absent", "bang"), ("failed", "boom")))) == (
        "1",
        None,
        2,
    )


def test_the_last_state_of_a_case_is_told_by_its_target_but_not_that_it_existed() -> None:
    prepared = prepare(snapshot(*mixed(("passed", ""), ("absent", "boom"), ("failed", "boom"))), Settings())
    names = {ref.name: key for key, ref in prepared.tests(prepared.names.index.tolist()).items()}
    assert last_states(prepared, 2, np.array([names["x"]])) == {names["x"]: 2}
    new = prepare(snapshot(*mixed(("absent", ""), ("failed", "boom"))), Settings())
    assert last_states(new, 1, np.array([names["x"]])) == {names["x"]: 0}
