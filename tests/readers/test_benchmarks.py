"""Benchmark results: values, units, spread, direction and identity of series, for every format that has them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.readers import (
    asv,
    benchmark_action,
    benchmarkdotnet,
    google_benchmark,
    hyperfine,
    jmh,
    pytest_benchmark,
)
from generator.readers._benchmark_tools import bigger_is_better, spread_of
from generator.readers._benchmarks import MOST
from generator.records import Measurement, MeasurementReport
from tests.readers.in_memory import artifact, outcome

if TYPE_CHECKING:
    from generator.plugins import Reader, Reading

SHA = "7c9e2f41b8d05a6e3f1c94d7a2b86e05c4f3d912"
NOON = 1_772_366_400_000  # 2026-03-01T12:00:00Z
READERS: dict[str, Reader] = {
    "pytest_benchmark": pytest_benchmark,
    "benchmark_action": benchmark_action,
    "asv": asv,
    "hyperfine": hyperfine,
    "google_benchmark": google_benchmark,
    "jmh": jmh,
    "benchmarkdotnet": benchmarkdotnet,
}


def reading(reader: Reader, document: object, name: str = "results.json") -> Reading:
    """Read a document that the reader must recognise."""
    file = artifact(name, document if isinstance(document, str) else json.dumps(document))
    assert reader.recognises(file)
    return reader.read(file)


def report(reader: Reader, document: object, name: str = "results.json") -> MeasurementReport:
    (record,) = reading(reader, document, name).records
    assert isinstance(record, MeasurementReport)
    return record


def only(reader: Reader, document: object, name: str = "results.json") -> Measurement:
    (measurement,) = report(reader, document, name).measurements
    return measurement


def pytest_run(*benchmarks: object, **fields: object) -> dict[str, object]:
    return {"machine_info": {}, "benchmarks": list(benchmarks), "version": "5.1.0"} | fields


def pytest_bench(name: str = "tests/test_a.py::test_a", **stats: object) -> dict[str, object]:
    return {"fullname": name, "name": name, "stats": {"mean": 0.5, "stddev": 0.1, "rounds": 7} | stats}


def history(*benches: object, tool: str = "cargo", date: object = NOON, suite: str = "Suite") -> dict[str, object]:
    entry = {"commit": {"id": SHA}, "date": date, "tool": tool, "benches": list(benches)}
    return {"lastUpdate": NOON, "entries": {suite: [entry]}}


def bench(value: object = 1, unit: str = "ns/iter", **fields: object) -> dict[str, object]:
    return {"name": "walk", "value": value, "unit": unit} | fields


def asv_result(**fields: object) -> dict[str, object]:
    document = {"commit_hash": SHA, "date": NOON, "params": {"machine": "bench-01"}, "python": "3.12", "version": 1}
    return document | {"requirements": {}, "results": {}} | fields


def timed(command: str = "lantern build", **fields: object) -> dict[str, object]:
    return {"command": command, "mean": 1.5, "stddev": 0.1, "user": 1, "system": 0, "times": [1.4, 1.6]} | fields


# ---- pytest-benchmark


def test_a_benchmark_is_its_mean_in_seconds_with_the_standard_deviation() -> None:
    found = only(pytest_benchmark, pytest_run(pytest_bench()))
    assert (found.series, found.value, found.unit, found.metric) == ("tests/test_a.py::test_a", 0.5, "s", "mean")
    assert (found.spread, found.samples, found.bigger_is_better) == (0.1, 7, False)


def test_the_machine_is_told_by_processor_and_system_not_by_the_name_of_the_host() -> None:
    info = {"node": "secret-host", "cpu": {"brand_raw": "Fast CPU"}, "system": "Linux", "machine": "x86_64"}
    assert report(pytest_benchmark, pytest_run(machine_info=info)).machine == "Fast CPU, Linux x86_64"


def test_a_benchmark_run_without_benchmarks_is_not_silent() -> None:
    assert [problem.message for problem in reading(pytest_benchmark, pytest_run()).problems] == ["holds no measurement"]


def test_a_saved_run_that_is_cut_off_is_refused_by_this_reader() -> None:
    file = artifact(f"0001_{SHA}_20260301_120000.json", '{"machine_info": {')
    assert pytest_benchmark.recognises(file)
    with pytest.raises(UnreadableError):
        pytest_benchmark.read(file)


# ---- github-action-benchmark


@pytest.mark.parametrize(
    ("tool", "unit", "expected"),
    [
        ("cargo", "ns/iter", False),
        ("pytest", "iter/sec", True),
        ("benchmarkjs", "ops/sec", True),
        ("go", "ns/op", False),
        ("go", "MB/s", True),
        ("go", "widgets", False),
        ("jmh", "ops/s", True),
        ("jmh", "us/op", False),
        ("customBiggerIsBetter", "ns", True),
        ("customSmallerIsBetter", "req/s", False),
        ("", "ms", False),
        ("", "req/s", True),
        ("", "points", None),
    ],
)
def test_tool_and_unit_say_in_which_direction_better_lies(tool: str, unit: str, *, expected: bool | None) -> None:
    assert bigger_is_better(tool, unit) is expected


@pytest.mark.parametrize(
    ("tool", "value", "unit", "stated", "expected"),
    [
        ("cargo", 100.0, "ns/iter", "± 12", 12.0),
        ("cargo", 100.0, "ns/iter", "+/- 12,469", 12469.0),
        ("benchmarkjs", 200.0, "ops/sec", "±0.50%", 1.0),
        ("pytest", 500.0, "iter/sec", "stddev: 0.0001", 25.0),
        ("catch2", 18.0, "us", "± 210", None),
        ("customSmallerIsBetter", 50.0, "Percent", "5%", 5.0),
        ("customSmallerIsBetter", 50.0, "ms", 2.5, 2.5),
        ("customSmallerIsBetter", 50.0, "ms", "1 … 9", None),
        ("customSmallerIsBetter", 50.0, "ms", -1, None),
        ("cargo", None, "ns", "± 1", None),
    ],
)
def test_a_range_becomes_a_spread_in_the_unit_of_the_value(
    tool: str, value: float | None, unit: str, stated: object, expected: float | None
) -> None:
    assert spread_of(tool, value, unit, stated) == (expected if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    "prefix", ["window.BENCHMARK_DATA = ", "\ufeffwindow.BENCHMARK_DATA=", "const BENCHMARK_DATA = "]
)
def test_the_assignment_in_javascript_is_stripped(prefix: str) -> None:
    assert only(benchmark_action, f"{prefix}{json.dumps(history(bench(7)))};\n", "data.js").value == 7


def test_javascript_that_is_no_json_is_refused() -> None:
    file = artifact("data.js", "window.BENCHMARK_DATA = {entries: fetch('x')}")
    assert benchmark_action.recognises(file)
    with pytest.raises(UnreadableError, match="not JSON"):
        benchmark_action.read(file)


def test_time_and_commit_of_a_value_are_those_of_its_entry() -> None:
    found = only(benchmark_action, history(bench()))
    assert (found.at, found.commit) == (datetime(2026, 3, 1, 12, tzinfo=UTC), SHA)


@pytest.mark.parametrize("date", [None, "soon", 1e300, -1, 5, True])
def test_an_implausible_date_is_unknown(date: object) -> None:
    assert only(benchmark_action, history(bench(), date=date)).at is None


def test_one_name_twice_in_an_entry_makes_two_series() -> None:
    found = report(benchmark_action, history(bench(1), bench(2)))
    assert [item.series for item in found.measurements] == ["Suite / walk", "Suite / walk #2"]


def test_the_time_of_catch2_has_one_unit_in_all_runs() -> None:
    found = only(benchmark_action, history(bench(1.5, "us"), tool="catch2"))
    assert (found.value, found.unit) == (1500.0, "ns")


def test_of_a_history_beyond_the_limit_the_newest_stay() -> None:
    entries = [
        {"commit": {"id": SHA}, "date": NOON + day * 86_400_000, "tool": "go", "benches": [bench(day)] * 2_000}
        for day in (3, 1, 2, *range(4, 12))
    ]
    found = reading(benchmark_action, {"lastUpdate": NOON, "entries": {"Suite": entries}})
    (record,) = found.records
    assert isinstance(record, MeasurementReport)
    assert (len(record.measurements), record.left_out) == (MOST, 2_000)
    assert [item.value for item in record.measurements[::2_000]] == [3, 2, *range(4, 12)]
    assert "2000 measurements" in found.problems[0].message


@pytest.mark.parametrize(
    ("name", "expected"),
    [("customBiggerIsBetter.json", True), ("custom-smaller-is-better.json", False), ("output.json", None)],
)
def test_only_the_name_of_a_custom_file_says_its_direction(name: str, *, expected: bool | None) -> None:
    assert only(benchmark_action, [bench(1, "points")], name).bigger_is_better is expected


# ---- asv


def test_both_versions_of_asv_give_the_same_values() -> None:
    first = asv_result(results={"a.time_x": {"result": [1, None], "params": [["1", "2"]]}, "a.mem_y": 3})
    second = asv_result(
        result_columns=["result", "params"], results={"a.time_x": [[1, None], [["1", "2"]]], "a.mem_y": [[3], []]}
    )
    expected = [("a.time_x(1)", 1, "s", ""), ("a.time_x(2)", None, "s", "FAIL"), ("a.mem_y", 3, "bytes", "")]
    for document in (first, second):
        found = report(asv, document).measurements
        assert [(item.series, item.value, item.unit, item.status) for item in found] == expected


def test_nan_is_a_gap_of_which_nothing_more_is_known() -> None:
    document = json.dumps(asv_result(results={"time_a": 1.5, "time_b": float("nan"), "time_c": None}))
    found = report(asv, document).measurements
    assert [(item.value, item.status) for item in found] == [(1.5, ""), (None, "NO_DATA"), (None, "NO_DATA")]


def test_the_last_parameter_varies_fastest() -> None:
    document = asv_result(results={"track_x": {"result": [1, 2, 3, 4], "params": [["'a'", "'b'"], ["1", "2"]]}})
    assert [item.series for item in report(asv, document).measurements] == [
        "track_x('a', 1)",
        "track_x('a', 2)",
        "track_x('b', 1)",
        "track_x('b', 2)",
    ]


def test_a_failure_with_endless_combinations_is_one_gap() -> None:
    document = asv_result(results={"time_x": {"result": None, "params": [["1", "2"] * 50] * 16}})
    found = only(asv, document)
    assert (found.series, found.value, found.status) == ("time_x", None, "FAIL")


def test_the_environment_is_part_of_the_machine() -> None:
    document = asv_result(requirements={"numpy": "1.26", "cython": None}, results={"time_x": 1})
    assert report(asv, document).machine == "bench-01, py3.12-cython-numpy1.26"
    assert report(asv, document | {"env_name": "conda-py3.12"}).machine == "bench-01, conda-py3.12"


def test_a_json_file_that_is_no_result_is_left_alone() -> None:
    assert not asv.recognises(artifact("bbbbbbbb-py3.12.json", '{"version": 1, "date": 5}'))


# ---- hyperfine


def test_a_command_that_failed_is_marked_with_its_exit_codes() -> None:
    found = only(hyperfine, {"results": [timed(exit_codes=[0, 3, None, -9])]})
    assert (found.status, found.detail) == ("FAIL", "3 of 4 timed runs failed; exit codes -9, 3")


def test_a_secret_in_a_command_is_masked() -> None:
    assert "hunter2000" not in only(hyperfine, {"results": [timed("curl --password=hunter2000 x")]}).series


def test_parameters_are_part_of_the_series() -> None:
    results = [timed("build", parameters={"jobs": jobs}) for jobs in ("1", "4")]
    found = report(hyperfine, {"results": results}).measurements
    assert [item.series for item in found] == ["build [jobs=1]", "build [jobs=4]"]


def test_a_single_run_has_no_spread() -> None:
    assert only(hyperfine, {"results": [timed(stddev=None, times=[1.5])]}).spread is None


# ---- Google Benchmark, JMH, BenchmarkDotNet


def test_repetitions_are_put_together_with_or_without_their_aggregates() -> None:
    single = [{"run_name": "walk", "name": "walk", "real_time": value, "time_unit": "us"} for value in (1.0, 3.0)]
    stated = [
        {"run_name": "walk", "run_type": "aggregate", "aggregate_name": name, "real_time": value, "time_unit": "us"}
        for name, value in (("mean", 2.0), ("stddev", 1.5), ("cv", 0.75))
    ]
    document = {"context": {"num_cpus": 2}, "benchmarks": single}
    found = only(google_benchmark, document)
    assert (found.value, found.unit, found.samples) == (2.0, "us", 2)
    assert found.spread == pytest.approx(2**0.5)
    assert only(google_benchmark, document | {"benchmarks": [*single, *stated]}).spread == 1.5


def test_each_mode_of_jmh_is_a_series_of_its_own() -> None:
    scores = [
        {"benchmark": "a.B.run", "mode": mode, "primaryMetric": {"score": 5, "scoreError": "NaN", "scoreUnit": unit}}
        for mode, unit in (("thrpt", "ops/s"), ("avgt", "ms/op"))
    ]
    found = report(jmh, scores).measurements
    assert [(item.series, item.bigger_is_better, item.spread) for item in found] == [
        ("a.B.run [thrpt]", True, None),
        ("a.B.run [avgt]", False, None),
    ]


def test_a_benchmark_without_statistics_failed() -> None:
    document = {"HostEnvironmentInfo": {}, "Benchmarks": [{"FullName": "A.B", "Statistics": None}]}
    assert only(benchmarkdotnet, document).status == "FAIL"


# ---- all of them

FIELDS = (
    *("benchmarks", "machine_info", "commit_info", "stats", "mean", "stddev", "fullname", "name", "datetime", "id"),
    *("entries", "lastUpdate", "benches", "commit", "date", "tool", "value", "unit", "range", "extra", "Suite"),
    *("commit_hash", "results", "params", "result_columns", "result", "env_name", "requirements", "python", "time_x"),
    *("command", "times", "exit_codes", "parameters", "context", "real_time", "run_name", "aggregate_name", "num_cpus"),
    *("benchmark", "mode", "primaryMetric", "score", "scoreUnit", "HostEnvironmentInfo", "Benchmarks", "Statistics"),
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(FIELDS)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4)
)
DOCUMENTS: dict[str, object] = {
    "pytest_benchmark": pytest_run(pytest_bench(), pytest_bench("b"), commit_info={"id": SHA, "dirty": True}),
    "benchmark_action": history(bench(), bench(2, range="± 3", extra="rounds: 5")),
    "asv": asv_result(results={"time_x": 1, "time_y": {"result": [1], "params": [["1"]], "stats": [{"q_25": 1}]}}),
    "hyperfine": {"results": [timed(), timed(exit_codes=[1], parameters={"a": 1})]},
    "google_benchmark": {"context": {"num_cpus": 1}, "benchmarks": [{"name": "a", "real_time": 1, "time_unit": "ns"}]},
    "jmh": [{"benchmark": "a", "mode": "ss", "params": {"x": "1"}, "primaryMetric": {"score": 1, "scoreUnit": "s/op"}}],
    "benchmarkdotnet": {"Title": "a", "HostEnvironmentInfo": {}, "Benchmarks": [{"FullName": "a", "Statistics": {}}]},
}


def mutated(document: object, choose: st.DataObject) -> object:
    """Replace one value somewhere in a document by any other."""
    if isinstance(document, dict) and document:
        name = choose.draw(st.sampled_from([*document, "*"]))
        if name != "*":
            return document | {name: mutated(document[name], choose)}
    elif isinstance(document, list) and document:
        place = choose.draw(st.integers(0, len(document) - 1))
        return [*document[:place], mutated(document[place], choose), *document[place + 1 :]]
    return choose.draw(VALUES)


@pytest.mark.parametrize("name", sorted(READERS))
@given(choose=st.data())
@settings(max_examples=25, deadline=None)
def test_mutated_documents_are_read_or_refused_politely(name: str, choose: st.DataObject) -> None:
    text = json.dumps(mutated(mutated(DOCUMENTS[name], choose), choose))
    file = artifact("results.json", text)
    assert isinstance(READERS[name].recognises(file), str)
    said = outcome(READERS[name], file)
    assert isinstance(said, dict)
    assert "refused" not in said or (said["refused"] and said["hint"])


@pytest.mark.parametrize("name", sorted(READERS))
@given(cut=st.integers(0, 400))
@settings(max_examples=8, deadline=None)
def test_cut_off_documents_are_refused_politely(name: str, cut: int) -> None:
    text = json.dumps(DOCUMENTS[name])
    file = artifact("results.json", text[: min(cut, len(text) - 1)])
    with pytest.raises(UnreadableError):
        READERS[name].read(file)


@pytest.mark.parametrize("name", sorted(READERS))
def test_no_reader_takes_the_document_of_another(name: str) -> None:
    file = artifact("results.json", json.dumps(DOCUMENTS[name]))
    assert [reader for reader, module in READERS.items() if module.recognises(file)] == [name]
