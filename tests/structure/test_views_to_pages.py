"""Also words that are ours today: whatever text stands in a view of any kind of page, it changes nothing but itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render.test_structure import rewritten
from tests.structure.changing import WORLD, Changes
from tests.structure.drawing import counted, differences, sheets, standing
from tests.structure.twins import hostile_texts, payload, twin
from tests.structure.world import worlds_of_states

if TYPE_CHECKING:
    from generator.views import Page


KINDS: Final = (
    *("", "run", "failures", "changes", "clusters", "flaky", "gates", "trends", "performance", "evidence", "runs"),
    "problems",
)
"""First folders of all pages."""

LONG: Final = "long lists"


def pages_of(kind: str) -> list[Page]:
    """Return the pages of a kind; for long lists, the overview of a long history."""
    if kind == LONG:
        return [Changes(worlds_of_states()["many"]).pages[""]]
    return [page for path, page in WORLD.pages.items() if path.partition("/")[0] == kind]


def without_figures(page: Page) -> Page:
    """Return a page whose charts have words, but no figure: its labels are written otherwise (`charts.label`)."""
    sections = tuple(
        replace(
            section, charts=tuple(replace(chart, x=(), series=(), y_title="", y2_title="") for chart in section.charts)
        )
        for section in page.view.sections
    )
    return replace(page, view=replace(page.view, sections=sections))


def check_view(page: Page, text: str) -> None:
    """Assert that a page with a text in all its words is the page of its twin but for the text."""
    page = without_figures(page)
    hostile, benign = sheets([rewritten(page, text)]), sheets([rewritten(page, twin(text))])
    assert differences(counted(hostile), counted(benign)) == []
    assert 0 < standing(text, hostile)[0] == standing(twin(text), benign)[0]


@pytest.mark.parametrize("kind", [*KINDS, LONG])
def test_text_in_a_view_changes_nothing_but_itself(kind: str) -> None:
    for number, page in enumerate(pages_of(kind)):
        check_view(page, payload(number))


def test_no_kind_of_page_is_left_out() -> None:
    assert {path.partition("/")[0] for path in WORLD.pages} == set(KINDS)


@given(kind=st.sampled_from(KINDS), text=hostile_texts)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_any_text_in_any_view_changes_nothing_but_itself(kind: str, text: str) -> None:
    check_view(pages_of(kind)[-1], text)
