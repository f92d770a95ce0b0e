"""View models in, a version of the site out: our templates, the MkDocs plugin, charts, and the site's small pages.

The plugin is `generator.render.plugin.PagesPlugin`; it is not imported here because MkDocs is slow to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render.links import broken_links
from generator.render.plain import SiteShell
from generator.render.target import RenderResult, RenderTarget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.views import Page

__all__ = [
    "RenderResult",
    "RenderTarget",
    "SiteShell",
    "broken_links",
    "render_version",
    "warm_up",
]


def warm_up() -> None:
    """Load MkDocs and the templates, so that the first version does not wait for them."""
    from generator.render.build import load  # noqa: PLC0415  that is what it is for

    load()


def render_version(pages: Sequence[Page], target: RenderTarget) -> RenderResult:
    """Write one version with one `mkdocs build` and return what was written; the same input gives the same bytes.

    Raises UsageError for a mkdocs.yml that cannot be used, OutputError when MkDocs or the disk refuses.
    """
    from generator.render.build import render  # noqa: PLC0415  MkDocs is imported only when a version is rendered

    return render(pages, target)
