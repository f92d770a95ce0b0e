"""Run order: the one order in which everything that speaks of earlier and later runs counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from generator.records import UnitFacts

NaturalKey = tuple[tuple[int, int, str], ...]

_DIGITS = re.compile(r"([0-9]+)")


def natural(text: str) -> NaturalKey:
    """Return a key that sorts `run9` before `run10`: numbers by value, everything else as text."""
    return tuple((0, int(part), part) if part.isdigit() else (1, 0, part) for part in _DIGITS.split(text) if part)


def order_key(unit: UnitFacts) -> tuple[datetime, NaturalKey, int, str]:
    """Return the place of a unit in run order: start, run id, attempt, unit id; never the order of arrival."""
    run = unit.run
    return (run.started_at, natural(run.key.run_id), run.key.attempt, unit.unit_id)
