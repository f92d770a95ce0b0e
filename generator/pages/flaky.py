"""Flaky tests: what wastes our time? What is proven, what is suspected, what it costs, and what it excuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.findings.flaky import CONFIRMED, RECOVERED, SUSPECTED
from generator.pages import answers, banners, flaky_base, flaky_tables, links, words
from generator.pages.badges import head
from generator.views import Page, Section, StandardView, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.findings import FlakyNote, Report
    from generator.plugins import PageLimits

_CONFIRMED: Final = (
    "They passed and failed on one commit, or passed when they were tried again inside a run. Dearest first: rate, "
    "times runs a week, times the minutes of the failing attempts and of those that followed them."
)
_EXCUSE: Final = (
    "A failure of a test that disagreed with itself on enough commits (two, unless the settings say otherwise) is "
    "left out of the gate new_failures; with fewer it counts like any other. A test whose last commits all failed is "
    "broken, not flaky, and is not in this list."
)
_QUARANTINE: Final = (
    "A quarantine is shown as CI wrote it, judged by the day of this run; no gate rule of this site excuses a failure "
    "because of it."
)
_SUSPECTED: Final = (
    "No commit did both, but they failed on a single commit between two on which they passed, more than once on the "
    f"default branch. A suspicion needs {flaky_base.FEWEST_COMMITS} commits. It excuses nothing."
)
_RECOVERED: Final = (
    "They were confirmed within the window and have been clean since, for five commits and seven days unless the "
    "settings say otherwise. They excuse nothing now; the next failure confirms them again."
)


def build(report: Report, limits: PageLimits) -> list[Page]:
    """Return the page of flaky tests."""
    at = links.links_of(report, limits)
    lists = flaky_tables.lists_of(report, at, limits)
    view = StandardView(
        head=head(
            report, at, _answer(report), _tone(report), banners=(*banners.state(report), *banners.problems(report))
        ),
        sections=(
            Section(
                id="confirmed",
                title="Confirmed",
                intro=_CONFIRMED,
                tables=(lists[CONFIRMED],),
                notes=(_EXCUSE, _QUARANTINE),
            ),
            Section(id="suspected", title="Suspected", intro=_SUSPECTED, tables=(lists[SUSPECTED],)),
            Section(id="recovered", title="Recovered", intro=_RECOVERED, tables=(lists[RECOVERED],)),
            flaky_tables.proof(report, at, limits),
            flaky_base.section(report),
        ),
    )
    return [Page(path="flaky", title="Flaky tests", template="standard.html.j2", view=view, nav="Flaky")]


def standing(note: FlakyNote) -> str:
    """Return in a few words what a note says of a failure of its test; only a confirmed one is called flaky."""
    if note.confirmed:
        return "flaky"
    return "suspected to be flaky" if note.label == SUSPECTED else "flaky before, clean since"


def _answer(report: Report) -> str:
    notes = report.findings.flaky
    confirmed, suspected, recovered = (
        [note for note in notes if note.label == label] for label in (CONFIRMED, SUSPECTED, RECOVERED)
    )
    if not notes:
        return answers.nothing(
            report,
            words.join(f"No test is known to be flaky: {flaky_base.seen(report)}", flaky_base.too_little(report)),
        )
    count, verb = words.number(len(suspected)), words.verb(len(suspected), "is", "are")
    back = f"{words.plural(len(recovered), 'test')} {words.verb(len(recovered), 'has', 'have')} recovered"
    first = _costs(confirmed) if confirmed else "No test is confirmed to be flaky"
    more = f"; {count} {'more ' if confirmed else ''}{verb} suspected" if suspected else ""
    return words.join(first + more, back if recovered else "")


def _costs(confirmed: Sequence[FlakyNote]) -> str:
    known = [note.minutes_a_week for note in confirmed if note.minutes_a_week is not None]
    tests, one = words.plural(len(confirmed), "confirmed flaky test"), len(confirmed) == 1
    if not known:
        return f"{tests}, at a cost that is not known, because no duration is recorded"
    least = "at least " if len(known) < len(confirmed) else ""
    rest = f" (no duration of {words.number(len(confirmed) - len(known))} is recorded)" if least else ""
    return (
        f"{tests} {'costs' if one else 'cost'} {least}{flaky_tables.minutes_text(sum(known), long=True)} a week{rest}"
    )


def _tone(report: Report) -> Tone:
    if any(note.confirmed for note in report.findings.flaky):
        return Tone.WARN
    nothing = not report.findings.flaky and (flaky_base.too_little(report) or not report.findings.run.tally.executed)
    return Tone.WARN if nothing else Tone.INFO
