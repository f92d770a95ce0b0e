"""Earlier runs that a report keeps, as runs of their own: a team brings its old history along."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.readers._cases import counts_of
from generator.readers.runs import Built
from generator.records import Counts, Evidence, Part, PartState, Run, RunKey, RunUnit, SourceFile, SourceState
from generator.safety.ids import key_or_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.plugins import PastRun
    from generator.readers.found import Found
    from generator.readers.intake import RunDefaults

PART = "reports"


def past_runs(files: Iterable[Found], defaults: RunDefaults) -> Iterator[Built]:
    """Yield a run for each earlier run that the files keep, under the repository and workflow of the settings."""
    for file in files:
        for run in file.reading.past:
            yield _built(file, run, defaults)


def _built(file: Found, past: PastRun, defaults: RunDefaults) -> Built:
    key = RunKey(
        repository=defaults.repository, workflow=defaults.workflow, run_id=key_or_hash(past.run_id, "run"), attempt=1
    )
    source = SourceFile(
        path=file.name,
        reader=file.reader,
        state=SourceState.READ,
        sha256=hashlib.sha256(repr(past).encode("utf-8", "surrogatepass")).hexdigest(),  # the file itself grows
        counts=counts_of(past.results, len({result.suite for result in past.results})),
    )
    run = Run(
        key=key,
        started_at=past.started_at,
        time_source="test report",
        url=past.url,
        parts=(Part(name=PART, folder=".", state=PartState.REPORTS),),
    )
    results = tuple(replace(result, part=PART) for result in past.results)
    unit = RunUnit(run=run, results=results, evidence=Evidence(sources=(source,)))
    return Built(unit=unit, root=file.path, counts=Counts(), problems=())
