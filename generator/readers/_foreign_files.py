"""Names for the test files of a report that was written on another computer: the same wherever the tests ran."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_DEEPEST: Final = 32
"""Folders that are added at most to tell two files apart."""

_SCHEME: Final = re.compile(r"(?:file://|file:|classpath:)(?=.)")
_ABSOLUTE: Final = re.compile(r"/|[A-Za-z]:/")
_HOMES: Final = frozenset({"home", "Users"})
_ANCHORS: Final = frozenset(
    (
        *("packages", "libs", "modules", "apps", "src", "source", "lib", "test", "tests", "__tests__", "spec", "specs"),
        *("e2e", "cypress", "features", "integration_test", "unit", "integration"),
    )
)
"""Folders in which code and tests commonly lie, right below the root of a project."""


def suite_names(paths: Iterable[str]) -> dict[str, str]:
    """Return for each path a name that depends on the path alone, so that it lasts when files come and go.

    A relative path stays as it is. Of an absolute one is kept what begins at its first folder that commonly holds code
    or tests (`src`, `test`, `packages` …), or what follows its first doubled folder (`shop/shop`, as checkouts lie in
    CI), whichever comes first; where there is neither, the last two parts. Paths that would get one name get as many
    parts more as tell them apart.
    """
    names: dict[str, str] = {}
    taken: dict[str, list[tuple[str, list[str], int]]] = {}
    for path in sorted(set(paths)):
        parts, start = _split(path)
        names[path] = "/".join(parts[start:])
        taken.setdefault(names[path], []).append((path, parts, start))
    for group in taken.values():
        whole = {"/".join(parts) for _, parts, _ in group}
        if len(whole) > 1:
            names |= _longer(group, len(whole))
    return names


def _longer(group: list[tuple[str, list[str], int]], wanted: int) -> dict[str, str]:
    """Return names with as many parts more as it takes to tell `wanted` paths apart."""
    names: dict[str, str] = {}
    for more in range(1, min(max(start for _, _, start in group), _DEEPEST) + 1):
        names = {path: "/".join(parts[max(start - more, 0) :]) for path, parts, start in group}
        if len(set(names.values())) == wanted:
            break
    return names


def _split(path: str) -> tuple[list[str], int]:
    """Return the parts of a path and the place at which its name begins."""
    text = _SCHEME.sub("", path.strip(), count=1).replace("\\", "/")
    absolute = _ABSOLUTE.match(text)
    text = text[absolute.end() :] if absolute else text
    parts = [part for part in text.split("/") if part not in ("", ".")]
    return parts, _start(parts) if absolute else 0


def _start(parts: list[str]) -> int:
    first = 2 if parts and parts[0] in _HOMES else 0
    for place in range(first, len(parts) - 1):
        if parts[place] in _ANCHORS and not (place == 1 and parts[0] == "usr"):
            return place
        if place and parts[place] == parts[place - 1]:
            return place + 1
    return max(len(parts) - 2, 0)
