"""Artifact in, reading out, side by side: `golden/<reader>/<file>` and what is read from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.readers import READERS
from tests.readers.in_memory import artifact, outcome

if TYPE_CHECKING:
    from generator.plugins import Reader

GOLDEN = Path(__file__).parent / "golden"
EXPECTED = ".expected.json"
INPUTS = sorted(path for path in GOLDEN.rglob("*") if path.is_file() and not path.name.endswith(EXPECTED))
BY_NAME: dict[str, Reader] = {reader.NAME: reader for reader in READERS}


def name_of(path: Path) -> str:
    return path.relative_to(GOLDEN).as_posix()


@pytest.mark.parametrize("path", INPUTS, ids=name_of)
def test_an_artifact_is_read_as_the_file_beside_it_says(path: Path, pytestconfig: pytest.Config) -> None:
    folder, *below = path.relative_to(GOLDEN).parts[:-1]
    found = artifact(path.name, path.read_bytes(), below)
    takers = [reader.NAME for reader in READERS if reader.recognises(found)]
    assert takers[:1] == [folder]
    said = json.loads(json.dumps(outcome(BY_NAME[folder], found)))
    expected = path.with_name(path.name + EXPECTED)
    if pytestconfig.getoption("--update-golden"):
        expected.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert said == json.loads(expected.read_text(encoding="utf-8"))


def test_no_expectation_is_without_its_artifact() -> None:
    expectations = {name_of(path) for path in GOLDEN.rglob(f"*{EXPECTED}")}
    assert expectations == {name_of(path) + EXPECTED for path in INPUTS}


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.NAME)
def test_every_reader_has_a_golden_folder_with_a_report_that_it_reads(reader: Reader) -> None:
    expectations = [json.loads(path.read_bytes()) for path in (GOLDEN / reader.NAME).rglob(f"*{EXPECTED}")]
    assert any("refused" not in said for said in expectations)
