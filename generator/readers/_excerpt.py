"""Beginning and end of a text that comes in pieces: what lies between is counted, never kept."""

from __future__ import annotations

from collections import deque
from typing import Final

from generator.safety.limits import KIB
from generator.safety.text import without_first_word, without_last_word

HEAD: Final = 16 * KIB
"""Characters kept of the beginning of a text that comes in pieces."""

TAIL: Final = 32 * KIB
"""Characters kept of its end, where the failure stands."""


class Excerpt:
    """Collects pieces of one text within its bounds."""

    __slots__ = ("_head", "_tail")

    def __init__(self) -> None:
        self._head = ""
        self._tail: _Tail | None = None  # most texts are short, and a report has very many

    def add(self, piece: str) -> None:
        """Add a piece at the end; line ends are part of it."""
        if self._tail is not None:
            self._tail.add(piece)
            return
        self._head += piece
        if len(self._head) > HEAD:
            self._tail = _Tail()
            self._tail.add(self._head[HEAD:])
            self._head = self._head[:HEAD]

    def text(self) -> str:
        """Return what was kept, with a mark that says how many characters are missing.

        Beside the mark stand whole words: the beginning of a secret could not be told as one.
        """
        if self._tail is None:
            return self._head
        tail, missing = self._tail.text(), self._tail.missing
        if not missing:
            return self._head + tail
        first, last = without_last_word(self._head), without_first_word(tail)
        missing += len(self._head) - len(first) + len(tail) - len(last)
        return f"{first}\n‹… {missing} characters cut …›\n{last}"


class _Tail:
    """The last pieces of a text, and how much there was before them."""

    __slots__ = ("_pieces", "_size", "missing")

    def __init__(self) -> None:
        self._pieces: deque[str] = deque()
        self._size = 0
        self.missing = 0

    def add(self, piece: str) -> None:
        if len(piece) > TAIL:
            self.missing += len(piece) - TAIL
            piece = piece[-TAIL:]
        self._pieces.append(piece)
        self._size += len(piece)
        while self._size > TAIL:
            first = len(self._pieces.popleft())
            self._size -= first
            self.missing += first

    def text(self) -> str:
        return "".join(self._pieces)
