from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.history.rows import rows_of
from generator.records import Attempt, Status, Surface, TestResult
from generator.safety.ids import test_id as hash_of
from tests import builders
from tests.builders import attempt, case, target, unit
from tests.history.stored import run_unit, store_in

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from generator.records import Snapshot

DTYPES = {
    "unit": "int32",
    "test_id": "int64",
    "attempt": "int16",
    "final": "bool",
    "status": "category",
    "duration_s": "float64",
    "part": "category",
    "exit_code": "Int64",
    "scraped_passed": "Int64",
    "scraped_failed": "Int64",
    "scraped_ignored": "Int64",
}
DETAILS = {
    "unit": "int32",
    "test_id": "int64",
    "attempt": "int16",
    "kind": "str",
    "message": "str",
    "trace": "str",
    "file": "str",
    "line": "Int64",
    "odd": "str",
}


def stored(snapshot: Snapshot, place: int = 0) -> list[TestResult]:
    """Return the results of a unit as its rows say them."""
    rows = snapshot.results[snapshot.results["unit"] == place]
    joined = rows.merge(snapshot.details, on=["unit", "test_id", "attempt"], how="left", suffixes=("", "_"))
    joined = joined.join(snapshot.names, on="test_id")
    results: list[TestResult] = []
    earlier: list[Attempt] = []
    for row in joined.to_dict("records"):
        texts = {name: row[name] if isinstance(row[name], str) else "" for name in ("kind", "message", "trace")}
        status, seconds = Status(row["status"]), None if pd.isna(row["duration_s"]) else row["duration_s"]
        if not row["final"]:
            earlier.append(Attempt(status=status, duration_s=seconds, **texts))
            continue
        scraped = [row[f"scraped_{word}"] for word in ("passed", "failed", "ignored")]
        odd = row["odd"] if isinstance(row["odd"], str) else ""
        results.append(
            TestResult(
                surface=Surface(row["surface"]),
                suite=row["suite"],
                classname=row["classname"],
                name=row["name"],
                status=status,
                part=row["part"],
                duration_s=seconds,
                exit_code=None if pd.isna(row["exit_code"]) else row["exit_code"],
                **texts,
                file=row["file"] if isinstance(row["file"], str) else "",
                line=None if pd.isna(row["line"]) else row["line"],
                earlier=tuple(earlier),
                scraped=None if pd.isna(scraped[0]) else (scraped[0], scraped[1], scraped[2]),
                odd=tuple(odd.split(",")) if odd else (),
            )
        )
        earlier = []
    return results


def test_what_was_appended_comes_back(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    results = [
        case("a", part="unit"),
        case("b", "failed", message="m\nn", kind="K", trace="t\n  u", file="b.py", line=3, seconds=0.000004),
        case("c", earlier=[attempt("error", "once", seconds=None, kind="E"), attempt("skipped", "")]),
        case("d", "skipped", message="why", seconds=None),
        case("e", suite="", classname="é.中", part="ü"),
        target("unit:u", 101, message="panicked", odd=["blank", "mismatch"]),
        target("lib:lib", None, status="not_run"),
        TestResult(surface=Surface.SUITE, suite="s", name="s", status=Status.PASSED, scraped=(3, 0, 1), exit_code=0),
    ]
    store.append(unit("1", results=results))
    snapshot = store.snapshot()
    assert sorted(stored(snapshot), key=repr) == sorted(results, key=repr)


def test_the_frames_are_those_that_the_analysis_is_tested_with(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    units = [run_unit(number) for number in (3, 1, 2)]
    for one in units:
        store.append(one)
    ours, built = store.snapshot(), builders.snapshot(*units)
    order = ["unit", "test_id", "attempt"]
    pd.testing.assert_frame_equal(
        ours.results, built.results.sort_values(order, ignore_index=True), check_categorical=False
    )
    pd.testing.assert_frame_equal(ours.details, built.details.sort_values(order, ignore_index=True))
    pd.testing.assert_frame_equal(ours.names, built.names)


def test_an_empty_history_gives_empty_frames_of_the_right_types(tmp_path: Path) -> None:
    snapshot = store_in(tmp_path).snapshot()
    assert {name: str(dtype) for name, dtype in snapshot.results.dtypes.items()} == DTYPES
    assert {name: str(dtype) for name, dtype in snapshot.details.dtypes.items()} == DETAILS
    assert list(snapshot.names.columns) == ["surface", "suite", "classname", "name"]
    assert (snapshot.names.index.name, str(snapshot.names.index.dtype)) == ("test_id", "int64")
    assert (snapshot.units, snapshot.problems, len(snapshot.results)) == ((), (), 0)


def test_a_full_history_has_the_same_types(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.append(run_unit(1))
    store.append(unit("none", 2))
    snapshot = store.snapshot()
    assert {name: str(dtype) for name, dtype in snapshot.results.dtypes.items()} == DTYPES
    assert {name: str(dtype) for name, dtype in snapshot.details.dtypes.items()} == DETAILS
    assert list(snapshot.results["status"].cat.categories) == [status.value for status in Status]


def test_rows_are_sorted_and_one_attempt_a_test_is_final(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    for number in (2, 1):
        store.append(run_unit(number))
    rows = store.snapshot().results
    keys = list(zip(rows["unit"], rows["test_id"], rows["attempt"], strict=True))
    assert keys == sorted(keys)
    assert rows.groupby(["unit", "test_id"])["final"].sum().tolist() == [1] * 8
    last = rows.groupby(["unit", "test_id"])["attempt"].transform("max")
    assert (rows["final"] == (rows["attempt"] == last)).all()


def test_the_file_of_a_flaky_test_is_with_its_failed_attempt(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.append(unit("1", results=[case("t", file="t.py", line=4, earlier=[attempt()])]))
    details = store.snapshot().details
    assert list(zip(details["attempt"], details["file"], details["line"], strict=True)) == [(0, "t.py", 4)]


def test_a_test_that_passed_leaves_no_details(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.append(unit("1", results=[case("t", file="t.py", line=4)]))
    assert len(store.snapshot().details) == 0


@pytest.mark.parametrize("turned", [False, True])
def test_a_failure_in_one_part_is_not_hidden_by_the_same_test_in_another(tmp_path: Path, *, turned: bool) -> None:
    store = store_in(tmp_path)
    results = [case("t", "failed", part="linux", message="boom"), case("t", part="windows")]
    store.append(unit("1", results=results[::-1] if turned else results))
    rows = store.snapshot().results
    assert rows["status"].tolist() == ["passed", "failed"]
    assert rows["part"].tolist() == ["windows", "linux"]
    assert rows["final"].tolist() == [False, True]


def test_only_names_of_tests_in_the_history_are_named(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.append(run_unit(1))
    names = store.snapshot().names
    assert sorted(names["name"]) == ["adds", "e2e_login", "pays", "removes"]
    assert names.index.tolist() == sorted(hash_of(*row) for row in names.itertuples(index=False, name=None))


def test_many_names_are_shared_between_runs_in_blocks(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    many = [case(f"test {number}") for number in range(5000)]
    store.append(unit("1", 1, many))
    blocks = {path.name for path in (store.folder / "names").iterdir()}
    store.append(unit("2", 2, many))
    assert {path.name for path in (store.folder / "names").iterdir()} == blocks
    store.append(unit("3", 3, [*many, case("one more")]))
    assert len({path.name for path in (store.folder / "names").iterdir()} - blocks) == 1
    assert len(blocks) == 4
    snapshot = store.snapshot()
    assert len(snapshot.names) == 5001
    assert snapshot.results.join(snapshot.names, on="test_id")["name"].notna().all()


def test_a_result_costs_at_most_twelve_bytes(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    tests, runs = 5000, 20
    for run in range(runs):
        results = [
            case(
                f"test_case_{number}[{number * 37 % 101}]",
                "failed" if (number * 31 + run * 7) % 50 == 0 else "passed",
                suite=f"tests.suite_{number // 25}",
                classname=f"tests.suite_{number // 25}.TestThing",
                seconds=((number * 7919 + run * 104729) % 100_003) / 10_000,
                message=f"assert {number} == {run}" if (number * 31 + run * 7) % 50 == 0 else "",
            )
            for number in range(tests)
        ]
        store.append(unit(str(run), run + 1, results))
    size = sum(path.stat().st_size for path in store.folder.rglob("*") if path.is_file())
    assert size / (tests * runs) <= 12


results = st.builds(
    case,
    st.sampled_from(["a", "b", "c", "ä", "x y"]),
    st.sampled_from([status.value for status in Status]),
    suite=st.sampled_from(["s", "t", ""]),
    part=st.sampled_from(["one", "two"]),
    message=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    seconds=st.none() | st.integers(0, 10**12).map(lambda number: number / 1_000_000),
    earlier=st.lists(st.builds(attempt, st.sampled_from(["failed", "error", "passed"])), max_size=2),
)


@settings(max_examples=80)
@given(st.lists(results, max_size=12), st.randoms(use_true_random=False))
def test_rows_do_not_depend_on_the_order_of_the_results(found: list[TestResult], random: Random) -> None:
    shuffled = sorted(found, key=lambda _: random.random())
    assert rows_of(found) == rows_of(shuffled)


@settings(max_examples=25, deadline=None)
@given(st.lists(results, max_size=12, unique_by=lambda result: result.identity))
def test_any_results_come_back(tmp_path_factory: pytest.TempPathFactory, found: list[TestResult]) -> None:
    store = store_in(tmp_path_factory.mktemp("any"))
    store.append(unit("1", results=found))
    assert sorted(stored(store.snapshot()), key=repr) == sorted(found, key=repr)
