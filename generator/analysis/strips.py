"""What a test did before: its outcomes in the last runs, its attempts in this one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pandas import MultiIndex

from generator.analysis.grid import ABSENT, grid
from generator.findings import AttemptNote, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.analysis.failing import Failing
    from generator.analysis.frames import Prepared


def strips(prepared: Prepared, index: int, items: Sequence[Failing]) -> dict[int, tuple[Outcome, ...]]:
    """Return for each test its outcomes in the branch's last runs that have results, oldest first, this run last."""
    places = _last_runs(prepared, index)
    found = grid(prepared, places, np.array([item.test.test_id for item in items], dtype=np.int64))
    refs = [prepared.runs[place].ref for place in places]
    cells = _cells(prepared, found.rows[found.rows != ABSENT].tolist())
    now = {item.test.test_id: (item.status, item.signature) for item in items}
    result = {}
    for column, test_id in enumerate(found.test_ids.tolist()):
        rows = found.rows[:, column].tolist()
        values = [cells[row] if row != ABSENT else ("absent", "") for row in rows[:-1]]
        values.append(now[test_id])
        result[test_id] = tuple(
            Outcome(run=ref, status=status, signature=signature)
            for ref, (status, signature) in zip(refs, values, strict=True)
        )
    return result


def attempts(prepared: Prepared, items: Iterable[Failing]) -> dict[int, tuple[AttemptNote, ...]]:
    """Return the attempts of each test that was tried more than once in the part that its result stands in."""
    tried = [item for item in items if item.attempt > 0]
    if not tried:
        return {}
    results = prepared.snapshot.results
    units, tests = results["unit"].to_numpy(), results["test_id"].to_numpy()
    found = {}
    for item in tried:
        begin, end = np.searchsorted(units, [item.unit, item.unit + 1])
        own = tests[begin:end]
        first, last = (np.searchsorted(own, item.test.test_id, side=side) + begin for side in ("left", "right"))
        rows = results.iloc[int(first) : int(last)]
        rows = rows[rows["part"] == item.part]
        found[item.test.test_id] = [
            _Tried(item=item, attempt=number, status=status, seconds=seconds)
            for number, status, seconds in zip(
                rows["attempt"].tolist(), rows["status"].tolist(), rows["duration_s"].tolist(), strict=True
            )
        ]
    return _noted(prepared, {test_id: group for test_id, group in found.items() if len(group) > 1})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    item: Failing
    attempt: int
    status: str
    seconds: float


def _noted(prepared: Prepared, found: dict[int, list[_Tried]]) -> dict[int, tuple[AttemptNote, ...]]:
    details = prepared.snapshot.details
    wanted = [(tried.item.unit, test_id, tried.attempt) for test_id, group in found.items() for tried in group]
    units = {unit for unit, _, _ in wanted}
    near = details[details["unit"].isin(units) & details["test_id"].isin(list(found))]
    keys = MultiIndex.from_frame(near[["unit", "test_id", "attempt"]]).tolist()
    messages = dict(zip(keys, near["message"].tolist(), strict=True))
    return {
        test_id: tuple(
            AttemptNote(
                number=number,
                status=tried.status,
                duration_s=None if np.isnan(tried.seconds) else tried.seconds,
                message=messages.get((tried.item.unit, test_id, tried.attempt), ""),
            )
            for number, tried in enumerate(group, 1)
        )
        for test_id, group in found.items()
    }


def _last_runs(prepared: Prepared, index: int) -> list[int]:
    head = prepared.runs[index]
    sizes = np.diff(prepared.starts)
    places = [
        place
        for place, run in enumerate(prepared.runs[:index])
        if sizes[place] and run.branch == head.branch and run.keys[0].repository == head.keys[0].repository
    ]
    return [*places, index][-prepared.settings.site.outcomes :]


def _cells(prepared: Prepared, rows: list[int]) -> dict[int, tuple[str, str]]:
    chosen = prepared.outcomes.iloc[rows]
    values = zip(chosen["status"].tolist(), chosen["flaky"].tolist(), chosen["signature"].tolist(), strict=True)
    return {
        row: ("flaky" if flaky else status, signature)
        for row, (status, flaky, signature) in zip(rows, values, strict=True)
    }
