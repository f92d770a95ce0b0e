"""Typed access to the fields of JSON objects from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import UnreadableError
from generator.safety.limits import COUNT_MAX

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Whole = int  # within the class, `int` is a method


class Fields:
    """The fields of one JSON object at the border: unknown ones are ignored, ones of a wrong type count as absent.

    `where` names the object in messages. Each wrong type is remembered once in `odd`, a list that all children share,
    so that a reader can warn of it. Only a root that is no object raises UnreadableError.
    """

    __slots__ = ("_fields", "odd", "where")

    def __init__(self, obj: object, where: str, odd: list[str] | None = None) -> None:
        if not isinstance(obj, dict):
            raise UnreadableError(
                f"{where or 'the document'} is {_kind(obj)}, not an object", "fix the writer of the file"
            )
        self._fields: Mapping[str, object] = obj
        self.where = where
        self.odd: list[str] = [] if odd is None else odd

    def has(self, name: str) -> bool:
        """Tell whether the field is there and not null."""
        return self._fields.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """Return the raw text; the default when it is absent, null or no text."""
        value = self.opt_text(name)
        return default if value is None else value

    def opt_text(self, name: str) -> str | None:
        """Return the raw text; None when it is absent, null or no text."""
        value = self._fields.get(name)
        if value is None or isinstance(value, str):
            return value
        self._reject(name, value, "text")
        return None

    def int(self, name: str) -> Whole | None:
        """Return a count: a whole number from 0 to below 2^53; None otherwise."""
        value = self.signed(name)
        if value is not None and value < 0:
            self._reject(name, value, "a count")
            return None
        return value

    def signed(self, name: str) -> Whole | None:
        """Return a whole number of either sign, as exit codes are, between -2^53 and 2^53; None otherwise."""
        value = self._fields.get(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and abs(value) < COUNT_MAX):
            return value
        self._reject(name, value, "a whole number")
        return None

    def number(self, name: str) -> float | None:
        """Return a finite number of either sign between -2^53 and 2^53; None otherwise."""
        value = self._fields.get(name)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < COUNT_MAX:
            return float(value)
        self._reject(name, value, "a number")
        return None

    def boolean(self, name: str) -> bool | None:
        """Return true or false; None otherwise."""
        value = self._fields.get(name)
        if value is None or isinstance(value, bool):
            return value
        self._reject(name, value, "true or false")
        return None

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the texts of a list; what is no text is left out."""
        found: list[str] = []
        for place, item in self._items(name):
            if isinstance(item, str):
                found.append(item)
            else:
                self._reject(place, item, "text")
        return tuple(found)

    def child(self, name: str) -> Fields:
        """Return the object in a field; an empty one when it is absent, null or no object."""
        value = self._fields.get(name)
        if value is not None and not isinstance(value, dict):
            self._reject(name, value, "an object")
        return Fields(value if isinstance(value, dict) else {}, self._path(name), self.odd)

    def children(self, name: str) -> list[Fields]:
        """Return the objects of a list; what is no object is left out."""
        found: list[Fields] = []
        for place, item in self._items(name):
            if isinstance(item, dict):
                found.append(Fields(item, self._path(place), self.odd))
            else:
                self._reject(place, item, "an object")
        return found

    def _items(self, name: str) -> Iterator[tuple[str, object]]:
        value = self._fields.get(name)
        if isinstance(value, list):
            yield from ((f"{name}[{index}]", item) for index, item in enumerate(value))
        elif value is not None:
            self._reject(name, value, "a list")

    def _path(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name

    def _reject(self, name: str, value: object, wanted: str) -> None:
        """Remember a wrong type; the value counts as absent."""
        self.odd.append(f"{self._path(name)} is {_kind(value)}, not {wanted}")


def _kind(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object"}
    return names.get(type(value), "null")
