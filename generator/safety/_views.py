"""Other readings of a text, each decoded once, with a way back to the places of the original."""

from __future__ import annotations

import binascii
import html
import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Places = Callable[[int], int]

_URL: Final = re.compile(r"%[0-7][0-9A-Fa-f]")
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")
_JSON: Final = re.compile(r"\\(?:u[0-9a-fA-F]{4}|[\"\\/bfnrt])")
_MARK: Final = re.compile(r"‹U\+[0-9A-F]{4,6}›")
# A colour of which a writer of reports dropped the escape character, or wrote it in letters.
_COLOUR: Final = re.compile(r"(?:#x1[bB]|\\u001[bB]|\\x1[bB]|\\033|\\e|\^\[|‹U\+001B›)?\[[0-9;]{1,12}[mK]")
_RUN: Final = re.compile(r"[A-Za-z0-9+/_-]{24,}")
_READABLE: Final = re.compile(rb"[\t\n\r -~]{12}")
_LETTERS: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def decoded_views(text: str) -> Iterator[tuple[str, Places]]:
    """Yield the text without URL escapes, HTML entities, JSON escapes, or our marks, where it has any of them."""
    for needed, pattern, decode in _KINDS:
        if needed in text:
            view = _view(text, pattern, decode)
            if view is not None:
                yield view


def base64_runs(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and plain text of each run of 24 or more base64 characters that decodes to something readable.

    A run may begin anywhere in front of what was encoded, so it is read from each of four places.
    """
    for found in _RUN.finditer(text):
        run = found.group().replace("-", "+").replace("_", "/")
        for shift in range(4):
            plain = binascii.a2b_base64(run[shift : shift + (len(run) - shift) // 4 * 4] + _rest(run[shift:]))
            if _READABLE.search(plain):
                yield *found.span(), plain.decode("ascii", "replace")


def _rest(run: str) -> str:
    """Return the last incomplete group of four, made complete; nothing when it holds no byte."""
    left = len(run) % 4
    return run[-left:] + "=" * (4 - left) if left > 1 else ""


def _view(text: str, pattern: re.Pattern[str], decode: Callable[[str], str]) -> tuple[str, Places] | None:
    if pattern.search(text) is None:
        return None
    plain = "" if decode is _nothing else lambda found: decode(found.group())
    return pattern.sub(plain, text), _Places(text, pattern, decode)


class _Places:
    """The way back from a place in a view to one in its text; worked out when something was found, which is rare."""

    def __init__(self, text: str, pattern: re.Pattern[str], decode: Callable[[str], str]) -> None:
        self._made_of = (text, pattern, decode)
        self._starts, self._sources = [0], [0]  # where each piece begins in the view and in the text

    def __call__(self, index: int) -> int:
        """Return the place in the text."""
        if len(self._starts) == 1:
            self._work_out(*self._made_of)
        starts, sources = self._starts, self._sources
        piece = bisect_right(starts, index) - 1
        source = sources[piece] + index - starts[piece]
        return min(source, sources[piece + 1]) if piece + 1 < len(sources) else source

    def _work_out(self, text: str, pattern: re.Pattern[str], decode: Callable[[str], str]) -> None:
        place = length = 0
        for found in pattern.finditer(text):
            length += found.start() - place
            self._starts.append(length)
            self._sources.append(found.start())
            length += len(decode(found.group()))
            place = found.end()
            self._starts.append(length)
            self._sources.append(place)


def _unescape_url(found: str) -> str:
    return chr(int(found[1:], 16))


def _unescape_json(found: str) -> str:
    letter, digits = found[1], found[2:]
    return chr(int(digits, 16)) if digits else _LETTERS.get(letter, letter)


def _nothing(_found: str) -> str:
    return ""


_KINDS: Final = (
    ("%", _URL, _unescape_url),
    ("&", _ENTITY, html.unescape),
    ("\\", _JSON, _unescape_json),
    ("‹U+", _MARK, _nothing),
    ("[", _COLOUR, _nothing),
)
