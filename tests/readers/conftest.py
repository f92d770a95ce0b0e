"""The fabricated CI histories, made once for all tests of the readers."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.readers.native_world import World
from tests.readers.run_folder import read
from tests.shared import shared

if TYPE_CHECKING:
    from pathlib import Path

VARIANTS = (("seed", "upstream", 2), ("late", "intended", 3))


@pytest.fixture(scope="session", params=VARIANTS, ids=lambda variant: f"{variant[0]}-{variant[1]}")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    emitter, triage, seed = request.param
    out: Path = tmp_path_factory.mktemp(f"{emitter}-{triage}") / "out"
    options = ["--emitter", emitter, "--triage", triage, "--seed", str(seed)]
    subprocess.run([sys.executable, "-B", shared("native", "make.py"), out, *options], check=True, capture_output=True)
    truth = json.loads((out / "truth.json").read_text(encoding="utf-8"))
    return World(truth=truth, intake=read(out / "tests", out / "gate_history"), emitter=emitter)
