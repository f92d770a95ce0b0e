"""What the questions of one report cost on a large history: `python -m tests.benchmarks.questions [MILLIONS]`.

The history is made of frames, as the store hands them over: 20 000 tests, as many runs as make the rows (2 million by
default), 2 % flaky tests, some regressions and some tests that became slower. Prints seconds and peak memory.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import timedelta
from typing import Final

import numpy as np
import pandas as pd

from generator.analysis import analyse, prepare
from generator.config import Settings
from generator.records import Evidence, Snapshot, Status, UnitFacts
from tests.builders import START, commit, part, unit

BUDGETS: Final = {2: "1 s", 20: "8 s and 1 500 MB"}
TESTS: Final = 20_000
CAUSES: Final = 40


def history(runs: int) -> Snapshot:
    """Return a history of so many runs, one every six hours, each of a commit of its own."""
    random = np.random.default_rng(7)
    ids = np.sort(random.integers(1, 2**62, TESTS))
    flaky = random.random(TESTS) < 0.02
    broken = random.random(TESTS) < 0.002
    slow = random.random(TESTS) < 0.002
    usual = random.lognormal(-1, 1, TESTS)
    statuses = [item.value for item in Status]
    passed, failed = statuses.index("passed"), statuses.index("failed")
    codes = np.full((runs, TESTS), passed, dtype=np.int8)
    codes[(random.random((runs, TESTS)) < 0.05) & flaky] = failed
    codes[runs * 9 // 10 :, broken] = failed
    times = usual * random.lognormal(0, 0.1, (runs, TESTS))
    times[runs * 9 // 10 :, slow] *= 1.5
    results = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(runs, dtype=np.int32), TESTS),
            "test_id": np.tile(ids, runs),
            "attempt": np.zeros(runs * TESTS, dtype=np.int16),
            "final": np.ones(runs * TESTS, dtype=bool),
            "status": pd.Categorical.from_codes(codes.ravel(), dtype=pd.CategoricalDtype(statuses)),
            "duration_s": times.ravel(),
            "part": pd.Categorical.from_codes(
                np.zeros(runs * TESTS, dtype=np.int8), dtype=pd.CategoricalDtype(["unsharded"])
            ),
        }
    )
    for column in ("exit_code", "scraped_passed", "scraped_failed", "scraped_ignored"):
        results[column] = pd.array(np.zeros(runs * TESTS, dtype=np.int64), dtype="Int64")
    bad = results.loc[results["status"] == "failed", ["unit", "test_id", "attempt"]].reset_index(drop=True)
    cause = bad["test_id"].to_numpy() % CAUSES
    said = np.array([f"store {chr(97 + place % 26)}{place} does not answer" for place in range(CAUSES)], dtype=object)
    details = bad.assign(kind="TimeoutError", message=said[cause], trace="", file="", odd="")
    details["line"] = pd.array([pd.NA] * len(bad), dtype="Int64")
    names = pd.DataFrame(
        {
            "surface": "case",
            "suite": [f"suite{place % 200}" for place in range(TESTS)],
            "classname": "",
            "name": [f"test {place}" for place in range(TESTS)],
        },
        index=pd.Index(ids, name="test_id"),
    )
    made = [unit(str(place), 1 + place / 4, sha=commit(place), parts=[part()]) for place in range(runs)]
    facts = tuple(UnitFacts(unit_id=f"u-{place:032x}", run=each.run) for place, each in enumerate(made))
    assert facts[-1].run.started_at - START < timedelta(days=runs)
    return Snapshot(units=facts, results=results, details=details, names=names, evidence=lambda _: Evidence())


def main(words: list[str]) -> int:
    """Print what the questions cost, with the preparation that all reports of a build share apart."""
    millions = int(words[0]) if words else 2
    runs = millions * 1_000_000 // TESTS
    made = history(runs)
    began = time.perf_counter()
    prepared = prepare(made, Settings())
    ready = time.perf_counter()
    found = analyse(prepared, prepared.runs[-1].label, base=None, settings=Settings())
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{millions} M rows, {runs} runs: preparation {ready - began:.2f} s, questions {ended - ready:.2f} s "
        f"(budget {BUDGETS.get(millions, 'none')} together), peak {peak:.0f} MB with the rows themselves"
    )
    print(
        f"{len(found.failures)} failures, {len(found.flaky)} flaky, {len(found.clusters)} causes, "
        f"{len(found.performance.changes)} changes of duration, "
        f"{len(found.pass_rates.changes) if found.pass_rates else 0} changes of pass rate"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
