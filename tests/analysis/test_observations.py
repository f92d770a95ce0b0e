"""One trial a commit: attempts and repeated runs of one commit are put together, environments stay apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generator.analysis.observations import doubtful, executed, observe, usable
from generator.analysis.prepare import prepare
from generator.config import Settings
from tests.builders import attempt, case, commit, part, snapshot, unit

if TYPE_CHECKING:
    from generator.analysis.frames import Prepared
    from generator.records import RunUnit


def run(number: int, day: float, *failing: str, sha: str = "", profile: str = "full", os: str = "") -> RunUnit:
    names = [f"t{place}" for place in range(4)]
    results = [case(name, "failed" if name in failing else "passed") for name in names]
    return unit(str(number), day, results, sha=sha or commit(number), parts=[part(profile=profile, os=os)])


def history(*units: RunUnit) -> Prepared:
    return prepare(snapshot(*units), Settings())


def ids(prepared: Prepared, *names: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    chosen = prepared.names[prepared.names["name"].isin(names)]
    return np.sort(chosen.index.to_numpy(dtype=np.int64))


def test_two_runs_of_one_commit_are_one_trial_with_both_outcomes() -> None:
    prepared = history(run(1, 1, "t0", sha=commit(9)), run(2, 1.5, sha=commit(9)), run(3, 2, "t0"))
    (found,) = observe(prepared, usable(prepared, 2, branch="main"), ids(prepared, "t0"))
    assert found.runs == ((0, 1), (2,))
    assert found.passes.ravel().tolist() == [1, 0]
    assert found.fails.ravel().tolist() == [1, 1]
    assert found.first.ravel().tolist() == [2, 2]


def test_a_test_that_passed_when_it_was_tried_again_failed_first() -> None:
    retried = case("t0", "passed", earlier=(attempt("failed"),))
    prepared = history(unit("1", 1, [retried], sha=commit(1)))
    (found,) = observe(prepared, [0], ids(prepared, "t0"))
    assert (found.passes.item(), found.fails.item(), found.first.item()) == (1, 1, 2)


def test_environments_are_never_pooled() -> None:
    prepared = history(run(1, 1, "t0", os="linux"), run(2, 2, os="windows"), run(3, 3, os="linux"))
    found = observe(prepared, usable(prepared, 2, branch=None), ids(prepared, "t0"))
    assert [(each.environment, len(each.runs)) for each in found] == [("full linux", 2), ("full windows", 1)]


def test_a_run_in_which_nearly_all_failed_is_no_evidence_about_a_test() -> None:
    names = [f"m{place}" for place in range(30)]
    mass = unit("2", 2, [case(name, "failed") for name in names], sha=commit(2))
    prepared = history(run(1, 1), mass, run(3, 3))
    assert usable(prepared, 2, branch="main") == [0, 2]


def test_only_tests_that_ever_failed_are_doubtful() -> None:
    retried = case("t3", "passed", earlier=(attempt("failed"),))
    prepared = history(run(1, 1, "t1"), unit("2", 2, [case("t0"), retried], sha=commit(2)))
    assert doubtful(prepared, [0, 1]).tolist() == ids(prepared, "t1", "t3").tolist()
    assert doubtful(prepared, []).tolist() == []


def test_where_a_test_did_not_run_it_has_no_outcome() -> None:
    prepared = history(run(1, 1), unit("2", 2, [case("other")], sha=commit(2)))
    (found,) = observe(prepared, [0, 1], ids(prepared, "t0"))
    assert executed(found).ravel().tolist() == [True, False]
