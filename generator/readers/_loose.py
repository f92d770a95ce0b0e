"""Values of JSON documents from outside where `Fields` would be too slow: what has another type counts as absent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers._cases import UNNAMED
from generator.safety.ids import parse_time
from generator.safety.limits import COUNT_MAX
from generator.safety.text import clean_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.artifact import Artifact
    from generator.readers._cases import Cases

Object = dict[str, object]
"""A JSON object."""

Taken = dict[tuple[str, str, str], int]
"""Suite, class and name of each test so far, with the last number that its name was given."""


def text_of(value: object) -> str:
    """Return a text, empty when it is none."""
    return value if isinstance(value, str) else ""


def lines_of(value: object) -> str:
    """Return a text, or the texts of a list as lines."""
    if isinstance(value, list):
        return "\n".join(item for item in value if isinstance(item, str))
    return text_of(value)


def count_of(value: object) -> int | None:
    """Return a whole number from 0 to below 2^53, None when it is none."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < COUNT_MAX:
        return value
    return None


def list_of(value: object) -> list[object]:
    """Return a list, empty when it is none."""
    return value if isinstance(value, list) else []


def object_of(value: object) -> Object:
    """Return an object, empty when it is none."""
    return value if isinstance(value, dict) else {}


def objects_of(value: object) -> list[Object]:
    """Return the objects of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def moment_of(milliseconds: object) -> str:
    """Return a time since 1970 in milliseconds as RFC 3339 in UTC; empty when it is no believable time."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return ""
    if not 0 <= milliseconds < COUNT_MAX:
        return ""
    try:
        stamp = datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return ""
    return stamp.replace("+00:00", "Z") if parse_time(stamp) else ""


def root_of(artifact: Artifact, *fields: str) -> Object:
    """Return the document, an object in which one of the fields is a list; raises UnreadableError."""
    document = artifact.json()
    if not isinstance(document, dict):
        raise UnreadableError("the document is no object", "check the step that writes it")
    if not any(isinstance(document.get(field), list) for field in fields):
        named = " or ".join(f"`{field}`" for field in fields)
        raise UnreadableError(f"the document has no list {named}", "check the step that writes it")
    return document


def note_words(cases: Cases, words: Mapping[str, int]) -> None:
    """Warn of status words that are not known; their cases are errors, never passed."""
    if words:
        number = sum(words.values())
        named = ", ".join(f"`{clean_name(word)[:40]}`" for word in sorted(words)[:_NAMED])
        cases.note(
            f"{number} {'status is' if number == 1 else 'statuses are'} not known: {named}; read as errors",
            "check the version of the writer of the report",
        )


def note_lost(cases: Cases, number: int, what: str) -> None:
    """Warn of entries that are no objects."""
    if number:
        cases.note(f"{number} of the {what} cannot be read and are left out", "check the writer of the report")


def free_name(taken: Taken, suite: str, classname: str, name: str) -> str:
    """Return a name that no other test of the suite and class has, for formats in which each entry is a test.

    `Cases` would take entries of one name for attempts of one test.
    """
    name = name.strip() or UNNAMED
    key = (suite, classname, name)
    number = taken.get(key)
    if number is None:
        taken[key] = 1
        return name
    while key in taken:
        number += 1
        key = (suite, classname, f"{name} #{number}")
    taken[suite, classname, name] = number
    taken[key] = 1
    return key[2]


_NAMED: Final = 5
"""Words that a warning names."""
