"""Real report files of other projects, with the counts that those projects expect."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from generator.records import Severity, SourceState
from tests.readers.run_folder import DEFAULTS, only_unit, read
from tests.shared import ROOT, shared

if TYPE_CHECKING:
    from pathlib import Path

    from generator.readers import Intake

pytestmark = pytest.mark.shared

ALLOWED = ROOT / "tests" / "corpus_allow.txt"
REPORTS = ("junit.xml", "ctrf.json", "pytest-json-report.json", "reportlog.jsonl", "allure-results")
RELEASES = range(8)


def test_counts_equal_what_the_upstream_projects_expect() -> None:
    """Every accepted difference stands in the allow list with its reason; one that is no longer needed is an error."""
    judge = shared("corpus", "check_oracle.py")
    done = subprocess.run(
        [sys.executable, str(judge), "--command", f"{sys.executable} -m generator", "--allow", str(ALLOWED)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "no longer match" not in done.stdout
    for line in done.stdout.splitlines():
        form, _, tally = line.partition(": ")
        if form != "total" and "/" in tally:
            right, whole = (int(number) for number in tally.split(" ", 1)[0].split("/"))
            assert right >= 0.98 * whole, line


def release(number: int) -> Path:
    (folder,) = shared("corpus", "gen-toolz-releases").glob(f"{number:02d}-*")
    return folder


def counts(intake: Intake) -> tuple[int, int, int]:
    totals = intake.totals
    return totals.tests, totals.failed + totals.errors, totals.skipped


@pytest.mark.parametrize("number", RELEASES)
def test_one_run_counts_the_same_in_every_format_and_once_in_all_of_them(number: int) -> None:
    folder = release(number)
    present = [folder / name for name in REPORTS if (folder / name).exists()]
    assert len(present) >= 2
    alone = {path.name: read(path) for path in present}
    told = {name: counts(intake) for name, intake in alone.items()}
    together = read(folder, defaults=replace(DEFAULTS, run_id="7"))
    assert counts(together) == told["junit.xml"]
    odd = {name for name, count in told.items() if count != told["junit.xml"]}
    named = {problem.path.split("/")[0] for problem in together.problems if "reports the same run" in problem.message}
    assert odd == named


@pytest.mark.parametrize("number", RELEASES)
def test_the_formats_of_pytest_name_every_test_alike(number: int) -> None:
    folder = release(number)
    present = [name for name in ("junit.xml", "pytest-json-report.json", "reportlog.jsonl") if (folder / name).exists()]
    names = [{result.identity for result in only_unit(read(folder / name)).results} for name in present]
    assert all(found == names[0] for found in names)


def histories() -> list[Path]:
    return sorted(path for path in shared("corpus", "gitlab-allure-history").glob("*/[0-9]*") if path.is_dir())


def test_every_run_of_an_allure_history_gives_the_totals_of_allure() -> None:
    folders = histories()
    assert len(folders) == 132
    for folder in folders:
        stated = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["statistic"]
        intake = read(folder)
        totals = intake.totals
        assert (totals.tests, totals.passed, totals.skipped) == (stated["total"], stated["passed"], stated["skipped"])
        assert totals.failed + totals.errors == stated["failed"] + stated["broken"] + stated["unknown"]
        assert [problem.message for problem in intake.problems if "totals" in problem.message] == []
        assert only_unit(intake).run.time_source == "test report"


def test_totals_that_allure_states_and_the_cases_do_not_bear_out_are_a_problem(tmp_path: Path) -> None:
    folder = histories()[0]
    (tmp_path / "suites.csv").write_bytes((folder / "suites.csv").read_bytes())
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    summary["statistic"]["total"] += 1
    summary["statistic"]["passed"] += 1
    (tmp_path / "summary.json").write_text(json.dumps(summary))
    (problem,) = (problem for problem in read(tmp_path).problems if "totals" in problem.message)
    assert problem.severity is Severity.WARNING


def test_every_file_of_the_corpus_is_read_refused_or_left_without_an_exception() -> None:
    """Also asks that every report of a known format is taken by a reader: the manifest says which they are."""
    corpus = shared("corpus")
    intake = read(corpus, defaults=replace(DEFAULTS, run_id="7"))
    failed = [problem.message for problem in intake.problems if "the reader failed" in problem.message]
    assert failed == []
    taken = {source.path: source.reader for source in intake.sources}
    with (corpus / "MANIFEST.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    unread: Counter[str] = Counter()
    for row in rows:
        path = row["path"].removeprefix("corpus/")
        if row["format"] in READ and taken.get(path) is None and "NOT well-formed" not in row["note"]:
            unread[row["format"]] += 1
    assert unread == UNREAD


READ = {
    *(
        "junit-xml",
        "nunit-xml",
        "xunit-xml",
        "trx",
        "ctrf",
        "allure2-result",
        "allure2-container",
        "allure1-xml",
        "tap",
    ),
    *("allure2-report-suites-csv", "allure2-report-summary", "allure2-report-testcase", "jenkins-junitResult-xml"),
    *("pytest-json-report", "pytest-reportlog-jsonl", "playwright-json", "mocha-json", "jest-json", "dart-json"),
    *("cargo-libtest-json", "go-test-json", "sarif", "cobertura-xml", "coverage-py-json", "gab-data-js"),
    *("asv-results", "pytest-benchmark-json", "gha-workflow_run-webhook", "gha-workflow_job-webhook"),
    *("gha-check_run-webhook", "gha-check_suite-webhook"),
}
"""Formats of the manifest that have a reader."""

UNREAD = Counter(
    {
        "allure1-xml": 1,  # a list of environment values
        "allure2-result": 10,  # pieces for unit tests without the name or the fields of a result, and an attachment
        "asv-results": 1,  # says of itself that it is no results file
        "junit-xml": 2,  # pieces of an attack on XML parsers, no reports; named on the command line they are refused
    }
)
"""Files of these formats that no reader takes, with the reason beside each."""


def test_states_of_files_are_those_of_their_problems() -> None:
    intake = read(shared("corpus", "enricomi-putr"), defaults=replace(DEFAULTS, run_id="7"))
    corrupt = {source.path for source in intake.sources if source.state is SourceState.CORRUPT}
    refused = {problem.path for problem in intake.problems if problem.severity is Severity.ERROR}
    assert corrupt <= refused
