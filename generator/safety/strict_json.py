"""JSON, JSONL and TOML read strictly, and fields taken from the result leniently."""

from __future__ import annotations

import json
import math
import re
import sys
import tomllib
from functools import lru_cache
from itertools import compress
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.safety._complaints import complaint
from generator.safety._fields import Fields
from generator.safety.limits import DEFAULT, JSON_PARTS, JSONL_KEPT, JSONL_LINES, NUMBER_CHARS, ReadLimits
from generator.safety.pieces import Extent, whole_lines
from generator.safety.text import clean_name, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Fields", "demand_json", "demand_jsonl", "parse_json", "parse_jsonl", "parse_toml", "stream_jsonl"]

_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # a coloured line before the first row is no binary data
_LOOKED_AT: Final = 1024  # characters of the first row in which such a one is looked for
_LARGER: Final = "split the file, or raise the limit in the settings"
_TORN: Final = "torn last line"
_STRING: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_WALKED: Final = 400_000  # parts of a document in which the place of a mistake is looked for


def parse_json(text: str, limits: ReadLimits = DEFAULT, *, nan: bool = False) -> object:
    """Read a JSON document; UnreadableError says line and column.

    Refused: duplicate keys, NaN and Infinity (`nan`: read as null, for formats whose definition has them), numbers that
    are not finite, fractions over 400 characters, whole numbers over 4 300 digits (as Python refuses them; a hook for
    each would halve the speed), too deep nesting, too many parts, documents over the limit, anything after the
    document.
    """
    demand_json(len(text), limits)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise UnreadableError("the file is empty", "check whether the step that writes it ran to its end")
    parts = _parts(text)
    if parts > JSON_PARTS and _parts(_STRING.sub("", text)) > JSON_PARTS:
        raise UnreadableError(f"the document has more than {JSON_PARTS} objects, lists and values", "split the file")
    try:
        return _parse(text, limits.depth, _NAN_DECODER if nan else _DECODER)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip())
        hint = (
            "the file looks cut off; check whether its writer was killed" if cut else "check the file with a JSON tool"
        )
        reason = f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        raise UnreadableError(reason, hint) from None
    except (ValueError, RecursionError) as error:
        if parts > _WALKED:
            raise UnreadableError(_reason(error, limits.depth), "fix the writer of the file") from None
    reason, place = complaint(text, limits.depth)  # not before the document was let go
    raise UnreadableError(f"{reason} at {_position(text, place)}", "fix the writer of the file")


def demand_json(characters: int, limits: ReadLimits) -> None:
    """Raise UnreadableError for so many characters of a JSON document when they are over the limit."""
    if characters > limits.json_bytes:
        raise UnreadableError(f"the document is larger than {limits.json_bytes} bytes", _LARGER)


def parse_jsonl(
    text: str | Iterable[str], limits: ReadLimits = DEFAULT
) -> tuple[list[tuple[int, object]], list[tuple[int, str]]]:
    """Read JSON lines: good rows and bad ones, each with its line number, bad ones with a reason.

    The text may come in pieces that are cut anywhere. A last line without line end that does not parse is "torn last
    line", which is normal for a run that was killed. Binary data and files over the limit raise UnreadableError; rows
    over the limit are left out, with one reason for all.
    """
    rows: list[tuple[int, object]] = []
    bad: list[tuple[int, str]] = []
    characters = parts = 0
    extent = Extent()
    lines = _lines(text, limits, extent)
    for number, row, line in _rows(lines, bad, limits):
        rows.append((number, row))
        characters += len(line)
        parts += _parts(line)
        if len(rows) + len(bad) >= limits.jsonl_rows or characters > JSONL_KEPT or parts > JSON_PARTS:
            break
    more = sum(1 for _ in lines)
    if more:
        kept = len(rows) + len(bad)
        bad.append((extent.lines, f"only the first {kept} of {kept + more} rows are kept"))
    return rows, bad


def stream_jsonl(
    text: str | Iterable[str], bad: list[tuple[int, str]], limits: ReadLimits = DEFAULT
) -> Iterator[tuple[int, object]]:
    """Yield the rows of JSON lines one at a time, however many; bad lines go to `bad`; errors as of `parse_jsonl`.

    A text that comes in pieces may be over a limit after some of its rows: see `demand_jsonl`.
    """
    for number, row, _ in _rows(_lines(text, limits, Extent()), bad, limits):
        yield number, row


def demand_jsonl(extent: Extent, limits: ReadLimits) -> None:
    """Raise UnreadableError when JSON lines of such an extent are over the limit."""
    if extent.characters > limits.jsonl_bytes:
        raise UnreadableError(f"the file is larger than {limits.jsonl_bytes} bytes", _LARGER)
    if extent.lines > JSONL_LINES:
        raise UnreadableError(f"the file has more than {JSONL_LINES} lines", "split the file")


def _rows(
    lines: Iterable[tuple[int, str, bool]], bad: list[tuple[int, str]], limits: ReadLimits
) -> Iterator[tuple[int, object, str]]:
    """Yield the rows of JSON lines, each with its number and its text."""
    is_first = True
    for number, line, is_last in lines:
        if is_first and _CONTROL.search(line, 0, _LOOKED_AT):
            raise UnreadableError("the file is binary, not JSON lines", "unpack it before it is read")
        is_first = False
        try:
            yield number, _row(line, limits), line
        except _BadRowError as error:
            bad.append((number, _TORN if is_last else sys.intern(str(error))))  # a million times the same reason


def parse_toml(text: str, limits: ReadLimits = DEFAULT) -> dict[str, object]:
    """Read a TOML document within limits of size, depth and digits; UnreadableError says where."""
    if len(text) > limits.toml_bytes:
        raise UnreadableError(f"the document is larger than {limits.toml_bytes} bytes", _LARGER)
    if _long_key(limits.depth).search(text):  # the time that such a key takes grows with its square
        raise UnreadableError(f"nested deeper than {limits.depth}", "shorten the dotted key")
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


@lru_cache(maxsize=8)
def _long_key(depth: int) -> re.Pattern[str]:
    """Return what finds a dotted key of TOML, or a table, with more parts than may be nested."""
    part = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
    return re.compile(rf"(?:^|[\[{{,])[ \t]*+{part}(?:[ \t]*+\.[ \t]*+{part}){{{depth},}}", re.MULTILINE)


def _parts(text: str) -> int:
    """Count objects, lists and named values by their signs, which strings may hold as well."""
    return text.count("{") + text.count("[") + text.count(":")


def _reason(error: ValueError | RecursionError, depth: int) -> str:
    """Say why a row is refused, or a document that is too long to look for the place."""
    if isinstance(error, _RefusedError):
        return str(error)
    is_number = isinstance(error, ValueError) and error.args  # as Python says it of too many digits
    return f"a number has more than {NUMBER_CHARS} characters" if is_number else f"nested deeper than {depth}"


class _RefusedError(ValueError):
    """What strict reading refuses."""


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
    except (ValueError, RecursionError) as error:
        raise _BadRowError(_reason(error, limits.depth)) from None


def _lines(text: str | Iterable[str], limits: ReadLimits, extent: Extent) -> Iterator[tuple[int, str, bool]]:
    """Yield the number of each line that is not blank, the line, and whether it lacks its line end."""
    number = 0
    pieces = _measured((text,) if isinstance(text, str) else text, limits, extent)
    for block in whole_lines(pieces, max(limits.jsonl_line, _LOOKED_AT)):
        *lines, rest = (block if number else block.removeprefix("\ufeff")).split("\n")
        for place, line in enumerate(lines, number + 1):
            if line and not line.isspace():
                yield place, line, False
        number += len(lines)
        if rest and not rest.isspace():
            yield number + 1, rest, True


def _measured(pieces: Iterable[str], limits: ReadLimits, extent: Extent) -> Iterator[str]:
    """Yield the pieces as long as all of them together are within the limits."""
    for piece in pieces:
        extent.add(piece)
        demand_jsonl(extent, limits)
        yield piece


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        kept = iter(found)  # in the order of the pairs, up to the first name that comes again
        name = next(key for key, _ in pairs if key != next(kept, None))
        raise _RefusedError(f'the key "{one_line(clean_name(name))[:80]}" is given twice')
    return found


def _float(digits: str) -> float:
    value = float(digits)
    if len(digits) > NUMBER_CHARS:
        raise _RefusedError(f"a number has more than {NUMBER_CHARS} characters")
    if not math.isfinite(value):
        raise _RefusedError("a number is not finite")
    return value


def _constant(name: str) -> object:
    raise _RefusedError(f"{name} is not a number of JSON")


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
