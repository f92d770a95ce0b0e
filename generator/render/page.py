"""Our pages among those of MkDocs: virtual files whose content is ready HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import AnchorLink, TableOfContents

from generator.render.fill import document, fragment
from generator.render.hrefs import place_of
from generator.render.html import title_for_theme
from generator.views import StandardView

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

    from generator.render.fill import Surroundings
    from generator.render.html import Templates
    from generator.views import Page

FULL = "replaybook-page.html"
WHOLE = "replaybook-whole.html"
TOP = "answer"
"""Anchor of a page's first line."""


class HtmlPage(MkDocsPage):
    """A page that is never Markdown: MkDocs places the HTML that `render` supplies."""

    def __init__(
        self, view: Page, file: File, config: MkDocsConfig, *, templates: Templates, around: Surroundings
    ) -> None:
        # The navigation and the header show this one; the document's own title stands in our theme file.
        super().__init__(title_for_theme(view.nav or view.title), file, config)
        self.replaybook = view
        """Marks the page for our theme files; its title is escaped there."""
        self.around = around
        self.document = ""
        """A lean page as a whole."""
        self.up = place_of(view.path, None).up
        self._templates = templates
        if view.lean:
            # Keeps it out of every sitemap: instant navigation takes its pages from there, and would try to swap in
            # the parts of a full shell that a lean page does not have.
            self.canonical_url = self.abs_url = None

    def read_source(self, config: MkDocsConfig) -> None:  # noqa: ARG002  the signature of MkDocs
        """Supply the metadata; there is no Markdown."""
        self.markdown = ""
        self.meta = {"template": WHOLE if self.replaybook.lean else FULL, "search": {"exclude": True}}

    def render(self, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002  the signature of MkDocs
        """Supply the finished HTML and the anchors that other pages may link to."""
        view = self.replaybook
        if view.lean:
            # Not as content: other plugins search and change that, and this is a document, not a part of one.
            self.document = document(view, self._templates, self.around)
            self.content = ""
        else:
            self.content = fragment(view, self._templates, self.around)
        sections = [(section.id, section.title) for section in view.view.sections]
        if not view.lean and isinstance(view.view, StandardView):
            top = AnchorLink(title_for_theme(view.title), TOP, 1)
            top.children = [AnchorLink(title_for_theme(title), anchor, 2) for anchor, title in sections]
            self.toc = TableOfContents([top])
        tables = [table for section in view.view.sections for table in section.tables]
        rows = [anchor for table in tables for anchor in table.row_ids]
        self.present_anchor_ids = {TOP, *(anchor for anchor, _ in sections), *(table.id for table in tables), *rows}


def virtual_file(page: Page, folder: str, config: MkDocsConfig) -> File:
    """Return the file of a page below `folder` (empty or ending in `/`); its address ends in `index.html`."""
    path = page.path.strip("/")
    file = File.generated(config, f"{folder}{path or 'index'}.md", content="", inclusion=InclusionLevel.NOT_IN_NAV)
    file.dest_uri = f"{folder}{path}/index.html" if path else f"{folder}index.html"
    file.url = file.dest_uri
    return file
