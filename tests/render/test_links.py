"""The link checker finds what is dead, and only that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.render import SiteShell, broken_links

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/index.html").write_text('<h2 id="one two">x</h2><a href="../index.html">up</a>')
    (tmp_path / "style.css").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    "link",
    [
        "a/index.html",
        "a/",
        "a/#one%20two",
        "a/index.html?t.q=1#one%20two",
        "#here",
        "?t.q=x",
        "style.css",
        "https://elsewhere.example/x",
        "",
    ],
)
def test_links_that_lead_somewhere_are_left_alone(small: Path, link: str) -> None:
    (small / "index.html").write_text(f'<p id="here"><a href="{link}">x</a>')
    assert broken_links(small) == []


@pytest.mark.parametrize(
    ("element", "reason"),
    [
        ('<a href="b/">', "no such file"),
        ('<a href="a/#two">', "no such anchor"),
        ('<a href="#two">', "no such anchor"),
        ('<a href="/a/">', "not relative"),
        ('<a href="../x.html">', "leaves the site"),
        ('<script src="x.js">', "no such file"),
        ('<meta http-equiv="refresh" content="0; url=b/index.html">', "no such file"),
        ('<div data-figure="figures/x.json">', "no such file"),
    ],
)
def test_a_dead_link_is_named_with_its_page_and_reason(small: Path, element: str, reason: str) -> None:
    (small / "index.html").write_text(element)
    found = broken_links(small)
    assert len(found) == 1
    assert found[0].startswith("index.html: ")
    assert found[0].endswith(f"({reason})")


def test_redirects_are_followed(small: Path) -> None:
    (small / "index.html").write_text(SiteShell("Demo").redirect("a/index.html", "Newest"))
    assert broken_links(small) == []


def test_only_the_pages_named_are_read(small: Path) -> None:
    (small / "index.html").write_text('<a href="nowhere/">')
    assert broken_links(small, [small / "a/index.html"]) == []
