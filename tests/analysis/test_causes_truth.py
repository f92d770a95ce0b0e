"""Causes from artifact to finding where they are known: fabricated reports, and native nights of mass failure."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from generator.analysis import analyse, prepare, reach
from generator.analysis.causes import causes
from generator.analysis.clustered import clustered
from generator.config import Settings
from generator.history import open_store
from generator.readers import RunDefaults, read_all
from tests.analysis.test_truth_clusters import adjusted_rand
from tests.shared import shared

if TYPE_CHECKING:
    from pathlib import Path

    from generator.analysis import Prepared

pytestmark = pytest.mark.shared

DEFAULTS = RunDefaults(repository="local", workflow="ci", now=datetime(2026, 9, 1, tzinfo=UTC))


def prepared_from(made: Path, history: Path) -> Prepared:
    """Read and store all runs below a folder."""
    store = open_store(history, create=True)
    for unit in read_all([made], DEFAULTS).units:
        store.append(unit)
    return prepare(store.snapshot(), Settings())


def test_the_causes_of_fabricated_runs_are_found_from_their_reports(tmp_path: Path) -> None:
    maker, made = shared("bench", "make_corpus.py"), tmp_path / "made"
    words = ("--tests", "400", "--suites", "10", "--runs", "4", "--fail-rate", "0.1", "--causes", "12")
    subprocess.run(
        [sys.executable, maker, *words, "--out", made, "--format", "junit"], check=True, stdout=subprocess.DEVNULL
    )
    runs: list[dict[str, Any]] = json.loads((made / "truth.json").read_text(encoding="utf-8"))["runs"]
    prepared = prepared_from(made, tmp_path / "history")
    index = len(prepared.runs) - 1
    failures = analyse(prepared, prepared.runs[index].label, base=None, settings=Settings()).failures
    found = clustered(prepared, index, failures)

    tests = prepared.tests(found.test_id.tolist())
    order = {
        place: int(tests[one].name.partition("[")[0].rpartition("_")[2]) for place, one in enumerate(found.test_id)
    }
    times = [int(run.started_at.timestamp()) for run in prepared.runs]
    by_time = {run["ts"]: run["failing"] for run in runs}
    truth = np.array([by_time[times[run]][str(order[place])] for place, run in enumerate(found.run.tolist())])
    assert len(truth) == sum(len(run["failing"]) for run in runs) > 50
    assert adjusted_rand(found.number, truth) >= 0.98

    now = causes(prepared, index, failures, {}, found)
    last = runs[-1]["failing"]
    assert len(now) == len(set(last.values()))
    titles = [cause.cluster_id for cause in now for _ in cause.failures]
    assert sum(len(cause.failures) for cause in now) == len(last) == len(titles)
    listed = reach.build(prepared, index, failures, found)
    assert {cluster.cluster_id for cluster in listed if cluster.failures} == set(titles)
    assert sum(cluster.occurrences for cluster in listed) <= len(truth)


OUTAGE = """
import sys
from datetime import timedelta
from pathlib import Path
from runs import Emit, Run, write_run
from story import START, commit, night_suites
from world import UNITS

out, faults, emit = Path(sys.argv[1]), sys.argv[2].split(","), Emit(1, "seed", "intended")
units, suites, base = list(UNITS), night_suites(8), None
targets = [*(f"unit:{name}" for name in units), *(f"suite:{name}" for name in suites)]
broken = {name: faults[place % len(faults)] for place, name in enumerate(targets)}
for night, found in enumerate(({}, {targets[0]: "assertion"}, broken | {targets[0]: "assertion"}, {})):
    base = Run(emit, START + timedelta(days=night), "nightly", commit(1, night), units, suites, found, baseline=base)
    write_run(out, base)
"""


@pytest.mark.parametrize("faults", ["network", "unknown", "timeout,segv", "network,compile,unknown,panic,permission"])
def test_a_native_night_in_which_every_target_broke_is_one_cause_beside_what_was_broken(
    faults: str, tmp_path: Path
) -> None:
    made = tmp_path / "made"
    subprocess.run(
        [sys.executable, "-B", "-c", OUTAGE, made, faults], check=True, cwd=shared("native"), capture_output=True
    )
    prepared = prepared_from(made, tmp_path / "history")
    assert [run.tally.bad for run in prepared.runs] == [0, 1, 42, 0]
    failures = analyse(prepared, prepared.runs[2].label, base=None, settings=Settings()).failures
    assert [(len(cause.failures), cause.new, cause.runs) for cause in causes(prepared, 2, failures, {})] == [
        (41, True, 1),
        (1, False, 2),
    ]
    outage, broken = reach.build(prepared, 2, failures)
    assert (outage.tests, outage.wide, outage.first_seen.label) == (41, True, prepared.runs[2].label)
    assert (broken.tests, broken.runs, broken.first_seen.label) == (1, 2, prepared.runs[1].label)
    assert [cluster.cluster_id for cluster in reach.build(prepared, 3, ())] == [outage.cluster_id]
