"""Facts of each logical run: identity, completeness, state, and which run it repeated."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.analysis.completeness import completeness, state_of
from generator.analysis.folders import named_folder, part_folders
from generator.findings import RunFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.analysis.tallies import RunTally
    from generator.records import Part, Run, UnitFacts


def run_facts(label: str, units: Sequence[UnitFacts], found: RunTally) -> RunFacts:
    """Return the facts of one run made of these units; `rerun_of` and evidence are filled in by others."""
    runs = [unit.run for unit in units]
    first = runs[0]
    parts = tuple(part for run in runs for part in run.parts)
    expected = sorted({name for run in runs for name in run.expected_parts})
    whole = completeness(parts, expected)
    ends = [run.finished_at for run in runs if run.finished_at]
    return RunFacts(
        label=label,
        keys=tuple(run.key for run in runs),
        unit_ids=tuple(unit.unit_id for unit in units),
        workflow=first.key.workflow,
        run_id=first.key.run_id,
        attempt=first.key.attempt,
        started_at=first.started_at,
        finished_at=max(ends) if ends else None,
        commit=_first(runs, parts, "commit"),
        branch=_first(runs, parts, "branch"),
        event=next((run.event for run in runs if run.event), ""),
        url=next((run.url for run in runs if run.url), ""),
        pull_request=next((run.pull_request for run in runs if run.pull_request is not None), None),
        profile="+".join(dict.fromkeys(part.profile for part in parts if part.profile)),
        state=state_of(parts, whole, found.targets.executed + found.cases.executed),
        parts=parts,
        completeness=whole,
        targets=found.targets,
        cases=found.cases,
        duration_s=found.duration_s,
        repeated=found.repeated,
        phases_failed=tuple(_phases(parts, lib_failed=found.lib_failed)),
    )


def with_origins(runs: Sequence[RunFacts]) -> tuple[RunFacts, ...]:
    """Return the runs with `rerun_of` set where a part names the folder of an earlier run."""
    known: dict[tuple[str, str], list[int]] = defaultdict(list)
    result = []
    for place, run in enumerate(runs):
        repository = run.keys[0].repository
        named = [named_folder(part.rerun_from) for part in run.parts if part.rerun_from]
        origin = next((known[repository, name][-1] for name in named if known.get((repository, name))), None)
        result.append(run if origin is None else replace(run, rerun_of=runs[origin].label))
        for name in part_folders(run):
            known[repository, name].append(place)
    return tuple(result)


def _first(runs: Iterable[Run], parts: Iterable[Part], field: str) -> str:
    """Return the first text that is not empty: of the runs, then of their parts."""
    return next((text for holder in (*runs, *parts) if (text := str(getattr(holder, field)))), "")


def _phases(parts: Iterable[Part], *, lib_failed: bool) -> Iterator[str]:
    """Yield the phases that failed, each once; single targets (`unit:x`) are results, not phases."""
    found: dict[str, None] = {}
    for part in parts:
        found.update(dict.fromkeys(part.lint_failed))
        found.update({"build": None} if part.build_failed else {})
        found.update(dict.fromkeys(token for token in part.failed_phases if ":" not in token))
    found.update({"lib": None} if lib_failed else {})
    named = {"fmt", "clippy"} & set(found)
    yield from (phase for phase in found if phase != "lint" or not named)
