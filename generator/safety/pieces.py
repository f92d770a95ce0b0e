"""A text that comes in pieces, such as a file that is not held whole: how long it is, and its whole lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TAIL: Final = 4096
_MARK: Final = 1  # a byte order mark, which may stand before a line and is no part of it


class Extent:
    """How long a text is of which the pieces are added one after the other, and how it ends."""

    __slots__ = ("_ends", "_is_open", "characters", "tail")

    def __init__(self, pieces: Iterable[str] = ()) -> None:
        self.characters = 0
        self.tail = ""
        """The last 4 096 characters."""
        self._ends = 0
        self._is_open = True
        for piece in pieces:
            self.add(piece)

    @property
    def lines(self) -> int:
        """The number of the last line."""
        return self._ends + self._is_open

    def add(self, piece: str) -> None:
        """Add the next piece."""
        if piece:
            self.characters += len(piece)
            self.tail = piece[-_TAIL:] if len(piece) >= _TAIL else (self.tail + piece)[-_TAIL:]
            self._ends += piece.count("\n")
            self._is_open = not piece.endswith("\n")


def whole_lines(pieces: Iterable[str], longest: int) -> Iterator[str]:
    """Yield a text in other pieces, each of whole lines with their ends; the last one may lack it.

    A line that is longer than `longest` loses what lies beyond while its end is looked for, but stays longer than that,
    and blank only if it was.
    """
    begun: list[str] = []
    held = 0
    is_told = False
    for piece in pieces:
        end = piece.rfind("\n") + 1
        if end:
            yield "".join((*begun, piece[:end]))
            begun, held, is_told = [piece[end:]], len(piece) - end, False
        elif held <= longest + _MARK:
            begun.append(piece)
            held += len(piece)
        elif not is_told:
            first = piece.lstrip()[:1]
            begun.append(first)
            is_told = bool(first)
    if rest := "".join(begun):
        yield rest


def first_lines(pieces: Iterable[str], number: int) -> Iterator[str]:
    """Yield the pieces of the first lines of a text, so many at most; the last of them lacks its end."""
    left = number
    for piece in pieces:
        parts = piece.split("\n", left)
        if len(parts) > left:
            yield "\n".join(parts[:left])
            return
        left -= len(parts) - 1
        yield piece
