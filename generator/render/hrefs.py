"""Addresses: from what a view says to a link relative to the page, or to no link at all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.safety.limits import URL_CHARS

_PATH = re.compile(r"[A-Za-z0-9._~%+,@-]+(?:/[A-Za-z0-9._~%+,@-]+)*/?", re.ASCII)
_REST = re.compile(r"[A-Za-z0-9._~%+,@/?&=:;!*()#-]*", re.ASCII)
_EXTERNAL = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~%+,@/?&=:;!*()#-]*)?", re.ASCII)
_SPLIT = re.compile(r"[?#]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page stands."""

    up: str
    """From the page to the version's root: `` or `../` per folder."""
    site: str | None
    """From the version's root to the site's root; None when the site is not ours, so that root links are no links."""

    def href(self, target: str) -> str:
        """Return the address to write for a view's `href`, empty when it must not become a link.

        Folders end in `index.html`, so that they also open from a file system. Links that leave the site must be
        https, and nothing may climb out of its root.
        """
        if not target or len(target) > URL_CHARS:
            return ""
        if target.startswith("https://"):
            return target if _EXTERNAL.fullmatch(target) else ""
        found = _SPLIT.search(target)
        path, rest = (target[: found.start()], target[found.start() :]) if found else (target, "")
        if not _REST.fullmatch(rest):
            return ""
        if not path:
            return rest
        base = self.up
        if path.startswith("/"):
            if self.site is None:
                return ""
            base, path = self.up + self.site, path[1:] or "./"
        return self._file(base, path, rest)

    @staticmethod
    def _file(base: str, path: str, rest: str) -> str:
        if path == "./":
            return f"{base}index.html{rest}"
        if not _PATH.fullmatch(path) or ".." in path.split("/") or "%2e" in path.lower():
            return ""
        if path.endswith("/"):
            path += "index.html"
        elif "." not in path.rsplit("/", 1)[-1]:
            path += "/index.html"
        return f"{base}{path}{rest}"


def place_of(path: str, site: str | None) -> Place:
    """Return the place of the page at `path` (a folder within the version, empty for its start page)."""
    depth = path.strip("/").count("/") + 1 if path.strip("/") else 0
    return Place(up="../" * depth, site=site)
