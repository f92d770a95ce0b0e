"""One file of the input as readers see it: read within its limits, held only when it is small, failures remembered."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final, TypeVar, cast

from generator.errors import UnreadableError
from generator.safety import limits as defaults
from generator.safety.files import decode, decode_lossy, decoded
from generator.safety.pieces import Extent, first_lines, whole_lines
from generator.safety.strict_json import (
    demand_json,
    demand_jsonl,
    parse_json,
    parse_jsonl,
    parse_toml,
    stream_jsonl,
)
from generator.safety.strict_xml import parse_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from generator.safety.limits import ReadLimits
    from generator.safety.strict_xml import Handler

_T = TypeVar("_T")
_Whole = TypeVar("_Whole", bytes, str)

_HEAD: Final = 4096
_PEEKED: Final = 20  # lines among which the first row of JSON lines is looked for
_SMALL: Final = 1 << 20  # up to this size a text is held, not read again each time
_PIECE: Final = 1 << 16
_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_COMMENT: Final = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_ROOT: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_LATE_ROOT: Final = re.compile(rb"^<(testsuites?)[\s/>]", re.MULTILINE)
"""A report of which other text stands at the beginning: the tool wrote both into one file."""

_NOTHING: Final[Mapping[str, object]] = {}
_UNREAD: Final = object()
"""A value that no JSON document can be; the artifact itself would keep it, and its bytes, alive for longer."""


class Artifact:
    """One file (or archive member) of the input, never read beyond its limit.

    What is asked for as a whole is read once and held; what can be taken in pieces is read again each time.

    `path` is as `inspect` prints it, `name` the file name, `folders` the names of the folders above it within the
    argument, outermost first; `limits` bound its reading. Nothing is opened before its content is asked for. `lossy`: a
    log, of which only the ends may be there. What begins with `peek` never raises: it is for telling formats apart.
    """

    __slots__ = (
        *("_chunks", "_data", "_extent", "_head", "_json", "_known", "_load", "_lossy", "_refusal", "_text"),
        *("folders", "limits", "name", "path", "size"),
    )

    def __init__(  # noqa: PLR0913 - where it lies, how large it is, how it is loaded
        self,
        *,
        path: str,
        name: str,
        folders: tuple[str, ...],
        size: int,
        load: Callable[[], bytes],
        chunks: Callable[[], Iterator[bytes]] | None = None,
        limits: ReadLimits = defaults.DEFAULT,
        lossy: bool = False,
    ) -> None:
        self.path = path
        self.name = name
        self.folders = folders
        self.size = size
        self._load = load
        self._chunks = chunks
        self.limits = limits
        self._lossy = lossy
        self._data: bytes | None = None
        self._head: bytes | None = None
        self._text: str | None = None
        self._extent: Extent | None = None
        self._json: object = _UNREAD
        self._refusal: dict[str, tuple[str, str]] = {}
        self._known: dict[str, object] = {}

    def data(self) -> bytes:
        """Return the bytes; raises UnreadableError."""
        if self._data is None:
            self._data = self._once("data", self._load)
        return self._data

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes in pieces, from the disk again each time; raises UnreadableError."""
        if self._data is None and self._chunks is not None:
            yield from self._chunks()
        else:
            yield self.data()

    def text(self) -> str:
        """Return the text, decoded strictly unless it is a log; raises UnreadableError."""
        if self._text is None:
            self._text = self._once("text", lambda: (_decode_lossy if self._lossy else decode)(self.data()))
        return self._text

    def pieces(self) -> Iterator[str]:
        """Yield the text in pieces, a large one read again each time and never held whole; errors as of `text`."""
        if self._text is not None or self.size <= _SMALL:
            yield from _in_pieces(self.text())
        elif self._lossy:
            yield from decoded(_in_pieces(self.data()), lossy=True)
        else:
            yield from decoded(piece for chunk in self.chunks() for piece in _in_pieces(chunk))

    def blocks(self, longest: int = defaults.JSONL_LINE) -> Iterator[str]:
        """Yield the text in pieces of whole lines; lines are cut as of `whole_lines`, errors as of `text`."""
        return whole_lines(self.pieces(), longest)

    def extent(self) -> Extent:
        """Return how long the text is and how it ends; errors as of `text`, wherever in it the bad byte is."""
        if self._extent is None:
            self._extent = self._once("text", lambda: Extent(self.pieces()))
        return self._extent

    def json(self, *, nan: bool = False) -> object:
        """Return the strictly parsed JSON document (`nan`: NaN as null, not remembered); raises UnreadableError."""
        if nan:
            return parse_json(self._short(), self.limits, nan=True)
        if self._json is _UNREAD:
            self._json = self._once("json", lambda: parse_json(self._short(), self.limits))
        return self._json

    def rows(self) -> tuple[list[tuple[int, object]], list[tuple[int, str]]]:
        """Return good and bad JSON lines with their numbers, up to the limit of rows; raises UnreadableError."""
        demand_jsonl(self.extent(), self.limits)
        return parse_jsonl(self.pieces(), self.limits)

    def events(self, bad: list[tuple[int, str]]) -> Iterator[tuple[int, object]]:
        """Yield all JSON lines one by one, for a reader that keeps none; bad ones go to `bad`; errors as of `rows`."""
        demand_jsonl(self.extent(), self.limits)
        return stream_jsonl(self.pieces(), bad, self.limits)

    def toml(self) -> dict[str, object]:
        """Return the TOML document; raises UnreadableError."""
        return parse_toml(self.text(), self.limits)

    def xml(self, handler: Handler, roots: Collection[str], doctypes: Collection[str] = frozenset()) -> bool:
        """Send the events of the XML document to the handler, True when it had to be repaired; see `parse_xml`."""
        return parse_xml(self.chunks, handler, roots, doctypes, limits=self.limits)

    def sha256(self) -> str:
        """Return the hash of the content; empty when it cannot be read."""
        state = hashlib.sha256()
        try:
            for piece in self.chunks():
                state.update(piece)
        except UnreadableError:
            return ""
        return state.hexdigest()

    def peek(self) -> bytes:
        """Return the first bytes, 4 KiB at most; nothing when they cannot be read."""
        if self._head is None:
            try:
                self._head = next(iter(self.chunks()), b"")[:_HEAD]
            except UnreadableError:
                self._head = b""
        return self._head

    def peek_root(self) -> str:
        """Return the local name of the first element of an XML document; empty when there is none in sight."""
        return self.remembered("root", self._root)

    def peek_json(self) -> object:
        """Return the JSON document; None when it is none, or a text, number or literal."""
        return self.remembered("document", self._document)

    def peek_object(self) -> Mapping[str, object]:
        """Return the JSON document when it is an object, else an empty one."""
        document = self.peek_json()
        return document if isinstance(document, dict) else _NOTHING

    def peek_row(self) -> Mapping[str, object]:
        """Return the first of several JSON lines that is an object, among the first 20; else an empty one."""
        return self.remembered("row", self._row)

    def _row(self) -> Mapping[str, object]:
        head = self.peek().removeprefix(b"\xef\xbb\xbf")
        if head[:2] in _MARKS:
            head = head[2:].replace(b"\0", b"")
        head = b"\n" + head.lstrip()
        if b"\n{" not in head:
            return _NOTHING
        try:
            if self._text is None:
                self.extent()  # a file with a bad byte has no rows, wherever it is
            if self.size > self.limits.jsonl_bytes:
                demand_jsonl(Extent(first_lines(self.pieces(), _PEEKED)), self.limits)
            rows = stream_jsonl(first_lines(self.pieces(), _PEEKED), [], self.limits)
            return next((row for _, row in rows if isinstance(row, dict)), _NOTHING)
        except UnreadableError:
            return _NOTHING

    def _short(self) -> str:
        """Return the text of a document, which is not held when it is over the limit."""
        if self.size > self.limits.json_bytes:
            demand_json(self.extent().characters, self.limits)
        return self.text()

    def _document(self) -> object:
        head = self.peek().replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        if head[:1] not in (b"{", b"["):
            return None
        try:
            return self.json()
        except UnreadableError:
            return None

    def _root(self) -> str:
        head = self.peek()
        if head[:2] in _MARKS:
            head = head.replace(b"\0", b"")
        if head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] != b"<" and b"<?xml" not in head:
            begins = _LATE_ROOT.search(head)
            return begins[1].decode("ascii") if begins else ""
        found = _ROOT.search(_COMMENT.sub(b"", head))
        return found.group(1).decode("ascii", "replace") if found else ""

    def remembered(self, name: str, make: Callable[[], _T]) -> _T:
        """Return what was made under a name, made when it is first asked for."""
        if name not in self._known:
            self._known[name] = make()
        return cast("_T", self._known[name])

    def _once(self, name: str, make: Callable[[], _T]) -> _T:
        """Make a thing; a refusal is remembered, because every reader may ask again before one takes the file."""
        if name in self._refusal:
            raise UnreadableError(*self._refusal[name])
        try:
            return make()
        except UnreadableError as error:
            self._refusal[name] = (error.message, error.hint)  # the error itself would grow with each raise
            raise


def _decode_lossy(data: bytes) -> str:
    return decode_lossy(data)[0]


def _in_pieces(whole: _Whole) -> Iterator[_Whole]:
    return (whole[place : place + _PIECE] for place in range(0, len(whole), _PIECE))
