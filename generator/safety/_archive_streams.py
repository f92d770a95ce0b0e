"""Files within an archive as streams that end: a bounded list, unpacked bytes, and headers that must be sound."""

from __future__ import annotations

import io
import tarfile
from typing import IO, Final

from generator.safety._archive_rules import LIMIT_HINT, refusal, shown
from generator.safety.limits import KIB

BLOCK: Final = 64 * KIB
"""Bytes that are unpacked at a time."""

SLACK: Final = 1024 * KIB
"""Packed bytes that may be read before anything is unpacked from them."""


class Header(tarfile.TarInfo):
    """A header that must be one: `tarfile` takes a damaged one, and the end of a file, for the end of the tar."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Header:
        """Return the header; raises UnreadableError for a damaged one."""
        try:
            return super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if not any(buf) and len(buf) == tarfile.BLOCKSIZE:
                raise  # the block of zeros that ends a tar
            reason = "is cut off" if len(buf) < tarfile.BLOCKSIZE else f"is damaged: {shown(str(error))}"
            raise refusal(reason, "upload it again") from None


class Bounded(io.RawIOBase):
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
            raise refusal("has too much in it beside its members", LIMIT_HINT)
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


class Unpacked(io.RawIOBase):
    """The unpacked bytes of a gzip file, refused beyond a limit."""

    def __init__(self, file: IO[bytes], limit: int) -> None:
        super().__init__()
        import gzip  # noqa: PLC0415  most inputs have no archive

        self._packed = Bounded(file, SLACK)
        self._file = gzip.GzipFile(fileobj=self._packed)
        self._left = limit

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raises UnreadableError when there are too many in all, or too few for what is packed.

        Nothing that gzip writes is twice as large as its content; a file of empty pieces would never come to an end.
        """
        data = self._file.read(size if 0 <= size < BLOCK else BLOCK)
        self._left -= len(data)
        if self._packed.left is not None:
            self._packed.left += 2 * len(data)
        if self._left < 0:
            raise refusal("unpacks to more than the limit", LIMIT_HINT)
        return data
