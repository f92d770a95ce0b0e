"""Every case of the corpus through the front door: what comes out is inert, complete and without a secret."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from tests.abuse.corpus import CLASSES, judge
from tests.shared import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.abuse.corpus import Built, Corpus

pytestmark = [pytest.mark.shared, pytest.mark.slow]
REBUILT = ("control", "secret", "url")


def findings(corpus: Corpus, name: str, site: Path) -> list[str]:
    return [str(found) for found in judge().judge(site, [*corpus.of(name), *corpus.of("baseline")])]


def stored(history: Path) -> str:
    """Return everything that the history says, unpacked."""
    said: list[str] = []
    for path in sorted(history.rglob("*")):
        if path.suffix == ".parquet":
            said.append(str(pq.read_table(path).to_pylist()))
        elif path.is_file():
            data = path.read_bytes()
            said.append((gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8", "replace"))
        said.append(path.name)
    return "\n".join(said)


def not_shown(corpus: Corpus, built: Built, work: Path) -> dict[str, list[str]]:
    """Return the texts that had to be shown and are not, unless `inspect` says with severity error why not."""
    wanted = [case for case in corpus.of(built.name) if case.expect != "must-reject-with-error"]
    missing: dict[str, list[str]] = judge().missing(built.site, wanted)
    for case in wanted:
        if case.path in missing and "clean" not in case.checks and _errors(corpus, case, work):
            del missing[case.path]
    return missing


def _errors(corpus: Corpus, case: Any, work: Path) -> list[str]:
    answer = corpus.command(["inspect", corpus.folder / case.path, "--format", "json"], work)
    return [found["message"] for found in json.loads(answer.out)["problems"] if found["severity"] == "error"]


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_of_hostile_artifacts_is_inert_in_the_site(
    corpus: Corpus, built: Callable[[str], Built], callers: list[str], name: str, tmp_path: Path
) -> None:
    made = built(name)
    assert callers == []
    assert made.answer.code == 0, made.answer.err[-2000:]
    assert findings(corpus, name, made.site) == []
    assert not_shown(corpus, made, tmp_path) == {}
    assert made.litter == ()


@pytest.mark.parametrize("name", CLASSES)
def test_what_the_program_says_of_a_class_steers_neither_terminal_nor_forge(
    corpus: Corpus, built: Callable[[str], Built], name: str, tmp_path: Path
) -> None:
    made = built(name)
    rules = judge().Rules.of(corpus.cases)
    problems = corpus.command(["ingest", *corpus.paths(corpus.of(name)), "--exit-zero"], tmp_path / "ingest")
    summary = corpus.command(["gate", "--history", made.history, "--format", "md", "--exit-zero"], tmp_path / "gate")
    said = {"out": made.answer.out, "err": made.answer.err}
    said |= {"ingest": problems.out + problems.err, "gate": summary.out + summary.err}
    assert [str(found) for stream, text in said.items() for found in judge().judge_output(stream, text, rules)] == []
    assert [str(found) for found in judge().judge_markdown("summary", summary.out, rules)] == []
    assert summary.out.startswith("### Run")


@pytest.mark.parametrize("name", CLASSES)
def test_nothing_that_must_be_absent_is_in_the_history(
    corpus: Corpus, built: Callable[[str], Built], name: str
) -> None:
    text = stored(built(name).history)
    rules = judge().Rules.of(corpus.cases)
    assert "newest" in text or len(text) > 1000
    assert [str(found) for found in judge().judge_text("history", text, rules)] == []


@pytest.mark.parametrize("name", REBUILT)
def test_a_rebuild_from_the_history_alone_revives_nothing(
    corpus: Corpus, built: Callable[[str], Built], name: str, tmp_path: Path
) -> None:
    made = built(name)
    words: list[str | Path] = [
        "build",
        "--history",
        made.history,
        "--site",
        "again",
        "--exit-zero",
        "--backfill",
        "1000",
    ]
    answer = corpus.command(words, tmp_path, planted=False)
    assert answer.code == 0, answer.err[-2000:]
    assert findings(corpus, name, tmp_path / "again") == []
    assert len(list((tmp_path / "again").glob("*/index.html"))) == len(list(made.site.glob("*/index.html")))


def test_a_build_needs_no_network_and_is_the_same_without(corpus: Corpus, tmp_path: Path) -> None:
    cut = next((words for words in (["unshare", "-n"], ["unshare", "-rn"]) if _works([*words, "true"])), None)
    if cut is None:
        pytest.skip("this machine lets nobody make a network namespace")
    cases = corpus.of("baseline")[:3]
    words = [*map(str, corpus.paths(cases)), "--history", "h", "--site", "s", "--exit-zero"]
    words = ["-m", "generator", "build", *words, "--now", "2026-03-02T00:00:00Z"]
    sites = []
    for name, prefix in (("without", cut), ("with", [])):
        folder = tmp_path / name
        folder.mkdir()
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [*prefix, sys.executable, *words], cwd=folder, env=environment, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()[-2000:]
        site = folder / "s"
        sites.append({str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*") if path.is_file()})
    assert sites[0] == sites[1]


def _works(words: list[str]) -> bool:
    try:
        return subprocess.run(words, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
