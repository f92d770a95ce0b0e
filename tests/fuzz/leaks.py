"""Whether a text holds what tells a secret, as it stands or decoded once; and every text within a record."""

from __future__ import annotations

import base64
import binascii
import html
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from tests.safety.invented import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN: Final = TABLE[0][1]
"""One secret that is found wherever it stands."""

KEY: Final = next(secret for kind, secret, _ in TABLE if kind == "google-api-key")
"""Another one, which is told only by its length, so that half of it would be left."""

_WINDOW: Final = 10
_LONG: Final = 32
_PREFIX: Final = 12  # of a long secret: the part that is the same in all of its kind
_RUN: Final = re.compile(r"[A-Za-z0-9]+")
_MARKS: Final = re.compile(r"\u2039U\+[0-9A-F]{4,6}\u203a")
_ESCAPES: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{24,}")


def windows(secret: str) -> frozenset[str]:
    """Return every run of ten letters and digits that is the secret's own; all of a shorter one."""
    own = secret[_PREFIX:] if len(secret) >= _LONG else secret
    found = {
        run[place : place + _WINDOW]
        for run in _RUN.findall(own)
        for place in range(len(run) - _WINDOW + 1)
        if len(set(run[place : place + _WINDOW])) > 4
    }
    return frozenset(found or {secret})


def leaked(text: str, secret: str) -> str:
    """Return the first part of a secret that a text holds, in whatever view; empty when there is none."""
    parts = windows(secret)
    for view in views(text):
        for part in parts:
            if part in view:
                return part
    return ""


def is_whole(text: str, secret: str) -> bool:
    """Tell whether a text holds a secret, and no part of it but within the whole."""
    return secret in text and {text.count(part) for part in windows(secret)} == {text.count(secret)}


def views(text: str) -> Iterator[str]:
    """Yield a text without the marks of invisible characters, and its decodings."""
    bare = _MARKS.sub("", text)
    yield bare
    if "%" in bare:
        yield unquote(bare, errors="replace")
    if "&" in bare:
        yield html.unescape(bare)
    if "\\" in bare:
        yield _ESCAPES.sub(lambda found: chr(int(found[1], 16)), bare)
    for run in _BASE64.findall(bare):
        try:
            octets = run[: len(run) // 4 * 4].replace("-", "+").replace("_", "/")
            yield base64.b64decode(octets).decode("latin-1")
        except binascii.Error:
            continue


def texts(value: object) -> Iterator[str]:
    """Yield every text within plain JSON, keys of objects as well."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            waiting += item
