"""Pass rates that changed: base window against sample window, each verdict with its numbers in a sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from generator.findings import RateVerdict
from generator.pages import cells, links, words
from generator.views import Cell, Section, Table, Tone

if TYPE_CHECKING:
    from datetime import datetime

    from generator.findings import PassRate, PassRates, Report, RunRef, Share
    from generator.pages.links import Links
    from generator.plugins import PageLimits
    from generator.views import Column

_VERDICTS: Final = {
    RateVerdict.EXTREME_REGRESSION: ("passes much less often", Tone.BAD),
    RateVerdict.REGRESSION: ("passes less often", Tone.BAD),
    RateVerdict.NEW_TEST_FAILING: ("new test, fails too often", Tone.BAD),
    RateVerdict.IMPROVEMENT: ("passes more often", Tone.GOOD),
    RateVerdict.UNCHANGED: ("unchanged", Tone.MUTED),
    RateVerdict.NOT_ENOUGH_DATA: ("not enough data", Tone.MUTED),
}
_CHANGED: Final = cells.columns(
    "Test", "Environment", "Verdict", "Failed in the base", "Failed in the sample", "Pass rate", "q", "Provable since",
    "Failing runs",
    numeric=("Failed in the base", "Failed in the sample", "Pass rate", "q"), choice=("Environment",),
)  # fmt: skip
_UNDECIDED: Final = cells.columns(
    "Test", "Environment", "Failed in the base", "Failed in the sample", "What is lacking", "Failing runs",
    numeric=("Failed in the base", "Failed in the sample"), choice=("Environment",),
)  # fmt: skip

_ROWS: Final = 60
"""Rows of a table here, worst first: each has a sentence, and a page must open at once."""

_FEW: Final = 10
"""Commits of a sample below which most drops are missed (statistics, section 4)."""


def section(report: Report, limits: PageLimits) -> Section | None:
    """Return the tests whose pass rate changed and those that cannot be judged; None where no result was read."""
    rates = report.findings.pass_rates
    if rates is None:
        return None
    at = links.links_of(report, limits)
    known = {failure.test.test_id: at.failure(failure.failure_id) for failure in report.findings.failures}
    rows = min(limits.list_rows, _ROWS)
    changed = cells.simple_table(
        "pass-rates-changed",
        "Tests that pass less or more often than in the base",
        _with_hints(_CHANGED, rates),
        (_change(rate, report, at, known) for rate in rates.changes),
        limit=rows,
        what="test",
        empty=_nothing(rates),
        total=len(rates.changes),
    )
    judged = rates.candidates or rates.changes
    return Section(
        id="pass-rates",
        title=f"Pass rates that changed ({words.number(len(rates.changes))})" if judged else "Pass rates that changed",
        intro=_intro(rates),
        tables=(changed, _undecided(rates, at, known, rows)) if rates.undecided else (changed,),
    )


def _undecided(rates: PassRates, at: Links, known: dict[int, str], limit: int) -> Table:
    return cells.simple_table(
        "pass-rates-undecided",
        "Tests that failed in the sample, but without enough data for a verdict",
        _UNDECIDED,
        (_open(rate, rates, at, known) for rate in rates.undecided),
        limit=limit,
        what="test",
        empty="None.",
        total=len(rates.undecided),
    )


def _intro(rates: PassRates) -> str:
    return words.join(
        _windows(rates),
        "One commit is one trial, and a test that passed in any of its runs passed",
        _looked_at(rates),
        *_lacking(rates),
        f"With fewer than {_FEW} commits in the sample only large drops are found"
        if 0 < rates.sample_commits < _FEW
        else "",
    )


def _windows(rates: PassRates) -> str:
    branch = f" on {words.cut(rates.branch, 80)}" if rates.branch else ""
    sample = f"The sample is {_commits(rates.sample_commits)}{branch}{_span(rates.sample_from, rates.sample_until)}"
    name = words.cut(rates.base_name, 240)
    if rates.base_from is None:
        return words.join(sample, f"There is no base; it was to be {name}")
    return words.join(
        sample, f"The base is {name}: {_commits(rates.base_commits)}{_span(rates.base_from, rates.base_until)}"
    )


def _span(begin: datetime | None, end: datetime | None) -> str:
    return f", from {words.utc(begin)} to {words.utc(end)}" if begin and end else ""


def _looked_at(rates: PassRates) -> str:
    if not rates.tests:
        return "No test has an outcome in the sample"
    ran = f"{words.plural(rates.tests, 'test')} ran in the sample, counted once in each environment"
    return f"{ran}; {words.number(rates.candidates)} ran and failed often enough to be judged"


def _lacking(rates: PassRates) -> tuple[str, ...]:
    """Return what the whole comparison has too little of."""
    needs = (
        (rates.base_commits, rates.min_base_runs, "in the base"),
        (rates.sample_commits, rates.min_sample_runs, "in the sample"),
    )
    return tuple(f"Not enough data: {_too_few(count, least, where)}" for count, least, where in needs if count < least)


def _nothing(rates: PassRates) -> str:
    if not rates.candidates:
        return "No test ran and failed often enough to be judged."
    judged = words.plural(rates.candidates, "test")
    return f"Of {judged} that could be judged none passes less or more often than in the base."


def _change(rate: PassRate, report: Report, at: Links, known: dict[int, str]) -> tuple[Cell, ...]:
    word, tone = _VERDICTS[rate.verdict]
    return (
        cells.cell_of_test(rate.test, known.get(rate.test.test_id, "")),
        _environment(rate),
        Cell(text=word, tone=tone, note=_sentence(rate, report)),
        _share(rate.base),
        _share(rate.sample),
        _points(rate),
        Cell(text="not tested", sort="1") if rate.q is None else Cell(text=_small(rate.q), sort=f"{rate.q:.12f}"),
        cells.run_cell(at, rate.since, "not looked for"),
        _runs(rate.failing, at),
    )


def _open(rate: PassRate, rates: PassRates, at: Links, known: dict[int, str]) -> tuple[Cell, ...]:
    return (
        cells.cell_of_test(rate.test, known.get(rate.test.test_id, "")),
        _environment(rate),
        _share(rate.base),
        _share(rate.sample),
        Cell(text="; ".join(_lacks(rate, rates))),
        _runs(rate.failing, at),
    )


def _sentence(rate: PassRate, report: Report) -> str:
    """Return the verdict as a sentence that can be checked: `Passed in 117 of 120 commits of the base, in …`."""
    passed = f"{words.number(rate.sample.runs - rate.sample.failed)} of {words.number(rate.sample.runs)}"
    if rate.verdict is RateVerdict.NEW_TEST_FAILING:
        return f"Did not run in the base, so it is judged by itself: passed in {passed} commits."
    base = f"{words.number(rate.base.runs - rate.base.failed)} of {_commits(rate.base.runs)}"
    since = ""
    if rate.since is not None:
        own = rate.since.label == report.findings.run.label
        since = f"could first be proven with {'this run' if own else f'run {rate.since.label}'}"
    rates = report.findings.pass_rates
    alarms = f"of 100 such findings at most {rates.fdr * 100:g} are false alarms on average" if rates else ""
    told = (f"passed in {base} of the base, in {passed} now", since, alarms)
    return words.sentence("; ".join(filter(None, told)))


def _lacks(rate: PassRate, rates: PassRates) -> list[str]:
    """Return what a test has too little of, each with what it needs."""
    new = not rate.base.runs and "base runs" not in rate.lack
    told = {
        "base runs": _too_few(rate.base.runs, rates.min_base_runs, "in the base"),
        "sample runs": _too_few(
            rate.sample.runs, rates.min_new_runs if new else rates.min_sample_runs, "in the sample", new=new
        ),
        "failures": f"{words.plural(rate.base.failed + rate.sample.failed, 'failure')} in both together, "
        f"needs {words.number(rates.min_total_failures)}",
    }
    return [text for name, text in told.items() if name in rate.lack]


def _too_few(count: int, least: int, where: str, *, new: bool = False) -> str:
    return f"{_commits(count)} {where}, {'a new test ' if new else ''}needs {words.number(least)}"


def _environment(rate: PassRate) -> Cell:
    return Cell(text=words.cut(rate.environment, 60) or "not stated")


def _share(share: Share) -> Cell:
    """Return `9 of 28 (17.9% to 50.7%)`: failures of commits, with the interval of their rate."""
    if share.rate is None:
        return Cell(text="no commit", sort="0")
    known = share.low is not None and share.high is not None
    interval = f" ({words.percent(share.low)} to {words.percent(share.high)})" if known else ""
    return Cell(text=f"{words.number(share.failed)} of {words.number(share.runs)}{interval}", sort=f"{share.rate:.6f}")


def _points(rate: PassRate) -> Cell:
    """Return how the pass rate moved: `−29.6 points`."""
    if rate.drop is None:
        return Cell(text="no base", sort=f"{-(rate.sample.rate or 0):.6f}")
    size = f"{abs(rate.drop) * 100:.1f}".removesuffix(".0")
    sign = "−" if rate.drop > 0 else "+"
    return Cell(text=f"{sign}{size} {'point' if size == '1' else 'points'}", sort=f"{-rate.drop:.6f}")


def _small(q: float) -> str:
    return "under 0.0001" if q < 0.0001 else f"{q:.4f}"


def _runs(failing: tuple[RunRef, ...], at: Links) -> Cell:
    """Return the newest failing run, and which came before it."""
    if not failing:
        return Cell(text="none")
    newest = cells.run_cell(at, failing[0])
    count = len(failing)
    told = f"{count} in the sample, from {failing[-1].label} on" if count > 1 else ""
    return replace(newest, note=f"{newest.note}; {told}" if told else newest.note)


def _commits(count: int) -> str:
    return words.plural(count, "commit")


def _with_hints(columns: tuple[Column, ...], rates: PassRates) -> tuple[Column, ...]:
    hints = {
        "q": f"p value of Fisher's exact test, corrected over {words.plural(rates.candidates, 'candidate')}",
        "Provable since": f"Looked for in the last {words.plural(rates.looks, 'commit')}, always with the same base",
    }
    return tuple(replace(column, hint=hints.get(column.title, "")) for column in columns)
