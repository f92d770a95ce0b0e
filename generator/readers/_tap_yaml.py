"""The few scalars of a TAP diagnostic block that are of use: no YAML library, so no anchor, tag or type is resolved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYS: Final = 64
"""Keys of a block that are looked at."""

_KEY: Final = re.compile(r"([A-Za-z_][\w.-]{0,63}|'[^'\n]{1,64}'|\"[^\"\n]{1,64}\")[ \t]*:(?:[ \t]+(.*))?$")
_BLOCK: Final = re.compile(r"[|>][0-9+-]{0,2}(?:[ \t]+#.*)?$")
_ESCAPES: Final = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "/": "/"}


def scalars(text: str) -> Mapping[str, str]:
    """Return the values of the keys of a block, those of a mapping below a key as `key.inner`.

    Quoted and block scalars are unquoted; lists and deeper mappings stay text. What is no mapping gives nothing.
    """
    found: dict[str, str] = {}
    _collect(text.split("\n"), "", found)
    return found


def _collect(lines: list[str], prefix: str, found: dict[str, str]) -> None:
    indent = next((_indent(line) for line in lines if line.strip()), 0)
    place = 0
    while place < len(lines) and len(found) < KEYS:
        line = lines[place]
        place += 1
        key = _KEY.match(line[indent:]) if _indent(line) == indent else None
        if key is None:
            continue
        end = place
        while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > indent):
            end += 1
        _put(found, prefix + key[1].strip("'\""), (key[2] or "").strip(), lines[place:end])
        place = end


def _put(found: dict[str, str], key: str, value: str, below: list[str]) -> None:
    if _BLOCK.match(value):
        found[key] = _dedent(below)
    elif value:
        found[key] = _unquoted(" ".join([value, *(line.strip() for line in below if line.strip())]))
    elif below and "." not in key and _KEY.match(next((line.strip() for line in below if line.strip()), "")):
        _collect(below, f"{key}.", found)
        found.setdefault(key, _dedent(below))
    else:
        found[key] = _dedent(below)


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), value[1:-1])
    return value.partition(" #")[0].rstrip() if value[0] not in "[{" else value


def _dedent(lines: list[str]) -> str:
    margin = min((_indent(line) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:] for line in lines).strip("\n")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
