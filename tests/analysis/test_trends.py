"""Series over days and suites."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from generator.analysis import trends
from generator.analysis.prepare import prepare
from generator.config import AnalysisSettings, Settings
from generator.findings import Tally
from tests.builders import START, attempt, case, commit, part, snapshot, target, targets, unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.findings import SuiteTrend, Trends
    from generator.records import RunUnit, TestResult


def build(*units: RunUnit, trend_days: int = 30) -> Trends:
    prepared = prepare(snapshot(*units), Settings(analysis=AnalysisSettings(trend_days=trend_days)))
    return trends.build(prepared, len(prepared.runs) - 1)


def cases(passed: int, failed: int = 0) -> list[TestResult]:
    return [case(f"p{place}") for place in range(passed)] + [case(f"f{place}", "failed") for place in range(failed)]


def day(number: int) -> date:
    return date(2026, 3, number)


def test_days_without_runs_are_gaps_and_the_window_ends_with_the_run() -> None:
    found = build(*(unit(str(number), number, cases(number)) for number in (1, 2, 5, 9)), trend_days=8)
    assert [(point.day, point.tally.passed) for point in found.days] == [(day(2), 2), (day(5), 5), (day(9), 9)]


def test_the_default_branch_is_shown_if_it_has_runs_else_the_own_one() -> None:
    own = unit("2", 2, cases(1), branch="feature/x")
    assert build(own).branch == "feature/x"
    assert len(build(own).days) == 1
    shown = build(unit("1", 1, cases(1)), own)
    assert (shown.branch, [point.day for point in shown.days]) == ("main", [day(1)])


def test_another_repository_is_not_in_the_series() -> None:
    found = build(unit("1", 1, cases(5), repository="a/a"), unit("2", 2, cases(1), repository="b/b"))
    assert [point.day for point in found.days] == [day(2)]


def test_cases_count_when_every_run_has_them_else_targets_and_never_both() -> None:
    both = unit("1", 1, [*cases(7), *targets({"unit:a": 0, "unit:b": 101})])
    assert build(both).days[0].tally == Tally(passed=7)
    bare = unit("2", 2, targets({"unit:a": 0}))
    assert [point.tally for point in build(both, bare).days] == [Tally(passed=1, failed=1), Tally(passed=1)]


def test_an_infrastructure_run_is_counted_as_failed_but_its_results_are_left_out() -> None:
    good = unit("1", 1, cases(30))
    broken = unit("2", 1.2, cases(3, 17))
    (point,) = build(good, broken).days
    assert (point.runs, point.failed_runs, point.tally) == (2, 1, Tally(passed=30))


@pytest.mark.parametrize(("passed", "failed", "broken"), [(4, 16, False), (3, 17, True), (0, 19, False), (0, 20, True)])
def test_an_infrastructure_run_has_twenty_results_and_more_than_four_fifths_failing(
    passed: int,
    failed: int,
    broken: bool,  # noqa: FBT001
) -> None:
    prepared = prepare(snapshot(unit("1", 1, cases(passed, failed))), Settings())
    assert trends.infrastructure(prepared.runs[0]) == broken


def test_an_aborted_run_counts_as_failed_and_adds_no_results() -> None:
    aborted = unit("2", 2, [], parts=[part(state="aborted", build_failed=True)])
    found = build(unit("1", 1, cases(3)), aborted)
    assert [(point.runs, point.failed_runs, point.tally.pass_rate) for point in found.days] == [
        (1, 0, 1.0),
        (1, 1, None),
    ]


def test_a_rerun_of_failures_says_nothing_about_the_day() -> None:
    rerun = unit("2", 1.2, cases(0, 1), parts=[part(rerun_from="x/summary.json")])
    (point,) = build(unit("1", 1, cases(3)), rerun).days
    assert (point.runs, point.tally) == (1, Tally(passed=3))


def test_runs_of_one_commit_on_one_day_are_one_observation() -> None:
    first = unit("1", 1, [case("a", "failed"), case("b"), case("c", "error"), case("d", "skipped")], sha=commit(1))
    second = unit("2", 1.2, [case("a"), case("b"), case("c", "failed"), case("e")], sha=commit(1))
    (point,) = build(first, second).days
    assert point.tally == Tally(passed=3, errors=1, skipped=1, flaky=1)
    assert (point.runs, point.failed_runs) == (2, 2)


def test_a_day_has_the_median_duration_of_its_complete_runs() -> None:
    runs = [unit(str(place), 1 + place / 10, [case("a", seconds=seconds)]) for place, seconds in enumerate((1, 9, 4))]
    (point,) = build(*runs).days
    assert point.duration_s == 4.0


def weeks(before: Sequence[tuple[int, int]], now: Sequence[tuple[int, int]]) -> Trends:
    units = [unit(str(place), 1 + place, cases(*numbers)) for place, numbers in enumerate(before)]
    return build(*units, *(unit(str(place), 8 + place, cases(*numbers)) for place, numbers in enumerate(now)))


def test_the_change_compares_two_weeks_in_percentage_points() -> None:
    assert weeks([(9, 1)] * 7, [(8, 2)] * 7).change_points == -10.0


def test_the_change_needs_twenty_results_in_both_weeks() -> None:
    assert weeks([(9, 1)], [(10, 0)] * 7).change_points is None
    assert weeks([(9, 1)] * 7, [(1, 0)] * 7).change_points is None


def test_the_change_needs_no_longer_window_than_two_weeks() -> None:
    units = [unit(str(number), number, cases(9, 1)) for number in range(1, 15)]
    found = build(*units, trend_days=2)
    assert (len(found.days), found.change_points) == (2, 0.0)


def suite(found: Trends, name: str) -> SuiteTrend:
    return next(item for item in found.suites if item.suite == name)


def test_a_suite_shows_its_worst_outcome_in_each_run() -> None:
    found = build(
        unit("1", 1, [case("a"), case("b", "failed"), target("unit:geo", 0)]),
        unit("2", 2, [case("a", earlier=[attempt()]), case("b")]),
        unit("3", 3, [case("a"), case("b"), target("unit:geo", 101)]),
        unit("4", 4, [case("a", "skipped"), target("unit:geo", None), target("unit:b")]),
    )
    assert suite(found, "shop").recent == ("failed", "flaky", "passed", "absent")
    assert suite(found, "shop").runs == 3
    assert suite(found, "shop").tally == Tally(passed=5, failed=1, skipped=1, flaky=1)
    assert suite(found, "geo").recent == ("passed", "absent", "failed", "absent")


def test_the_last_thirty_runs_are_looked_at() -> None:
    units = [unit(str(number), 1 + number / 24, [target("unit:geo", 0)], sha=commit(number)) for number in range(35)]
    assert len(suite(build(*units), "geo").recent) == 30


def test_a_ratio_needs_ten_runs_in_which_the_suite_passed() -> None:
    seconds = [10.0] * 5 + [22.0] * 5
    units = [unit(str(place), 1 + place, [target("unit:geo", 0, seconds=value)]) for place, value in enumerate(seconds)]
    found = suite(build(*units), "geo")
    assert (found.median_s, found.last_s, found.ratio) == (16.0, 22.0, 2.2)
    assert suite(build(*units[1:]), "geo").ratio is None


def test_durations_are_those_of_passed_runs_only() -> None:
    units = [unit("1", 1, [target("unit:geo", 0, seconds=3)]), unit("2", 2, [target("unit:geo", 101, seconds=900)])]
    found = suite(build(*units), "geo")
    assert (found.median_s, found.last_s) == (3.0, 3.0)


def test_durations_of_another_profile_are_not_mixed_in() -> None:
    quick = unit("1", 1, [target("unit:geo", 0, seconds=1)], parts=[part(profile="quick")])
    full = unit("2", 2, [target("unit:geo", 0, seconds=9)])
    assert suite(build(quick, full), "geo").median_s == 9.0


def test_suites_with_failures_come_first() -> None:
    found = build(unit("1", 1, targets({"unit:a": 0, "unit:b": 101, "suite:c": 0})))
    assert [item.suite for item in found.suites] == ["b", "c", "a"]


def test_later_runs_change_nothing() -> None:
    units = [unit(str(number), number, cases(number + 1, number % 2)) for number in range(1, 9)]
    all_of_them = prepare(snapshot(*units), Settings())
    assert trends.build(all_of_them, 4) == build(*units[:5])
    assert START.date() == day(1)


def test_an_incomplete_run_is_counted_and_its_results_are_in_no_rate() -> None:
    sharded = unit("2", 2, [case("a", part="s-0")], parts=[part("s-0", shard=("suite", 0, 2))])
    found = build(unit("1", 1, cases(2, 1)), sharded).days
    assert [(point.runs, point.incomplete_runs, point.failed_runs) for point in found] == [(1, 0, 1), (1, 1, 0)]
    assert [point.tally.pass_rate for point in found] == [2 / 3, None]
    assert [point.duration_s for point in found] == [3.0, None]


def test_a_day_with_nothing_but_a_broken_machine_still_has_a_duration() -> None:
    (point,) = build(unit("1", 1, cases(0, 30))).days
    assert (point.tally, point.duration_s) == (Tally(), 30.0)


def test_rates_are_those_of_the_runs_own_profile_once_two_runs_have_it() -> None:
    quick = [unit(f"q{day}", day, cases(1), parts=[part(profile="quick")]) for day in (1, 2)]
    full = [unit(f"f{day}", day + 0.2, cases(3, 1)) for day in (1, 2)]
    assert [point.tally for point in build(*quick, *full).days] == [Tally(passed=3, failed=1)] * 2
    assert [point.runs for point in build(*quick, *full).days] == [2, 2]
    assert [point.tally.executed for point in build(*quick, full[-1]).days] == [1, 5]


def test_the_weeks_have_their_rates_and_say_what_they_count() -> None:
    found = weeks([(9, 1)] * 7, [(8, 2)] * 7)
    assert (found.counted, found.recent_rate, found.earlier_rate) == ("test cases", 0.8, 0.9)
    assert build(unit("1", 1, targets({"unit:a": 0}))).counted == "targets"
    assert weeks([(9, 1)], [(8, 2)] * 7).earlier_rate is None
    assert build(unit("1", 1, [])).counted == ""


def test_the_suite_whose_failures_rose_most_is_named() -> None:
    def night(day: int, *bad: str) -> RunUnit:
        names = ("api", "shop", "web")
        results = [case(f"{suite}{place}", suite=suite) for suite in names for place in range(4)]
        return unit(str(day), day, [*results, *(case("x", "failed", suite=suite) for suite in bad)])

    before = [night(day, "web", "api") for day in range(1, 8)]
    assert build(*before, *(night(day, "web", "shop") for day in range(8, 15))).fell_most == "shop"
    assert build(*before, *(night(day, "web") for day in range(8, 15))).fell_most == ""
    # Fewer runs have fewer failures: what counts is how many there are in a run.
    assert build(*before[:3], *(night(day, "web", "api") for day in range(8, 15))).fell_most == ""
    assert build(night(14, "web")).fell_most == ""
