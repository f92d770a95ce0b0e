"""What objects of foreign files say, as text, number or flag: a value of another kind counts as not said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from generator.safety.limits import COUNT_MAX
from generator.safety.text import clean_message, clean_meta, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

Raw = Mapping[str, object]
"""One JSON or TOML object, unchecked."""

LISTED: Final = 50
"""Texts of a list that are shown; the rest is counted."""

_NOTHING: Final[Raw] = {}


def table(value: object) -> Raw:
    """Return an object; an empty one for anything else."""
    return value if isinstance(value, dict) else _NOTHING


def items(value: object) -> list[object]:
    """Return a list; an empty one for anything else."""
    return value if isinstance(value, list) else []


def shown(value: object) -> str:
    """Return a scalar as a cleaned line of text, true and false as words; empty for null, lists and objects."""
    if isinstance(value, str):
        return one_line(clean_meta(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < COUNT_MAX:
        return str(int(value))
    return clean_meta(str(value)) if isinstance(value, int | float) else ""


def said(row: Raw, *names: str) -> str:
    """Return the first of the fields that says something, as one cleaned line; empty when none does."""
    return next((text for name in names if (text := shown(row.get(name)))), "")


def told(row: Raw, *names: str) -> str:
    """Return the first of the fields that is a text with something in it, as a cleaned message."""
    return next(
        (clean_message(text) for name in names if isinstance(text := row.get(name), str) and text.strip()),
        "",
    )


def number(row: Raw, *names: str) -> float | None:
    """Return the first of the fields that is a number between -2^53 and 2^53."""
    for name in names:
        value = row.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < COUNT_MAX:
            return float(value)
    return None


def whole(row: Raw, *names: str) -> int | None:
    """Return the first of the fields that is a number, when it is whole."""
    value = number(row, *names)
    return int(value) if value is not None and value.is_integer() else None


def flag(row: Raw, *names: str) -> bool | None:
    """Return the first of the fields that is true or false."""
    return next((value for name in names if isinstance(value := row.get(name), bool)), None)


def listed(value: object) -> str:
    """Return the scalars of a list as one line, `a, b and 3 more` beyond the limit; empty when it is no list."""
    return joined(text for item in items(value) if (text := shown(item)))


def joined(texts: Iterable[str]) -> str:
    """Return texts as one line, `a, b and 3 more` beyond the limit."""
    found = list(texts)
    more = f" and {len(found) - LISTED} more" if len(found) > LISTED else ""
    return clean_meta(", ".join(found[:LISTED]) + more)


def pairs(row: Raw, *names: str) -> tuple[tuple[str, str], ...]:
    """Return (name, text) of the fields that say something, scalars and lists of scalars, in the order of the names."""
    found = ((shown(name), shown(row.get(name)) or listed(row.get(name))) for name in names)
    return tuple((name, text) for name, text in found if text)


def close(one: float, other: float, within: float = 0.01) -> bool:
    """Tell whether two percentages are the same but for rounding to two places."""
    return abs(one - other) <= within
