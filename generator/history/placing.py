"""Putting a unit into a history: its blocks of names first, then its folder by one rename."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.history import disk, locks
from generator.history.layout import NAMES, UNITS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def place(history: Path, unit: str, files: Mapping[str, bytes], blocks: Mapping[str, bytes]) -> bool:
    """Write a unit aside and rename it into place; False when another one stands there: nothing is overwritten.

    `files` come in the order of writing, `unit.json` last; `blocks` are the names of its tests by block id.
    """
    # From the look at the blocks until the unit that uses them is in its place, nobody may remove a block: `pruning`.
    with locks.sharing(history / NAMES), disk.staged(history / UNITS, unit) as staged:
        _share(history / NAMES, staged, blocks)
        for name, data in files.items():
            disk.write_file(staged / name, data)
        return disk.move_into_place(staged, history / UNITS / unit)


def stands(folder: Path) -> bool:
    """Tell whether something stands at the place of a unit; an empty folder is nothing, it may be renamed over."""
    return folder.is_symlink() or (any(folder.iterdir()) if folder.is_dir() else folder.exists())


def _share(names: Path, staged: Path, blocks: Mapping[str, bytes]) -> None:
    """Put blocks of names in place; one that stands there is left alone unless it is torn."""
    new = {f"{block}.parquet": data for block, data in blocks.items() if not _holds(names / f"{block}.parquet", data)}
    for name, data in new.items():
        disk.write_file(staged / name, data)
        disk.replace_file(staged / name, names / name)
    if new:
        disk.sync_folder(names)


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False
