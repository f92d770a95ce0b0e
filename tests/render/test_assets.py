"""Our own files: names by content, colours that can be read, a library that is what it says."""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise

import pytest

from generator.render.assets import PLOTLY, SCRIPTS, STYLES, own_assets
from generator.render.resources import templates_folder

ASSETS = templates_folder() / "assets"


def test_every_asset_is_shipped_under_a_name_made_of_its_content() -> None:
    assets = own_assets(templates_folder())
    for name, data in assets.files.items():
        assert hashlib.sha256(data).hexdigest()[:8] in name
    assert {assets.style, assets.script, assets.plotly} == set(assets.files)
    there = {path.name for path in ASSETS.iterdir() if path.is_file()}
    assert there == {*STYLES, *SCRIPTS}


def test_the_vendored_library_is_the_one_that_is_noted_and_needs_no_eval() -> None:
    noted = re.search(r"`([0-9a-f]{64})`", (ASSETS / "vendor/README.md").read_text())
    assert noted
    data = (ASSETS / PLOTLY).read_bytes()
    assert hashlib.sha256(data).hexdigest() == noted[1]
    assert b"new Function(" not in data


def test_our_script_writes_no_html_and_runs_no_text() -> None:
    script = own_assets(templates_folder()).files[own_assets(templates_folder()).script].decode()
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|https?:", script
    )


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, 1.4.3."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("scheme", "ground"), [("body", "#ffffff"), ('[data-md-color-scheme="slate"]', "#1e2129")])
@pytest.mark.parametrize("tone", ["good", "bad", "warn", "info", "muted"])
def test_tones_can_be_read_in_both_schemes(scheme: str, ground: str, tone: str) -> None:
    style = (ASSETS / "tones.css").read_text()
    block = style[style.index(scheme + " {") :].partition("}")[0]
    values = dict(re.findall(r"--rb-([a-z-]+): (#[0-9a-f]{6});", block))
    assert contrast(values[tone], ground) >= 4.5
    assert contrast(values[tone], values[f"{tone}-ground"]) >= 4.5


def test_style_rules_are_closed() -> None:
    text = "".join((ASSETS / name).read_text() for name in STYLES)
    depths = [0]
    for char in re.sub(r"url\('[^']*'\)", "", text):
        if char in "{}":
            depths.append(depths[-1] + (1 if char == "{" else -1))
    assert depths[-1] == 0
    assert max(depths) == 2
    assert all(abs(a - b) == 1 for a, b in pairwise(depths))
