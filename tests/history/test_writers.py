from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.history import Appended, disk, open_store
from tests.history.stored import Tree, run_ids, run_unit, store_in, tree

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from pathlib import Path
from generator.history import open_store
from tests.history.stored import run_unit
store = open_store(Path(sys.argv[1]), create=True)
print(" ".join(store.append(run_unit(int(number))).value for number in sys.argv[2:]))
"""


def writer(folder: Path, *numbers: int, umask: int = 0o022, **environment: str) -> subprocess.Popen[str]:
    """Start a process that appends runs."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), *map(str, numbers)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        text=True,
        umask=umask,
    )


def test_all_orders_of_arrival_give_the_same_bytes(tmp_path: Path) -> None:
    trees: list[Tree] = []
    for place, order in enumerate(itertools.permutations(range(5))):
        store = store_in(tmp_path / str(place))
        for number in order:
            assert store.append(run_unit(number)) is Appended.NEW
        trees.append(tree(store.folder))
    assert len(trees) == 120
    assert all(one == trees[0] for one in trees)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=25))
def test_any_arrivals_with_repeats_give_the_bytes_of_their_set(
    tmp_path_factory: pytest.TempPathFactory, arrivals: list[int]
) -> None:
    mixed, plain = (store_in(tmp_path_factory.mktemp("order")) for _ in range(2))
    for number in arrivals:
        mixed.append(run_unit(number))
    for number in sorted(set(arrivals)):
        plain.append(run_unit(number))
    assert tree(mixed.folder) == tree(plain.folder)


def test_eight_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "history"
    started = [writer(folder, *range(place, place + 4)) for place in range(8)]
    answers = [process.communicate(timeout=120)[0].split() for process in started]
    assert [process.returncode for process in started] == [0] * 8
    said = [answer for line in answers for answer in line]
    assert (said.count("new"), said.count("known"), len(said)) == (11, 21, 32)
    store = open_store(folder, create=False)
    assert len(run_ids(store.snapshot())) == 11
    assert store.verify() == (11, ())
    alone = store_in(tmp_path / "alone")
    for number in range(11):
        alone.append(run_unit(number))
    assert tree(folder) == tree(alone.folder)


def test_zone_hash_seed_locale_and_umask_do_not_change_the_bytes(tmp_path: Path) -> None:
    odd = writer(tmp_path / "odd", 2, 1, umask=0o077, TZ="Pacific/Kiritimati", PYTHONHASHSEED="3", LC_ALL="tr_TR.UTF-8")
    even = writer(tmp_path / "even", 1, 2, umask=0o000, TZ="UTC", PYTHONHASHSEED="0", LC_ALL="C")
    for process in (odd, even):
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert tree(tmp_path / "odd") == tree(tmp_path / "even")
    assert {mode for mode, _ in tree(tmp_path / "odd").values()} == {0o644, 0o755}


def test_a_unit_is_on_the_disk_before_it_is_renamed_and_its_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_in(tmp_path)
    done: list[str] = []

    def renamed(source: str, target: str, rename: Callable[[str, str], None] = os.rename) -> None:
        done.append(f"rename {Path(target).parent.name}")
        rename(source, target)

    monkeypatch.setattr(os, "rename", renamed)
    monkeypatch.setattr(os, "fsync", lambda number: done.append(Path(f"/proc/self/fd/{number}").resolve().name))
    store.append(run_unit(1))
    block, names, *files, staged, rename, units = done
    assert block.endswith(".parquet")
    assert names == "names"
    assert files == ["results.parquet", "details.parquet", "evidence.json.gz", "unit.json"]
    assert staged.startswith(".new-u-")
    assert (rename, units) == ("rename units", "units")


def test_importing_the_history_does_not_import_pandas_or_pyarrow() -> None:
    code = "import sys, generator.history; print(sorted({'pandas', 'pyarrow', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_rest_of_a_dead_writer_is_removed_and_that_of_a_living_one_is_not(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    dead = store.folder / "units" / ".new-u-dead-1"
    dead.mkdir()
    (dead / "results.parquet").write_bytes(b"half")
    with disk.staged(store.folder / "units", "u-living") as living:
        assert store.append(run_unit(1)) is Appended.NEW
        assert living.is_dir()
        assert not dead.exists()
    assert not living.exists()
    assert store.verify() == (1, ())


def test_two_writers_of_one_process_id_do_not_share_a_folder(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    units = store.folder / "units"
    with disk.staged(units, "u-1") as one, disk.staged(units, "u-1") as other:
        assert one != other
