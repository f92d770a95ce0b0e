"""A case made smaller as long as it still fails: parts of JSON left out, then pieces of the bytes."""

from __future__ import annotations

import copy
import json
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def smaller(data: bytes, fails: Callable[[bytes], bool], attempts: int, seconds: float) -> bytes:
    """Return the smallest case found within so many attempts and so much time; itself when it does not fail again."""
    ends = time.monotonic() + seconds
    found = data
    for make in (_without_parts, _without_pieces):
        again = True
        while again:
            again = False
            for less in make(found):
                attempts -= 1
                if attempts < 0 or time.monotonic() > ends:
                    return found
                if len(less) < len(found) and fails(less):
                    found, again = less, True
                    break
    return found


def _without_pieces(data: bytes) -> Iterator[bytes]:
    """Yield the bytes without one of their halves, quarters and so on."""
    size = max(len(data) // 2, 1)
    while data:
        for place in range(0, len(data), size):
            yield data[:place] + data[place + size :]
        if size == 1:
            return
        size = max(size // 2, 1)


def _without_parts(data: bytes) -> Iterator[bytes]:
    """Yield a JSON document without one of its members or items, or with half of one of its texts."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return
    for way in list(_ways(document)):
        less = copy.deepcopy(document)
        node = less
        for step in way[:-1]:
            node = node[step]
        last = node[way[-1]]
        del node[way[-1]]
        yield _dumped(less)
        if isinstance(last, str) and len(last) > 1:
            for part in (last[: len(last) // 2], last[len(last) // 2 :], last[:-1], last[1:]):
                shorter = copy.deepcopy(document)
                node = shorter
                for step in way[:-1]:
                    node = node[step]
                node[way[-1]] = part
                yield _dumped(shorter)


def _ways(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*before, key)
        if len(before) < 20:
            yield from _ways(inner, (*before, key))


def _dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
