"""What the bytes of an XML report tell before it is parsed, and the repair of one that is not sound."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.safety.limits import XML_ELEMENTS, XML_REPAIRS, XML_VALUES

if TYPE_CHECKING:
    from collections.abc import Collection

_PROLOGUE: Final = 64 * 1024  # text before a document that is left out, at most
_BEGINNINGS: Final = (b"<", b"\xef", b"\xff", b"\xfe")
_OVERLAP: Final = 4  # no sequence that makes a document suspect is longer
_SEQUENCE: Final = 16  # no reference to a character that is repaired is longer
ENCODINGS: Final = re.compile(
    r"utf-?8|utf-?16(?:le|be)?|us-ascii|ascii|iso-?8859-?[0-9]{1,2}|latin-?1|windows-125[0-8]|cp125[0-8]", re.IGNORECASE
)
_DECLARED: Final = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_SUSPECT: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#|\xef\xbf[\xbe\xbf]|\xed[\xa0-\xbf]")
_ORDINARY: Final = bytes({9, 10, 13, *range(32, 256)})
_RARE: Final = (b"\xef", b"\xed")  # single bytes are found quickest
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE: Final = re.compile(r"&#(?!(?:9|10|13|[xX][9aAdD]);)(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
"""A reference to a character that is no tab and no line end, which most are."""

Chunks = Callable[[], Iterable[bytes]]
"""Gives the pieces of one document from its beginning, as often as it is called."""


class Look:
    """What a first look at the bytes of a document tells: much quicker than to parse it."""

    def __init__(self) -> None:
        self.may_need_repair = False
        self.tags = 0
        self.signs = 0

    @property
    def may_be_too_many(self) -> bool:
        """Whether there may be more elements or attributes than are read: texts hold their signs, too."""
        return self.tags > XML_ELEMENTS or self.signs > XML_VALUES


def look_through(chunks: Chunks, limit: int) -> Look:
    """Look at a document as a whole; refuse one that is too large, or empty."""
    look = Look()
    total, blank, tail = 0, True, b""
    for piece in chunks():
        begins_odd = not total and piece[:1] not in _BEGINNINGS
        look.may_need_repair = look.may_need_repair or begins_odd or _may_need_repair(tail + piece)
        blank = blank and not piece.strip()
        total += len(piece)
        look.tags += piece.count(b"<")
        look.signs += piece.count(b"=")
        tail = piece[-_OVERLAP:]
        if total > limit:
            raise UnreadableError(
                f"the report is larger than {limit} bytes", "split the report, or raise the limit in the settings"
            )
    if blank:
        raise UnreadableError("the file is empty", "check whether the step that writes it ran to its end")
    return look


def _may_need_repair(piece: bytes) -> bool:
    """Tell whether a closer look is worth it; most pieces hold none of the rare bytes, which is quickly seen."""
    is_ordinary = not piece.translate(None, _ORDINARY) and not any(rare in piece for rare in _RARE)
    if is_ordinary and not (b"&" in piece and b"&#" in piece):
        return False
    return _SUSPECT.search(piece) is not None


def holds_tag(chunks: Chunks, place: int) -> bool:
    """Tell whether a tag begins at a place in the document or behind it."""
    passed = 0
    for piece in chunks():
        if piece.find(b"<", max(place - passed, 0)) >= 0:
            return True
        passed += len(piece)
    return False


def repaired(chunks: Chunks, roots: Collection[str]) -> Chunks:
    """Return the document as UTF-8 without what XML forbids, piece by piece: it may be larger than the memory.

    A piece raises ValueError when the document is not in the encoding that it declares, or needs too many repairs.
    """

    def texts() -> Iterator[str]:
        source = iter(chunks())
        first = next(source, b"")
        decoder = codecs.getincrementaldecoder(_encoding_of(first))()
        text, begun = decoder.decode(first), False
        for piece in source:
            if len(text) > _PROLOGUE:
                text = text if begun else _without_prologue(text, roots)
                begun = True
                cut = _between_sequences(text)
                yield text[:cut]
                text = text[cut:]
            text += decoder.decode(piece)
        text += decoder.decode(b"", final=True)
        yield text if begun else _without_prologue(text, roots)

    def pieces() -> Iterator[bytes]:
        replaced = 0
        for text in texts():
            legal, characters = _ILLEGAL.subn("\ufffd", text)
            legal, references = _REFERENCE.subn(_legal_reference, legal)
            replaced += characters + references
            if replaced > XML_REPAIRS:
                raise ValueError
            yield legal.encode("utf-8")

    return pieces


def _encoding_of(head: bytes) -> str:
    """Return the encoding that a document declares by its mark or its first line; ValueError for one that is unknown.

    A document that is not in it is not repaired.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    declared = _DECLARED.match(head)
    encoding = declared.group(1).decode("ascii") if declared else "utf-8"
    if not ENCODINGS.fullmatch(encoding):
        raise ValueError(encoding)
    return encoding


def _without_prologue(text: str, roots: Collection[str]) -> str:
    """Leave out what stands before the document."""
    text = text.removeprefix("\ufeff").lstrip()
    if text.startswith("<"):
        return text
    names = "|".join(re.escape(root) for root in sorted(roots))
    begins = re.compile(rf"<\?xml\s|<(?:[\w.-]{{1,40}}:)?(?:{names})[\s/>]").search(text, 0, _PROLOGUE)
    return text[begins.start() :] if begins else text


def _between_sequences(text: str) -> int:
    """Return a place near the end of a piece at which no reference to a character is cut in two."""
    begins = text.rfind("&", len(text) - _SEQUENCE)
    return begins if begins >= 0 else len(text)


def _legal_reference(found: re.Match[str]) -> str:
    code = int(found.group(1), 16) if found.group(1) else int(found.group(2))
    legal = code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
    return found.group() if legal else "\ufffd"
