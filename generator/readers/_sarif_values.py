"""Values of a SARIF document by type: what is of another type counts as absent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOTHING: Final[Mapping[str, object]] = {}
_LINES: Final = 2**31


def mapping(value: object) -> Mapping[str, object]:
    """Return an object; an empty one when there is none."""
    return value if isinstance(value, dict) else _NOTHING


def objects(value: object) -> list[Mapping[str, object]]:
    """Return the items of a list, each as an object, so that indices stay right; none when it is no list."""
    return [mapping(item) for item in value] if isinstance(value, list) else []


def text(value: object) -> str:
    """Return a text, also that of an object with a `text`; empty when there is none."""
    if isinstance(value, dict):
        value = value.get("text")
    return value if isinstance(value, str) else ""


def index(value: object) -> int:
    """Return a place in a list; -1 when there is none."""
    return value if type(value) is int and 0 <= value < _LINES else -1


def number(value: object, least: float, most: float) -> float | None:
    """Return a number, also one written as text, within bounds; None when it is none."""
    if isinstance(value, str) and len(value) <= 32:
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if least <= value <= most else None
