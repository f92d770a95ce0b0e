from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from generator.errors import EvidenceError, OutputError
from generator.history import Appended, open_store, unit_id
from generator.records import Evidence, RunKey, Severity
from tests.builders import unit
from tests.history.stored import run_ids, run_unit, store_in, tree

if TYPE_CHECKING:
    from pathlib import Path


def test_a_run_is_added_once_and_found_again(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    assert store.append(run_unit(1)) is Appended.NEW
    before = tree(store.folder)
    assert store.append(run_unit(1)) is Appended.KNOWN
    assert tree(store.folder) == before
    assert run_ids(store.snapshot()) == ["run-1"]


def test_the_same_run_with_other_evidence_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.append(run_unit(1, sources=["a.xml", "b.xml"]))
    before = tree(store.folder)
    changed = run_unit(1, sources=["b.xml", "c.xml"])
    assert store.append(changed) is Appended.CONFLICT
    assert tree(store.folder) == before
    problem = store.conflict_problem(changed)
    assert problem.severity is Severity.ERROR
    assert problem.path == f"units/{unit_id(changed.run.key)}"
    assert "run run-1" in problem.message
    assert "added: c.xml; missing: a.xml" in problem.message
    assert problem.hint


def test_a_changed_file_is_named_in_the_conflict(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.append(run_unit(1))
    changed = unit("run-1", 1, evidence=run_unit(2).evidence)
    assert store.append(changed) is Appended.CONFLICT
    assert "changed: junit.xml" in store.conflict_problem(changed).message


def test_a_torn_unit_is_a_conflict_that_is_named_until_it_is_repaired(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.append(run_unit(1))
    whole = tree(store.folder)
    (store.folder / "units" / unit_id(run_unit(1).run.key) / "results.parquet").write_bytes(b"torn")
    assert store.append(run_unit(1)) is Appended.CONFLICT
    assert "results.parquet" in store.conflict_problem(run_unit(1)).message
    assert store.repair() == (unit_id(run_unit(1).run.key),)
    assert (store.folder / "quarantine" / unit_id(run_unit(1).run.key) / "results.parquet").read_bytes() == b"torn"
    assert store.append(run_unit(1)) is Appended.NEW
    assert {path: entry for path, entry in tree(store.folder).items() if not path.startswith("quarantine")} == whole
    assert store.verify() == (1, ())
    assert store.repair() == ()


def test_runs_that_differ_in_one_part_of_their_key_are_different_units(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    units = [
        unit("7", 1),
        unit("7", 1, attempt_number=2),
        unit("7", 1, workflow="nightly"),
        unit("7", 1, repository="other"),
        unit("A", 1),
        unit("a", 1),
    ]
    assert [store.append(one) for one in units] == [Appended.NEW] * 6
    assert len({facts.unit_id.casefold() for facts in store.list()}) == 6


def test_parts_of_a_key_do_not_run_into_one_another() -> None:
    one, other = RunKey(repository="a", workflow="b", run_id="c"), RunKey(repository="ab", workflow="", run_id="c")
    assert unit_id(one) != unit_id(other)


def test_units_come_in_run_order_whatever_the_order_of_arrival(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    arrived = [("10", 2, 1), ("9", 2, 1), ("9", 2, 2), ("1", 3, 1), ("99", 1, 1)]
    for run_id, day, number in arrived:
        store.append(unit(run_id, day, attempt_number=number))
    wanted = [("99", 1), ("9", 1), ("9", 2), ("10", 1), ("1", 1)]
    assert [(facts.run.key.run_id, facts.run.key.attempt) for facts in store.list()] == wanted
    assert store.snapshot().units == store.list()


def test_a_missing_history_is_begun_only_when_asked(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "history"
    with pytest.raises(EvidenceError, match="no history") as refused:
        open_store(folder, create=False)
    assert refused.value.hint
    assert not folder.exists()
    open_store(folder, create=True)
    assert json.loads((folder / "format.json").read_text()) == {"format": 1}
    assert run_ids(open_store(folder, create=False).snapshot()) == []


def test_a_folder_of_other_files_is_never_made_a_history(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(EvidenceError, match="not a history"):
        open_store(tmp_path, create=True)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_file_in_the_place_of_the_history_is_named(tmp_path: Path) -> None:
    (tmp_path / "history").write_text("a file")
    with pytest.raises(EvidenceError, match="is a file"):
        open_store(tmp_path / "history", create=True)


def test_an_empty_data_branch_may_become_a_history(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert open_store(tmp_path, create=True).verify() == (0, ())


def test_a_history_without_its_format_is_not_begun_anew(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.append(run_unit(1))
    (store.folder / "format.json").unlink()
    with pytest.raises(EvidenceError, match="restore"):
        open_store(store.folder, create=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"format": 2}\n', "format 2"),
        ('{"format": "1"}', "no known format"),
        ('{"format": true}', "no known format"),
        ('{"format": 1, "more": 1}', "no known format"),
        ("", "not JSON"),
        ('{"form', "not JSON"),
    ],
)
def test_an_unknown_or_torn_format_is_refused_by_name(tmp_path: Path, text: str, words: str) -> None:
    store = store_in(tmp_path)
    (store.folder / "format.json").write_text(text)
    with pytest.raises(EvidenceError, match=words) as refused:
        open_store(store.folder, create=True)
    assert "format.json" in refused.value.message


def test_empty_folders_that_git_dropped_are_made_again(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    (store.folder / "names").rmdir()
    assert open_store(store.folder, create=False).append(run_unit(1)) is Appended.NEW


def test_evidence_of_an_unknown_unit_is_an_error_with_a_name(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="u-unknown"):
        store_in(tmp_path).snapshot().evidence("u-unknown")


def test_evidence_is_read_when_it_is_asked_for_and_once(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.append(run_unit(1))
    snapshot = store.snapshot()
    evidence = snapshot.evidence(snapshot.units[0].unit_id)
    assert evidence == run_unit(1).evidence
    assert snapshot.evidence(snapshot.units[0].unit_id) is evidence


def test_a_run_without_results_and_evidence_is_a_run(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    assert store.append(unit("empty")) is Appended.NEW
    snapshot = store.snapshot()
    assert (len(snapshot.units), len(snapshot.results)) == (1, 0)
    assert snapshot.evidence(snapshot.units[0].unit_id) == Evidence()
    assert store.verify() == (1, ())


def test_a_history_that_cannot_be_written_says_path_cause_and_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_in(tmp_path)
    before = tree(store.folder)

    def full(_descriptor: int, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.write", full)
    with pytest.raises(OutputError, match=r"no space left on device; \d+ bytes are needed") as refused:
        store.append(run_unit(1))
    assert str(store.folder) in refused.value.message
    assert refused.value.hint
    assert tree(store.folder) == before
