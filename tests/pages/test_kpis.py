"""The key figures as a reader sees them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from generator.findings import Kpi, KpiStatus
from generator.pages.kpis import section
from generator.views import Tone
from tests.pages.report_builder import pages, report, with_findings
from tests.pages.view_texts import column, hrefs, tables

if TYPE_CHECKING:
    from generator.views import Cell, Table

KNOWN = Kpi(
    kpi_id="workflow_success_rate",
    title="Workflow success rate",
    status=KpiStatus.WARN,
    unit="share",
    n=30,
    of="runs",
    min_n=20,
    window_days=30,
    value=0.9333,
    low=0.787,
    high=0.982,
    target=0.95,
    target_is_most=False,
    excluded=(("incomplete runs without a failure", 2), ("earlier attempts of a run", 1)),
    previous=0.9666,
    note="workflow ci",
)
TIME = Kpi(
    kpi_id="mttr",
    title="Time to restore",
    status=KpiStatus.BREACH,
    unit="s",
    n=12,
    of="closed episodes",
    min_n=10,
    window_days=30,
    value=21_600.0,
    low=3_600.0,
    at_least=True,
    target=1_800.0,
)
SCARCE = replace(KNOWN, status=KpiStatus.INSUFFICIENT_DATA, value=None, low=None, high=None, previous=None, n=4)


def table(*kpis: Kpi) -> Table:
    made = report()
    (found,) = section(with_findings(made, replace(made.findings, kpis=kpis))).tables
    return found


def row(kpi: Kpi) -> dict[str, Cell]:
    found = table(kpi)
    return dict(zip([column.title for column in found.columns], found.rows[0], strict=True))


def texts(kpi: Kpi) -> dict[str, str]:
    return {title: cell.text for title, cell in row(kpi).items()}


def test_a_figure_stands_with_all_that_it_rests_on() -> None:
    found = row(KNOWN)
    assert {title: cell.text for title, cell in found.items()} == {
        "Figure": "Workflow success rate",
        "Value": "93.3%",
        "95% interval": "78.7% to 98.2%",
        "Counts over": "30",
        "Target": "at least 95%",
        "Status": "warning",
        "Window before": "96.7%",
    }
    assert found["Counts over"].note == "runs in 30 days"
    assert found["Value"].href == "runs/"
    assert found["Figure"].note == (
        "Workflow ci. Left out: incomplete runs without a failure (2), earlier attempts of a run (1)."
    )


def test_what_is_not_reached_is_no_number_but_a_bound() -> None:
    found = texts(TIME)
    assert found["Value"] == "over 6 h 0 m (not reached)"
    assert found["95% interval"] == "from 1 h 0 m"
    assert found["Target"] == "at most 30 m 0 s"
    assert found["Window before"] == "not known"


def test_too_little_data_is_said_with_its_numbers_and_has_no_colour() -> None:
    found = row(SCARCE)
    assert found["Value"].text == "Not enough data (n=4, needs 20)"
    assert found["95% interval"].text == ""
    assert found["Status"].text == "not enough data"
    assert [cell.tone for cell in found.values()] == [None] * len(found)


def test_nothing_counted_is_neither_zero_nor_all() -> None:
    found = texts(replace(SCARCE, n=0))
    assert found["Value"] == "Not enough data (n=0, needs 20)"
    assert "%" not in found["Value"] + found["Window before"]


@pytest.mark.parametrize(
    ("status", "target", "word", "tone"),
    [
        (KpiStatus.OK, 0.95, "met", Tone.GOOD),
        (KpiStatus.NO_TARGET, None, "no target", Tone.MUTED),
        (KpiStatus.WARN, None, "warning", Tone.WARN),
        (KpiStatus.WARN, 0.95, "warning", Tone.WARN),
        (KpiStatus.BREACH, 0.95, "breach", Tone.BAD),
    ],
)
def test_the_status_is_a_word_and_not_only_a_colour(
    status: KpiStatus, target: float | None, word: str, tone: Tone
) -> None:
    found = row(replace(KNOWN, status=status, target=target))["Status"]
    assert (found.text, found.tone) == (word, tone)


def test_a_change_of_a_rate_has_its_sign() -> None:
    found = texts(replace(KNOWN, unit="points", value=-0.4, low=-1.2, high=0.4, previous=0.25, target=None))
    assert (found["Value"], found["95% interval"]) == ("−0.40 points", "−1.20 points to +0.40 points")
    assert (found["Window before"], found["Target"]) == ("+0.25 points", "none")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "+0.00 points"), (0.004, "+0.004 points"), (-0.00031, "−0.0003 points"), (0.01, "+0.01 points")],
)
def test_a_change_that_is_not_zero_never_reads_zero(value: float, text: str) -> None:
    assert texts(replace(KNOWN, unit="points", value=value, target=None))["Value"] == text


def test_a_share_that_is_not_zero_never_reads_zero() -> None:
    assert texts(replace(KNOWN, value=0.00001))["Value"] == "under 0.1%"


def test_a_window_that_is_not_of_days_alone_is_named() -> None:
    found = row(replace(KNOWN, of="targets", window="14 days or 60 commits, whichever is longer"))
    assert found["Counts over"].note == "targets in 14 days or 60 commits, whichever is longer"


def test_a_number_is_counted() -> None:
    assert texts(replace(KNOWN, unit="count", value=1_234.0, low=None, high=None))["Value"] == "1,234"
    assert texts(replace(KNOWN, low=None, high=None))["95% interval"] == "not known"
    assert texts(replace(KNOWN, low=None))["95% interval"] == "up to 98.2%"


def test_each_figure_has_an_anchor_and_a_report_without_figures_says_so() -> None:
    assert table(KNOWN, TIME).row_ids == ("kpi-workflow_success_rate", "kpi-mttr")
    assert table().empty == "No key figure was computed for this run."


def test_the_section_names_its_branch() -> None:
    assert "on the branch main unless the row says otherwise" in section(report()).intro


def test_the_section_says_what_a_warning_without_a_target_is() -> None:
    assert "without a target: a significant rise" in section(report()).intro


def test_a_long_note_is_cut_and_hides_nothing_that_was_left_out() -> None:
    note = row(replace(KNOWN, note="word " * 500))["Figure"].note
    assert len(note) <= 400
    assert note.endswith("earlier attempts of a run (1).")


def test_the_figures_stand_on_the_page_of_trends_and_lead_to_their_rows() -> None:
    made = report()
    page = pages(with_findings(made, replace(made.findings, kpis=(KNOWN, TIME))))["trends"]
    assert column(tables(page)["kpis-list"], "Status") == ["warning", "breach"]
    assert "runs/" in set(hrefs(page))
    assert tables(pages(made)["trends"])["kpis-list"].rows == ()
