"""Pages of the site's root: redirects, tombstones, not found."""

from __future__ import annotations

import pytest

from generator.render import SiteShell
from generator.render.csp import POLICY
from tests.render.markup import seen

SHELL = SiteShell("A & B")


def every_kind() -> list[str]:
    return [
        SHELL.redirect("../r0003/index.html", "Newest"),
        SHELL.tombstone("f-1", "<b>gone</b>", "r0001", "../../index.html"),
        SHELL.not_found(),
    ]


@pytest.mark.parametrize("html", every_kind())
def test_small_pages_carry_the_policy_first_and_need_no_script(html: str) -> None:
    page = seen(html)
    assert page.attribute("content")[0] == POLICY
    assert html.index("Content-Security-Policy") < html.index("<title>")
    assert not any(kind[0] in ("script", "link", "iframe", "base") for kind in page.structure)
    assert "A & B" in "".join(page.texts)


def test_a_redirect_leads_on_without_script_and_offers_the_link() -> None:
    page = seen(SHELL.redirect("../r0003/failures/f-1/", "f-1"))
    assert "0; url=../r0003/failures/f-1/index.html" in page.attribute("content")
    assert page.attribute("href") == ["../r0003/failures/f-1/index.html"]


def test_a_tombstone_shows_the_last_summary_as_text() -> None:
    texts = seen(SHELL.tombstone("f-1", "<b>gone</b>", "r0001", "../../index.html")).texts
    assert "<b>gone</b>" in texts


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/abs/", "javascript:x", "a b", 'x"y', "a/../../x", "..;/x"]
)
def test_only_relative_addresses_are_led_to(target: str) -> None:
    with pytest.raises(ValueError, match="not a relative address"):
        SHELL.redirect(target, "x")
