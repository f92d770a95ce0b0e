"""Rows of the theme's search index for our pages: a title each, never the text of a failure."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from markupsafe import escape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mkdocs.config.defaults import MkDocsConfig

    from generator.render.page import HtmlPage

log = logging.getLogger("mkdocs.plugins.replaybook")

_NAMES = ("material/search", "search")


def add_rows(pages: Iterable[HtmlPage], config: MkDocsConfig) -> None:
    """Append a row for every page with a search title; the theme shows titles as HTML, so they are escaped here.

    The list `search_index.entries` is an internal of Material 9.8; without it our pages are not found, nothing else.
    """
    plugin = next((config.plugins[name] for name in _NAMES if name in config.plugins), None)
    entries = getattr(getattr(plugin, "search_index", None), "entries", None)
    if not isinstance(entries, list):
        if plugin is not None:
            log.warning("the search plugin keeps no list of entries: our pages are left out of the search")
        return
    entries.extend(
        {"location": page.url, "title": str(escape(page.replaybook.search_title)), "text": ""}
        for page in pages
        if page.replaybook.search_title
    )
