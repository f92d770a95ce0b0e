"""What a build costs: `python -m tests.benchmarks [TESTS…]` prints wall, CPU, memory, bytes and files.

For each size, 20 runs are ingested first; then one more run is built into an empty site: the case of a CI job that has
its history at hand. The marginal page is the difference between two shares of failing tests, divided by their number.
Figures, not tests: a noisy machine makes them larger, never red.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

MAKER = Path(__file__).parents[3] / "shared" / "bench" / "make_corpus.py"
SIZES = (1_000, 10_000, 50_000)
RUNS = 21
REPEATS = 3
NOW = "2026-01-02T00:00:00Z"
BUDGETS = {10_000: (2.0, 250, 8.0, 400), 50_000: (5.0, 500, None, None)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One measured process: seconds, CPU seconds, peak MB."""

    wall: float
    cpu: float
    peak: float


def measure(*command: str) -> Cost:
    """Run a command and return its cost by the operating system's own accounting."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"failed: {' '.join(command)}")
    return Cost(wall=wall, cpu=usage.ru_utime + usage.ru_stime, peak=usage.ru_maxrss / 1024)


def replaybook(*words: str) -> Cost:
    """Run our command line in a process of its own."""
    return measure(sys.executable, "-m", "generator", *words)


def corpus(folder: Path, tests: int, share: float = 0.02) -> Path:
    """Make a history of runs as JUnit files."""
    out = folder / f"t{tests}-{share}"
    suites = min(500, max(1, tests // 25))
    words = ("--tests", str(tests), "--suites", str(suites), "--runs", str(RUNS), "--fail-rate", str(share))
    command = [sys.executable, str(MAKER), *words, "--out", str(out), "--format", "junit"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return out


def size_of(folder: Path) -> tuple[float, int]:
    """Return megabytes and number of files."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sum(path.stat().st_size for path in files) / 1e6, len(files)


def build(runs: Path, work: Path, repeat: int) -> tuple[Cost, Path]:
    """Ingest all runs but the last, then measure the build of the last."""
    history, site = work / f"history-{repeat}", work / f"site-{repeat}"
    *old, newest = sorted(path for path in runs.iterdir() if path.is_dir())
    replaybook("ingest", *map(str, old), "--history", str(history), "--now", NOW)
    words = ("--history", str(history), "--site", str(site), "--now", NOW, "--exit-zero", "--quiet")
    return replaybook("build", str(newest), *words), site


def median(costs: list[Cost]) -> Cost:
    """Return the run in the middle by wall time."""
    return sorted(costs, key=lambda cost: cost.wall)[len(costs) // 2]


def main(words: list[str]) -> int:
    """Print the table."""
    if not MAKER.is_file():
        raise SystemExit(f"the corpus maker is not there: {MAKER}")
    print(f"help: {median([replaybook('--help') for _ in range(5)]).wall * 1000:.0f} ms (budget 150)")
    print(f"{'tests':>7} {'wall s':>7} {'cpu s':>7} {'peak MB':>8} {'site MB':>8} {'files':>6} {'B/result':>9}")
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for tests in [int(word) for word in words] or SIZES:
            runs = corpus(work, tests)
            built = [build(runs, work / str(tests), repeat) for repeat in range(REPEATS)]
            cost, site = median([cost for cost, _ in built]), built[0][1]
            megabytes, files = size_of(site)
            stored, _ = size_of(work / str(tests) / "history-0")
            per_result = stored * 1e6 / (tests * RUNS)
            budget = BUDGETS.get(tests)
            note = f"   budget {budget}" if budget else ""
            spent = f"{tests:>7} {cost.wall:>7.2f} {cost.cpu:>7.2f} {cost.peak:>8.0f}"
            print(f"{spent} {megabytes:>8.1f} {files:>6} {per_result:>9.1f}{note}")
        few, many = (build(corpus(work, 2_000, share), work / f"page-{share}", 0) for share in (0.02, 0.20))
        pages = len(list(many[1].glob("*/failures/f-*"))) - len(list(few[1].glob("*/failures/f-*")))
        bytes_each = (size_of(many[1])[0] - size_of(few[1])[0]) * 1e6 / pages
        ms_each = (many[0].cpu - few[0].cpu) * 1000 / pages
        print(
            f"one more failure page: {ms_each:.2f} ms CPU (budget 0.5), "
            f"{bytes_each:.0f} bytes with its permalink (budget 6000)"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
