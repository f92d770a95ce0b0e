"""Cells and tables that several pages share."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from generator.pages import words
from generator.views import Cell, Column, Table, Tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from generator.findings import CommitRange, Outcome, RunRef, TestRef
    from generator.pages.links import Links

BLANK = Cell(text="")
_TONES = {
    "passed": Tone.GOOD,
    "failed": Tone.BAD,
    "error": Tone.BAD,
    "flaky": Tone.WARN,
    "not_run": Tone.WARN,
    "skipped": Tone.MUTED,
    "absent": Tone.MUTED,
}
_KINDS = {"suite": "suite target", "unit": "unit target", "lib": "library tests", "case": "test report"}
_WRONG = ("failed", "error", "flaky")


def columns(*titles: str, numeric: Sequence[str] = (), choice: Sequence[str] = ()) -> tuple[Column, ...]:
    """Return columns by title; `numeric` ones stand to the right, `choice` ones offer their values as a filter."""
    return tuple(Column(title=title, numeric=title in numeric, filter=title in choice) for title in titles)


def status_word(status: str) -> str:
    """Return the outcome as a reader says it: `not run`."""
    return status.replace("_", " ")


def status_tone(status: str) -> Tone:
    """Return what an outcome means."""
    return _TONES.get(status, Tone.MUTED)


def status_cell(status: str, note: str = "") -> Cell:
    """Return an outcome with its tone."""
    return Cell(text=status_word(status), tone=status_tone(status), note=note)


def cell_of_test(test: TestRef, href: str = "", *, place: bool = True) -> Cell:
    """Return a test by its narrowest name; `place` tells where it stands, else a suite cell does that."""
    note = place_of_test(test) if place else test.classname
    return Cell(text=test.title, href=href, mono=True, note=note if note != test.title else "", sort=test.key)


def suite_cell(test: TestRef) -> Cell:
    """Return the suite of a case, the kind of a target."""
    return Cell(text=test.suite if test.surface == "case" and test.suite else place_of_test(test))


def place_of_test(test: TestRef) -> str:
    """Return where a test stands: suite and class of a case, the kind of a target."""
    if test.surface == "case":
        parts = (part for part in (test.suite, test.classname) if part and part != test.title)
        return "::".join(dict.fromkeys(parts))  # many writers name the suite after the class
    return kind_of(test.surface)


def kind_of(surface: str) -> str:
    """Return the kind of a test or suite in words."""
    return _KINDS.get(surface, surface)


def run_cell(links: Links, run: RunRef | None, nothing: str = "") -> Cell:
    """Return a run by its label, linked when its version is still there."""
    if run is None:
        return Cell(text=nothing)
    return Cell(text=run.label, href=links.run(run.label), note=words.day(run.started_at), sort=_stamp(run.started_at))


def time_cell(at: datetime | None, as_of: datetime) -> Cell:
    """Return a time."""
    if at is None:
        return Cell(text=words.NOTHING)
    return Cell(text=words.utc(at), moment=words.moment(at, as_of), sort=_stamp(at))


def number_cell(value: int | None, *, href: str = "", tone: Tone | None = None) -> Cell:
    """Return a whole number; the tone is only for numbers above zero."""
    if value is None:
        return Cell(text=words.NOTHING)
    return Cell(text=words.number(value), sort=str(value), href=href if value else "", tone=tone if value else None)


def duration_cell(seconds: float | None) -> Cell:
    """Return a duration that sorts by seconds."""
    return Cell(text=words.duration(seconds), sort="" if seconds is None else f"{seconds:.3f}")


def share_cell(share: float | None) -> Cell:
    """Return a share as per cent with a bar behind it."""
    return Cell(text=words.percent(share), bar=share, sort="" if share is None else f"{share:.6f}")


def commit_cell(links: Links, commit: str) -> Cell:
    """Return a short commit, linked to the forge."""
    return Cell(text=words.short_commit(commit), href=links.commit(commit), mono=bool(commit))


def range_text(commits: CommitRange) -> str:
    """Return the commit range in words."""
    if not commits.bad:
        return "no commit stated"
    if not commits.good:
        return f"up to {words.short_commit(commits.bad)}; no earlier good commit is known"
    if commits.same:
        return f"none: good and bad on {words.short_commit(commits.bad)}"
    return f"{words.short_commit(commits.good)}..{words.short_commit(commits.bad)}"


def range_href(links: Links, commits: CommitRange) -> str:
    """Return the compare link of a range, if the forge is known."""
    return "" if commits.same else links.forge(commits.url) or links.compare(commits.good, commits.bad)


def outcome_cells(links: Links, outcomes: Sequence[Outcome]) -> tuple[tuple[str, str, str], ...]:
    """Return the cells of an outcomes strip: status, run, link; without dates, or a page would have fifty."""
    return tuple(
        (outcome.status, outcome.run.label, _where(links, outcome.status, outcome.run)) for outcome in outcomes
    )


def strip_cell(links: Links, status: str, run: RunRef) -> tuple[str, str, str]:
    """Return one cell of a strip of runs."""
    return (status, f"{run.label}, {words.day(run.started_at)}", _where(links, status, run))


def simple_table(  # noqa: PLR0913  the parts of a table
    table_id: str,
    caption: str,
    table_columns: tuple[Column, ...],
    rows: Iterable[tuple[Cell, ...]],
    *,
    limit: int,
    what: str,
    empty: str,
    total: int | None = None,
    row_ids: tuple[str, ...] = (),
) -> Table:
    """Return a table of at most `limit` rows that says what it left out of `total` (the rows given, by default)."""
    made = tuple(rows) if total is None else tuple(islice(rows, limit))
    left = (len(made) if total is None else total) - limit
    return Table(
        id=table_id,
        caption=caption,
        columns=table_columns,
        rows=made[:limit],
        empty=empty,
        more=words.more(left, what),
        row_ids=row_ids,
    )


def _where(links: Links, status: str, run: RunRef) -> str:
    """Return the link of a cell; only what went wrong has one, or the keyboard would have to pass fifty links."""
    return links.run(run.label) if status in _WRONG else ""


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}"
