"""A page of the site as the renderer receives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.views.blocks import (
        Badge,
        Banner,
        Command,
        Count,
        Excerpt,
        Fact,
        Link,
        Moment,
        Outcomes,
        Section,
        Tone,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above the fold of every page."""

    answer: str
    """The one sentence that answers the page's question."""
    tone: Tone
    verdict: str = ""
    """One or two words before the sentence: `Blocked.`"""
    badges: tuple[Badge, ...] = ()
    """Run, commit, branch, age of the data, completeness."""
    banners: tuple[Banner, ...] = ()
    as_of: Moment | None = None
    stale_after_hours: int = 0
    """The browser shows a banner when the data is older than this; 0 = never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardView:
    """A page made of counts and sections, in the order in which they are read."""

    head: Head
    counts: tuple[Count, ...] = ()
    strip: tuple[Badge, ...] = ()
    """The gate strip."""
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureView:
    """The replay page of one failure."""

    head: Head
    test_title: str
    test_key: str
    status: str
    """"new since run 214, 3 runs, not flaky"."""
    replay: tuple[Command, ...]
    """Narrowest first."""
    no_replay: str
    """Why there is no command, if there is none."""
    environment: tuple[Fact, ...]
    assertion: Excerpt | None
    location: Link | None
    cause: tuple[Fact, ...]
    outcomes: Outcomes
    since: tuple[Fact, ...]
    sections: tuple[Section, ...]
    """Trace, timeline, attempts, same cause elsewhere, evidence …"""
    permalink: str
    previous: Link | None = None
    next: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: where it stands, what it is called, which template draws it."""

    path: str
    """Folder within the version, `` for the overview, `failures/f-…` for a failure; validated ids only."""
    title: str
    """Made of fixed words and validated ids only (it reaches places that are not ours to escape)."""
    template: str
    """Name below `site_templates/pages/`."""
    view: StandardView | FailureView
    nav: str = ""
    """Title in the navigation; empty = not in it."""
    lean: bool = False
    """Use the small shell (failure pages)."""
    search_title: str = ""
    """Row of the search index (untrusted text, escaped there); empty = not searchable."""
    summary: str = ""
    """One line for tombstones and link previews; plain text."""
    permalink: str = ""
    """`f/<failure-id>`: a redirect at the site's root that never dies."""
