"""XML read by expat with every dangerous feature refused: entities, external references, unknown roots, depth."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final, NoReturn, Protocol
from xml.parsers import expat

from generator.errors import UnreadableError
from generator.safety.limits import DEFAULT, XML_ATTRIBUTES, XML_TEXT, ReadLimits
from generator.safety.text import clean_name, one_line

if TYPE_CHECKING:
    from collections.abc import Collection

_CHUNK: Final = 1 << 16  # pieces that the allocator reuses: fresh memory costs more than the parsing
_BUFFER: Final = 2 * XML_TEXT  # text of an element comes in one piece unless it is longer than this
_PROLOGUE: Final = 64 * 1024  # text before a document that is left out, at most
_JUNK: Final = "junk after document element"
_BEGINNINGS: Final = (b"<", b"\xef", b"\xff", b"\xfe")
_CUT_SEARCH: Final = 4096
_OVERLAP: Final = 4  # no sequence that makes a document suspect is longer
_ENCODINGS: Final = re.compile(
    r"utf-?8|utf-?16(?:le|be)?|us-ascii|ascii|iso-?8859-?[0-9]{1,2}|latin-?1|windows-125[0-8]|cp125[0-8]", re.IGNORECASE
)
_DECLARED: Final = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_SUSPECT: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#|\xef\xbf[\xbe\xbf]|\xed[\xa0-\xbf]")
_ORDINARY: Final = bytes({9, 10, 13, *range(32, 256)})
_RARE: Final = (b"\xef", b"\xed")  # single bytes are found quickest
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


REPAIRED: Final = (
    "is no sound XML and was repaired: forbidden characters are replaced, text around the document is left out",
    "let its writer escape or drop such characters, and write nothing else into the file",
)
"""What to say of a document that had to be repaired, and the next step."""


class Handler(Protocol):
    """What receives the events of `parse_xml`, in the order of the document."""

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        """Take the beginning of an element: its local name and its attributes as written."""

    def text(self, data: str) -> None:
        """Take text that is not only white space; at most 64 Ki characters of one element, cut at a word."""

    def end(self, tag: str) -> None:
        """Take the end of an element."""


Chunks = Callable[[], Iterable[bytes]]
"""Gives the pieces of one document from its beginning, as often as it is called."""


def parse_xml(
    document: bytes | Chunks,
    handler: Handler,
    roots: Collection[str],
    doctypes: Collection[str] = frozenset(),
    *,
    limits: ReadLimits = DEFAULT,
) -> bool:
    """Send the events of a document to the handler; True when the document had to be repaired first.

    `roots` are the local names a root may have; roots in `doctypes` may carry a DOCTYPE without internal subset, which
    is never followed. Only after a strict reading failed are illegal control characters, raw or as references, replaced
    by U+FFFD, and text before the document or after its end left out. UnreadableError says line, column and what to do.
    """
    chunks: Chunks = (lambda: _pieces(document)) if isinstance(document, bytes) else document
    rules = _Rules(frozenset(roots), frozenset(doctypes), limits.depth)
    if not _is_suspect(chunks, limits.xml_bytes):
        return _Reading(handler, rules).parse(chunks, "")
    try:  # nothing must reach the handler before it is known whether the document is sound
        _Reading(_Nobody(), rules).parse(chunks, "")
    except UnreadableError as first:
        repaired = _repair(b"".join(chunks()), rules.roots)
        if repaired is None:
            raise
        try:
            _Reading(_Nobody(), rules).parse(lambda: _pieces(repaired), "utf-8")
        except UnreadableError:
            raise first from None
        _Reading(handler, rules).parse(lambda: _pieces(repaired), "utf-8")
        return True
    return _Reading(handler, rules).parse(chunks, "")


def _pieces(data: bytes) -> Iterator[bytes]:
    for place in range(0, len(data), _CHUNK):
        yield data[place : place + _CHUNK]


def _is_suspect(chunks: Chunks, limit: int) -> bool:
    """Tell whether a document may need a repair; refuse one that is too large, or empty."""
    total, suspect, blank, tail = 0, False, True, b""
    for piece in chunks():
        begins_odd = not total and piece[:1] not in _BEGINNINGS
        suspect = suspect or begins_odd or _may_need_repair(tail + piece)
        blank = blank and not piece.strip()
        total += len(piece)
        tail = piece[-_OVERLAP:]
        if total > limit:
            raise UnreadableError(
                f"the report is larger than {limit} bytes", "split the report, or raise the limit in the settings"
            )
    if blank:
        raise UnreadableError("the file is empty", "check whether the step that writes it ran to its end")
    return suspect


def _may_need_repair(piece: bytes) -> bool:
    """Tell whether a closer look is worth it; most pieces hold none of the rare bytes, which is quickly seen."""
    is_ordinary = not piece.translate(None, _ORDINARY) and not any(rare in piece for rare in _RARE)
    if is_ordinary and not (b"&" in piece and b"&#" in piece):
        return False
    return _SUSPECT.search(piece) is not None


class _Nobody:
    """Receives events and does nothing: for the reading that only checks."""

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        """Do nothing."""

    def text(self, data: str) -> None:
        """Do nothing."""

    def end(self, tag: str) -> None:
        """Do nothing."""


class _Rules:
    """The local names that a root may have, those of them that may carry a DOCTYPE, and the deepest nesting."""

    def __init__(self, roots: frozenset[str], doctypes: frozenset[str], depth: int) -> None:
        self.roots = roots
        self.depth = depth
        self.doctypes = doctypes


class _Tags(dict[str, str]):
    """Local names by the names as written."""

    def __missing__(self, name: str) -> str:
        local = self[name] = name.rpartition(":")[2]
        return local


class _Reading:
    """One pass of expat over one document."""

    def __init__(self, handler: Handler, rules: _Rules) -> None:
        self._handler = handler
        self._rules = rules

    def parse(self, chunks: Chunks, encoding: str) -> bool:
        """Read the document, True when text after its end was left out; `encoding` overrides the one it declares."""
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
        parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = self._events()
        try:
            for piece in chunks():
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code) or "not well-formed"
            if reason == _JUNK and b"<" not in b"".join(chunks())[parser.ErrorByteIndex :]:
                return True
            hint = _HINTS.get(reason, "check the file with an XML tool")
            raise UnreadableError(
                f"not XML: {reason} at line {error.lineno}, column {error.offset + 1}", hint
            ) from None
        except (ValueError, LookupError):
            self._refuse("its encoding is not supported", "write the report as UTF-8")
        return False

    def _events(
        self,
    ) -> tuple[Callable[[str, dict[str, str]], None], Callable[[str], None], Callable[[str], None]]:
        """Return what takes elements and texts: closures, because a large report calls them ten million times."""
        handler, depth, tags = self._handler, self._rules.depth, _Tags()
        open_element, take, close_element = handler.start, handler.text, handler.end
        room: list[int] = []  # for each open element, how much text it may still have

        def start(name: str, attrs: dict[str, str]) -> None:
            if not room:
                self._demand_root(tags[name])
            room.append(XML_TEXT)
            if len(room) > depth or len(attrs) > XML_ATTRIBUTES:
                self._refuse_size(len(attrs))
            open_element(tags[name], attrs)

        def text(data: str) -> None:
            if data.isspace() or room[-1] <= 0:
                return
            left = room[-1]
            room[-1] = left - len(data)
            take(data if len(data) <= left else _at_word(data, left) + _CUT_MARK)

        def end(name: str) -> None:
            room.pop()
            close_element(tags[name])

        return start, text, end

    def _demand_root(self, tag: str) -> None:
        if tag not in self._rules.roots:
            known = ", ".join(sorted(self._rules.roots))
            self._refuse(f"the root element {_shown(tag)} is not known", f"expected one of: {known}")

    def _refuse_size(self, attributes: int) -> NoReturn:
        if attributes > XML_ATTRIBUTES:
            self._refuse(f"an element has more than {XML_ATTRIBUTES} attributes", "drop the ones that are not needed")
        self._refuse(f"elements are nested deeper than {self._rules.depth}", "flatten the report")

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


def _repair(data: bytes, roots: Collection[str]) -> bytes | None:
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
    fixed = text.lstrip()
    if not fixed.startswith("<"):
        names = "|".join(re.escape(root) for root in sorted(roots))
        begins = re.compile(rf"<\?xml\s|<(?:[\w.-]{{1,40}}:)?(?:{names})[\s/>]").search(fixed, 0, _PROLOGUE)
        fixed = fixed[begins.start() :] if begins else fixed
    fixed = _REFERENCE.sub(_legal_reference, _ILLEGAL.sub("\ufffd", fixed))
    return None if fixed == text else fixed.encode("utf-8")


def _legal_reference(found: re.Match[str]) -> str:
    code = int(found.group(1), 16) if found.group(1) else int(found.group(2))
    legal = code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
    return found.group() if legal else "\ufffd"
