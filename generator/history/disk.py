"""Every effect of the history on the disk: staged folders, durable writes, renames; faults are injected here.

Modes are 0644 and 0755 under any umask. OSError becomes OutputError with the path, the cause and what to do.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from generator.errors import OutputError
from generator.history.layout import STAGED
from generator.history.locks import close, locked, open_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_FILE_MODE: Final = 0o644
_FOLDER_MODE: Final = 0o755
_TAKEN: Final = frozenset({errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR, errno.EISDIR})
_HINTS: Final = {
    errno.ENOSPC: "free some space on the disk, then run the command again",
    errno.EDQUOT: "free some of the quota, then run the command again",
    errno.EACCES: "check who owns the folder and its permissions",
    errno.EPERM: "check who owns the folder and its permissions",
    errno.EROFS: "choose a history folder on a disk that can be written",
    errno.EMFILE: "raise the limit of open files",
}


@contextmanager
def staged(parent: Path, label: str) -> Iterator[Path]:
    """Give a new folder `.new-<label>-<pid>` that is locked while it is filled, and removed if it is still there after.

    The lock tells a writer at work from the rest of a dead one, also when process ids repeat (as in containers).
    """
    folder, descriptor = _new_folder(parent, label)
    try:
        yield folder
    finally:
        with suppress(OSError):
            shutil.rmtree(folder, ignore_errors=True)
        close(descriptor)


def remove_dead(parent: Path) -> None:
    """Remove staged folders whose writer is gone; those of living writers stay."""
    for folder in leftovers(parent):
        try:
            descriptor = open_folder(folder)
        except OSError:
            continue  # finished in the meantime, or not ours to touch
        try:
            if locked(descriptor, wait=False) and _is_same(folder, descriptor):
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            close(descriptor)


def leftovers(parent: Path) -> list[Path]:
    """List the staged folders, sorted: of living and of dead writers."""
    return sorted(path for path in parent.glob(f"{STAGED}*") if path.is_dir() and not path.is_symlink())


def write_file(path: Path, data: bytes) -> None:
    """Write a new file and wait until the disk has it; raises OutputError."""
    try:
        descriptor = _new_file(path)
        try:
            _write(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise refusal(path, error, len(data)) from error


def write_over(path: Path, pieces: Iterable[bytes]) -> int:
    """Write a file piece by piece aside, and rename it over what stands there when the disk has it; return its size.

    Raises OutputError; then, and when the pieces cannot be had, what stood there is as it was.
    """
    beside = path.with_name(f".{path.name}{STAGED}{os.getpid()}")
    _remove_dead_files(path)
    size = 0
    try:
        descriptor = _new_file(beside)
        try:
            locked(descriptor, wait=False)
            for piece in pieces:
                _write(descriptor, piece)
                size += len(piece)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        beside.replace(path)
    except OSError as error:
        raise refusal(path, error) from error
    finally:
        with suppress(OSError):
            beside.unlink()
    sync_folder(path.parent)
    return size


def remove_file(path: Path) -> None:
    """Remove a file that may be gone already; raises OutputError."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise refusal(path, error) from error


def make_folder(path: Path) -> None:
    """Make a folder and those above it where they are missing; raises OutputError."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        try:
            folder.mkdir(exist_ok=True)
            folder.chmod(_FOLDER_MODE)
            sync_folder(folder.parent)
        except OSError as error:
            raise refusal(folder, error) from error


def sync_folder(path: Path) -> None:
    """Wait until the disk has the entries of a folder (where the system can open folders)."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EBADF, errno.ENOTSUP):
            raise refusal(path, error) from error
    finally:
        os.close(descriptor)


def move_into_place(source: Path, target: Path) -> bool:
    """Rename a staged folder to its final name; False when another one stands there: nothing is ever overwritten."""
    sync_folder(source)
    try:
        os.rename(source, target)  # noqa: PTH104 - a folder never replaces a folder that holds something
    except OSError as error:
        if error.errno in _TAKEN:
            return False
        raise refusal(target, error) from error
    sync_folder(target.parent)
    return True


def replace_file(source: Path, target: Path) -> None:
    """Rename a file over another one whose name is the hash of the same content; raises OutputError."""
    try:
        source.replace(target)
    except OSError as error:
        raise refusal(target, error) from error


def refusal(path: Path, error: OSError, needed: int = 0) -> OutputError:
    """Say which path could not be written, why, how much room it needs, and what to do."""
    cause = (os.strerror(error.errno) if error.errno else str(error)).lower()
    room = f"; {needed} bytes are needed" if error.errno in (errno.ENOSPC, errno.EDQUOT) and needed else ""
    hint = _HINTS.get(error.errno or 0, "check the disk and the permissions")
    return OutputError(f"cannot write {path}: {cause}{room}", hint)


def _new_folder(parent: Path, label: str) -> tuple[Path, int | None]:
    for number in range(1000):
        folder = parent / f"{STAGED}{label}-{os.getpid()}{f'-{number}' if number else ''}"
        try:
            folder.mkdir(_FOLDER_MODE)
            folder.chmod(_FOLDER_MODE)  # the umask must not decide
            descriptor = open_folder(folder)
        except FileExistsError:
            continue  # a dead writer or one on another machine had the same process id
        except OSError as error:
            if error.errno == errno.ENOENT and parent.is_dir():
                continue  # taken for a dead one between the calls
            raise refusal(folder, error) from error
        locked(descriptor, wait=True)
        if _is_same(folder, descriptor):
            return folder, descriptor
        close(descriptor)  # taken for a dead one before it was locked
    raise OutputError(f"cannot write {parent}: too many unfinished folders", f"remove {parent}/{STAGED}*")


def _new_file(path: Path) -> int:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _FILE_MODE)
    try:
        path.chmod(_FILE_MODE)  # the umask must not decide
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _remove_dead_files(path: Path) -> None:
    """Remove what killed writers left beside a file; a living one has its own locked."""
    if sys.platform == "win32":
        return
    prefix = f".{path.name}{STAGED}"
    for found in sorted(path.parent.iterdir()) if path.parent.is_dir() else ():
        if not found.name.startswith(prefix) or not found.name.removeprefix(prefix).isdigit():
            continue
        with suppress(OSError):
            descriptor = os.open(found, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                if locked(descriptor, wait=False):
                    found.unlink()
            finally:
                os.close(descriptor)


def _is_same(folder: Path, descriptor: int | None) -> bool:
    try:
        return descriptor is None or os.path.samestat(folder.lstat(), os.fstat(descriptor))
    except OSError:
        return False
