"""All findings about a run: as of its time, whatever came later and in whatever order it arrived."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.analysis import analyse, prepare
from generator.config import AnalysisSettings, Settings
from generator.records import Evidence, Problem, RunUnit, Severity
from tests.builders import attempt, case, digest, part, snapshot, targets, unit

if TYPE_CHECKING:
    from generator.findings import Findings


def findings(*units: RunUnit, label: str) -> Findings:
    return analyse(prepare(snapshot(*units), Settings()), label, base=None, settings=Settings())


def story() -> list[RunUnit]:
    """A few nights with everything in them: shards, a branch, a kill, a retry, a flaky case."""
    pay = Evidence(digests=(digest("e2e_pay"),))
    quiet = targets({"suite:e2e_pay": 0, "unit:geo": 0})
    broken = targets({"suite:e2e_pay": 101, "unit:geo": 0})
    return [
        unit("1", 1, [*quiet, case("a"), case("b")]),
        unit("2", 2, [*broken, case("a", "failed", message="boom 1"), case("b", earlier=[attempt()])], evidence=pay),
        unit("3", 3, broken[:1], parts=[part(state="killed")]),
        unit("4", 4, [*quiet, case("a", "failed", message="boom 2"), case("b", "failed")], branch="topic"),
        unit("5", 5, [*quiet, case("a", "failed", message="bang"), case("b", "skipped"), case("c", "error")]),
        unit("6", 6, targets({"suite:e2e_pay": 0}, part="s0"), parts=[part("s0", shard=("suite", 0, 2))]),
        unit("7", 7, [*broken, case("a"), case("b")]),
    ]


@pytest.mark.parametrize("count", range(1, 8))
def test_a_run_is_analysed_as_of_its_time(count: int) -> None:
    units = story()
    label = prepare(snapshot(*units[:count]), Settings()).runs[-1].label
    assert findings(*units, label=label) == findings(*units[:count], label=label)


@settings(deadline=None, max_examples=15)
@given(st.permutations(range(7)))
def test_the_order_of_arrival_does_not_matter(order: list[int]) -> None:
    units = story()
    assert findings(*(units[place] for place in order), label="7") == findings(*units, label="7")


def test_a_skipped_run_changes_nothing_about_a_later_failure() -> None:
    units = story()
    idle = unit("6b", 6.5, [case("a", "skipped"), case("b", "skipped")])
    with_idle, without = findings(*units, idle, label="7"), findings(*units, label="7")
    assert [(item.failure_id, item.since.runs) for item in with_idle.failures] == [
        (item.failure_id, item.since.runs) for item in without.failures
    ]


def test_the_run_carries_its_problems_and_the_others_do_not() -> None:
    problem = Problem(path="x.json", severity=Severity.ERROR, message="is torn")
    broken = unit("2", 2, [case("a")], evidence=Evidence(problems=(problem,)))
    found = findings(unit("1", 1, [case("a")]), broken, label="2")
    assert found.run.problems == (problem,)
    assert found.runs[-1] == found.run
    assert findings(broken, unit("3", 3, [case("a")]), label="3").runs[0].problems == ()


def test_an_explicit_baseline_is_used() -> None:
    prepared = prepare(snapshot(*story()), Settings())
    found = analyse(prepared, "7", base="1", settings=Settings())
    assert found.comparison.base is not None
    assert found.comparison.base.label == "1"


def test_other_settings_than_those_prepared_with_are_obeyed() -> None:
    prepared = prepare(snapshot(*story()), Settings())
    other = Settings(site=Settings().site.model_copy(update={"outcomes": 2}), analysis=AnalysisSettings())
    found = analyse(prepared, "7", base=None, settings=other)
    assert {len(failure.outcomes) for failure in found.failures} == {2}


def test_causes_gather_failures_of_one_signature_and_know_when_it_was_first_seen() -> None:
    wide = [case(name, "failed", message="store is gone") for name in "abc"]
    found = findings(
        unit("1", 1, [case("a", "failed", message="store is gone")], branch="topic"),
        unit("2", 2, [*wide, case("d", "failed", message="other"), case("e", "failed", message="late")]),
        unit("3", 3, [*wide, case("d", "failed", message="other"), case("e", "failed", message="new here")]),
        label="3",
    )
    assert [(cause.title, len(cause.failures), cause.runs, cause.new) for cause in found.causes] == [
        ("new here", 1, 1, True),
        ("store is gone", 3, 3, False),
        ("other", 1, 2, False),
    ]
    assert found.causes[1].first_seen.label == "1"


def test_findings_do_not_share_what_could_be_changed() -> None:
    found = findings(*story(), label="7")
    with pytest.raises(AttributeError):
        found.failures[0].message = "changed"  # type: ignore[misc]  # frozen is what is tested
    assert replace(found, failures=()).failures == ()
