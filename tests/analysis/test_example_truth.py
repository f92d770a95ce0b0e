"""Streaks, places and trends of the example against the truth of its story: test reports exist in some runs only."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from generator.analysis import analyse, prepare
from generator.config import Settings
from generator.history import open_store
from generator.readers import RunDefaults, read_all

if TYPE_CHECKING:
    from generator.findings import Findings

EXAMPLE = Path(__file__).parents[2] / "artifacts_example"
TRUTH: dict[str, Any] = json.loads((EXAMPLE / "truth.json").read_text(encoding="utf-8"))
LABELS = {run["folder"]: f"{run['run_id']}-{run['attempt']}".removesuffix("-1") for run in TRUTH["runs"]}


@pytest.fixture(scope="module")
def newest(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    store = open_store(tmp_path_factory.mktemp("example") / "history", create=True)
    defaults = RunDefaults(repository="harbour/harbour", workflow="nightly", now=datetime(2026, 11, 9, 12, tzinfo=UTC))
    for unit in read_all([EXAMPLE / "runs"], defaults).units:
        store.append(unit)
    prepared = prepare(store.snapshot(), Settings())
    return analyse(prepared, LABELS[TRUTH["newest"]], base=None, settings=prepared.settings)


def test_a_case_fails_since_its_target_does(newest: Findings) -> None:
    expected = {
        streak["target"]: (LABELS[streak["first_bad"]], LABELS[streak["last_good"]])
        for streak in TRUTH["streaks"]
        if streak["last_bad"] == TRUTH["newest"]
    }
    for failure in newest.failures:
        since, parent = failure.since, failure.parent
        key = parent.key if parent else failure.test.key
        assert since.last_good is not None
        assert (since.first_bad.label, since.last_good.label) == expected[key], failure.test.key
    assert {failure.parent is None for failure in newest.failures} == {True, False}


def test_a_case_has_the_place_and_class_of_the_story(newest: Findings) -> None:
    wide = TRUTH["wide_cause"]
    cases = [failure for failure in newest.failures if failure.parent and failure.parent.key in wide["targets"]]
    assert {f"{failure.file}:{failure.line}" for failure in cases} == {wide["location"]}
    assert all(failure.root_cause_class and failure.timeline for failure in cases)


def test_the_day_of_the_missing_shard_has_no_rate(newest: Findings) -> None:
    (day,) = [day for day in newest.trends.days if day.incomplete_runs]
    assert (day.day, day.tally.pass_rate) == (date(2026, 10, 16), None)
    assert newest.trends.recent_rate is not None
    assert newest.trends.earlier_rate is not None
    rates = newest.trends.recent_rate - newest.trends.earlier_rate
    assert newest.trends.change_points == pytest.approx(100 * rates, abs=1e-5)
    assert newest.trends.fell_most == "mooring_rules"
