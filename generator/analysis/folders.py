"""Run folders: how artifacts name another run, by a path of another computer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.findings import RunFacts


def named_folder(path: str) -> str:
    """Return the run folder's name in a path to its `summary.json` or to itself; nothing else of the path is used."""
    steps = [step for step in re.split(r"[/\\]+", path) if step not in ("", ".", "..")]
    if steps and steps[-1].endswith(".json"):
        steps.pop()
    return steps[-1] if steps else ""


def part_folders(run: RunFacts) -> frozenset[str]:
    """Return the folder names by which other runs may name this one: where its parts lie, here and where they ran."""
    paths = [path for part in run.parts for path in (part.folder, part.foreign_folder)]
    return frozenset(name for name in (*map(named_folder, paths), *(key.run_id for key in run.keys)) if name)
