"""JSON, JSONL and TOML read strictly, and fields taken from the result leniently."""

from __future__ import annotations

import json
import math
import re
import tomllib
from itertools import compress
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.safety._complaints import complaint
from generator.safety._fields import Fields
from generator.safety.limits import DEFAULT, NUMBER_CHARS, ReadLimits

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Fields", "parse_json", "parse_jsonl", "parse_toml", "stream_jsonl"]

_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # a coloured line before the first row is no binary data
_LARGER: Final = "split the file, or raise the limit in the settings"
_TORN: Final = "torn last line"


def parse_json(text: str, limits: ReadLimits = DEFAULT, *, nan: bool = False) -> object:
    """Read a JSON document; UnreadableError says line and column.

    Refused: duplicate keys, NaN and Infinity (`nan`: read as null, for formats whose definition has them), numbers that
    are not finite, fractions over 400 characters, whole numbers over 4 300 digits (as Python refuses them; a hook for
    each would halve the speed), too deep nesting, documents over the limit, anything after the document.
    """
    if len(text) > limits.json_bytes:
        raise UnreadableError(f"the document is larger than {limits.json_bytes} bytes", _LARGER)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise UnreadableError("the file is empty", "check whether the step that writes it ran to its end")
    try:
        return _parse(text, limits.depth, _NAN_DECODER if nan else _DECODER)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip())
        hint = (
            "the file looks cut off; check whether its writer was killed" if cut else "check the file with a JSON tool"
        )
        reason = f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        raise UnreadableError(reason, hint) from None
    except (ValueError, RecursionError):
        reason, place = complaint(text, limits.depth)
        raise UnreadableError(f"{reason} at {_position(text, place)}", "fix the writer of the file") from None


def parse_jsonl(text: str, limits: ReadLimits = DEFAULT) -> tuple[list[tuple[int, object]], list[tuple[int, str]]]:
    """Read JSON lines: good rows and bad ones, each with its line number, bad ones with a reason.

    A last line without line end that does not parse is "torn last line", which is normal for a run that was killed.
    Binary data and files over the limit raise UnreadableError; rows over the limit are left out, with one reason for
    all.
    """
    rows: list[tuple[int, object]] = []
    bad: list[tuple[int, str]] = []
    for number, row in stream_jsonl(text, bad, limits):
        rows.append((number, row))
        if len(rows) + len(bad) >= limits.jsonl_rows:
            break
    total = sum(1 for _ in _lines(text.removeprefix("\ufeff"))) if len(rows) + len(bad) >= limits.jsonl_rows else 0
    if total > limits.jsonl_rows:
        bad.append((_last_number(text), f"only the first {limits.jsonl_rows} of {total} rows are kept"))
    return rows, bad


def stream_jsonl(text: str, bad: list[tuple[int, str]], limits: ReadLimits = DEFAULT) -> Iterator[tuple[int, object]]:
    """Yield the rows of JSON lines one at a time, however many; bad lines go to `bad`; errors as of `parse_jsonl`."""
    if len(text) > limits.jsonl_bytes:
        raise UnreadableError(f"the file is larger than {limits.jsonl_bytes} bytes", _LARGER)
    is_first = True
    for number, line, is_last in _lines(text.removeprefix("\ufeff")):
        if is_first and _CONTROL.search(line, 0, 1024):
            raise UnreadableError("the file is binary, not JSON lines", "unpack it before it is read")
        is_first = False
        try:
            yield number, _row(line, limits)
        except _BadRowError as error:
            bad.append((number, _TORN if is_last else str(error)))


def parse_toml(text: str, limits: ReadLimits = DEFAULT) -> dict[str, object]:
    """Read a TOML document within limits of size, depth and digits; UnreadableError says where."""
    if len(text) > limits.toml_bytes:
        raise UnreadableError(f"the document is larger than {limits.toml_bytes} bytes", _LARGER)
    try:
        table: dict[str, object] = tomllib.loads(text.removeprefix("\ufeff"))
    except RecursionError:
        raise UnreadableError(f"nested deeper than {limits.depth}", "flatten the file") from None
    except ValueError as error:
        place = re.search(r"\(at [^()]{1,60}\)", str(error))
        where = f" {place.group()}" if place else ""
        raise UnreadableError(f"not TOML{where}", "check the file with a TOML tool") from None
    if _is_too_deep(table, limits.depth) or any(abs(number) >= 10**NUMBER_CHARS for number in _integers(table)):
        raise UnreadableError(
            f"nested deeper than {limits.depth}, or a number over {NUMBER_CHARS} digits", "fix the writer of the file"
        )
    return table


def _parse(text: str, depth: int, decoder: json.JSONDecoder | None = None) -> object:
    value = (decoder or _DECODER).decode(text)
    if _is_nested(text, depth) and _is_too_deep(value, depth):
        raise ValueError
    return value


def _is_nested(text: str, depth: int) -> bool:
    """Tell whether a text has so many brackets that it may be too deep; most documents of one line have not."""
    return text.count("[") + text.count("{") > depth


class _BadRowError(Exception):
    """Why one line of a file is no row."""


def _row(line: str, limits: ReadLimits) -> object:
    """Return one row; _BadRowError says why it is bad."""
    if len(line) > limits.jsonl_line:
        raise _BadRowError(f"longer than {limits.jsonl_line} bytes")
    try:
        return _parse(line, limits.depth)
    except json.JSONDecodeError as error:
        raise _BadRowError(f"not JSON: {error.msg} at column {error.colno}") from None
    except (ValueError, RecursionError):
        raise _BadRowError(complaint(line, limits.depth)[0]) from None


def _lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the number of each line that is not blank, the line, and whether it lacks its line end."""
    start, number = 0, 0
    while start < len(text):
        number += 1
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else len(text)]
        if line.strip():
            yield number, line, end < 0
        start = end + 1 if end >= 0 else len(text)


def _last_number(text: str) -> int:
    return text.count("\n") + (not text.endswith("\n"))


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _float(digits: str) -> float:
    value = float(digits)
    if len(digits) > NUMBER_CHARS or not math.isfinite(value):
        raise ValueError
    return value


def _constant(_name: str) -> object:
    raise ValueError


def _is_too_deep(value: object, depth: int) -> bool:
    level: list[object] = [value]
    for _ in range(depth):  # afterwards, `level` holds what lies one deeper than that
        inner: list[object] = []
        for outer in level:
            items = outer.values() if type(outer) is dict else outer if type(outer) is list else ()
            inner.extend(compress(items, map(_is_container, map(type, items))))
        if not inner:
            return False
        level = inner
    return True


def _integers(value: object) -> Iterator[int]:
    waiting: list[object] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, int):
            yield item
        elif isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item


def _position(text: str, place: int) -> str:
    line = text.count("\n", 0, place) + 1
    return f"line {line}, column {place - text.rfind(chr(10), 0, place)}"


def _no_value(_name: str) -> object:
    return None


_is_container: Final = frozenset({dict, list}).__contains__
_NAN_DECODER: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_float, parse_constant=_no_value)
_DECODER: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_float, parse_constant=_constant)
