"""What the readers of the runner's JSON files share: schema ids, cleaned fields, times, commands, and what is odd."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.plugins import Reading
from generator.records import Problem, Severity, Shard, SourceCommand
from generator.safety.ids import is_commit, parse_time
from generator.safety.limits import TEXT_MESSAGE
from generator.safety.redact import redact, remembered
from generator.safety.strict_json import Fields
from generator.safety.text import bound, clean_meta, clean_name, neutralise, one_line

if TYPE_CHECKING:
    from datetime import datetime

    from generator.artifact import Artifact
    from generator.records import Level, Record

_SCHEMA: Final = re.compile(r"([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_.-]{1,200})\.v([0-9]{1,9})", re.ASCII)
_FULL_COMMIT: Final = 40
_SHORT: Final = 200
_ODD_NAMES: Final = 12
"""Odd fields that a Problem names; a hostile file may have a million."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One format: how its files are told from others."""

    reader: str
    stem: str
    """The schema id between namespace and version: `e2e.summary`."""
    file: str
    """The name under which the runner writes it."""
    marks: frozenset[str] = frozenset()
    """Fields of which a file of that name without a schema id has at least one."""
    version: int = 1
    namespace: str = ""
    """The only namespace of this format; empty: any, because forks rename it."""


@dataclass(slots=True, kw_only=True)
class Document:
    """One JSON document of a known format, and what is odd in it."""

    artifact: Artifact
    reader: str
    raw: dict[str, object]
    fields: Fields
    schema_id: str | None
    namespace: str
    notes: list[str] = field(default_factory=list)

    def moment(self, fields: Fields, name: str) -> datetime | None:
        """Return a time; a text that is none is noted."""
        text = fields.text(name)
        found = parse_time(text) if text else None
        if text and found is None:
            self.note(f"`{name}` is no time of a known form: {clean_meta(text)}")
        return found

    def numbers(self, name: str) -> tuple[tuple[str, int], ...]:
        """Return the whole numbers of an object by their names, sorted; true and false count as 1 and 0."""
        child, value = self.fields.child(name), self.raw.get(name)
        found: dict[str, int] = {}
        for key, item in value.items() if isinstance(value, dict) else ():
            number = int(item) if isinstance(item, bool) else child.signed(key)
            if number is not None:
                found[clean_name(key)] = number
        return tuple(sorted(found.items()))

    def note(self, text: str) -> None:
        """Remember something odd; `reading` makes a Problem of it."""
        self.notes.append(text)

    def reading(self, *records: Record) -> Reading:
        """Return the records with a warning for everything that was odd."""
        return Reading(records=records, schema_id=self.schema_id, problems=self._problems())

    def _problems(self) -> tuple[Problem, ...]:
        odd = self.fields.odd
        notes = list(self.notes)
        if odd:
            shown = ", ".join(clean_name(text) for text in odd[:_ODD_NAMES])
            more = f" and {len(odd) - _ODD_NAMES} more" if len(odd) > _ODD_NAMES else ""
            notes.append(f"some values are not of the kind expected: {shown}{more}")
        return tuple(warning(self.artifact, self.reader, text, "these are taken as unknown") for text in notes)


def warning(artifact: Artifact, reader: str, message: str, hint: str) -> Problem:
    """Return a warning about an artifact that was read all the same."""
    return Problem(path=artifact.path, reader=reader, severity=Severity.WARNING, message=message, hint=hint)


@remembered(1024)
def split_schema(schema: str) -> tuple[str, str, int] | None:
    """Return namespace, stem and version of a schema id `<ns>.<stem>.v<N>`, or None when it has another form."""
    found = _SCHEMA.fullmatch(schema)
    return (found[1], found[2], int(found[3])) if found else None


def shown_schema(schema: str) -> str:
    """Return a schema id as it may be shown."""
    return one_line(clean_meta(schema))


def is_kind(artifact: Artifact, kind: Kind) -> str:
    """Return by which sign a file is of a format: its schema id, else its name; empty when it is not.

    By name it is taken when it cannot be parsed, or when its schema id is wrong, so that `opened` says so.
    """
    if not artifact.name.endswith(".json"):
        return ""
    by_name = f"named `{kind.file}`" if artifact.name == kind.file else ""
    try:
        document = artifact.json()
    except UnreadableError:
        return by_name
    schema = document.get("schema") if isinstance(document, dict) else None
    parts = split_schema(schema) if isinstance(schema, str) else None
    if parts and parts[1] == kind.stem and kind.namespace in {"", parts[0]}:
        return f"schema `{shown_schema(str(schema))}`"
    if not by_name:
        return ""
    if not isinstance(document, dict) or schema is not None:
        return by_name
    return by_name if not document or not kind.marks.isdisjoint(document) else ""


def opened(artifact: Artifact, kind: Kind) -> Document:
    """Return the document; raises UnreadableError when it is not of this format or of a version that is not known."""
    document = artifact.json()
    if not isinstance(document, dict):
        raise UnreadableError(f"holds {_kind_of(document)}, not an object", "check the step that writes it")
    namespace = ""
    schema = document.get("schema")
    if schema is None:
        if kind.marks.isdisjoint(document):
            raise UnreadableError(f"holds nothing that a {kind.file} has", "check the step that writes it")
    elif not isinstance(schema, str):
        raise UnreadableError("has a `schema` that is not text", "check the step that writes it")
    else:
        namespace = _namespace(schema, kind)
    return Document(
        artifact=artifact,
        reader=kind.reader,
        raw=document,
        fields=Fields(document, ""),
        schema_id=schema,
        namespace=namespace,
    )


def _namespace(schema: str, kind: Kind) -> str:
    parts = split_schema(schema)
    expected = f"{kind.namespace or '<namespace>'}.{kind.stem}.v{kind.version}"
    shown = shown_schema(schema)
    if parts is None or parts[1] != kind.stem or kind.namespace not in {"", parts[0]}:
        raise UnreadableError(f"has the schema `{shown}`, not `{expected}`", "rename the file, or correct the schema")
    if parts[2] != kind.version:
        raise UnreadableError(f"has the schema `{shown}`; known is `{expected}`", "use a version that knows it")
    return parts[0]


def _kind_of(document: object) -> str:
    names = ((list, "a list"), (str, "a text"), (bool, "true or false"), (type(None), "null"))
    return next((name for kind, name in names if isinstance(document, kind)), "a number")


def meta(fields: Fields, name: str) -> str:
    """Return a piece of metadata, cleaned; empty when absent."""
    return _clean(fields.text(name))


def title(fields: Fields, name: str) -> str:
    """Return a name, cleaned; empty when absent."""
    return _clean(fields.text(name))


def titles(fields: Fields, name: str) -> tuple[str, ...]:
    """Return a list of names, cleaned, in the order of the file."""
    return tuple(_clean(text) for text in fields.texts(name))


def _clean(text: str) -> str:
    """Clean a name or piece of metadata (both have one limit); short ones are remembered: every file repeats them."""
    return _clean_short(text) if len(text) <= _SHORT else clean_meta(text)


@remembered(8192)
def _clean_short(text: str) -> str:
    return clean_meta(text)


def commit(fields: Fields, *names: str) -> str:
    """Return the commit id: the first full one, else the first that can be one."""
    found = [text for name in names if is_commit(text := fields.text(name))]
    return next((text for text in found if len(text) == _FULL_COMMIT), found[0] if found else "").lower()


def shard(fields: Fields) -> Shard:
    """Return the shard object of environment, manifest or summary; an absent one means unsharded."""
    child = fields.child("shard")
    kind, name = title(child, "kind"), title(child, "name")
    return Shard(
        kind=kind or "none",
        name=name or "unsharded",
        index=child.int("index"),
        total=child.int("total"),
    )


def unset(text: str) -> str:
    """Return a text, or nothing for the word that the runner writes when there is none."""
    return "" if text in {"unset", "unknown"} else text


def command_text(text: str) -> tuple[str, bool]:
    """Return a command as it may be shown, and whether masking a secret changed it."""
    plain = neutralise(text)
    masked = redact(plain)
    return bound(masked, TEXT_MESSAGE), masked != plain


def command(fields: Fields, name: str, level: Level, source: str) -> tuple[SourceCommand, ...]:
    """Return the command in a field as a tuple of one, or nothing when the field is absent or empty."""
    text, secret = command_text(fields.text(name))
    return (SourceCommand(level=level, text=text, source=f"{source}.{name}", secret=secret),) if text.strip() else ()
