"""A version of our own site: its theme files are shared, its inline scripts moved, its policy on every page."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jinja2 import FileSystemLoader, pass_context
from mkdocs.utils import get_relative_url, get_theme_dir, nest_paths

from generator.render.assets import theme_files, theme_key, write_files
from generator.render.compiled import THEME, VisibleFiles
from generator.render.csp import InlineScripts, with_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jinja2 import Environment
    from jinja2.runtime import Context
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page as MkDocsPage

    from generator.views import Page

SHARED = "../_assets/"
"""Where a version finds the shared assets, seen from its root."""

_SEARCH = 'data-md-component="search" role="dialog"'
"""The theme's search dialog, which has no name for those who do not see it."""


class OwnVersion:
    """What changes in a build whose whole output is a version of ours."""

    def __init__(self, pages: Sequence[Page], assets_out: Path) -> None:
        self.pages = pages
        self._assets_out = assets_out
        self._scripts = InlineScripts()
        self._theme: dict[str, Path] = {}
        self._key = ""

    def configure(self, config: MkDocsConfig, shell: Path, style: str) -> None:
        """Put our shell before the theme's, and our style sheet on every page.

        The version's own 404 page is dropped: only the one at the site's root is ever served.
        """
        config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(shell))
        config.extra_css.append(SHARED + style)
        config.theme.static_templates.discard("404.html")
        config.theme.get_env = partial(_environment, config.theme.get_env)  # type: ignore[method-assign]
        root = urlsplit(config.site_url).path.rstrip("/").rpartition("/")[0] if config.site_url else ""
        config.extra.setdefault("scope", f"{root}/")  # one palette for all versions

    def arrange(self, files: Files, config: MkDocsConfig) -> None:
        """Take the theme's files out of the version, and give authored pages addresses that work without a server."""
        for file in files.documentation_pages():
            file.url = file.dest_uri
        if config.theme.name != "material":
            return
        folder = Path(get_theme_dir("material"))
        search = config.plugins.get("material/search")
        languages = search is not None and set(search.config.get("lang") or ["en"]) != {"en"}
        self._theme = theme_files(folder, languages=languages)
        self._key = theme_key("material")
        for file in list(files):
            if file.src_uri.startswith("assets/") and file.src_dir and Path(file.src_dir) == folder:
                files.remove(file)

    def wrap(self, env: Environment) -> None:
        """Lead the theme's own links to the shared files."""
        inner: Callable[[Context, str], str] = env.filters["url"]

        @pass_context
        def url(context: Context, value: object) -> str:
            name = str(value).removeprefix("assets/")
            shared = str(value).startswith("assets/") and name in self._theme
            return inner(context, f"{SHARED}{self._key}/{name}" if shared else str(value))

        env.filters["url"] = url

    def theme_link(self, name: str) -> str:
        """Return where a theme file stands, seen from the version's root."""
        inner = name.removeprefix("assets/")
        return f"{SHARED}{self._key}/{inner}" if inner in self._theme else name

    def finish(self, html: str, page: MkDocsPage) -> str:
        """Return a page of the full shell with the policy and without inline scripts."""
        folder = f"{get_relative_url('.', page.url)}/{SHARED}"
        named = html.replace(_SEARCH, f'{_SEARCH} aria-label="Search"', 1)
        return with_policy(self._scripts.move(named, folder))

    def write(self, own: Mapping[str, bytes]) -> None:
        """Write everything that the versions share; raises OutputError."""
        theme = {f"{self._key}/{name}": path.read_bytes() for name, path in self._theme.items()}
        write_files(self._assets_out, {**own, **self._scripts.files, **theme})


def _environment(make: Callable[[], Environment]) -> Environment:
    """Return the theme's environment with a quicker loader and with the templates that were compiled before."""
    env = make()
    if isinstance(env.loader, FileSystemLoader):
        env.loader = VisibleFiles(env.loader.searchpath)
    env.bytecode_cache = THEME
    return env


def lead_navigation(pages: Sequence[tuple[str, str]], files: Files, config: MkDocsConfig) -> None:
    """Put our pages, given as (title, source name), before the entries of the configured navigation."""
    rest = config.nav
    if rest is None:  # as MkDocs does it without a `nav`, which would not list our pages
        shown = [file.src_uri for file in files.documentation_pages() if not file.inclusion.is_not_in_nav()]  # type: ignore[no-untyped-call]
        rest = nest_paths(shown)  # type: ignore[no-untyped-call]
    config.nav = [*({title: source} for title, source in pages), *rest]
