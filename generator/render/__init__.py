"""View models in, a version of the site out: our templates, the MkDocs plugin, charts, and the site's small pages.

The plugin is `generator.render.plugin.PagesPlugin`; it is not imported here because MkDocs is slow to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render.links import broken_links
from generator.render.plain import SiteShell
from generator.render.target import RenderResult, RenderTarget
from generator.render.workshop import Renderer, at_once, workshop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.views import Page

__all__ = [
    "RenderResult",
    "RenderTarget",
    "Renderer",
    "SiteShell",
    "at_once",
    "broken_links",
    "render_version",
    "workshop",
]


def render_version(pages: Sequence[Page], target: RenderTarget) -> RenderResult:
    """Write one version with one `mkdocs build` and return what was written; the same input gives the same bytes.

    Raises UsageError for a mkdocs.yml that cannot be used, OutputError when MkDocs or the disk refuses.
    """
    from generator.render.build import render  # noqa: PLC0415  MkDocs is imported only when a version is rendered

    return render(pages, target)
