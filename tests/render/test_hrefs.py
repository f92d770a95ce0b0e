"""Addresses of views become relative links, or no links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.render.hrefs import place_of


@pytest.mark.parametrize(
    ("page", "target", "href"),
    [
        ("", "gates/", "gates/index.html"),
        ("gates", "gates/", "../gates/index.html"),
        ("failures/f-1", "failures/f-2/", "../../failures/f-2/index.html"),
        ("failures/f-1", "failures/#row", "../../failures/index.html#row"),
        ("failures/f-1", "run", "../../run/index.html"),
        ("gates", "./", "../index.html"),
        ("gates", "#waivers", "#waivers"),
        ("changes", "changes/?changes.change=new#new", "../changes/index.html?changes.change=new#new"),
        ("gates", "data/report.json", "../data/report.json"),
        ("failures/f-1", "/f/f-1/", "../../../f/f-1/index.html"),
        ("", "/r0002/", "../r0002/index.html"),
        ("", "/", "../index.html"),
        ("", "https://forge.example/o/r/commit/0123abc", "https://forge.example/o/r/commit/0123abc"),
    ],
)
def test_a_target_becomes_a_link_relative_to_the_page(page: str, target: str, href: str) -> None:
    assert place_of(page, "../").href(target) == href


@pytest.mark.parametrize(
    "target",
    [
        "",
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "http://plain.example/",
        "https://user@host.example/",
        "https://host.example\\@evil.example/",
        'https://host.example/"onclick=x',
        "https://host.example/ x",
        "//evil.example/",
        "///evil.example/",
        "../../etc/",
        "a/../../b/",
        "/../x/",
        "%2e%2e/x/",
        "a b/",
        "\\\\host\\share",
        "gates/#a\nb",
        "https://host.example/" + "a" * 2100,
    ],
)
def test_what_is_unsafe_is_no_link(target: str) -> None:
    assert place_of("gates", "../").href(target) == ""


def test_links_to_the_site_s_root_are_no_links_in_somebody_else_s_site() -> None:
    assert place_of("gates", None).href("/f/f-1/") == ""


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_no_target_leaves_the_site_but_by_https(target: str) -> None:
    href = place_of("a/b", "../").href(target)
    assert not href or href.startswith(("https://", "#", "?", "../"))
    assert not set(href) & set("\"'<>\\` \n")
    path = href.partition("?")[0].partition("#")[0]
    assert href.startswith("https://") or path.count("..") <= 3
