"""Why a JSON document that parses elsewhere is refused here, and at which character."""

from __future__ import annotations

import json
import math
import re
from typing import Final

from generator.safety.limits import NUMBER_CHARS
from generator.safety.text import clean_name, one_line

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


def complaint(text: str, depth: int) -> tuple[str, int]:
    """Say what strict reading refuses in a text that is JSON otherwise, `depth` levels deep at most, and where."""
    keys: list[set[str]] = []  # of each object and list that is open
    for found in _TOKEN.finditer(text):
        piece, place = found.group(), found.start()
        reason = ""
        if piece in "{[":
            keys.append(set())
            reason = f"nested deeper than {depth}" if len(keys) > depth else ""
        elif piece in "}]":
            del keys[-1:]
        elif piece[0] == '"':
            if keys and text[found.end() : found.end() + 64].lstrip()[:1] == ":":
                reason = _twice(piece, keys[-1])
        else:
            reason = _bad_number(piece)
        if reason:
            return reason, place
    return "not plain JSON", 0


def _twice(key: str, keys: set[str]) -> str:
    try:
        name = str(json.loads(key, strict=False))
    except ValueError:
        name = key
    if name in keys:
        return f'the key "{one_line(clean_name(name))[:80]}" is given twice'
    keys.add(name)
    return ""


def _bad_number(piece: str) -> str:
    if piece in {"NaN", "Infinity", "-Infinity"}:
        return f"{piece} is not a number of JSON"
    if len(piece) > NUMBER_CHARS:
        return f"a number has more than {NUMBER_CHARS} characters"
    try:
        return "" if math.isfinite(float(piece)) else "a number is not finite"
    except ValueError:
        return ""
