"""From the tables of units to the pandas frames of `records.snapshot`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.history.tables import schema
from generator.records import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    import pyarrow as pa

    Ids = np.ndarray[tuple[int], np.dtype[np.int64]]

_COUNTS = ("exit_code", "scraped_passed", "scraped_failed", "scraped_ignored")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTables:
    """The tables of one unit, and the ids of its tests in the order that they count in."""

    results: pa.Table
    details: pa.Table
    ids: Ids


def results_frame(units: Sequence[UnitTables]) -> pd.DataFrame:
    """Return the attempts of all units in their order; `unit` is the position of the unit."""
    import numpy as np  # noqa: PLC0415 - commands without a history do not pay for pandas
    import pandas as pd  # noqa: PLC0415 - the same

    tables = [unit.results for unit in units]
    table = _joined("results", tables)
    unit, test = _places(tables), _numbers(table, "test")
    last = np.ones(len(unit), dtype=bool)
    last[:-1] = (unit[1:] != unit[:-1]) | (test[1:] != test[:-1])
    columns = {
        "unit": unit,
        "test_id": _test_ids(units, tables),
        "attempt": _numbers(table, "attempt"),
        "final": last,
        "status": _series(table, "status").cat.set_categories([status.value for status in Status]),
        "duration_s": table["duration_us"].cast("double").to_numpy() / 1_000_000,  # a missing one is NaN
        "part": _series(table, "part"),
        **{name: _nullable(table, name) for name in _COUNTS},
    }
    return pd.DataFrame(columns, copy=False)


def details_frame(units: Sequence[UnitTables]) -> pd.DataFrame:
    """Return the texts of all units in their order."""
    import pandas as pd  # noqa: PLC0415 - see `results_frame`

    tables = [unit.details for unit in units]
    table = _joined("details", tables)
    columns = {
        "unit": _places(tables),
        "test_id": _test_ids(units, tables),
        "attempt": _numbers(table, "attempt"),
        **{name: _series(table, name) for name in ("kind", "message", "trace", "file")},
        "line": _nullable(table, "line"),
        "odd": _series(table, "odd"),
    }
    return pd.DataFrame(columns, copy=False)


def names_frame(blocks: Sequence[pa.Table]) -> pd.DataFrame:
    """Return one row for each test of the blocks, indexed and sorted by test id."""
    import numpy as np  # noqa: PLC0415 - see `results_frame`
    import pandas as pd  # noqa: PLC0415 - the same

    table = _joined("names", blocks)
    _, first = np.unique(_numbers(table, "test_id"), return_index=True)
    table = table.take(first)
    columns = {name: _series(table, name) for name in ("surface", "suite", "classname", "name")}
    return pd.DataFrame(columns, copy=False).set_axis(pd.Index(_numbers(table, "test_id"), name="test_id"))


def give_back() -> None:
    """Return memory that tables took and nothing uses any more: what comes next needs as much."""
    import pyarrow as pa  # noqa: PLC0415 - see `results_frame`

    pa.default_memory_pool().release_unused()


def ids_of(blocks: Sequence[pa.Table]) -> Ids:
    """Return the ids of the tests of the blocks, in their order."""
    import numpy as np  # noqa: PLC0415 - see `results_frame`

    return np.concatenate([np.empty(0, np.int64), *(_numbers(block, "test_id") for block in blocks)])


def fit(table: pa.Table, ids: Ids) -> bool:
    """Tell whether the rows of a table are sorted and about these tests, which are sorted as well."""
    test, attempt = _numbers(table, "test"), _numbers(table, "attempt")
    ascending = (test[1:] > test[:-1]) | ((test[1:] == test[:-1]) & (attempt[1:] > attempt[:-1]))
    within = not len(test) or (test[0] >= 0 and test[-1] < len(ids))
    return bool(within and ascending.all() and (ids[1:] > ids[:-1]).all())


def _joined(kind: str, tables: Sequence[pa.Table]) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 - see `results_frame`

    return pa.concat_tables(tables).unify_dictionaries() if tables else schema(kind).empty_table()


def _places(tables: Sequence[pa.Table]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    import numpy as np  # noqa: PLC0415 - see `results_frame`

    return np.repeat(np.arange(len(tables), dtype=np.int32), [table.num_rows for table in tables])


def _test_ids(units: Sequence[UnitTables], tables: Sequence[pa.Table]) -> Ids:
    import numpy as np  # noqa: PLC0415 - see `results_frame`

    ids = [unit.ids[_numbers(table, "test")] for unit, table in zip(units, tables, strict=True)]
    return np.concatenate([np.empty(0, np.int64), *ids])


def _numbers(table: pa.Table, name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    numbers: np.ndarray[tuple[int], np.dtype[np.int64]] = table[name].to_numpy()
    return numbers


def _series(table: pa.Table, name: str) -> pd.Series[Any]:
    """Return words as `category`, text as `str`."""
    series: pd.Series[Any] = table[name].to_pandas()
    return series


def _nullable(table: pa.Table, name: str) -> pd.Series[Any]:
    """Return whole numbers that may be missing; a column without any, as test reports give them, takes no memory."""
    import numpy as np  # noqa: PLC0415 - see `results_frame`
    import pandas as pd  # noqa: PLC0415 - the same

    column = table[name]
    if column.null_count == len(column):
        nothing = np.broadcast_to(np.zeros(1, dtype=np.int64), len(column))
        absent = np.broadcast_to(np.ones(1, dtype=bool), len(column))
        return pd.Series(pd.arrays.IntegerArray(nothing, absent))
    series: pd.Series[Any] = column.to_pandas(types_mapper={column.type: pd.Int64Dtype()}.get)
    return series
