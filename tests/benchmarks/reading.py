"""What reading costs: `python -m tests.benchmarks.reading` prints MB/s of one core, and the memory of a 200 MB report.

Each figure stands beside what the bare parser of the standard library does with the same bytes: machines differ.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

from generator.readers.registry import READERS
from tests.benchmarks.__main__ import MAKER, replaybook
from tests.readers.in_memory import artifact

if TYPE_CHECKING:
    from collections.abc import Callable

TESTS = 25_000
LARGE = 200_000_000
BUDGETS = {"junit": 40, "ctrf": 30, "mochawesome": 30}


def seconds(work: Callable[[], object]) -> float:
    """Return the best of three."""
    best = float("inf")
    for _ in range(3):
        gc.collect()
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def bare_xml(data: bytes) -> None:
    """Parse XML with handlers that do nothing."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda _name, _attributes: None
    parser.EndElementHandler = lambda _name: None
    parser.CharacterDataHandler = lambda _text: None
    parser.Parse(data, True)


def read_once(name: str, data: bytes) -> int:
    """Let the reader that takes a file read it; return its results."""
    found = artifact(name, data)
    reader = next(each for each in READERS if each.recognises(found))
    return len(reader.read(found).results)


def large_report(path: Path) -> None:
    """Write a JUnit report of 200 MB of small cases: the shape that costs most memory."""
    case = (
        '<testcase classname="tests.module_{0}.TestThing" name="test_case_{1}_does_what_it_should" time="0.{1:03}"/>\n'
    )
    with path.open("w") as out:
        out.write("<testsuites>\n")
        suite = 0
        while out.tell() < LARGE:
            out.write(f'<testsuite name="tests.module_{suite}" tests="25">\n')
            out.writelines(case.format(suite, number) for number in range(25))
            out.write("</testsuite>\n")
            suite += 1
        out.write("</testsuites>\n")


def line(form: str, name: str, data: bytes, budget: int) -> str:
    """Return the figures of one format."""
    size = len(data) / 1e6
    took = seconds(lambda: read_once(name, data))
    bare = seconds(lambda: bare_xml(data) if form == "junit" else json.loads(data))
    each = took / TESTS * 1e6
    return f"{form:<12} {size:>6.1f} {TESTS:>7} {size / took:>7.1f} {each:>8.2f} {size / bare:>10.1f} {budget:>7}"


def main() -> int:
    """Print the table."""
    if not MAKER.is_file():
        raise SystemExit(f"the corpus maker is not there: {MAKER}")
    gc.set_threshold(200_000, 50, 50)  # as the command line does
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        words = ["--tests", str(TESTS), "--runs", "1", "--out", str(work / "made"), "--format", ",".join(BUDGETS)]
        subprocess.run([sys.executable, str(MAKER), *words], check=True, stdout=subprocess.DEVNULL)
        print(f"{'format':<12} {'MB':>6} {'tests':>7} {'MB/s':>7} {'us/test':>8} {'bare MB/s':>10} {'budget':>7}")
        for form, budget in BUDGETS.items():
            path = next(iter((work / "made").rglob(f"{form}.*")))
            print(line(form, path.name, path.read_bytes(), budget))
        large_report(work / "junit-200.xml")
        settings = work / "replaybook.yml"
        settings.write_text("limits:\n  tests_per_run: 2000000\n", encoding="utf-8")
        cost = replaybook("inspect", str(work / "junit-200.xml"), "--config", str(settings))
        print(f"200 MB of JUnit through inspect: {cost.wall:.1f} s, {cost.peak:.0f} MB (budget 512)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
