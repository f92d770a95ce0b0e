"""A whole version: what is in its folder, what every page carries, and that the same input gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from generator.errors import OutputError, UsageError
from generator.render import broken_links, render_version
from generator.render.csp import POLICY
from tests.render.made_blocks import a_chart, a_section
from tests.render.made_pages import a_failure, a_plain_page, a_target, an_overview, some_pages
from tests.render.markup import seen

ROOT = Path(__file__).parents[2]
HOSTILE = "<img src=x onerror=alert(1)>{{ 7*7 }}&amp;"


def pages_of(site: Path) -> list[Path]:
    return sorted((site / "r0003").rglob("*.html"))


def tree(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_every_page_is_written_and_every_link_resolves(site: Path) -> None:
    for number in range(12):
        permalink = site / f"f/f-{number:016x}/index.html"
        permalink.parent.mkdir(parents=True, exist_ok=True)
        permalink.write_text("a redirect of the publishing stage")
    assert len(pages_of(site)) == 5 + 12 + 3
    assert broken_links(site) == []


def test_every_page_carries_the_policy_before_anything_it_governs(site: Path) -> None:
    for path in pages_of(site):
        html = path.read_text()
        assert html.count(POLICY) == 1, path
        before = html[: html.index(POLICY)]
        assert not re.search(r"<(script|link|style|img|title)", before), path


def test_no_page_holds_what_the_policy_would_refuse(site: Path) -> None:
    for path in pages_of(site):
        page = seen(path.read_text())
        kinds = {kind[0] for kind in page.structure}
        assert not kinds & {"iframe", "object", "embed", "base"}, path
        assert not [name for _, name, _ in page.values if name.startswith("on")], path
        scripts = re.findall(r"<script\b([^>]*)>", path.read_text())
        assert all("src=" in script or "application/json" in script for script in scripts), path


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for path in pages_of(site):
        page = seen(path.read_text())
        loaded = [value for tag, name, value in page.values if name == "src" or (tag == "link" and name == "href")]
        canonical = [value for value in loaded if value.startswith("https://ci.example/demo/r0003/")]
        assert all(not re.match(r"[a-z]+:|//|/", value) for value in set(loaded) - set(canonical)), path


def test_the_version_holds_few_files_and_the_shared_assets_stand_beside_it(site: Path) -> None:
    files = [path for path in (site / "r0003").rglob("*") if path.is_file()]
    assert len(files) == 5 + 12 + 3 + 2  # pages, authored pages, search index and sitemap
    shared = [path.relative_to(site / "_assets").as_posix() for path in (site / "_assets").rglob("*") if path.is_file()]
    assert len(shared) <= 16
    assert not [name for name in shared if name.endswith(".map") or "/lunr/" in name]
    assert all(re.search(r"\.[0-9a-f]{8}\.|^material-[0-9.]+/", name) for name in shared)


def test_a_failure_page_is_small(site: Path) -> None:
    page = site / "r0003/failures/f-0000000000000001/index.html"
    assert page.stat().st_size < 7500  # with 20 outcomes, three commands and a trace of 14 lines
    shell = page.read_text().partition('<div class="rb')[0]
    assert len(shell) - len(POLICY) < 1000


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        render_version(some_pages(3), a_target(tmp_path / name))
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_warming_up_changes_nothing_but_the_time_it_takes(tmp_path: Path) -> None:
    script = f"""
import sys
from pathlib import Path
from generator.render import render_version, warm_up
from tests.render.made_pages import a_target, some_pages
if sys.argv[1] == "warm":
    warm_up()
folder = Path({str(tmp_path)!r}, sys.argv[1])
folder.mkdir()
render_version(some_pages(3), a_target(folder))
"""
    for word, seed in (("cold", "1"), ("warm", "2")):
        words = [sys.executable, "-c", script, word]
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        subprocess.run(words, check=True, env=environment, cwd=ROOT)
    assert tree(tmp_path / "cold") == tree(tmp_path / "warm")


def test_files_are_plain_and_readable_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        render_version([an_overview(), *some_pages(1)[1:]], a_target(tmp_path))
    finally:
        os.umask(before)
    for path in tmp_path.rglob("*"):
        mode = path.lstat().st_mode
        assert stat.S_ISDIR(mode) or (stat.S_ISREG(mode) and mode & 0o777 == 0o644), path


def test_titles_and_names_are_escaped_everywhere(tmp_path: Path) -> None:
    pages = [an_overview(), a_plain_page("gates", HOSTILE), a_failure(1, title=HOSTILE, search_title=HOSTILE)]
    section = a_section(title=HOSTILE)
    pages[0] = replace(pages[0], title=HOSTILE, nav=HOSTILE, view=replace(pages[0].view, sections=(section,)))
    render_version(pages, a_target(tmp_path, site_name=HOSTILE))
    for path in pages_of(tmp_path):
        html = path.read_text()
        assert "<img" not in html, path
        assert "49" not in re.findall(r"<title>(.*?)</title>", html, re.DOTALL)[0]
        assert HOSTILE in "".join(seen(html).texts), path
    rows = json.loads((tmp_path / "r0003/search/search_index.json").read_text())["docs"]
    assert not [row for row in rows if "<" in row["title"]]


def test_failures_are_found_by_their_title_and_their_text_is_not_indexed(site: Path) -> None:
    rows = {row["location"]: row for row in json.loads((site / "r0003/search/search_index.json").read_text())["docs"]}
    assert rows["failures/f-0000000000000001/index.html"]["title"] == "session_resume_1"
    assert rows["failures/f-0000000000000001/index.html"]["text"] == ""
    guide = [row for place, row in rows.items() if place.startswith("guide/reading-the-site/index.html")]
    assert guide
    assert any(row["text"] for row in guide)


def test_the_sitemap_names_full_pages_only_and_no_date(site: Path) -> None:
    text = (site / "r0003/sitemap.xml").read_text()
    places = re.findall(r"<loc>(.*?)</loc>", text)
    assert "https://ci.example/demo/r0003/gates/index.html" not in places
    assert "https://ci.example/demo/r0003/changes/index.html" in places
    assert not [place for place in places if "/f-" in place]
    assert "lastmod" not in text


def test_the_theme_s_search_dialog_has_a_name(site: Path) -> None:
    assert 'role="dialog" aria-label="Search"' in (site / "r0003/index.html").read_text()


def test_the_navigation_holds_our_pages_first_and_no_failure(site: Path) -> None:
    html = (site / "r0003/changes/index.html").read_text()
    links = re.findall(r'<a href="([^"]*)" class="md-nav__link', html)
    assert links[:2] == ["../index.html", "index.html"]
    assert links[-1] == "../guide/your-own-docs/index.html"
    assert not [link for link in links if "f-0" in link]


def test_the_navigation_names_a_page_shortly_and_its_document_in_full(tmp_path: Path) -> None:
    render_version(
        [replace(an_overview(), title="Overview of run r0003"), a_plain_page("gates", "Gates")], a_target(tmp_path)
    )

    html = (tmp_path / "r0003" / "gates" / "index.html").read_text()
    overview = (tmp_path / "r0003" / "index.html").read_text()
    assert "Overview of run" not in html
    assert re.search(
        r'<a href="\.\./index\.html" class="md-nav__link">\s*<span class="md-ellipsis">\s*Overview\s', html
    )
    assert re.search(r"<title>Overview of run r0003 - ", overview)


def test_without_an_address_all_links_stay_relative(tmp_path: Path) -> None:
    render_version(some_pages(1), a_target(tmp_path, site_url=""))
    html = (tmp_path / "r0003/index.html").read_text()
    assert "canonical" not in html
    assert '"base": "."' in html


def test_a_chart_can_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    section = a_section(charts=(a_chart(inline=False),), tables=(), links=(), counts=())
    page = a_plain_page("trends", "Trends")
    render_version([an_overview(), replace(page, view=replace(page.view, sections=(section,)))], a_target(tmp_path))
    place = seen((tmp_path / "r0003/trends/index.html").read_text()).attribute("data-figure")[0]
    figure = json.loads((tmp_path / "r0003/trends" / place).read_text())
    assert [trace["type"] for trace in figure["data"]] == ["scatter", "bar"]


def test_the_user_s_own_configuration_is_the_base(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "runbook.md").write_text("# Runbook\n\nSee [changes](changes.md).\n")
    own = tmp_path / "mkdocs.yml"
    own.write_text(
        "site_name: x\ntheme: {name: material, font: false}\nstrict: true\n"
        "plugins: {replaybook: {artifacts: [x]}, search: {}}\n"
    )
    result = render_version(some_pages(1), a_target(tmp_path, config_file=own))
    assert result.warnings == ()
    assert (tmp_path / "r0003/runbook/index.html").is_file()
    assert '../changes/index.html">changes' in (tmp_path / "r0003/runbook/index.html").read_text()
    assert "search/search_index.json" in tree(tmp_path / "r0003")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("theme: nothing\n", "theme"),
        ("theme: {name: material, features: [content.tooltips]}\n", "content.tooltips"),
        ("theme: [\n", "mkdocs.yml"),
        ("theme: material\nplugins: [nothing-like-it]\n", "nothing-like-it"),
    ],
)
def test_a_configuration_that_cannot_be_used_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text(f"site_name: x\n{text}")
    with pytest.raises((UsageError, OutputError), match=re.escape(words)):
        render_version(some_pages(1), a_target(tmp_path, config_file=tmp_path / "mkdocs.yml"))


def test_a_page_of_the_user_s_at_the_place_of_ours_is_named(tmp_path: Path) -> None:
    (tmp_path / "docs/changes").mkdir(parents=True)
    (tmp_path / "docs/changes/index.md").write_text("# Mine\n")
    (tmp_path / "mkdocs.yml").write_text("site_name: x\ntheme: {name: material, font: false}\n")
    with pytest.raises(OutputError, match=re.escape("changes/index.md")):
        render_version(some_pages(1), a_target(tmp_path, config_file=tmp_path / "mkdocs.yml"))


def test_a_template_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="template"):
        render_version([an_overview(template="../../etc/passwd")], a_target(tmp_path))


def test_the_environment_and_the_log_are_left_as_they_were(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = dict(os.environ)
    render_version([an_overview(), *some_pages(1)[1:]], a_target(tmp_path))
    assert dict(os.environ) == before
    assert capfd.readouterr() == ("", "")
