"""Files of the runner: which run they make, its identity, parts and results."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from generator.records import PartState, Severity, Status, Surface
from tests.readers.run_folder import (
    COMMIT,
    MANIFEST,
    STAMP,
    digest,
    environment,
    event,
    gate,
    ids,
    junit,
    lines,
    only_unit,
    read,
    result,
    summary,
    verdict,
    write,
    write_run,
)

if TYPE_CHECKING:
    from pathlib import Path


def shard(kind: str, name: str, index: int | None = None, total: int | None = None) -> dict[str, object]:
    return {"kind": kind, "name": name, "index": index, "total": total}


def test_a_runner_folder_is_one_run_with_one_part(tmp_path: Path) -> None:
    unit = only_unit(read(write_run(tmp_path / STAMP)))
    (part,) = unit.run.parts
    assert (unit.run.key.repository, unit.run.key.workflow) == ("local", "ci")
    assert (unit.run.key.run_id, unit.run.key.attempt) == (STAMP, 1)
    assert (part.name, part.folder, part.state) == (STAMP, ".", PartState.COMPLETE)
    assert (unit.run.commit, unit.run.branch) == (COMMIT[:9], "main")
    assert [(r.surface, r.name, r.part) for r in unit.results] == [
        (Surface.UNIT, "codec", STAMP),
        (Surface.SUITE, "checkout", STAMP),
    ]


def test_a_full_commit_of_the_summary_goes_before_a_short_one(tmp_path: Path) -> None:
    run = write_run(tmp_path / STAMP, **{"summary.json": summary(source_commit=COMMIT)})
    assert only_unit(read(run)).run.commit == COMMIT


def test_a_run_manifest_makes_one_run_of_all_folders_below(tmp_path: Path) -> None:
    root = tmp_path / "run-812"
    write(root / "run.json", MANIFEST)
    shards = root / "tests/e2e_results/ci-shards"
    write_run(shards / "unit-lane", **{"environment.json": environment(shard=shard("none", "unit"))})
    write_run(shards / "integration-0", **{"environment.json": environment(shard=shard("both", "integration-0", 0, 2))})
    write(root / "tests/full_suite_gate/full_suite_verdict.json", verdict(gate("unit")))
    write(root / "junit/report.xml", junit())
    run = only_unit(read(tmp_path)).run
    assert (run.key.repository, run.key.workflow, run.key.run_id, run.key.attempt) == ("acme/shop", "nightly", "812", 2)
    assert (run.started_at, run.time_source) == (datetime(2026, 3, 4, 5, tzinfo=UTC), "run.json")
    assert [(part.name, part.state) for part in run.parts] == [
        ("integration-0", PartState.COMPLETE),
        ("unit", PartState.COMPLETE),
        ("junit", PartState.REPORTS),
    ]
    assert run.expected_parts == ("unit", "integration-0")
    unit = only_unit(read(tmp_path))
    assert {result.part for result in unit.results} == {"integration-0", "unit", "junit"}
    assert [report.part for report in unit.evidence.gate_reports] == [""]


def test_a_broken_run_manifest_still_holds_its_run_together(tmp_path: Path) -> None:
    root = tmp_path / "run-812"
    write(root / "run.json", b"{")
    write_run(root / "a" / "20260304T050607Z")
    write_run(root / "b" / "20260305T050607Z")
    intake = read(tmp_path)
    unit = only_unit(intake)
    assert unit.run.key.run_id == "run-812"
    assert [part.name for part in unit.run.parts] == ["20260304T050607Z", "20260305T050607Z"]
    assert [(p.path, p.severity) for p in intake.problems] == [("run-812/run.json", Severity.ERROR)]


def test_parts_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    write(tmp_path / "run.json", MANIFEST)
    write_run(tmp_path / "linux/results")
    write_run(tmp_path / "macos/results")
    assert [part.name for part in only_unit(read(tmp_path)).run.parts] == ["results", "macos/results"]


def test_a_sharded_run_has_its_shard_in_its_identity(tmp_path: Path) -> None:
    for index in (0, 1):
        files = {"environment.json": environment(shard=shard("unit", f"unit-{index}-of-2", index, 2))}
        write_run(tmp_path / f"shard{index}", **files)
    units = read(tmp_path).units
    assert ids(units) == [f"{STAMP}-unit-0-of-2", f"{STAMP}-unit-1-of-2"]
    assert [unit.run.parts[0].name for unit in units] == ["unit-0-of-2", "unit-1-of-2"]


def test_a_shard_name_that_leads_out_of_the_folder_is_no_key(tmp_path: Path) -> None:
    files = {"environment.json": environment(shard=shard("unit", "../../etc", 0, 2))}
    run_id = only_unit(read(write_run(tmp_path / STAMP, **files))).run.key.run_id
    assert run_id.startswith("run-")
    assert "/" not in run_id


def test_a_folder_that_was_stopped_before_its_targets_has_them_as_not_run(tmp_path: Path) -> None:
    folder = tmp_path / STAMP
    write(folder / "environment.json", environment())
    write(folder / "build.log", "   Compiling shop\nerror[E0308]: mismatched types\n")
    write(folder / "lint/fmt.log", "Diff in src/cart.rs\n")
    write(folder / "lint/clippy.log", "    Checking shop\n")
    unit = only_unit(read(folder))
    (part,) = unit.run.parts
    assert (part.state, part.build_failed, part.lint_failed) == (PartState.ABORTED, True, ("fmt",))
    assert {result.status for result in unit.results} == {Status.NOT_RUN}


def test_a_killed_run_has_some_results_and_the_rest_not_run(tmp_path: Path) -> None:
    folder = tmp_path / STAMP
    write(folder / "environment.json", environment())
    write(folder / "lib/result.json", result("lib", surface="lib", target=None))
    write(folder / "unit/codec/result.json", result("codec", 134, surface="unit"))
    unit = only_unit(read(folder))
    assert unit.run.parts[0].state is PartState.KILLED
    assert [(r.name, r.status, r.kind) for r in unit.results] == [
        ("lib", Status.PASSED, ""),
        ("codec", Status.FAILED, "exit 134"),
        ("checkout", Status.NOT_RUN, ""),
    ]


@pytest.mark.parametrize(
    ("code", "passed", "failed", "reasons"),
    [
        (0, 3, 0, ()),
        (101, 3, 1, ()),
        (0, 3, 1, ("failures_but_exit_zero",)),
        (101, 0, 0, ("exit_nonzero_without_failures",)),
        (1, 3, 100_000, ()),
        (1, 3, 100_001, ("huge_count",)),
        (1, 200_000, 0, ("exit_nonzero_without_failures", "huge_count")),
    ],
)
def test_counts_that_cannot_be_true_are_flagged(
    tmp_path: Path, code: int, passed: int, failed: int, reasons: tuple[str, ...]
) -> None:
    row = result("checkout", code, passed=passed, failed=failed)
    files = {"checkout/result.json": row, "summary.json": summary(suites=[row])}
    found = only_unit(read(write_run(tmp_path / STAMP, **files))).results[1]
    assert found.odd == reasons
    assert found.status is (Status.FAILED if code else Status.PASSED)


def test_a_failed_suite_speaks_with_its_digest(tmp_path: Path) -> None:
    row = result("checkout", 101)
    files = {
        "checkout/result.json": row,
        "summary.json": summary(suites=[row]),
        "checkout/failure_digest.json": digest("checkout"),
    }
    unit = only_unit(read(write_run(tmp_path / STAMP, **files)))
    found = unit.results[1]
    assert (found.message, found.kind, found.file, found.line) == (
        "cart is empty",
        "assertion_failure",
        "src/cart.rs",
        41,
    )
    assert [(d.part, d.path) for d in unit.evidence.digests] == [(STAMP, "checkout/failure_digest.json")]


def test_the_run_wide_timeline_goes_before_those_of_the_suites(tmp_path: Path) -> None:
    files = {
        "failure_timeline.jsonl": lines([event("__run__", 1), event("checkout", 2)]),
        "checkout/failure_timeline.jsonl": lines([event("checkout", 1)]),
        "returns/failure_timeline.jsonl": lines([event("returns", 1)]),
    }
    timeline = only_unit(read(write_run(tmp_path / STAMP, **files))).evidence.timeline
    assert [(e.suite, e.ordinal) for e in timeline] == [("__run__", 1), ("returns", 1), ("checkout", 2)]


def test_gate_evidence_is_a_run_of_the_folder_above_it(tmp_path: Path) -> None:
    point = tmp_path / "20260304T050607Z-0123456789"
    write(point / "tests/full_suite_gate/full_suite_verdict.json", verdict(gate("unit"), gate("perf", "fail")))
    rows: list[dict[str, object]] = [{"schema": "pi.ci.full_suite_gate_event.v1", "gate_id": "unit", "status": "pass"}]
    write(point / "tests/full_suite_gate/full_suite_events.jsonl", lines(rows))
    write(point / "docs/notes.md", "")
    unit = only_unit(read(tmp_path))
    assert (unit.run.key.run_id, unit.run.commit) == (point.name, "0123456789")
    assert (unit.run.started_at, unit.run.time_source) == (datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), "folder name")
    (report,) = unit.evidence.gate_reports
    assert report.event_statuses == (("unit", "pass"),)
    assert report.path == "tests/full_suite_gate/full_suite_verdict.json"
    assert "docs/notes.md" in [source.path for source in unit.evidence.sources]


def test_gate_evidence_in_a_folder_without_a_stamp_is_as_old_as_its_newest_file(tmp_path: Path) -> None:
    folder = tmp_path / "release-4/full_suite_gate"
    write(folder / "full_suite_verdict.json", verdict(gate("unit")))
    old = {"schema": "pi.ci.waiver_audit.v1", "generated_at": "2026-02-01T00:00:00.000Z", "waivers": []}
    write(folder / "waiver_audit.json", old)
    run = only_unit(read(tmp_path)).run
    assert run.key.run_id == "release-4"
    assert (run.started_at, run.time_source) == (datetime(2026, 3, 4, 6, tzinfo=UTC), "gate files")
