"""The shadow of a text: one byte for each character, so that places in it are places in the text.

ASCII stays as it is; the borders of our own marks are told apart, because rules must not run into a mark; every other
character is one byte that stands for none in particular. A text that cannot be encoded has a shadow, too.
"""

from __future__ import annotations

import codecs
from typing import Final

_OTHER: Final = b"\x80"
_BORDERS: Final = {"‹": b"\x81", "›": b"\x82"}
_HANDLER: Final = "replaybook-shadow"


def shadow(text: str) -> bytes:
    """Return as many bytes as the text has characters."""
    return text.encode("ascii", _HANDLER)


def _stand_in(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    run = error.object[error.start : error.end]
    return b"".join([_BORDERS.get(character, _OTHER) for character in run]), error.end


codecs.register_error(_HANDLER, _stand_in)
