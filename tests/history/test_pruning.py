from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator import pipeline
from generator.config import Settings
from generator.errors import OutputError, UsageError
from generator.history import Appended, Keep, Store, disk, locks, unit_id
from generator.records import RunUnit, Severity
from tests.builders import case, unit
from tests.history import stored
from tests.history.killing import killed
from tests.history.stored import run_ids, run_unit, store_in, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from pathlib import Path
from generator.history import open_store
from tests.history.stored import run_unit
store = open_store(Path(sys.argv[1]), create=False)
for number in range(int(sys.argv[2]), int(sys.argv[3])):
    store.append(run_unit(number))
"""
_PRUNE = 20
"""Effects on the disk of the removal of two units and a block of names."""


def run(number: int, branch: str = "main", workflow: str = "ci") -> RunUnit:
    """Return a run of the day that its number says."""
    return unit(f"run-{number}", number, stored.tests_of(number), branch=branch, workflow=workflow)


def store_of(folder: Path, runs: Iterable[RunUnit]) -> Store:
    store = store_in(folder)
    for each in runs:
        assert store.append(each) is Appended.NEW
    return store


def ids(*units: RunUnit) -> set[str]:
    return {unit_id(each.run.key) for each in units}


def pruned(store: Store, *, really: bool = True, **keep: int | str) -> list[str]:
    """Prune as the command does; return the labels of the runs that went."""
    wanted = Keep(
        runs=keep["runs"] if isinstance(keep.get("runs"), int) else None,  # type: ignore[arg-type]
        days=keep["days"] if isinstance(keep.get("days"), int) else None,  # type: ignore[arg-type]
        branch=str(keep["branch"]) if "branch" in keep else None,
    )
    return [facts.label for facts in pipeline.prune(store.folder, Settings(), wanted, really=really)[0]]


def errors(store: Store) -> list[str]:
    return [problem.message for problem in store.verify()[1] if problem.severity is Severity.ERROR]


def test_so_many_of_the_newest_runs_stay(tmp_path: Path) -> None:
    store = store_of(tmp_path, [run(number) for number in (3, 1, 5, 2, 4)])
    assert pruned(store, runs=2) == ["run-1", "run-2", "run-3"]
    assert run_ids(store.snapshot()) == ["run-4", "run-5"]
    assert store.verify() == (2, ())
    assert pruned(store, runs=2) == []


def test_days_count_back_from_the_newest_run_of_the_history_never_from_the_clock(tmp_path: Path) -> None:
    store = store_of(tmp_path, [*(run(number) for number in (1, 5, 6, 15)), run(16, "other")])
    assert pruned(store, days=10) == ["run-1", "run-5"]
    assert run_ids(store.snapshot()) == ["run-6", "run-15", "run-16"]


def test_the_newest_run_of_every_branch_of_every_workflow_stays(tmp_path: Path) -> None:
    runs = [run(1, "old"), run(2, "old"), run(3), run(4, "old", "nightly"), run(5), run(6)]
    store = store_of(tmp_path, runs)
    assert pruned(store, runs=1) == ["run-1", "run-3", "run-5"]
    assert run_ids(store.snapshot()) == ["run-2", "run-4", "run-6"]
    assert pruned(store, days=1) == []


def test_only_runs_of_the_branch_that_is_named_go(tmp_path: Path) -> None:
    store = store_of(tmp_path, [run(1), run(2, "topic"), run(3, "topic"), run(4), run(5, "topic"), run(9)])
    assert pruned(store, runs=1, branch="topic") == ["run-2", "run-3"]
    assert pruned(store, days=1, branch="main") == ["run-1", "run-4"]
    with pytest.raises(UsageError, match="`nope`"):
        pruned(store, runs=1, branch="nope")


def test_nothing_is_removed_until_it_is_said(tmp_path: Path) -> None:
    store = store_of(tmp_path, [run(number) for number in range(1, 5)])
    before = tree(store.folder)
    assert pruned(store, runs=1, really=False) == ["run-1", "run-2", "run-3"]
    assert tree(store.folder) == before
    plan = store.prune(ids(run(1)), really=False)
    assert (plan.units, plan.blocks, plan.problems) == (tuple(ids(run(1))), (), ())


def test_an_empty_history_has_nothing_to_prune(tmp_path: Path) -> None:
    assert pruned(store_in(tmp_path), days=1) == []


def test_what_is_left_has_the_bytes_of_a_history_that_never_had_the_rest(tmp_path: Path) -> None:
    own = unit("run-0", 1, [case("of another name")])
    store = store_of(tmp_path / "a", [own, *(run(number) for number in range(2, 6))])
    before = {path.stem for path in (store.folder / "names").iterdir()}
    plan = store.prune(ids(own, run(2)), really=False)
    done = store.prune(ids(own, run(2)), really=True)
    assert done == plan
    assert (len(done.units), len(done.blocks)) == (2, 1)
    assert before - {path.stem for path in (store.folder / "names").iterdir()} == set(done.blocks)
    assert tree(store.folder) == tree(store_of(tmp_path / "b", [run(number) for number in range(3, 6)]).folder)
    assert store.append(own) is Appended.NEW
    assert store.verify() == (4, ())


def test_blocks_that_a_stopped_writer_left_go_with_the_next_pruning(tmp_path: Path) -> None:
    store, left = store_of(tmp_path / "a", [run(1)]), store_of(tmp_path / "b", [unit("x", 1, [case("unused")])])
    shutil.copytree(left.folder / "names", store.folder / "names", dirs_exist_ok=True)
    (store.folder / "names" / "mine.parquet").write_text("not a block of ours")
    assert len(store.prune((), really=True).blocks) == 1
    assert {path.name for path in (store.folder / "names").iterdir()} > {"mine.parquet"}
    assert run_ids(store.snapshot()) == ["run-1"]


def test_blocks_stay_while_a_unit_cannot_say_which_ones_it_uses(tmp_path: Path) -> None:
    store = store_of(tmp_path, [unit("run-0", 1, [case("of another name")]), run(2), run(3)])
    victim = store.folder / "units" / unit_id(unit("run-0").run.key) / "unit.json"
    whole = victim.read_bytes()
    victim.write_bytes(b"torn")
    done = store.prune(ids(run(2)), really=True)
    assert (len(done.units), done.blocks) == (1, ())
    assert "blocks of names stay" in done.problems[0].message
    victim.write_bytes(whole)
    assert store.verify() == (2, ())


def test_blocks_of_units_in_the_quarantine_stay(tmp_path: Path) -> None:
    torn = unit("run-0", 1, [case("of another name")])
    store = store_of(tmp_path, [torn, run(2)])
    victim = store.folder / "units" / unit_id(torn.run.key) / "results.parquet"
    whole = victim.read_bytes()
    victim.write_bytes(b"torn")
    (moved,) = store.repair()
    shutil.move(store.folder / "quarantine" / moved, store.folder / "quarantine" / f"{moved}-1")
    assert store.prune((), really=True).blocks == ()
    shutil.move(store.folder / "quarantine" / f"{moved}-1", store.folder / "units" / moved)
    victim.write_bytes(whole)
    assert store.verify() == (2, ())


@pytest.mark.parametrize("step", range(_PRUNE + 1))
def test_a_pruning_that_is_killed_at_any_step_leaves_each_unit_whole_or_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    going = [unit("run-0", 1, [case("of another name")]), run(2)]
    hurt, whole = (store_of(tmp_path / name, [*going, run(3)]) for name in ("hurt", "whole"))
    before = tree(hurt.folder)
    assert killed(lambda: hurt.prune(ids(*going), really=True), monkeypatch, step) is (step < _PRUNE)
    assert errors(hurt) == []
    assert set(run_ids(hurt.snapshot())) in (
        {"run-0", "run-2", "run-3"},
        {"run-2", "run-3"},
        {"run-0", "run-3"},
        {"run-3"},
    )
    assert hurt.snapshot().problems == ()
    listed = tree(hurt.folder)
    for facts in hurt.list():
        folder = f"units/{facts.unit_id}"
        assert {path: entry for path, entry in listed.items() if path.startswith(folder)} == {
            path: entry for path, entry in before.items() if path.startswith(folder)
        }
    for store in (hurt, whole):
        store.prune(ids(*going), really=True)
    assert tree(hurt.folder) == tree(whole.folder)
    assert hurt.verify() == (1, ())


class Stopped:
    """Stops whoever renames a folder to a place until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, parent: Callable[[Path], bool]) -> None:
        self.reached, self.free = threading.Event(), threading.Event()
        move = disk.move_into_place

        def stopped(source: Path, target: Path) -> bool:
            if parent(target.parent):
                self.reached.set()
                assert self.free.wait(30)
            return move(source, target)

        monkeypatch.setattr(disk, "move_into_place", stopped)


def started(action: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=action, daemon=True)
    thread.start()
    return thread


def test_a_writer_at_work_does_not_lose_its_block_to_a_pruning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_of(tmp_path, [run(1), unit("other", 9, [case("of another name")])])
    writer_stopped = Stopped(monkeypatch, lambda folder: folder.name == "units")
    writer = started(lambda: store.append(run(2)))  # its block is there: it has seen that and wrote none
    assert writer_stopped.reached.wait(30)
    pruning = started(lambda: store.prune(ids(run(1)), really=True))
    pruning.join(0.3)
    assert pruning.is_alive(), "it waits for the writer"
    writer_stopped.free.set()
    for thread in (writer, pruning):
        thread.join(30)
    assert store.verify() == (2, ())
    assert run_ids(store.snapshot()) == ["run-2", "other"]


def test_a_pruning_gives_up_when_others_are_at_work_for_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_of(tmp_path, [run(1), run(2)])
    before = tree(store.folder)
    monkeypatch.setattr(locks, "WAIT_S", 0.1)
    with locks.sharing(store.folder / "names"), pytest.raises(OutputError, match="others read or write") as refused:
        store.prune(ids(run(1)), really=True)
    assert refused.value.hint
    assert tree(store.folder) == before
    assert len(store.prune(ids(run(1)), really=True).units) == 1


def test_a_writer_that_comes_during_a_pruning_writes_the_block_that_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_of(tmp_path, [run(1), unit("other", 9, [case("of another name")])])
    pruning_stopped = Stopped(monkeypatch, lambda folder: "pruned" in folder.name)
    pruning = started(lambda: store.prune(ids(run(1)), really=True))
    assert pruning_stopped.reached.wait(30)
    writer = started(lambda: store.append(run(2)))
    writer.join(0.3)
    assert writer.is_alive(), "it waits for the pruning"
    pruning_stopped.free.set()
    for thread in (writer, pruning):
        thread.join(30)
    assert store.verify() == (2, ())


def test_where_folders_cannot_be_locked_units_go_and_blocks_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_of(tmp_path, [unit("run-0", 1, [case("of another name")]), run(2)])
    monkeypatch.setattr(locks, "_exclusive", lambda *_: False)
    done = store.prune(ids(unit("run-0")), really=True)
    assert (len(done.units), done.blocks) == (1, ())
    assert [problem.severity for problem in done.problems] == [Severity.WARNING]
    assert store.verify() == (1, ())


def test_prunings_and_writers_at_once_leave_every_unit_whole(tmp_path: Path) -> None:
    store = store_of(tmp_path, [run_unit(0)])
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(store.folder), str(first), str(first + 25)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for first in (100, 200)
    ]
    while any(writer.poll() is None for writer in writers):
        units = [facts.unit_id for facts in store.list()]
        store.prune(units[::2], really=True)
    assert [writer.returncode for writer in writers] == [0, 0]
    assert store.verify()[1] == ()
    store.prune([facts.unit_id for facts in store.list()], really=True)
    assert sorted(path for path in tree(store.folder)) == ["format.json", "names", "units"]
