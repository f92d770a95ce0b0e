"""The command line: names, exit codes, streams, and what it says about bad input."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.commandline import ROOT, Answer, replaybook

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = ROOT / "artifacts_example" / "runs"
NOW = "2026-11-09T12:00:00Z"
GREEN = '<testsuite name="s"><testcase classname="c" name="a" time="1"/><testcase classname="c" name="b"/></testsuite>'
RED = '<testsuite name="s"><testcase classname="c" name="a"><failure message="no"/></testcase></testsuite>'


def build(tmp_path: Path, *artifacts: Path | str) -> Answer:
    words = ("--history", tmp_path / "history", "--site", tmp_path / "site", "--now", NOW)
    return replaybook("build", *artifacts, *words)


def report(folder: Path, text: str, run: str = "run-1") -> Path:
    path = folder / "in" / run / "junit.xml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path.parent


def no_traceback(answer: Answer) -> None:
    assert "Traceback" not in answer.err + answer.out


def test_version_and_help_name_the_program_and_the_exit_codes() -> None:
    assert replaybook("--version").out.startswith("replaybook 0.")
    text = replaybook("--help").out
    for word in ("build", "ingest", "inspect", "gate", "history", "serve", "Exit codes: 0 pass"):
        assert word in text


HISTORY = [f"history {word}" for word in ("list", "verify", "merge", "export", "import", "prune")]


@pytest.mark.parametrize("command", ["build", "ingest", "inspect", "gate", "serve", *HISTORY])
def test_every_command_explains_itself_and_ends_with_examples(command: str) -> None:
    answer = replaybook(*command.split(), "--help")
    assert answer.code == 0
    assert "Examples:" in answer.out
    assert f"replaybook {command}" in answer.out


def test_help_does_not_import_what_it_does_not_need() -> None:
    heavy = {"pandas", "pyarrow", "mkdocs", "plotly", "pydantic", "jinja2"}
    show = "import sys, generator.cli as c; c.root.main(['--help'], standalone_mode=False)"
    probe = f"{show}\nprint(sorted({heavy} & set(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr.strip() == "[]"


def test_a_green_run_without_a_baseline_passes(tmp_path: Path) -> None:
    answer = build(tmp_path, report(tmp_path, GREEN))
    assert (answer.code, "Passes." in answer.out) == (0, True)


def test_a_failing_run_blocks_and_exit_zero_only_reports(tmp_path: Path) -> None:
    runs = report(tmp_path, RED)
    assert build(tmp_path, runs).code == 1
    assert build(tmp_path, runs, "--exit-zero").code == 0
    assert replaybook("gate", "--history", tmp_path / "history").code == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("junit.xml", b"<testsuite><testcase name='a'>", ["junit.xml", "line"]),
        ("junit.xml", b"<testsuite name='\xff\xfe'><testcase name='a'/></testsuite>", ["junit.xml"]),
        ("summary.json", b'{"schema": "pi.e2e.summary.v1", "timestamp": "2026', ["summary.json"]),
        ("summary.json", b'{"schema": "pi.e2e.summary.v99"}', ["summary.json", "v99"]),
        ("summary.json", b'{"a": 1, "a": 2}', ["summary.json", "twice"]),
    ],
)
def test_an_unreadable_file_is_named_with_cause_and_next_step(
    tmp_path: Path, name: str, content: bytes, words: list[str]
) -> None:
    path = tmp_path / "run" / name
    path.parent.mkdir()
    path.write_bytes(content)
    answer = replaybook("inspect", path, "--format", "json")
    no_traceback(answer)
    assert answer.code == 3
    problem = next(found for found in answer.json["problems"] if found["severity"] == "error")
    text = f"{problem['path']} {problem['message']}"
    assert all(word in text for word in words), text
    assert problem["hint"]


def test_one_bad_file_does_not_hide_the_good_ones(tmp_path: Path) -> None:
    report(tmp_path, GREEN, "run-1")
    bad = tmp_path / "in" / "run-1" / "other.xml"
    bad.write_text("<testsuite><testcase")
    answer = build(tmp_path, tmp_path / "in")
    assert answer.code == 3
    assert "other.xml" in answer.err
    assert (tmp_path / "site/run-1/index.html").is_file()
    page = (tmp_path / "site/run-1/problems/index.html").read_text()
    assert "other.xml" in page


@pytest.mark.parametrize("argument", ["nowhere", "empty"])
def test_nothing_to_read_is_never_green(tmp_path: Path, argument: str) -> None:
    (tmp_path / "empty").mkdir()
    answer = build(tmp_path, tmp_path / argument)
    no_traceback(answer)
    assert answer.code == 3
    assert argument in answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["empty"], "a build that fails leaves nothing behind"


def test_a_build_without_anything_says_so(tmp_path: Path) -> None:
    answer = build(tmp_path)
    assert answer.code == 3
    assert "no run was given" in answer.err


def test_a_report_without_tests_is_unknown_not_green(tmp_path: Path) -> None:
    answer = build(tmp_path, report(tmp_path, "<testsuites/>"))
    assert answer.code == 3
    assert "Unknown." in answer.out


def test_a_file_in_place_of_the_history_is_refused(tmp_path: Path) -> None:
    (tmp_path / "history").write_text("mine")
    answer = build(tmp_path, report(tmp_path, GREEN))
    no_traceback(answer)
    assert answer.code in (2, 4)
    assert "history" in answer.err


def test_wrong_settings_name_the_file_and_the_key(tmp_path: Path) -> None:
    (tmp_path / "bad.yml").write_text("gates: {min_pass_rat: 1}")
    answer = build(tmp_path, report(tmp_path, GREEN), "--config", tmp_path / "bad.yml")
    assert answer.code == 2
    assert "bad.yml" in answer.err
    assert "min_pass_rate" in answer.err


def test_an_unknown_run_policy_or_label_is_a_usage_error(tmp_path: Path) -> None:
    build(tmp_path, report(tmp_path, GREEN))
    history = ("--history", tmp_path / "history")
    assert replaybook("gate", *history, "--run", "run-9").code == 2
    assert replaybook("gate", *history, "--policy", "nope").code == 2
    assert build(tmp_path, "--version-label", "../up").code == 2


def test_data_goes_to_stdout_and_words_to_stderr(tmp_path: Path) -> None:
    report(tmp_path, GREEN, "run-1")
    (tmp_path / "in" / "run-1" / "bad.xml").write_text("<testsuite><testcase")
    words = ("--history", tmp_path / "history", "--site", tmp_path / "site", "--now", NOW, "--format", "json")
    answer = replaybook("build", tmp_path / "in", *words)
    assert json.loads(answer.out)["exit_code"] in (0, 3)
    assert answer.code == 3


def test_a_hostile_name_cannot_command_the_runner_or_the_terminal(tmp_path: Path) -> None:
    name = "&#10;::error::owned &#x202E; [31m"
    answer = build(
        tmp_path, report(tmp_path, f'<testsuite name="s"><testcase name="{name}"><failure/></testcase></testsuite>')
    )
    assert answer.code == 1
    for line in (answer.out + answer.err).splitlines():
        assert not line.lstrip().startswith("::")
    assert "\x1b" not in answer.out
    assert "\u202e" not in answer.out


def test_options_can_be_set_in_the_environment(tmp_path: Path) -> None:
    runs = report(tmp_path, GREEN)
    site = tmp_path / "elsewhere"
    environment = {"REPLAYBOOK_BUILD_SITE": str(site), "SOURCE_DATE_EPOCH": "1793000000"}
    answer = replaybook("build", runs, "--history", tmp_path / "history", environment=environment)
    assert answer.code == 0
    assert (site / "index.html").is_file()


def test_history_list_and_verify_show_runs_and_name_an_altered_unit(tmp_path: Path) -> None:
    build(tmp_path, report(tmp_path, GREEN, "run-1"))
    history = ("--history", tmp_path / "history")
    listed = replaybook("history", "list", *history, "--format", "json").json["runs"]
    assert [run["label"] for run in listed] == ["run-1"]
    assert replaybook("history", "verify", *history).code == 0
    victim = next((tmp_path / "history" / "units").glob("*/results.parquet"))
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(data)
    answer = replaybook("history", "verify", *history)
    assert answer.code == 3
    assert victim.parent.name in answer.out


def test_a_missing_history_says_what_to_do(tmp_path: Path) -> None:
    for command in ("list", "verify"):
        answer = replaybook("history", command, "--history", tmp_path / "none")
        no_traceback(answer)
        assert answer.code in (2, 3)
        assert "none" in answer.err


def test_serve_without_a_site_is_a_usage_error(tmp_path: Path) -> None:
    answer = replaybook("serve", "--site", tmp_path)
    assert answer.code == 2
    assert "replaybook build" in answer.err


def test_the_same_run_with_other_content_is_refused_with_the_difference(tmp_path: Path) -> None:
    runs = report(tmp_path, GREEN)
    build(tmp_path, runs)
    (runs / "junit.xml").write_text(RED)
    answer = replaybook("ingest", runs, "--history", tmp_path / "history", "--now", NOW)
    assert answer.code == 3
    assert "junit.xml" in answer.err
    shutil.rmtree(tmp_path / "site")
    assert build(tmp_path).code == 0


def test_inspect_says_which_reader_took_a_file_by_which_sign_and_what_it_saw(tmp_path: Path) -> None:
    report = tmp_path / "anything.txt"
    report.write_text('<testsuite name="s" timestamp="2026-03-04T05:06:07Z"><testcase name="a"/></testsuite>')
    answer = replaybook("inspect", report)
    assert answer.code == 0
    assert "reader  junit, because of root element `testsuite`" in answer.out
    assert "saw     1 test: 1 passed; began 2026-03-04T05:06:07Z" in answer.out


def test_a_long_answer_is_the_same_json_as_a_short_one(tmp_path: Path) -> None:
    for number in range(2_000):
        (tmp_path / f"{number}.txt").write_text("")
    answer = replaybook("inspect", tmp_path, "--format", "json")
    assert [row["path"] for row in answer.json["artifacts"]] == sorted(f"{number}.txt" for number in range(2_000))
    assert answer.out == json.dumps(answer.json, indent=2, sort_keys=True) + "\n"


def test_readers_lists_every_format_with_its_sign() -> None:
    rows = replaybook("readers", "--format", "json").json["readers"]
    assert len(rows) >= 80
    assert {"reader", "title", "recognises"} == set(rows[0])
    text = replaybook("readers").out
    assert all(row["reader"] in text and row["recognises"] in text for row in rows)


def test_limits_of_the_settings_hold_for_inspect(tmp_path: Path) -> None:
    (tmp_path / "small.yml").write_text("limits:\n  xml_bytes: 20\n")
    (tmp_path / "junit.xml").write_text('<testsuite name="s"><testcase name="a"/></testsuite>')
    answer = replaybook("inspect", tmp_path / "junit.xml", "--config", tmp_path / "small.yml", "--format", "json")
    assert answer.code == 3
    assert "larger than 20 bytes" in answer.json["problems"][0]["message"]
    assert "settings" in answer.json["problems"][0]["hint"]
