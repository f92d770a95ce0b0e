"""What became slower or faster: durations of tests run by run, and benchmark series as the runs told of them."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.analysis import durations
from generator.analysis.benchmarks import bigger_is_better
from generator.analysis.prepare import prepare
from generator.config import AnalysisSettings, ProjectSettings, Settings
from generator.config.analysis import DurationSettings
from generator.readers import asv, benchmark_action, pytest_benchmark
from generator.records import Evidence, Measurement, MeasurementReport
from tests.builders import START, attempt, case, commit, part, snapshot, unit
from tests.readers.in_memory import artifact
from tests.shared import shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from generator.findings import Benchmark, Performance, SeriesChange
    from generator.plugins import Reader
    from generator.records import RunUnit, TestResult

FORGE = "https://forge.example/o/r"
GRAPHS = "corpus/mozilla-treeherder/perf-graphs"


def build(units: Iterable[RunUnit], *, forge: str = "", **rule: Any) -> Performance:
    """The findings as of the last run."""
    analysis = AnalysisSettings(duration=DurationSettings.model_validate(rule))
    prepared = prepare(snapshot(*units), Settings(analysis=analysis, project=ProjectSettings(forge_url=forge)))
    return durations.build(prepared, len(prepared.runs) - 1)


def noise(place: int) -> float:
    """A few per cent up and down, the same in every run of the tests."""
    return 1 + (place * 7 % 11 - 5) / 200


def run(number: int, *results: TestResult, branch: str = "main", os: str = "", repository: str = "r") -> RunUnit:
    """The run of a day; each has a commit of its own."""
    parts = [part(os=os)]
    return unit(str(number), number, results, sha=commit(number), branch=branch, parts=parts, repository=repository)


def days(count: int, seconds: Callable[[int], float | None], name: str = "pays") -> list[RunUnit]:
    return [run(number, case(name, seconds=seconds(number))) for number in range(1, count + 1)]


def step(at: int, ratio: float, base: float = 1.0) -> Callable[[int], float]:
    """Seconds that are `ratio` times as many from day `at` on."""
    return lambda number: base * noise(number) * (ratio if number >= at else 1)


def only(found: Performance) -> SeriesChange:
    (change,) = found.changes
    return change


def test_a_test_that_became_slower_is_named_with_run_commits_and_size() -> None:
    change = only(build(days(40, step(31, 1.8)), forge=FORGE))
    assert (change.series, change.suite, change.unit, change.worse) == ("shop::pays", "shop", "s", True)
    assert change.test is not None
    assert change.test.name == "pays"
    assert change.ratio == pytest.approx(1.8, rel=0.03)
    assert [change.before, change.after] == pytest.approx([1, 1.8], rel=0.03)
    assert (change.previous.commit, change.run.commit) == (commit(30), commit(31))
    assert change.commits.url == f"{FORGE}/compare/{commit(30)}...{commit(31)}"
    assert (change.points, change.recent) == (40, True)
    assert change.q == pytest.approx(change.p), "one series was judged"


@pytest.mark.parametrize("at", [8, 20, 33, 54])
def test_the_run_with_which_a_clear_change_began_is_named_wherever_it_is(at: int) -> None:
    """The ranks alone would name the run before where that one was by chance the slowest of the quick ones."""
    units = days(60, lambda day: 1.001 if day == at - 1 else step(at, 3)(day) if day >= at else 1 - 1e-6 * day)
    change = only(build(units))
    assert (change.previous.commit, change.run.commit) == (commit(at - 1), commit(at))


def test_without_a_forge_the_commits_are_named_and_not_linked() -> None:
    commits = only(build(days(40, step(31, 1.8)))).commits
    assert (commits.good, commits.bad, commits.url) == (commit(30), commit(31), "")


def test_a_test_that_became_faster_is_no_worse() -> None:
    change = only(build(days(40, step(21, 0.5))))
    assert (change.worse, change.ratio < 0.6) == (False, True)


@pytest.mark.parametrize(
    "slow",
    [
        case("pays", "failed", seconds=9.0),
        case("pays", "skipped", seconds=9.0),
        case("pays", seconds=9.0, earlier=[attempt()]),
        case("pays", seconds=None),
    ],
)
def test_only_what_passed_at_the_first_attempt_counts(slow: TestResult) -> None:
    quick = days(30, noise)
    odd = [run(number, slow) for number in range(31, 60)]
    found = build([*quick, *odd])
    assert (found.changes, found.judged, found.runs) == ((), 1, 30)


def test_a_run_in_which_a_test_did_not_pass_is_a_gap_of_its_series() -> None:
    units = days(40, step(31, 1.8))
    units[4] = run(5, case("pays", "failed", seconds=30.0))
    units[6] = run(7, case("other", seconds=1.0))
    change = only(build(units))
    assert [place for place, point in enumerate(change.values) if point.value is None] == [4, 6]
    assert (len(change.values), change.points) == (40, 38)


@pytest.mark.parametrize(("runs", "judged", "too_short"), [(19, 0, 1), (20, 1, 0)])
def test_below_the_fewest_points_nothing_is_judged_but_counted(runs: int, judged: int, too_short: int) -> None:
    found = build(days(runs, step(10, 2.0)))
    assert (found.judged, found.too_short, found.runs, found.min_points) == (judged, too_short, runs, 20)
    assert len(found.changes) == judged


def test_nothing_heavy_is_loaded_for_any_series(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    assert build(days(19, step(10, 2.0))).too_short == 1
    assert build(days(60, noise)).judged == 1
    assert len(build(days(60, step(31, 2.0))).changes) == 1


def test_environments_are_never_pooled() -> None:
    slow = {"linux": 1.0, "windows": 3.0}
    units = [run(day, case("pays", seconds=slow[os] * noise(day)), os=os) for day, os in alternating(80)]
    found = build(units)
    assert (found.changes, found.judged, found.runs) == ((), 2, 40)
    slow = {"linux": 1.0, "windows": 9.0}
    units += [run(day, case("pays", seconds=slow[os] * noise(day)), os=os) for day, os in alternating(40, 81)]
    change = only(build(units))
    assert (change.environment, change.run.commit, change.previous.commit) == ("full windows", commit(82), commit(80))


def alternating(count: int, first: int = 1) -> list[tuple[int, str]]:
    return [(day, "windows" if day % 2 == 0 else "linux") for day in range(first, first + count)]


def test_other_branches_and_repositories_and_what_came_later_are_not_looked_at() -> None:
    units = days(30, noise)
    others = [
        unit(f"{kind}{day}", day + 0.5, [case("pays", seconds=9.0)], sha=commit(day), branch=branch, repository=repo)
        for day in range(15, 31)
        for kind, branch, repo in (("b", "fix", "local"), ("r", "main", "else"))
    ]
    mine = [unit(item.run.key.run_id, day, item.results, sha=commit(day)) for day, item in enumerate(units, 1)]
    later = [unit(str(day), day, [case("pays", seconds=9.0)], sha=commit(day)) for day in range(31, 60)]
    all_units = [*mine, *others, *later]
    prepared = prepare(snapshot(*all_units), Settings())
    head = max(place for place, each in enumerate(prepared.runs) if each.run_id == "30")
    assert durations.build(prepared, head).changes == ()
    assert durations.build(prepared, head).runs == 30
    assert len(durations.build(prepared, prepared.position(prepared.runs[-1].label)).changes) == 1


def test_runs_in_which_nearly_everything_failed_are_left_out() -> None:
    wreck = [case(f"t{place}", "failed") for place in range(20)]
    units = [*days(30, noise), *(run(day, case("pays", seconds=9.0), *wreck) for day in range(31, 50))]
    assert build(units).runs == 30


@pytest.mark.parametrize(
    ("base", "ratio", "rule", "listed"),
    [
        (1.0, 1.25, {}, True),
        (0.2, 1.25, {}, False),
        (0.2, 1.25, {"min_seconds": 0.02}, True),
        (30.0, 1.07, {}, False),
        (30.0, 1.07, {"min_ratio": 1.02}, True),
        (1.0, 1.25, {"alpha": 1e-12}, False),
        (1.0, 1.25, {"min_points": 60}, False),
        (1.0, 1.25, {"points": 20}, False),
    ],
)
def test_what_counts_as_a_change_is_a_setting(base: float, ratio: float, rule: dict[str, Any], listed: bool) -> None:  # noqa: FBT001
    """The last one sees the 20 runs after the change only."""
    assert bool(build(days(50, step(25, ratio, base)), **rule).changes) == listed


@pytest.mark.parametrize(("change_on", "recent"), [(46, True), (45, False)])
def test_recent_is_what_began_in_the_days_before_this_run(change_on: int, recent: bool) -> None:  # noqa: FBT001
    assert only(build(days(60, step(change_on, 2)))).recent == recent


def test_recent_and_worse_come_first_then_the_largest() -> None:
    shapes = {
        "faster long ago": step(21, 0.1),
        "slower long ago": step(21, 5),
        "faster now": step(51, 0.2),
        "slower now": step(51, 1.5),
        "much slower now": step(51, 3),
    }
    units = [run(day, *(case(name, seconds=shape(day)) for name, shape in shapes.items())) for day in range(1, 61)]
    assert [change.test.name for change in build(units).changes if change.test] == [
        "much slower now",
        "slower now",
        "faster now",
        "slower long ago",
        "faster long ago",
    ]


def test_the_chance_of_a_false_alarm_is_taken_over_all_series_that_were_judged() -> None:
    steady = [f"t{place}" for place in range(30)]
    units = [
        run(day, case("pays", seconds=step(31, 1.8)(day)), *(case(name, seconds=0.01) for name in steady))
        for day in range(1, 41)
    ]
    found = build(units)
    change = only(found)
    assert found.judged == 31
    assert change.q == pytest.approx(31 * change.p)


def test_points_are_kept_of_the_first_fifty_changes() -> None:
    names = [f"t{place:02}" for place in range(60)]
    units = [run(day, *(case(name, seconds=step(31, 2)(day)) for name in names)) for day in range(1, 41)]
    found = build(units).changes
    assert [bool(change.values) for change in found] == [True] * 50 + [False] * 10


def test_only_the_last_points_are_looked_at() -> None:
    units = days(130, step(25, 3))
    assert (build(units).changes, build(units, points=130).changes != ()) == ((), True)


@settings(max_examples=3, deadline=None)
@given(order=st.permutations(range(24)))
def test_the_order_in_which_runs_and_reports_arrive_changes_nothing(order: list[int]) -> None:
    units = [
        measured_run(
            day, told("a", 1.0 + (day > 12), metric="mean"), told("b", 2.0 * noise(day)), seconds=step(13, 2)(day)
        )
        for day in range(1, 25)
    ]
    found = build(units)
    assert build([units[place] for place in order]) == found
    assert len(found.changes) == 2


# Benchmarks


def told(series: str, value: float | None, **more: object) -> Measurement:
    return Measurement.model_validate({"series": series, "value": value, "unit": "ms"} | more)


def report(*measurements: Measurement, tool: str = "bench", **more: object) -> MeasurementReport:
    return MeasurementReport.model_validate({"tool": tool, "measurements": measurements} | more)


def telling(day: int, *reports: MeasurementReport, results: Sequence[TestResult] = (), os: str = "") -> RunUnit:
    evidence = Evidence(measurements=reports)
    return unit(str(day), day, results, sha=commit(day), parts=[part(os=os)], evidence=evidence)


def measured_run(day: int, *measurements: Measurement, seconds: float | None = None) -> RunUnit:
    return telling(day, report(*measurements), results=[case("pays", seconds=seconds)])


def values(item: Benchmark | SeriesChange) -> list[float | None]:
    return [point.value for point in item.values]


def only_series(found: Performance) -> Benchmark:
    (item,) = found.benchmarks
    return item


def test_a_benchmark_out_of_line_is_said_to_be_so_and_its_change_of_level_is_found() -> None:
    found = build(measured_run(day, told("parse", step(31, 2)(day), metric="mean")) for day in range(1, 41))
    item, change = only_series(found), only(found)
    assert (item.series, item.tool, item.unit, item.environment) == ("parse (mean)", "bench", "ms", "full")
    assert (item.outside, item.worse, item.points) == (True, True, 40)
    assert item.change == pytest.approx(1, abs=0.1)
    assert item.run is not None
    assert item.run.commit == commit(40)
    assert item.last == step(31, 2)(40)
    assert (change.series, change.suite, change.worse, change.run.commit) == ("parse (mean)", "bench", True, commit(31))
    assert change.ratio == pytest.approx(2, rel=0.05)
    assert change.test is None


def test_no_data_is_a_gap_and_the_last_value_may_be_one() -> None:
    item = only_series(build(measured_run(day, told("a", None if day in {3, 25} else 5.0)) for day in range(1, 26)))
    assert [place for place, value in enumerate(values(item)) if value is None] == [2, 24]
    assert (item.last, item.usual, item.points) == (None, 5.0, 23)


def test_a_series_without_any_value_is_listed_with_nothing() -> None:
    item = only_series(build(measured_run(day, told("a", None)) for day in range(1, 26)))
    assert (item.last, item.usual, item.change, item.fence, item.outside, item.points) == (None,) * 4 + (False, 0)


def test_a_short_series_is_shown_and_not_judged() -> None:
    item = only_series(build(measured_run(day, told("a", step(10, 5)(day))) for day in range(1, 20)))
    assert (item.fence, item.outside, item.points) == (None, False, 19)
    assert item.change is not None


@pytest.mark.parametrize("value", [0.0, -3.0])
def test_from_zero_there_is_no_ratio_and_below_it_no_level(value: float) -> None:
    found = build(measured_run(day, told("a", value if day < 21 else 64.0, unit="B")) for day in range(1, 41))
    assert [(change.before, change.after) for change in found.changes] == ([(0.0, 64.0)] if value == 0 else [])
    assert len(found.benchmarks) == 1


def test_the_file_of_a_history_counts_once_however_many_runs_keep_it() -> None:
    def data(day: int) -> MeasurementReport:
        return report(
            *(
                told("a", step(21, 2)(each), at=START + timedelta(days=each), commit=commit(each))
                for each in range(day)
            ),
            path="data.js",
        )

    found = build(telling(day, data(day)) for day in range(30, 41))
    item = only_series(found)
    assert len(item.values) == item.points == 40
    assert [point.run.label for point in item.values[:30]] == [""] * 30, "measured before our first run"
    assert [point.run.commit for point in item.values] == [commit(each) for each in range(40)]
    assert item.values[30].run.label != ""
    assert (only(found).run.commit, only(found).previous.commit) == (commit(21), commit(20))


def test_a_history_without_commits_keeps_equal_values_of_different_times() -> None:
    times = [START + timedelta(days=day) for day in range(40)]
    item = only_series(build([telling(60, report(*(told("a", 5.0, at=at) for at in times)))]))
    assert [point.run.started_at for point in item.values] == times
    assert values(item) == [5.0] * 40


def test_a_file_that_is_left_from_an_earlier_run_counts_once() -> None:
    left = report(told("a", 3.0), generated_at=START)
    found = build([telling(1, left), telling(2, left), telling(3, report(told("a", 4.0), generated_at=START))])
    assert values(only_series(found)) == [4.0], "what is told of one time is one point, and the newest run is believed"


def test_summary_and_events_of_budgets_are_one_series_with_one_point_a_run() -> None:
    def both(day: int) -> RunUnit:
        at = START + timedelta(days=day)
        events = report(
            told("startup", 9.0, unit="", at=at), told("idle", None, unit="", status="NO_DATA"), tool="budgets"
        )
        summary = report(
            told("startup", 9.0, metric="p95", commit=commit(day)),
            told("idle", None, metric="p50", commit=commit(day), status="NO_DATA"),
            tool="budgets",
        )
        return telling(day, events, summary)

    found = {item.series: item for item in build(both(day) for day in range(1, 6)).benchmarks}
    assert {name: values(item) for name, item in found.items()} == {
        "startup (p95)": [9.0] * 5,
        "idle (p50)": [None] * 5,
    }


def test_where_one_report_has_a_value_the_no_data_of_another_is_no_gap() -> None:
    found = build([telling(1, report(told("a", None, status="NO_DATA"), told("b", 1.0)), report(told("a", 7.0)))])
    assert {item.series: values(item) for item in found.benchmarks} == {"a": [7.0], "b": [1.0]}


def test_tools_machines_units_and_environments_are_kept_apart() -> None:
    reports = [
        report(told("a", 1.0)),
        report(told("a", 2.0), tool="other"),
        report(told("a", 3.0), machine="small box"),
        report(told("a", 4.0, unit="us")),
    ]
    found = build([telling(1, *reports, os="linux"), telling(2, reports[0], os="windows")])
    assert {(item.tool, item.environment, item.unit): values(item) for item in found.benchmarks} == {
        ("bench", "full linux", "ms"): [1.0],
        ("bench", "full windows", "ms"): [1.0],
        ("other", "full linux", "ms"): [2.0],
        ("bench", "full linux, small box", "ms"): [3.0],
        ("bench", "full linux", "us"): [4.0],
    }


@pytest.mark.parametrize(
    ("unit_text", "metric", "expected"),
    [
        ("ms", "", False),
        ("ns/iter", "", False),
        ("s/op", "", False),
        ("µs", "throughput", False),
        ("ops/sec", "", True),
        ("MB/s", "", True),
        ("1/s", "", True),
        ("rps", "", True),
        ("", "throughput", True),
        ("", "requests per second", True),
        ("", "latency", False),
        ("", "wall time", False),
        ("B", "", None),
        ("%", "error rate", None),
        ("", "", None),
        ("points", "score", None),
    ],
)
def test_which_way_is_better_follows_from_unit_and_metric(unit_text: str, metric: str, expected: object) -> None:
    assert bigger_is_better(unit_text, metric) is expected


@pytest.mark.parametrize(
    ("said", "unit_text", "worse"),
    [(None, "ops/s", False), (None, "ms", True), (None, "widgets", None), (True, "ms", False), (False, "ops/s", True)],
)
def test_what_the_report_says_of_the_direction_outweighs_the_unit(said: object, unit_text: str, worse: object) -> None:
    found = build(
        measured_run(day, told("a", step(31, 2)(day), unit=unit_text, bigger_is_better=said)) for day in range(1, 41)
    )
    assert (only(found).worse, only_series(found).worse) == (worse, worse)


def test_a_throughput_that_halves_is_worse() -> None:
    found = build(measured_run(day, told("a", step(31, 0.5)(day), unit="MB/s")) for day in range(1, 41))
    assert only(found).worse is True
    assert only(found).ratio == pytest.approx(0.5, rel=0.05)


def test_out_of_line_and_worse_come_first() -> None:
    units = [
        measured_run(day, told("calm", 1.0), told("better", step(36, 0.2)(day)), told("worse", step(36, 2)(day)))
        for day in range(1, 41)
    ]
    assert [item.series for item in build(units).benchmarks] == ["worse", "better", "calm"]


# Real histories of other projects


def read(reader: Reader, path: Path) -> list[MeasurementReport]:
    file = artifact(path.name, path.read_bytes())
    assert reader.recognises(file)
    return [record for record in reader.read(file).records if isinstance(record, MeasurementReport)]


@pytest.mark.shared
def test_eighteen_saved_runs_of_one_afternoon_are_quiet() -> None:
    files = sorted(shared("corpus", "pytest-benchmark", "storage").glob("*.json"))
    units = [telling(day, *read(pytest_benchmark, path)) for day, path in enumerate(files, start=1)]
    item = only_series(build(units))
    assert (item.points, item.fence, item.worse) == (18, None, item.change is not None and item.change > 0)
    found = build(units, min_points=10)
    assert (found.changes, only_series(found).outside, only_series(found).fence is not None) == ((), False, True)


@pytest.mark.shared
def test_a_history_of_commits_is_in_the_order_of_commits_with_its_gaps() -> None:
    files = sorted(shared("corpus", "asv", "example_results", "cheetah").glob("*-py2.7-Cython-numpy1.8.json"))
    told_by = [
        one
        for path in files
        if not path.name.startswith(("aaaaaaaa", "bbbbbbbb", "cccccccc"))
        for one in read(asv, path)
    ]
    found = build([telling(1, *told_by)])
    item = next(each for each in found.benchmarks if each.series == "time_units.mem_unit (memory)")
    times = [point.run.started_at for point in item.values]
    assert times == sorted(times)
    assert (item.points, item.outside, item.worse) == (32, True, True), "344 bytes became 728"
    change = next(each for each in found.changes if each.series == item.series)
    assert (change.before, change.after, change.run.started_at.date().isoformat()) == (344.0, 728.0, "2013-10-26")


@pytest.mark.shared
def test_the_day_the_machines_became_faster_is_found_in_most_tools_and_nothing_became_worse() -> None:
    """1 507 entries of many tools. GitHub's machines were replaced early in 2024, which nobody labelled."""
    found = build(
        [telling(1, *read(benchmark_action, shared("corpus", "github-action-benchmark", "dev-bench-data.js")))]
    )
    assert len(found.benchmarks) == 26
    assert [change.series for change in found.changes if change.worse] == []
    days_of = [change.run.started_at.date().isoformat() for change in found.changes]
    assert days_of.count("2024-01-24") >= 10
    assert not any(item.outside for item in found.benchmarks), "of the last 100 points the new machines are the usual"


def graph(name: str) -> tuple[MeasurementReport, list[datetime]]:
    """A labelled series as a report that holds a whole history; there is no reader of its format."""
    runs = json.loads(shared(GRAPHS, f"{name}.json").read_text())["test_runs"]
    labels = json.loads(shared("corpus", "oracle.json").read_text())[f"{GRAPHS}/{name}.json"]["change_timestamps"]
    points = [told("talos", each[3], at=datetime.fromtimestamp(each[2], UTC)) for each in runs]
    return report(*points), [datetime.fromtimestamp(label, UTC) for label in labels]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["runs1", "runs3", "runs5", "a11y"])
def test_labelled_changes_below_a_tenth_are_none_by_default(name: str) -> None:
    assert build([telling(1, graph(name)[0])]).changes == ()


@pytest.mark.shared
@pytest.mark.parametrize(("name", "ratio", "which"), [("runs1", 1.02, 0), ("runs3", 1.01, 0), ("runs3", 1.01, 1)])
def test_with_a_smaller_effect_the_labelled_change_is_found_thirty_points_later(
    name: str, ratio: float, which: int
) -> None:
    """The labelled changes are of 1 to 7 %, so it takes an effect of 1 or 2 % to list them."""
    whole, labels = graph(name)
    places = [each.at for each in whole.measurements]
    known = whole.measurements[: places.index(labels[which]) + 30]
    change = only(build([telling(1, report(*known))], min_ratio=ratio))
    assert change.run.started_at == labels[which]


@pytest.mark.shared
def test_a_labelled_series_without_a_change_has_none_however_small_the_effect() -> None:
    assert build([telling(1, graph("runs5")[0])], min_ratio=1.01).changes == ()
