"""Key figures: from runs to figures, with what each rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.analysis import trends
from generator.analysis.kpi_parts import order_statistics, settled, share
from generator.analysis.kpis import build
from generator.analysis.prepare import prepare
from generator.analysis.rates import fisher_right, wilson
from generator.config import Settings
from generator.findings import Kpi, KpiStatus
from tests.builders import case, commit, part, snapshot, target, unit

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable

    from generator.analysis.frames import Prepared
    from generator.records import RunUnit

IDS = (
    "pass_rate",
    "failure_rate_change",
    "flake_rate",
    "workflow_success_rate",
    "duration_p50",
    "duration_p95",
    "mttr",
    "mttd_upper",
    "repeat_failure_rate",
    "recurrence_rate",
)


def run(  # one run of a commit of its own
    number: int,
    day: float,
    failing: Iterable[str] = (),
    *,
    tests: int = 10,
    minutes: float = 0,
    without: Iterable[str] = (),
    **more: object,
) -> RunUnit:
    """Return a run of tests t0, t1 …, some of which fail with a message of their own."""
    names = [f"t{place}" for place in range(tests) if f"t{place}" not in without]
    results = [
        case(name, "failed" if name in failing else "passed", message=_message(name) if name in failing else "")
        for name in names
    ]
    given = {"sha": commit(number), **more}
    made = unit(str(number), day, results, **given)  # type: ignore[arg-type]  # fields of the builder
    finished = made.run.started_at + timedelta(minutes=minutes) if minutes else None
    return replace(made, run=made.run.model_copy(update={"finished_at": finished}))


def _message(name: str) -> str:
    return f"{'abcdefghijklmnopqrstuvwxyz'[int(name[1:]) % 26] * 8} went wrong"


def history(*units: RunUnit, **analysis: object) -> Prepared:
    return prepare(snapshot(*units), Settings.model_validate({"analysis": analysis}))


def figures(*units: RunUnit, flaky: Iterable[str] = (), label: str = "", **analysis: object) -> dict[str, Kpi]:
    prepared = history(*units, **analysis)
    names = set(flaky)
    ids = {key for key, ref in prepared.tests(prepared.names.index.tolist()).items() if ref.name in names}
    index = prepared.position(label) if label else len(prepared.runs) - 1
    return {kpi.kpi_id: kpi for kpi in build(prepared, index, ids)}


def nightly(*failing: str, first: int = 1, **more: object) -> list[RunUnit]:
    """Return a run a day; each word is the one test that fails, "" where none does."""
    return [run(first + day, first + day, [name] if name else [], **more) for day, name in enumerate(failing)]  # type: ignore[arg-type]


def test_all_figures_are_there_in_reading_order_also_for_a_single_run() -> None:
    found = figures(run(1, 1))
    assert tuple(found) == IDS
    assert {kpi.status for kpi in found.values()} == {KpiStatus.INSUFFICIENT_DATA}
    assert {kpi.value for kpi in found.values()} == {None}
    assert {(kpi.low, kpi.high) for kpi in found.values()} == {(None, None)}


def test_the_pass_rate_is_that_of_the_last_7_days_with_its_interval() -> None:
    units = [*nightly("t0", "t0", "", "", "", "", ""), *nightly("t1", "", "", "", "", "", "", first=8)]
    kpi = figures(*units)["pass_rate"]
    told = wilson(69, 70)
    assert (kpi.n, kpi.of, kpi.window_days) == (70, "test cases", 7)
    assert kpi.value == pytest.approx(69 / 70)
    assert kpi.low == pytest.approx(float(told.low), abs=1e-7)
    assert kpi.high == pytest.approx(float(told.high), abs=1e-7)
    assert kpi.previous == pytest.approx(68 / 70)
    assert kpi.status is KpiStatus.NO_TARGET


def test_the_rates_name_what_they_count() -> None:
    named = figures(run(1, 1, tests=20))
    assert named["pass_rate"].title == "Pass rate of test cases"
    assert named["failure_rate_change"].title == "Change of the failure rate of test cases, week on week"
    whole = unit("1", 1, [target(f"suite:s{place}") for place in range(20)], sha=commit(1))
    assert figures(whole)["pass_rate"].title == "Pass rate of targets"
    assert figures(whole)["flake_rate"].title == "Flaky targets, all branches"


def test_nineteen_results_are_not_enough_for_a_rate_and_twenty_are() -> None:
    assert figures(run(1, 1, tests=19))["pass_rate"].value is None
    assert figures(run(1, 1, tests=20))["pass_rate"].value == 1.0


def test_the_pass_rate_is_the_one_that_the_trends_say() -> None:
    units = [*nightly("t0", "", "", "t3", "", "", "", ""), *nightly("t1", "t2", "", "", "", "", first=9)]
    prepared = history(*units)
    told = trends.build(prepared, len(prepared.runs) - 1)
    kpi = figures(*units)["pass_rate"]
    assert kpi.value == pytest.approx(told.recent_rate)
    assert kpi.previous == pytest.approx(told.earlier_rate)
    again = build(prepared, len(prepared.runs) - 1, frozenset(), told)
    assert again == build(prepared, len(prepared.runs) - 1, frozenset())


def test_a_short_trend_window_still_compares_two_weeks() -> None:
    units = nightly(*["t0"] * 7, *[""] * 7)
    prepared = history(*units, trend_days=3)
    short = trends.build(prepared, len(prepared.runs) - 1)
    found = {kpi.kpi_id: kpi for kpi in build(prepared, len(prepared.runs) - 1, frozenset(), short)}
    assert found["failure_rate_change"].value == pytest.approx(-10)


def test_the_failure_rate_is_compared_week_on_week_in_points_and_per_cent() -> None:
    units = nightly(*["t0"] * 7, *["t0", "t0", "t0", "", "", "", ""], tests=40)
    kpi = figures(*units)["failure_rate_change"]
    p = 2 * float(fisher_right(3, 280, 7, 280))
    assert kpi.value == pytest.approx(100 * (3 / 280 - 7 / 280))
    assert kpi.low is not None
    assert kpi.high is not None
    assert kpi.low < -1.4 < 0 < kpi.high
    assert (kpi.n, kpi.previous, kpi.status) == (280, None, KpiStatus.NO_TARGET)
    assert kpi.note == (
        f"from 2.50% to 1.07%, a fall of 57%, which is good; p = {p:.2f} (Fisher); "
        "not enough data for a trend (2 weeks with results, needs 5)"
    )


def test_a_rise_that_is_hardly_chance_is_a_warning() -> None:
    rising = figures(*nightly(*[""] * 7, *["t0"] * 7))["failure_rate_change"]
    assert rising.value == pytest.approx(10)
    assert rising.status is KpiStatus.WARN
    assert rising.note.startswith("from 0.00% to 10.00%, a rise; p = ")
    assert figures(*nightly(*[""] * 13, "t0"))["failure_rate_change"].status is KpiStatus.NO_TARGET
    assert figures(*nightly(*["t0"] * 7, *[""] * 7))["failure_rate_change"].status is KpiStatus.NO_TARGET


def test_a_rate_that_is_not_zero_never_reads_zero() -> None:
    many = run(8, 8, ["t0"], tests=30_000)
    assert figures(run(1, 1, tests=20), many)["failure_rate_change"].note.startswith(
        "from 0.00% to under 0.01%, a rise; "
    )


def test_five_weeks_show_how_the_failure_rate_develops() -> None:
    names = [name for week in range(5) for name in ["t0"] * (5 - week) + [""] * (2 + week)]
    kpi = figures(*nightly(*names), trend_days=35)["failure_rate_change"]
    assert "falls by 1.43 points a week over 5 weeks, p = 0.017 (Kendall)" in kpi.note
    four = figures(*nightly(*names[7:]), trend_days=35)["failure_rate_change"]
    assert "not enough data for a trend (4 weeks with results, needs 5)" in four.note
    flat = figures(*nightly(*["t0", "", "", "", "", "", ""] * 5), trend_days=35)["failure_rate_change"]
    assert "no trend over 5 weeks" in flat.note


def test_runs_that_add_nothing_to_the_rates_are_counted() -> None:
    aborted = run(8, 8, parts=[part(state="aborted")])
    partial = run(9, 9, expected_parts=("unsharded", "missing-one"))
    mass = run(10, 10, [f"t{place}" for place in range(40)], tests=40)
    kpi = figures(*nightly("", "", ""), aborted, partial, mass, run(11, 11, tests=30))["pass_rate"]
    assert dict(kpi.excluded) == {
        "incomplete runs": 1,
        "aborted or killed runs": 1,
        "runs in which over 80% failed": 1,
    }


def test_the_flake_rate_counts_confirmed_tests_among_those_that_ran_in_the_window_of_the_proofs() -> None:
    old = run(1, 1, tests=60)
    units = (old, run(2, 20, tests=40), run(3, 21, tests=40))
    prepared = history(*units, flaky={"window_commits": 2})
    tests = prepared.tests(prepared.names.index.tolist()).items()
    flaky = {key for key, ref in tests if ref.name in {"t1", "t2", "t55"}}
    (kpi,) = (kpi for kpi in build(prepared, 2, flaky) if kpi.kpi_id == "flake_rate")
    assert (kpi.n, kpi.value, kpi.window_days) == (40, 0.05, 14)
    assert kpi.window == "14 days or 2 commits, whichever is longer"
    assert kpi.title == "Flaky test cases, all branches"
    assert kpi.excluded == (("flaky tests that did not run, or are counted otherwise", 1),)
    longer = figures(*units, flaky=["t1", "t2", "t55"])["flake_rate"]
    assert (longer.n, longer.value, longer.excluded) == (60, 0.05, ())
    assert longer.window == "14 days or 60 commits, whichever is longer"
    assert figures(run(1, 1, tests=19), flaky=["t1"])["flake_rate"].value is None


def test_the_success_rate_counts_complete_and_green_runs() -> None:
    kpi = figures(*nightly(*[""] * 19, "t0"))["workflow_success_rate"]
    assert (kpi.n, kpi.value, kpi.target, kpi.target_is_most) == (20, 0.95, 0.95, False)
    assert kpi.status is KpiStatus.OK
    assert figures(*nightly(*[""] * 18))["workflow_success_rate"].status is KpiStatus.INSUFFICIENT_DATA
    assert figures(*nightly(*[""] * 18, "t0", "t0"))["workflow_success_rate"].status is KpiStatus.WARN
    assert figures(*nightly(*["t0"] * 10, *[""] * 10))["workflow_success_rate"].status is KpiStatus.BREACH


def test_a_run_without_proof_is_not_judged_and_one_that_was_cut_short_failed() -> None:
    green = nightly(*[""] * 20)
    lacking = run(30, 21, expected_parts=("unsharded", "missing-one"))
    broken = run(31, 22, ["t0"], expected_parts=("unsharded", "missing-one"))
    aborted = run(32, 23, parts=[part(state="aborted")])
    again = run(33, 24, parts=[part(rerun_from="x")])
    kpi = figures(*green, lacking, broken, aborted, again, run(34, 25))["workflow_success_rate"]
    assert kpi.n == 23
    assert kpi.value == pytest.approx(21 / 23)
    assert dict(kpi.excluded) == {"incomplete runs without a failure": 1, "runs that are no whole test run": 1}


def test_of_the_attempts_of_a_run_the_last_one_counts() -> None:
    first = [run(number, number, ["t0"]) for number in range(1, 21)]
    second = [run(number, number + 0.2, attempt_number=2) for number in range(1, 21)]
    kpi = figures(*first, *second)["workflow_success_rate"]
    assert (kpi.n, kpi.value) == (20, 1.0)
    assert kpi.excluded == (("earlier attempts of a run", 20),)


def test_other_branches_and_workflows_and_older_runs_do_not_count() -> None:
    others = [run(100 + day, day, ["t0"], branch="topic") for day in range(1, 21)]
    nights = [run(200 + day, day + 0.1, ["t0"], workflow="nightly") for day in range(1, 21)]
    kpi = figures(*others, *nights, *nightly(*["t0"] * 10, *[""] * 30))["workflow_success_rate"]
    assert (kpi.n, kpi.value) == (30, 1.0)


def test_durations_are_those_of_complete_runs_and_need_twenty() -> None:
    found = figures(*nightly(*[""] * 19))
    assert (found["duration_p50"].value, found["duration_p50"].n) == (None, 19)
    found = figures(*[run(number, number / 2, tests=number) for number in range(1, 31)])
    assert found["duration_p50"].value == pytest.approx(15.5)
    assert found["duration_p95"].value == pytest.approx(np.quantile(range(1, 31), 0.95))
    assert (found["duration_p50"].low, found["duration_p50"].high) == (9.0, 22.0)
    assert found["duration_p95"].high is None
    assert found["duration_p50"].unit == "s"


def test_the_interval_of_a_median_holds_it_in_95_of_100_samples() -> None:
    rng = np.random.default_rng(7)
    held = [low <= 0 <= high for low, high in (_ends(rng.normal(size=25).tolist()) for _ in range(2_000))]
    assert np.mean(held) >= 0.95


def _ends(values: list[float]) -> tuple[float, float]:
    low, high = order_statistics(values, 0.5)
    assert low is not None
    assert high is not None
    return low, high


def test_the_time_to_restore_lasts_from_the_end_of_the_failing_run_to_the_end_of_the_passing_one() -> None:
    units = [
        each
        for place in range(10)
        for each in (
            run(3 * place + 1, 2 * place + 1, minutes=10),
            run(3 * place + 2, 2 * place + 1.5, [f"t{place}"], minutes=10),
            run(3 * place + 3, 2 * place + 1.5 + 1 / 24, minutes=20),
        )
    ]
    kpi = figures(*units)["mttr"]
    assert (kpi.n, kpi.at_least) == (10, False)
    assert kpi.value == pytest.approx(3_600 + 600)
    assert (kpi.target, kpi.target_is_most, kpi.status) == (1_800.0, True, KpiStatus.BREACH)
    assert kpi.note.startswith("none is open")
    assert figures(*units[:-3])["mttr"].value is None


def test_open_episodes_are_counted_and_where_most_are_open_there_is_only_a_bound() -> None:
    closing = [f"t{place}" for place in range(10)]
    lasting = [f"t{place}" for place in range(10, 30)]
    units = [
        run(1, 1, tests=100),
        run(2, 2, [*closing, *lasting], tests=100),
        run(3, 3, lasting, tests=100),
        run(4, 4, lasting, tests=100),
    ]
    kpi = figures(*units)["mttr"]
    assert (kpi.n, kpi.at_least, kpi.value) == (10, True, 2 * 86_400.0)
    assert kpi.note.startswith("20 open ones counted as lasting still")
    assert kpi.status is KpiStatus.BREACH
    closed_only = figures(*units[:2], run(3, 3, tests=100))["mttr"]
    assert (closed_only.at_least, closed_only.value) == (False, 86_400.0)


def test_an_episode_of_a_test_that_is_gone_is_withdrawn_and_counted() -> None:
    units = [
        run(1, 1),
        run(2, 2, ["t0"]),
        *[run(number, number, without=["t0"]) for number in range(3, 20)],
    ]
    kpi = figures(*units)["mttr"]
    assert kpi.excluded == (("withdrawn episodes", 1),)
    assert figures(*units[:10])["mttr"].excluded == ()


def test_a_flaky_test_needs_three_passes_to_be_restored() -> None:
    units = nightly("", "t0", "", "", "", "")
    assert figures(*units)["mttr"].n == 1
    assert figures(*units, flaky=["t0"])["mttr"].n == 1
    assert figures(*units[:4], flaky=["t0"])["mttr"].n == 0


def test_an_episode_that_began_before_the_window_counts_when_it_was_open_in_it() -> None:
    units = [run(1, 1), run(2, 2, ["t0"]), *[run(day, day, ["t0"]) for day in range(10, 45, 5)], run(60, 45)]
    assert figures(*units)["mttr"].n == 1
    assert figures(*units, run(70, 80))["mttr"].n == 0


def test_the_time_to_detect_is_only_bounded_and_says_so() -> None:
    units = [
        each
        for place in range(5)
        for each in (run(2 * place + 1, place + 1), run(2 * place + 2, place + 1.5, [f"t{place}"], minutes=30))
    ]
    kpi = figures(*units, run(50, 9))["mttd_upper"]
    assert (kpi.n, kpi.value, kpi.target) == (5, 12 * 3_600 + 1_800, None)
    assert kpi.title == "Time to detect a failure at most, median"
    assert "when commits were made is not known" in kpi.note
    new = run(51, 10, ["t12"], tests=13)
    assert figures(*units, run(50, 9), new)["mttd_upper"].excluded == (("episodes without an earlier pass", 1),)


def with_target(number: int, *results: str, code: int = 0) -> RunUnit:
    """Return a run a day of the target `shop` and its cases: `name=status`; "" reports none."""
    cases = [
        case(name, status, message="it broke" if status == "failed" else "") for name, status in map(_split, results)
    ]
    others = [case(f"other{place}", suite="rest") for place in range(20)]
    told = target("suite:shop", code, message="it broke" if code else "")
    return unit(str(number), number, [told, *cases, *others], sha=commit(number))


def _split(text: str) -> tuple[str, str]:
    name, _, status = text.partition("=")
    return name, status


def test_a_target_and_its_failing_case_are_one_episode() -> None:
    units = [with_target(1, "a=passed"), with_target(2, "a=failed", code=1), with_target(3, "a=passed")]
    found = figures(*units)
    assert (found["mttr"].n, found["mttd_upper"].n, found["repeat_failure_rate"].n) == (1, 1, 1)
    assert figures(*units[:2])["mttr"].note.startswith("1 open one counted")
    both = figures(units[0], with_target(2, "a=failed", "b=failed", code=1), with_target(3, "a=passed", "b=passed"))
    assert both["mttr"].n == 2


def test_a_target_counts_by_itself_where_none_of_its_cases_fails() -> None:
    green = with_target(1, "a=passed"), with_target(3, "a=passed")
    assert figures(green[0], with_target(2, code=1), green[1])["mttr"].n == 1
    assert figures(green[0], with_target(2, "a=passed", code=1), green[1])["mttr"].n == 1
    later = with_target(4, "a=failed", code=1), with_target(5, "a=passed")
    assert figures(green[0], with_target(2, code=1), green[1], *later)["mttr"].n == 2


def test_runs_of_one_failure_with_and_without_a_report_of_the_case_are_one_episode() -> None:
    units = [with_target(1, "a=passed"), with_target(2, code=1), with_target(3, "a=failed", code=1)]
    found = figures(*units, with_target(4, code=1), with_target(5, "a=passed"))
    assert (found["mttr"].n, found["mttd_upper"].n) == (1, 1)


def test_a_case_without_a_report_is_restored_when_its_target_passes() -> None:
    units = []
    for place in range(10):
        units += [
            with_target(3 * place + 1, "a=passed"),
            with_target(3 * place + 2, "a=failed", code=1),
            with_target(3 * place + 3),
        ]
    kpi = figures(*units)["mttr"]
    assert (kpi.n, kpi.value) == (10, 86_400.0)
    assert figures(*units[:-3])["mttr"].status is KpiStatus.INSUFFICIENT_DATA


def test_the_only_failing_case_of_a_flaky_target_is_flaky_as_well() -> None:
    units = [with_target(1, "a=passed"), with_target(2, "a=failed", code=1), with_target(3, "a=passed")]
    assert figures(*units, flaky=["shop"])["repeat_failure_rate"].excluded == (("episodes of flaky tests", 1),)
    assert figures(*units, flaky=["shop"])["mttr"].n == 0
    two = figures(units[0], with_target(2, "a=failed", "b=failed", code=1), units[2], flaky=["shop"])
    assert two["repeat_failure_rate"].n == 2


def test_a_case_that_failed_before_its_report_recurs_with_its_fingerprint() -> None:
    units = [with_target(1, "a=passed")]
    for place in range(10):
        day = 3 * place + 2
        units += [
            with_target(day, code=1),
            with_target(day + 1, "a=failed", code=1),
            with_target(day + 2, "a=passed"),
        ]
    kpi = figures(*units, with_target(70))["recurrence_rate"]
    assert (kpi.n, kpi.value) == (10, 0.9)


def test_cases_that_once_failed_do_not_all_fail_with_their_target_again() -> None:
    units = [
        with_target(1),
        with_target(2, "a=failed", code=1),
        with_target(3),
        with_target(4, "b=failed", code=1),
        with_target(5),
        with_target(6, code=1),
        with_target(7),
    ]
    assert figures(*units)["mttr"].n == 3


def test_a_failure_that_comes_back_within_30_days_is_repeated() -> None:
    fresh = [name for place in range(9) for name in (f"t{place}", "")]
    units = nightly("", *fresh, "t0")
    kpi = figures(*units)["repeat_failure_rate"]
    assert (kpi.n, kpi.value) == (10, 0.1)
    assert kpi.note.endswith("reach back 19 of 60 days")
    assert figures(*units, flaky=["t0"])["repeat_failure_rate"].excluded == (("episodes of flaky tests", 2),)


def test_another_test_with_the_same_fingerprint_is_a_repeated_failure() -> None:
    fresh = [name for place in range(9) for name in (f"t{place}", "")]
    same = "t26"
    kpi = figures(*nightly("", *fresh, same, tests=30))["repeat_failure_rate"]
    assert _message("t0") == _message(same)
    assert (kpi.n, kpi.value) == (10, 0.1)


def test_only_what_closed_30_days_ago_can_have_recurred_or_not() -> None:
    names = [name for place in range(10) for name in (f"t{place}", "")]
    early = nightly("", *names)
    later = [run(60, 30, ["t0"]), run(61, 31), run(62, 60)]
    kpi = figures(*early, *later)["recurrence_rate"]
    assert (kpi.n, kpi.value, kpi.target, kpi.window_days) == (10, 0.1, 0.05, 90)
    assert kpi.excluded == (("episodes closed in the last 30 days", 1),)
    assert kpi.status is KpiStatus.WARN
    young = figures(*early)["recurrence_rate"]
    assert (young.n, young.value) == (0, None)
    assert young.excluded == (("episodes closed in the last 30 days", 10),)


def test_a_failure_that_comes_back_in_another_way_has_not_recurred() -> None:
    names = [name for place in range(10) for name in (f"t{place}", "")]
    other = unit("60", 30, [case("t0", "failed", message="quite another thing"), case("t1")], sha=commit(60))
    kpi = figures(*nightly("", *names), other, run(61, 31), run(62, 60))["recurrence_rate"]
    assert (kpi.n, kpi.value) == (10, 0.0)


@pytest.mark.parametrize(
    ("value", "low", "high", "at_least", "most", "status"),
    [
        (0.5, 0.4, 0.6, False, True, KpiStatus.OK),
        (0.51, 0.5, 0.6, False, True, KpiStatus.WARN),
        (0.6, 0.51, 0.7, False, True, KpiStatus.BREACH),
        (0.6, None, None, False, True, KpiStatus.BREACH),
        (0.4, None, None, True, True, KpiStatus.WARN),
        (0.5, 0.4, 0.6, False, False, KpiStatus.OK),
        (0.49, 0.4, 0.5, False, False, KpiStatus.WARN),
        (0.4, 0.3, 0.49, False, False, KpiStatus.BREACH),
    ],
)
def test_a_status_follows_from_value_interval_and_target(
    value: float,
    low: float | None,
    high: float | None,
    at_least: bool,  # noqa: FBT001  a column of the table
    most: bool,  # noqa: FBT001  a column of the table
    status: KpiStatus,
) -> None:
    kpi = _kpi(value=value, low=low, high=high, at_least=at_least, target=0.5, target_is_most=most)
    assert settled(kpi).status is status
    assert settled(replace(kpi, target=None)).status is KpiStatus.NO_TARGET
    assert settled(replace(kpi, n=9)).status is KpiStatus.INSUFFICIENT_DATA


def test_a_rate_of_nothing_is_none_and_never_zero() -> None:
    kpi = share(_kpi(), (0, 0), (0, 0))
    assert (kpi.value, kpi.low, kpi.high, kpi.previous, kpi.n) == (None, None, None, None, 0)


def _kpi(**more: object) -> Kpi:
    fields = {
        "kpi_id": "x",
        "title": "X",
        "status": KpiStatus.INSUFFICIENT_DATA,
        "unit": "share",
        "n": 10,
        "of": "runs",
        "min_n": 10,
        "window_days": 30,
    }
    return Kpi(**(fields | more))  # type: ignore[arg-type]  # fields of the figure


def test_a_run_after_it_is_not_looked_at() -> None:
    units = nightly(*["t0", "", "t1", ""] * 6)
    later = nightly(*["t2"] * 6, first=25)
    assert figures(*units) == figures(*units, *later, label="24")


def test_another_repository_is_another_world() -> None:
    units = nightly(*["t0", "", "t1", ""] * 6)
    other = [run(100 + day, day + 0.3, ["t2"], repository="else") for day in range(1, 20)]
    assert figures(*units) == figures(*other, *units)


@settings(deadline=None, max_examples=6)
@given(st.lists(st.sampled_from(["", "t0", "t1"]), min_size=2, max_size=25), st.randoms(use_true_random=False))
def test_the_order_in_which_runs_arrive_changes_nothing(failing: list[str], chance: random.Random) -> None:
    units = nightly(*failing)
    mixed = units.copy()
    chance.shuffle(mixed)
    assert figures(*mixed) == figures(*units)
