"""Commands that the site offers for copying are really run, by a shell, with programs that say how they were called."""

from __future__ import annotations

import re
import shlex
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.abuse.corpus import judge

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.abuse.corpus import Built

pytestmark = [pytest.mark.shared, pytest.mark.slow]
CLASSES = ("baseline", "control", "replay", "inject")
PROGRAMS = ("cargo", "rch", "pytest", "python3")
ECHO = """#!/bin/sh
{{ printf '%s\\0' "${{0##*/}}" "$@"; printf '\\n\\0'; }} >>{log}
"""
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*=")


class Room:
    """A folder with nothing in it but what the commands may call."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder / "checkout", folder / "log"
        self.tools = folder / "tools"
        for path in (self.folder, self.tools):
            path.mkdir()
        self._program = ECHO.format(log=shlex.quote(str(self.log)))
        for name in PROGRAMS:
            self._write(self.tools / name)

    def _write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self._program)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def run(self, command: str, shell: str) -> list[list[str]]:
        """Paste a command into a shell; return how each program was called."""
        words = [word for word in shlex.split(command) if not VARIABLE.match(word)]
        if words[0].startswith("./scripts/"):
            self._write(self.folder / words[0])
        before = self._files()
        self.log.unlink(missing_ok=True)
        environment = {"PATH": str(self.tools), "HOME": str(self.folder), "ENV": "", "BASH_ENV": ""}
        subprocess.run(
            [shell, "-c", command], cwd=self.folder, env=environment, capture_output=True, timeout=10, check=False
        )
        assert self._files() == before, f"{command!r} wrote a file"
        said = self.log.read_text().removesuffix("\n\0") if self.log.exists() else ""
        return [call.removesuffix("\0").split("\0") for call in said.split("\n\0")] if said else []

    def _files(self) -> list[str]:
        return sorted(str(path) for path in self.folder.rglob("*"))


def offered(site: Path) -> list[str]:
    return sorted({text for _, shell, text in judge().copyable(site) if shell == "sh"})


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("shell", ["/bin/sh", "/bin/bash"])
def test_a_copied_command_calls_one_program_with_exactly_the_words_that_are_shown(
    built: Callable[[str], Built], name: str, shell: str, tmp_path: Path
) -> None:
    room = Room(tmp_path)
    commands = offered(built(name).site)
    assert commands
    for command in commands:
        words = [word for word in shlex.split(command) if not VARIABLE.match(word)]
        assert room.run(command, shell) == [[words[0].rpartition("/")[2], *words[1:]]], command


def test_the_room_notices_a_command_that_does_more(tmp_path: Path) -> None:
    room = Room(tmp_path)
    assert room.run("cargo test; cargo build", "/bin/sh") == [["cargo", "test"], ["cargo", "build"]]
    with pytest.raises(AssertionError, match="wrote a file"):
        room.run("cargo test <unnamed>x", "/bin/sh") or room.run("cargo test >x", "/bin/sh")


def test_a_thread_without_a_name_is_quoted_and_redirects_nothing(tmp_path: Path) -> None:
    room = Room(tmp_path)
    quoted = shlex.join(["cargo", "test", "<unnamed>"])
    assert room.run(quoted, "/bin/sh") == [["cargo", "test", "<unnamed>"]]
