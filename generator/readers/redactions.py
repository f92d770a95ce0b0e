"""How many secrets of each kind were masked in the records of a run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from generator.records import Redaction
from generator.safety.redact import masks_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.records import Evidence, Problem, Run, RunUnit, TestResult


def redactions_of(run: Run, results: Iterable[TestResult], evidence: Evidence) -> tuple[Redaction, ...]:
    """Count the masks in everything that is kept of a run, sorted by kind; a text that is kept twice counts twice."""
    said = (run.model_dump_json(), evidence.model_dump_json())
    return _sorted(masks_in(said) + masks_in(text for result in results for text in _texts(result)))


def redactions_in(units: Iterable[RunUnit], problems: Iterable[Problem]) -> tuple[Redaction, ...]:
    """Return the sum over runs and over the problems that belong to none, sorted by kind."""
    total = masks_in(problem.model_dump_json() for problem in problems)
    for unit in units:
        total += Counter({each.kind: each.count for each in unit.evidence.redactions})
    return _sorted(total)


def _texts(result: TestResult) -> Iterator[str]:
    yield from (result.suite, result.name, result.classname, result.kind, result.message, result.trace, result.file)
    for attempt in result.earlier:
        yield from (attempt.kind, attempt.message, attempt.trace)


def _sorted(counts: Counter[str]) -> tuple[Redaction, ...]:
    return tuple(Redaction(kind=kind, count=count) for kind, count in sorted(counts.items()))
