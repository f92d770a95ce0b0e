"""The properties go red when what they are about is taken away: each mutant here is one that they must find."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

import pytest

from generator.plugins import Reading
from generator.render import hrefs, html, page, search
from tests.readers.test_golden import BY_NAME, GOLDEN
from tests.structure.changing import AFTER, AROUND, COPIED, copyable
from tests.structure.fields import TextField
from tests.structure.test_data_of_pages import check_rows, check_small_pages, check_version
from tests.structure.test_files_to_records import check_file
from tests.structure.test_records_to_pages import check
from tests.structure.twins import payload

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from generator.artifact import Artifact

_ESCAPE: Final = html.esc


def as_it_is(text: str) -> str:
    """Escape nothing."""
    return text


def twice(text: str) -> str:
    """Escape what is escaped already, as a second pass would."""
    return text if hasattr(text, "__html__") else _ESCAPE(str.__str__(_ESCAPE(text)) + "")


def without_angles(text: str) -> str:
    """Drop what looks dangerous instead of escaping it."""
    return text if hasattr(text, "__html__") else _ESCAPE(text.replace("<", ""))


def as_in_an_element(text: str) -> str:
    """Escape for an element, as if there were no attributes."""
    return text if hasattr(text, "__html__") else text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_MUTANTS: Final = (as_it_is, twice, without_angles, as_in_an_element)
_PLACES: Final = (
    (TextField("TestResult", "name"), AROUND),
    (TextField("Alert", "message"), AROUND),
    (TextField("SourceCommand", "text"), COPIED),
)
_TEXT: Final = payload(1)
"""Begins with the end of an attribute and of its element."""


@pytest.mark.parametrize("mutant", _MUTANTS)
@pytest.mark.parametrize(("field", "form"), _PLACES, ids=str)
def test_an_escape_that_fails_is_found(
    monkeypatch: pytest.MonkeyPatch, mutant: Callable[[str], str], field: TextField, form: str
) -> None:
    text = copyable(_TEXT) if form == COPIED else _TEXT
    monkeypatch.setattr(html, "esc", mutant)
    with pytest.raises(AssertionError):
        check(text, (field,), form)


@pytest.mark.parametrize("mutant", _MUTANTS[:-1])
def test_an_escape_that_fails_is_found_on_small_pages(
    monkeypatch: pytest.MonkeyPatch, mutant: Callable[[str], str]
) -> None:
    monkeypatch.setattr(html, "esc", mutant)
    with pytest.raises(AssertionError):
        check_small_pages(_TEXT)


def test_titles_that_the_search_does_not_escape_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "escape", as_it_is)
    with pytest.raises(AssertionError):
        check_rows(_TEXT)


def test_titles_that_the_theme_gets_unescaped_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(page, "title_for_theme", as_it_is)
    with pytest.raises(AssertionError):
        check_version(tmp_path, _TEXT)


def test_an_address_of_a_stranger_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hrefs.Place, "href", lambda _, target: target)
    with pytest.raises(AssertionError):
        check(_TEXT, (TextField("Run", "url"),), AFTER)


@pytest.mark.parametrize("mutant", [as_it_is, as_in_an_element, lambda text: text.replace("<", "")])
def test_a_reader_that_does_more_or_less_than_to_clean_is_found(
    monkeypatch: pytest.MonkeyPatch, mutant: Callable[[str], str]
) -> None:
    def read(found: Artifact) -> Reading:
        return Reading(schema_id=mutant(json.loads(found.text())["results"]["tests"][0]["name"]))

    monkeypatch.setitem(BY_NAME, "ctrf", SimpleNamespace(read=read))
    with pytest.raises(AssertionError):
        check_file(GOLDEN / "ctrf/pytest.ctrf.json")
