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
# Groups of four that decode to ASCII, wherever they begin: the highest bit of each of three bytes is 0. The search
# begins at a capital, because lower-case text is full of other beginnings, and then looks back.
_OTHERS: Final = r"[A-HQ-Xg-nw-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]"
_GROUP: Final = re.compile(rf"[A-Za-f]{_OTHERS}")
_RUN: Final = re.compile(rf"[A-Z]{_OTHERS}(?:[A-Za-f]{_OTHERS}){{2,1023}}")
_SHORTEST: Final = 24
_REST: Final = re.compile(r"[A-Za-z0-9+/_-]{0,3}={0,2}")
_LETTERS: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def decoded_views(text: str) -> Iterator[tuple[str, Places]]:
    """Yield the text without URL escapes, HTML entities, JSON escapes, or our marks, where it has any of them."""
    for needed, pattern, decode in _KINDS:
        if needed in text:
            view = _view(text, pattern, decode)
            if view is not None:
                yield view


def base64_runs(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and plain text of each run of 24 to 4096 base64 characters that decodes to ASCII."""
    floor = 0
    for found in _RUN.finditer(text):
        start = found.start()
        while start - 4 >= floor and _GROUP.fullmatch(text, start - 4, start):
            start -= 4
        rest = _REST.match(text, found.end())
        assert rest is not None
        floor = rest.end()
        run = (text[start : found.end()] + rest.group().rstrip("=")).replace("-", "+").replace("_", "/")
        if len(run) >= _SHORTEST:
            run = run[: len(run) - 1] if len(run) % 4 == 1 else run
            yield start, floor, binascii.a2b_base64(run + "=" * (-len(run) % 4)).decode("ascii", "replace")


def _view(text: str, pattern: re.Pattern[str], decode: Callable[[str], str]) -> tuple[str, Places] | None:
    pieces: list[str] = []
    starts, sources = [0], [0]  # where each piece begins in the view and in the text
    place = length = 0
    for found in pattern.finditer(text):
        literal, plain = text[place : found.start()], decode(found.group())
        place = found.end()
        length += len(literal)
        starts.append(length)
        sources.append(found.start())
        length += len(plain)
        starts.append(length)
        sources.append(place)
        pieces += (literal, plain)
    if not pieces:
        return None

    def places(index: int) -> int:
        piece = bisect_right(starts, index) - 1
        source = sources[piece] + index - starts[piece]
        return min(source, sources[piece + 1]) if piece + 1 < len(sources) else source

    return "".join(pieces) + text[place:], places


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
)
