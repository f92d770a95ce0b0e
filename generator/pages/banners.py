"""Banners: what a reader must know before believing a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings import RunState
from generator.pages import states, words
from generator.records import Severity
from generator.views import Banner, Link, Tone

if TYPE_CHECKING:
    from generator.findings import GateSource, Report

_TITLES = {
    RunState.COMPLETE: "A part is missing",
    RunState.INCOMPLETE: "This run is incomplete",
    RunState.PARTIAL: "This run repeats a part of another one",
    RunState.ABORTED: "This run was aborted",
    RunState.KILLED: "This run was killed",
    RunState.BUNDLE_ONLY: "Only a replay bundle is left",
    RunState.GATES_ONLY: "Only gate evidence is left",
    RunState.LANE: "Only a lane's status is left",
    RunState.EMPTY: "Nothing was executed or read",
}


def state(report: Report) -> tuple[Banner, ...]:
    """Return the banner of a run that is not complete."""
    run = report.findings.run
    missing = states.what_is_missing(run)
    if not missing:
        return ()
    text = words.join(missing, "What is missing counts as unknown, never as passed")
    torn = run.state is RunState.KILLED and states.broken_summary(run)
    title = "The summary of this run cannot be read" if torn else _TITLES[run.state]
    return (_banner(Tone.WARN, title, text, ("What is there", "run/#parts")),)


def problems(report: Report) -> tuple[Banner, ...]:
    """Return the banner of a run with evidence that could not be read."""
    grave = [problem for problem in report.findings.run.problems if problem.severity is Severity.ERROR]
    if not grave:
        return ()
    names = words.listing([words.cut(problem.path, 200) for problem in grave])
    title = f"{words.plural(len(grave), 'problem')} with the evidence"
    text = f"Not read or not believed: {names}. Numbers on this page leave it out."
    return (_banner(Tone.BAD, title, text, ("All problems", "problems/")),)


def secrets(report: Report) -> tuple[Banner, ...]:
    """Return the banner of a run whose artifacts held secrets."""
    found = sorted(report.findings.run.redactions, key=lambda each: (-each.count, each.kind))
    if not found:
        return ()
    number = sum(each.count for each in found)
    kinds = words.listing([f"{each.kind} {words.number(each.count)}" for each in found])
    text = f"Masked before anything was kept: {kinds}. Whoever could read the CI log has seen them: rotate them."
    title = words.plural(number, "secret in these artifacts", "secrets in these artifacts")
    return (_banner(Tone.WARN, title, text, ("Secrets by kind", "problems/#secrets")),)


def gates(report: Report) -> tuple[Banner, ...]:
    """Return the banners of gate evidence that is old, or that contradicts itself."""
    stale = [source for source in report.judgement.sources if source.stale]
    torn = [source for source in report.judgement.sources if not source.agrees]
    found = []
    if stale:
        ages = words.listing([f"{source.family.replace('_', ' ')} {_age(source)}" for source in stale])
        text = f"Too old for this run, or written for another one: {ages}."
        found.append(_banner(Tone.WARN, "Gate evidence is stale", text, ("Recorded verdicts", "gates/#sources")))
    if torn:
        names = words.listing([_contradiction(source) for source in torn])
        text = f"The verdict as written does not follow from its own rows: {names}."
        found.append(
            _banner(Tone.WARN, "A recorded verdict contradicts itself", text, ("Recorded verdicts", "gates/#sources"))
        )
    return tuple(found)


def triage(report: Report) -> tuple[Banner, ...]:
    """Return the banner of a supplied triage that hides failures or claims another status."""
    supplied = report.findings.comparison.supplied
    if supplied is None:
        return ()
    link = ("What CI's own triage said", "changes/#triage")
    if supplied.under_reported:
        count = words.plural(supplied.under_reported, "failing target")
        text = f"It files {count} as passing. The exit codes say otherwise, and this site goes by them."
        return (_banner(Tone.WARN, "CI's own triage under-reports", text, link),)
    if supplied.reported_status != supplied.recomputed_status.value:
        text = (
            f"It says {words.cut(supplied.reported_status, 60).replace('_', ' ') or 'nothing'}; "
            f"its exit codes say {supplied.recomputed_status.value.replace('_', ' ')}."
        )
        return (_banner(Tone.WARN, "CI's own triage disagrees", text, link),)
    return ()


def _banner(tone: Tone, title: str, text: str, link: tuple[str, str]) -> Banner:
    return Banner(tone=tone, title=title, text=text, links=(Link(text=link[0], href=link[1]),))


def _age(source: GateSource) -> str:
    if source.age_days is None:
        return "without a date"
    return f"{words.plural(source.age_days, 'day')} before it" if source.age_days else "of the same day"


def _contradiction(source: GateSource) -> str:
    written, found = (words.cut(text, 40) or "nothing" for text in (source.reported_verdict, source.recomputed_verdict))
    return f"{source.family.replace('_', ' ')} says {written}, its rows say {found}"
