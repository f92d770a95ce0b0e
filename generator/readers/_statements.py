"""What the readers of evidence files share: rows, numbers and facts of a file, and what it is worth by its own rows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from generator.readers import _native
from generator.readers._said import Raw, flag, listed, number, pairs, said, shown, told
from generator.records import Level, SourceCommand, Statement, StatementRow
from generator.safety.text import clean_name, one_line

if TYPE_CHECKING:
    from collections.abc import Collection

    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.records import Record

ROWS: Final = 500
"""Rows kept of one file; those that do not hold go before the others."""

SEEN: Final = 10_000
"""Rows of one list that are looked at; a file with more is never taken to hold."""

CHECKS: Final = 100_000
"""The same of checks, of which the evidence contract of a run may have tens of thousands."""

VALUES: Final = 400
"""Numbers, and facts, kept of one file."""

_DEEP: Final = 4
_DOUBTS: Final = 10
PASS: Final = frozenset({"pass", "passed", "ok", "success"})
"""Words that claim success in most formats."""


@dataclass(slots=True, kw_only=True)
class Sheet:
    """One evidence file while it is read: what it states so far, and what in it contradicts itself."""

    document: _native.Document
    numbers: dict[str, float] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    rows: list[StatementRow] = field(default_factory=list)
    left_out: int = 0
    doubts: list[str] = field(default_factory=list)

    @property
    def raw(self) -> Raw:
        """Return the document."""
        return self.document.raw

    def take(self, *names: str) -> None:
        """Keep fields: numbers by dotted names, texts and flags as facts, lists of objects as their lengths."""
        for name in names:
            self._take(one_line(clean_name(name)), self.raw.get(name), 0)

    def count(self, name: str, value: float) -> None:
        """Keep a number under a name."""
        if len(self.numbers) < VALUES:
            self.numbers[one_line(clean_name(name))] = float(value)

    def fact(self, name: str, text: str) -> None:
        """Keep a cleaned text under a name, when it says something."""
        if text and len(self.facts) < VALUES:
            self.facts[one_line(clean_name(name))] = text

    def doubt(self, text: str) -> None:
        """Remember that the file contradicts itself: it does not hold, whatever it says."""
        self.doubts.append(text)

    def each(self, name: str, within: Raw | None = None, most: int = SEEN) -> list[Raw]:
        """Return the objects of a list, or of an object by name (then with the name as `id`); others are noted."""
        value = (self.raw if within is None else within).get(name)
        found: list[Raw] = []
        if isinstance(value, dict):
            found = [row if isinstance(row, dict) else {"value": row} for row in value.values()]
            found = [{"id": key} | dict(row) for key, row in zip(value, found, strict=True)]
        elif isinstance(value, list):
            found = [row for row in value if isinstance(row, dict)]
            if len(found) < len(value):
                self.doubt(f"`{name}` holds {len(value) - len(found)} entries that are no objects")
        elif value is not None:
            self.document.note(f"`{name}` is no list")
        if len(found) > most:
            self.doubt(f"`{name}` has {len(found)} rows, of which the first {most} were looked at")
            self.left_out += len(found) - most
        return found[:most]

    def add(self, row: StatementRow) -> None:
        """Add a row."""
        self.rows.append(row)

    def same(self, name: str, stated: float | None, found: float) -> None:
        """Doubt the file where a total that it states is not the one of its rows."""
        if stated is not None and stated != found:
            self.doubt(f"states `{name}` {shown(stated)}, but its rows make {shown(found)}")

    def claims(self, verdict: str, good: Collection[str] = PASS, bad: Collection[str] = ("fail", "failed")) -> bool:
        """Tell whether a verdict claims success; one that is missing or not known is a doubt."""
        word = verdict.lower()
        if word not in good and word not in bad:
            self.doubt(f"has a verdict that is not known: {verdict}" if verdict else "states no verdict")
        return word in good

    def weigh(self, verdict: str, claimed: bool, holds: bool, reason: str) -> bool:  # noqa: FBT001 - two answers
        """Return whether a file holds: both what it claims and its rows must say so; that they differ is a doubt."""
        if claimed != holds:
            self.doubt(f"says {verdict or 'nothing'}, but {reason}")
        return claimed and holds

    def statement(self, verdict: str, ok: bool | None, summary: str = "") -> Statement:  # noqa: FBT001 - its answer
        """Return the statement; with a doubt it does not hold."""
        fields, raw = self.document.fields, self.raw
        when = next(
            (name for name in ("generated_at", "generated_at_utc", "timestamp") if raw.get(name)), "generated_at"
        )
        kept = _kept(self.rows)
        return Statement(
            kind=self.document.reader,
            generated_at=self.document.moment(fields, when),
            verdict=verdict,
            ok=False if self.doubts else ok,
            commit=_native.commit(fields, *(n for n in _COMMITS if isinstance(raw.get(n), str))),
            run_id=said(raw, "run_id", "ci_run_id"),
            correlation_id=said(raw, "correlation_id"),
            summary=summary or told(raw, "detail", "summary"),
            numbers=tuple(sorted(self.numbers.items())),
            facts=tuple(self.facts.items()),
            rows=kept,
            rows_left_out=self.left_out + len(self.rows) - len(kept),
        )

    def reading(self, *records: Record) -> Reading:
        """Return the records with a warning for every contradiction and for everything that was odd."""
        reading = self.document.reading(*records)
        document = self.document
        shown_doubts = [one_line(text) for text in dict.fromkeys(self.doubts)]
        if len(shown_doubts) > _DOUBTS:
            rest = len(shown_doubts) - _DOUBTS + 1
            shown_doubts = [*shown_doubts[: _DOUBTS - 1], f"contradicts itself in {rest} further ways"]
        hint = "it is taken not to hold; check the step that writes it"
        doubts = tuple(_native.warning(document.artifact, document.reader, text, hint) for text in shown_doubts)
        return replace(reading, problems=(*doubts, *reading.problems))

    def _take(self, name: str, value: object, depth: int) -> None:
        found = number({"it": value}, "it")
        if found is not None:
            self.count(name, found)
        elif isinstance(value, dict):
            if depth < _DEEP and len(self.numbers) + len(self.facts) < 2 * VALUES:
                for key, item in list(value.items())[:VALUES]:
                    self._take(
                        f"{name}.{one_line(clean_name(key))}" if name else one_line(clean_name(key)), item, depth + 1
                    )
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            self.count(name, len(value))
        else:
            self.fact(name, shown(value) or listed(value))


_ACTUAL: Final = ("actual", "observed", "value")
_LIMIT: Final = ("threshold", "limit")
_COMMITS: Final = ("git_commit", "source_commit", "git_ref", "git_sha", "commit")


def opened(artifact: Artifact, kind: _native.Kind, versions: Collection[int] = (1,)) -> Sheet:
    """Return the file as a sheet; raises UnreadableError when it is not of this format or of an unknown version."""
    document = artifact.json()
    schema = document.get("schema") if isinstance(document, dict) else None
    parts = _native.split_schema(schema) if isinstance(schema, str) else None
    if parts and parts[2] in versions:
        kind = replace(kind, version=parts[2])
    return Sheet(document=_native.opened(artifact, kind))


def kind_of(artifact: Artifact, *kinds: _native.Kind) -> _native.Kind:
    """Return which of several kinds a file is: by its schema id, else by its name, else the first."""
    schema = artifact.peek_object().get("schema")
    parts = _native.split_schema(schema) if isinstance(schema, str) else None
    known = (kind for kind in kinds if parts and parts[1] == kind.stem)
    return next(known, next((kind for kind in kinds if kind.file == artifact.name), kinds[0]))


def command(row: Raw, name: str, level: Level, source: str) -> SourceCommand | None:
    """Return the command in a field of a row; None when there is none."""
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        return None
    text, secret = _native.command_text(value)
    return SourceCommand(level=level, text=text, source=f"{source}.{name}", secret=secret)


def _check(row: Raw, ok: bool, more: tuple[str, ...]) -> StatementRow:  # noqa: FBT001 - its answer
    """Return a check `{id, ok, actual, threshold}` as a row."""
    return StatementRow(
        id=said(row, "id", "name", "check") or "(no id)",
        title=said(row, "description", "title", "label"),
        status=said(row, "status"),
        ok=ok,
        blocking=flag(row, "blocking"),
        severity=said(row, "severity"),
        detail=told(row, "diagnostics", "detail", "details", "reason", "message"),
        value=said(row, *_ACTUAL),
        threshold=said(row, *_LIMIT, "expected"),
        facts=pairs(row, *more),
    )


def checks(sheet: Sheet, name: str = "checks", *more: str) -> int:
    """Add the checks of a list; return how many do not say that they are met, or say so against their own limit."""
    unmet = 0
    for row in sheet.each(name, most=CHECKS):
        ok = flag(row, "ok", "pass", "passed") is True
        if ok and _breaks(row):
            sheet.doubt(f"says that {said(row, 'id')} is met, with {said(row, *_ACTUAL)} against {said(row, *_LIMIT)}")
            ok = False
        unmet += not ok
        if unmet > ROWS or (ok and len(sheet.rows) >= ROWS):
            sheet.left_out += 1  # not even made, as it would not be kept
        else:
            sheet.add(_check(row, ok, more))
    return unmet


def _breaks(row: Raw) -> bool:
    """Tell whether a check breaks the limit that its id names as the least or the most."""
    name = row.get("id")
    if not isinstance(name, str) or not name.startswith(("min_", "max_")):
        return False
    actual, limit = number(row, *_ACTUAL), number(row, *_LIMIT)
    if actual is None or limit is None:
        return False
    return actual < limit if name.startswith("min_") else actual > limit


def _kept(rows: list[StatementRow]) -> tuple[StatementRow, ...]:
    """Return the rows within the limit, in the order of the file; those that do not hold go before the others."""
    if len(rows) <= ROWS:
        return tuple(rows)
    places = sorted(range(len(rows)), key=lambda place: rows[place].ok is not False)[:ROWS]
    return tuple(rows[place] for place in sorted(places))
