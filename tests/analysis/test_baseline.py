"""Which run a run is compared with, and the sentence that says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.analysis import Prepared, prepare
from generator.analysis.baseline import Baseline, choose
from generator.config import Settings
from generator.errors import UsageError
from generator.records import Evidence, TriageDiff
from tests.builders import case, part, snapshot, unit

if TYPE_CHECKING:
    from generator.records import Part, RunUnit


def run(number: int, *, tests: str = "a", parts: list[Part] | None = None, **more: object) -> RunUnit:
    return unit(str(number), number, [case(name) for name in tests], parts=parts, **more)  # type: ignore[arg-type]  # fields


def chosen(*units: RunUnit, ref: str | None = None, index: int = -1) -> tuple[str | None, str]:
    prepared = prepare(snapshot(*units), Settings())
    place = index % len(prepared.runs)
    found = choose(prepared, place, ref, prepared.evidence(place))
    return label(prepared, found), found.reason


def label(prepared: Prepared, found: Baseline) -> str | None:
    return None if found.index is None else prepared.runs[found.index].label


def test_the_newest_earlier_run_of_the_series_is_the_baseline() -> None:
    base, reason = chosen(run(1), run(2), run(3, branch="topic"), run(4, workflow="nightly"), run(5))
    assert base == "2"
    assert reason == "It is the newest earlier run of ci on main with profile full that has results."


def test_runs_without_results_and_later_runs_are_passed_over() -> None:
    killed = [part(state="killed")]
    assert chosen(run(1), run(2, tests=""), run(3, parts=killed), run(4), run(5), index=3)[0] == "1"


def test_an_earlier_attempt_of_the_run_is_no_baseline() -> None:
    again = unit("2", 2.5, [case("a")], attempt_number=2)
    assert chosen(run(1), run(2), again)[0] == "1"


def test_the_run_that_was_asked_for_is_the_baseline() -> None:
    assert chosen(run(1), run(2), run(3), ref="1") == ("1", "It was asked for.")


@pytest.mark.parametrize(("ref", "said"), [("3", "is newer than"), ("2", "is the run itself"), ("9", "holds no run")])
def test_a_baseline_that_is_not_older_is_refused(ref: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        chosen(run(1), run(2), run(3), ref=ref, index=1)


@pytest.mark.parametrize(
    "path",
    [
        "/home/x/tests/e2e_results/20260301T020000Z/summary.json",
        "C:\\ci\\e2e_results\\20260301T020000Z\\summary.json",
        "20260301T020000Z/summary.json",
        "tests/e2e_results/20260301T020000Z/",
    ],
)
@pytest.mark.parametrize("field", ["diff_from", "rerun_from", "triage"])
def test_the_run_that_the_artifacts_name_goes_before_the_newest(path: str, field: str) -> None:
    old = run(1, parts=[part(foreign="/data/x/tests/e2e_results/20260301T020000Z")])
    head = run(3, parts=[part(**{field: path})] if field != "triage" else None, evidence=Evidence())  # type: ignore[arg-type]  # texts
    if field == "triage":
        diff = TriageDiff(part="unsharded", generated_at=None, status="stable", baseline_path=path)
        head = run(3, evidence=Evidence(triage=(diff,)))
    base, reason = chosen(old, run(2), head)
    assert base == "1"
    assert reason.startswith("The run's own artifacts name it (")


def test_a_named_run_that_is_not_there_is_said_and_the_series_is_used() -> None:
    base, reason = chosen(run(1), run(2, parts=[part(diff_from="/x/20250101T000000Z/summary.json")]))
    assert base == "1"
    assert "`20250101T000000Z`, which is not among the earlier runs" in reason


def test_a_named_run_that_came_later_is_not_used() -> None:
    later = run(3, parts=[part(folder="e2e/later")])
    assert chosen(run(1), run(2, parts=[part(diff_from="/x/later/summary.json")]), later, index=1)[0] == "1"


def test_the_first_run_of_a_branch_is_compared_with_the_default_branch() -> None:
    base, reason = chosen(run(1), run(2, tests="xy"), run(3, tests="ab", branch="topic"))
    assert base == "1"
    assert reason.startswith("No run like this one came earlier on topic; it is the newest complete run of main")


def test_on_the_default_branch_a_run_of_the_same_kind_is_preferred() -> None:
    quick = [part(profile="quick")]
    assert chosen(run(1), run(2, parts=quick), run(3, branch="topic"))[0] == "1"
    assert chosen(run(1), run(2, parts=quick), run(3, branch="topic", parts=[part(profile="soak")]))[0] == "2"


def test_an_incomplete_run_of_the_default_branch_is_no_baseline_of_a_branch() -> None:
    broken = [part("a"), part("b", state="killed")]
    assert chosen(run(1, parts=broken), run(2, branch="topic"))[0] is None


def test_without_anything_earlier_there_is_no_baseline_and_a_sentence() -> None:
    assert chosen(run(1)) == (None, "There is no earlier run of ci on main with profile full to compare with.")
    assert chosen(run(1), run(2, tests="")) == (None, "This run has no test results that could be compared.")
