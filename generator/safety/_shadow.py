"""The shadow of a text: one byte for each character, so that places in it are places in the text.

ASCII stays as it is; the borders of our own marks are told apart, because rules must not run into a mark; every other
character is one byte that stands for none in particular. A text that cannot be encoded has a shadow, too.
"""

from __future__ import annotations

from typing import Final


def _table(chosen: range) -> bytes:
    return bytes(0xFF if byte in chosen else 0 for byte in range(256))


_HIGH: Final = _table(range(0x80, 0x100))
_SOME: Final = _table(range(1, 0x100))
_PUNCTUATION: Final = _table(range(0x20, 0x21))  # the block of U+20xx, in which the borders are
# U+2039 and U+203A by their low bytes, with what they have beyond every other character's stand-in.
_BORDERS: Final = ((_table(range(0x39, 0x3A)), b"\x01"), (_table(range(0x3A, 0x3B)), b"\x02"))


def shadow(text: str) -> bytes:
    """Return as many bytes as the text has characters: whole texts at a time, because one by one takes seconds."""
    if text.isascii():
        return text.encode("ascii")
    size = len(text)
    wide = text.encode("utf-32-le", "surrogatepass")
    low, middle, high = wide[::4], wide[1::4], _bits(wide[2::4].translate(_SOME))
    other = _bits(low.translate(_HIGH)) | _bits(middle.translate(_SOME)) | high
    found = (_bits(low) | other) ^ other | _bits(b"\x80" * size) & other
    block = _bits(middle.translate(_PUNCTUATION))
    for border, mark in _BORDERS:
        here = _bits(low.translate(border)) & block
        found |= ((here | high) ^ high) & _bits(mark * size)
    return found.to_bytes(size, "little")


def _bits(data: bytes) -> int:
    return int.from_bytes(data, "little")
