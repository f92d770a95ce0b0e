"""What stands beside the pages: figures, rows of the search, the ledger, small pages, the shell of a version."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
from hypothesis import given, settings

from generator.publish import Target, Version, transaction
from generator.render import RenderTarget, SiteShell, render_version
from generator.render.charts import label
from generator.render.html import Templates
from generator.render.resources import templates_folder
from generator.render.search import add_rows
from tests.render.made_blocks import a_chart, a_section
from tests.render.made_pages import an_overview
from tests.render.markup import seen
from tests.structure.changing import WORLD
from tests.structure.drawing import html_of, pages, report
from tests.structure.fields import text_fields
from tests.structure.twins import PAYLOADS, hostile_texts, payload, twin
from tests.structure.watching import watching

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

    from mkdocs.config.defaults import MkDocsConfig

    from generator.render.page import HtmlPage
    from generator.views import Page

WHEN: Final = datetime(2026, 3, 3, tzinfo=UTC)


class Islands(HTMLParser):
    """The data islands of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and ("type", "application/json") in attrs
        self.found += [""] if self._inside else []

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "script"


def all_pages(text: str) -> tuple[Page, ...]:
    """Return all pages of the world with a text in every field."""
    return pages(report(WORLD.with_text(text, text_fields())))


def figures(text: str) -> list[object]:
    """Return the figures of all pages as a script reads them."""
    reader = Islands()
    for page in all_pages(text):
        reader.feed(html_of(page))
    return [json.loads(island) for island in reader.found]


@pytest.mark.parametrize("number", range(0, len(PAYLOADS), 6))
def test_no_text_of_a_record_reaches_a_figure(number: int) -> None:
    found = figures(payload(number))
    assert len(found) > 3
    assert found == figures(twin(payload(number)))


@given(text=hostile_texts)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_a_figure_holds_exactly_the_labels_of_its_chart(text: str) -> None:
    plotted = replace(a_chart().series[0], name=text, y=(0.5, None))
    chart = replace(a_chart(), title=text, reading=text, x=(text, f"{text} again"), series=(plotted,), y_title=text)
    names = (chart, replace(chart, inline=False))
    section = a_section(id="charts", charts=names)
    templates = Templates(templates_folder())
    reader = Islands()
    reader.feed(html_of(an_overview(view=replace(an_overview().view, sections=(section,))), templates))
    (island,) = reader.found
    assert not set(island) & set("<>&")
    for figure in (json.loads(island), *map(json.loads, templates.figures.values())):
        assert figure["data"][0]["name"] == figure["layout"]["yaxis"]["title"]["text"] == label(text)
        assert figure["data"][0]["x"] == [label(text), label(f"{text} again")]
    assert len(templates.figures) == 1


def rows(made: tuple[Page, ...]) -> list[dict[str, str]]:
    """Return the rows of the search index, as JSON would have them."""
    index = SimpleNamespace(entries=[])
    config = SimpleNamespace(plugins={"search": SimpleNamespace(search_index=index)})
    listed = [SimpleNamespace(url=f"{page.path}/index.html", replaybook=page) for page in made]
    add_rows(cast("list[HtmlPage]", listed), cast("MkDocsConfig", config))
    return cast("list[dict[str, str]]", json.loads(json.dumps(index.entries)))


def check_rows(text: str) -> None:
    """Assert that the search shows the titles of pages as they are, which the theme writes as HTML."""
    made = all_pages(text)
    found = rows(made)
    assert [unescape(row["title"]) for row in found] == [page.search_title for page in made]
    assert [seen(row["title"]).texts for row in found] == [[page.search_title] for page in made]
    assert not [row for row in found if set(row["title"] + row["text"]) & set("<>\"'")]
    assert any(text in page.search_title for page in made)


@pytest.mark.parametrize("number", range(0, len(PAYLOADS), 6))
def test_rows_of_the_search_show_exactly_the_titles(number: int) -> None:
    check_rows(payload(number))


SHELL: Final = SiteShell("Demo")


def check_small_pages(text: str) -> None:
    """Assert that a text changes nothing but itself on the pages outside the versions."""

    def drawn(words: str) -> tuple[Counter[tuple[str, ...]], list[str]]:
        tombstone = seen(SHELL.tombstone(words, words, words, "../../index.html"))
        redirect = seen(SHELL.redirect("../r1/index.html", words))
        return tombstone.structure + redirect.structure, tombstone.texts + redirect.texts

    (structure, texts), (plain, words) = drawn(text), drawn(twin(text))
    assert structure == plain
    assert [twin(shown) for shown in texts] == [twin(shown) for shown in words]
    assert sum(text in shown for shown in texts) == sum(twin(text) in shown for shown in words) > 0


@given(text=hostile_texts)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_text_on_a_small_page_changes_nothing_but_itself(text: str) -> None:
    check_small_pages(text)


def publish(site: Path, name: str, links: dict[str, Target]) -> None:
    """Publish a version with a page for every link."""
    with transaction(site) as work:
        for key in links:
            (work.folder(name) / "failures" / key).mkdir(parents=True)
        (work.folder(name) / "index.html").write_text("page")
        work.add(Version(name=name, title=name, started_at=WHEN, verdict="pass"), links)
        work.stage(SHELL)
        work.switch(SHELL)


def test_the_ledger_and_the_tombstones_made_of_it_keep_exactly_the_text(tmp_path: Path) -> None:
    for number in range(0, len(PAYLOADS), 6):
        site = tmp_path / str(number)
        made = [page for page in all_pages(payload(number)) if page.permalink]
        links = {
            page.permalink.removeprefix("f/"): Target(version="r1", title=page.title, summary=page.summary)
            for page in made
        }
        publish(site, "r1", links)
        publish(site, "r1", {})  # built again without the failures
        ledger = json.loads((site / "data/v1/permalinks.json").read_text(encoding="utf-8"))["links"]
        assert {key: entry["summary"] for key, entry in ledger.items()} == {
            key: target.summary for key, target in links.items()
        }
        for key, target in links.items():
            assert target.summary in seen((site / "f" / key / "index.html").read_text(encoding="utf-8")).texts


def version(folder: Path, text: str) -> tuple[Path, tuple[Page, ...]]:
    """Render the world with a text in every field as a version of a site."""
    made = all_pages(text)
    for name in ("v", "assets"):
        (folder / name).mkdir(parents=True)
    url = "https://ci.example/demo"
    target = RenderTarget(
        out=folder / "v", assets_out=folder / "assets", version="v", site_name="Demo", site_url=url, as_of=WHEN
    )
    render_version(made, target)
    return folder / "v", made


def summed(folder: Path) -> tuple[Counter[tuple[str, ...]], list[str]]:
    """Return elements and texts of all pages of a version."""
    found = [seen(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))]
    total: Counter[tuple[str, ...]] = sum((page.structure for page in found), start=type(found[0].structure)())
    return total, [text for page in found for text in page.texts]


def check_version(folder: Path, text: str) -> None:
    """Assert that a text changes nothing but itself in the whole shell: titles, navigation, contents, search."""
    (hostile, made), (benign, _) = version(folder / "hostile", text), version(folder / "benign", twin(text))
    (structure, texts), (plain, words) = summed(hostile), summed(benign)
    assert structure == plain
    assert sum(text in shown for shown in texts) == sum(twin(text) in shown for shown in words) > 500
    index: Any = json.loads((hostile / "search/search_index.json").read_text(encoding="utf-8"))
    titles = {entry["title"] for entry in index["docs"]}
    assert {page.search_title for page in made} <= {unescape(title) for title in titles}
    assert not [title for title in titles if set(title) & set("<>")]


def test_a_whole_version_has_the_same_structure_whatever_the_texts(tmp_path: Path) -> None:
    shell = templates_folder() / "shell"
    with watching(str(shell)) as ran:
        check_version(tmp_path, payload(0))
    assert {str(path) for path in shell.rglob("*") if path.is_file()} == set(ran)
