"""The content of a member of a zip, read by its own header: nothing may disagree, nothing may be left over."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import IO, Final

_HEADER: Final = struct.Struct("<4s5H3I2H")
_SIGNATURE: Final = b"PK\x03\x04"
_END: Final = struct.Struct("<4s4H2IH")
_END_SIGNATURE: Final = b"PK\x05\x06"
_LONGEST_COMMENT: Final = 0xFFFF
_ELSEWHERE: Final = 0x08
"""Flag: sizes and checksum stand behind the content, zeros in the header."""

_UTF8: Final = 0x800
_IN_EXTRA: Final = 0xFFFFFFFF
_OVERHEAD: Final = 1024
"""Bytes that packing may add; more has something hidden in it."""


def content(file: IO[bytes], entry: zipfile.ZipInfo) -> bytes:
    """Return the unpacked content of a member; BadZipFile when header, sizes, checksum and content do not agree."""
    file.seek(entry.header_offset)
    head = file.read(_HEADER.size)
    if len(head) != _HEADER.size or head[:4] != _SIGNATURE:
        raise zipfile.BadZipFile("a member does not begin where the list says")
    _, _, flags, method, _, _, checksum, packed, size, name_length, extra_length = _HEADER.unpack(head)
    name = file.read(name_length).decode("utf-8" if flags & _UTF8 else "cp437", "replace")
    if name != entry.orig_filename or method != entry.compress_type or flags & 1:
        raise zipfile.BadZipFile("the header of a member disagrees with the list")
    if not flags & _ELSEWHERE and _IN_EXTRA not in {packed, size}:
        stated = (checksum, packed, size)
        if stated != (entry.CRC, entry.compress_size, entry.file_size):
            raise zipfile.BadZipFile("the sizes of a member disagree with the list")
    if entry.compress_size > entry.file_size + entry.file_size // 100 + _OVERHEAD:
        raise zipfile.BadZipFile("a member is packed into more than it holds")
    file.seek(extra_length, 1)
    data = file.read(entry.compress_size)
    if len(data) != entry.compress_size:
        raise zipfile.BadZipFile("a member is cut off")
    found = data if method == zipfile.ZIP_STORED else _inflated(data, entry.file_size)
    if len(found) != entry.file_size or zlib.crc32(found) != entry.CRC:
        raise zipfile.BadZipFile("a member is not what its size and checksum say")
    return found


def declared(file: IO[bytes]) -> int | None:
    """Return how many members the end of the archive declares; None where it says that elsewhere."""
    file.seek(0, 2)
    start = max(file.tell() - _END.size - _LONGEST_COMMENT, 0)
    file.seek(start)
    tail = file.read()
    place = tail.rfind(_END_SIGNATURE)
    if place < 0 or len(tail) - place < _END.size:
        raise zipfile.BadZipFile("the end of the archive is missing")
    number = int(_END.unpack_from(tail, place)[4])
    return None if number == 0xFFFF else number


def _inflated(data: bytes, size: int) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    found = inflater.decompress(data, size + 1)
    if not inflater.eof or inflater.unused_data or inflater.unconsumed_tail:
        raise zipfile.BadZipFile("a member ends elsewhere than the list says")
    return found
