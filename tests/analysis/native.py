"""Fabricated nights of an invented project, read and stored as in reality, with the truth about them."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from generator.analysis import analyse, prepare
from generator.analysis.folders import part_folders
from generator.config import Settings
from generator.history import open_store
from generator.readers import RunDefaults, read_all
from tests.shared import shared

if TYPE_CHECKING:
    from pathlib import Path

    from generator.analysis import Prepared
    from generator.findings import Findings

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
    known: dict[int, Findings] = field(default_factory=dict)

    def findings(self, index: int) -> Findings:
        """Return the findings about a run, made once."""
        if index not in self.known:
            label = self.prepared.runs[index].label
            self.known[index] = analyse(self.prepared, label, base=None, settings=self.prepared.settings)
        return self.known[index]

    def index(self, folder: str) -> int:
        """Return the position of the run that a folder of the truth became."""
        name = PurePosixPath(folder).name
        for place, run in enumerate(self.prepared.runs):
            if name in part_folders(run) | {part.shard.name for part in run.parts}:
                return place
        raise KeyError(folder)


def world(folder: Path, *, seed: int, emitter: str, triage: str, series_only: bool = False) -> World:
    """Fabricate, read and store the runs, or the series of nights alone; skips where the maker is not there."""
    made, only = folder / "made", "nightly" if series_only else ",".join(SCENARIOS)
    options = ("--seed", str(seed), "--emitter", emitter, "--triage", triage, "--only", only)
    subprocess.run([sys.executable, shared("native", "make.py"), made, *options], check=True, capture_output=True)
    truth = json.loads((made / "truth.json").read_text(encoding="utf-8"))
    paths = [made / name for name in truth["series"]] if series_only else [made]
    defaults = RunDefaults(repository="local", workflow="ci", now=datetime(2026, 9, 1, tzinfo=UTC))
    store = open_store(folder / "history", create=True)
    for unit in read_all(paths, defaults).units:
        store.append(unit)
    return World(prepared=prepare(store.snapshot(), Settings()), truth=truth)
