"""Archives read member by member and never extracted; one bad member refuses the whole archive.

The first reading checks everything and keeps nothing; the content is read again when a member is first asked for.
"""

from __future__ import annotations

import os
import stat
import tarfile
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.safety import _zip_members
from generator.safety._archive_rules import Budget, demand_name, refusal, shown
from generator.safety._archive_streams import BLOCK, SLACK, Bounded, Header, Unpacked
from generator.safety.files import opened_regular
from generator.safety.limits import KIB
from generator.safety.text import clean_name, one_line

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from generator.safety.limits import ReadLimits

ENDINGS: Final = (".zip", ".tar", ".tar.gz", ".tgz")
"""How the names of archives end that are read; a tar may be packed by gzip."""

OTHERS: Final = (".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tar.zst", ".tzst", ".7z", ".rar")
"""How the names of archives end that are refused."""

_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENTRY: Final = 4 * KIB
"""Bytes that the lists and headers of an archive may take for each of its members."""

_ZIP_HEADER: Final = 30
"""Least bytes before the content of a member; its name comes on top."""

_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_BROKEN: Final = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


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


def members(path: Path, limits: ReadLimits) -> Iterator[tuple[str, bytes]]:
    """Yield each file of an archive with its content, one at a time; UnreadableError at the first that is not safe.

    Those before it were yielded: who wants all or none reads to the end before anything is used.
    """
    for name, data in _walk(Archive(path=path, limits=limits, wanted=lambda _: True)):
        assert data is not None  # all are wanted
        yield name, data


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
                raise refusal("is no archive of a known kind", "write a .zip, .tar or .tar.gz")
        except UnreadableError:
            raise
        except _BROKEN as error:
            reason = one_line(clean_name(str(error)))[:120]
            raise refusal(f"is broken: {reason or type(error).__name__}", "upload it again") from None


def _is_tar(file: IO[bytes]) -> bool:
    """Tell whether a file has the mark of a tar in its first header, or nothing but zeros."""
    head = file.read(512)
    file.seek(0)
    return len(head) == 512 and (head[257:262] == b"ustar" or not head.strip(b"\0"))


def _zip(archive: Archive, file: IO[bytes], seen: set[str]) -> Iterator[tuple[str, bytes | None]]:
    budget = Budget(archive.limits)
    listing = Bounded(file, _ENTRY * archive.limits.archive_members + SLACK)
    with zipfile.ZipFile(listing) as packed:
        listing.left = None
        entries = packed.infolist()
        budget.members(len(entries))
        if _zip_members.declared(file) not in {None, len(entries)}:
            raise refusal("does not list as many members as it says", "upload it again")
        _refuse_overlaps(entries)
        for entry in entries:
            _demand_plain(entry)
            if entry.is_dir():
                demand_name(entry.filename.rstrip("/"), seen)
                if entry.file_size:
                    raise refusal(f"has the folder {shown(entry.filename)} with content")
                continue
            demand_name(entry.filename, seen)
            budget.member(entry.filename, entry.file_size, entry.compress_size)
            archive.sizes[entry.filename] = entry.file_size
            if not archive.wanted(entry.filename):
                yield entry.filename, None
                continue
            if entry.compress_type not in _METHODS:
                raise refusal(f"packs {shown(entry.filename)} in a way that is not read", "use deflate")
            yield entry.filename, _zip_members.content(file, entry)


def _demand_plain(entry: zipfile.ZipInfo) -> None:
    """Refuse a member of a zip that is neither a file nor a folder, or whose content or name is hidden."""
    mode = entry.external_attr >> 16
    if not entry.filename:
        raise refusal("has a member without a name")
    if entry.flag_bits & 0x1:
        raise refusal(f"has the encrypted member {shown(entry.filename)}", "pack it without a password")
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise refusal(f"has the member {shown(entry.filename)}, which is no plain file")
    if entry.orig_filename != entry.filename:  # cut at a NUL, or with another separator
        raise refusal(f"has a member with an unsafe name: {shown(entry.orig_filename)}")


def _refuse_overlaps(entries: list[zipfile.ZipInfo]) -> None:
    end = 0
    for entry in sorted(entries, key=lambda item: item.header_offset):
        if entry.header_offset < end:
            raise refusal(f"has members that overlap: {shown(entry.filename)}")
        end = entry.header_offset + _ZIP_HEADER + entry.compress_size


def _tar(archive: Archive, file: io.BufferedReader, seen: set[str], size: int) -> Iterator[tuple[str, bytes | None]]:
    budget = Budget(archive.limits)
    budget.packed = max(size, 1)
    headers = _ENTRY * archive.limits.archive_members
    plain = Unpacked(file, archive.limits.archive_bytes + headers) if file.peek(2)[:2] == _GZIP else file
    with tarfile.open(fileobj=plain, mode="r|", tarinfo=Header) as packed:
        for number, entry in enumerate(packed, 1):
            budget.members(number)
            if entry.isdir():
                if entry.name.strip("/") not in {"", "."}:
                    demand_name(entry.name.removeprefix("./").rstrip("/"), seen)
                continue
            if not entry.isreg() or entry.issparse():
                raise refusal(f"has the member {shown(entry.name)}, which is no plain file")
            name = entry.name.removeprefix("./")
            demand_name(name, seen)
            budget.member(name, entry.size, 0)
            archive.sizes[name] = entry.size
            if not archive.wanted(name):
                yield name, None
                continue
            member = packed.extractfile(entry)
            assert member is not None  # it is a regular file
            yield name, _content(member, name, entry.size)
    while plain is not file and plain.read(BLOCK):
        pass  # a packed tar is read to its end, where its checksum stands


def _content(member: IO[bytes], name: str, size: int) -> bytes:
    """Return the content of a member; what was read counts, not what is declared."""
    data = member.read(size + 1)
    while len(data) <= size and (more := member.read(size + 1 - len(data))):
        data += more
    if len(data) != size:
        raise refusal(f"lies about the size of {shown(name)}", "upload it again")
    return data
