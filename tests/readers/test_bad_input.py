"""A bad file is one Problem that names it; the rest of the run is used."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from generator.records import PartState, Severity, SourceState, Status
from tests.readers.run_folder import (
    STAMP,
    about,
    digest,
    dumped,
    environment,
    event,
    gate,
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

    from generator.records import TestResult


def by_name(results: tuple[TestResult, ...]) -> dict[str, TestResult]:
    return {f"{result.surface.value}:{result.name}": result for result in results}


def test_a_truncated_summary_leaves_a_killed_run_with_the_results_of_its_targets(tmp_path: Path) -> None:
    run = write_run(tmp_path / STAMP, **{"summary.json": dumped(summary())[:200]})
    intake = read(run)
    unit = only_unit(intake)
    broken, state = about(intake, "summary.json")
    assert (broken.severity, broken.reader) == (Severity.ERROR, "summary")
    assert "not JSON" in broken.message
    assert "line" in broken.message
    assert state.severity is Severity.WARNING
    assert "summary.json is there, but it cannot be read" in state.message
    assert unit.run.parts[0].state is PartState.UNREADABLE
    assert {name: found.status for name, found in by_name(unit.results).items()} == {
        "unit:codec": Status.PASSED,
        "suite:checkout": Status.PASSED,
    }
    assert {problem.path for problem in unit.evidence.problems} == {"summary.json"}


def test_a_summary_of_an_unknown_version_is_not_called_one_that_was_never_written(tmp_path: Path) -> None:
    intake = read(write_run(tmp_path / STAMP, **{"summary.json": summary(schema="pi.e2e.summary.v9")}))
    unit = only_unit(intake)
    version, state = about(intake, "summary.json")
    assert "v9" in version.message
    assert "summary.json is there, but it cannot be read" in state.message
    assert "killed" not in state.message
    assert len(unit.results) == 2
    (source,) = (found for found in unit.evidence.sources if found.reader == "summary")
    assert source.state is SourceState.CORRUPT


def log_row(**fields: object) -> dict[str, object]:
    """Return one row of a test log."""
    text = {"ts": "2026-03-04T05:06:08Z", "level": "info", "category": "http", "message": "POST /carts"}
    return {"schema": "hb.test.log.v2", "type": "log", "trace_id": "a1", "seq": 1, "t_ms": 2.5, **text, **fields}


def artifact_row(**fields: object) -> dict[str, object]:
    """Return one row of the list of files that a test left."""
    text = {"ts": "2026-03-04T05:06:08Z", "name": "cart.sql", "path": "/srv/cart.sql"}
    return {"schema": "hb.test.artifact.v1", "type": "artifact", "seq": 1, "t_ms": 0, **text, **fields}


def test_logs_of_tests_are_read_without_a_word_and_may_be_empty(tmp_path: Path) -> None:
    old = log_row(schema="hb.test.log.v1", trace_id=None)
    files = {
        "unit/codec/test-log.jsonl": lines([log_row(), old]),
        "unit/codec/artifact-index.jsonl": lines([artifact_row(size_bytes=7)]),
        "checkout/test-log.jsonl": "",
        "checkout/test-log.normalized.jsonl": "{",
    }
    intake = read(write_run(tmp_path / STAMP, **files))
    assert intake.problems == ()
    found = {source.path: (source.reader, source.schema_id) for source in intake.sources}
    assert found["unit/codec/test-log.jsonl"] == ("test_log", "hb.test.log.v2")
    assert found["unit/codec/artifact-index.jsonl"] == ("test_log", "hb.test.artifact.v1")
    assert found["checkout/test-log.jsonl"] == ("test_log", None)
    assert found["checkout/test-log.normalized.jsonl"] == (None, None)


@pytest.mark.parametrize(
    ("tail", "words"),
    [
        ('{"schema":"hb.te', "line 2 torn last line"),
        ("[1]\n", "line 2 is no object"),
        ("{}\n", "line 2 has no schema"),
        (lines([log_row(schema="hb.test.log.v7")]), "line 2 has the schema `hb.test.log.v7`"),
        (lines([log_row(seq=True, message=None)]), "line 2 has no valid message, seq"),
        (lines([artifact_row(type="log", path=7)]), "line 2 has no valid type, path"),
    ],
)
def test_a_row_of_a_test_log_that_is_none_is_a_warning_with_its_line(tmp_path: Path, tail: str, words: str) -> None:
    intake = read(write_run(tmp_path / STAMP, **{"unit/codec/test-log.jsonl": lines([log_row()]) + tail}))
    (problem,) = about(intake, "unit/codec/test-log.jsonl")
    assert (problem.severity, problem.reader) == (Severity.WARNING, "test_log")
    assert words in problem.message
    assert only_unit(intake).run.parts[0].state is PartState.COMPLETE


def test_a_test_log_of_which_only_a_torn_line_is_left_is_still_a_warning(tmp_path: Path) -> None:
    intake = read(write_run(tmp_path / STAMP, **{"checkout/test-log.jsonl": '{"schema":'}))
    (problem,) = about(intake, "checkout/test-log.jsonl")
    assert (problem.severity, "line 1 torn last line" in problem.message) == (Severity.WARNING, True)


def test_a_truncated_result_leaves_the_row_of_the_summary(tmp_path: Path) -> None:
    run = write_run(tmp_path / STAMP, **{"checkout/result.json": b'{"schema": "pi.e2e.result.v1", '})
    intake = read(run)
    (problem,) = about(intake, "checkout/result.json")
    assert problem.severity is Severity.ERROR
    assert by_name(only_unit(intake).results)["suite:checkout"].duration_s == 1.5
    (source,) = (s for s in intake.sources if s.path == "checkout/result.json")
    assert (source.state, source.reader, len(source.sha256)) == (SourceState.CORRUPT, "result", 64)


@pytest.mark.parametrize("data", [b"\xff\xfe\xfa", b"\x1f\x8b\x08\x00", b"", b"null", b'"text"', b"[1]", b"{}", b"7"])
def test_a_file_of_a_known_name_with_foreign_content_is_an_error(tmp_path: Path, data: bytes) -> None:
    run = write_run(tmp_path / STAMP, **{"triage_diff.json": data})
    intake = read(run)
    (problem,) = about(intake, "triage_diff.json")
    assert (problem.severity, problem.reader) == (Severity.ERROR, "triage_diff")
    assert problem.hint
    assert only_unit(intake).run.parts[0].state is PartState.COMPLETE


def test_a_key_given_twice_is_refused(tmp_path: Path) -> None:
    data = b'{"schema": "pi.e2e.result.v1", "suite": "checkout", "exit_code": 101, "exit_code": 0}'
    intake = read(write_run(tmp_path / STAMP, **{"checkout/result.json": data}))
    (problem,) = about(intake, "checkout/result.json")
    assert "exit_code" in problem.message


def test_a_value_of_the_wrong_kind_is_a_warning_and_taken_as_unknown(tmp_path: Path) -> None:
    run = write_run(tmp_path / STAMP, **{"checkout/result.json": result("checkout", passed=True, duration_ms="long")})
    intake = read(run)
    (problem,) = about(intake, "checkout/result.json")
    assert problem.severity is Severity.WARNING
    assert "passed" in problem.message
    found = by_name(only_unit(intake).results)["suite:checkout"]
    assert (found.status, found.scraped, found.duration_s) == (Status.PASSED, None, None)


def test_a_result_without_an_exit_code_never_passes(tmp_path: Path) -> None:
    data = result("checkout")
    del data["exit_code"]
    row = {"suite": "checkout"}
    run = write_run(tmp_path / STAMP, **{"checkout/result.json": data, "summary.json": summary(suites=[])})
    unit = only_unit(read(run))
    assert "suite:checkout" not in by_name(unit.results)
    claims: dict[str, object] = {"suites": [row], "failed_names": ["checkout"], "total_suites": 1, "failed_suites": 1}
    write(run / "summary.json", summary(suites=[]) | claims | {"passed_suites": 0})
    assert by_name(only_unit(read(run)).results)["suite:checkout"].status is Status.ERROR


def test_a_time_that_is_no_time_is_a_warning_and_the_folder_says_when(tmp_path: Path) -> None:
    run = write_run(tmp_path / STAMP)
    write(run / "environment.json", environment(timestamp="../../yesterday"))
    write(run / "summary.json", summary(timestamp=None))
    intake = read(run)
    (problem,) = about(intake, "environment.json")
    assert "timestamp" in problem.message
    unit = only_unit(intake)
    assert (unit.run.key.run_id, unit.run.time_source) == (STAMP, "folder name")


def test_unknown_fields_are_tolerated(tmp_path: Path) -> None:
    run = write_run(tmp_path / STAMP)
    write(run / "environment.json", environment(weather="calm", __proto__={"polluted": True}))
    intake = read(run)
    assert intake.problems == ()
    assert "polluted" not in only_unit(intake).run.model_dump_json()


def test_a_fork_with_another_namespace_is_read_the_same(tmp_path: Path) -> None:
    run = write_run(tmp_path / STAMP)
    write(run / "environment.json", environment(schema="fork.e2e.environment.v1"))
    write(run / "summary.json", summary(schema="fork.e2e.summary.v1"))
    unit = only_unit(read(run))
    assert (unit.run.parts[0].namespace, len(unit.results)) == ("fork", 2)


def test_an_empty_list_as_summary_is_a_live_provider_run(tmp_path: Path) -> None:
    intake = read(write(tmp_path / STAMP / "summary.json", []).parent)
    assert intake.problems == ()
    assert only_unit(intake).run.parts[0].state is PartState.LIVE_PROVIDER


def test_paths_of_another_machine_are_kept_as_text_and_never_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = write(tmp_path / "elsewhere/result.json", result("stolen"))
    foreign = str(secret.parent)
    run = write_run(tmp_path / "in" / STAMP)
    write(run / "environment.json", environment(artifact_dir=foreign, diff_from=f"{foreign}/summary.json"))
    opened: list[str] = []
    real = os.open

    def spy(path: str, *rest: int, **more: int) -> int:
        opened.append(str(path))
        return real(path, *rest, **more)

    monkeypatch.setattr(os, "open", spy)
    unit = only_unit(read(run))
    assert unit.run.parts[0].foreign_folder == foreign
    assert opened
    assert not [path for path in opened if "elsewhere" in path]
    assert "stolen" not in str(unit.results)


def test_rows_that_disagree_with_the_claims_of_a_summary_are_a_warning(tmp_path: Path) -> None:
    said = summary(suites=[result("checkout", 101)], failed_names=["other"], failed_suites=3)
    run = write_run(tmp_path / STAMP, **{"summary.json": said, "checkout/result.json": result("checkout", 101)})
    messages = [problem.message for problem in about(read(run), "summary.json")]
    assert len(messages) == 2
    assert any("failed_names" in text and "other" in text and "checkout" in text for text in messages)
    assert any("failed_suites" in text and "3" in text for text in messages)


def test_a_result_file_goes_before_the_summary_and_the_difference_is_named(tmp_path: Path) -> None:
    intake = read(write_run(tmp_path / STAMP, **{"checkout/result.json": result("checkout", 101)}))
    assert by_name(only_unit(intake).results)["suite:checkout"].exit_code == 101
    (problem,) = about(intake, "summary.json")
    assert "states exit code 0 for the suite checkout" in problem.message
    assert "101" in problem.message


@pytest.mark.parametrize(("data", "word"), [(None, "missing"), (b"{", "cannot be read")])
def test_a_digest_that_the_index_names_and_that_is_not_there_is_a_warning(
    tmp_path: Path, data: bytes | None, word: str
) -> None:
    index = {
        "schema": "pi.e2e.failure_diagnostics_index.v1",
        "failed_suite_count": 1,
        "suites": [{"suite": "checkout"}],
    }
    run = write_run(tmp_path / STAMP, **{"failure_diagnostics_index.json": index})
    if data is not None:
        write(run / "checkout/failure_digest.json", data)
    (problem,) = about(read(run), "failure_diagnostics_index.json")
    assert problem.severity is Severity.WARNING
    assert "checkout" in problem.message
    assert word in problem.message


def test_good_rows_of_a_timeline_are_kept_and_bad_ones_named_by_line(tmp_path: Path) -> None:
    text = lines([event("checkout", 1)]) + "garbage\n[1]\n" + lines([event("checkout", 2)]) + '{"torn": '
    intake = read(write_run(tmp_path / STAMP, **{"failure_timeline.jsonl": text}))
    (problem,) = about(intake, "failure_timeline.jsonl")
    assert [name in problem.message for name in ("line 2", "line 3", "line 5")] == [True] * 3
    assert [e.ordinal for e in only_unit(intake).evidence.timeline] == [1, 2]


def test_a_timeline_of_thousands_of_events_is_cut_and_says_so(tmp_path: Path) -> None:
    rows = [event("checkout", number) for number in range(1, 900)] + [event("__run__", 900)]
    intake = read(write_run(tmp_path / STAMP, **{"failure_timeline.jsonl": lines(rows)}))
    (problem,) = about(intake, "failure_timeline.jsonl")
    assert problem.severity is Severity.INFO
    assert "899" in problem.message
    timeline = only_unit(intake).evidence.timeline
    assert len(timeline) == 401
    assert timeline[-1].suite == "__run__"


def test_a_gate_that_does_not_say_whether_it_blocks_is_taken_as_blocking(tmp_path: Path) -> None:
    row = gate("unit", "fail")
    del row["blocking"]
    write(tmp_path / "point/tests/full_suite_gate/full_suite_verdict.json", verdict(row))
    (report,) = only_unit(read(tmp_path / "point")).evidence.gate_reports
    assert report.gates[0].blocking


def test_a_gate_listed_twice_counts_once_and_is_named(tmp_path: Path) -> None:
    write(tmp_path / "point/full_suite_gate/full_suite_verdict.json", verdict(gate("unit"), gate("unit", "fail")))
    intake = read(tmp_path / "point")
    (report,) = only_unit(intake).evidence.gate_reports
    assert [row.status for row in report.gates] == ["pass"]
    assert "twice" in intake.problems[0].message


def test_secrets_in_commands_are_masked_and_marked(tmp_path: Path) -> None:
    token = "ghp_" + "a1B2" * 9
    pointer = {"suite_replay_command": f"GITHUB_TOKEN={token} cargo test --test checkout"}
    files = {
        "checkout/failure_digest.json": digest("checkout", remediation_pointer=pointer),
        "checkout/result.json": result("checkout", 101),
        "summary.json": summary(suites=[result("checkout", 101)]),
    }
    unit = only_unit(read(write_run(tmp_path / STAMP, **files)))
    (command,) = unit.evidence.digests[0].commands
    assert command.secret
    assert token not in unit.evidence.model_dump_json()
