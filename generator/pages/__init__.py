"""Report in, pages out: all wording lives here, no markup."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.pages import (
    beside,
    changes,
    clusters,
    failures,
    flaky,
    gates,
    overview,
    performance,
    problems,
    run,
    runs,
    trends,
)
from generator.plugins import PageLimits, PageMaker

if TYPE_CHECKING:
    from generator.findings import Report
    from generator.views import Page

PAGES: tuple[PageMaker, ...] = (
    overview,
    run,
    failures,
    changes,
    clusters,
    flaky,
    gates,
    trends,
    performance,
    beside,
    runs,
    problems,
)
"""Every kind of page, in the order of the navigation."""


def build_all(report: Report, *, failure_pages: int, list_rows: int) -> tuple[Page, ...]:
    """Return all pages of a report: at most `failure_pages` replay pages, at most `list_rows` rows in a list."""
    limits = PageLimits(failure_pages=failure_pages, list_rows=list_rows)
    return tuple(_findable(page) for maker in PAGES for page in maker.build(report, limits))


def _findable(page: Page) -> Page:
    """Return the page with a row in the search: its title, unless it names itself otherwise."""
    return page if page.search_title else replace(page, search_title=page.title)
