"""Where things lie in a history folder, and the ids and the order of its units.

- `format.json`: the format of everything beside it, written once
- `units/<unit_id>/`: one immutable folder a unit: `unit.json` and the files it lists
- `units/.new-<label>-<pid>/`: a unit that is being written, a file that is being imported, units that are being
  removed, or the rest of a process that died
- `names/<block_id>.parquet`: names of tests, shared by all units that have the same tests
- `quarantine/<unit_id>/`: torn units that were moved aside on request
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.safety.ids import content_id

if TYPE_CHECKING:
    from generator.records import Run, RunKey

FORMAT_VERSION: Final = 1
FORMAT_FILE: Final = "format.json"
UNITS: Final = "units"
NAMES: Final = "names"
QUARANTINE: Final = "quarantine"
STAGED: Final = ".new-"
"""How the name of a folder begins that is not yet a unit."""

UNIT_FILE: Final = "unit.json"
RESULTS_FILE: Final = "results.parquet"
DETAILS_FILE: Final = "details.parquet"
EVIDENCE_FILE: Final = "evidence.json.gz"
DATA_FILES: Final = (DETAILS_FILE, EVIDENCE_FILE, RESULTS_FILE)
"""Files of a unit beside `unit.json`, sorted."""

_DIGITS: Final = re.compile(r"([0-9]+)")

RunOrder = tuple[float, tuple[tuple[int, int, str], ...], int, str]


def unit_id(key: RunKey) -> str:
    """Return the id of a run's unit: a content hash, safe as a folder name, equal only for equal keys."""
    return content_id("u", key.repository, key.workflow, key.run_id, str(key.attempt), size=16)


def run_order(run: Run) -> RunOrder:
    """Return the sort key of a run: start, run id in natural order, attempt, unit id; never the time of arrival."""
    return (run.started_at.timestamp(), natural(run.key.run_id), run.key.attempt, unit_id(run.key))


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key in which `run-9` comes before `run-10`."""
    pieces = (piece for piece in _DIGITS.split(text) if piece)
    return tuple((0, int(piece), piece) if _DIGITS.fullmatch(piece) else (1, 0, piece) for piece in pieces)
