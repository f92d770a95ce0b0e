"""The small pages of the site's root: redirects, tombstones of permalinks, page not found. None needs a script."""

from __future__ import annotations

import re
from functools import cache

from generator.render.hrefs import Place
from generator.render.html import Templates, address
from generator.render.resources import templates_folder

_RELATIVE = re.compile(r"(?:\.\./)*(?:[A-Za-z0-9_][A-Za-z0-9._-]*/)*(?:[A-Za-z0-9_][A-Za-z0-9._-]*)?", re.ASCII)


class SiteShell:
    """Draws the pages outside the versions; the title of each ends in the site's name."""

    def __init__(self, site_name: str) -> None:
        self._site_name = site_name

    def redirect(self, href: str, title: str) -> str:
        """Return a page that leads on to a relative address at once; raises ValueError for any other address.

        An address that ends in `/` is completed by `index.html`, so that it also works from a file system.
        """
        return self._fill("redirect", title, target=_relative(href))

    def tombstone(self, title: str, summary: str, last_version: str, home: str) -> str:
        """Return what a permalink shows when no kept version has its page; `home` is relative (else ValueError)."""
        return self._fill("tombstone", title, summary=summary, last_version=last_version, home=_relative(home))

    def not_found(self) -> str:
        """Return the site's 404 page. It is served at any depth, where no relative link works, so it has none."""
        return self._fill("not_found", "Page not found")

    def _fill(self, name: str, title: str, **values: str) -> str:
        full = f"{title} - {self._site_name}" if self._site_name else title
        place = Place(up="", site=None)
        return _templates().fill(f"pages/{name}.html.j2", place, {"title": title, "full_title": full} | values)


def _relative(target: str) -> str:
    if not _RELATIVE.fullmatch(target):
        raise ValueError(f"not a relative address within the site: {target!r}")
    return address(f"{target}index.html" if not target or target.endswith("/") else target)


@cache
def _templates() -> Templates:
    return Templates(templates_folder(), partials=("plain",))
