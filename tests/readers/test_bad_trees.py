"""What is missing, no regular file or too much is named and not opened; the rest is used."""

from __future__ import annotations

import os
import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from generator.records import Severity
from generator.safety.limits import ReadLimits
from tests.readers.run_folder import (
    DEFAULTS,
    STAMP,
    about,
    digest,
    environment,
    junit,
    read,
    write,
    write_run,
)

if TYPE_CHECKING:
    from pathlib import Path

    from generator.readers import RunDefaults


def within(**changed: int) -> RunDefaults:
    """Return what is said about runs, with other limits on reading."""
    return replace(DEFAULTS, limits=ReadLimits(**changed))


def test_a_missing_path_is_an_error_with_a_hint(tmp_path: Path) -> None:
    intake = read(tmp_path / "nowhere")
    (problem,) = intake.problems
    assert (problem.severity, problem.message) == (Severity.ERROR, "does not exist")
    assert problem.path == str(tmp_path / "nowhere")
    assert problem.hint
    assert (intake.units, intake.sources) == ((), ())


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty/.git").mkdir(parents=True)
    (problem,) = read(tmp_path / "empty").problems
    assert (problem.severity, "nothing to read" in problem.message) == (Severity.ERROR, True)


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    run = write_run(tmp_path / STAMP)
    write(run / "triage_diff.json/inner.txt", "")
    (problem,) = about(read(run), "triage_diff.json")
    assert "folder" in problem.message


@pytest.mark.parametrize(("name", "severity"), [("junit.xml", Severity.ERROR), ("latest", Severity.WARNING)])
def test_a_symbolic_link_is_named_and_not_followed(tmp_path: Path, name: str, severity: Severity) -> None:
    outside = write(tmp_path / "outside.xml", junit("leaked"))
    run = write_run(tmp_path / "in" / STAMP)
    (run / name).symlink_to(outside)
    intake = read(run)
    (problem,) = about(intake, name)
    assert problem.severity is severity
    assert "link" in problem.message
    assert "leaked" not in str(intake.units)


def test_a_link_to_a_folder_named_on_the_command_line_is_refused(tmp_path: Path) -> None:
    run = write_run(tmp_path / STAMP)
    (tmp_path / "latest").symlink_to(run, target_is_directory=True)
    intake = read(tmp_path / "latest")
    assert intake.units == ()
    assert intake.problems[0].severity is Severity.ERROR


def test_pipes_and_sockets_are_named_and_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = write_run(tmp_path / STAMP)
    os.mkfifo(run / "triage_diff.json")
    monkeypatch.chdir(run)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("control")
        intake = read(run)
    assert "pipe" in about(intake, "triage_diff.json")[0].message
    assert "socket" in about(intake, "control")[0].message


def test_a_run_folder_with_too_many_files_is_cut_and_says_so(tmp_path: Path) -> None:
    run = write_run(tmp_path / "all" / STAMP)
    for number in range(5):
        write(run / f"deep/er/{number}.txt", "")
    write_run(tmp_path / "all" / "20260305T050607Z", **{"environment.json": environment(timestamp="20260305T050607Z")})
    intake = read(tmp_path / "all", defaults=within(tree_files_per_run=4))
    (problem,) = intake.problems
    assert (problem.path, problem.severity) == (STAMP, Severity.ERROR)
    assert "9 files" in problem.message
    assert [len(unit.evidence.sources) for unit in intake.units] == [4, 4]
    assert all(len(unit.results) == 2 for unit in intake.units)


def test_an_argument_with_too_many_files_is_cut_and_says_so(tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / "in" / f"a/b/{number}.txt", "")
    few = within(tree_files=3)
    assert not [problem for problem in read(tmp_path / "in", defaults=few).problems if "more than" in problem.message]
    for number in range(3, 5):
        write(tmp_path / "in" / f"a/b/{number}.txt", "")
    write(tmp_path / "in/z.txt", "")
    intake = read(tmp_path / "in", defaults=few)
    assert [source.path for source in intake.sources] == ["a/b/0.txt", "a/b/1.txt", "a/b/2.txt"]
    (cut,) = (problem for problem in intake.problems if "more than 3 files" in problem.message)
    assert cut.severity is Severity.ERROR


def test_folders_deeper_than_the_limit_are_not_entered(tmp_path: Path) -> None:
    write(tmp_path / "in/a/b/kept.txt", "")
    write(tmp_path / "in/a/b/c/lost.txt", "")
    intake = read(tmp_path / "in", defaults=within(tree_depth=2))
    assert [source.path for source in intake.sources] == ["a/b/kept.txt"]
    assert "a/b/c" in [problem.path for problem in intake.problems]


def test_names_with_control_characters_are_shown_harmless(tmp_path: Path) -> None:
    write(tmp_path / "in/a\nb\x1b[31m\u202e.txt", "")
    (source,) = read(tmp_path / "in").sources
    assert "\x1b" not in source.path
    assert "\u202e" not in source.path


def test_a_broken_document_that_no_reader_knows_is_a_warning(tmp_path: Path) -> None:
    write(tmp_path / "in/measured.json", b'{"results": ')
    write(tmp_path / "in/settings.toml", b"[waiver\n")
    write(tmp_path / "in/good.json", {"results": []})
    write(tmp_path / "in/junit.xml", junit(timestamp="2026-03-04T05:06:07"))
    intake = read(tmp_path / "in")
    assert [problem.path for problem in intake.problems] == ["measured.json", "settings.toml"]
    assert {problem.severity for problem in intake.problems} == {Severity.WARNING}
    assert {source.path for source in intake.sources if source.reader is None} == {
        *("good.json", "measured.json", "settings.toml")
    }


def test_an_artifact_without_a_run_is_a_warning(tmp_path: Path) -> None:
    write(tmp_path / "in/checkout/failure_digest.json", digest("checkout"))
    intake = read(tmp_path / "in")
    assert intake.units == ()
    assert "belongs to no run" in intake.problems[0].message


def test_nothing_readable_makes_no_run(tmp_path: Path) -> None:
    write(tmp_path / "in/junit.xml", "<testsuites><testsuite>")
    intake = read(tmp_path / "in")
    assert intake.units == ()
    assert [(problem.path, problem.severity) for problem in intake.problems] == [("junit.xml", Severity.ERROR)]
