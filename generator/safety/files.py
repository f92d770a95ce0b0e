"""Bounded reading of regular files, and strict decoding; nothing else of the project opens an artifact."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.safety.text import clean_name, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
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
    with opened_regular(path) as (descriptor, length):
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
    except UnicodeDecodeError as error:
        packed = next((kind for magic, kind in _MAGIC if data.startswith(magic)), "")
        if packed:
            raise UnreadableError(f"is {packed} data, not text", "unpack it before it is read") from None
        name = encoding.removesuffix("-sig").upper()
        raise UnreadableError(
            f"is not {name}: bad byte 0x{data[error.start]:02X} at offset {error.start}", "write the file as UTF-8"
        ) from None


def decode_lossy(data: bytes) -> tuple[str, bool]:
    """Decode like `decode`, with U+FFFD in place of what cannot be read; True when there was such a place."""
    encoding = _encoding(data)
    try:
        return data.decode(encoding), False
    except UnicodeDecodeError:
        return data.decode(encoding, "replace"), True


def _encoding(data: bytes) -> str:
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")


@contextmanager
def opened_regular(path: Path) -> Iterator[tuple[int, int]]:
    """Give an open descriptor of a regular file and its size; what is no regular file is never opened."""
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
        yield descriptor, found.st_size
    except OSError as error:
        raise _refusal(path, error) from None
    finally:
        os.close(descriptor)


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
