"""A real project's runs: only the tests that flip are called flaky, and its totals are those of its own reports."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import pytest

from generator.analysis import flaky
from generator.analysis.prepare import prepare
from generator.config import Settings
from generator.readers import RunDefaults, read_all
from generator.records import Status
from tests.builders import snapshot
from tests.shared import shared

if TYPE_CHECKING:
    from generator.analysis.frames import Prepared
    from generator.records import RunUnit

pytestmark = pytest.mark.shared

FLIPPING = {
    "dev_latest-report-alias": {"test_broken"},
    "dev_mr-report-comment": {"test_broken"},
    "column_modified_time": set(),
    "dev_open_demo": set(),
}
"""By branch: `test_broken` passes and fails; `test_fail` is skipped where it does not fail, so that it never passed."""


@cache
def units(branch: str) -> tuple[RunUnit, ...]:
    folder = shared("corpus", "gitlab-allure-history", branch)
    defaults = RunDefaults(repository="local", workflow="ci", now=datetime(2026, 12, 1, tzinfo=UTC), branch="main")
    found = read_all([folder], defaults).units
    assert len(found) == len(list(folder.glob("[0-9]*/suites.csv")))
    return found


@cache
def history(branch: str) -> Prepared:
    return prepare(snapshot(*units(branch)), Settings())


def labelled(prepared: Prepared, index: int = -1) -> dict[str, str]:
    notes = flaky.find(prepared, range(len(prepared.runs))[index])
    return {note.test.name: note.label for note in notes}


@pytest.mark.parametrize("branch", FLIPPING)
def test_only_tests_that_flip_are_suspected_and_none_is_proven_without_commits(branch: str) -> None:
    assert labelled(history(branch)) == dict.fromkeys(FLIPPING[branch], "suspected")


@pytest.mark.parametrize("branch", FLIPPING)
def test_no_other_test_was_ever_called_flaky_as_of_any_run(branch: str) -> None:
    prepared = history(branch)
    early = 9
    for index in range(0, len(prepared.runs), 4):
        found = labelled(prepared, index)
        assert set(found) <= FLIPPING[branch]
        assert not found or index >= early


def outage(unit: RunUnit, number: int) -> RunUnit:
    """Return the run again, a second later, with everything failing."""
    results = tuple(replace(result, status=Status.FAILED) for result in unit.results)
    key = unit.run.key.model_copy(update={"run_id": f"outage-{number}"})
    later = unit.run.started_at + timedelta(seconds=1)
    run = unit.run.model_copy(update={"key": key, "started_at": later})
    return replace(unit, run=run, results=results)


def test_outages_of_everything_make_no_test_flaky() -> None:
    branch = "dev_latest-report-alias"
    calm = units(branch)
    bad = [outage(unit, number) for number, unit in enumerate(calm[5:70:13])]
    prepared = prepare(snapshot(*calm, *bad), Settings())
    (before,), (after,) = (flaky.find(each, len(each.runs) - 1) for each in (history(branch), prepared))
    assert (after.test.name, after.label) == ("test_broken", "suspected")
    assert (after.first_attempts, after.flips, after.excursions) == (
        before.first_attempts,
        before.flips,
        before.excursions,
    )


def test_the_totals_of_the_runs_are_those_of_the_trend_that_allure_kept() -> None:
    compared = 0
    for branch in FLIPPING:
        kept = shared("corpus", "gitlab-allure-history", branch).glob("history-after-last/history-trend.json")
        by_job = {run.run_id.rpartition("_")[2]: run.tally for run in history(branch).runs}
        for path in kept:
            for point in json.loads(path.read_text(encoding="utf-8")):
                tally = by_job.get(str(point.get("buildOrder")))
                if tally is None:
                    continue
                data = point["data"]
                assert tally.total == data["total"]
                assert (tally.passed, tally.failed, tally.skipped) == tuple(
                    data[word] for word in ("passed", "failed", "skipped")
                )
                assert tally.errors == data["broken"] + data["unknown"]
                compared += 1
    assert compared == 46
