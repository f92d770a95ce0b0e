"""What a piece of code opens, connects to or changes on the disk, told by the interpreter itself."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FOREIGN: Final = ("socket.", "subprocess.", "shutil.", "tempfile.", "urllib.", "http.", "ftplib.", "ctypes.")
_CHANGES: Final = frozenset(
    {f"os.{name}" for name in ("mkdir", "rmdir", "remove", "rename", "link", "symlink", "truncate", "chmod", "chown")}
    | {f"os.{name}" for name in ("exec", "fork", "forkpty", "posix_spawn", "spawn", "system", "startfile", "utime")}
)
_CODE: Final = (".py", ".pyc", ".so", ".pyd")
_events: list[str] | None = None
_is_installed: list[bool] = []


@contextmanager
def touching_only(*allowed: Path) -> Iterator[None]:
    """Raise AssertionError when the block touches more than these files, which it may read, and modules of Python."""
    global _events  # noqa: PLW0603 - a hook cannot be taken out again, only be told to look away
    if not _is_installed:
        sys.addaudithook(_hook)
        _is_installed.append(True)
    found: list[str] = []
    _events = found
    try:
        yield
    finally:
        _events = None
    readable = {f"open {path} for reading" for path in allowed}
    touched = sorted(set(found) - readable)
    assert not touched, f"touched: {touched}"


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _events is None:
        return
    if event == "open":
        path, _, flags = arguments
        if isinstance(path, str | bytes | os.PathLike):
            name = os.fsdecode(path)
            if not name.endswith(_CODE) and "__pycache__" not in name:
                writes = (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
                _events.append(f"open {name} for {'writing' if writes else 'reading'}")
    elif event.startswith(_FOREIGN) or event in _CHANGES:
        _events.append(f"{event} {arguments!r:.200}")
