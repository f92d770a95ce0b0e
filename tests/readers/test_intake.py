"""The intake as a whole: each run and each file once, in any order, with its ledger."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from generator.records import Severity, Status
from tests.readers.run_folder import (
    STAMP,
    TIMES,
    environment,
    junit,
    only_unit,
    read,
    result,
    write,
    write_run,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_two_folders_of_one_identity_are_an_error_and_the_first_is_used(tmp_path: Path) -> None:
    write_run(tmp_path / "in/a")
    write_run(tmp_path / "in/b", **{"checkout/result.json": result("checkout", 101)})
    intake = read(tmp_path / "in")
    unit = only_unit(intake)
    assert {r.status for r in unit.results} == {Status.PASSED}
    (problem,) = (p for p in intake.problems if p.path == "b")
    assert problem.severity is Severity.ERROR
    assert "b is the run" in problem.message
    assert "a is used" in problem.message


def test_two_folders_with_the_same_files_are_worth_a_note_only(tmp_path: Path) -> None:
    write_run(tmp_path / "in/a")
    write_run(tmp_path / "in/b")
    intake = read(tmp_path / "in")
    assert len(intake.units) == 1
    assert [problem.severity for problem in intake.problems] == [Severity.INFO]


def test_a_file_reached_in_two_ways_is_read_once_under_the_name_that_was_typed(tmp_path: Path) -> None:
    run = write_run(tmp_path / STAMP)
    named = run / "summary.json"
    intake = read(run, named, tmp_path)
    assert len(intake.sources) == 4
    assert str(named) in [source.path for source in intake.sources]
    assert only_unit(intake).evidence.sources[2].path == "summary.json"


def test_an_unknown_file_is_listed_and_only_a_problem_when_it_was_named(tmp_path: Path) -> None:
    notes = write(tmp_path / "in/notes.txt", "hello")
    silent, loud = read(tmp_path / "in"), read(notes)
    assert [(s.path, s.reader, s.bytes, s.sha256) for s in silent.sources] == [("notes.txt", None, 5, "")]
    assert [(p.path, p.severity) for p in silent.problems] == [(str(tmp_path / "in"), Severity.ERROR)]
    assert "1 file there, none of a kind that a reader knows" in silent.problems[0].message
    write_run(tmp_path / "in" / STAMP)
    assert read(tmp_path / "in").problems == ()
    assert [(p.path, p.severity, p.message) for p in loud.problems] == [
        (str(notes), Severity.ERROR, "no reader recognises this file")
    ]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("measured.json", b'{"results":\n  [1, ', ["not JSON", "line 2, column"]),
        ("measured.JSON", b"{'results': 1}", ["not JSON", "line 1, column 2"]),
        ("coverage.xml", b"<coverage>\n<a></coverage>", ["line 2"]),
        ("waivers.toml", b"[waiver\n", ["line 1"]),
        ("events.jsonl", b'{"a": 1}\n{"a": ', ["line 2 torn last line"]),
    ],
)
def test_a_broken_file_that_was_named_is_an_error_with_cause_and_place(
    tmp_path: Path, name: str, data: bytes, words: list[str]
) -> None:
    (problem,) = read(write(tmp_path / name, data)).problems
    assert (problem.severity, bool(problem.hint)) == (Severity.ERROR, True)
    for word in ["no reader recognises this file, and it is broken", *words]:
        assert word in problem.message


@pytest.mark.parametrize(("name", "data"), [("ctrf.json", b"{}"), ("cov.xml", b"<!DOCTYPE html><html/>")])
def test_a_whole_file_of_a_stranger_that_was_named_is_not_called_broken(tmp_path: Path, name: str, data: bytes) -> None:
    (problem,) = read(write(tmp_path / name, data)).problems
    assert (problem.severity, problem.message) == (Severity.ERROR, "no reader recognises this file")


@pytest.mark.parametrize("name", ["run.zip", "run.tar.gz"])
def test_an_archive_is_an_error_when_it_was_named(tmp_path: Path, name: str) -> None:
    intake = read(write(tmp_path / name, b"PK"))
    assert [problem.severity for problem in intake.problems] == [Severity.ERROR]
    assert intake.problems[0].hint


def test_hidden_folders_are_not_entered(tmp_path: Path) -> None:
    for folder in (".git", ".venv", "node_modules"):
        write(tmp_path / "in" / folder / "junit.xml", junit())
    write(tmp_path / "in/kept.txt", "")
    assert [source.path for source in read(tmp_path / "in").sources] == ["kept.txt"]


def test_the_order_of_arguments_and_the_moment_of_writing_do_not_matter(tmp_path: Path) -> None:
    roots = [
        write_run(tmp_path / f"in{n}", **{"environment.json": environment(timestamp=t)}) for n, t in enumerate(TIMES)
    ]
    roots.append(write(tmp_path / "single.xml", junit()))
    write(tmp_path / "tree/9/report.xml", junit("other", failing=True))
    roots += [tmp_path / "tree", tmp_path / "missing"]
    first = read(*roots)
    shuffled = random.Random(7).sample(roots, len(roots))  # noqa: S311  any other order will do
    assert read(*shuffled, *roots) == first
    assert len(first.units) == 4


def test_units_and_problems_do_not_tell_where_the_artifacts_lay(tmp_path: Path) -> None:
    write_run(tmp_path / "here" / STAMP, **{"triage_diff.json": b"{"})
    write_run(tmp_path / "elsewhere" / STAMP, **{"triage_diff.json": b"{"})
    assert read(tmp_path / "here") == read(tmp_path / "elsewhere")


def test_the_ledger_of_a_run_has_sizes_and_digests_of_what_was_read(tmp_path: Path) -> None:
    run = write_run(tmp_path / STAMP, **{"checkout/output.log": "x" * 10})
    unit = only_unit(read(tmp_path))
    ledger = {source.path: source for source in unit.evidence.sources}
    assert (ledger["checkout/output.log"].bytes, ledger["checkout/output.log"].sha256) == (10, "")
    assert ledger["summary.json"].bytes == (run / "summary.json").stat().st_size
    assert ledger["summary.json"].schema_id == "pi.e2e.summary.v1"
    assert list(ledger) == sorted(ledger)


def test_problems_that_no_run_carries_are_told_apart(tmp_path: Path) -> None:
    write_run(tmp_path / "in/a", **{"triage_diff.json": b"{"})
    write_run(tmp_path / "in/b", **{"checkout/result.json": b"{"})
    intake = read(tmp_path / "in", tmp_path / "missing")
    carried = [problem.path for problem in only_unit(intake).evidence.problems]
    assert carried == ["triage_diff.json"]
    assert [problem.path for problem in intake.problems if problem not in intake.unplaced] == ["a/triage_diff.json"]
    assert {problem.path for problem in intake.unplaced} == {"b", "b/checkout/result.json", str(tmp_path / "missing")}
