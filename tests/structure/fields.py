"""Every text of every record, found by looking at the records themselves, and records with other texts in them."""

from __future__ import annotations

from dataclasses import is_dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from generator import records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class TextField(NamedTuple):
    """A field of a record that holds text: a string, or strings in tuples."""

    record: str
    name: str

    def __str__(self) -> str:
        return f"{self.record}.{self.name}"


_SIMPLE: Final[dict[type, object]] = {
    int: 1,
    float: 1.0,
    bool: True,
    date: date(2026, 3, 3),
    datetime: datetime(2026, 3, 3, tzinfo=UTC),
}


@cache
def text_fields(root: type = records.RunUnit) -> tuple[TextField, ...]:
    """Return the text fields of a record and of all records in it, whatever they are called."""
    found: dict[type, tuple[TextField, ...]] = {}
    waiting = [root]
    while waiting:
        record = waiting.pop()
        if record not in found:
            hints = {name: _parts(hint) for name, hint in _hints(record).items()}
            found[record] = tuple(TextField(record.__name__, name) for name, parts in hints.items() if str in parts)
            waiting += [part for parts in hints.values() for part in parts if _is_record(part)]
    return tuple(sorted(field for group in found.values() for field in group))


def texts(value: object) -> Iterator[tuple[TextField, str]]:
    """Yield every text of some records that is not empty, with its field."""
    for field, text in _texts(value, TextField("", "")):
        if text:
            yield field, text


def rewritten(value: Any, text: Callable[[str], str]) -> Any:
    """Return records with every text that is not empty exchanged for what `text` makes of it."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return text(value) if value else value
    if isinstance(value, tuple):
        return tuple(rewritten(item, text) for item in value)
    if not _is_record(type(value)):
        return value
    return _with(value, {name: rewritten(getattr(value, name), text) for name in _names(type(value))})


def filled(value: Any, lacking: set[TextField]) -> Any:
    """Return records with a word in the first empty text of every field in `lacking`, which is emptied on the way."""
    if isinstance(value, tuple):
        return tuple(filled(item, lacking) for item in value)
    if not _is_record(type(value)):
        return value
    changed = {}
    for name in _names(type(value)):
        field, inner = TextField(type(value).__name__, name), getattr(value, name)
        changed[name] = made(_hints(type(value))[name], str(field)) if field in lacking else filled(inner, lacking)
        lacking.discard(field)
    return _with(value, changed)


def made(hint: Any, word: str) -> Any:
    """Return a value of a type: a record with a word of its own in every text, `word` where it is a text itself."""
    inner = [part for part in get_args(hint) if part not in (type(None), Ellipsis)]
    if inner and get_origin(hint) is tuple:
        return tuple(made(part, word) for part in inner)
    if inner:
        return made(inner[0], word)
    if _is_record(hint):
        return hint(**{name: made(part, f"{hint.__name__}.{name}") for name, part in _hints(hint).items()})
    if issubclass(hint, Enum):
        return next(iter(hint))
    return word if hint is str else _SIMPLE[hint]


def _texts(value: Any, field: TextField) -> Iterator[tuple[TextField, str]]:
    if isinstance(value, str):
        if not isinstance(value, Enum):
            yield field, value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item, field)
    elif _is_record(type(value)):
        for name in _names(type(value)):
            yield from _texts(getattr(value, name), TextField(type(value).__name__, name))


def _with(record: Any, changed: dict[str, Any]) -> Any:
    return record.model_copy(update=changed) if isinstance(record, BaseModel) else replace(record, **changed)


def _names(record: Any) -> Sequence[str]:
    return tuple(record.model_fields if issubclass(record, BaseModel) else record.__dataclass_fields__)


def _hints(record: type) -> dict[str, Any]:
    found = get_type_hints(record, localns=vars(records))
    return {name: found[name] for name in _names(record)}


def _parts(hint: Any) -> set[Any]:
    """Return the plain types that an annotation is made of."""
    inner = get_args(hint)
    return {hint} if not inner else {part for item in inner for part in _parts(item)}


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and (issubclass(kind, records.Record) or is_dataclass(kind))
