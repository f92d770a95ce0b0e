"""The MkDocs plugin that adds our pages: to a version of ours, or to a documentation site that exists already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mkdocs.config import config_options as option
from mkdocs.config.base import Config
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File

from generator.render.assets import OwnAssets, own_assets, theme_style
from generator.render.fill import Surroundings
from generator.render.html import Templates, address
from generator.render.own import SHARED, OwnVersion, lead_navigation
from generator.render.page import HtmlPage, virtual_file
from generator.render.resources import templates_folder
from generator.render.search import add_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page as MkDocsPage

    from generator.views import Page

GUEST = "assets/replaybook/"
"""Where our assets stand in somebody else's site, seen from its root."""
_REFUSED = {
    "content.tooltips": "it shows the titles of elements as HTML, and ours hold text from test reports",
    "search.suggest": "it has put search text into the page as HTML before",
}


class PagesConfig(Config):  # type: ignore[no-untyped-call]  # MkDocs leaves a hook untyped
    """Options of the plugin that concern rendering."""

    folder = option.Type(str, default="ci")


if TYPE_CHECKING:
    ConfigT = TypeVar("ConfigT", bound=Config)
else:
    ConfigT = PagesConfig  # MkDocs makes a class of `BasePlugin[…]`, which a type variable cannot be


class PagesPlugin(BasePlugin[ConfigT]):  # type: ignore[no-untyped-call]  # the same
    """Adds pages to a MkDocs build.

    `set_pages` is for a version of our own: pages at its root, assets shared by all versions, the policy on every page.
    Otherwise the pages come from `provide_pages` (override it) and go below `folder`; the host's theme, navigation,
    assets and policy are left alone, and only lean pages, which are documents of ours, carry our policy. A subclass
    with more options is a `PagesPlugin[ItsConfig]`, whose config has a `folder`, too.
    """

    def __init__(self) -> None:
        self._version: OwnVersion | None = None
        self._pages: list[HtmlPage] = []
        self._assets = OwnAssets(style="", script="", plotly="", files={})
        self._figures: Mapping[str, bytes] = {}

    def set_pages(self, pages: Sequence[Page], assets_out: Path) -> None:
        """Make the build a version of our own, made of these pages, with the shared assets in `assets_out`."""
        self._version = OwnVersion(pages, assets_out)

    def provide_pages(self, config: MkDocsConfig) -> Sequence[Page]:  # noqa: ARG002  for those who override it
        """Return the pages to add to somebody else's site."""
        return ()

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Check the theme's features and put our theme files in reach."""
        features = config.theme.get("features") or []
        for name, reason in _REFUSED.items():
            if name in features:
                raise PluginError(
                    f"the feature `{name}` cannot be used with replaybook: {reason}. Remove it from `theme.features`."
                )
        self._assets = own_assets(templates_folder())
        shell = templates_folder() / "shell"
        config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(shell / "any"))
        if self._version:
            self._version.configure(config, shell / "own", self._assets.style)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add our pages and assets to the collection."""
        version = self._version
        folder = self._folder()
        if version:
            version.arrange(files, config)
        around = self._surroundings(config, folder)
        filler = Templates(templates_folder())
        self._figures = filler.figures  # grows while the pages are filled
        self._pages = []
        for page in version.pages if version else self.provide_pages(config):
            file = virtual_file(page, folder, config)
            _refuse_twins(file, files)
            self._pages.append(HtmlPage(page, file, config, templates=filler, around=around))
            files.append(file)
        if not folder:
            titles = [(page.replaybook.nav, page.file.src_uri) for page in self._pages if page.replaybook.nav]
            lead_navigation(titles, files, config)
        if not version:
            for name, data in self._assets.files.items():
                files.append(File.generated(config, f"{GUEST}{name}", content=data))
        return files

    @event_priority(-100)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Add figures and search rows, share the theme's files; after all other plugins."""
        for name, data in sorted(self._figures.items()):
            files.append(File.generated(config, f"{self._folder()}{name}", content=data))
        if self._version:
            self._version.wrap(env)
        add_rows(self._pages, config)
        return env

    @event_priority(-100)
    def on_post_page(self, output: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:  # noqa: ARG002
        """Put the policy on pages of the full shell, after all other plugins; lean pages carry it from the start."""
        whole = isinstance(page, HtmlPage) and page.replaybook.lean
        return output if whole or not self._version else self._version.finish(output, page)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Check that every page was written, and write the shared assets."""
        missing = [page.file.dest_uri for page in self._pages if not Path(page.file.abs_dest_path).is_file()]
        if missing:
            raise PluginError(
                f"{len(missing)} pages were not written, first {missing[0]}. Look for a plugin that empties pages."
            )
        if self._version:
            self._version.write(self._assets.files)
            Path(config.site_dir, "sitemap.xml.gz").unlink(missing_ok=True)

    def _folder(self) -> str:
        name = "" if self._version else str(self.config["folder"]).strip("/")
        return f"{name}/" if name else ""

    def _surroundings(self, config: MkDocsConfig, folder: str) -> Surroundings:
        palette = config.theme.get("palette") or {}
        first = palette if isinstance(palette, dict) else palette[0]
        sheets = [name for stem in ("main", "palette") if (name := theme_style(config.theme.dirs, stem))]
        above = "../" * folder.count("/")
        ours = SHARED if self._version else above + GUEST
        links = [self._version.theme_link(name) if self._version else above + name for name in sheets]
        return Surroundings(
            site_name=config.site_name,
            style=address(ours + self._assets.style),
            script=address(ours + self._assets.script),
            plotly=address(self._assets.plotly),
            theme_styles=tuple(address(link) for link in links),
            scope=str(config.extra.get("scope", "")),
            primary=str(first.get("primary", "indigo")),
            accent=str(first.get("accent", "indigo")),
            site="../" if self._version else None,
        )


def _refuse_twins(file: File, files: Files) -> None:
    """Raise PluginError when the documentation has a page of the same name or address."""
    twin = files.get_file_from_path(file.src_uri)
    if twin is None:
        other = file.dest_uri.removesuffix("/index.html") + "/index.md"
        twin = files.get_file_from_path(other) if other != file.src_uri else None
    if twin is not None:
        raise PluginError(
            f"the documentation has a page `{twin.src_uri}` where replaybook puts one of its own. "
            "Rename it, or set the plugin's `folder`."
        )
