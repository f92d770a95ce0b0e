"""Zip archives written field by field, so that any of them can lie."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

STORED, DEFLATED, LZMA, UNKNOWN = 0, 8, 14, 97
PLAIN, LINK, PIPE, DEVICE = 0o100644, 0o120777, 0o010644, 0o020644
_LOCAL: Final = "<4s5H3L2H"
_CENTRAL: Final = "<4s6H3L5H2L"
_END: Final = "<4s4H2LH"


@dataclass(slots=True, kw_only=True)
class Entry:
    """One member as the archive tells it: in front of its content, and in the list at the end."""

    name: bytes
    data: bytes
    packed: bytes
    method: int
    local_name: bytes
    crc: int
    size: int
    local_size: int
    packed_size: int
    flags: int = 0x800
    mode: int = PLAIN
    extra: bytes = b""
    local_extra: bytes = b""
    after: bytes = b""
    before: bytes = b""
    at: int = -1
    """Where the list says that it begins, when that is not where it does."""


def entry(name: str, data: bytes, method: int = DEFLATED) -> Entry:
    """Return an honest member."""
    packed = _deflated(data) if method == DEFLATED else data
    octets = name.encode("utf-8", "surrogatepass")
    return Entry(
        name=octets,
        data=data,
        packed=packed,
        method=method,
        local_name=octets,
        crc=zlib.crc32(data),
        size=len(data),
        local_size=len(data),
        packed_size=len(packed),
    )


def zipped(entries: Sequence[Entry], comment: bytes = b"", number: int | None = None) -> bytes:
    """Return the archive; `number` is how many members it says it has."""
    body, listed = b"", b""
    starts: list[int] = []
    for each in entries:
        body += each.before
        starts.append(len(body))
        fields = (each.flags, each.method, 0, 0x21, each.crc, each.packed_size, each.local_size)
        lengths = (len(each.local_name), len(each.local_extra))
        body += struct.pack(_LOCAL, b"PK\x03\x04", 20, *fields, *lengths)
        body += each.local_name + each.local_extra + each.packed + each.after
    for each, start in zip(entries, starts, strict=True):
        at = start if each.at < 0 else starts[each.at % len(starts)]
        fields = (each.flags, each.method, 0, 0x21, each.crc, each.packed_size, each.size)
        rest = (len(each.name), len(each.extra), 0, 0, 0, each.mode << 16, at)
        listed += struct.pack(_CENTRAL, b"PK\x01\x02", 0x314, 20, *fields, *rest)
        listed += each.name + each.extra
    told = len(entries) if number is None else number
    return (
        body
        + listed
        + struct.pack(_END, b"PK\x05\x06", 0, 0, told, told, len(listed), len(body), len(comment))
        + comment
    )


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def _described(each: Entry) -> None:
    """Put sizes and checksum behind the content, as writers do that cannot seek."""
    each.flags |= 0x8
    each.after = struct.pack("<4s3L", b"PK\x07\x08", each.crc, each.packed_size, each.size)


def _cut_short(each: Entry) -> None:
    """Declare half of the content, with the checksum of that half."""
    each.size = each.local_size = len(each.data) // 2
    each.crc = zlib.crc32(each.data[: each.size])


def _stored_short(each: Entry) -> None:
    """The same, stored: what stands behind the half belongs to nobody."""
    each.method, each.packed = STORED, each.data
    _cut_short(each)
    each.packed_size = each.size


def _other_name(each: Entry) -> None:
    each.local_name = b"other.xml"


def _other_size(each: Entry) -> None:
    each.local_size += 7


def _add(field: str, number: int) -> Callable[[Entry], None]:
    def change(each: Entry) -> None:
        setattr(each, field, max(getattr(each, field) + number, 0))

    return change


def _set(field: str, value: object) -> Callable[[Entry], None]:
    def change(each: Entry) -> None:
        setattr(each, field, value)

    return change


def _flag(bit: int) -> Callable[[Entry], None]:
    def change(each: Entry) -> None:
        each.flags |= bit

    return change


def _method(method: int) -> Callable[[Entry], None]:
    def change(each: Entry) -> None:
        each.method, each.packed = method, each.data
        each.packed_size = len(each.data)

    return change


HARMLESS: Final[dict[str, Callable[[Entry], None]]] = {
    "described": _described,
    "stored": _method(STORED),
    "extra field": _set("extra", struct.pack("<2H", 0x7875, 4) + b"\1\1\1\1"),
    "extra field in front": _set("local_extra", struct.pack("<2H", 0x5455, 5) + b"\1\0\0\0\0"),
    "no mode": _set("mode", 0),
    "other permissions": _set("mode", 0o100777),
}
"""What may be odd about a member that is read all the same."""

REFUSED: Final[dict[str, Callable[[Entry], None]]] = {
    "link": _set("mode", LINK),
    "pipe": _set("mode", PIPE),
    "device": _set("mode", DEVICE),
    "encrypted": _flag(0x1),
    "strongly encrypted": _flag(0x41),
    "other name in front": _other_name,
    "other checksum": _add("crc", 1),
    "smaller size": _add("size", -1),
    "larger size": _add("size", 1),
    "smaller packed size": _add("packed_size", -3),
    "larger packed size": _add("packed_size", 100_000),
    "half with its checksum": _cut_short,
    "unknown method": _method(UNKNOWN),
    "lzma": _method(LZMA),
    "no deflate stream": _method(DEFLATED),
}
"""What makes the whole archive unreadable."""

EITHER: Final[dict[str, Callable[[Entry], None]]] = {
    "other size in front": _other_size,
    "stored half with its checksum": _stored_short,
    "patched": _flag(0x20),
    "masked": _flag(0x2000),
    "code page": _set("flags", 0),
    "junk before": _set("before", b"junk" * 9),
    "broken extra field": _set("extra", b"\1\0\xff\xff"),
    "large extra field": _set("extra", struct.pack("<2HQQ", 1, 16, 5, 5)),
    "at another": _set("at", 0),
    "signature elsewhere": _set("before", b"PK\x03\x04PK\x05\x06PK\x01\x02"),
}
"""What may be read or refused; if it is read, then what was put in."""
