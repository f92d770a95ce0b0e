"""The worst input of each class ends within 10 seconds of one core and 512 MiB, and says what it refuses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.limits.worst import WORST
from tests.shared import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 10
MEBIBYTES = 512
RUNNER = Path(__file__).with_name("runner.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a command cost and said."""

    code: int
    cpu: float
    """Seconds of one core: other than the clock on the wall, the same on a busy machine, or nearly."""
    peak: float
    out: str
    err: str


def inspected(path: Path) -> Cost:
    """Inspect a path in a process of its own."""
    words = [sys.executable, "-m", "generator", "inspect", str(path), "--format", "json"]
    for settings in path.parent.glob("replaybook.*"):
        words += ["--config", str(settings)]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-I", str(RUNNER), *words],
        cwd=ROOT,
        env={**kept, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return Cost(**json.loads(done.stdout))


@pytest.mark.parametrize("make", WORST.values(), ids=WORST)
def test_the_worst_input_of_a_class_ends_in_time_and_memory_without_a_traceback(
    make: Callable[[Path], Path], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    cost = inspected(make(tmp_path))
    shutil.rmtree(tmp_path)  # what is large must not wait for the end of all tests
    record_property("cpu seconds", round(cost.cpu, 1))
    record_property("peak MiB", round(cost.peak))
    assert "Traceback" not in cost.err + cost.out
    if cost.code == 2:
        assert cost.err.startswith("error: replaybook.")
    else:
        assert cost.code in {0, 3}, cost.err
        assert "the reader failed" not in cost.out
        json.loads(cost.out)
    assert cost.cpu <= SECONDS
    assert cost.peak <= MEBIBYTES
