from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import EvidenceError
from generator.history import Appended, Merged, Store, open_store, unit_id
from generator.records import Severity
from tests.builders import case, unit
from tests.history.killing import killed
from tests.history.stored import Tree, run_ids, run_unit, store_in, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT = Path(__file__).parents[2]
MERGER = """
import sys
from pathlib import Path
from generator.history import open_store
merged = open_store(Path(sys.argv[1]), create=True).merge([Path(other) for other in sys.argv[2:]])
print(len(merged.added), merged.known, len(merged.problems))
"""
_MERGE = 45
"""Effects on the disk of a merge of one unit with a block of names of its own."""


def filled(folder: Path, numbers: Iterable[int]) -> Store:
    """Return a history of these runs."""
    store = store_in(folder)
    for number in numbers:
        assert store.append(run_unit(number)) is not Appended.CONFLICT
    return store


def folder_of(store: Store, number: int) -> Path:
    return store.folder / "units" / unit_id(run_unit(number).run.key)


def added(merged: Merged) -> list[str]:
    return [facts.run.key.run_id for facts in merged.added]


def conflicting(folder: Path, number: int) -> Store:
    """Return a history in which a run has other evidence than it has everywhere else."""
    store = store_in(folder)
    store.append(run_unit(number, sources=["other.xml"]))
    return store


def test_a_merge_adds_what_is_missing_and_gives_the_bytes_of_all_arrivals(tmp_path: Path) -> None:
    mine, other, third = filled(tmp_path / "a", [1, 2]), filled(tmp_path / "b", [2, 5, 3]), filled(tmp_path / "c", [4])
    merged = mine.merge([other.folder, third.folder])
    assert (added(merged), merged.known, merged.conflicts, merged.problems) == (
        ["run-3", "run-4", "run-5"],
        1,
        (),
        (),
    )
    assert tree(mine.folder) == tree(filled(tmp_path / "d", [1, 2, 3, 4, 5]).folder)
    assert mine.verify() == (5, ())


def test_a_unit_that_several_others_have_is_added_once(tmp_path: Path) -> None:
    mine = store_in(tmp_path / "mine")
    others = [filled(tmp_path / name, [1]).folder for name in "ab"]
    assert added(mine.merge([*others, others[0]])) == ["run-1"]
    assert mine.merge(others).known == 1


def test_blocks_of_names_come_along_and_a_torn_one_is_healed(tmp_path: Path) -> None:
    mine, other = filled(tmp_path / "a", [1]), filled(tmp_path / "b", [2])
    other.append(unit("more", 3, [case("of another name")]))
    (block,) = (mine.folder / "names").iterdir()
    block.write_bytes(b"torn")
    assert added(mine.merge([other.folder])) == ["run-2", "more"]
    assert mine.verify() == (3, ())


def test_the_same_run_with_other_content_is_named_and_what_is_there_stays(tmp_path: Path) -> None:
    mine, other = filled(tmp_path / "a", [1]), conflicting(tmp_path / "b", 1)
    before = tree(mine.folder)
    merged = mine.merge([other.folder])
    assert tree(mine.folder) == before
    assert (added(merged), merged.known) == ([], 0)
    assert [facts.run.key.run_id for facts in merged.conflicts] == ["run-1"]
    (problem,) = merged.problems
    assert problem.severity is Severity.ERROR
    assert problem.path == f"{other.folder}/units/{folder_of(mine, 1).name}"
    assert "run run-1" in problem.message
    assert "other evidence" in problem.message
    assert problem.hint


def test_a_conflict_does_not_keep_other_units_away(tmp_path: Path) -> None:
    mine, other = filled(tmp_path / "a", [1]), conflicting(tmp_path / "b", 1)
    other.append(run_unit(2))
    assert added(mine.merge([other.folder])) == ["run-2"]
    assert mine.verify() == (2, ())


def test_the_same_evidence_with_other_bytes_is_a_conflict_that_says_so(tmp_path: Path) -> None:
    mine, other = filled(tmp_path / "a", [1]), store_in(tmp_path / "b")
    first = run_unit(1)
    other.append(replace(first, results=first.results[:2]))
    (problem,) = mine.merge([other.folder]).problems
    assert "of the same evidence" in problem.message


def test_of_two_contents_of_a_new_run_none_is_taken_in_either_order(tmp_path: Path) -> None:
    one, other = filled(tmp_path / "a", [1, 2]), conflicting(tmp_path / "b", 1)
    results: list[tuple[Merged, Tree]] = []
    for place, order in enumerate(([one.folder, other.folder], [other.folder, one.folder])):
        mine = store_in(tmp_path / str(place))
        results.append((mine.merge(order), tree(mine.folder)))
    (merged, files), again = results
    assert (merged, files) == again
    assert added(merged) == ["run-2"]
    assert [facts.run.key.run_id for facts in merged.conflicts] == ["run-1"]
    assert [problem.path.split("/history/")[0] for problem in merged.problems] == [
        str(tmp_path / "a"),
        str(tmp_path / "b"),
    ]


@pytest.mark.parametrize("name", ["unit.json", "results.parquet", "details.parquet", "evidence.json.gz", "names"])
@pytest.mark.parametrize("how", ["torn", "missing"])
def test_a_torn_unit_of_another_history_is_named_and_not_taken(tmp_path: Path, name: str, how: str) -> None:
    mine, other = store_in(tmp_path / "mine"), filled(tmp_path / "other", [1])
    other.append(unit("whole", 2, [case("of another name")]))
    manifest = (folder_of(other, 1) / "unit.json").read_text()
    blocks = [path for path in (other.folder / "names").iterdir() if path.stem in manifest]
    (victim,) = blocks if name == "names" else [folder_of(other, 1) / name]
    victim.unlink()
    if how == "torn":
        victim.write_bytes(b"torn")
    merged = mine.merge([other.folder])
    assert added(merged) == ["whole"]
    assert {problem.severity for problem in merged.problems} == {Severity.ERROR}
    assert {problem.path for problem in merged.problems} == {f"{other.folder}/units/{folder_of(other, 1).name}"}
    assert victim.name in merged.problems[0].message
    assert mine.verify() == (1, ())


def test_a_torn_copy_does_not_hide_the_whole_one_of_another_history(tmp_path: Path) -> None:
    torn, whole = filled(tmp_path / "a", [1]), filled(tmp_path / "b", [1])
    (folder_of(torn, 1) / "results.parquet").write_bytes(b"torn")
    for place, order in enumerate(([torn.folder, whole.folder], [whole.folder, torn.folder])):
        mine = store_in(tmp_path / str(place))
        merged = mine.merge(order)
        assert (added(merged), len(merged.problems)) == (["run-1"], 1)
        assert mine.verify() == (1, ())


def test_a_unit_that_is_torn_here_is_a_conflict_until_it_is_moved_away(tmp_path: Path) -> None:
    mine, other = filled(tmp_path / "a", [1]), filled(tmp_path / "b", [1])
    (folder_of(mine, 1) / "results.parquet").write_bytes(b"torn")
    before = tree(mine.folder)
    merged = mine.merge([other.folder])
    assert (len(merged.conflicts), merged.known) == (1, 0)
    assert "cannot be read there" in merged.problems[0].message
    assert tree(mine.folder) == before
    mine.repair()
    assert added(mine.merge([other.folder])) == ["run-1"]
    assert mine.verify() == (1, ())


def test_other_histories_are_only_read(tmp_path: Path) -> None:
    mine, other, empty = store_in(tmp_path / "a"), filled(tmp_path / "b", [1, 2]), store_in(tmp_path / "c")
    for name in ("units", "names"):  # as git leaves an empty history
        (empty.folder / name).rmdir()
    (other.folder / "units" / ".new-u-dead-1").mkdir()
    before = tree(other.folder), tree(empty.folder)
    mine.merge([other.folder, empty.folder])
    assert (tree(other.folder), tree(empty.folder)) == before


def test_files_beside_those_of_a_unit_are_not_taken(tmp_path: Path) -> None:
    mine, other = store_in(tmp_path / "a"), filled(tmp_path / "b", [1])
    (folder_of(other, 1) / "notes.txt").write_text("mine")
    assert mine.merge([other.folder]).problems == ()
    assert mine.verify() == (1, ())


def test_a_history_merged_with_itself_is_known(tmp_path: Path) -> None:
    mine = filled(tmp_path, [1, 2])
    before = tree(mine.folder)
    assert mine.merge([mine.folder]).known == 2
    assert tree(mine.folder) == before


@pytest.mark.parametrize("what", ["missing", "foreign", "newer"])
def test_what_is_no_history_is_refused_before_anything_is_taken(tmp_path: Path, what: str) -> None:
    mine, other = store_in(tmp_path / "a"), filled(tmp_path / "b", [1])
    bad = tmp_path / "bad"
    if what != "missing":
        bad.mkdir()
        (bad / ("notes.txt" if what == "foreign" else "format.json")).write_text('{"format": 9}')
    before = tree(mine.folder)
    with pytest.raises(EvidenceError, match="bad") as refused:
        mine.merge([other.folder, bad])
    assert refused.value.hint
    assert tree(mine.folder) == before


@pytest.mark.parametrize("step", range(_MERGE + 1))
def test_a_merge_that_is_killed_at_any_step_loses_nothing_and_can_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    other = store_in(tmp_path / "other")
    other.append(unit("new", 2, [case("of another name")]))
    mine, whole = filled(tmp_path / "mine", [1]), filled(tmp_path / "whole", [1])
    before = tree(mine.folder)
    assert killed(lambda: mine.merge([other.folder]), monkeypatch, step) is (step < _MERGE)
    assert run_ids(mine.snapshot()) in (["run-1"], ["run-1", "new"])
    assert mine.snapshot().problems == ()
    assert {path: entry for path, entry in tree(mine.folder).items() if path in before} == before
    for store in (mine, whole):
        merged = store.merge([other.folder])
        assert len(merged.added) + merged.known == 1
    assert tree(mine.folder) == tree(whole.folder)
    assert mine.verify() == (2, ())


def test_two_merges_and_a_writer_at_once_lose_nothing(tmp_path: Path) -> None:
    one, other = filled(tmp_path / "a", range(6)), filled(tmp_path / "b", range(3, 9))
    mine = tmp_path / "mine" / "history"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", MERGER, str(mine), *map(str, order)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for order in ([one.folder, other.folder], [other.folder, one.folder])
    ]
    store = open_store(mine, create=True)
    for number in (0, 8, 20):
        store.append(run_unit(number))
    said = [process.communicate(timeout=120)[0].split() for process in started]
    assert [process.returncode for process in started] == [0, 0]
    for new, known, problems in said:
        assert (int(new) + int(known), int(problems)) == (9, 0)
    assert store.verify() == (10, ())
    assert tree(mine) == tree(filled(tmp_path / "c", [*range(9), 20]).folder)


sets = st.frozensets(st.integers(0, 5), max_size=4)


@settings(max_examples=12, deadline=None)
@given(one=sets, other=sets, third=sets)
def test_merging_is_commutative_associative_and_idempotent(
    tmp_path_factory: pytest.TempPathFactory, one: frozenset[int], other: frozenset[int], third: frozenset[int]
) -> None:
    folder = tmp_path_factory.mktemp("union")
    a, b, c = (filled(folder / name, numbers) for name, numbers in (("a", one), ("b", other), ("c", third)))

    def union(name: str, *parts: Store, into: Store | None = None) -> Store:
        made = store_in(folder / name)
        if into is not None:
            shutil.rmtree(made.folder)
            shutil.copytree(into.folder, made.folder)
        made.merge([part.folder for part in parts])
        return made

    same: Callable[[Store], Tree] = lambda store: tree(store.folder)  # noqa: E731
    wanted = same(filled(folder / "all", one | other | third))
    assert same(union("1", b, c, into=a)) == same(union("2", a, b, into=c)) == same(union("3", c, a, b)) == wanted
    assert same(union("4", union("bc", b, c), into=a)) == same(union("5", c, into=union("ab", b, into=a))) == wanted
    again = union("6", a, b, c)
    assert again.merge([a.folder, b.folder, c.folder]).added == ()
    assert same(again) == wanted
