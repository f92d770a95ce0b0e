"""All findings about one run, as of its time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from generator.analysis import durations, flaky, gate_history, kpis, pass_rates, reach, suites, suspects, trends
from generator.analysis.baseline import choose
from generator.analysis.beside import beside
from generator.analysis.causes import causes
from generator.analysis.clustered import clustered
from generator.analysis.compare import comparison
from generator.analysis.dossier import dossier
from generator.analysis.failing import failing
from generator.analysis.failures import Known, failures
from generator.analysis.sides import kinds_without_baseline
from generator.analysis.since import streaks
from generator.analysis.triage import supplied
from generator.findings import Findings
from generator.findings.flaky import CONFIRMED
from generator.records import Redaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.analysis.failing import Failing
    from generator.analysis.frames import Prepared
    from generator.config import Settings
    from generator.findings import Comparison, Failure, FlakyNote, RunFacts
    from generator.records import Evidence


def analyse(prepared: Prepared, label: str, *, base: str | None, settings: Settings) -> Findings:
    """Return the findings about the run with this label, looking at no run after it.

    `base` names the run to compare with; None lets the analysis choose. Raises UsageError when there is no such run.
    """
    prepared = prepared if settings == prepared.settings else replace(prepared, settings=settings)
    index = prepared.position(label)
    evidence = prepared.evidence(index)
    found = dossier(prepared, index, evidence)
    items = failing(prepared, index, found)
    failure_ids = {item.test.test_id: item.failure_id for item in items}
    compared = comparison(
        prepared,
        index,
        choose(prepared, index, base, evidence),
        failure_ids,
        supplied(prepared, index, evidence, failure_ids),
    )
    notes = flaky.find(prepared, index)
    made = failures(prepared, index, items, found, _known(prepared, index, items, compared, notes))
    made = _with_suspects(prepared, index, made, notes)
    series = trends.build(prepared, index)
    grouped = clustered(prepared, index, [failure for failure in made if not failure.children])
    listed, floor = reach.build(prepared, index, made, grouped), settings.analysis.cluster
    proved = frozenset(note.test.test_id for note in notes if note.label == CONFIRMED)
    titles = {item.signature: item.title for item in items}
    run = _with_evidence(prepared.runs[index], evidence)
    return Findings(
        run=run,
        runs=(*prepared.runs[:index], run),
        comparison=compared,
        failures=made,
        causes=causes(prepared, index, made, titles, grouped),
        flaky=notes,
        suites=suites.build(prepared, index, failure_ids),
        slowest=suites.slowest(prepared, index),
        trends=series,
        gates=gate_history.collect(prepared, index),
        beside=beside(evidence),
        pass_rates=pass_rates.build(prepared, index),
        clusters=listed,
        clusters_unlisted=reach.seen(prepared, index, grouped) - len(listed),
        clusters_listed_from=(floor.min_tests, floor.min_occurrences),
        performance=durations.build(prepared, index),
        kpis=kpis.build(prepared, index, proved, series),
    )


def _known(
    prepared: Prepared, index: int, items: Sequence[Failing], compared: Comparison, notes: Sequence[FlakyNote]
) -> Known:
    test_ids = np.array([item.test.test_id for item in items], dtype=np.int64)
    changes = {change.test.test_id: change for change in compared.changes}
    kinds = {test_id: change.kind for test_id, change in changes.items() if change.kind.failing}
    others = np.array([test_id for test_id in test_ids.tolist() if test_id not in kinds], dtype=np.int64)
    return Known(
        changes=kinds | kinds_without_baseline(prepared, index, others),
        signature_changed=frozenset(test_id for test_id, change in changes.items() if change.signature_changed),
        since=streaks(prepared, index, test_ids),
        flaky={note.test.test_id: note for note in notes},
    )


def _with_suspects(
    prepared: Prepared, index: int, made: Sequence[Failure], notes: Sequence[FlakyNote]
) -> tuple[Failure, ...]:
    """Return the failures with the commits that may have broken each, given how flaky its test is."""
    rates = {note.test.test_id: note.rate for note in notes if note.rate is not None}
    tests = np.array(sorted({failure.test.test_id for failure in made}), dtype=np.int64)
    found = suspects.build(prepared, index, tests, rates)
    return tuple(replace(failure, suspects=found.get(failure.test.test_id)) for failure in made)


def _with_evidence(run: RunFacts, evidence: Sequence[Evidence]) -> RunFacts:
    """Return the run with the problems, files and masked secrets of its units."""
    problems = tuple(problem for item in evidence for problem in item.problems)
    sources = tuple(source for item in evidence for source in item.sources)
    masked = Counter[str]()
    for item in evidence:
        masked += Counter({each.kind: each.count for each in item.redactions})
    redactions = tuple(Redaction(kind=kind, count=count) for kind, count in sorted(masked.items()))
    return replace(run, problems=problems, sources=sources, redactions=redactions)
