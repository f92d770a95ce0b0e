"""What a run's state means in words: what is there, what is missing, and what that says about the rest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.findings import RunState
from generator.pages import words
from generator.records import Severity, SourceState

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.findings import Completeness, RunFacts

_WORDS = {
    RunState.COMPLETE: "complete",
    RunState.INCOMPLETE: "incomplete",
    RunState.PARTIAL: "partial re-run",
    RunState.ABORTED: "aborted",
    RunState.KILLED: "killed",
    RunState.BUNDLE_ONLY: "replay bundle only",
    RunState.GATES_ONLY: "gate evidence only",
    RunState.LANE: "CI lane only",
    RunState.EMPTY: "empty",
}
_CODES = re.compile(rf"\b(?:{'|'.join(state.value for state in RunState if '_' in state.value)})\b")


def state_word(state: RunState) -> str:
    """Return the state as one or two words."""
    return _WORDS[state]


def in_words(text: str) -> str:
    """Return the text with every code of a state that no reader says (`gates_only`) in words."""
    return _CODES.sub(lambda found: _WORDS[RunState(found[0])], text)


def parts_text(completeness: Completeness) -> str:
    """Return `3 of 4`; without a stated expectation just the number."""
    if not completeness.expected:
        return words.number(completeness.present)
    return f"{words.number(completeness.present)} of {words.number(completeness.expected)}"


def what_is_missing(run: RunFacts) -> str:
    """Return one sentence about what keeps the run from being complete; empty for a complete run."""
    return _MISSING[run.state](run)


def nothing_read(run: RunFacts) -> str:
    """Return what to say of a run without any executed result: never a number of failures."""
    if run.state not in (RunState.COMPLETE, RunState.INCOMPLETE, RunState.PARTIAL):
        return what_is_missing(run)
    skipped = f"{words.plural(run.tally.skipped, 'test')} skipped" if run.tally.skipped else ""
    return words.join("No test was executed", skipped, what_is_missing(run))


def phases_text(run: RunFacts) -> str:
    """Return which phases failed, in words; empty when none did."""
    if not run.phases_failed:
        return ""
    return f"{words.verb(len(run.phases_failed), 'phase', 'phases')} {words.listing(run.phases_failed)} failed"


def unreadable(run: RunFacts) -> int:
    """Return how many files could not be read although a reader knows them."""
    return sum(source.state is SourceState.CORRUPT for source in run.sources)


def broken_summary(run: RunFacts) -> bool:
    """Return whether a summary is there that cannot be read: not the same as one that was never written."""
    return any(source.reader == "summary" and source.state is SourceState.CORRUPT for source in run.sources)


def grave(run: RunFacts) -> int:
    """Return the number of problems of severity error."""
    return sum(problem.severity is Severity.ERROR for problem in run.problems)


def _complete(run: RunFacts) -> str:
    return "" if run.completeness.whole else _missing_parts(run)


def _missing_parts(run: RunFacts) -> str:
    found = run.completeness
    count = max(found.expected - found.present, len(found.missing))
    if not count:
        return "Evidence of this run is incomplete."
    expected = words.plural(max(found.expected, found.present + count), "part")
    names = f" ({words.listing(found.missing, 5)})" if found.missing else ""
    return f"{words.number(count)} of {expected} {words.verb(count, 'is', 'are')} missing{names}."


def _partial(run: RunFacts) -> str:
    origin = f"of run {run.rerun_of}" if run.rerun_of else "of an earlier run"
    return f"This run repeated only failures {origin}: it says nothing about the other tests."


def _aborted(run: RunFacts) -> str:
    cause = f" ({phases_text(run)})" if run.phases_failed else ""
    if not run.tally.executed:
        return f"The run was aborted before any test ran{cause}."
    return f"The run was aborted{cause}: {_left(run)}."


def _killed(run: RunFacts) -> str:
    if broken_summary(run):
        return f"The summary of this run exists, but cannot be read: {_left(run)}."
    return f"The run was killed before it wrote its summary: {_left(run)}."


def _bundle_only(run: RunFacts) -> str:
    return f"Only a replay bundle is left of this run, which names failures and little else: {_left(run)}."


def _gates_only(run: RunFacts) -> str:
    return f"Only gate evidence is left of this run: {_left(run)}."


def _lane(run: RunFacts) -> str:
    return f"Only the status of a CI lane is left of this run: {_left(run)}."


def _left(run: RunFacts) -> str:
    tally = run.tally
    if not tally.executed:
        return "no test result was read"
    there = f"{words.plural(tally.executed, 'result')} {words.verb(tally.executed, 'is', 'are')} there"
    if not tally.not_run:
        return f"{there}, what else was selected is not known"
    return f"{there}, {words.plural(tally.not_run, 'selected test')} did not run"


def _empty(run: RunFacts) -> str:
    corrupt = unreadable(run)
    if corrupt:
        return f"No test result was read: {words.plural(corrupt, 'file')} could not be read."
    if run.tally.skipped:
        return f"Nothing was executed: {words.plural(run.tally.skipped, 'test')} skipped, none run."
    return "No test result was read: the artifacts hold none."


_MISSING: dict[RunState, Callable[[RunFacts], str]] = {
    RunState.COMPLETE: _complete,
    RunState.INCOMPLETE: _missing_parts,
    RunState.PARTIAL: _partial,
    RunState.ABORTED: _aborted,
    RunState.KILLED: _killed,
    RunState.BUNDLE_ONLY: _bundle_only,
    RunState.GATES_ONLY: _gates_only,
    RunState.LANE: _lane,
    RunState.EMPTY: _empty,
}
