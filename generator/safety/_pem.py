"""Private keys over several lines: with a prefix on each line, with their end or their beginning cut off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_LABEL: Final = r"[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?"
_BORDER: Final = re.compile(rf"-{{4}} ?(BEGIN|END){_LABEL} ?-{{4,5}}")
_BODY_LINE: Final = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}[\s\"']*\Z")


def private_keys(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and kind of each key, from BEGIN to END, or to the end of the text when END is missing.

    An END without BEGIN takes the lines before it that end in base64: a log that was cut begins in the middle of a key.
    """
    if "PRIVATE KEY" not in text:
        return
    begin, place = -1, 0  # where the open key begins, where the last key ended
    for border in _BORDER.finditer(text):
        is_begin = border.group(1) == "BEGIN"
        if is_begin and begin < 0:
            begin = _dashes_start(text, border.start())
        elif not is_begin:
            start = begin if begin >= 0 else _body_start(text, place, border.start())
            begin, place = -1, border.end()
            yield start, place, "private-key"
    if begin >= 0:
        yield begin, len(text), "private-key"


def _dashes_start(text: str, start: int) -> int:
    return start - 1 if text[start - 1 : start] == "-" else start


def _body_start(text: str, floor: int, end: int) -> int:
    """Walk back over the lines that end in base64; the line of END itself counts."""
    start = text.rfind("\n", floor, end) + 1 or floor
    start = max(start, floor)
    while start > floor:
        before = max(text.rfind("\n", floor, start - 1) + 1, floor)
        if not _BODY_LINE.search(text[before : start - 1][-96:]):
            return start
        start = before
    return start
