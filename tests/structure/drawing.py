"""From records to HTML, and what stands in it: elements, attributes and texts, counted."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from generator import analysis
from generator.config import Settings
from generator.edition import Edition, pages_of, report_of
from generator.pages import commands
from generator.render.fill import document, fragment
from generator.render.html import Templates
from generator.render.resources import templates_folder
from tests.builders import snapshot
from tests.render.made_pages import surroundings
from tests.render.markup import Seen, seen
from tests.structure.long_history import with_history
from tests.structure.twins import twin
from tests.structure.world import FORGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.analysis import Prepared
    from generator.findings import Report
    from generator.records import RunUnit
    from generator.views import Page

SETTINGS = Settings.model_validate({"project": {"forge_url": FORGE}, "analysis": {"cluster": {"ratio": 100}}})
TEMPLATES = Templates(templates_folder())
AROUND = surroundings("../_assets/")

_HASHES = re.compile(r"\b(?:f|id|run|u|c1|proof)-[0-9a-f]{16}\b|\b[fc]1:[0-9a-f]{16}\b")
"""What is made of a text by hashing it: another text has another one."""

_REASONS = re.compile("|".join(re.escape(text) for text in (*commands._REASONS.values(), commands._UNVETTED)))
"""Why a command may not be copied: which reason comes first depends on its text."""

_OWN = re.compile(r"(?:\.\./)*(?:[A-Za-z0-9_.-]+/)*[A-Za-z0-9_.-]*(?:#[A-Za-z0-9._-]+)?", re.ASCII)
_AT_FORGE = re.compile(re.escape(FORGE) + r"/[A-Za-z0-9._~%/?&=#-]*", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9 ._/-]*", re.ASCII)
_ANCHOR = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)

_TOLD = 300
"""Characters of a difference that are told."""

Drawn = Counter[tuple[str, ...]]
"""How often each element, each attribute with its value and each text stands on which page."""


def report(units: Iterable[RunUnit]) -> Report:
    """Return the report of the newest of some runs."""
    return report_of_newest(analysis.prepare(snapshot(*units), SETTINGS))


def report_of_newest(prepared: Prepared) -> Report:
    """Return the report of the newest run that was analysed, with a link to each run."""
    newest = prepared.runs[-1]
    edition = Edition(run=newest, name=newest.label, as_of=newest.started_at + timedelta(days=2))
    made = report_of(prepared, edition, SETTINGS, tuple(run.label for run in prepared.runs))
    return replace(made, findings=with_history(made.findings))


def pages(made: Report) -> tuple[Page, ...]:
    """Return all pages of a report."""
    return pages_of(made, SETTINGS)


def html_of(page: Page, templates: Templates = TEMPLATES) -> str:
    """Return a page as it is written, without the theme's shell around it."""
    return (document if page.lean else fragment)(page, templates, AROUND)


def with_plain_causes(made: Report) -> Report:
    """Return the report with causes called by the message itself, not by the summary that is made of it.

    The summary leaves out numbers, quotes, paths and times, which a hostile text and its twin do not have in common.
    """
    messages = {failure.failure_id: failure.message or failure.kind for failure in made.findings.failures}
    causes = tuple(
        replace(cause, title=messages[cause.failures[0].failure_id] if cause.failures else "")
        for cause in made.findings.causes
    )
    clusters = tuple(
        replace(cluster, title=messages[cluster.failures[0].failure_id] if cluster.failures else "")
        for cluster in made.findings.clusters
    )
    return replace(made, findings=replace(made.findings, causes=causes, clusters=clusters))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as HTML, seen as a test sees it."""

    page: Page
    seen: Seen

    @property
    def key(self) -> str:
        """What the page of a hostile text and that of its twin have in common."""
        return _plain(f"{self.page.path} {self.page.search_title}")

    def counted(self) -> Drawn:
        """Return everything that stands on the page, with hashes masked and structural characters as in the twin."""
        found: Drawn = Counter()
        key = self.key
        for kind, number in self.seen.structure.items():
            found[key, "element", *kind] += number
        for tag, name, value in self.seen.values:
            found[key, "attribute", tag, name, _plain(unquote(value) if name == "href" else value)] += 1
        for text in self.seen.texts:
            found[key, "text", _plain(text)] += 1
        return found

    def dangers(self) -> list[str]:
        """Return what must stand on no page, whatever the texts: handlers, foreign addresses, names out of texts."""
        page = self.page
        names = (page.path, page.title, page.nav, page.template, page.permalink)  # they reach what is not ours
        found = [f"name {name!r}" for name in names if not _NAME.fullmatch(name)]
        for tag, name, value in self.seen.values:
            if name.startswith("on") or name in ("style", "srcdoc", "srcset", "formaction", "xlink:href"):
                found.append(f"{tag} {name}={value!r}")
            if name in ("href", "src", "action", "data") and not (_OWN.fullmatch(value) or _AT_FORGE.fullmatch(value)):
                found.append(f"{tag} {name}={value!r}")
            if name in ("id", "name", "class") and tag != "meta" and not all(map(_ANCHOR.fullmatch, value.split())):
                found.append(f"{tag} {name}={value!r}")
        return [f"{self.key}: {what}" for what in found]

    def all_texts(self) -> Iterator[str]:
        """Yield all texts and all values of attributes; addresses as they read."""
        yield from self.seen.texts
        yield from (unquote(value) if name == "href" else value for _, name, value in self.seen.values)

    def begins_to_show(self, text: str) -> bool:
        """Tell whether the page shows a text, or its beginning in one line with a capital letter where it was cut."""
        return any(_folded(text)[:30] in _folded(shown) for shown in self.all_texts())


def sheets(drawn: Iterable[Page], templates: Templates = TEMPLATES) -> list[Sheet]:
    """Return pages as HTML, seen as a test sees it."""
    return [Sheet(page, seen(html_of(page, templates))) for page in drawn]


def counted(found: Sequence[Sheet]) -> Drawn:
    """Return everything that stands on some pages."""
    total: Drawn = Counter()
    for sheet in found:
        total.update(sheet.counted())
    return total


def standing(text: str, found: Sequence[Sheet]) -> tuple[int, int]:
    """Return how often some pages have a text as it is, and how often in one line."""
    shown = [shown for sheet in found for shown in sheet.all_texts()]
    line = " ".join(text.split())
    return sum(text in one for one in shown), sum(line in " ".join(one.split()) for one in shown)


def differences(hostile: Drawn, benign: Drawn) -> list[str]:
    """Return what stands on the hostile pages alone, then what stands on the benign ones alone: some of each."""
    only = (("hostile", hostile - benign), ("benign", benign - hostile))
    return [
        f"{name}: {'|'.join(what)[:_TOLD]} ({number})"
        for name, left in only
        for what, number in sorted(left.items())[:5]
    ]


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


@lru_cache(maxsize=1 << 16)
def _plain(text: str) -> str:
    return twin(_REASONS.sub("…", _HASHES.sub("#", text)))
