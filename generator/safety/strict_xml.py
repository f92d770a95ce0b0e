"""XML read by expat with every dangerous feature refused: entities, external references, unknown roots, depth."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NoReturn, Protocol
from xml.parsers import expat

from generator.errors import UnreadableError
from generator.safety.limits import XML_ATTRIBUTES, XML_BYTES, XML_DEPTH, XML_TEXT
from generator.safety.text import clean_name, one_line

if TYPE_CHECKING:
    from collections.abc import Collection

_CHUNK: Final = 1 << 20
_BUFFER: Final = 2 * XML_TEXT  # text of an element comes in one piece unless it is longer than this
_CUT_SEARCH: Final = 4096
_ENCODINGS: Final = re.compile(
    r"utf-?8|utf-?16(?:le|be)?|us-ascii|ascii|iso-?8859-?[0-9]{1,2}|latin-?1|windows-125[0-8]|cp125[0-8]", re.IGNORECASE
)
_DECLARED: Final = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_SUSPECT: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#|\xef\xbf[\xbe\xbf]|\xed[\xa0-\xbf]")
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE: Final = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
_CUT_MARK: Final = f"\n‹… text over {XML_TEXT} characters cut …›"

_HINTS: Final = {
    "no element found": "the file is empty or cut off; check whether its writer was killed",
    "unclosed token": "the file looks cut off; check whether its writer was killed",
    "unclosed CDATA section": "the file looks cut off; check whether its writer was killed",
    "mismatched tag": "the file is cut off or two writers mixed; let one process write it",
    "junk after document element": "it holds several documents; write one file each, or wrap them in one root",
    "not well-formed (invalid token)": "escape & and <, or write the file in the encoding that it declares",
    "XML or text declaration not at start of entity": "remove what stands before the XML declaration",
}


class Handler(Protocol):
    """What receives the events of `parse_xml`, in the order of the document."""

    def start(self, tag: str, attrs: dict[str, str], line: int) -> None:
        """Take the beginning of an element: its local name, its attributes as written, its line."""

    def text(self, data: str) -> None:
        """Take text that is not only white space; at most 64 Ki characters of one element, cut at a word."""

    def end(self, tag: str) -> None:
        """Take the end of an element."""


def parse_xml(data: bytes, handler: Handler, roots: Collection[str], doctypes: Collection[str] = frozenset()) -> bool:
    """Send the events of a document to the handler; True when the document had to be repaired first.

    `roots` are the local names a root may have; roots in `doctypes` may carry a DOCTYPE without internal subset, which
    is never followed. Only after a strict reading failed are illegal control characters, raw or as references, replaced
    by U+FFFD, and white space before the XML declaration dropped. UnreadableError says line, column and what to do.
    """
    if len(data) > XML_BYTES:
        raise UnreadableError(f"the report is larger than {XML_BYTES} bytes", "split the report")
    if not data.strip():
        raise UnreadableError("the file is empty", "check whether the step that writes it ran to its end")
    limits = _Rules(frozenset(roots), frozenset(doctypes))
    if not (_SUSPECT.search(data) or data[:1].isspace()):
        _Reading(handler, limits).parse(data, "")
        return False
    try:  # nothing must reach the handler before it is known whether the document is sound
        _Reading(_Nobody(), limits).parse(data, "")
    except UnreadableError as first:
        repaired = _repair(data)
        if repaired is None:
            raise
        try:
            _Reading(_Nobody(), limits).parse(repaired, "utf-8")
        except UnreadableError:
            raise first from None
        _Reading(handler, limits).parse(repaired, "utf-8")
        return True
    _Reading(handler, limits).parse(data, "")
    return False


class _Nobody:
    """Receives events and does nothing: for the reading that only checks."""

    def start(self, tag: str, attrs: dict[str, str], line: int) -> None:
        """Do nothing."""

    def text(self, data: str) -> None:
        """Do nothing."""

    def end(self, tag: str) -> None:
        """Do nothing."""


class _Rules:
    """The local names that a root may have, and those of them that may carry a DOCTYPE."""

    def __init__(self, roots: frozenset[str], doctypes: frozenset[str]) -> None:
        self.roots = roots
        self.doctypes = doctypes


class _Reading:
    """One pass of expat over one document."""

    def __init__(self, handler: Handler, rules: _Rules) -> None:
        self._handler = handler
        self._rules = rules
        self._room: list[int] = []  # for each open element, how much text it may still have

    def parse(self, data: bytes, encoding: str) -> None:
        """Read the document; `encoding` overrides the one it declares."""
        parser = expat.ParserCreate(encoding or None)
        self._parser = parser
        parser.buffer_text = True
        parser.buffer_size = _BUFFER
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = parser.UnparsedEntityDeclHandler = self._refuse_declaration
        parser.NotationDeclHandler = parser.AttlistDeclHandler = parser.ElementDeclHandler = self._refuse_declaration
        parser.ExternalEntityRefHandler = parser.SkippedEntityHandler = self._refuse_declaration
        parser.StartElementHandler = self._start
        parser.CharacterDataHandler = self._text
        parser.EndElementHandler = self._end
        try:
            for place in range(0, len(data), _CHUNK):
                parser.Parse(data[place : place + _CHUNK], False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code) or "not well-formed"
            hint = _HINTS.get(reason, "check the file with an XML tool")
            raise UnreadableError(
                f"not XML: {reason} at line {error.lineno}, column {error.offset + 1}", hint
            ) from None
        except (ValueError, LookupError):
            self._refuse("its encoding is not supported", "write the report as UTF-8")

    def _start(self, name: str, attrs: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        room = self._room
        if not room and tag not in self._rules.roots:
            known = ", ".join(sorted(self._rules.roots))
            self._refuse(f"the root element {_shown(tag)} is not known", f"expected one of: {known}")
        room.append(XML_TEXT)
        if len(room) > XML_DEPTH:
            self._refuse(f"elements are nested deeper than {XML_DEPTH}", "flatten the report")
        if len(attrs) > XML_ATTRIBUTES:
            self._refuse(f"an element has more than {XML_ATTRIBUTES} attributes", "drop the ones that are not needed")
        self._handler.start(tag, attrs, self._parser.CurrentLineNumber)

    def _text(self, data: str) -> None:
        room = self._room[-1]
        if room <= 0 or data.isspace():
            return
        self._room[-1] = room - len(data)
        self._handler.text(data if len(data) <= room else _at_word(data, room) + _CUT_MARK)

    def _end(self, name: str) -> None:
        self._room.pop()
        self._handler.end(name.rpartition(":")[2])

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and not _ENCODINGS.fullmatch(encoding):
            self._refuse(f"the encoding {_shown(encoding)} is not supported", "write the report as UTF-8")

    def _doctype(self, name: str, _system: str | None, _public: str | None, has_subset: object) -> None:
        if has_subset:
            self._refuse("it has a DOCTYPE with declarations", "remove the DOCTYPE; reports need no entities")
        if name.rpartition(":")[2] not in self._rules.doctypes:
            self._refuse("it has a DOCTYPE", "remove the DOCTYPE; this kind of report needs none")

    def _refuse_declaration(self, *_: object) -> NoReturn:
        self._refuse("it declares or uses an entity, a notation or an attribute list", "remove the DOCTYPE")

    def _refuse(self, reason: str, hint: str) -> NoReturn:
        line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        raise UnreadableError(f"{reason} at line {line}, column {column}", hint)


def _at_word(data: str, room: int) -> str:
    """Cut at the last white space, so that no token loses its end and escapes redaction."""
    for place in range(room, max(room - _CUT_SEARCH, 0), -1):
        if data[place].isspace():
            return data[:place]
    return data[:room]


def _shown(name: str) -> str:
    return f"<{one_line(clean_name(name))[:80]}>"


def _repair(data: bytes) -> bytes | None:
    """Return the document as UTF-8 without what XML forbids; None when there is nothing that can be repaired."""
    declared = _DECLARED.match(data)
    encoding = declared.group(1).decode("ascii") if declared else "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    if not _ENCODINGS.fullmatch(encoding):
        return None
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError):
        return None
    fixed = _REFERENCE.sub(_legal_reference, _ILLEGAL.sub("\ufffd", text.lstrip()))
    return None if fixed == text else fixed.encode("utf-8")


def _legal_reference(found: re.Match[str]) -> str:
    code = int(found.group(1), 16) if found.group(1) else int(found.group(2))
    legal = code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
    return found.group() if legal else "\ufffd"
