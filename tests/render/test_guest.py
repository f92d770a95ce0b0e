"""Our plugin in a documentation site that exists already: it adds, and leaves the rest alone."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from mkdocs.commands.build import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

from generator.render import broken_links
from generator.render.csp import POLICY
from generator.render.plugin import PagesConfig, PagesPlugin
from tests.render.made_pages import some_pages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from generator.views import Page


class OurPlugin(PagesPlugin[PagesConfig]):  # type: ignore[no-untyped-call]  # MkDocs leaves a hook untyped
    """Supplies pages without reading anything."""

    def provide_pages(self, config: MkDocsConfig) -> Sequence[Page]:  # noqa: ARG002
        return some_pages()


def configured(
    folder: Path, *, nav: object = None, features: tuple[str, ...] = (), ours: str | None = "ci"
) -> MkDocsConfig:
    """A small documentation site, with our plugin below `ours`, or without it."""
    docs = folder / "docs"
    if not docs.exists():
        docs.mkdir()
        (docs / "index.md").write_text("# Host\n")
        (docs / "start.md").write_text("# Start\n\n[CI](ci/index.md), [a failure](ci/failures/f-0000000000000001.md)\n")
        (docs / "other.md").write_text("# Other\n\nText with a [link](start.md).\n")
    config = MkDocsConfig(config_file_path=str(folder / "mkdocs.yml"))
    config.load_dict(
        {
            "site_name": "Host",
            "site_url": "https://docs.example/",
            "theme": {"name": "material", "font": False, "features": list(features)},
            "plugins": ["search"],
            "nav": nav,
            "strict": True,
        }
    )
    errors, warnings = config.validate()
    assert not errors
    assert not warnings
    if ours is not None:
        plugin = OurPlugin()
        plugin.load_config({"folder": ours})
        config.plugins["replaybook"] = plugin
    return config


@pytest.fixture
def host(tmp_path: Path) -> Path:
    build(configured(tmp_path, nav=[{"Start": "start.md"}, {"Other": "other.md"}, {"Home": "index.md"}]))
    return tmp_path / "site"


def test_our_pages_stand_below_their_folder_and_every_link_resolves(host: Path) -> None:
    assert (host / "ci/index.html").is_file()
    assert (host / "ci/failures/f-0000000000000001/index.html").is_file()
    ours = sorted((host / "ci").rglob("*.html"))
    assert broken_links(host, [*ours, host / "start/index.html", host / "other/index.html"]) == []


def test_an_authored_page_links_to_ours_and_is_otherwise_what_it_was(host: Path, tmp_path: Path) -> None:
    with_us = (host / "other/index.html").read_text()
    assert 'href="../ci/index.html"' in (host / "start/index.html").read_text()
    assert POLICY not in with_us
    (tmp_path / "docs/start.md").write_text("# Start\n")
    build(configured(tmp_path, nav=[{"Start": "start.md"}, {"Other": "other.md"}, {"Home": "index.md"}], ours=None))
    assert (host / "other/index.html").read_text() == with_us


def test_our_pages_wear_the_host_s_shell_and_our_lean_ones_our_policy(host: Path) -> None:
    full = (host / "ci/changes/index.html").read_text()
    assert "md-header" in full
    assert POLICY not in full
    assert POLICY in (host / "ci/failures/f-0000000000000001/index.html").read_text()


def test_lean_pages_stay_out_of_the_sitemap_which_instant_navigation_follows(host: Path) -> None:
    sitemap = (host / "sitemap.xml").read_text()
    assert "https://docs.example/ci/changes/index.html" in sitemap
    assert "/f-" not in sitemap


def test_assets_are_not_shared_and_ours_stand_in_a_folder_of_their_own(host: Path) -> None:
    assert not (host.parent / "_assets").exists()
    assert list((host / "assets/stylesheets").glob("main.*.min.css"))
    assert len(list((host / "assets/replaybook").iterdir())) == 3
    assert (host / "404.html").is_file()


def test_in_the_root_of_the_site_our_pages_lead_its_navigation(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/other.md").write_text("# Other\n")
    build(configured(tmp_path, nav=[{"Other": "other.md"}], ours=""))
    html = (tmp_path / "site/index.html").read_text()
    assert html.index('href="changes/index.html"') < html.index('href="other/"')


def test_a_feature_that_would_run_our_text_is_refused(tmp_path: Path) -> None:
    logger = logging.getLogger("mkdocs")
    before = logger.propagate
    logger.propagate = False
    try:
        with pytest.raises(Abort):
            build(configured(tmp_path, features=("content.tooltips",)))
    finally:
        logger.propagate = before
