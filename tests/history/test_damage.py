from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from generator.errors import EvidenceError, OutputError
from generator.history import Appended, Store, open_store, unit_id
from generator.records import Severity
from tests.builders import case, unit
from tests.history.killing import killed
from tests.history.stored import run_ids, run_unit, store_in, tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HURT = unit_id(run_unit(2).run.key)
FILES = ("unit.json", "results.parquet", "details.parquet", "evidence.json.gz")
DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: data[:0],
    "one byte": lambda data: data[:1],
    "half": lambda data: data[: len(data) // 2],
    "last byte missing": lambda data: data[:-1],
    "first byte flipped": lambda data: bytes([data[0] ^ 1]) + data[1:],
    "middle byte flipped": lambda data: (
        data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 0x20]) + data[len(data) // 2 + 1 :]
    ),
    "last byte flipped": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "more bytes": lambda data: data + b"\n",
    "merge markers": lambda data: b"<<<<<<< ours\n" + data + b"=======\n" + data + b">>>>>>> theirs\n",
}

_APPEND, _BEGIN = 32, 26
"""Effects on the disk of one append and of the beginning of a history."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Three runs of the same tests, but the second has one test more."""
    store = store_in(tmp_path)
    for number in (1, 3):
        store.append(run_unit(number))
    second = run_unit(2)
    store.append(unit("run-2", 2, [*second.results, case("only here")], evidence=second.evidence, branch="b2"))
    return store


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_named_and_the_other_runs_still_load(store: Store, name: str, damage: str) -> None:
    path = store.folder / "units" / HURT / name
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    snapshot = store.snapshot()
    assert run_ids(snapshot) == ["run-1", "run-3"]
    assert sorted(set(snapshot.results["unit"])) == [0, 1]
    for problems in (snapshot.problems, store.verify()[1]):
        (problem,) = problems
        assert problem.severity is Severity.ERROR
        assert problem.path == f"units/{HURT}"
        assert name in problem.message
        assert problem.hint
        if name != "unit.json":
            assert "run run-2" in problem.message


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(store: Store, name: str) -> None:
    (store.folder / "units" / HURT / name).unlink()
    (problem,) = store.snapshot().problems
    assert f"{HURT}/{name}" in problem.message
    assert store.verify()[1] == (problem,)


def test_merge_markers_are_named_with_their_line(store: Store) -> None:
    path = store.folder / "units" / HURT / "unit.json"
    first, _, rest = path.read_text().partition("\n")
    path.write_text(f"{first}\n<<<<<<< HEAD\n{rest}")
    (problem,) = store.snapshot().problems
    assert "merge markers in line 2" in problem.message


def test_every_flipped_byte_of_a_unit_file_is_found(store: Store) -> None:
    path = store.folder / "units" / HURT / "unit.json"
    whole = path.read_bytes()
    for place in range(0, len(whole), 29):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        assert run_ids(store.snapshot()) == ["run-1", "run-3"], place
    path.write_bytes(whole)
    assert store.snapshot().problems == ()


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_block_of_names_hurts_only_the_runs_that_need_it(store: Store, damage: str) -> None:
    own = [path for path in (store.folder / "names").iterdir() if path.stem in _names_of(store, HURT)]
    (path,) = own
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    snapshot = store.snapshot()
    assert run_ids(snapshot) == ["run-1", "run-3"]
    assert len(snapshot.names) == 4
    (problem,) = snapshot.problems
    assert f"names/{path.name}" in problem.message
    assert "run run-2" in problem.message
    assert [found.path for found in store.verify()[1]] == [f"units/{HURT}"] * 2 + [f"names/{path.name}"]


def test_a_torn_block_of_names_is_healed_by_the_next_run_with_the_same_tests(store: Store) -> None:
    (path,) = [path for path in (store.folder / "names").iterdir() if path.stem not in _names_of(store, HURT)]
    path.write_bytes(b"torn")
    assert run_ids(store.snapshot()) == ["run-2"]
    store.append(run_unit(4))
    assert run_ids(store.snapshot()) == ["run-1", "run-2", "run-3", "run-4"]
    assert store.verify() == (4, ())


def test_a_unit_under_another_name_is_named(store: Store) -> None:
    shutil.copytree(store.folder / "units" / HURT, store.folder / "units" / "u-copy")
    assert run_ids(store.snapshot()) == ["run-1", "run-2", "run-3"]
    (problem,) = store.snapshot().problems
    assert problem.path == "units/u-copy"
    assert HURT in problem.message


def test_foreign_files_and_leftovers_are_warnings(store: Store) -> None:
    (store.folder / "units" / HURT / "notes.txt").write_text("mine")
    (store.folder / "names" / "notes.txt").write_text("mine")
    (store.folder / "notes.txt").write_text("mine")
    (store.folder / ".gitattributes").write_text("* -text")
    (store.folder / "units" / ".new-u-1-1").mkdir()
    units, problems = store.verify()
    assert units == 3
    assert {problem.severity for problem in problems} == {Severity.WARNING}
    assert [problem.path for problem in problems] == [
        f"units/{HURT}/notes.txt",
        "names/notes.txt",
        "units/.new-u-1-1",
        "notes.txt",
    ]
    assert store.snapshot().problems == ()
    assert store.repair() == ()


def test_a_newer_schema_is_refused_by_name(store: Store) -> None:
    path = store.folder / "units" / HURT / "unit.json"
    path.write_text(path.read_text().replace("replaybook.unit.v1", "replaybook.unit.v9"))
    (problem,) = store.snapshot().problems
    assert "replaybook.unit.v9" in problem.message
    assert "newer Replaybook" in problem.hint


def test_evidence_that_is_damaged_after_the_snapshot_is_an_error(store: Store) -> None:
    snapshot = store.snapshot()
    (store.folder / "units" / HURT / "evidence.json.gz").write_bytes(b"torn")
    with pytest.raises(EvidenceError, match="evidence"):
        snapshot.evidence(HURT)


def test_repair_moves_torn_units_aside_and_keeps_them(store: Store) -> None:
    (store.folder / "units" / HURT / "results.parquet").write_bytes(b"torn")
    assert store.repair() == (HURT,)
    assert store.verify() == (2, ())
    second = run_unit(2)
    store.append(second)
    (store.folder / "units" / HURT / "results.parquet").write_bytes(b"again")
    assert store.repair() == (HURT,)
    kept = sorted(path.name for path in (store.folder / "quarantine").iterdir())
    assert kept == [HURT, f"{HURT}-1"]


@pytest.mark.parametrize("step", range(_APPEND + 1))
def test_a_writer_that_is_killed_at_any_step_leaves_the_history_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    whole, hurt = store_in(tmp_path / "whole"), store_in(tmp_path / "hurt")
    for store in (whole, hurt):
        store.append(unit("run-1", 1, [case("of another name")]))
    before = tree(hurt.folder)
    whole.append(run_unit(2))
    assert killed(lambda: hurt.append(run_unit(2)), monkeypatch, step) is (step < _APPEND)
    assert run_ids(hurt.snapshot()) in (["run-1"], ["run-1", "run-2"])
    assert hurt.snapshot().problems == ()
    assert {path: entry for path, entry in tree(hurt.folder).items() if path in before} == before
    already = len(hurt.list()) == 2
    assert hurt.append(run_unit(2)) is (Appended.KNOWN if already else Appended.NEW)
    hurt.append(run_unit(3))
    whole.append(run_unit(3))
    assert tree(hurt.folder) == tree(whole.folder)
    assert hurt.verify() == (3, ())


@pytest.mark.parametrize("step", range(_BEGIN + 1))
def test_a_history_whose_beginning_was_killed_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    folder = tmp_path / "hurt" / "history"
    assert killed(lambda: open_store(folder, create=True), monkeypatch, step) is (step < _BEGIN)
    hurt, whole = open_store(folder, create=True), store_in(tmp_path / "whole")
    for store in (hurt, whole):
        store.append(run_unit(1))
    assert tree(folder) == tree(whole.folder)


def test_a_failed_rename_leaves_no_rest(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path for path in tree(store.folder) if path.startswith("units")}

    def refuse(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", refuse)
        with pytest.raises(OutputError, match="input/output error"):
            store.append(run_unit(9))
    assert {path for path in tree(store.folder) if path.startswith("units")} == before
    assert store.append(run_unit(9)) is Appended.NEW


def test_a_folder_that_is_empty_where_a_unit_belongs_is_no_unit(tmp_path: Path) -> None:
    store = open_store(tmp_path / "history", create=True)
    (store.folder / "units" / HURT).mkdir()
    assert store.append(run_unit(2)) is Appended.NEW
    assert store.verify() == (1, ())


def _names_of(store: Store, unit: str) -> set[str]:
    text = (store.folder / "units" / unit / "unit.json").read_text()
    return {path.stem for path in (store.folder / "names").iterdir() if path.stem in text}
