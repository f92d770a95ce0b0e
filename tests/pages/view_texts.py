"""Walks through views: every text and every address of a page, wherever it stands."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from generator.views import Outcomes, Section, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.views import Page

_NOT_SHOWN = ("sort", "template", "path", "permalink", "kind")


def texts(value: object) -> Iterator[str]:
    """Every text that a reader may see."""
    for name, text in _strings(value):
        if name not in (*_NOT_SHOWN, "href") and text:
            yield text


def hrefs(value: object) -> Iterator[str]:
    """Every address that a reader may follow."""
    for name, text in _strings(value):
        if name == "href" and text:
            yield text


def anchors(page: Page) -> list[str]:
    """Every id that the page gives to a part of itself."""
    found: list[str] = []
    for section in page.view.sections:
        found += [section.id, *(table_id for table in section.tables for table_id in _of_table(table))]
        found += [one for chart in section.charts for one in (chart.id, *_of_table(chart.table))]
    return found


def tables(page: Page) -> dict[str, Table]:
    """The page's tables by id."""
    return {table.id: table for section in page.view.sections for table in section.tables}


def section(page: Page, section_id: str) -> Section:
    """The page's section of this id."""
    return next(found for found in page.view.sections if found.id == section_id)


def column(table: Table, title: str) -> list[str]:
    """The texts of one column."""
    place = [found.title for found in table.columns].index(title)
    return [row[place].text for row in table.rows]


def _of_table(table: Table) -> list[str]:
    return [table.id, *(row_id for row_id in table.row_ids if row_id)]


def _strings(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Outcomes):
        for status, hint, href in value.cells:
            yield from (("status", status), ("hint", hint), ("href", href))
        yield ("reading", value.reading)
    elif isinstance(value, str):
        yield (name, value)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _strings(item, name)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _strings(getattr(value, field.name), field.name)
