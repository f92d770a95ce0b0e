"""The replay page of one failure: what broke, and the command that reproduces it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings import RunState
from generator.pages import cells, flaky, novelty, replay_details, suspects, words
from generator.pages.commands import commands_of, titles_for
from generator.records import PartState
from generator.views import Excerpt, Fact, FailureView, Head, Link, Outcomes, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.findings import Failure, Outcome, Report
    from generator.pages.links import Links
    from generator.views import Badge

_EXIT_CODES = {101: "101 (the test runner reports a failed test)"}
_NO_COMMAND = "No artifact of this run offers a command for this test, and none could be rebuilt from its name."
_COPIED = ("commit", "seed")


def page(
    report: Report,
    failure: Failure,
    at: Links,
    badges: tuple[Badge, ...],
    *,
    previous: Link | None,
    following: Link | None,
) -> Page:
    """Return the page of one failure."""
    failure_id = failure.failure_id
    verdict, tone = novelty.verdict(report, failure)
    commands = commands_of(failure.commands, titles_for(failure.test))
    view = FailureView(
        head=Head(
            answer=f"{words.cut(failure.test.title, 120)} {failed_how(failure)}",
            tone=tone,
            verdict=verdict,
            badges=badges,
            as_of=words.moment(report.findings.run.finished_at or report.findings.run.started_at, report.as_of),
            stale_after_hours=report.stale_after_hours,
        ),
        test_title=failure.test.title,
        test_key=failure.test.key,
        status=status_sentence(report, failure),
        replay=commands,
        no_replay="" if commands else words.sentence(failure.no_command_reason) or _NO_COMMAND,
        environment=_environment(report, failure, at),
        assertion=_assertion(failure),
        location=_location(failure, at),
        cause=_cause(report, failure),
        outcomes=strip(failure.outcomes, at),
        since=_since(report, failure, at),
        sections=replay_details.sections(failure, at),
        permalink=f"f/{failure_id}",
        previous=previous,
        next=following,
    )
    return Page(
        path=f"failures/{failure_id}",
        title=f"Failure {failure_id}",
        template="failure.html.j2",
        view=view,
        lean=True,
        search_title=" · ".join(dict.fromkeys(text for text in (failure.test.title, failure.test.suite) if text)),
        summary=words.cut(f"{failure.test.key}: {failure.message or failed_how(failure)}", 300),
        permalink=f"f/{failure_id}",
    )


def failed_how(failure: Failure) -> str:
    """Return how it failed: `failed with exit code 101 after 3 m 12 s`."""
    word = "ended in an error" if failure.status == "error" else "failed"
    code = f" with exit code {failure.exit_code}" if failure.exit_code is not None else ""
    took = f" after {words.duration(failure.duration_s)}" if failure.duration_s is not None else ""
    return f"{word}{code}{took}."


def status_sentence(report: Report, failure: Failure) -> str:
    """Return since when and how steadily: `New since run 1041 (2 runs), not known to be flaky`."""
    state = novelty.state(report, failure)
    if failure.flaky is None:
        return f"{state}, not known to be flaky."
    note = failure.flaky
    seen = f"failed in {words.number(note.failing_runs)} of {words.plural(note.executed_runs, 'run')}"
    if not note.confirmed:
        return f"{state}, not known to be flaky now ({flaky.standing(note)}, which excuses nothing: {seen})."
    return f"{state}, known to be flaky: {seen}."


def strip(outcomes: Sequence[Outcome], at: Links) -> Outcomes:
    """Return the strip of outcomes with its reading; runs in which the test is absent do not count."""
    ran = [outcome for outcome in outcomes if outcome.status not in ("absent", "skipped", "not_run")]
    bad = sum(outcome.status in ("failed", "error") for outcome in ran)
    runs = words.plural(len(ran), "run")
    reading = f"Failed in {words.number(bad)} of {runs} in which it ran." if ran else "No earlier outcome is known."
    return Outcomes(cells=cells.outcome_cells(at, outcomes), reading=reading)


def _environment(report: Report, failure: Failure, at: Links) -> tuple[Fact, ...]:
    """Return the environment; the commit is linked unless it is that of the run, which the badge links to already."""
    own = report.findings.run.commit
    return tuple(
        Fact(
            label=label,
            value=value,
            mono=label.lower() in _COPIED,
            copy=label.lower() in _COPIED,
            href=at.commit(value) if label.lower() == "commit" and value != own else "",
        )
        for label, value in failure.environment
    )


def _assertion(failure: Failure) -> Excerpt | None:
    if not failure.message:
        return None
    title = "First failing assertion" if failure.file else "Message"
    return Excerpt(title=title, text=failure.message, note=failure.kind)


def _location(failure: Failure, at: Links) -> Link | None:
    if not failure.file:
        return None
    places = (failure.line, failure.column) if failure.column else (failure.line,)
    text = ":".join((failure.file, *(str(place) for place in places if failure.line)))
    return Link(text=text, href=at.forge(failure.source_url))


def _cause(report: Report, failure: Failure) -> tuple[Fact, ...]:
    facts = [] if failure.message else [Fact(label="What broke", value=_why_no_message(report, failure))]
    if failure.root_cause_class:
        facts.append(Fact(label="Root cause class", value=_class(failure)))
    if failure.kind and not failure.message:  # else it stands below the message
        facts.append(Fact(label="Kind", value=failure.kind, mono=True))
    if failure.exit_code is not None:
        facts.append(Fact(label="Exit code", value=_EXIT_CODES.get(failure.exit_code, str(failure.exit_code))))
    facts.append(
        Fact(label="Signature", value=failure.signature or words.NOTHING, mono=True, copy=bool(failure.signature))
    )
    if failure.part:
        facts.append(Fact(label="Part", value=failure.part))
    facts.append(Fact(label="Test", value=failure.test.key, mono=True, copy=True))
    return tuple(facts)


def _why_no_message(report: Report, failure: Failure) -> str:
    """Return why no assertion stands on the page: it is said, not left to be guessed."""
    if failure.children:
        return "The failing cases inside, listed below, say it."
    parts = [part for part in report.findings.run.parts if part.name == failure.part]
    if failure.trace.strip():
        return "No message was recorded; the trace below is all there is."
    if PartState.BUNDLE_ONLY in {part.state for part in parts} or report.findings.run.state is RunState.BUNDLE_ONLY:
        return "Not known: only a replay bundle is left, which names what failed and how to replay it, not why."
    return "Not known: no file that was read holds a message of this failure."


def _class(failure: Failure) -> str:
    """Return the class, with the caution if it must be read with care (which may begin with the class itself)."""
    found, caution = failure.root_cause_class, failure.class_caution
    if not caution or caution.startswith(found):
        return caution or found
    return f"{found}: {caution}"


def _since(report: Report, failure: Failure, at: Links) -> tuple[Fact, ...]:
    since, commits = failure.since, failure.since.commits
    if not novelty.has_streak(report, failure):
        return (Fact(label="Note", value=words.sentence(since.note)),) if since.note else ()
    bad, good = since.first_bad, since.last_good
    facts = [
        Fact(
            label="First bad run",
            value=bad.label,
            href=at.run(bad.label),
            moment=words.moment(bad.started_at, report.as_of),
        ),
        Fact(
            label="Last good run",
            value=good.label if good else "none: no earlier result that passed",
            href=at.run(good.label) if good else "",
            moment=words.moment(good.started_at, report.as_of) if good else None,
        ),
        Fact(label="Failing runs in a row", value=words.number(since.runs)),
        Fact(label="Commits", value=cells.range_text(commits), href=cells.range_href(at, commits), mono=True),
    ]
    if commits.same:
        hint = "The last good and the first bad run are of one commit: the change is not in the code."
        facts.append(Fact(label="Same commit", value=hint))
    facts += suspects.fact(failure.suspects, at)
    if since.note:
        facts.append(Fact(label="Note", value=words.sentence(since.note)))
    return tuple(facts)
