"""Errors as Mocha's reporters write them, and what they make of a test."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.readers._cases import NOTHING
from generator.readers._loose import Object, lines_of, text_of
from generator.readers._told import error_said
from generator.records import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.readers._names import Said

_HOOK: Final = re.compile(r'"(?:before|after) (?:each|all)" hook(?:[: ]|\Z)')
_TIMEOUT: Final = "ERR_MOCHA_TIMEOUT"
_SHOWN: Final = 4096
"""Longest value that a comparison shows."""


def is_hook(title: str) -> bool:
    """Tell whether a title is that of a hook: `"before each" hook for "adds"`."""
    return _HOOK.match(title) is not None


def error_of(value: object) -> Object:
    """Return the error of a test: an object, or one made of a text; empty when there is none."""
    if isinstance(value, dict):
        return value
    return {"message": lines_of(value) or "an error that is no object"} if value else {}


def status_of(error: Mapping[str, object], *, broke: bool = False) -> Status:
    """Return failed, or error for what broke around the test (`broke`) and for a test that ran out of time."""
    return Status.ERROR if broke or error.get("code") == _TIMEOUT else Status.FAILED


def said_of(error: Mapping[str, object]) -> Said:
    """Return what an error says: `message`, `stack` (mochawesome: `estack`), and what was compared."""
    if not error:
        return NOTHING
    stack = text_of(error.get("estack")) or text_of(error.get("stack"))
    diff = text_of(error.get("diff"))
    more = f"--- diff ---\n{diff}" if diff else _compared(error)
    return error_said(text_of(error.get("message")), stack, text_of(error.get("name")), more)


def _compared(error: Mapping[str, object]) -> str:
    pairs = [(word, error.get(word)) for word in ("expected", "actual")]
    shown = [f"--- {word} ---\n{value}" for word, value in pairs if isinstance(value, str) and len(value) < _SHOWN]
    return "\n".join(shown) if len(shown) == len(pairs) else ""
