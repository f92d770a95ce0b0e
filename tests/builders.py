"""Small functions that build runs, results and a snapshot of the history without files and without the store."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from generator.records import (
    Attempt,
    BundleFailure,
    Digest,
    Evidence,
    Level,
    Part,
    PartState,
    ReplayBundle,
    Run,
    RunKey,
    RunUnit,
    Shard,
    Snapshot,
    SourceCommand,
    Status,
    Surface,
    TestResult,
    UnitFacts,
)
from generator.records.failures import Assertion
from generator.safety.ids import content_id, test_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

START = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
"""Day 1 of all built runs."""

_RANK = {"not_run": 0, "skipped": 1, "passed": 2, "failed": 3, "error": 4}


def commit(number: int) -> str:
    """Return a commit id that tells its number."""
    return f"{number:07x}" + "c0ffee" * 5 + "abc"


def attempt(status: str = "failed", message: str = "boom", *, seconds: float | None = 0.5, kind: str = "") -> Attempt:
    """Return an attempt before the final one."""
    return Attempt(status=Status(status), duration_s=seconds, kind=kind, message=message)


def case(
    name: str,
    status: str = "passed",
    *,
    suite: str = "shop",
    classname: str = "",
    message: str = "",
    kind: str = "",
    trace: str = "",
    file: str = "",
    line: int | None = None,
    seconds: float | None = 1.0,
    part: str = "",
    earlier: Iterable[Attempt] = (),
) -> TestResult:
    """Return a test case of a report."""
    return TestResult(
        surface=Surface.CASE,
        suite=suite,
        classname=classname,
        name=name,
        status=Status(status),
        message=message,
        kind=kind,
        trace=trace,
        file=file,
        line=line,
        duration_s=seconds,
        part=part,
        earlier=tuple(earlier),
    )


def target(
    key: str,
    exit_code: int | None = 0,
    *,
    status: str = "",
    message: str = "",
    kind: str = "",
    file: str = "",
    line: int | None = None,
    seconds: float | None = 2.0,
    part: str = "unsharded",
    odd: Iterable[str] = (),
) -> TestResult:
    """Return a target `suite:name`, `unit:name` or `lib:lib` with the status that its exit code says."""
    surface, _, name = key.partition(":")
    meant = "not_run" if exit_code is None else "failed" if exit_code else "passed"
    return TestResult(
        surface=Surface(surface),
        suite=name,
        name=name,
        status=Status(status or meant),
        exit_code=exit_code,
        message=message,
        kind=kind,
        file=file,
        line=line,
        duration_s=seconds,
        part=part,
        odd=tuple(odd),
    )


def targets(codes: Mapping[str, int | None], *, part: str = "unsharded") -> list[TestResult]:
    """Return one target for each `surface:name` and exit code."""
    return [target(key, code, part=part) for key, code in codes.items()]


def part(
    name: str = "unsharded",
    *,
    state: str = "complete",
    folder: str = ".",
    foreign: str = "",
    shard: tuple[str, int, int] | None = None,
    profile: str = "full",
    rerun_from: str = "",
    diff_from: str = "",
    lint_failed: Iterable[str] = (),
    build_failed: bool = False,
    failed_phases: Iterable[str] = (),
    correlation: str = "",
    os: str = "",
) -> Part:
    """Return a runner invocation; `shard` is (kind, index, total)."""
    kind, index, total = shard or ("none", None, None)
    return Part(
        name=name,
        folder=folder,
        state=PartState(state),
        profile=profile,
        shard=Shard(kind=kind, name=name, index=index, total=total),
        foreign_folder=foreign,
        rerun_from=rerun_from,
        diff_from=diff_from,
        lint_failed=tuple(lint_failed),
        build_failed=build_failed,
        failed_phases=tuple(failed_phases),
        correlation_id=correlation,
        os=os,
    )


def digest(suite: str, *, line: int = 7, message: str = "boom", test: str = "", **more: object) -> Digest:
    """Return the failure digest of a suite."""
    fields = {
        "part": "unsharded",
        "suite": suite,
        "exit_code": 101,
        "root_cause_class": "assertion_failure",
        "impacted": (test or suite,),
        "assertion": Assertion(test=test, file="src/lib.rs" if line else "", line=line, column=3, message=message),
        "path": f"{suite}/failure_digest.json",
    }
    return Digest.model_validate(fields | more)


def command(
    text: str, level: str = "test", source: str = "failure_digest.remediation_pointer.replay_command"
) -> SourceCommand:
    """Return a command as an artifact offers it."""
    return SourceCommand(level=Level(level), text=text, source=source)


def bundle(failures: Iterable[BundleFailure] = (), **more: object) -> ReplayBundle:
    """Return the replay bundle of a run."""
    fields: dict[str, object] = {
        "part": "unsharded",
        "flavour": "run",
        "generated_at": None,
        "failures": tuple(failures),
    }
    return ReplayBundle.model_validate(fields | more)


def unit(
    run_id: str = "1",
    day: float = 1,
    results: Iterable[TestResult] = (),
    *,
    attempt_number: int = 1,
    repository: str = "local",
    workflow: str = "ci",
    branch: str = "main",
    sha: str | None = None,
    parts: Sequence[Part] | None = None,
    evidence: Evidence | None = None,
    expected_parts: Iterable[str] = (),
) -> RunUnit:
    """Return everything one CI run left; day 1 is `START`, each day has a commit of its own unless `sha` says one."""
    started = START + timedelta(days=day - 1)
    run = Run(
        key=RunKey(repository=repository, workflow=workflow, run_id=run_id, attempt=attempt_number),
        started_at=started,
        time_source="builder",
        commit=commit(int(day)) if sha is None else sha,
        branch=branch,
        expected_parts=tuple(expected_parts),
        parts=tuple(parts if parts is not None else [part()]),
    )
    return RunUnit(run=run, results=tuple(results), evidence=evidence or Evidence())


def snapshot(*units: RunUnit) -> Snapshot:
    """Return the units as the history hands them to the analysis."""
    facts = {id(item): UnitFacts(unit_id=_unit_id(item), run=item.run) for item in units}
    ordered = sorted(units, key=lambda item: (item.run.started_at, item.run.key.run_id, facts[id(item)].unit_id))
    evidence = {facts[id(item)].unit_id: item.evidence for item in ordered}
    rows = [row for place, item in enumerate(ordered) for row in _rows(place, item.results)]
    identities = {test_id(*result.identity): result.identity for item in ordered for result in item.results}
    return Snapshot(
        units=tuple(facts[id(item)] for item in ordered),
        results=_results(rows),
        details=_details(rows),
        names=_names(identities),
        evidence=evidence.__getitem__,
    )


_Row = tuple[int, int, int, bool, Attempt | TestResult, TestResult]


def _unit_id(item: RunUnit) -> str:
    key = item.run.key
    shards = [f"{part.name}" for part in item.run.parts]
    return content_id("u", key.repository, key.workflow, key.run_id, str(key.attempt), *shards)


def _rows(place: int, results: Iterable[TestResult]) -> list[_Row]:
    groups: dict[int, list[TestResult]] = defaultdict(list)
    for result in results:
        groups[test_id(*result.identity)].append(result)
    rows: list[_Row] = []
    for known in sorted(groups):
        worst_last = sorted(groups[known], key=lambda result: (_RANK[result.status.value], result.part))
        flat: list[tuple[Attempt | TestResult, TestResult]] = []
        for result in worst_last:
            flat += [*((earlier, result) for earlier in result.earlier), (result, result)]
        rows += [(place, known, number, item is flat[-1][0], item, owner) for number, (item, owner) in enumerate(flat)]
    return rows


def _results(rows: Sequence[_Row]) -> pd.DataFrame:
    own = [row[5] if row[4] is row[5] else None for row in rows]
    scraped = [result.scraped if result and result.scraped else (None, None, None) for result in own]
    frame = pd.DataFrame(
        {
            "unit": pd.Series([row[0] for row in rows], dtype="int32"),
            "test_id": pd.Series([row[1] for row in rows], dtype="int64"),
            "attempt": pd.Series([row[2] for row in rows], dtype="int16"),
            "final": pd.Series([row[3] for row in rows], dtype="bool"),
            "status": pd.Categorical([row[4].status.value for row in rows], categories=[item.value for item in Status]),
            "duration_s": pd.Series([row[4].duration_s for row in rows], dtype="float64"),
            "part": pd.Categorical([row[5].part for row in rows]),
            "exit_code": pd.Series([result.exit_code if result else None for result in own], dtype="Int64"),
        }
    )
    for column, name in enumerate(("scraped_passed", "scraped_failed", "scraped_ignored")):
        frame[name] = pd.Series([counts[column] for counts in scraped], dtype="Int64")
    return frame


def _details(rows: Sequence[_Row]) -> pd.DataFrame:
    said = [row for row in rows if row[4].status.bad or row[4].message or row[4].trace or row[5].odd]
    return pd.DataFrame(
        {
            "unit": pd.Series([row[0] for row in said], dtype="int32"),
            "test_id": pd.Series([row[1] for row in said], dtype="int64"),
            "attempt": pd.Series([row[2] for row in said], dtype="int16"),
            "kind": pd.Series([row[4].kind for row in said], dtype="str"),
            "message": pd.Series([row[4].message for row in said], dtype="str"),
            "trace": pd.Series([row[4].trace for row in said], dtype="str"),
            "file": pd.Series([row[5].file for row in said], dtype="str"),
            "line": pd.Series([row[5].line for row in said], dtype="Int64"),
            "odd": pd.Series([",".join(row[5].odd) for row in said], dtype="str"),
        }
    )


def _names(identities: dict[int, tuple[str, str, str, str]]) -> pd.DataFrame:
    ids = sorted(identities)
    columns = {
        column: pd.Series([identities[known][place] for known in ids], dtype="str")
        for place, column in enumerate(("surface", "suite", "classname", "name"))
    }
    frame = pd.DataFrame(columns)
    frame.index = pd.Index(pd.Series(ids, dtype="int64"), name="test_id")
    return frame
