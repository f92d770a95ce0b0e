"""Tar archives written field by field, so that any of them can lie."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BLOCK: Final = 512
END: Final = b"\0" * (2 * BLOCK)
FILE, OLD_FILE, HARD, LINK, CHARACTER, DEVICE, FOLDER, PIPE, SPARSE = (
    b"0",
    b"\0",
    b"1",
    b"2",
    b"3",
    b"4",
    b"5",
    b"6",
    b"S",
)


@dataclass(slots=True, kw_only=True)
class Entry:
    """One member: its header, its content, and headers that stand before it."""

    name: str
    data: bytes
    kind: bytes = FILE
    link: bytes = b""
    size: bytes = b""
    """As it stands in the header; else octal digits of the real size."""
    check: int = 0
    """What is added to the checksum."""
    magic: bytes = b"ustar\00000"
    before: bytes = b""
    is_padded: bool = True


def entry(name: str, data: bytes) -> Entry:
    """Return an honest member; a long name goes into a header of its own."""
    octets = name.encode("utf-8", "surrogatepass")
    before = extended({"path": octets}) if len(octets) > 99 else b""
    return Entry(name=octets[:99].decode("utf-8", "ignore") if before else name, data=data, before=before)


def tarred(entries: Sequence[Entry], end: bytes = END) -> bytes:
    """Return the archive."""
    return b"".join(each.before + header(each) + padded(each.data, each.is_padded) for each in entries) + end


def packed(data: bytes) -> bytes:
    """Return it packed by gzip, the same in each run."""
    return gzip.compress(data, mtime=0)


def padded(data: bytes, is_padded: bool = True) -> bytes:  # noqa: FBT001, FBT002 - what a tar does
    """Return content as it stands: filled up to a block."""
    return data + b"\0" * (-len(data) % BLOCK if is_padded else 0)


def header(each: Entry) -> bytes:
    """Return the block in front of a member."""
    name = each.name.encode("utf-8", "surrogatepass")[:100].ljust(100, b"\0")
    size = (each.size or b"%011o\0" % len(each.data))[:12].ljust(12, b"\0")
    start = name + b"0000644\0" + b"0000000\0" * 2 + size + b"00000000000\0"
    end = each.kind + each.link[:100].ljust(100, b"\0") + each.magic + b"\0" * (255 - 8)
    block = (start + b" " * 8 + end)[:BLOCK].ljust(BLOCK, b"\0")
    total = sum(block) + each.check
    return block[:148] + b"%06o\0 " % (total & 0o777777) + block[156:]


def extended(fields: dict[str, bytes], kind: bytes = b"x") -> bytes:
    """Return a PAX header with these fields."""
    records = b"".join(_record(key.encode(), value) for key, value in fields.items())
    return header(Entry(name="PaxHeaders/x", data=records, kind=kind)) + padded(records)


def long_name(name: bytes, kind: bytes = b"L") -> bytes:
    """Return a GNU header with the name of the next member."""
    return header(Entry(name="././@LongLink", data=name + b"\0", kind=kind)) + padded(name + b"\0")


def _record(key: bytes, value: bytes) -> bytes:
    length = len(key) + len(value) + 3
    while len(b"%d" % length) + len(key) + len(value) + 3 != length:
        length = len(b"%d" % length) + len(key) + len(value) + 3
    return b"%d %s=%s\n" % (length, key, value)


def _set(**fields: object) -> Callable[[Entry], None]:
    def change(each: Entry) -> None:
        for name, value in fields.items():
            setattr(each, name, value)

    return change


def _before(header: bytes) -> Callable[[Entry], None]:
    def change(each: Entry) -> None:
        each.before += header

    return change


def _pax_size(number: int) -> Callable[[Entry], None]:
    def change(each: Entry) -> None:
        each.before += extended({"size": b"%d" % (len(each.data) + number)})

    return change


def _gnu_name(each: Entry) -> None:
    each.before = long_name(each.name.encode("utf-8", "surrogatepass"))
    each.name = "short.xml"


def _link_path(each: Entry) -> None:
    each.kind = LINK
    each.before += extended({"linkpath": b"../x"})


def _big_size(each: Entry) -> None:
    each.size = b"\x80" + len(each.data).to_bytes(11, "big")


HARMLESS: Final[dict[str, Callable[[Entry], None]]] = {
    "old": _set(kind=OLD_FILE),
    "contiguous": _set(kind=b"7"),
    "link name of a file": _set(link=b"/etc/passwd"),
    "time field": _before(extended({"mtime": b"1.5", "comment": b"c"})),
    "size as bytes": _big_size,
    "global field": _before(extended({"comment": b"c"}, b"g")),
}
"""What may be odd about a member that is read all the same."""

REFUSED: Final[dict[str, Callable[[Entry], None]]] = {
    "hard link": _set(kind=HARD, link=b"a.xml"),
    "link": _set(kind=LINK, link=b"/etc/passwd"),
    "link by its path": _link_path,
    "character device": _set(kind=CHARACTER),
    "device": _set(kind=DEVICE),
    "pipe": _set(kind=PIPE),
    "sparse": _set(kind=SPARSE),
    "sparse by its field": _before(extended({"GNU.sparse.map": b"0,5", "GNU.sparse.size": b"5"})),
    "unknown kind": _set(kind=b"Z"),
    "volume": _set(kind=b"V"),
    "other checksum": _set(check=1),
    "name out of the folder": _set(before=extended({"path": b"../../x.xml"})),
    "long name out of the folder": _set(before=long_name(b"/etc/x.xml")),
    "name with a line end": _set(before=extended({"path": b"a\nb.xml"})),
}
"""What makes the whole archive unreadable."""

EITHER: Final[dict[str, Callable[[Entry], None]]] = {
    "gnu name": _gnu_name,
    "larger size by its field": _pax_size(100_000),
    "smaller size by its field": _pax_size(-1),
    "size below nothing": _set(size=b"\xff" * 12),
    "huge size": _set(size=b"77777777777\0"),
    "no number": _set(size=b"zzzz\0"),
    "name in another set": _set(before=extended({"hdrcharset": b"BINARY", "path": b"\xff\xfe.xml"})),
    "name with an end": _set(before=extended({"path": b"a.xml\0/../b"})),
    "no padding": _set(is_padded=False),
    "no mark": _set(magic=b"\0" * 8),
    "broken field": _set(before=header(Entry(name="x", data=b"99999 path=", kind=b"x")) + padded(b"99999 path=")),
    "field of nothing": _set(before=header(Entry(name="x", data=b"", kind=b"x"))),
    "fields in a row": _before(extended({"comment": b"a"}) * 30),
    "folder of old kind": _set(name="a/"),
    "solaris field": _set(before=extended({"path": b"b.xml"}, b"X")),
}
"""What may be read or refused; if it is read, under a safe name."""
