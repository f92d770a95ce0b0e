"""Which files are found, each as it will be read: shown cleaned, opened late, never through a link."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from generator.readers.discover import discover
from generator.readers.found import Readers, examine
from generator.readers.registry import all_readers
from generator.records import LogSignal, SourceState
from tests.readers.run_folder import read, write

if TYPE_CHECKING:
    from pathlib import Path

    from generator.readers.found import Found


def changed(log: Path, content: str | None = None, link: Path | None = None) -> Found:
    """Examine an empty log that becomes something else between the moment it is found and the one it is read."""
    write(log, "")
    (place,) = discover([log.parent.parent]).places
    if content is not None:
        log.write_text(content)
    elif link is not None:
        log.unlink()
        log.symlink_to(link)
    return examine(place, Readers(all_readers()), place.folder.limits)


def test_among_many_ordinary_names_a_secret_and_a_control_are_still_made_harmless(tmp_path: Path) -> None:
    secret = "gh" + "p_" + "a1B2c3" * 6
    names = {f"report-{number:03}.txt" for number in range(600)}
    for name in (*names, f"{secret}.txt", "pass" + "word=hunter2hunter2.txt", "a\u202eb.txt"):
        write(tmp_path / "in/run" / name, "")
    shown = {source.path.removeprefix("run/") for source in read(tmp_path / "in").sources}
    assert shown > names
    assert len(shown) == len(names) + 3
    assert not any(secret in name or "hunter2" in name or "\u202e" in name for name in shown)
    assert sum("redacted:" in name for name in shown) == 2


@pytest.mark.parametrize("name", ["ordinary.txt", "with space.txt", "ж.txt", "line\nend.txt"])
def test_a_harmless_name_is_shown_as_it_is(tmp_path: Path, name: str) -> None:
    write(tmp_path / "in/run" / name, "")
    (source,) = read(tmp_path / "in").sources
    assert source.path == f"run/{name}"


def test_an_empty_log_is_read_as_what_it_is(tmp_path: Path) -> None:
    found = changed(tmp_path / "run/lint/fmt.log")
    assert (found.source.state, found.source.bytes) == (SourceState.READ, 0)
    assert found.source.sha256 == hashlib.sha256(b"").hexdigest()
    record = found.first(LogSignal)
    assert record is not None
    assert not record.failed


def test_a_log_that_was_written_after_it_was_found_is_read_whole(tmp_path: Path) -> None:
    found = changed(tmp_path / "run/lint/fmt.log", "Diff in src/lib.rs\n")
    record = found.first(LogSignal)
    assert record is not None
    assert record.failed
    assert found.source.sha256 == hashlib.sha256(b"Diff in src/lib.rs\n").hexdigest()


def test_an_empty_log_that_became_a_link_is_not_followed_and_has_no_hash(tmp_path: Path) -> None:
    found = changed(tmp_path / "run/lint/fmt.log", link=write(tmp_path / "canary", "Diff in src/lib.rs\n"))
    assert (found.source.state, found.source.sha256) == (SourceState.CORRUPT, "")
    assert "is a symbolic link" in found.problems[0].message


def test_a_file_in_a_folder_that_is_named_twice_is_found_once_by_its_outermost_argument(tmp_path: Path) -> None:
    write(tmp_path / "in/run/a.txt", "")
    write(tmp_path / "in/run/b.txt", "")
    places = discover([tmp_path / "in/run", tmp_path / "in", tmp_path / "in/run/b.txt"]).places
    assert [(place.name, place.named) for place in places] == [("a.txt", False), ("b.txt", True)]
    assert places[0].path == "run/a.txt"
