"""Bounded reading of regular files, and strict decoding; nothing else of the project opens an artifact."""

from __future__ import annotations

import codecs
import errno
import os
import stat
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.safety.text import clean_name, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_CAUSES: Final = {
    errno.ENOENT: ("does not exist", "check the path, or whether the step that writes it ran"),
    errno.ENOTDIR: ("does not exist: a folder on its path is a file", "check the path"),
    errno.EACCES: ("may not be read", "check the permissions of the file and its folders"),
    errno.EPERM: ("may not be read", "check the permissions of the file and its folders"),
    errno.ELOOP: ("is a symbolic link", "put the file itself in its place"),
    errno.ENAMETOOLONG: ("has a name that is too long", "rename the file"),
}
_KINDS: Final = (
    (stat.S_ISLNK, "is a symbolic link", "put the file itself in its place"),
    (stat.S_ISDIR, "is a folder, not a file", "name a file in it"),
    (stat.S_ISFIFO, "is a pipe, not a file", "write the report to a regular file"),
    (stat.S_ISSOCK, "is a socket, not a file", "write the report to a regular file"),
)
_MAGIC: Final = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"x\x01", "zlib"),
    (b"x\x9c", "zlib"),
    (b"x\xda", "zlib"),
)
_MARKS: Final = (  # UTF-32 before UTF-16: its little-endian mark begins with that of UTF-16
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)

_BEGINNING: Final = 8  # more than any mark or magic number is long


def read_bytes(path: Path, limit: int) -> bytes:
    """Read a regular file of at most `limit` bytes; UnreadableError says why not and what to do."""
    with opened_regular(path) as (descriptor, size):
        data = _read(descriptor, limit + 1) if size <= limit else b""
    if size > limit or len(data) > limit:
        raise UnreadableError(
            f"{_name(path)} is larger than {limit} bytes", "split it, leave it out, or raise the limit in the settings"
        )
    return data


def read_chunks(path: Path, limit: int, size: int = 1 << 16) -> Iterator[bytes]:
    """Yield a regular file of at most `limit` bytes piece by piece; UnreadableError as of `read_bytes`."""
    descriptor, length = _open(path)  # not `opened_regular`: this is done for each of 200 000 files
    try:
        if length > limit:
            raise UnreadableError(
                f"{_name(path)} is larger than {limit} bytes",
                "split it, leave it out, or raise the limit in the settings",
            )
        total = 0
        while piece := os.read(descriptor, size):
            total += len(piece)
            if total > limit:
                raise UnreadableError(
                    f"{_name(path)} grew over {limit} bytes",
                    "split it, leave it out, or raise the limit in the settings",
                )
            yield piece
    except OSError as error:
        raise _refusal(path, error) from None
    finally:
        os.close(descriptor)


def read_head_tail(path: Path, head: int, tail: int) -> tuple[bytes, bool]:
    """Read the first `head` and the last `tail` bytes of a file of any size; True when some in between were not read.

    Both pieces end at a line or word, so that no token is cut in two; a visible line between them says what is missing.
    """
    with opened_regular(path) as (descriptor, _):
        data = _read(descriptor, head + tail + 1)
        if len(data) <= head + tail:
            return data, False
        size = os.fstat(descriptor).st_size
        os.lseek(descriptor, max(size - tail, head), os.SEEK_SET)
        first, last = _whole_words(data[:head]), _whole_words(_read(descriptor, tail)[::-1])[::-1]
    missing = max(size - len(first) - len(last), 0)
    return b"%s\n%s\n%s" % (first, f"‹… {missing} bytes not read …›".encode(), last), True


def decode(data: bytes) -> str:
    """Decode UTF-8, or UTF-16/32 with a byte order mark, strictly; UnreadableError names the first bad byte."""
    encoding = _encoding(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:  # of what follows the mark of UTF-8
        raise _undecodable(error, encoding, data[:_BEGINNING], len(data) - len(error.object)) from None


def decode_lossy(data: bytes) -> tuple[str, bool]:
    """Decode like `decode`, with U+FFFD in place of what cannot be read; True when there was such a place."""
    encoding = _encoding(data)
    try:
        return data.decode(encoding), False
    except UnicodeDecodeError:
        return data.decode(encoding, "replace"), True


def decoded(pieces: Iterable[bytes], *, lossy: bool = False) -> Iterator[str]:
    """Yield the text of what is read in pieces, as `decode` would return it, or `decode_lossy`; errors as of `decode`.

    The pieces may be cut anywhere; what is decoded before a bad byte was yielded already.
    """
    source = iter(pieces)
    head = b""
    for piece in source:
        head += piece
        if len(head) >= _BEGINNING:
            break
    encoding = _encoding(head)
    place = len(codecs.BOM_UTF8) if encoding == "utf-8-sig" else 0
    name = encoding.removesuffix("-sig")
    decoder = codecs.getincrementaldecoder(name)("replace" if lossy else "strict")
    try:
        for piece in chain((head[place:],), source):
            if text := decoder.decode(piece):
                yield text
            place += len(piece)
        if text := decoder.decode(b"", final=True):
            yield text
    except UnicodeDecodeError as error:
        waiting = len(decoder.getstate()[0])  # the beginning of a character, of the pieces before
        raise _undecodable(error, name, head[:_BEGINNING], place - waiting) from None


def _undecodable(error: UnicodeDecodeError, encoding: str, head: bytes, before: int) -> UnreadableError:
    """Return how to say that bytes are no text; so many of them lie before those that the error is about."""
    packed = next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")
    if packed:
        return UnreadableError(f"is {packed} data, not text", "unpack it before it is read")
    name = encoding.removesuffix("-sig").upper()
    byte = error.object[error.start]
    return UnreadableError(
        f"is not {name}: bad byte 0x{byte:02X} at offset {before + error.start}", "write the file as UTF-8"
    )


def _encoding(data: bytes) -> str:
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")


@contextmanager
def opened_regular(path: Path) -> Iterator[tuple[int, int]]:
    """Give an open descriptor of a regular file and its size; what is no regular file is never opened."""
    descriptor, size = _open(path)
    try:
        yield descriptor, size
    except OSError as error:
        raise _refusal(path, error) from None
    finally:
        os.close(descriptor)


def _open(path: Path) -> tuple[int, int]:
    """Return a descriptor of a regular file, to be closed by the caller, and its size; raises UnreadableError."""
    try:
        _demand_regular(path, os.lstat(path).st_mode)
        descriptor = os.open(path, _FLAGS)
    except ValueError:
        raise UnreadableError("a path holds a NUL character", "rename the file") from None
    except OSError as error:
        raise _refusal(path, error) from None
    try:
        found = os.fstat(descriptor)
        _demand_regular(path, found.st_mode)  # it may have been exchanged since lstat
    except OSError as error:
        os.close(descriptor)
        raise _refusal(path, error) from None
    except UnreadableError:
        os.close(descriptor)
        raise
    return descriptor, found.st_size


def _demand_regular(path: Path, mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    for test, cause, hint in _KINDS:
        if test(mode):
            raise UnreadableError(f"{_name(path)} {cause}", hint)
    raise UnreadableError(f"{_name(path)} is a device, not a file", "write the report to a regular file")


def _refusal(path: Path, error: OSError) -> UnreadableError:
    cause, hint = _CAUSES.get(error.errno or 0, ("cannot be read", "check the disk and the permissions"))
    return UnreadableError(f"{_name(path)} {cause}", hint)


def _name(path: Path) -> str:
    """Name a file for a message: its last part only, cleaned, because file names are untrusted, too."""
    return one_line(clean_name(path.name or "."))


def _read(descriptor: int, limit: int) -> bytes:
    pieces: list[bytes] = []
    while limit > 0 and (piece := os.read(descriptor, min(limit, 1 << 20))):
        pieces.append(piece)
        limit -= len(piece)
    return b"".join(pieces)


def _whole_words(piece: bytes) -> bytes:
    """Drop what follows the last line end, or else the last space, near the end of a piece."""
    for mark in (b"\n", b" "):
        place = piece.rfind(mark, max(0, len(piece) - 8192))
        if place >= 0:
            return piece[:place]
    return piece
