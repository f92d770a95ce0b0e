"""The shadow of a text: one byte for each character, so that places in it are places in the text.

ASCII stays as it is; the borders of our own marks are told apart, because rules must not run into a mark; every other
character is one byte that stands for none in particular. A text that cannot be encoded has a shadow, too.
"""

from __future__ import annotations

from typing import Final

_BORDERS: Final = (("‹", 0x81), ("›", 0x82))
_HIGH: Final = bytes(0xFF if byte >= 0x80 else 0 for byte in range(256))
_SOME: Final = bytes(0xFF if byte else 0 for byte in range(256))


def shadow(text: str) -> bytes:
    """Return as many bytes as the text has characters: whole texts at a time, because one by one takes seconds."""
    if text.isascii():
        return text.encode("ascii")
    wide = text.encode("utf-32-le", "surrogatepass")
    low = wide[::4]
    other = _bits(low.translate(_HIGH)) | _bits(wide[1::4].translate(_SOME)) | _bits(wide[2::4].translate(_SOME))
    stand_ins = _bits(b"\x80" * len(text))
    found = bytearray(((_bits(low) | other) ^ other | stand_ins & other).to_bytes(len(text), "little"))
    for border, byte in _BORDERS:
        place = text.find(border)
        while place >= 0:
            found[place] = byte
            place = text.find(border, place + 1)
    return bytes(found)


def _bits(data: bytes) -> int:
    return int.from_bytes(data, "little")
