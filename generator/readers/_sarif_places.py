"""Where a SARIF result was found: a path without what is another computer's alone, and a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from generator.readers._sarif_values import index, mapping, objects, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_ROOTS: Final = 50
"""Base folders that are looked at."""

_DRIVE: Final = re.compile(r"/[A-Za-z]:/")


class Places:
    """The artifacts and base folders of one run; nothing they name is ever opened."""

    def __init__(self, run: Mapping[str, object]) -> None:
        self._artifacts = objects(run.get("artifacts"))
        bases = mapping(run.get("originalUriBaseIds"))
        self._bases = {name: _path(text(mapping(base).get("uri"))) for name, base in bases.items()}
        working = (mapping(one.get("workingDirectory")) for one in objects(run.get("invocations")))
        folders = {*self._bases.values(), *(_path(text(folder.get("uri"))) for folder in working)}
        roots = sorted((f"{folder.rstrip('/')}/" for folder in folders if _is_absolute(folder)), key=len, reverse=True)
        self._roots = tuple(root for root in roots if root.strip("/"))[:_ROOTS]
        self._known: dict[tuple[str, str], str] = {}

    def of(self, result: Mapping[str, object]) -> tuple[str, int | None]:
        """Return path, not yet clean, and line of the first location that has a file; empty and None when none has."""
        for physical in _physical(result):
            location = mapping(physical.get("artifactLocation")) or mapping(physical.get("fileLocation"))
            path = self._resolved(location)
            if path:
                line = index(mapping(physical.get("region")).get("startLine"))
                return path, line if line > 0 else None
        return "", None

    def _resolved(self, location: Mapping[str, object]) -> str:
        uri, base = text(location.get("uri")), text(location.get("uriBaseId"))
        if not uri:
            place = index(location.get("index"))
            if not 0 <= place < len(self._artifacts):
                return ""
            location = mapping(self._artifacts[place].get("location"))
            uri, base = text(location.get("uri")), text(location.get("uriBaseId"))
        known = self._known.get((uri, base))
        if known is None:
            known = self._known[uri, base] = self._relative(_path(uri), self._bases.get(base, ""))
        return known

    def _relative(self, path: str, base: str) -> str:
        """Return a path below the folders that were scanned; a relative base folder belongs to it."""
        if _is_absolute(path):
            return next((path[len(root) :] for root in self._roots if path.startswith(root)), path)
        return f"{base.rstrip('/')}/{path}" if base and not _is_absolute(base) and path else path


def _physical(result: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    for location in objects(result.get("locations"))[:100]:
        yield mapping(location.get("physicalLocation"))


def _path(uri: str) -> str:
    """Return the path of a file address, else the address, percent-decoded: `file:///C:/a%20b` is `C:/a b`."""
    uri = uri.strip()
    if uri[:5].lower() == "file:":
        rest = uri[5:]
        if rest.startswith("//"):  # two slashes before a drive are a common mistake, else a host follows them
            rest = f"/{rest[2:]}" if _DRIVE.match(f"/{rest[2:]}") else f"/{rest[2:].partition('/')[2]}"
        path = unquote(rest)
        return path[1:] if _DRIVE.match(path) else path
    path = unquote(uri).replace("\\", "/") if not _SCHEME.match(uri) else unquote(uri)
    while path.startswith("./"):
        path = path[2:].lstrip("/")
    return path


def _is_absolute(path: str) -> bool:
    return path.startswith("/") or _SCHEME.match(path) is not None or path[1:3] == ":/"
