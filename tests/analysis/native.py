"""Fabricated nights of an invented project, read and stored as in reality, with the truth about them."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from generator.analysis import prepare
from generator.analysis.folders import part_folders
from generator.config import Settings
from generator.history import open_store
from generator.readers import RunDefaults, read_all
from tests.shared import shared

if TYPE_CHECKING:
    from pathlib import Path

    from generator.analysis import Prepared

SCENARIOS = (
    *("nightly", "aborted_build", "killed", "no_result_file", "rerun", "quick_profile", "focused_profile"),
    *("ci_against_full", "branch", "branch_fixed", "lonely_bundle", "fork_namespace", "digest_as_text"),
    *("malformed_folder", "empty_list_summary", "legacy", "shards_unit_3", "shards_suite_2_incomplete"),
    *("shards_both_2", "ci_lanes"),
)
"""All but the gate history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A history and what is true about it."""

    prepared: Prepared
    truth: dict[str, Any]

    def index(self, folder: str) -> int:
        """Return the position of the run that a folder of the truth became."""
        name = PurePosixPath(folder).name
        for place, run in enumerate(self.prepared.runs):
            if name in part_folders(run) | {part.shard.name for part in run.parts}:
                return place
        raise KeyError(folder)


def world(folder: Path, *, seed: int, emitter: str, triage: str, only: tuple[str, ...] = SCENARIOS) -> World:
    """Fabricate, read and store the scenarios; skips where the maker is not there."""
    made = folder / "made"
    options = {"seed": str(seed), "emitter": emitter, "triage": triage, "only": ",".join(only)}
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    subprocess.run([sys.executable, shared("native", "make.py"), made, *words], check=True, capture_output=True)
    defaults = RunDefaults(repository="local", workflow="ci", now=datetime(2026, 9, 1, tzinfo=UTC))
    store = open_store(folder / "history", create=True)
    for unit in read_all([made], defaults).units:
        store.append(unit)
    truth = json.loads((made / "truth.json").read_text(encoding="utf-8"))
    return World(prepared=prepare(store.snapshot(), Settings()), truth=truth)
