"""Hostile structures: each is one Problem within seconds, and what is good beside it still counts."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from generator.records import Severity
from tests.readers.run_folder import read
from tests.shared import shared

if TYPE_CHECKING:
    from pathlib import Path

CLASSES = ("archive", "tree", "json", "jsonl", "xml", "toml", "clock", "size", "baseline")

Row = dict[str, str]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("hostile") / "out"
    words: list[str | Path] = [sys.executable, "-B", shared("abuse", "make.py"), out, "--only", ",".join(CLASSES)]
    subprocess.run(words, check=True, capture_output=True)
    return out


@pytest.fixture(scope="module")
def rows(corpus: Path) -> list[Row]:
    with (corpus / "EXPECT.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def complaint(corpus: Path, row: Row) -> str:
    """Say what is wrong with the reading of a case; nothing when it is as the corpus expects."""
    began = time.monotonic()
    intake = read(corpus / row["path"])
    seconds = time.monotonic() - began
    errors = [problem for problem in intake.problems if problem.severity is Severity.ERROR]
    if seconds > 10:
        return f"{row['path']}: took {seconds:.0f} s"
    if row["expect"] == "must-reject-with-error":
        named = [each for each in intake.problems if row["file"] in each.path + each.message or row["file"] == "-"]
        return "" if errors or named else f"{row['path']}: no problem about {row['file']}"
    if "clean" in json.loads(row["checks"]) and errors:
        return f"{row['path']}: {errors[0].message}"
    return "" if intake.units or errors else f"{row['path']}: neither read nor named"


@pytest.mark.shared
@pytest.mark.parametrize("kind", CLASSES)
def test_hostile_input_is_refused_by_name_and_genuine_input_is_read(corpus: Path, rows: list[Row], kind: str) -> None:
    chosen = [row for row in rows if row["class"] == kind]
    assert chosen
    assert [text for row in chosen if (text := complaint(corpus, row))] == []


@pytest.mark.shared
def test_nothing_of_a_refused_archive_is_read(corpus: Path, rows: list[Row]) -> None:
    refused = [row for row in rows if row["class"] == "archive" and row["expect"] == "must-reject-with-error"]
    assert len(refused) >= 20
    for row in refused:
        intake = read(corpus / row["path"])
        assert intake.units == ()
        assert all(problem.hint for problem in intake.problems)
