"""Evidence: what the run left beside its tests and gates; only there when it left something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.pages import beside_lists as lists
from generator.pages import beside_tables as tables
from generator.pages import links, words
from generator.pages.badges import head
from generator.views import Page, Section, StandardView, Tone

if TYPE_CHECKING:
    from generator.findings import Beside, Report
    from generator.plugins import PageLimits
    from generator.views import Table


def build(report: Report, limits: PageLimits) -> list[Page]:
    """Return the page of further evidence, or none."""
    found = report.findings.beside
    if found.empty:
        return []
    at = links.links_of(report, limits)
    view = StandardView(head=head(report, at, _answer(found), _tone(found)), sections=_sections(report, limits))
    return [Page(path="evidence", title="Evidence", template="standard.html.j2", view=view, nav="Evidence")]


def _answer(found: Beside) -> str:
    against = [statement for statement in found.statements if statement.ok is False]
    alerts = sum(number for report in found.alerts for level, number in report.by_level if level == "error")
    slow = [each for report in found.measurements for each in report.measurements if each.status.upper() == "FAIL"]
    coverage = tables.told_once(found.coverage)
    valid = sum(each.lines_valid for each in coverage)
    covered = sum(each.lines_covered for each in coverage)
    return words.join(
        f"{words.percent(covered / valid)} of the lines are covered" if valid else "",
        f"{words.plural(alerts, 'alert')} of level error" if found.alerts else "",
        f"{words.plural(len(slow), 'measurement')} over budget" if slow else "",
        f"{words.plural(len(against), 'evidence file')} {words.verb(len(against), 'does', 'do')} not hold"
        if against
        else "",
        "" if valid or found.alerts or slow or against else "What this run left beside its tests and gates",
    )


def _tone(found: Beside) -> Tone:
    bad = any(statement.ok is False for statement in found.statements) or any(
        number for report in found.alerts for level, number in report.by_level if level == "error"
    )
    return Tone.BAD if bad else Tone.INFO


def _sections(report: Report, limits: PageLimits) -> tuple[Section, ...]:
    found, rows = report.findings.beside, limits.list_rows
    made: list[tuple[str, str, str, tuple[Table, ...]]] = [
        (
            "statements",
            "Evidence files of the gates",
            "What does not hold first; a file holds when its rows bear out its verdict.",
            lists.statements(found.statements, rows, report.as_of),
        ),
        ("coverage", "Coverage", "Least covered files first.", tables.coverage(found.coverage, rows)),
        ("alerts", "Static analysis and security", "Errors first.", tables.alerts(found.alerts, rows)),
        (
            "measurements",
            "Measurements",
            "What broke its budget first; no data is a gap, never a zero.",
            tables.measurements(found.measurements, rows),
        ),
        ("quarantine", "Quarantine", "", lists.quarantine(found, rows)),
        ("jobs", "Workflow runs and jobs", "", lists.jobs(found.forge, rows, report.as_of)),
        ("owners", "Owners", "The last rule that matches counts.", lists.owners(found.owners, rows)),
    ]
    return tuple(
        Section(id=name, title=title, intro=intro, tables=parts) for name, title, intro, parts in made if parts
    )
