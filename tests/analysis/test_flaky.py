"""Flaky tests: confirmed on one commit, suspected by flips, recovered; and what is none of these."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.analysis import flaky
from generator.analysis.observations import canonical
from generator.analysis.prepare import prepare
from generator.config import Settings
from tests.builders import attempt, case, commit, part, snapshot, target, unit

if TYPE_CHECKING:
    from generator.analysis.frames import Prepared
    from generator.findings import FlakyNote
    from generator.records import RunUnit

SHA = commit(7)


def run(
    number: int, day: float, code: int | None = 0, *, sha: str = SHA, profile: str = "full", **more: str
) -> RunUnit:
    results = [target("unit:geo", code), *(case(f"t{place}") for place in range(30))]
    return unit(str(number), day, results, sha=sha, parts=[part(profile=profile)], **more)  # type: ignore[arg-type]  # texts


def history(*units: RunUnit) -> Prepared:
    return prepare(snapshot(*units), Settings())


def found(*units: RunUnit) -> tuple[FlakyNote, ...]:
    prepared = history(*units)
    return flaky.find(prepared, len(prepared.runs) - 1)


def test_a_pass_and_a_failure_on_one_commit_confirm_a_flaky_test() -> None:
    (note,) = found(run(1, 1, 101), run(2, 1.2, 0))
    assert (note.test.key, note.label, note.commits) == ("unit:geo", "confirmed", (SHA,))
    assert [item.label for item in note.runs] == ["1", "2"]
    assert (note.retries, note.failing_runs, note.executed_runs) == (0, 1, 2)


def test_other_commits_prove_nothing() -> None:
    assert found(run(1, 1, 101, sha=commit(1)), run(2, 2, 0, sha=commit(2))) == ()


def test_without_a_known_commit_two_runs_prove_nothing() -> None:
    assert found(run(1, 1, 101, sha=""), run(2, 1.2, 0, sha="")) == ()


def test_a_short_commit_is_the_full_one_that_it_begins() -> None:
    (note,) = found(run(1, 1, 101, sha=SHA[:8]), run(2, 1.2, 0))
    assert note.commits == (SHA,)


def test_a_short_commit_that_begins_two_full_ones_stands_for_neither() -> None:
    full = [SHA, SHA[:10] + "0" * 30]
    assert canonical([*full, SHA[:8]])[SHA[:8]] == SHA[:8]


def test_a_retry_that_passed_inside_a_run_is_evidence_even_without_commit() -> None:
    retried = case("slow", earlier=[attempt("failed")])
    (note,) = found(unit("1", 1, [retried, case("calm")], sha=""))
    assert (note.test.name, note.retries, note.commits, note.failing_runs) == ("slow", 1, (), 0)
    assert [item.label for item in note.runs] == ["1"]


def test_a_retry_that_failed_again_is_no_evidence() -> None:
    assert found(unit("1", 1, [case("slow", "failed", earlier=[attempt("failed")])])) == ()


@pytest.mark.parametrize(
    ("executed", "failing", "counts"), [(20, 4, True), (20, 5, False), (4, 2, True), (4, 3, False)]
)
def test_failures_of_a_run_that_mostly_broke_are_no_evidence(
    executed: int,
    failing: int,
    counts: bool,  # noqa: FBT001
) -> None:
    names = [f"t{place}" for place in range(executed)]
    broken = unit(
        "1", 1, [case(name, "failed" if place < failing else "passed") for place, name in enumerate(names)], sha=SHA
    )
    good = unit("2", 1.2, [case(name) for name in names], sha=SHA)
    assert len(found(broken, good)) == (failing if counts else 0)


def test_a_rerun_of_the_failures_is_evidence_on_its_commit() -> None:
    full = run(1, 1, 101)
    rerun = unit("2", 1.2, [target("unit:geo", 0)], sha=SHA, parts=[part(rerun_from="a/b/summary.json")])
    assert [note.test.key for note in found(full, rerun)] == ["unit:geo"]


def test_another_profile_or_system_is_another_world() -> None:
    assert found(run(1, 1, 101), run(2, 1.2, 0, profile="quick")) == ()


def test_another_branch_of_the_same_commit_is_the_same_code() -> None:
    assert len(found(run(1, 1, 101), run(2, 1.2, 0, branch="feature/x"))) == 1


def test_another_repository_is_another_project() -> None:
    assert found(run(1, 1, 101, repository="a/a"), run(2, 1.2, 0, repository="b/b")) == ()


def test_later_runs_are_invisible() -> None:
    prepared = history(run(1, 1, 101), run(2, 1.2, 0))
    assert flaky.find(prepared, 0) == ()


def test_evidence_older_than_fourteen_days_counts_while_it_is_within_sixty_commits() -> None:
    pair = [run(1, 1, 101), run(2, 1.2, 0)]
    few = [run(10 + day, day, sha=commit(100 + day)) for day in range(3, 40)]
    assert len(found(*pair, *few)) == 1
    many = [run(10 + number, 20 + number / 100, sha=commit(100 + number)) for number in range(61)]
    assert found(*pair, *many) == ()


def test_evidence_of_fourteen_days_counts_however_many_commits_came_since() -> None:
    pair = [run(1, 1, 101), run(2, 1.2, 0)]
    many = [run(10 + number, 2 + number / 100, sha=commit(100 + number)) for number in range(61)]
    assert len(found(*pair, *many)) == 1


def test_the_dearest_comes_first_then_the_key() -> None:
    def pair(number: int, day: int, *names: str) -> list[RunUnit]:
        bad = [case(name, "failed") for name in names]
        good = [case(name) for name in names]
        fill = [case(f"f{place}") for place in range(20)]
        return [
            unit(str(number), day, bad + fill, sha=commit(number)),
            unit(str(number + 1), day + 0.1, good + fill, sha=commit(number)),
        ]

    notes = found(*pair(1, 1, "b", "z"), *pair(3, 2, "z", "a"))
    assert [(note.test.name, len(note.commits)) for note in notes] == [("z", 2), ("a", 1), ("b", 1)]


def test_an_empty_history_of_results_has_no_flaky_test() -> None:
    assert found(unit("1", 1, [])) == ()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from([0, 101])), min_size=1, max_size=8))
def test_a_test_is_flaky_exactly_when_a_commit_has_both_outcomes(outcomes: list[tuple[int, int]]) -> None:
    units = [run(place, 1 + place / 50, code, sha=commit(sha)) for place, (sha, code) in enumerate(outcomes)]
    seen = {sha: {code for other, code in outcomes if other == sha} for sha, _ in outcomes}
    both = {commit(sha) for sha, codes in seen.items() if len(codes) == 2}
    assert {sha for note in found(*units) for sha in note.commits} == both
