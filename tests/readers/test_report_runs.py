"""Test reports without files of the runner: which run they are, and what the command line may say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from generator.records import PartState, Severity
from tests.readers.run_folder import (
    COMMIT,
    DEFAULTS,
    NOW,
    STAMP,
    ids,
    junit,
    only_unit,
    read,
    write,
    write_run,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_reports_directly_in_the_argument_make_it_one_run(tmp_path: Path) -> None:
    write(tmp_path / "in-7/junit.xml", junit(timestamp="2026-03-04T05:06:07"))
    write(tmp_path / "in-7/more/other.xml", junit("subtracts"))
    intake = read(tmp_path / "in-7")
    unit = only_unit(intake)
    assert unit.run.key.run_id == "in-7"
    assert (unit.run.started_at, unit.run.time_source) == (datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), "test report")
    assert [(part.name, part.state) for part in unit.run.parts] == [("reports", PartState.REPORTS)]
    assert {result.part for result in unit.results} == {"reports"}
    assert intake.totals.tests == 2


def test_reports_in_child_folders_are_a_run_each(tmp_path: Path) -> None:
    write(tmp_path / "in/101/junit.xml", junit())
    write(tmp_path / "in/102/deep/er/junit.xml", junit())
    write(tmp_path / "in/102/notes.txt", "")
    units = read(tmp_path / "in").units
    assert ids(units) == ["101", "102"]
    assert [source.path for source in units[1].evidence.sources] == ["deep/er/junit.xml", "notes.txt"]


def test_folders_with_conventional_names_belong_to_the_run_above(tmp_path: Path) -> None:
    write(tmp_path / "in-8/junit/a.xml", junit())
    write(tmp_path / "in-8/Test-Results/b.xml", junit("subtracts"))
    assert ids(read(tmp_path / "in-8").units) == ["in-8"]


def test_a_conventional_name_is_no_identity(tmp_path: Path) -> None:
    write(tmp_path / "junit/a.xml", junit())
    (first,) = ids(read(tmp_path / "junit").units)
    write(tmp_path / "junit/a.xml", junit("subtracts"))
    (second,) = ids(read(tmp_path / "junit").units)
    assert first.startswith("run-")
    assert first != second


def test_reports_named_one_by_one_are_one_run(tmp_path: Path) -> None:
    first = write(tmp_path / "a/one.xml", junit())
    second = write(tmp_path / "b/two.xml", junit("subtracts"))
    intake = read(first, second)
    unit = only_unit(intake)
    assert [source.path for source in intake.sources] == [str(first), str(second)]
    assert [source.path for source in unit.evidence.sources] == ["a/one.xml", "b/two.xml"]
    assert len(unit.results) == 2


def test_the_command_line_may_say_which_run_the_reports_are_of(tmp_path: Path) -> None:
    write(tmp_path / "in/101/junit.xml", junit())
    write(tmp_path / "in/102/junit.xml", junit("subtracts"))
    started = datetime(2026, 3, 4, tzinfo=UTC)
    said = replace(
        DEFAULTS, run_id="77", attempt=3, commit=COMMIT, branch="dev", pull_request=5, event="push", started_at=started
    )
    run = only_unit(read(tmp_path / "in", defaults=said)).run
    assert (run.key.run_id, run.key.attempt) == ("77", 3)
    assert (run.commit, run.branch, run.pull_request, run.event) == (COMMIT, "dev", 5, "push")
    assert (run.started_at, run.time_source) == (started, "settings")


def test_the_command_line_says_nothing_about_native_runs(tmp_path: Path) -> None:
    said = replace(DEFAULTS, run_id="77", commit="f" * 40, branch="dev")
    run = only_unit(read(write_run(tmp_path / STAMP), defaults=said)).run
    assert (run.key.run_id, run.commit, run.branch) == (STAMP, COMMIT[:9], "main")


def test_a_run_without_a_time_takes_that_of_the_build_and_says_so(tmp_path: Path) -> None:
    write(tmp_path / "in-9/junit.xml", junit())
    intake = read(tmp_path / "in-9")
    run = only_unit(intake).run
    assert (run.started_at, run.time_source) == (NOW, "now")
    assert [(p.path, p.severity) for p in intake.problems] == [("junit.xml", Severity.WARNING)]


def test_reports_inside_a_runner_folder_belong_to_its_part(tmp_path: Path) -> None:
    unit = only_unit(read(write_run(tmp_path / STAMP, **{"cases/junit.xml": junit()})))
    assert [part.name for part in unit.run.parts] == [STAMP]
    assert {result.part for result in unit.results} == {STAMP}


@pytest.mark.parametrize("stated", ["2070-01-01T00:00:00Z", "2199-12-31T23:59:59Z"])
def test_a_time_after_the_build_is_flagged_and_not_trusted_for_order(tmp_path: Path, stated: str) -> None:
    write(tmp_path / "in/run-1/junit.xml", junit(timestamp=stated))
    intake = read(tmp_path / "in")
    (unit,) = intake.units
    assert unit.run.started_at == DEFAULTS.now
    assert any("after this build; not believed" in problem.message for problem in intake.problems)


@pytest.mark.parametrize("stated", ["1970-01-01T00:00:00Z", "2026-01-01T00:00:00+99:99", "yesterday"])
def test_a_time_that_cannot_be_is_flagged_and_the_next_one_counts(tmp_path: Path, stated: str) -> None:
    write(tmp_path / "in/run-1/a.xml", junit(timestamp=stated))
    write(tmp_path / "in/run-1/b.xml", junit(timestamp="2026-03-04T05:06:07Z"))
    intake = read(tmp_path / "in")
    (unit,) = intake.units
    assert unit.run.started_at.isoformat() == "2026-03-04T05:06:07+00:00"
    assert any("no time that can be" in problem.message for problem in intake.problems)


def test_what_was_measured_beside_the_tests_does_not_say_when_they_ran(tmp_path: Path) -> None:
    write(tmp_path / "in/run-1/junit.xml", junit(timestamp="2026-03-04T05:06:07Z"))
    bench = {"machine_info": {}, "commit_info": {}, "benchmarks": [], "datetime": "2015-08-15T00:01:46", "version": "5"}
    write(tmp_path / "in/run-1/bench.json", bench)
    (unit,) = read(tmp_path / "in").units
    assert unit.run.started_at.year == 2026
