"""Every write to the site goes through here: atomic, durable, with fixed modes; faults are injected here in tests."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from generator.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

FILE_MODE = 0o644
FOLDER_MODE = 0o755


def write_file(path: Path, data: bytes, *, durable: bool = False) -> bool:
    """Replace a file in one step; returns False when it already held these bytes. Raises OutputError.

    `durable` waits for the disk. The site is made from the history, and a later build mends any file whose bytes
    differ, so only the lists that decide what is reachable need to wait.
    """
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        make_folder(path.parent)
        beside = path.with_name(f".{path.name}.{os.getpid()}.new")
        with beside.open("wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        beside.chmod(FILE_MODE)
        beside.replace(path)
        if durable:
            sync_folder(path.parent)
    except OSError as error:
        raise _failed(path, error) from error
    return True


def stage_file(place: Path, staged: Path, data: bytes) -> None:
    """Write beside the site what will become of `place`, unless it holds these bytes already."""
    try:
        if place.is_file() and place.read_bytes() == data:
            return
        staged.parent.mkdir(parents=True, exist_ok=True)
        staged.write_bytes(data)
    except OSError as error:
        raise _failed(staged, error) from error


def names(folder: Path) -> list[str]:
    """Return what is in a folder, sorted; nothing when there is no folder."""
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def make_folder(path: Path) -> None:
    """Create a folder and those above it."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _failed(path, error) from error


def rename(old: Path, new: Path, *, durable: bool = True) -> None:
    """Move a folder or file in one step on the same file system; a file that stands there is replaced."""
    try:
        old.replace(new)
        if durable:
            sync_folder(new.parent)
    except OSError as error:
        raise _failed(new, error) from error


def remove_tree(path: Path) -> None:
    """Remove a folder that nobody reads any more."""
    try:
        shutil.rmtree(path)
    except OSError as error:
        raise _failed(path, error) from error


def sync_folder(path: Path) -> None:
    """Make a rename in this folder durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fix_modes(folder: Path) -> None:
    """Give every file 0644 and every folder 0755, whatever the umask."""
    folder.chmod(FOLDER_MODE)
    for where, folders, files in os.walk(folder):
        for name in folders:
            os.chmod(os.path.join(where, name), FOLDER_MODE)  # noqa: PTH101, PTH118  thousands of files
        for name in files:
            os.chmod(os.path.join(where, name), FILE_MODE)  # noqa: PTH101, PTH118  thousands of files


def _failed(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"cannot write {path}: {error.strerror or error}", "free space or correct the permissions, then run again"
    )
