"""Keys, stamps, times, commits, content hashes, and paths of another computer."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from generator.safety.limits import NAME_BYTES, TREE_DEPTH
from generator.safety.text import has_control

if TYPE_CHECKING:
    from collections.abc import Collection

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.ASCII | re.IGNORECASE)
_STAMP = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z", re.ASCII)
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:[Zz]|([+-])([0-9]{2}):?([0-9]{2}))?",
    re.ASCII,
)
_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}", re.ASCII)
_DRIVE = re.compile(r"[A-Za-z]:.*", re.ASCII | re.DOTALL)
_YEARS = range(1990, 2201)  # outside, a clock was wrong or the text is hostile; it would stretch every axis


def is_key(text: str) -> bool:
    """Tell whether a text may be part of a path: 1 to 64 of `A-Za-z0-9._-`, no trailing dot, no Windows device name."""
    return _KEY.fullmatch(text) is not None and not text.endswith(".") and _DEVICE.fullmatch(text) is None


def is_device_name(text: str) -> bool:
    """Tell whether a name stands for a device on Windows, with or without an ending."""
    return _DEVICE.fullmatch(text) is not None


def key_or_hash(text: str, prefix: str) -> str:
    """Return the text itself when it is a key, otherwise `<prefix>-<16 hex of its SHA-256>`."""
    return text if is_key(text) else f"{prefix}-{hashlib.sha256(_octets(text)).hexdigest()[:16]}"


def parse_stamp(text: str) -> datetime | None:
    """Read a run stamp `YYYYMMDDTHHMMSSZ` as UTC; None when it is no real date of the years 1990 to 2200."""
    found = _STAMP.fullmatch(text)
    return _moment(found.groups(), 0, UTC) if found else None


def parse_time(text: str) -> datetime | None:
    """Read a run stamp or RFC 3339 with up to nanoseconds (cut to microseconds); without zone it is UTC.

    The result is aware and in UTC; None for anything else and for years outside 1990 to 2200.
    """
    found = _TIME.fullmatch(text)
    if found is None:
        return parse_stamp(text)
    fraction, sign, hours, minutes = found.groups()[6:]
    zone = UTC
    if sign:
        if int(hours) > 23 or int(minutes) > 59:
            return None
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        zone = timezone(-offset if sign == "-" else offset)
    return _moment(found.groups()[:6], int((fraction or "0").ljust(6, "0")[:6]), zone)


def is_commit(text: str) -> bool:
    """Tell whether a text can be a commit id: 7 to 64 hexadecimal digits."""
    return _COMMIT.fullmatch(text) is not None


def content_id(prefix: str, *parts: str, size: int = 8) -> str:
    """Return `<prefix>-<hex>`: BLAKE2b of `size` bytes over the parts.

    Each part goes in after its length, so that no two different lists are joined alike.
    """
    return f"{prefix}-{_digest(parts, size).hex()}"


def test_id(*parts: str) -> int:
    """Return the signed 64-bit content hash of the parts, as Parquet stores it."""
    return int.from_bytes(_digest(parts, 8), "big", signed=True)


def reanchor(path: str, folder_names: Collection[str]) -> str | None:
    """Return the part of a foreign path behind its last component that is one of the folder names, with `/`.

    The path may be POSIX or Windows. None when no component matches, when nothing follows, or when what follows has
    `..`, `.`, empty parts, control characters, a drive, or more or longer parts than the limits allow.
    """
    parts = re.split(r"[\\/]", path) if "\\" in path else path.split("/")
    if ".." in parts or has_control(path):
        return None
    last = max((place for place, part in enumerate(parts) if part in folder_names), default=-1)
    rest = parts[last + 1 :]
    if last < 0 or not 0 < len(rest) <= TREE_DEPTH:
        return None
    return None if any(_is_unfit(part) for part in rest) else "/".join(rest)


def _is_unfit(part: str) -> bool:
    return part in {"", "."} or _DRIVE.fullmatch(part) is not None or len(part.encode()) > NAME_BYTES


def _moment(fields: tuple[str | None, ...], microsecond: int, zone: timezone) -> datetime | None:
    year, month, day, hour, minute, second = (int(field or "0") for field in fields)
    if year not in _YEARS:
        return None
    try:
        return datetime(year, month, day, hour, minute, second, microsecond, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _digest(parts: tuple[str, ...], size: int) -> bytes:
    state = hashlib.blake2b(digest_size=size)
    for part in parts:
        octets = _octets(part)
        state.update(b"%d:" % len(octets))
        state.update(octets)
    return state.digest()


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
