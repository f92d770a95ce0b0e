"""Limits that the settings change hold wherever a reader parses something itself."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from generator.errors import UnreadableError
from generator.readers import allure_history, benchmark_action
from generator.records import Severity, SourceState
from generator.safety.limits import KIB, ReadLimits
from tests.readers.in_memory import artifact
from tests.readers.run_folder import DEFAULTS, about, read, write

if TYPE_CHECKING:
    from pathlib import Path

    from generator.plugins import Reader

DEEP = '{"testResults": ' + "[" * 20 + "]" * 20 + ', "entries": {}}'
EVENTS = (
    "".join(
        json.dumps({"Action": action, "Package": "example.org/mill", "Test": f"Test{number}"}) + "\n"
        for number in range(6_000)
        for action in ("run", "pass")
    )
    + '{"Action": "pass", "Package": "example.org/mill"}\n'
)


@pytest.mark.parametrize(
    ("reader", "name", "text"),
    [(benchmark_action, "data.js", f"window.BENCHMARK_DATA = {DEEP};"), (allure_history, "history.jsonl", f"{DEEP}\n")],
)
def test_a_document_within_a_file_is_refused_over_the_depth_of_the_settings(
    reader: Reader, name: str, text: str
) -> None:
    with pytest.raises(UnreadableError, match="nested deeper than 10 at"):
        reader.read(artifact(name, text, limits=ReadLimits(depth=10)))


@pytest.mark.parametrize(("head", "tail"), [(64 * KIB, 192 * KIB), (500 * KIB, 200 * KIB), (300, 300)])
def test_events_of_which_the_middle_was_not_read_are_never_counted(tmp_path: Path, head: int, tail: int) -> None:
    path = write(tmp_path / "run/go.log", "a line of the build\n" + EVENTS)
    intake = read(tmp_path / "run", defaults=replace(DEFAULTS, limits=ReadLimits(log_head=head, log_tail=tail)))
    assert path.stat().st_size > head + tail
    (source,) = intake.sources
    (problem,) = about(intake, source.path)
    assert (intake.totals.tests, source.state, source.sha256) == (0, SourceState.CORRUPT, "")
    assert problem.severity is Severity.ERROR
    assert "only the beginning and the end are read" in problem.message


def test_events_that_fit_the_ends_of_a_log_are_all_counted_and_hashed(tmp_path: Path) -> None:
    write(tmp_path / "run/go.log", "a line of the build\n" + EVENTS)
    intake = read(tmp_path / "run", defaults=replace(DEFAULTS, limits=ReadLimits(log_head=4096 * KIB)))
    (source,) = intake.sources
    assert (intake.totals.tests, source.state, len(source.sha256)) == (6_000, SourceState.READ, 64)
