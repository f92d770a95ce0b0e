"""Building blocks of a page: words and numbers, no HTML.

Every text here is plain text; the templates escape it. `href` values are relative to the version's root
(`failures/f-…/`), or start with `/` for the site's root (`/f/…/`), or are absolute `https` links to a configured
forge. The renderer turns the first two into links relative to the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Tone(StrEnum):
    """What a badge, cell or banner means; the template adds icon and colour, the text says the same in words."""

    GOOD = "good"
    BAD = "bad"
    WARN = "warn"
    INFO = "info"
    MUTED = "muted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A text that leads somewhere."""

    text: str
    href: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A short fact with a tone: `Gate`, `fail`."""

    label: str
    value: str
    tone: Tone = Tone.MUTED
    href: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time: exact UTC text, and the words for it relative to the report's time."""

    at: datetime
    relative: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """Something the reader must know before believing the page."""

    tone: Tone
    title: str
    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A large number with its word, linked to the rows behind it."""

    number: str
    label: str
    tone: Tone
    href: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """A strip of outcomes, oldest first; each cell is (status word, hint, href)."""

    cells: tuple[tuple[str, str, str], ...]
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table: text, and what it is sorted, coloured and linked by."""

    text: str
    href: str = ""
    tone: Tone | None = None
    sort: str = ""
    """Sort key when the text does not sort well (numbers, dates)."""
    mono: bool = False
    note: str = ""
    """A second, smaller line."""
    moment: Moment | None = None
    outcomes: Outcomes | None = None
    bar: float | None = None
    """Share 0..1 drawn as a bar behind the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A table's column."""

    title: str
    numeric: bool = False
    filter: bool = False
    """Offer a choice of the column's values above the table."""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with a stable id (its filters and sorting stand in the URL under that name)."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = "Nothing to show."
    """What to say when there are no rows; never suggests that all is well when nothing was read."""
    more: str = ""
    """What was left out, if anything was."""
    row_ids: tuple[str, ...] = ()
    """Anchor of each row, so that other pages can link to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line or one set of bars; `None` is a gap, never a zero."""

    name: str
    y: tuple[float | None, ...]
    tone: Tone
    kind: str = "line"
    """line or bar."""
    axis: int = 1
    """1 = left, 2 = right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart, its one-line reading and the table behind it."""

    id: str
    title: str
    reading: str
    x: tuple[str, ...]
    """Category or ISO date labels."""
    series: tuple[Series, ...]
    table: Table
    y_title: str = ""
    y2_title: str = ""
    y_percent: bool = False
    dates: bool = False
    stacked: bool = False
    inline: bool = True
    """Stand in the page as JSON, so that it also draws from a downloaded folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command to show, and to copy when `copyable`."""

    level: str
    title: str
    text: str
    copyable: bool
    reason: str = ""
    caution: str = ""
    source: str = ""
    shell: str = "sh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A label with a value: one row of a definition list."""

    label: str
    value: str
    href: str = ""
    mono: bool = False
    copy: bool = False
    moment: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of a timeline."""

    place: str
    """Ordinal, or time."""
    title: str
    text: str
    tone: Tone = Tone.MUTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Preformatted text: a trace, a message, a log excerpt."""

    title: str
    text: str
    folded: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled group of blocks; the template lays out whatever is there, in this order."""

    id: str
    title: str
    intro: str = ""
    facts: tuple[Fact, ...] = ()
    commands: tuple[Command, ...] = ()
    counts: tuple[Count, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    events: tuple[Event, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()
    links: tuple[Link, ...] = ()
    outcomes: Outcomes | None = None
    notes: tuple[str, ...] = ()
    folded: bool = False
