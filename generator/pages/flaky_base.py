"""What a list of flaky tests rests on: how many runs and commits there were that could have shown one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.pages import words
from generator.views import Fact, Section

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.findings import Report, RunFacts

FEWEST_COMMITS = 10
"""Commits of the default branch below which no test is suspected."""

_WINDOW = (
    "Runs of the last 14 days or the last 60 commits, whichever reaches further, unless the settings say otherwise. "
    "Runs that failed as a whole are set aside, and so are failures of runs in which many tests failed."
)


def section(report: Report) -> Section:
    """Return the window and what was counted in it."""
    runs = _with_results(report)
    commits = _by_commit(runs)
    facts = (
        Fact(label="Window", value=_WINDOW),
        Fact(label="Runs with results up to this one", value=words.number(len(runs)), href="runs/"),
        Fact(label="Commits of these runs", value=words.number(len(commits))),
        Fact(label="Commits that ran more than once", value=words.number(_repeated(commits))),
        Fact(
            label=f"Commits on the branch {words.cut(report.findings.trends.branch, 80) or 'of the run'}",
            value=words.number(_on_branch(report)),
        ),
    )
    return Section(id="base", title="What this rests on", facts=facts)


def seen(report: Report) -> str:
    """Return among how many runs and commits nothing was found."""
    runs = _with_results(report)
    among = f"in {words.plural(len(runs), 'run')} of {words.plural(len(_by_commit(runs)), 'commit')}"
    return f"{among} none is seen to have passed and failed on one commit within the window"


def too_little(report: Report) -> str:
    """Return what keeps an empty list from saying much; empty when nothing does."""
    return words.join(never_twice(report), too_few(report))


def never_twice(report: Report) -> str:
    """Return that no commit was tried twice, if so: nothing could disagree."""
    if _repeated(_by_commit(_with_results(report))):
        return ""
    return "No commit ran more than once, so that only a retry inside a run could have shown it"


def too_few(report: Report) -> str:
    """Return that there are not enough commits for a suspicion, if so."""
    found = _on_branch(report)
    if found >= FEWEST_COMMITS:
        return ""
    return f"Not enough data for a suspicion: {words.plural(found, 'commit')}, needs {FEWEST_COMMITS}"


def _with_results(report: Report) -> list[RunFacts]:
    repository = report.findings.run.keys[0].repository
    return [run for run in report.findings.runs if run.keys[0].repository == repository and run.tally.executed]


def _on_branch(report: Report) -> int:
    branch = report.findings.trends.branch
    return len(_by_commit([run for run in _with_results(report) if run.branch == branch]))


def _by_commit(runs: Sequence[RunFacts]) -> dict[str, int]:
    """Return the runs of each commit by its first digits; a run without a commit stands for one of its own."""
    found: dict[str, int] = {}
    for run in runs:
        name = words.short_commit(run.commit)[:7] if run.commit else f"run {run.label}"
        found[name] = found.get(name, 0) + 1
    return found


def _repeated(commits: Mapping[str, int]) -> int:
    return sum(runs > 1 for runs in commits.values())
