"""JSON documents and lines, made or mutated: the value that Python's own parser gives, or a refusal with a reason."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, Final

from generator.safety.files import decode
from generator.safety.limits import DEFAULT, NUMBER_CHARS, ReadLimits
from generator.safety.strict_json import parse_json, parse_jsonl
from tests.fuzz.mutations import ODD, mutated
from tests.fuzz.reports import GOLDEN, seeds, tried
from tests.fuzz.run import Target
from tests.fuzz.watch import touching_only
from tests.readers.in_memory import artifact

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from random import Random

TIGHT: Final = ReadLimits(depth=8, jsonl_line=60, jsonl_rows=4, json_bytes=3000, jsonl_bytes=6000)
"""Limits that small cases reach, too."""

_NUMBERS: Final = (
    *("0", "-0", "1", "-1", "1.5", "1e3", "1E+2", "-0.0", "1e400", "-1e400", "1e-400", "01", "1.", ".5", "+1", "0x1"),
    *("NaN", "Infinity", "-Infinity", "-NaN", "nan", "1_000", "9" * 400, "9" * 4301, "0." + "3" * 398),
    *("0." + "3" * 399, "1e99999999999", "-", "1e", "\u0661", "true", "false", "null", "None", "tru", "undefined"),
)
_TEXTS: Final = (
    *('""', '"a"', '"\\u0061"', '"\\ud800"', '"\\ud83d\\ude00"', '"\\x"', '"\t"', '"\n"', '"\x00"', '"\\u0000"', '"'),
    *("'a'", '"{[{[{["', '"]}"', '"\\""', '"\u2028"', '"\x1f"', '"__proto__"', '"NaN"', '"\\', '"a', '"\ud7ff"'),
)
_KEYS: Final = ('"a"', '"b"', '"a"', '"\\u0061"', '"__proto__"', '""', "a", "1", "null", '"A"', '"\\u00e9"', '"\u00e9"')
_SPACES: Final = (
    *("", "", "", " ", "\n", "\t", "\r\n", "\x0b", "\x0c", "\xa0", "\ufeff", "\u2028", "/* c */", "// c\n", "#"),
)
_BINARY: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_PLACE: Final = re.compile(r"at line (\d+), column (\d+)")


def target(folders: Sequence[Path] = (GOLDEN,)) -> Target:
    """Return the target with the JSON files of these folders beside the grammar."""
    files = [path for path in seeds(folders) if path.suffix in {".json", ".jsonl", ".ndjson", ".sarif"}]

    def make(random: Random) -> bytes:
        kind = random.random()
        if kind < 0.3:
            return mutated(random.choice(files).read_bytes(), random)
        data = _encoded(_lines(random) if kind < 0.65 else _document(random), random)
        return mutated(data, random) if random.random() < 0.3 else data

    return Target(
        name="json",
        promise="JSON means what Python's parser says or is refused by place; bad lines are told by their numbers",
        make=make,
        check=check,
    )


def check(data: bytes) -> None:
    """Read as a document, as lines and in the ways of an artifact, with the usual and with tight limits."""
    file = artifact("x.json", data)
    with touching_only():
        assert isinstance(file.peek_json(), dict | list | None)
        assert isinstance(file.peek_object(), dict)
        assert isinstance(file.peek_row(), dict)
        file.peek_root()
        text, refused = tried(lambda: decode(data))
        if text is None:
            assert refused
            return
        for limits in (DEFAULT, TIGHT):
            _document_holds(text, limits, nan=False)
            _document_holds(text, limits, nan=True)
            _lines_hold(text, limits)


def _document_holds(text: str, limits: ReadLimits, *, nan: bool) -> None:
    reason, value = _strictly(text.removeprefix("\ufeff"), limits.depth, nan=nan)
    if len(text) > limits.json_bytes:
        reason = "size"
    found, refused = tried(lambda: parse_json(text, limits, nan=nan))
    assert bool(refused) == bool(reason), f"we: {refused or 'read'}; Python: {reason or 'sound'}"
    if not refused:
        assert _same(found, value)
    elif place := _PLACE.search(refused):
        lines = text.removeprefix("\ufeff").split("\n")
        assert 1 <= int(place[1]) <= len(lines), refused
        assert 1 <= int(place[2]) <= len(lines[int(place[1]) - 1]) + 1, refused


def _lines_hold(text: str, limits: ReadLimits) -> None:
    lines = text.removeprefix("\ufeff").split("\n")
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    verdicts = [(number, *_row(line, limits)) for number, line in numbered]
    is_binary = bool(numbered) and _BINARY.search(numbered[0][1][:1024]) is not None
    read, refused = tried(lambda: parse_jsonl(text, limits))
    assert bool(refused) == (is_binary or len(text) > limits.jsonl_bytes), f"we: {refused or 'read'}"
    if read is None:
        return
    rows, bad = read
    kept = verdicts[: _looked_at(verdicts, limits.jsonl_rows)]
    assert len(rows) <= limits.jsonl_rows
    assert [number for number, _ in rows] == [number for number, reason, _ in kept if not reason]
    assert all(_same(found, value) for (_, found), (_, _, value) in zip(rows, _good(kept), strict=True))
    is_more = len(verdicts) > len(kept)
    told = bad[:-1] if is_more else bad
    assert [number for number, _ in told] == [number for number, reason, _ in kept if reason]
    if is_more:
        assert bad[-1][1] == f"only the first {len(kept)} of {len(verdicts)} rows are kept"
    for number, reason in told:
        assert reason, "a bad line without reason"
        assert (reason == "torn last line") == (number == len(lines)), f"line {number} of {len(lines)}: {reason}"


def _looked_at(verdicts: list[tuple[int, str, Any]], most: int) -> int:
    """Return after how many lines a file is not read on: at the first row with which there are too many lines."""
    ends = (place for place, (_, reason, _) in enumerate(verdicts, 1) if place >= most and not reason)
    return next(ends, len(verdicts))


def _good(verdicts: list[tuple[int, str, Any]]) -> list[tuple[int, str, Any]]:
    return [verdict for verdict in verdicts if not verdict[1]]


def _row(line: str, limits: ReadLimits) -> tuple[str, Any]:
    return ("size", None) if len(line) > limits.jsonl_line else _strictly(line, limits.depth, nan=False)


class _RefusedError(ValueError):
    pass


def _strictly(text: str, depth: int, *, nan: bool) -> tuple[str, Any]:
    """Return why a text is no strict JSON, and its value by Python's parser when it is."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            raise _RefusedError("a key twice")
        return dict(pairs)

    def fraction(digits: str) -> float:
        if len(digits) > NUMBER_CHARS or not math.isfinite(float(digits)):
            raise _RefusedError("a number")
        return float(digits)

    def constant(name: str) -> None:
        if not nan:
            raise _RefusedError(name)

    try:
        value = json.loads(text, object_pairs_hook=unique, parse_float=fraction, parse_constant=constant)
    except RecursionError:
        return "depth", None
    except ValueError as error:
        return str(error) or "refused", None
    return ("depth", None) if _depth(text) > depth else ("", value)


def _depth(text: str) -> int:
    """Return how deep a sound document is nested, from its brackets outside of texts."""
    deepest = depth = 0
    for bracket in re.sub(r'"(?:[^"\\]|\\.)*"|[^\[\]{}"]+', "", text, flags=re.DOTALL):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _same(one: Any, other: Any) -> bool:
    """Compare as written, so that 1, 1.0 and true differ."""
    return json.dumps(one) == json.dumps(other)


def _document(random: Random) -> str:
    kind = random.random()
    if kind < 0.06:
        depth = random.choice((7, 8, 9, 63, 64, 65, 66, 5000, 100_000))
        opening, closing = random.choice((("[", "]"), ('{"a":', "}")))
        return opening * depth + "1" + closing * random.choice((depth, depth, depth - 1))
    return _space(random) + _value(random, 0) + random.choice(("", "", "", "\n", "{}", ",", "]", "x", "\x00"))


def _lines(random: Random) -> str:
    ends = ("\n", "\n", "\n", "\n", "\r\n", "\n\n", "\r", "\u2028", "\x85", "")
    rows = (
        random.choice(("", " ", "\xa0", "{", _value(random, 2), _value(random, 3))) for _ in range(random.randrange(9))
    )
    return "".join(row.replace("\n", " ") + random.choice(ends) for row in rows)


def _value(random: Random, depth: int) -> str:
    kind = random.randrange(4 if depth < 5 else 2)
    if random.random() < 0.05:
        return json.dumps(random.choice(ODD), ensure_ascii=random.random() < 0.5)
    if kind == 0:
        return random.choice(_NUMBERS)
    if kind == 1:
        return random.choice(_TEXTS)
    number = random.randrange(4)
    if kind == 2:
        return "[" + ",".join(_spaced(_value(random, depth + 1), random) for _ in range(number)) + "]"
    members = (f"{_spaced(random.choice(_KEYS), random)}:{_value(random, depth + 1)}" for _ in range(number))
    return "{" + ",".join(members) + random.choice(("}", "}", "}", "}", ",}"))


def _spaced(text: str, random: Random) -> str:
    return _space(random) + text + _space(random)


def _space(random: Random) -> str:
    return random.choice(_SPACES) if random.random() < 0.1 else ""


def _encoded(text: str, random: Random) -> bytes:
    encoding = random.choice((*("utf-8",) * 9, "utf-8-sig", "utf-16", "utf-32", "latin-1", "utf-16-le"))
    return text.encode(encoding, "replace" if encoding == "latin-1" else "surrogatepass")
