"""A page's view model becomes its HTML: a fragment for the full shell, a whole document for the lean one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import OutputError
from generator.render.hrefs import place_of

if TYPE_CHECKING:
    from generator.render.html import Templates
    from generator.views import Page

_TEMPLATE = re.compile(r"([a-z_]+)(?:\.html\.j2)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What every page of a version shares: addresses seen from the version's root, and names."""

    site_name: str
    style: str
    script: str
    plotly: str
    theme_styles: tuple[str, ...]
    scope: str
    """Path under which Material remembers the reader's palette; empty = that of the version."""
    primary: str
    accent: str
    site: str | None
    """From the version's root to the site's root; None in somebody else's site."""


def fragment(page: Page, templates: Templates, around: Surroundings) -> str:
    """Return the page's content with its script, for Material's full shell."""
    return _fill(f"pages/{_stem(page)}.html.j2", page, templates, around)


def document(page: Page, templates: Templates, around: Surroundings) -> str:
    """Return the page as a complete lean document."""
    return _fill("shell/lean.html.j2", page, templates, around)


def _fill(name: str, page: Page, templates: Templates, around: Surroundings) -> str:
    place = place_of(page.path, around.site)
    values = {
        "page": page,
        "view": page.view,
        "around": around,
        "up": place.up,
        "inner": f"pages/{_stem(page)}.html.j2",
    }
    return templates.fill(name, place, values)


def _stem(page: Page) -> str:
    found = _TEMPLATE.fullmatch(page.template)
    if not found:
        raise OutputError(
            f"page `{page.path}` names the template {page.template!r}", "name one of site_templates/pages"
        )
    return found[1]
