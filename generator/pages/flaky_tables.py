"""Tables of flaky tests: what each costs, how sure it is, the runs that prove it, and what it excuses."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from generator.findings.flaky import CONFIRMED, RECOVERED, SUSPECTED
from generator.pages import answers, cells, flaky_base, words
from generator.views import Cell, Section, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.findings import FlakyNote, Report, RunRef
    from generator.pages.links import Links
    from generator.plugins import PageLimits
    from generator.views import Table

_RUNS_NAMED = 3
_RUNS_LISTED = 10
"""Newest runs of one test among the runs that prove it."""

_LONG_MINUTES = 120
_CONFIRMED = cells.columns(
    "Test", "Minutes a week", "Estimated flake rate", "Failing runs", "Runs that prove it", "Its failures",
    "Quarantine", "Environment",
    numeric=("Minutes a week", "Estimated flake rate", "Failing runs"), choice=("Its failures", "Environment"),
)  # fmt: skip
_SUSPECTED = cells.columns(
    "Test", "Minutes a week", "Failed alone", "Flip rate", "Failing runs", "Runs in which it failed alone",
    "Quarantine", "Environment",
    numeric=("Minutes a week", "Failed alone", "Flip rate", "Failing runs"), choice=("Environment",),
)  # fmt: skip
_RECOVERED = cells.columns(
    "Test", "Estimated flake rate", "Failing runs", "Last proof", "Commits", "Quarantine", "Environment",
    numeric=("Estimated flake rate", "Failing runs"), choice=("Environment",),
)  # fmt: skip
_PROOF = cells.columns("Test", "Label", "Run", "Commit", "Branch", choice=("Label",))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What all rows of the page need."""

    at: Links
    failing: Mapping[int, str]
    """Failure of each test that fails in this run."""
    proven: frozenset[int]
    """Tests whose runs are listed."""


def lists_of(report: Report, at: Links, limits: PageLimits) -> dict[str, Table]:
    """Return the table of each label."""
    page = _Page(
        at=at,
        failing={failure.test.test_id: failure.failure_id for failure in report.findings.failures},
        proven=frozenset(note.test.test_id for note, _ in _listed(report, limits)),
    )
    return {
        label: cells.simple_table(
            f"{label}-list",
            caption,
            columns,
            [row(note, page) for note in report.findings.flaky if note.label == label],
            limit=limits.list_rows,
            what="test",
            empty=answers.nothing(report, _empty(report, label)),
        )
        for label, caption, columns, row in (
            (CONFIRMED, "Tests that are confirmed to be flaky", _CONFIRMED, _confirmed),
            (SUSPECTED, "Tests that are suspected to be flaky", _SUSPECTED, _suspected),
            (RECOVERED, "Tests that have recovered", _RECOVERED, _recovered),
        )
    }


def proof(report: Report, at: Links, limits: PageLimits) -> Section:
    """Return the newest runs behind each note, each linked."""
    listed = _listed(report, limits)
    rows = [
        (
            cells.cell_of_test(note.test),
            Cell(text=note.label),
            cells.run_cell(at, run),
            cells.commit_cell(at, run.commit),
            Cell(text=words.cut(run.branch, 80) or words.NOTHING),
        )
        for note, run in listed
    ]
    firsts = {note.test.test_id: place for place, (note, _) in reversed(list(enumerate(listed)))}
    table = cells.simple_table(
        "proof-list",
        f"The newest runs of each test, {_RUNS_LISTED} at most",
        _PROOF,
        rows,
        limit=limits.list_rows,
        what="run",
        empty=answers.nothing(report, "No test is in a list above, so that there is nothing to prove."),
        total=sum(min(len(note.runs), _RUNS_LISTED) for note in report.findings.flaky),
        row_ids=tuple(
            _anchor(note) if firsts[note.test.test_id] == place else "" for place, (note, _) in enumerate(listed)
        ),
    )
    intro = (
        "Of a confirmed or recovered test: runs that passed and runs that failed on one commit, and runs in which a "
        "retry passed. Of a suspected one: runs in which it failed alone."
    )
    return Section(id="proof", title="Runs that prove it", intro=intro, tables=(table,))


def _empty(report: Report, label: str) -> str:
    if label == CONFIRMED:
        return words.join(f"None: {flaky_base.seen(report)}", flaky_base.never_twice(report))
    if label == SUSPECTED:
        return words.join("No test failed alone on two commits", flaky_base.too_few(report))
    return "No test of the window was flaky and is clean now."


def _confirmed(note: FlakyNote, page: _Page) -> tuple[Cell, ...]:
    return (
        _test(note, page),
        _minutes_cell(note),
        _rate(note),
        _failing(note, page),
        _named(note, page),
        Cell(text="left out of the gate" if note.derates else "count", note="" if note.derates else _evidence(note)),
        _quarantine(note),
        _environment(note),
    )


def _suspected(note: FlakyNote, page: _Page) -> tuple[Cell, ...]:
    tried = words.plural(note.first_attempts, "commit")
    pairs = words.plural(max(note.first_attempts - 1, 0), "pair of commits", "pairs of commits")
    flips = Cell(
        text=words.percent(note.flip_rate),
        note=f"{words.number(note.flips)} of {pairs}",
        sort="" if note.flip_rate is None else f"{note.flip_rate:.6f}",
    )
    return (
        _test(note, page),
        _minutes_cell(note),
        Cell(text=f"{words.number(note.excursions)} of {tried}", sort=str(note.excursions)),
        flips,
        _failing(note, page),
        _named(note, page),
        _quarantine(note),
        _environment(note),
    )


def _recovered(note: FlakyNote, page: _Page) -> tuple[Cell, ...]:
    last = note.runs[-1] if note.runs else None
    return (
        _test(note, page),
        _rate(note),
        _failing(note, page),
        cells.run_cell(page.at, last, "not named"),
        _commits(note, page),
        _quarantine(note),
        _environment(note),
    )


def _test(note: FlakyNote, page: _Page) -> Cell:
    """Return the test, linked to its failure where it fails in this run."""
    failure_id = page.failing.get(note.test.test_id, "")
    return cells.cell_of_test(note.test, page.at.failure(failure_id) if failure_id else "")


def _minutes_cell(note: FlakyNote) -> Cell:
    if note.minutes_a_week is None:
        return Cell(text="not known", note="no duration is recorded")
    return Cell(text=minutes_text(note.minutes_a_week), sort=f"{note.minutes_a_week:.6f}")


def _rate(note: FlakyNote) -> Cell:
    """Return the rate with its interval and the commits that it is taken from."""
    if note.rate is None:
        return Cell(text="no data", note="no commit with an outcome is known")
    counts = f"{words.number(note.flake_commits)} of {words.plural(note.seen_commits, 'commit')}"
    known = note.low is not None and note.high is not None
    interval = f", 95% interval {words.percent(note.low)} to {words.percent(note.high)}" if known else ""
    return Cell(text=words.percent(note.rate), note=counts + interval, bar=note.rate, sort=f"{note.rate:.6f}")


def _failing(note: FlakyNote, page: _Page) -> Cell:
    retried = f"{words.number(note.retries)} more passed on a retry" if note.retries else ""
    return Cell(
        text=f"{words.number(note.failing_runs)} of {words.number(note.executed_runs)}",
        href=_proof_href(note, page),
        sort=str(note.failing_runs),
        note=retried,
    )


def _named(note: FlakyNote, page: _Page) -> Cell:
    runs = [run.label for run in reversed(note.runs)]
    return Cell(text=words.listing(runs, _RUNS_NAMED) or "none is named", href=_proof_href(note, page), mono=bool(runs))


def _commits(note: FlakyNote, page: _Page) -> Cell:
    commits = [words.short_commit(commit) for commit in reversed(note.commits)]
    if not commits:
        return Cell(text="not stated by the runs")
    href = page.at.commit(note.commits[-1]) if len(commits) == 1 else _proof_href(note, page)
    return Cell(text=words.listing(commits, _RUNS_NAMED), href=href, mono=True)


def _evidence(note: FlakyNote) -> str:
    return f"evidence on {words.plural(note.flake_commits or len(note.commits), 'commit')} only"


def _quarantine(note: FlakyNote) -> Cell:
    found = words.cut(note.quarantine, 120)
    return Cell(text=found or "in none", tone=Tone.WARN if found else None)


def _environment(note: FlakyNote) -> Cell:
    elsewhere = words.listing([words.cut(name, 40) for name in note.elsewhere])
    return Cell(text=words.cut(note.environment, 80) or "not stated", note=f"also in {elsewhere}" if elsewhere else "")


def _proof_href(note: FlakyNote, page: _Page) -> str:
    return f"flaky/#{_anchor(note)}" if note.test.test_id in page.proven else ""


def _anchor(note: FlakyNote) -> str:
    return f"proof-{note.test.test_id & (2**64 - 1):016x}"


def _listed(report: Report, limits: PageLimits) -> list[tuple[FlakyNote, RunRef]]:
    """Return the newest runs of each note, as far as a list goes."""
    found = ((note, run) for note in report.findings.flaky for run in note.runs[: -_RUNS_LISTED - 1 : -1])
    return list(islice(found, limits.list_rows))


def minutes_text(minutes: float, *, long: bool = False) -> str:
    """Return `42 min` or `42 minutes`; hours from two of them on."""
    if minutes < 0.5:
        return "less than a minute" if long else "under 1 min"
    if minutes >= _LONG_MINUTES:
        return words.duration(minutes * 60)
    return words.plural(round(minutes), "minute") if long else f"{round(minutes)} min"
