"""Thirty fabricated nights: exactly the targets that disagreed with themselves on one commit are proven flaky."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

from generator.analysis import flaky
from generator.analysis.prepare import prepare
from generator.config import Settings
from generator.findings.flaky import SUSPECTED
from generator.history import open_store
from generator.readers import RunDefaults, read_all
from tests.shared import shared

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.shared


@pytest.mark.parametrize("seed", ["1", "2"])
def test_flaky_targets_are_found_with_the_runs_that_prove_it(seed: str, tmp_path: Path) -> None:
    maker, made = shared("native", "make.py"), tmp_path / "made"
    subprocess.run(
        [sys.executable, maker, made, "--seed", seed, "--only", "nightly,rerun"], check=True, capture_output=True
    )
    defaults = RunDefaults(repository="local", workflow="ci", now=datetime(2026, 9, 1, tzinfo=UTC))
    store = open_store(tmp_path / "history", create=True)
    for unit in read_all([made], defaults).units:
        store.append(unit)
    prepared = prepare(store.snapshot(), Settings())
    truth = json.loads((made / "truth.json").read_text(encoding="utf-8"))["flaky"]
    proof = {
        item["target"]: {
            PurePosixPath(folder).name for evidence in item["evidence"] for folder in evidence["exit_codes"]
        }
        for item in truth
    }
    notes = flaky.find(prepared, len(prepared.runs) - 1)
    found = [note for note in notes if note.label != SUSPECTED]
    assert {note.test.key: {run.label for run in note.runs} for note in found} == proof
    assert {note.test.key: set(note.commits) for note in found} == {
        item["target"]: {evidence["commit"][:9] for evidence in item["evidence"]} for item in truth
    }
    assert not {note.test.key for note in notes if note.label == SUSPECTED} & set(proof)
    assert all(note.commits == () and note.excursions >= 2 for note in notes if note.label == SUSPECTED)
