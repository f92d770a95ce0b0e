"""XML read by expat with every dangerous feature refused: entities, external references, unknown roots, depth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn, Protocol
from xml.parsers import expat

from generator.errors import UnreadableError
from generator.safety._xml_repair import ENCODINGS, Chunks, holds_tag, look_through, repaired
from generator.safety.limits import (
    DEFAULT,
    XML_ATTRIBUTES,
    XML_ELEMENTS,
    XML_TAG,
    XML_TEXT,
    XML_VALUES,
    ReadLimits,
)
from generator.safety.text import clean_name, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

_CHUNK: Final = 1 << 16  # pieces that the allocator reuses: fresh memory costs more than the parsing
_BUFFER: Final = 2 * XML_TEXT  # text of an element comes in one piece unless it is longer than this
_JUNK: Final = "junk after document element"
_CUT_SEARCH: Final = 4096
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
    chunks: Chunks = (lambda: _pieces([document])) if isinstance(document, bytes) else lambda: _pieces(document())
    look = look_through(chunks, limits.xml_bytes)
    rules = _Rules(frozenset(roots), frozenset(doctypes), limits.depth, counts=look.may_be_too_many)
    if not look.may_need_repair:
        return _Reading(handler, rules).parse(chunks, "")
    try:  # nothing must reach the handler before it is known whether the document is sound
        _Reading(Nobody(), rules).parse(chunks, "")
    except UnreadableError as first:
        sound = repaired(chunks, rules.roots)
        try:
            _Reading(Nobody(), rules).parse(sound, "utf-8")
        except UnreadableError:
            raise first from None
        _Reading(handler, rules).parse(sound, "utf-8")
        return True
    return _Reading(handler, rules).parse(chunks, "")


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        if len(chunk) <= _CHUNK:
            yield chunk
        else:
            yield from (chunk[place : place + _CHUNK] for place in range(0, len(chunk), _CHUNK))


class Nobody:
    """Receives events and does nothing: for the reading that only checks."""

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        """Do nothing."""

    def text(self, data: str) -> None:
        """Do nothing."""

    def end(self, tag: str) -> None:
        """Do nothing."""


class _Rules:
    """The local names that a root may have, those of them that may carry a DOCTYPE, and the deepest nesting.

    `counts`: elements and attributes must be counted, because there may be too many.
    """

    def __init__(self, roots: frozenset[str], doctypes: frozenset[str], depth: int, *, counts: bool) -> None:
        self.roots = roots
        self.depth = depth
        self.doctypes = doctypes
        self.counts = counts


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
            self._feed(chunks)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code) or "not well-formed"
            if reason == _JUNK and not holds_tag(chunks, parser.ErrorByteIndex):
                return True
            hint = _HINTS.get(reason, "check the file with an XML tool")
            raise UnreadableError(
                f"not XML: {reason} at line {error.lineno}, column {error.offset + 1}", hint
            ) from None
        except (ValueError, LookupError):
            self._refuse("its encoding is not supported", "write the report as UTF-8")
        return False

    def _feed(self, chunks: Chunks) -> None:
        """Give expat the document; a tag that is not complete only when twice as much of it is there.

        Expat looks at such a tag anew with each piece: one of many megabytes would take minutes.
        """
        held: list[bytes] = []
        fed = waiting = pending = 0
        for piece in chunks():
            held.append(piece)
            waiting += len(piece)
            if waiting < pending and pending + waiting <= XML_TAG:
                continue
            self._parser.Parse(b"".join(held), False)
            fed += waiting
            waiting = 0
            held.clear()
            pending = fed - max(self._parser.CurrentByteIndex, 0)
            if pending > XML_TAG:
                self._refuse(f"a tag or comment is longer than {XML_TAG} bytes", "write long texts between tags")
        self._parser.Parse(b"".join(held), True)

    def _events(
        self,
    ) -> tuple[Callable[[str, dict[str, str]], None], Callable[[str], None], Callable[[str], None]]:
        """Return what takes elements and texts: closures, because a large report calls them ten million times."""
        handler, depth, tags = self._handler, self._rules.depth, _Tags()
        open_element, close_element = handler.start, handler.end
        room: list[int] = []  # for each open element, how much text it may still have
        text, flush = _texts(handler.text, room)

        def start(name: str, attrs: dict[str, str]) -> None:
            flush()
            if not room:
                self._demand_root(tags[name])
            room.append(XML_TEXT)
            if len(room) > depth or len(attrs) > XML_ATTRIBUTES:
                self._refuse_size(len(attrs))
            open_element(tags[name], attrs)

        def end(name: str) -> None:
            flush()
            room.pop()
            close_element(tags[name])

        return self._counting(start) if self._rules.counts else start, text, end

    def _counting(self, start: Callable[[str, dict[str, str]], None]) -> Callable[[str, dict[str, str]], None]:
        """Return what counts elements and attributes before it takes them."""
        elements = values = 0

        def counted(name: str, attrs: dict[str, str]) -> None:
            nonlocal elements, values
            elements += 1
            values += len(attrs)
            if elements > XML_ELEMENTS:
                self._refuse(f"it has more than {XML_ELEMENTS} elements", "split the report")
            if values > XML_VALUES:
                self._refuse(f"it has more than {XML_VALUES} attributes", "split the report")
            start(name, attrs)

        return counted

    def _demand_root(self, tag: str) -> None:
        if tag not in self._rules.roots:
            known = ", ".join(sorted(self._rules.roots))
            self._refuse(f"the root element {_shown(tag)} is not known", f"expected one of: {known}")

    def _refuse_size(self, attributes: int) -> NoReturn:
        if attributes > XML_ATTRIBUTES:
            self._refuse(f"an element has more than {XML_ATTRIBUTES} attributes", "drop the ones that are not needed")
        self._refuse(f"elements are nested deeper than {self._rules.depth}", "flatten the report")

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and not ENCODINGS.fullmatch(encoding):
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


def _texts(take: Callable[[str], None], room: list[int]) -> tuple[Callable[[str], None], Callable[[], None]]:
    """Return what takes a piece of text within the room of the open element, and what ends such a text.

    Near the limit pieces are held back: a piece may end within a word, of which nothing must be left if it is cut.
    """
    late: list[str] = []

    def text(data: str) -> None:
        if data.isspace() or room[-1] <= 0:
            return
        left = room[-1]
        if len(data) + _CUT_SEARCH <= left and not late:
            room[-1] = left - len(data)
            take(data)
            return
        late.append(data)
        whole = "".join(late)
        if len(whole) > left:
            room[-1] = 0
            late.clear()
            take(_at_word(whole, left) + _CUT_MARK)

    def flush() -> None:
        if late:
            take("".join(late))
            late.clear()

    return text, flush


def _at_word(data: str, room: int) -> str:
    """Cut at the last white space, so that no token loses its end and escapes redaction."""
    for place in range(room, max(room - _CUT_SEARCH, 0), -1):
        if data[place].isspace():
            return data[:place]
    return data[:room]


def _shown(name: str) -> str:
    return f"<{one_line(clean_name(name))[:80]}>"
