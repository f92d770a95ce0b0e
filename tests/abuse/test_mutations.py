"""The corpus bites: with one defence off, its judge finds something; with all on, nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.abuse.corpus import judge
from tests.abuse.sabotaged import DEFENCES
from tests.shared import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.abuse.corpus import Corpus

pytestmark = [pytest.mark.shared, pytest.mark.slow]

CASES = {
    "escape": ("inject", 6),
    "titles_of_text": ("inject", 6),
    "title_override": ("inject", 6),
    "redactor": ("secret", 6),
    "neutralising": ("control", 25),
    "command_grammar": ("replay", 12),
    "policy": ("baseline", 1),
}
SABOTAGED = ROOT / "tests" / "abuse" / "sabotaged.py"
HARMLESS = {"titles_of_text"}
"""What another defence makes good alone."""


def found(corpus: Corpus, work: Path, defence: str | None) -> list[str]:
    """Return what the judge and the exit code say of the cases that a defence is for."""
    name, number = CASES[defence or "escape"]
    script = [str(SABOTAGED), defence] if defence else ["-m", "generator"]
    made = corpus.build(name, corpus.of(name)[:number], work, script=script)
    rules = judge().Rules.of(corpus.cases)
    said = judge().judge_output("output", made.answer.out + made.answer.err, rules)
    seen = judge().judge(made.site, corpus.cases) if made.site.exists() else []
    broken = [] if made.answer.code == 0 else [f"exit {made.answer.code}: {made.answer.err[-300:]}"]
    return [*broken, *made.litter, *(str(each) for each in (*said, *seen))]


@pytest.mark.parametrize("defence", CASES)
def test_the_corpus_notices_each_defence_that_is_off(corpus: Corpus, tmp_path: Path, defence: str) -> None:
    seen = found(corpus, tmp_path / "work", defence)
    assert bool(seen) is (defence not in HARMLESS), seen[:3]


def test_the_corpus_finds_nothing_when_every_defence_is_on(corpus: Corpus, tmp_path: Path) -> None:
    assert found(corpus, tmp_path / "work", None) == []


@pytest.mark.parametrize("defence", [None, "regular_files"])
def test_a_link_in_the_artifacts_leads_nowhere_as_long_as_the_guard_is_on(
    corpus: Corpus, tmp_path: Path, defence: str | None
) -> None:
    outside = tmp_path / "outside.xml"
    outside.write_text('<testsuite name="s"><testcase name="from outside"><failure>x</failure></testcase></testsuite>')
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "report.xml").symlink_to(outside)
    script = [str(SABOTAGED), defence] if defence else ["-m", "generator"]
    answer = corpus.command(["inspect", tmp_path / "run"], tmp_path / "work", script=script)
    assert ("1 tests: 0 passed, 1 failed" in answer.out) is bool(defence)
    assert ("symbolic link" in answer.out) is (not defence)


def test_every_defence_that_can_be_switched_off_is_tested() -> None:
    assert set(CASES) | {"regular_files"} == set(DEFENCES)
