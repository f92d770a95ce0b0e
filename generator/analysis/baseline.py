"""Which run a run is compared with, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from generator.analysis.folders import named_folder, part_folders
from generator.analysis.prepare import resolve
from generator.errors import UsageError
from generator.findings import RunState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.analysis.frames import Prepared
    from generator.findings import RunFacts
    from generator.records import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The run to compare with, None when there is none, and the reason in a plain sentence."""

    index: int | None
    reason: str


def choose(prepared: Prepared, index: int, ref: str | None, evidence: Iterable[Evidence]) -> Baseline:
    """Return the baseline of run `index`: the one asked for, else the one its artifacts name, else the nearest fit.

    Raises UsageError when `ref` names no run or one that is not older than the run.
    """
    if ref is not None:
        return _asked(prepared, index, ref)
    if not len(prepared.rows(index)):
        return Baseline(index=None, reason="This run has no test results that could be compared.")
    unknown = ""
    for field, folder in _named(prepared.runs[index], evidence):
        found = run_in_folder(prepared, index, folder)
        if found is not None:
            return Baseline(index=found, reason=f"The run's own artifacts name it ({field}).")
        unknown = (
            unknown or f" The run's artifacts name `{folder}`, which is not among the earlier runs of the history."
        )
    fitting = _of_series(prepared, index) or _of_default_branch(prepared, index)
    if fitting is not None:
        return Baseline(index=fitting.index, reason=fitting.reason + unknown)
    return Baseline(index=None, reason=_none(prepared.runs[index]) + unknown)


def run_in_folder(prepared: Prepared, index: int, folder: str) -> int | None:
    """Return the newest run before `index`, of its repository, that has a part in a folder of this name."""
    repository = prepared.runs[index].keys[0].repository
    for place in range(index - 1, -1, -1):
        run = prepared.runs[place]
        if folder and run.keys[0].repository == repository and folder in part_folders(run):
            return place
    return None


def _asked(prepared: Prepared, index: int, ref: str) -> Baseline:
    run = resolve(prepared, ref)
    place = prepared.position(run.label)
    if place == index:
        raise UsageError(f"`{ref}` is the run itself", "name an earlier run as the base")
    if place > index:
        raise UsageError(f"`{ref}` is newer than `{prepared.runs[index].label}`", "name an earlier run as the base")
    return Baseline(index=place, reason="It was asked for.")


def _named(head: RunFacts, evidence: Iterable[Evidence]) -> Iterator[tuple[str, str]]:
    """Yield (field, folder name) for each place in which the artifacts name a baseline."""
    paths = [("diff_from", part.diff_from) for part in head.parts]
    paths += [("rerun_from", part.rerun_from) for part in head.parts]
    paths += [("triage_diff.json", diff.baseline_path) for found in evidence for diff in found.triage]
    named = ((field, named_folder(path)) for field, path in paths)
    yield from ((field, folder) for field, folder in named if folder)


def _of_series(prepared: Prepared, index: int) -> Baseline | None:
    """Return the newest earlier run of the series; an earlier attempt of the run itself would hide what it broke."""
    head = prepared.runs[index]
    for place in prepared.series(index)[::-1].tolist():
        run = prepared.runs[place]
        if place < index and run.tally.executed and run.run_id != head.run_id:
            how = f" with profile {head.profile}" if head.profile else ""
            branch = f" on {head.branch}" if head.branch else ""
            reason = f"It is the newest earlier run of {head.workflow}{branch}{how} that has results."
            return Baseline(index=place, reason=reason)
    return None


def _of_default_branch(prepared: Prepared, index: int) -> Baseline | None:
    head, default = prepared.runs[index], prepared.settings.project.default_branch
    if head.branch == default:
        return None
    own = prepared.rows(index)["test_id"].to_numpy()
    alike = [place for place in range(index - 1, -1, -1) if _fits(prepared.runs[place], head, default)]
    for place in _same_kind_first(prepared, head, alike):
        if np.isin(own, prepared.rows(place)["test_id"].to_numpy(), assume_unique=True).any():
            where = head.branch or "its branch"
            reason = f"No run like this one came earlier on {where}; it is the newest complete run of {default}"
            return Baseline(index=place, reason=f"{reason} that has tests in common.")
    return None


def _fits(run: RunFacts, head: RunFacts, default: str) -> bool:
    return (
        run.state is RunState.COMPLETE and run.branch == default and run.keys[0].repository == head.keys[0].repository
    )


def _same_kind_first(prepared: Prepared, head: RunFacts, places: Sequence[int]) -> list[int]:
    """Put runs of the head's workflow and profile before the others; each group stays newest first."""

    def differs(place: int) -> bool:
        run = prepared.runs[place]
        return (run.workflow, run.profile) != (head.workflow, head.profile)

    return sorted(places, key=differs)


def _none(head: RunFacts) -> str:
    how = f" with profile {head.profile}" if head.profile else ""
    return f"There is no earlier run of {head.workflow} on {head.branch or 'this branch'}{how} to compare with."
