"""Text becomes HTML: what it looks like, and that nothing gets around it."""

from __future__ import annotations

import json
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from generator.render.hrefs import Place
from generator.render.html import Templates, esc, json_for_script
from generator.render.resources import templates_folder
from tests.render.markup import seen

COPY = Templates(templates_folder(), partials=("copy",))
ANYTHING = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\x00"))


@given(ANYTHING)
def test_escaped_text_shows_exactly_the_text(text: str) -> None:
    assert unescape(esc(text)) == text
    assert not set(esc(text)) & set("<>\"'`={}[]@:/\\$")


def test_text_is_escaped_once_and_only_once() -> None:
    assert esc("Vec<Option<&str>>") == "Vec&lt;Option&lt;&amp;str&gt;&gt;"
    assert esc("&lt;") == "&amp;lt;"
    assert esc(esc("a & b")) == "a &amp; b"
    assert unescape(esc("{{ 7*7 }} 100 %")) == "{{ 7*7 }} 100 %"


@given(ANYTHING)
def test_json_in_a_page_cannot_end_its_element(text: str) -> None:
    written = json_for_script({"text": [text]})
    assert json.loads(written) == {"text": [text]}
    assert not set(written) & set("<>&\u2028\u2029")


def test_a_number_that_json_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_for_script({"y": [float("nan")]})


def test_a_misspelt_name_in_a_template_is_an_error(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "page.html.j2").write_text("<p>{{ nothing }}</p>")
    with pytest.raises(UndefinedError):
        Templates(folder, partials=()).fill("page.html.j2", Place(up="", site=None), {})


@given(ANYTHING)
def test_a_value_in_an_attribute_stays_one_value(text: str) -> None:
    written: Any = COPY._env.globals["copy"]
    button = seen(written(text, "sh"))
    assert button.attribute("data-copy") == [text]
    assert sum(button.structure.values()) == 2
