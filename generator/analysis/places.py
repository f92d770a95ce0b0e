"""Where a failure happened: what the report says, else the digest of its target, else the innermost frame it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.analysis.fingerprint import FOREIGN, HEAD, TAIL
from generator.analysis.tallies import last_segment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.analysis.failing import Failing
    from generator.records import Digest


# As those of the fingerprint, the patterns run in linear time, on at most 4 kB.
_RUST = re.compile(r"panicked at (?:'[^'\n]{0,400}', )?([^\s:'\"]{1,300}):(\d{1,9}):(\d{1,9})")
_PYTHON = re.compile(r"^\s*File \"([^\"\n]{1,500})\", line (\d{1,9})()", re.MULTILINE)
_PYTEST = re.compile(r"^(?![A-Z]:)([^\s:\n]{1,300}\.py):(\d{1,9}): ()", re.MULTILINE)
_JAVA = re.compile(r"^\s*at ([\w.$]{1,300})\.[\w$<>]{1,200}\(([\w$]{1,200}\.\w{1,10}):(\d{1,9})\)", re.MULTILINE)
_SCRIPT = re.compile(
    r"^\s*at (?:[^(\n]{1,300} \()?(?:file://)?((?:[A-Za-z]:)?[^\s():\n]{1,400}):(\d{1,9}):(\d{1,9})\)?", re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A line of source; line and column 0 where they are not known."""

    file: str = ""
    line: int = 0
    column: int = 0
    linkable: bool = True
    """Whether `file` is a path, not only the name of a file."""


def place(failing: Failing, digest: Digest | None, parent: Digest | None, *, alone: bool) -> Place:
    """Return where a failing result failed.

    `digest` is its own, `parent` that of the target it belongs to, which speaks of this case when its first assertion
    names it or when the case is `alone` in failing there.
    """
    if (failing.file and failing.line) or digest:
        return Place(file=failing.file, line=failing.line, column=digest.assertion.column if digest else 0)
    if failing.test.surface != "case":
        return Place(file=failing.file, line=failing.line)
    found = _of_parent(failing, parent, alone=alone) or innermost(failing.trace) or innermost(failing.message)
    if found and (not failing.file or _name(failing.file) == _name(found.file)):
        return found
    return Place(file=failing.file, line=failing.line)


def innermost(text: str) -> Place | None:
    """Return the innermost frame of the project that a trace shows, None when it shows none; columns are 1-based."""
    text = text if len(text) <= HEAD + TAIL else f"{text[:HEAD]}\n{text[-TAIL:]}"
    return next(_frames(text), None)


def _frames(text: str) -> Iterator[Place]:
    for mark, pattern, newest_last in _KINDS:
        found = pattern.findall(text) if mark in text else []
        for file, line, column in reversed(found) if newest_last else found:
            if not FOREIGN.search(file) and "/rustc/" not in file and "/.cargo/" not in file:
                yield Place(file=file, line=int(line), column=int(column or 0))
    for name, file, line in _JAVA.findall(text) if "at " in text else ():
        if not FOREIGN.search(name):
            yield Place(file=file, line=int(line), linkable=False)


def _of_parent(failing: Failing, parent: Digest | None, *, alone: bool) -> Place | None:
    said = parent.assertion if parent else None
    if said is None or not said.file or said.line <= 0:
        return None
    named = last_segment(said.test) == last_segment(failing.test.name)
    return Place(file=said.file, line=said.line, column=said.column) if named or alone else None


def _name(path: str) -> str:
    return re.split(r"[/\\]", path)[-1]


_KINDS: Final = (
    ("panicked at ", _RUST, False),
    ('File "', _PYTHON, True),
    (".py:", _PYTEST, True),
    ("at ", _SCRIPT, False),
)
"""Mark and pattern of frames with file, line and column, and whether the innermost one stands last."""
