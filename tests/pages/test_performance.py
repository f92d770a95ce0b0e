"""The page of performance: what became slower, since when, how much, and what there is too little data for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from generator.analysis import durations
from generator.analysis.prepare import prepare
from generator.config import AnalysisSettings, ProjectSettings, Settings
from generator.config.analysis import DurationSettings
from generator.findings import Performance
from generator.pages import performance
from generator.plugins import PageLimits
from generator.records import Evidence, Measurement, MeasurementReport
from generator.views import StandardView, Tone
from tests.builders import START, case, commit, snapshot, unit
from tests.pages.report_builder import FORGE, report
from tests.pages.view_texts import anchors, column, hrefs, section, tables, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.findings import Report
    from generator.records import RunUnit
    from generator.views import Page

NAUGHTY = "<b>{{ x }}</b> `|` ["


def made(units: Iterable[RunUnit], **rule: Any) -> Report:
    """A report whose performance is what the analysis finds in these runs."""
    settings = Settings(
        analysis=AnalysisSettings(duration=DurationSettings.model_validate(rule)),
        project=ProjectSettings(forge_url=FORGE),
    )
    prepared = prepare(snapshot(*units), settings)
    found = durations.build(prepared, len(prepared.runs) - 1)
    labels = tuple(run.label for run in prepared.runs)
    plain = report()
    return replace(plain, findings=replace(plain.findings, performance=found), versions=(*plain.versions, *labels))


def page_of(one: Report, rows: int = 200) -> Page:
    (page,) = performance.build(one, PageLimits(failure_pages=50, list_rows=rows))
    return page


def answer(one: Report) -> str:
    return page_of(one).view.head.answer


def run(day: int, seconds: dict[str, float], *measurements: Measurement) -> RunUnit:
    results = [case(name, seconds=each) for name, each in seconds.items()]
    told = (MeasurementReport(tool="bench", measurements=measurements),) if measurements else ()
    return unit(f"{day:03}", day, results, sha=commit(day), evidence=Evidence(measurements=told))


def step(day: int, at: int, ratio: float) -> float:
    return (1 + (day * 7 % 11 - 5) / 500) * (ratio if day >= at else 1)


def told(value: float | None, name: str = "parse", unit_text: str = "us", **more: Any) -> Measurement:
    return Measurement(series=name, value=value, unit=unit_text, metric="mean", **more)


def history(shape: Callable[[int], dict[str, float]], days: int = 40) -> Report:
    return made(run(day, shape(day)) for day in range(1, days + 1))


SLOWER = history(lambda day: {"pays": step(day, 31, 1.8), "ships": step(day, 33, 1.25), "opens": step(day, 11, 0.5)})


def test_the_answer_counts_what_became_slower_lately_and_says_how_much_at_most() -> None:
    assert answer(SLOWER) == "2 tests became slower in the last 14 days, the most 1.8 times."
    assert page_of(SLOWER).view.head.tone is Tone.WARN


def test_without_data_enough_the_answer_says_how_much_there_is_and_how_much_is_needed() -> None:
    short = history(lambda day: {"pays": step(day, 5, 3)}, days=12)
    assert answer(short) == "Not enough data: 12 runs with durations, 20 are needed."
    assert page_of(short).view.head.tone is Tone.INFO
    empty = tables(page_of(short))["slower-list"].empty
    assert empty == "Not enough data: 20 points of a series are needed."


def test_runs_enough_but_each_of_another_test_are_not_enough_data() -> None:
    found = history(lambda day: {f"t{day}": 1.0}, days=25)
    assert answer(found) == ("Not enough data: no test passed in enough of the 25 runs with durations, 20 are needed.")


def test_no_news_says_what_was_judged_and_what_happened_before() -> None:
    quiet = history(lambda day: {"pays": step(day, 99, 1)})
    assert answer(quiet) == "No test became slower in the last 14 days (1 series of durations judged)."
    assert page_of(quiet).view.head.tone is Tone.GOOD
    long_ago = history(lambda day: {"pays": step(day, 15, 2)})
    assert answer(long_ago) == (
        "No test became slower in the last 14 days; 1 test became slower before that (1 series of durations judged)."
    )


def test_where_neither_duration_nor_benchmark_is_known_there_is_no_page() -> None:
    assert performance.build(report(), PageLimits(failure_pages=50, list_rows=200)) == []
    assert performance.build(made([run(1, {})]), PageLimits(failure_pages=50, list_rows=200)) == []


def test_a_row_says_before_after_times_run_commits_and_chance() -> None:
    page = page_of(SLOWER)
    table = tables(page)["slower-list"]
    assert column(table, "Test or benchmark") == ["pays", "ships"]
    assert column(table, "Environment") == ["full", "full"]
    assert column(table, "Before")[0] == "1 s"
    assert column(table, "After")[0] == "1.802 s"
    assert column(table, "Change") == ["1.8 times", "1.25 times"]
    assert column(table, "Points") == ["40", "40"]
    assert column(table, "q") == ["under 0.0001", "under 0.0001"]
    row = table.rows[0]
    assert (row[5].text, row[5].href) == ("031", "/031/")
    assert (row[6].text, row[6].href) == (
        f"{commit(30)[:9]}..{commit(31)[:9]}",
        f"{FORGE}/compare/{commit(30)}...{commit(31)}",
    )
    assert column(tables(page)["faster-list"], "Test or benchmark") == ["opens"]
    assert tables(page)["faster-list"].rows[0][4].note == "not recent"


def test_the_page_names_window_branch_and_what_counts_as_a_change() -> None:
    intro = section(page_of(SLOWER), "slower").intro
    assert "in its last 100 runs on the branch main" in intro
    assert "medians differ by more than 10%, those of a duration also by 100 ms or more" in intro
    assert "3 series judged; 0 had fewer than 20 runs." in intro
    other = made([run(day, {"pays": 1.0}) for day in range(1, 31)], min_ratio=1.5, min_seconds=2.0, points=25)
    assert "last 25 runs" in section(page_of(other), "slower").intro
    assert "more than 50%, those of a duration also by 2.0 s" in section(page_of(other), "slower").intro


def test_a_chart_shows_the_series_with_gaps_its_reading_and_its_table() -> None:
    units = [run(day, {"pays": step(day, 31, 1.8)} if day != 5 else {"other": 1.0}) for day in range(1, 41)]
    (chart,) = section(page_of(made(units)), "charts").charts
    assert chart.title == "pays (full)"
    assert (chart.x[:2], len(chart.x)) == (("001", "002"), 40)
    (line,) = chart.series
    assert [place for place, value in enumerate(line.y) if value is None] == [4]
    commits = f"{commit(30)[:9]}..{commit(31)[:9]}"
    assert chart.reading == (f"From 1 s to 1.802 s (1.8 times) with run 031, commits {commits}. 39 values and 1 gap.")
    assert column(chart.table, "Run") == [f"{day:03}" for day in range(40, 0, -1)]
    assert column(chart.table, "Value").count("no data") == 1


def test_at_most_six_charts_are_drawn_of_the_worst_and_none_of_what_became_faster() -> None:
    shape = {f"slow{place}": 1.5 + place / 10 for place in range(8)} | {"fast": 0.2}
    one = history(lambda day: {name: step(day, 31, ratio) for name, ratio in shape.items()})
    page = page_of(one)
    titles = [chart.title for chart in section(page, "charts").charts]
    assert titles == [f"slow{place} (full)" for place in (7, 6, 5, 4, 3, 2)]
    found = anchors(page)
    assert len(found) == len(set(found))
    quick = history(lambda day: {"fast": step(day, 31, 0.2)})
    assert [each.id for each in page_of(quick).view.sections] == ["slower", "faster", "suites"]


def test_a_long_list_says_what_it_leaves_out() -> None:
    names = [f"t{place}" for place in range(12)]
    one = history(lambda day: {name: step(day, 31, 2) for name in names})
    table = tables(page_of(one, rows=10))["slower-list"]
    assert (len(table.rows), table.more) == (10, "2 more changes are not listed here.")


def test_benchmarks_show_last_usual_change_fence_and_judgement() -> None:
    def units(day: int) -> RunUnit:
        calm, wild = told(5.0, "calm", "ns"), told(step(day, 33, 2) * 120, "wild", "MB/s")
        return run(day, {}, calm, told(300 * step(day, 33, 2)), wild, told(step(day, 33, 3), "odd", "widgets"))

    one = made(units(day) for day in range(1, 41))
    table = tables(page_of(one))["benchmarks-list"]
    assert column(table, "Benchmark") == ["parse (mean)", "odd (mean)", "wild (mean)", "calm (mean)"]
    assert column(table, "Judgement") == ["worse", "out of line", "better", "as usual"]
    assert table.rows[1][6].note == "nobody says which way is better"
    assert column(table, "Usual") == ["300.6 us", "1.002 widgets", "120.2 MB/s", "5 ns"]
    assert column(table, "Change")[3] == "+0.0%"
    assert column(table, "Points") == ["40"] * 4
    assert table.rows[0][8].href == "/040/"
    assert answer(one) == ("1 benchmark became worse in the last 14 days. 3 of 4 benchmark series are out of line now.")
    assert column(tables(page_of(one))["changed-list"], "Test or benchmark") == ["odd (mean)"]


def test_no_data_is_a_gap_and_a_short_series_is_not_judged() -> None:
    one = made(
        run(day, {}, told(None if day == 8 else 5.0, status="NO_DATA" if day == 8 else "")) for day in range(1, 9)
    )
    table = tables(page_of(one))["benchmarks-list"]
    assert (column(table, "Last"), column(table, "Judgement")) == (["no data"], ["not judged"])
    assert column(table, "Fence") == ["not enough data"]
    assert table.rows[0][6].note == "20 points are needed"
    assert answer(one) == ("Not enough data to judge 1 benchmark series: at most 7 points, 20 are needed.")


def test_a_gap_of_a_benchmark_is_a_gap_of_its_chart() -> None:
    one = made(run(day, {}, told(None if day in {7, 9} else 50 * step(day, 31, 2))) for day in range(1, 41))
    (chart,) = section(page_of(one), "charts").charts
    assert [place for place, value in enumerate(chart.series[0].y) if value is None] == [6, 8]
    assert chart.reading.endswith("38 values and 2 gaps.")


def test_points_of_a_history_are_named_by_day_and_commit_and_link_to_the_commit() -> None:
    points = [told(step(day, 31, 2), at=START + timedelta(days=day - 40), commit=commit(day)) for day in range(1, 41)]
    table = tables(page_of(made([run(90, {}, *points)])))["slower-list"]
    cell = table.rows[0][5]
    assert cell.text == f"2026-02-20 {commit(31)[:9]}"
    assert (cell.href, cell.note) == (f"{FORGE}/commit/{commit(31)}", "of a history in a file")


@pytest.mark.parametrize(("before", "after", "text"), [(0.0, 64.0, "from 0"), (64.0, 0.0, "to 0")])
def test_from_nothing_or_to_nothing_there_are_no_times(before: float, after: float, text: str) -> None:
    one = made(run(day, {}, told(before if day < 31 else after, unit_text="B")) for day in range(1, 41))
    table = next(found for name, found in tables(page_of(one)).items() if name == "changed-list")
    assert column(table, "Change") == [text]


def test_names_of_artifacts_stay_text_and_titles_are_ours() -> None:
    one = made(run(day, {NAUGHTY: step(day, 31, 2)}, told(step(day, 31, 2), NAUGHTY, NAUGHTY)) for day in range(1, 41))
    page = page_of(one)
    assert (page.path, page.title, page.nav) == ("performance", "Performance", "Performance")
    assert isinstance(page.view, StandardView)
    assert any(NAUGHTY in text for text in texts(page.view))
    assert all(NAUGHTY not in each.title for each in page.view.sections)
    assert not [href for href in hrefs(page.view) if "<" in href]


def test_durations_of_suites_are_linked() -> None:
    assert [link.href for link in section(page_of(SLOWER), "suites").links] == ["trends/#suites", "trends/#days"]


def test_findings_without_anything_judged_make_a_page_that_says_so() -> None:
    plain = report()
    bare = replace(plain, findings=replace(plain.findings, performance=Performance(too_short=3, runs=1)))
    assert answer(bare) == "Not enough data: 1 run with durations, 20 are needed."
