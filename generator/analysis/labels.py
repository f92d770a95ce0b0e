"""Labels: the name of each logical run, fit for a version of the site and unique in the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.safety.ids import content_id, is_key, key_or_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from generator.analysis.logical_runs import LogicalRun
    from generator.records import UnitFacts

RESERVED: Final = frozenset({"latest", "f", "i", "data", "_assets", "index.html", "versions.json"})
"""Names that the site itself uses beside its versions."""


def labels(runs: Sequence[LogicalRun], units: Sequence[UnitFacts]) -> list[str]:
    """Return one label for each run: its run id, with the attempt after the first, or `<stamp>-<kind>-of-<total>`.

    Where labels are the same but for case, the first run keeps its own, so that its version keeps its address, and the
    later ones get their workflow, then a hash of their units, as suffix.
    """
    found = [_plain(run, units) for run in runs]
    found = [key_or_hash(label, "run") if label.casefold() not in RESERVED else f"run-{label}" for label in found]
    found = _apart(found, lambda place: units[runs[place].units[0]].run.key.workflow)
    for _ in range(2):
        found = _apart(found, lambda place: _mark([units[unit].unit_id for unit in runs[place].units]))
    return found


def _plain(run: LogicalRun, units: Sequence[UnitFacts]) -> str:
    first = units[run.units[0]].run
    if run.shards_of:
        stamp = first.started_at.strftime("%Y%m%dT%H%M%SZ")
        return f"{stamp}-{run.shards_of.kind}-of-{run.shards_of.total}"
    return first.key.run_id if first.key.attempt == 1 else f"{first.key.run_id}-{first.key.attempt}"


def _apart(found: Sequence[str], suffix: Callable[[int], str]) -> list[str]:
    seen: set[str] = set()
    result = []
    for place, label in enumerate(found):
        result.append(_joined(label, suffix(place)) if label.casefold() in seen else label)
        seen.add(label.casefold())
    return result


def _joined(label: str, suffix: str) -> str:
    longer = f"{label}-{suffix}"
    return longer if is_key(longer) else f"{label[:55].rstrip('.')}-{_mark([label, suffix])}"


def _mark(texts: Sequence[str]) -> str:
    return content_id("u", *texts, size=4).removeprefix("u-")
