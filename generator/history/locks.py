"""Locks that end with their holder: who works in a folder together with others, and who must be alone in it."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from generator.errors import OutputError

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAIT_S: Final = 30.0
"""Longest time that one who must be alone waits for the others."""

_PAUSE_S: Final = 0.05


@contextmanager
def sharing(folder: Path) -> Iterator[None]:
    """Keep whoever must be `alone` out of a folder; any number share it, and wait while one is alone.

    Without effect where the folder is missing, and where folders cannot be locked: there nobody is ever alone.
    """
    try:
        descriptor = open_folder(folder)
    except FileNotFoundError:
        descriptor = None
    except OSError as error:
        raise _refusal(folder, error) from error
    try:
        _shared(descriptor)
        yield
    finally:
        close(descriptor)


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Keep all who share a folder out of it; False when folders cannot be locked here.

    Raises OutputError when others are in it for too long. The lock ends with its holder, however that ends.
    """
    try:
        descriptor = open_folder(folder)
    except OSError as error:
        raise _refusal(folder, error) from error
    try:
        yield _exclusive(folder, descriptor)
    finally:
        close(descriptor)


def open_folder(folder: Path) -> int | None:
    """Open a folder to lock it; None where folders cannot be opened, then rests stay until `verify` names them."""
    return None if sys.platform == "win32" else os.open(folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)


def close(descriptor: int | None) -> None:
    """Close what `open_folder` gave: its lock ends."""
    if descriptor is not None:
        os.close(descriptor)


def locked(descriptor: int | None, *, wait: bool) -> bool:
    """Lock for oneself; False when another one has it and one does not wait, or where there are no locks."""
    if descriptor is None or sys.platform == "win32":
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _shared(descriptor: int | None) -> None:
    if descriptor is None or sys.platform == "win32":
        return
    with suppress(OSError):  # a disk without locks
        fcntl.flock(descriptor, fcntl.LOCK_SH)


def _exclusive(folder: Path, descriptor: int | None) -> bool:
    if descriptor is None or sys.platform == "win32":
        return False
    for _ in range(max(int(WAIT_S / _PAUSE_S), 1)):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE_S)
        except OSError:
            return False
        else:
            return True
    raise OutputError(f"cannot change {folder.parent}: others read or write it", "run the command again later")


def _refusal(folder: Path, error: OSError) -> OutputError:
    cause = (os.strerror(error.errno) if error.errno else str(error)).lower()
    return OutputError(f"cannot lock {folder}: {cause}", "check who owns the folder and its permissions")
