"""The corpus of hostile artifacts, built class by class with the command line, and its independent judge."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.shared import ROOT, shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

CLASSES = (
    *("archive", "baseline", "clock", "control", "csv", "inject", "json", "jsonl", "path", "replay", "secret", "size"),
    *("toml", "tree", "url", "xml", "yaml"),
)
ALL_RUNS = 1000
"""`--backfill` so that every case has a version of its own."""


@functools.cache
def judge() -> Any:
    """Return the judge, which shares no code with the product."""
    spec = importlib.util.spec_from_file_location("abuse_judge", shared("abuse", "check_html.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["abuse_judge"] = module  # its dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command returned and said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Built:
    """A class of cases, built: each case is a version of the site."""

    name: str
    site: Path
    history: Path
    answer: Answer
    litter: tuple[str, ...]
    """Files that appeared beside site and history."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """All cases below a folder, and what they plant into the environment of the product."""

    folder: Path
    cases: tuple[Any, ...]
    environment: dict[str, str]

    def of(self, name: str) -> list[Any]:
        """Return the cases of a class."""
        return [case for case in self.cases if case.cls == name]

    def paths(self, cases: Iterable[Any]) -> list[Path]:
        """Return the folders and files to name on the command line, and the run that is later than all others."""
        newest = [case for case in self.cases if "newest" in case.path]
        assert newest
        return [self.folder / path for path in dict.fromkeys(case.path for case in (*cases, *newest))]

    def command(
        self,
        words: Sequence[str | Path],
        work: Path,
        *,
        planted: bool = True,
        script: Sequence[str] = ("-m", "generator"),
    ) -> Answer:
        """Run the product in a folder of its own, with the planted variables in its environment."""
        work.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.folder / "canary.txt", work / "canary.txt")
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"} | (self.environment if planted else {})
        environment.pop("GITHUB_STEP_SUMMARY", None)
        done = subprocess.run(
            [sys.executable, *script, *map(str, words)], cwd=work, env=environment, capture_output=True, check=False
        )
        return Answer(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))

    def build(
        self, name: str, cases: Iterable[Any], work: Path, *, script: Sequence[str] = ("-m", "generator")
    ) -> Built:
        """Build cases into a site with a version for each."""
        words: list[str | Path] = ["build", *self.paths(cases), "--history", "history", "--site", "site", "--exit-zero"]
        answer = self.command([*words, "--backfill", str(ALL_RUNS)], work, script=script)
        litter = sorted(path.name for path in work.iterdir() if path.name not in {"site", "history", "canary.txt"})
        return Built(name, work / "site", work / "history", answer, tuple(litter))


def make(folder: Path) -> Corpus:
    """Write the corpus into an empty folder."""
    words = [sys.executable, "-B", str(shared("abuse", "make.py")), str(folder)]
    subprocess.run(words, check=True, capture_output=True)
    environment = json.loads((folder / "env.json").read_text(encoding="utf-8"))
    return Corpus(folder, tuple(judge().load(folder / "EXPECT.tsv")), environment)
