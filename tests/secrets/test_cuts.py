"""A secret on the border of a cut: no reader cuts a text before it is clean, so no beginning of a secret is left."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.readers.run_folder import read, write
from tests.safety.invented import token

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECRET = token()
START = SECRET[:9]
"""A beginning that is too short to be told as a secret, and long enough to help whoever guesses."""


def ctrf_parameter(text: str) -> tuple[str, object]:
    both = [{"name": "a", "status": "failed", "duration": 1, "parameters": {"p": value}} for value in (text, "other")]
    summary = {"tests": 2, "passed": 0, "failed": 2, "pending": 0, "skipped": 0, "other": 0, "start": 1, "stop": 2}
    return "ctrf.json", {"results": {"tool": {"name": "x"}, "summary": summary, "tests": both}}


def cucumber_status(text: str) -> tuple[str, object]:
    steps = [{"keyword": "Given ", "name": "s", "result": {"status": text}}]
    scenario = {"name": "e", "type": "scenario", "steps": steps}
    return "cucumber.json", [{"uri": "a.feature", "name": "f", "elements": [scenario]}]


def sarif_level(text: str) -> tuple[str, object]:
    results = [{"ruleId": "r", "level": text, "kind": "fail", "message": {"text": "m"}}]
    return "x.sarif", {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "lint"}}, "results": results}]}


def tap_value(text: str) -> tuple[str, object]:
    return "x.tap", f"TAP version 13\n1..1\nnot ok 1 - a\n  ---\n  expected: {text}\n  actual: b\n  ...\n"


def tap_name(text: str) -> tuple[str, object]:
    return "x.tap", f"TAP version 13\n1..1\nnot ok 1 - {text}\n"


def go_output(text: str) -> tuple[str, object]:
    test = {"Package": "p", "Test": "T"}
    lines: list[dict[str, object]] = [{"Action": "run", **test}]
    lines += [{"Action": "output", **test, "Output": f"{part}\n"} for part in (text, "x " * 20_000)]
    lines += [{"Action": "fail", **test, "Elapsed": 1}, {"Action": "fail", "Package": "p", "Elapsed": 1}]
    return "go.jsonl", "\n".join(map(json.dumps, lines))


def junit(failure: str) -> tuple[str, object]:
    return "x.xml", f"<testsuite name='s'><testcase name='a'>{failure}</testcase></testsuite>"


def junit_text(text: str) -> tuple[str, object]:
    return junit(f"<failure>{text} {'z ' * 40_000}</failure>")


def junit_message(text: str) -> tuple[str, object]:
    return junit(f"<failure message='{text}'>t</failure>")


BORDERS: list[tuple[Callable[[str], tuple[str, object]], int]] = [
    *(
        (ctrf_parameter, 80),
        (cucumber_status, 40),
        (sarif_level, 80),
        (tap_value, 400),
        (tap_name, 8000),
        (tap_name, 512),
    ),
    *((go_output, 16 * 1024), (junit_text, 64 * 1024), (junit_message, 8 * 1024), (junit_message, 4 * 1024)),
]


@pytest.mark.parametrize(("make", "border"), BORDERS)
@pytest.mark.parametrize("inside", [4, 9, 15, 20, 30])
def test_a_secret_on_the_border_of_a_cut_leaves_nothing(
    make: Callable[[str], tuple[str, Any]], border: int, inside: int, tmp_path: Path
) -> None:
    words = ("word " * (border // 5 + 1))[: border - inside - 1] + " "
    name, content = make(f"{words}{SECRET} end of it {'more ' * 200}")
    write(tmp_path / "run" / name, content)
    intake = read(tmp_path / "run")
    said = "\n".join(
        [*(unit.evidence.model_dump_json() + repr(unit.results) for unit in intake.units)]
        + [problem.model_dump_json() for problem in intake.problems]
    )
    assert "word word" in said
    assert START not in said
    assert SECRET[-9:] not in said
