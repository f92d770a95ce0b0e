"""Changes: what is different from the baseline and over time, and what CI's own triage said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings import CommitRange, DiffStatus
from generator.pages import answers, banners, cells, changeset, links, pass_rates, states, triage, words
from generator.pages.badges import head
from generator.views import Cell, Fact, Page, Section, StandardView, Tone

if TYPE_CHECKING:
    from generator.findings import Change, Failure, Report
    from generator.pages.changeset import ChangeSet
    from generator.pages.links import Links
    from generator.plugins import PageLimits
    from generator.views import Table

_STATUSES = {
    DiffStatus.REGRESSION: ("Regression.", Tone.BAD),
    DiffStatus.SEMANTIC_MISMATCH: ("Semantic mismatch.", Tone.WARN),
    DiffStatus.KNOWN_FAILURES_ONLY: ("Known failures only.", Tone.WARN),
    DiffStatus.INCOMPLETE_MIRRORING: ("Incomplete mirroring.", Tone.WARN),
    DiffStatus.STABLE: ("Stable.", Tone.GOOD),
    DiffStatus.NO_BASELINE: ("No baseline.", Tone.WARN),
}
_FAILING = cells.columns("Test", "Suite", "Before and after", "Since", "Cause", "Commits", choice=("Suite",))
_OTHER = cells.columns("Test", "Suite", "Before and after", choice=("Suite",))


def build(report: Report, limits: PageLimits) -> list[Page]:
    """Return the page of changes."""
    at = links.links_of(report, limits)
    word, tone = _verdict(report)
    shown = (*banners.state(report), *banners.problems(report), *banners.triage(report))
    view = StandardView(
        head=head(report, at, _answer(report), tone, verdict=word, banners=shown),
        counts=changeset.counts(report, *changeset.SETS),
        sections=(
            _baseline(report, at),
            *_sets(report, at, limits),
            *filter(None, (pass_rates.section(report, limits),)),
            *triage.sections(report, at, limits),
        ),
    )
    return [Page(path="changes", title="Changes", template="standard.html.j2", view=view, nav="Changes")]


def _verdict(report: Report) -> tuple[str, Tone]:
    """Return the status in words; a run that is not whole is never called stable."""
    comparison, run = report.findings.comparison, report.findings.run
    if comparison.status is not DiffStatus.STABLE or comparison.base is None:
        return _STATUSES[comparison.status]
    if not run.tally.executed:
        return "Nothing to compare.", Tone.WARN
    return ("Incomplete.", Tone.WARN) if states.what_is_missing(run) else _STATUSES[comparison.status]


def _answer(report: Report) -> str:
    comparison, run = report.findings.comparison, report.findings.run
    if comparison.base is None:
        return words.join("There is no run to compare with", comparison.base_reason)
    numbers = [
        words.plural(len(found), one.one, one.label)
        for one in changeset.SETS
        if (found := changeset.changes_in(report, one))
    ]
    if not run.tally.executed:
        rest = f": {', '.join(numbers)}" if numbers else ""
        return words.join(
            states.nothing_read(run), f"Nothing ran that could be compared with run {comparison.base.label}{rest}"
        )
    same = f"{words.plural(comparison.stable, 'result')} unchanged"
    changed = f"{', '.join(numbers)}; {same}" if numbers else f"nothing changed, {same}"
    return words.join(f"Against run {comparison.base.label}: {changed}", states.what_is_missing(run))


def _baseline(report: Report, at: Links) -> Section:
    comparison = report.findings.comparison
    base = comparison.base
    if base is None:
        return Section(id="baseline", title="Baseline", intro=words.sentence(comparison.base_reason))
    commits = CommitRange(good=base.commit, bad=comparison.head.commit)
    facts = (
        Fact(
            label="Baseline",
            value=base.label,
            href=at.run(base.label),
            copy=True,
            moment=words.moment(base.started_at, report.as_of),
        ),
        Fact(label="Why this one", value=words.sentence(comparison.base_reason)),
        Fact(label="Commits between", value=cells.range_text(commits), href=cells.range_href(at, commits), mono=True),
    )
    return Section(id="baseline", title="Baseline", facts=facts)


def _sets(report: Report, at: Links, limits: PageLimits) -> tuple[Section, ...]:
    """Return one section for each set; skips are folded and only there when there are some."""
    if report.findings.comparison.base is None:
        return ()
    known = {failure.failure_id: failure for failure in report.findings.failures}
    found = []
    for one in (*changeset.SETS, changeset.SKIPS):
        folded = one is changeset.SKIPS
        changes = changeset.changes_in(report, one)
        if folded and not changes:
            continue
        table = _table(report, one, changes, known, at, limits)
        found.append(
            Section(
                id=one.id,
                title=f"{one.title} ({words.number(len(changes))})"
                if report.findings.run.tally.executed or changes
                else one.title,
                intro=one.meaning,
                tables=(table,),
                folded=folded,
            )
        )
    return tuple(found)


def _table(
    report: Report,
    one: ChangeSet,
    changes: tuple[Change, ...],
    known: dict[str, Failure],
    at: Links,
    limits: PageLimits,
) -> Table:
    return cells.simple_table(
        f"changes-{one.id}",
        one.title,
        _FAILING if one.failing else _OTHER,
        (_row(change, known.get(change.failure_id), at, failing=one.failing) for change in changes),
        limit=limits.list_rows,
        what="test",
        empty=answers.nothing(report, "None against this baseline."),
        total=len(changes),
    )


def _row(change: Change, failure: Failure | None, at: Links, *, failing: bool) -> tuple[Cell, ...]:
    test = change.test
    note = "fails in another way than before" if change.signature_changed else ""
    shared = (
        cells.cell_of_test(test, at.failure(change.failure_id), place=False),
        cells.suite_cell(test),
        Cell(text=_before_after(change), tone=cells.status_tone(change.after), note=note),
    )
    if not failing:
        return shared
    if failure is None:
        return (*shared, cells.BLANK, cells.BLANK, cells.BLANK)
    commits = failure.since.commits
    return (
        *shared,
        cells.run_cell(at, failure.since.first_bad),
        Cell(text=words.cut(failure.message, 100), mono=True),
        Cell(text=cells.range_text(commits), href=cells.range_href(at, commits), mono=True),
    )


def _before_after(change: Change) -> str:
    """Return `passed → failed (exit code 101)`."""
    after = cells.status_word(change.after)
    code = f" (exit code {change.after_exit})" if change.after_exit else ""
    return f"{cells.status_word(change.before)} → {after}{code}"
