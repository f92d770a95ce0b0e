"""Which lines of some files ran: those of templates, too, which Jinja compiles to code that names them."""

from __future__ import annotations

import sys
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FrameType

    from _typeshed import TraceFunction

Lines = dict[str, set[int]]
"""Lines by file."""


@contextmanager
def watching(*folders: str) -> Iterator[Lines]:
    """Collect the lines that run in files below some folders while this is open."""
    found: Lines = defaultdict(set)

    def line(frame: FrameType, _: str, __: object) -> TraceFunction:
        found[frame.f_code.co_filename].add(frame.f_lineno)
        return line

    def call(frame: FrameType, event: str, value: object) -> TraceFunction | None:
        return line(frame, event, value) if frame.f_code.co_filename.startswith(folders) else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        yield found
    finally:
        sys.settrace(before)


def lines_of(code: CodeType) -> Iterator[int]:
    """Yield all lines of a piece of code and of the functions in it."""
    yield from (line for _, _, line in code.co_lines() if line)
    for inner in code.co_consts:
        if isinstance(inner, type(code)):
            yield from lines_of(inner)
