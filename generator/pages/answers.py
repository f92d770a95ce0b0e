"""Sentences that answer a page's question: verdict, failures, gates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings import Verdict
from generator.pages import states, words
from generator.pages.links import counted
from generator.views import Tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.findings import Failure, GateVerdict, Report

_VERDICTS = {
    Verdict.PASS: ("Passes.", Tone.GOOD),
    Verdict.FAIL: ("Blocked.", Tone.BAD),
    Verdict.UNKNOWN: ("Unknown.", Tone.WARN),
}


def verdict(report: Report) -> tuple[str, Tone]:
    """Return the verdict's word and tone."""
    return _VERDICTS[report.judgement.verdict]


def failures(report: Report) -> str:
    """Return what failed, or what is missing to say so; never zero failures where nothing was read."""
    run = report.findings.run
    missing = states.what_is_missing(run)
    found = counted(report)
    if found:
        return words.join(_failed(report, found), missing)
    if run.tally.bad:
        return words.join(f"{words.plural(run.tally.bad, 'result')} failed, none of them with details", missing)
    if not run.tally.executed:
        return states.nothing_read(run)
    among = f"No failure among {words.plural(run.tally.executed, 'result')}"
    corrupt = states.unreadable(run)
    unread = f"{words.plural(corrupt, 'file')} could not be read" if corrupt else ""
    return words.join(f"{among} that {words.verb(run.tally.executed, 'was', 'were')} read", missing, unread)


def gates(report: Report) -> str:
    """Return which gates keep the run from passing; empty when none does."""
    blockers = report.judgement.blockers
    failing = [gate.gate_id for gate in blockers if gate.verdict is Verdict.FAIL]
    unknown = [gate.gate_id for gate in blockers if gate.verdict is Verdict.UNKNOWN]
    fails = f"{_gates(failing)} {words.verb(len(failing), 'fails', 'fail')}" if failing else ""
    unsure = f"{_gates(unknown)} cannot be judged" if unknown else ""
    return words.join(fails, unsure)


def causes_of(report: Report, found: Iterable[Failure]) -> int:
    """Return from how many causes these failures are; one that no cause names is a cause of its own."""
    named = {link.failure_id: number for number, cause in enumerate(report.findings.causes) for link in cause.failures}
    return len({named.get(failure.failure_id, failure.failure_id) for failure in found})


def gate_tone(gate: GateVerdict) -> Tone:
    """Return what a gate's verdict means: bad only where it blocks."""
    if gate.verdict is Verdict.PASS:
        return Tone.GOOD
    return Tone.BAD if gate.blocks and gate.verdict is Verdict.FAIL else Tone.WARN


def nothing(report: Report, otherwise: str) -> str:
    """Return what an empty table says: `otherwise`, unless nothing was read that could have filled it."""
    if report.findings.run.tally.executed:
        return otherwise
    return states.nothing_read(report.findings.run)


def _failed(report: Report, found: Sequence[Failure]) -> str:
    new = [failure for failure in found if failure.change.new]
    known = len(found) - len(new)
    if report.findings.comparison.base is None:
        return f"{_from_causes(report, found, 'failure')}; there is no baseline that says which are new"
    if new:
        rest = f"; {words.number(known)} known" if known else ""
        return f"{_from_causes(report, new, 'new failure')}{rest}"
    return f"No new failure; {words.number(known)} known from {words.plural(causes_of(report, found), 'cause')}"


def _from_causes(report: Report, found: Sequence[Failure], what: str) -> str:
    return f"{words.plural(len(found), what)} from {words.plural(causes_of(report, found), 'cause')}"


def _gates(names: Sequence[str]) -> str:
    shown = words.listing([words.cut(name, 60) for name in names])
    return f"{words.verb(len(names), 'gate', 'gates')} {shown}"
