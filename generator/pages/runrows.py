"""Rows and strips of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings import RunState
from generator.pages import cells, states, words
from generator.views import Cell, Outcomes, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from generator.findings import RunFacts, Tally
    from generator.pages.links import Links

_NUMERIC = ("Targets failed", "Cases failed", "Flaky", "Skipped", "Not run")
_COLUMNS = ("Run", "Started", "Branch", "Workflow", "State", *_NUMERIC)
_WIDE = ("Parts", "Duration", "Commit")
SHORT_COLUMNS = cells.columns(*_COLUMNS, numeric=_NUMERIC)
COLUMNS = cells.columns(*_COLUMNS, *_WIDE, numeric=(*_NUMERIC, "Duration"), choice=("Branch", "Workflow", "State"))


def row(run: RunFacts, links: Links, as_of: datetime, *, wide: bool) -> tuple[Cell, ...]:
    """Return a run's row; numbers are left open where nothing was read, because nothing is not zero."""
    short = (
        Cell(text=run.label, href=links.run(run.label)),
        cells.time_cell(run.started_at, as_of),
        Cell(text=run.branch),
        Cell(text=run.workflow),
        state_cell(run),
        *_numbers(run),
    )
    if not wide:
        return short
    return (
        *short,
        Cell(text=states.parts_text(run.completeness), note=words.listing(run.completeness.missing)),
        cells.duration_cell(run.duration_s),
        cells.commit_cell(links, run.commit),
    )


def _numbers(run: RunFacts) -> tuple[Cell, ...]:
    tally = run.tally
    if not tally.total:
        return (Cell(text="no results"),) * len(_NUMERIC)
    return (
        _failed(run.targets),
        _failed(run.cases),
        cells.number_cell(tally.flaky, tone=Tone.WARN) if tally.executed else Cell(text="none ran"),
        cells.number_cell(tally.skipped),
        cells.number_cell(tally.not_run, tone=Tone.WARN),
    )


def _failed(tally: Tally) -> Cell:
    """Return `3 of 386`, so that a run with few results is not taken for a good one."""
    if not tally.executed:
        return Cell(text="none ran")
    text = f"{words.number(tally.bad)} of {words.number(tally.executed)}"
    return Cell(text=text, sort=str(tally.bad), tone=Tone.BAD if tally.bad else None)


def state_cell(run: RunFacts) -> Cell:
    """Return how complete a run is."""
    tone = Tone.MUTED if run.state is RunState.COMPLETE else Tone.WARN
    return Cell(text=states.state_word(run.state), tone=tone)


def strip(runs: Sequence[RunFacts], links: Links) -> Outcomes:
    """Return the runs as a strip of outcomes, oldest first; only a complete run can be a passed one."""
    found = tuple(cells.strip_cell(links, outcome(run), run.ref) for run in runs)
    failed = sum(status == "failed" for status, _, _ in found)
    unsure = sum(status == "not_run" for status, _, _ in found)
    rest = f", {words.number(unsure)} {words.verb(unsure, 'is', 'are')} incomplete" if unsure else ""
    last = f"the last {words.plural(len(found), 'run')}" if len(found) > 1 else "1 run"
    return Outcomes(cells=found, reading=f"{words.number(failed)} of {last} had failures{rest}.")


def outcome(run: RunFacts) -> str:
    """Return a run's outcome as one word of the strip."""
    if run.tally.bad:
        return "failed"
    return "passed" if run.state is RunState.COMPLETE and run.tally.executed else "not_run"
