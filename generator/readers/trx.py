"""Visual Studio test results (TRX): `dotnet test --logger trx`, vstest.console, MSTest, Microsoft.Testing.Platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.readers._allowance import Allowance
from generator.readers._cases import Cases
from generator.readers._dotnet import declare, fill, head_of, note_repaired, note_unknown
from generator.readers._junit_values import count, earliest
from generator.readers._trx_parse import Collector
from generator.readers._trx_results import rows_of, run_error

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "trx"
TITLE: Final = "Visual Studio TRX"
SIGNS: Final = "root element `TestRun` with results, definitions or a summary; else named like `*.trx`"

_MARKS: Final = (b"/TeamTest/", b"<Results", b"<TestDefinitions", b"<ResultSummary", b"<TestSettings", b"<Times")
_BAD: Final = ("failed", "error", "timeout", "aborted", "notRunnable", "disconnected", "inProgress")


def recognises(artifact: Artifact) -> str:
    """Return the root `TestRun` as sign; else the name, for a report too broken to have a root."""
    root = artifact.peek_root()
    if root == "TestRun":
        head = head_of(artifact)
        return "root element `TestRun`" if any(mark in head for mark in _MARKS) else ""
    return "named like a TRX report" if not root and artifact.name.lower().endswith(".trx") else ""


def read(artifact: Artifact) -> Reading:
    """Return its results, counts and time; raises UnreadableError with line, column and next step."""
    allowance = Allowance(artifact.limits)
    collector = Collector(allowance)
    repaired = allowance.xml(artifact, collector, ("TestRun",))
    cases = Cases(artifact, NAME, allowance=allowance)
    rows = rows_of(collector, cases.names)
    broken = run_error(collector, rows)
    fill(cases, [*rows, *broken])
    _declare(cases, collector, len(broken))
    note_unknown(cases, collector.unknown)
    if repaired:
        note_repaired(cases)
    return cases.reading(started_at=earliest([collector.times.get("start") or collector.times.get("creation", "")]))


def _declare(cases: Cases, collector: Collector, errors: int) -> None:
    """Compare with the counters; most writers count a container of data rows beside the rows."""
    counters = collector.counters
    bad = [number for word in _BAD if (number := count(counters.get(word))) is not None]
    total, passed = count(counters.get("total")), count(counters.get("passed"))
    stated = {
        "tests": [] if total is None else [total],
        "passed": [] if passed is None else [passed],
        "bad": [sum(bad)] if "failed" in counters and bad else [],
    }
    cases_, all_ = collector.written, collector.with_containers
    written = {
        "tests": (cases_["tests"], all_["tests"], cases_["tests"] + errors),
        "passed": (cases_["passed"], all_["passed"]),
        "bad": (cases_["bad"], all_["bad"], cases_["bad"] + errors),
    }
    declare(cases, stated, written)
