"""Whatever text stands in a view, the page has the same elements and attributes, and shows exactly that text."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.render.fill import document, fragment
from generator.render.html import Templates
from generator.render.resources import templates_folder
from tests.render.made_blocks import a_chart, a_section
from tests.render.made_pages import a_failure, an_overview, surroundings
from tests.render.markup import Seen, seen

if TYPE_CHECKING:
    from generator.views import Page

TEMPLATES = Templates(templates_folder())
AROUND = surroundings()
FIXED = {
    "href",  # an address decides whether there is a link
    "id",
    "path",
    "template",
    "row_ids",
    "kind",
    "permalink",
    "sort",
    "title_for_theme",
    "shell",
}
"""Not free text: addresses, ids and keys."""

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7*7 }}{% raw %}",
    "</pre></code></template></script><!--",
    "javascript:alert(1)",
    "&lt;b&gt;&amp;",
    "]]><svg/onload=alert(1)>",
    '${alert(1)} `id` --8<-- "/etc/passwd"',
)
ANYTHING = st.sampled_from(PAYLOADS) | st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=30
)


def rewritten(value: Any, text: str, name: str = "") -> Any:
    """The same view with every free text replaced; empty texts stay empty, because they decide what is drawn."""
    if isinstance(value, Enum | datetime) or name in FIXED:
        return value
    if isinstance(value, str):
        return text if value else value
    if isinstance(value, tuple):
        inner = "status" if name == "cells" and value and isinstance(value[0], tuple) else name
        return tuple(
            _outcome(item, text) if inner == "status" and _is_outcome(item) else rewritten(item, text, name)
            for item in value
        )
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{item.name: rewritten(getattr(value, item.name), text, item.name) for item in fields(value)}
        )
    return value


def _is_outcome(item: Any) -> bool:
    return len(item) == 3 and all(isinstance(part, str) for part in item)


def _outcome(item: tuple[str, str, str], text: str) -> tuple[str, str, str]:
    return (item[0], text, item[2])


def drawn(page: Page) -> Seen:
    return seen((document if page.lean else fragment)(page, TEMPLATES, AROUND))


BENIGN = "word"


@pytest.mark.parametrize("page", [an_overview(), a_failure()], ids=["standard", "failure"])
@given(text=ANYTHING)
@settings(max_examples=60, deadline=None)
def test_text_never_changes_the_structure(page: Page, text: str) -> None:
    hostile, benign = drawn(rewritten(page, text)), drawn(rewritten(page, BENIGN))
    assert hostile.structure == benign.structure
    assert [len(value) for value in hostile.texts].count(0) <= len(benign.texts)
    shown = [value for value in hostile.texts if value.strip()]
    assert any(value == text for value in shown) or not text.strip()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_arrives_as_text_wherever_it_stands(payload: str) -> None:
    page = drawn(rewritten(a_failure(), payload))
    assert payload in page.attribute("data-copy")
    assert payload in page.attribute("title")
    assert not [name for _, name, _ in page.values if name.startswith("on")]
    assert "49" not in "".join(page.texts)


def test_code_keeps_its_first_empty_line_and_its_spaces() -> None:
    text = "\n  first\n\n\tlast  \n"
    page = a_failure()
    assertion = replace(page.view.assertion, text=text)  # type: ignore[union-attr,type-var]
    shown = drawn(replace(page, view=replace(page.view, assertion=assertion)))  # type: ignore[arg-type]
    assert text in shown.texts


def test_json_of_a_chart_stays_in_its_element() -> None:
    chart = rewritten(a_chart(), "</script></template><img src=x>")
    html = fragment(
        an_overview(view=replace(an_overview().view, sections=(a_section(charts=(chart,)),))), TEMPLATES, AROUND
    )
    assert "<img" not in html
    assert html.count("</template>") == 1
