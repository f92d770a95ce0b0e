"""The world with other texts in some of its fields, drawn again as far as that changes anything."""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from generator import analysis
from generator.analysis.beside import beside
from generator.findings import Beside
from generator.records import Evidence
from generator.safety.text import has_control
from tests.builders import snapshot
from tests.structure.drawing import SETTINGS, pages, report_of_newest, with_plain_causes
from tests.structure.fields import TextField, rewritten, text_fields, texts
from tests.structure.world import world

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from generator.analysis import Prepared
    from generator.findings import Report
    from generator.records import RunUnit
    from generator.views import Page

COMMANDS: Final = frozenset(
    {
        TextField("GateRow", "command"),
        TextField("SourceCommand", "text"),
        TextField("TriageDiff", "runner_command"),
        TextField("TriageTarget", "command"),
    }
)
"""Texts that are checked as commands: what passes has a button, what does not has a reason."""

ADDRESSES: Final = frozenset({TextField("Run", "url")})
"""Texts that are a link when they lie at the configured forge and hold nothing but what an address may hold."""

SAID: Final = frozenset(
    {TextField("Attempt", "message"), TextField("TestResult", "message"), TextField("TestResult", "trace")}
)
"""Texts that failures are told apart by: what stands in quotes does not count, so no value may come between two."""

PATHS: Final = frozenset({TextField("SourceFile", "path")})
"""Texts that a file is found by: it must stay in its folder to be the evidence of something."""

_MARKS: Final = re.compile(r"‹U\+[0-9A-F]+›|'")

AROUND, AFTER, ABOVE = "around", "after", "above"
COPIED, REFUSED, LINKED, UNLINKED = "copied", "refused", "linked", "unlinked"


def forms(field: TextField) -> tuple[str, ...]:
    """Return in which forms a text is put into a field: where text decides what is drawn, one for each decision."""
    if field in COMMANDS:
        return (COPIED, REFUSED)
    if field in ADDRESSES:
        return (LINKED, UNLINKED)
    if field in PATHS:
        return (AROUND, AFTER)
    return (AFTER, ABOVE) if field in SAID else (AROUND,)


def formed(form: str, number: int, value: str, text: str) -> str:
    """Return a value of the world with a text in it: at both ends, or where the form has room.

    Values that differ stay different, and equal ones stay equal, so that what belongs together still does.
    """
    if form == COPIED:
        return f"cargo test --test t{number} -- /srv/x {shlex.quote(f'x {text}')}"
    if form == REFUSED:
        return f"/srv/program {number} {text}"
    if form == LINKED:
        return f"{value}?x={quote(text, safe='')}"
    if form in (AFTER, UNLINKED):
        return f"{value} {text}"
    return f"{text}\n{value}" if form == ABOVE else f"{text}{value}{text}"


def copyable(text: str) -> str:
    """Return what of a text may stand in a command that may be copied, in one line.

    Single quotes may, too; but a shell needs five characters for each of them, and one for the sign of a twin.
    """
    plain = " ".join(_MARKS.sub("", text).split())
    return "".join(character for character in plain if character != "\u2800" and not has_control(character))


@dataclass(frozen=True)
class Changes:
    """A history, and what of it must be made again when some texts of it are others."""

    units: tuple[RunUnit, ...]

    @cached_property
    def values(self) -> dict[TextField, list[str]]:
        """The different texts of each field."""
        found: defaultdict[TextField, dict[str, None]] = defaultdict(dict)
        for field, text in texts(self.units):
            found[field][text] = None
        return {field: list(known) for field, known in found.items()}

    @cached_property
    def prepared(self) -> Prepared:
        """The analysis of the history, as far as no evidence matters."""
        return analysis.prepare(snapshot(*self.units), SETTINGS)

    @cached_property
    def report(self) -> Report:
        """The report of the newest run."""
        return with_plain_causes(report_of_newest(self.prepared))

    @cached_property
    def pages(self) -> dict[str, Page]:
        """The pages of the newest run by path."""
        return {page.path: page for page in pages(self.report)}

    def with_text(self, text: str, fields: Collection[TextField], form: str = "") -> tuple[RunUnit, ...]:
        """Return the history with a text in all values of these fields, and wherever the same values stand.

        Without a form values get one of those of their field by turns, commands and paths always the last one.
        """
        table: dict[str, str] = {}
        for field in fields:
            for number, value in enumerate(self.values.get(field, ())):
                turn = -1 if field in COMMANDS | PATHS else (number + len(text)) % len(forms(field))
                chosen = form or forms(field)[turn]
                table.setdefault(value, formed(chosen, number, value, text))
        return tuple(rewritten(unit, lambda value: table.get(value, value)) for unit in self.units)

    def redrawn(self, units: tuple[RunUnit, ...]) -> list[Page]:
        """Return the pages of a changed history that are not as they were."""
        return [page for page in pages(self._report(units)) if self.pages.get(page.path) != page]

    def _report(self, units: tuple[RunUnit, ...]) -> Report:
        """Return the report of a changed history; what cannot have changed is taken from the one there is."""
        kept = [(old.run, old.results) == (new.run, new.results) for old, new in zip(self.units, units, strict=True)]
        if not all(kept):
            return with_plain_causes(report_of_newest(analysis.prepare(snapshot(*units), SETTINGS)))
        if _changed(self.units, units) <= _BESIDE and self.units[:-1] == units[:-1]:
            findings = replace(self.report.findings, beside=beside([units[-1].evidence]))
            return replace(self.report, findings=findings)
        known = self.prepared.snapshot
        told = dict(zip((unit.unit_id for unit in known.units), (unit.evidence for unit in units), strict=True))
        prepared = replace(self.prepared, snapshot=replace(known, evidence=told.__getitem__))
        return with_plain_causes(report_of_newest(prepared))


_BESIDE: Final = frozenset(Beside.__dataclass_fields__)
"""Evidence that is shown beside the findings and never judged."""


def _changed(old: Iterable[RunUnit], new: Iterable[RunUnit]) -> set[str]:
    """Return the kinds of evidence that are not the same."""
    return {
        name
        for before, after in zip(old, new, strict=True)
        for name in Evidence.model_fields
        if getattr(before.evidence, name) != getattr(after.evidence, name)
    }


WORLD: Final = Changes(world())
"""The history that the tests change."""

CASES: Final = tuple((number, field, form) for number, field in enumerate(text_fields()) for form in forms(field))
"""Every text field of every record in every form, numbered."""
