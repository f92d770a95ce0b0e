"""JSON, JSONL and TOML read strictly, and fields taken from the result leniently."""

from __future__ import annotations

import json
import math
import re
import tomllib
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.safety._complaints import complaint
from generator.safety._fields import Fields
from generator.safety.limits import (
    JSON_BYTES,
    JSON_DEPTH,
    JSONL_BYTES,
    JSONL_LINE,
    JSONL_ROWS,
    NUMBER_CHARS,
    TOML_BYTES,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Fields", "parse_json", "parse_jsonl", "parse_toml"]

_OPENING: Final = re.compile(r"[\[{]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
_TORN: Final = "torn last line"


def parse_json(text: str) -> object:
    """Read a JSON document; UnreadableError says line and column.

    Refused: duplicate keys, NaN and Infinity, numbers that are not finite or over 400 characters, nesting over 64,
    documents over 16 MiB, anything after the document.
    """
    if len(text) > JSON_BYTES:
        raise UnreadableError(f"the document is larger than {JSON_BYTES} bytes", "split the report")
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise UnreadableError("the file is empty", "check whether the step that writes it ran to its end")
    try:
        return _parse(text)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip())
        hint = (
            "the file looks cut off; check whether its writer was killed" if cut else "check the file with a JSON tool"
        )
        reason = f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        raise UnreadableError(reason, hint) from None
    except (ValueError, RecursionError):
        reason, place = complaint(text)
        raise UnreadableError(f"{reason} at {_position(text, place)}", "fix the writer of the file") from None


def parse_jsonl(text: str) -> tuple[list[tuple[int, object]], list[tuple[int, str]]]:
    """Read JSON lines: good rows and bad ones, each with its line number, bad ones with a reason.

    A last line without line end that does not parse is "torn last line", which is normal for a run that was killed.
    Binary data and files over 256 MiB raise UnreadableError; rows over 10 000 are left out, with one reason for all.
    """
    if len(text) > JSONL_BYTES:
        raise UnreadableError(f"the file is larger than {JSONL_BYTES} bytes", "split the file")
    rows: list[tuple[int, object]] = []
    bad: list[tuple[int, str]] = []
    total = 0
    for number, line, is_last in _lines(text.removeprefix("\ufeff")):
        total += 1
        if total > JSONL_ROWS:
            continue
        if total == 1 and _CONTROL.search(line, 0, 1024):
            raise UnreadableError("the file is binary, not JSON lines", "unpack it before it is read")
        reason = _row(number, line, rows)
        if reason:
            bad.append((number, _TORN if is_last else reason))
    if total > JSONL_ROWS:
        bad.append((_last_number(text), f"only the first {JSONL_ROWS} of {total} rows are kept"))
    return rows, bad


def parse_toml(text: str) -> dict[str, object]:
    """Read a TOML document of at most 1 MiB, nesting of 64, numbers of 400 digits; UnreadableError says where."""
    if len(text) > TOML_BYTES:
        raise UnreadableError(f"the document is larger than {TOML_BYTES} bytes", "split the file")
    try:
        table: dict[str, object] = tomllib.loads(text.removeprefix("\ufeff"))
    except RecursionError:
        raise UnreadableError(f"nested deeper than {JSON_DEPTH}", "flatten the file") from None
    except ValueError as error:
        place = re.search(r"\(at [^()]{1,60}\)", str(error))
        where = f" {place.group()}" if place else ""
        raise UnreadableError(f"not TOML{where}", "check the file with a TOML tool") from None
    if _is_too_deep(table) or any(abs(number) >= 10**NUMBER_CHARS for number in _integers(table)):
        raise UnreadableError(
            f"nested deeper than {JSON_DEPTH}, or a number over {NUMBER_CHARS} digits", "fix the writer of the file"
        )
    return table


def _parse(text: str) -> object:
    value = _DECODER.decode(text)
    if len(_OPENING.findall(text)) > JSON_DEPTH and _is_too_deep(value):
        raise ValueError
    return value


def _row(number: int, line: str, rows: list[tuple[int, object]]) -> str:
    """Add one good row; return why a bad one is bad."""
    if len(line) > JSONL_LINE:
        return f"longer than {JSONL_LINE} bytes"
    try:
        rows.append((number, _parse(line)))
    except json.JSONDecodeError as error:
        return f"not JSON: {error.msg} at column {error.colno}"
    except (ValueError, RecursionError):
        return complaint(line)[0]
    return ""


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


def _int(digits: str) -> int:
    if len(digits) > NUMBER_CHARS:
        raise ValueError
    return int(digits)


def _constant(_name: str) -> object:
    raise ValueError


def _is_too_deep(value: object) -> bool:
    level: list[object] = [value]
    for _ in range(JSON_DEPTH):  # afterwards, `level` holds what lies one deeper than that
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ())
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
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


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_float, parse_int=_int, parse_constant=_constant
)
