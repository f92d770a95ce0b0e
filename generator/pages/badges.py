"""The head of a page: answer, badges (run, commit, branch, age of the data, completeness) and banners."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from generator.findings import RunState
from generator.pages import states, words
from generator.views import Badge, Head, Tone

if TYPE_CHECKING:
    from datetime import datetime

    from generator.findings import Report, RunFacts
    from generator.pages.links import Links
    from generator.views import Banner


def head(
    report: Report, links: Links, answer: str, tone: Tone, *, verdict: str = "", banners: tuple[Banner, ...] = ()
) -> Head:
    """Return what stands above the fold; the time is that of the data, so that the browser can tell when it is old."""
    return Head(
        answer=answer,
        tone=tone,
        verdict=verdict,
        badges=badges(report, links),
        banners=banners,
        as_of=words.moment(data_time(report.findings.run), report.as_of),
        stale_after_hours=report.stale_after_hours,
    )


def data_time(run: RunFacts) -> datetime:
    """Return the time that the newest data is from."""
    return run.finished_at or run.started_at


def badges(report: Report, links: Links) -> tuple[Badge, ...]:
    """Return the badge row that all pages share."""
    run = report.findings.run
    row = [
        Badge(label="Run", value=run.label, tone=Tone.INFO, href="run/", hint=f"started {words.utc(run.started_at)}"),
        Badge(label="Commit", value=words.short_commit(run.commit), href=links.commit(run.commit), hint=run.commit),
    ]
    if run.branch:
        row.append(Badge(label="Branch", value=run.branch))
    if run.pull_request is not None:
        row.append(Badge(label="Pull request", value=f"#{run.pull_request}"))
    row += [_age(report), _completeness(run)]
    return tuple(row)


def _age(report: Report) -> Badge:
    at = data_time(report.findings.run)
    limit = report.stale_after_hours
    old = bool(limit) and report.as_of - at > timedelta(hours=limit)
    return Badge(
        label="Data from",
        value=words.utc(at),
        tone=Tone.WARN if old else Tone.MUTED,
        hint=f"{words.relative(at, report.as_of)} than this report",
    )


def _completeness(run: RunFacts) -> Badge:
    whole = run.state is RunState.COMPLETE and run.completeness.whole
    value = states.parts_text(run.completeness)
    if run.state is not RunState.COMPLETE:
        value = f"{value}, {states.state_word(run.state)}"
    return Badge(
        label="Parts",
        value=value,
        tone=Tone.GOOD if whole else Tone.WARN,
        href="run/#parts",
        hint=states.what_is_missing(run) or "all parts are there",
    )
