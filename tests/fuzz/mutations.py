"""Seeded mutations of one file: of its bytes, and of its values where it is JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tests.fuzz.leaks import KEY, TOKEN

if TYPE_CHECKING:
    from random import Random

ODD: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1.5, 10**30, -(10**30), 1e308, "", " ", "\x00"),
    *("\ud800".encode("utf-8", "replace").decode(), "9" * 400, "NaN", "1970-01-01T00:00:00Z", "2070-01-01T00:00:00Z"),
    *("2026-01-01T00:00:00+99:99", "<b>&amp;", "a" * 9000, f"with {TOKEN} and {KEY}", f"{TOKEN} " * 300),
    *("red \x1b[31mand\u202e hidden\u200b", [], {}, [None], [[]], {"": None}, {"name": 1}, [1, "a", {}]),
    *({"status": ["failed"]}, {"0": {"1": {"2": []}}}),
)
"""Values of which a reader expects none where it stands."""

KEYS: Final = (
    *(f"with {TOKEN}", "\u202ehidden", "\x1b[31m\x00", "k" * 9000, "", " ", "__proto__", "name", "<b>", "a\nb", "9"),
)
"""Names of fields that nobody expects."""

PIECES: Final = (
    *(b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b[31m", b"<", b">", b"&", b'"', b"]]>", b"<![CDATA[", b"<!--"),
    *(b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"-1", b"1e999", b"NaN", b"null", b"true", b"{", b"}", b"[", b"]", b","),
    *(b"\n", b"99999999999999999999", b"not ok 1", b"1..3", b"Bail out!", b"end_of_record", b"# SKIP"),
    *(
        f" {TOKEN} ".encode(),
        f" {KEY} ".encode(),
        b"\xe2\x80\xae",
        b"\xc2\x85",
        b"&#0;",
        b"&#x1b;",
        b"\\u0000",
        b"\\ud800",
    ),
)
"""Bytes that mean something in one of the formats."""

_NODES: Final = 400


def mutated(data: bytes, random: Random) -> bytes:
    """Return the file with one to three mutations."""
    for _ in range(random.randint(1, 3)):
        as_json = data[:1] in (b"{", b"[") and random.random() < 0.7
        data = (_value(data, random) if as_json else None) or _bytes(data, random)
    return data


def _bytes(data: bytes, random: Random) -> bytes:
    place = random.randrange(len(data) + 1)
    end = min(len(data), place + random.choice((1, 1, 2, 8, 64, 512)))
    kind = random.randrange(7)
    if kind == 0:
        return data[:place]
    if kind == 1:
        return data[:place] + data[end:]
    if kind == 2:
        return data[:end] + data[place:end] * random.choice((1, 2, 30)) + data[end:]
    if kind == 3:
        return data[:place] + bytes(random.randrange(256) for _ in range(end - place)) + data[end:]
    if kind == 4:
        other = random.randrange(len(data) + 1)
        return data[:place] + data[other : other + 200] + data[place:]
    piece = random.choice(PIECES)
    return data[:place] + piece + data[place if kind == 5 else end :]


def _value(data: bytes, random: Random) -> bytes | None:
    """Put an odd value in the place of one in a JSON document, or of one in a JSON line; None when it is neither."""
    lines = data.split(b"\n")
    whole = _loaded(data)
    if whole is not None:
        return _dumped(_changed(whole, random))
    chosen = random.randrange(len(lines))
    row = _loaded(lines[chosen])
    if row is None:
        return None
    lines[chosen] = _dumped(_changed(row, random))
    return b"\n".join(lines)


def _loaded(data: bytes) -> Any:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def _dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def _changed(document: Any, random: Random) -> Any:
    places: list[tuple[Any, Any]] = []
    waiting = [document]
    while waiting and len(places) < _NODES * 10:
        node = waiting.pop(random.randrange(len(waiting)))
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in list(items)[:_NODES]:
            places.append((node, key))
            if isinstance(value, dict | list):
                waiting.append(value)
    if not places:
        return random.choice(ODD)
    node, key = random.choice(places)
    kind = random.randrange(5)
    if kind == 0 and isinstance(node, dict):
        del node[key]
    elif kind == 1 and isinstance(node, list):
        node.append(node[key])
    elif kind == 2 and isinstance(node, dict):
        node[random.choice(KEYS)] = node[key]
    else:
        node[key] = random.choice(ODD)
    return document
