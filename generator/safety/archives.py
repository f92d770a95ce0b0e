"""Archives read member by member and never extracted; one bad member refuses the whole archive.

The first reading checks everything and keeps nothing; the content is read again when a member is first asked for.
"""

from __future__ import annotations

import io
import os
import re
import stat
import tarfile
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.safety import _zip_members
from generator.safety.files import opened_regular
from generator.safety.ids import is_device_name
from generator.safety.limits import ARCHIVE_DEPTH, ARCHIVE_NAME_BYTES, KIB
from generator.safety.text import clean_name, has_control, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from generator.safety.limits import ReadLimits

ENDINGS: Final = (".zip", ".tar", ".tar.gz", ".tgz")
"""How the names of archives end that are read; a tar may be packed by gzip."""

OTHERS: Final = (".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tar.zst", ".tzst", ".7z", ".rar")
"""How the names of archives end that are refused."""

_DRIVE: Final = re.compile(r"[A-Za-z]:.*", re.DOTALL)
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_SMALL: Final = 64 * KIB
"""Up to this size no ratio is unusual: a short file of one repeated line."""

_ENTRY: Final = 4 * KIB
"""Bytes that the lists and headers of an archive may take for each of its members."""

_SLACK: Final = 1024 * KIB
"""Packed bytes that may be read before anything is unpacked from them."""

_ZIP_HEADER: Final = 30
"""Least bytes before the content of a member; its name comes on top."""

_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_BLOCK: Final = 64 * KIB
_BROKEN: Final = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
_HINT: Final = "pack it again with plain files only, or unpack it and name the folder"
_LIMIT_HINT: Final = "pack less into one archive, raise the limit in the settings, or unpack it and name the folder"


@dataclass(slots=True)
class Archive:
    """One archive whose members are safe to read; the content of a member is kept until it was handed out."""

    path: Path
    limits: ReadLimits
    wanted: Callable[[str], bool]
    """Whether the content of a member may be asked for; others are listed and never opened."""
    sizes: dict[str, int] = field(default_factory=dict)
    """Size of each file among the members by its name, `/` between folders."""
    _contents: dict[str, bytes] | None = None

    def read(self, name: str) -> bytes:
        """Return the content of a member that was wanted; raises UnreadableError."""
        if not self.wanted(name):
            raise UnreadableError("is no kind of file that is read from an archive", "unpack it and name the file")
        if self._contents is None:
            self._contents = {}
            for each, data in _walk(self):
                if data is not None:
                    self._contents[each] = data
        found = self._contents.pop(name, None)
        if not self._contents:
            self._contents = None
        if found is None:
            raise UnreadableError("is not in the archive any more", "let nobody change the archive while it is read")
        return found


def is_archive(name: str) -> bool:
    """Tell whether a file is an archive by its name."""
    return name.lower().endswith((*ENDINGS, *OTHERS))


def stem(name: str) -> str:
    """Return the name of a file without the ending of an archive."""
    ending = next((ending for ending in sorted(ENDINGS, key=len, reverse=True) if name.lower().endswith(ending)), "")
    return name[: len(name) - len(ending)] if ending else name


def open_archive(path: Path, limits: ReadLimits, wanted: Callable[[str], bool]) -> Archive:
    """Return the archive when every member of it is safe; UnreadableError names the first that is not."""
    archive = Archive(path=path, limits=limits, wanted=wanted)
    for _ in _walk(archive):
        pass
    return archive


def _walk(archive: Archive) -> Iterator[tuple[str, bytes | None]]:
    """Yield each file among the members with its content, None for one that is not wanted; all checks are here."""
    names: set[str] = set()
    with opened_regular(archive.path) as (descriptor, size), os.fdopen(os.dup(descriptor), "rb") as file:
        head = file.read(4)
        file.seek(0)
        try:
            if head in _ZIP:
                yield from _zip(archive, file, names)
            elif head[:2] == _GZIP or _is_tar(file):
                yield from _tar(archive, file, names, size)
            else:
                raise _refusal("is no archive of a known kind", "write a .zip, .tar or .tar.gz")
        except UnreadableError:
            raise
        except _BROKEN as error:
            reason = one_line(clean_name(str(error)))[:120]
            raise _refusal(f"is broken: {reason or type(error).__name__}", "upload it again") from None


def _is_tar(file: IO[bytes]) -> bool:
    """Tell whether a file has the mark of a tar in its first header, or nothing but zeros."""
    head = file.read(512)
    file.seek(0)
    return len(head) == 512 and (head[257:262] == b"ustar" or not head.strip(b"\0"))


def _zip(archive: Archive, file: IO[bytes], seen: set[str]) -> Iterator[tuple[str, bytes | None]]:
    budget = _Budget(archive.limits)
    listing = _Bounded(file, _ENTRY * archive.limits.archive_members + _SLACK)
    with zipfile.ZipFile(listing) as packed:
        listing.left = None
        entries = packed.infolist()
        budget.members(len(entries))
        if _zip_members.declared(file) not in {None, len(entries)}:
            raise _refusal("does not list as many members as it says", "upload it again")
        _refuse_overlaps(entries)
        for entry in entries:
            _demand_plain(entry)
            if entry.is_dir():
                _demand_name(entry.filename.rstrip("/"), seen)
                if entry.file_size:
                    raise _refusal(f"has the folder {_shown(entry.filename)} with content")
                continue
            _demand_name(entry.filename, seen)
            budget.member(entry.filename, entry.file_size, entry.compress_size)
            archive.sizes[entry.filename] = entry.file_size
            if not archive.wanted(entry.filename):
                yield entry.filename, None
                continue
            if entry.compress_type not in _METHODS:
                raise _refusal(f"packs {_shown(entry.filename)} in a way that is not read", "use deflate")
            yield entry.filename, _zip_members.content(file, entry)


def _demand_plain(entry: zipfile.ZipInfo) -> None:
    """Refuse a member of a zip that is neither a file nor a folder, or whose content or name is hidden."""
    mode = entry.external_attr >> 16
    if not entry.filename:
        raise _refusal("has a member without a name")
    if entry.flag_bits & 0x1:
        raise _refusal(f"has the encrypted member {_shown(entry.filename)}", "pack it without a password")
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise _refusal(f"has the member {_shown(entry.filename)}, which is no plain file")
    if entry.orig_filename != entry.filename:  # cut at a NUL, or with another separator
        raise _refusal(f"has a member with an unsafe name: {_shown(entry.orig_filename)}")


def _refuse_overlaps(entries: list[zipfile.ZipInfo]) -> None:
    end = 0
    for entry in sorted(entries, key=lambda item: item.header_offset):
        if entry.header_offset < end:
            raise _refusal(f"has members that overlap: {_shown(entry.filename)}")
        end = entry.header_offset + _ZIP_HEADER + entry.compress_size


def _tar(archive: Archive, file: io.BufferedReader, seen: set[str], size: int) -> Iterator[tuple[str, bytes | None]]:
    budget = _Budget(archive.limits)
    budget.packed = max(size, 1)
    headers = _ENTRY * archive.limits.archive_members
    plain = _Unpacked(file, archive.limits.archive_bytes + headers) if file.peek(2)[:2] == _GZIP else file
    with tarfile.open(fileobj=plain, mode="r|", tarinfo=_Header) as packed:
        for number, entry in enumerate(packed, 1):
            budget.members(number)
            if entry.isdir():
                if entry.name.strip("/") not in {"", "."}:
                    _demand_name(entry.name.removeprefix("./").rstrip("/"), seen)
                continue
            if not entry.isreg() or entry.issparse():
                raise _refusal(f"has the member {_shown(entry.name)}, which is no plain file")
            name = entry.name.removeprefix("./")
            _demand_name(name, seen)
            budget.member(name, entry.size, 0)
            archive.sizes[name] = entry.size
            if not archive.wanted(name):
                yield name, None
                continue
            member = packed.extractfile(entry)
            assert member is not None  # it is a regular file
            yield name, _content(member, name, entry.size)
    while plain is not file and plain.read(_BLOCK):
        pass  # a packed tar is read to its end, where its checksum stands


def _content(member: IO[bytes], name: str, size: int) -> bytes:
    """Return the content of a member; what was read counts, not what is declared."""
    data = member.read(size + 1)
    while len(data) <= size and (more := member.read(size + 1 - len(data))):
        data += more
    if len(data) != size:
        raise _refusal(f"lies about the size of {_shown(name)}", "upload it again")
    return data


class _Header(tarfile.TarInfo):
    """A header that must be one: `tarfile` takes a damaged one, and the end of a file, for the end of the tar."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Header:
        """Return the header; raises UnreadableError for a damaged one."""
        try:
            return super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if not any(buf) and len(buf) == tarfile.BLOCKSIZE:
                raise  # the block of zeros that ends a tar
            reason = "is cut off" if len(buf) < tarfile.BLOCKSIZE else f"is damaged: {_shown(str(error))}"
            raise _refusal(reason, "upload it again") from None


class _Bounded(io.RawIOBase):
    """A file of which only `left` more bytes may be read; None: as many as there are."""

    def __init__(self, file: IO[bytes], left: int) -> None:
        super().__init__()
        self._file = file
        self.left: int | None = left

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raises UnreadableError when there are too many in all."""
        if self.left is None:
            return self._file.read(size)
        data = self._file.read(min(size, self.left + 1) if size >= 0 else self.left + 1)
        self.left -= len(data)
        if self.left < 0:
            raise _refusal("has too much in it beside its members", _LIMIT_HINT)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._file.tell()

    def seekable(self) -> bool:
        """Return whether one can go to a place."""
        return True


class _Unpacked(io.RawIOBase):
    """The unpacked bytes of a gzip file, refused beyond a limit."""

    def __init__(self, file: IO[bytes], limit: int) -> None:
        super().__init__()
        import gzip  # noqa: PLC0415  most inputs have no archive

        self._packed = _Bounded(file, _SLACK)
        self._file = gzip.GzipFile(fileobj=self._packed)
        self._left = limit

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raises UnreadableError when there are too many in all, or too few for what is packed.

        Nothing that gzip writes is twice as large as its content; a file of empty pieces would never come to an end.
        """
        data = self._file.read(size if 0 <= size < _BLOCK else _BLOCK)
        self._left -= len(data)
        if self._packed.left is not None:
            self._packed.left += 2 * len(data)
        if self._left < 0:
            raise _refusal("unpacks to more than the limit", _LIMIT_HINT)
        return data


@dataclass(slots=True)
class _Budget:
    """How much of an archive may still be read."""

    limits: ReadLimits
    total: int = 0
    packed: int = 0

    def members(self, number: int) -> None:
        """Refuse too many members."""
        if number > self.limits.archive_members:
            raise _refusal(f"has more than {self.limits.archive_members} members", _LIMIT_HINT)

    def member(self, name: str, size: int, packed: int) -> None:
        """Count a member by its declared size, which is compared with what is read."""
        limits = self.limits
        if size > limits.archive_member_bytes:
            raise _refusal(f"has the member {_shown(name)} of {size} bytes", _LIMIT_HINT)
        self.total += size
        self.packed += packed
        if self.total > limits.archive_bytes:
            raise _refusal(f"holds more than {limits.archive_bytes} bytes", _LIMIT_HINT)
        ratio = limits.archive_ratio
        if (size > _SMALL and packed and size > ratio * packed) or (
            self.total > _SMALL and self.packed and self.total > ratio * self.packed
        ):
            raise _refusal(f"unpacks to more than {ratio} times its size at {_shown(name)}", _LIMIT_HINT)


def _demand_name(name: str, seen: set[str]) -> None:
    """Refuse a name that could lead out of a folder, hide something, or be taken for another one."""
    parts = name.split("/")
    unsafe = (
        not name
        or "\\" in name
        or has_control(name)
        or _DRIVE.fullmatch(name) is not None
        or any(part in {"", ".", ".."} or is_device_name(part) or part.endswith((" ", ".")) for part in parts)
        or len(name.encode("utf-8", "surrogatepass")) > ARCHIVE_NAME_BYTES
        or len(parts) > ARCHIVE_DEPTH + 1
    )
    if unsafe:
        raise _refusal(f"has a member with an unsafe name: {_shown(name)}")
    key = unicodedata.normalize("NFC", name).casefold()
    if key in seen:
        raise _refusal(f"has the member {_shown(name)} twice")
    seen.add(key)


def _shown(name: str) -> str:
    return f"`{one_line(clean_name(name))[:120]}`"


def _refusal(reason: str, hint: str = _HINT) -> UnreadableError:
    return UnreadableError(f"the archive {reason}; nothing of it is read", hint)
