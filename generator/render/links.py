"""Dead links of a built site, found by reading it."""

from __future__ import annotations

import posixpath
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_ADDRESSES = {"href", "src", "data-figure"}
_ELSEWHERE = ("https:", "http:", "mailto:", "data:")


class _Addresses(HTMLParser):
    """Collects the addresses and anchors of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if identity := values.get("id"):
            self.anchors.add(identity)
        if tag == "a" and (name := values.get("name")):
            self.anchors.add(name)
        self.links += [value for name, value in values.items() if name in _ADDRESSES]
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            parts = (part.strip() for part in values.get("content", "").split(";"))
            self.links += [part.removeprefix("url=") for part in parts if part.startswith("url=")]


def broken_links(site: Path, pages: Sequence[Path] | None = None) -> list[str]:
    """Return `page: link (reason)` for every link of `pages` (all HTML files of the site if None), sorted.

    A link is dead when its file is not in the site, when it leaves the site's folder, when it begins with `/` (it would
    not work from a sub-path), or when its anchor is not in the page it names. Links to other hosts are not followed.
    """
    files = sorted(site.rglob("*.html")) if pages is None else sorted(pages)
    known: dict[str, set[str] | None] = {}
    found: list[str] = []
    for file in files:
        here = file.relative_to(site).as_posix()
        parsed = _read(file)
        known[here] = parsed.anchors
        for link in parsed.links:
            reason = _dead(site, here, link, known)
            if reason:
                found.append(f"{here}: {link} ({reason})")
    return sorted(set(found))


def _dead(site: Path, here: str, link: str, known: dict[str, set[str] | None]) -> str:
    """Return why a link is dead, empty when it is not."""
    if link.startswith(_ELSEWHERE):
        return ""
    if link.startswith("/"):
        return "not relative"
    path, _, anchor = link.partition("#")
    path = unquote(path.partition("?")[0])
    target = posixpath.normpath(posixpath.join(posixpath.dirname(here), path)) if path else here
    if target.startswith("../"):
        return "leaves the site"
    if path.endswith("/") or target == ".":
        target = posixpath.normpath(f"{target}/index.html")
    if target not in known:
        known[target] = _anchors(site / target)
    anchors = known[target]
    if anchors is None:
        return "no such file"
    if anchor and target.endswith(".html") and unquote(anchor) not in anchors:
        return "no such anchor"
    return ""


def _anchors(file: Path) -> set[str] | None:
    """Return the anchors of a file, none for a file that is no page, None for no file."""
    if not file.is_file():
        return None
    return _read(file).anchors if file.suffix == ".html" else set()


def _read(file: Path) -> _Addresses:
    parser = _Addresses()
    parser.feed(file.read_text(encoding="utf-8"))
    parser.close()
    return parser
