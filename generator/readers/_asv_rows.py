"""The values of an asv result, one for each combination of parameters, from either version of the format.

Version 1: `results` is name -> number, null or {result, params, stats}. Version 2: name -> row of `result_columns`
without the nulls at its end; a null as result means that every combination failed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING, Final

from generator.readers._benchmarks import count, list_of, number, object_of, spread
from generator.safety.limits import TEXT_TRACE
from generator.safety.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_COLUMNS: Final = (
    *("result", "params", "version", "started_at", "duration", "stats_ci_99_a", "stats_ci_99_b"),
    *("stats_q_25", "stats_q_75", "stats_number", "stats_repeat", "samples", "profile"),
)
_ALL_FAILED: Final = 1_000
"""Combinations that a benchmark without any value may have; of more, one stands for all."""
_PARAMETERS: Final = 16
"""Parameters of one benchmark that are looked at."""
_PARAMETER: Final = 200
"""Characters kept of the text of one parameter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One value: None where the benchmark failed or was skipped."""

    name: str
    params: tuple[str, ...]
    value: float | None
    spread: float | None
    samples: int | None
    started_ms: object
    all_failed: bool
    """Whether the result as a whole is null, which is never written for what was skipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    values: Sequence[object] | None
    params: Sequence[Sequence[str]]
    low: Sequence[object]
    high: Sequence[object]
    repeat: Sequence[object]
    started_ms: object


def rows_of(document: Mapping[str, object], most: int) -> tuple[list[Row], int]:
    """Return the rows of a result, at most `most`, and how many more there are."""
    columns = [name for name in list_of(document.get("result_columns")) if isinstance(name, str)] or list(_COLUMNS)
    starts = object_of(document.get("started_at"))
    rows: list[Row] = []
    total = 0
    for name, value in object_of(document.get("results")).items():
        if not name:
            continue
        result = _second(columns, value) if isinstance(value, list) else _first(value, starts.get(name))
        total += _size(result)
        rows += islice(_rows(name, result), most - len(rows))
    return rows, total - len(rows)


def _first(value: object, started_ms: object) -> _Result:
    if not isinstance(value, dict):
        return _Result(values=[value], params=(), low=(), high=(), repeat=(), started_ms=started_ms)
    values, stats = value.get("result"), value.get("stats")
    stated = [object_of(item) for item in (stats if isinstance(stats, list) else [stats])]
    return _Result(
        values=values if isinstance(values, list) else None if values is None else [values],
        params=_params(value.get("params")),
        low=[item.get("q_25") for item in stated],
        high=[item.get("q_75") for item in stated],
        repeat=[item.get("repeat") for item in stated],
        started_ms=started_ms,
    )


def _second(columns: list[str], row: list[object]) -> _Result:
    cells = dict(zip(columns, row, strict=False))
    values = cells.get("result")
    return _Result(
        values=values if isinstance(values, list) else None if values is None else [values],
        params=_params(cells.get("params")),
        low=list_of(cells.get("stats_q_25")),
        high=list_of(cells.get("stats_q_75")),
        repeat=list_of(cells.get("stats_repeat")),
        started_ms=cells.get("started_at"),
    )


def _params(value: object) -> list[list[str]]:
    """Return the values of each parameter, which asv writes as text."""
    lists = [list_of(one) for one in list_of(value)[:_PARAMETERS]]
    return [
        [clean(str(item), TEXT_TRACE)[:_PARAMETER] for item in one if not isinstance(item, list | dict)]
        for one in lists
    ]


def _size(result: _Result) -> int:
    combinations = math.prod(len(one) for one in result.params)
    if result.values is None:
        return combinations if 0 < combinations <= _ALL_FAILED else 1
    return min(len(result.values), combinations)


def _rows(name: str, result: _Result) -> Iterator[Row]:
    """Yield one row for each combination; the last parameter varies fastest."""
    params, values = result.params, result.values
    if values is None:
        size = _size(result)
        values, params = [None] * size, params if size > 1 or math.prod(map(len, params)) == 1 else ()
    for place, (chosen, value) in enumerate(zip(product(*params), values, strict=False)):
        low, high = number(_at(result.low, place)), number(_at(result.high, place))
        yield Row(
            name=name,
            params=chosen,
            value=number(value) if not isinstance(value, str) else None,
            spread=spread((high - low) / 2) if low is not None and high is not None else None,
            samples=count(_at(result.repeat, place)),
            started_ms=result.started_ms,
            all_failed=result.values is None,
        )


def _at(values: Sequence[object], place: int) -> object:
    return values[place] if place < len(values) else None
