"""Readers of other packages, and the worked example of the documentation."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
import textwrap
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING

import pytest

from generator.errors import UsageError
from generator.plugins import Reader
from generator.readers import READERS
from generator.readers.registry import GROUP, all_readers
from tests.readers.in_memory import artifact, outcome
from tests.shared import ROOT

if TYPE_CHECKING:
    from pathlib import Path

GUIDE = ROOT / ".github" / "CONTRIBUTING.md"
REPORT = "smoke 1\nPASS login 0.20\nFAIL checkout 1.75 expected 200, got 500\n"


def block(language: str, number: int = 0) -> str:
    """Return a code block of the guide."""
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return found[number]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package that adds the reader of the guide, installed in a folder."""
    folder = tmp_path / "installed"
    (folder / "acme_reports").mkdir(parents=True)
    (folder / "acme_reports/__init__.py").write_text("")
    (folder / "acme_reports/smoke_lines.py").write_text(block("python"), encoding="utf-8")
    (folder / "acme_reports-1.dist-info").mkdir()
    (folder / "acme_reports-1.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: acme-reports\nVersion: 1\n")
    points = re.sub(r'\[project\.entry-points\."(.*?)"\]', r"[\1]", block("toml")).replace('"', "")
    (folder / "acme_reports-1.dist-info/entry_points.txt").write_text(points)
    return folder


def ask(package: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "generator", *words],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{package}", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_example_of_the_guide_is_a_reader_that_an_entry_point_adds(package: Path, tmp_path: Path) -> None:
    report = tmp_path / "smoke.txt"
    report.write_text(REPORT)
    done = ask(package, "inspect", str(report), "--format", "json")
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(done.stdout)["artifacts"]
    assert found["reader"] == "smoke_lines"
    assert (found["counts"]["tests"], found["counts"]["failed"]) == (2, 1)
    listed = ask(package, "readers", "--format", "json")
    rows = json.loads(listed.stdout)["readers"]
    assert [row["reader"] for row in rows] == [*(reader.NAME for reader in READERS), "smoke_lines"]


def test_a_format_is_added_by_one_file_one_name_and_one_golden_folder(tmp_path: Path) -> None:
    """The same example among our own readers, in a copy of the project."""
    for name in ("generator", "tests/readers", "tests/shared.py", "tests/conftest.py"):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["/bin/cp", "-r", str(ROOT / name), str(target)], check=True)
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["."]\nmarkers = ["shared"]\n')
    (tmp_path / "generator/readers/smoke_lines.py").write_text(block("python"), encoding="utf-8")
    registry = tmp_path / "generator/readers/registry.py"
    text = registry.read_text(encoding="utf-8")
    registry.write_text(text.replace("TEXT: Final = (\n", 'TEXT: Final = (\n    "smoke_lines",\n'), encoding="utf-8")
    golden = tmp_path / "tests/readers/golden/smoke_lines"
    golden.mkdir()
    (golden / "two.txt").write_text(REPORT)
    (golden / "cut.txt").write_text("smoke 1\nPA")
    run = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--import-mode=importlib",
        "-k",
        "smoke_lines",
    ]
    words = [*run, "tests/readers/test_golden.py", "--update-golden"]
    written = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert written.returncode == 0, written.stdout
    said = json.loads((golden / "two.txt.expected.json").read_text())
    assert [(result["name"], result["status"]) for result in said["results"]] == [
        ("login", "passed"),
        ("checkout", "failed"),
    ]
    assert json.loads((golden / "cut.txt.expected.json").read_text())["refused"] == "line 2 is no result"
    done = subprocess.run([*run, "tests/readers"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "2 passed" not in done.stdout  # more than the two golden files: the contract tests took it along


def test_the_reader_of_the_guide_keeps_to_the_contract(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(package))
    module = importlib.import_module("acme_reports.smoke_lines")
    assert isinstance(module, Reader)
    said = outcome(module, artifact("smoke.txt", REPORT))
    assert isinstance(said, dict)
    assert said["counts"] == {"is": "Counts", "suites": 1, "tests": 2, "passed": 1, "failed": 1, "errors": 0} | {
        "skipped": 0,
        "flaky": 0,
        "duration_s": 1.95,
    }


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise RuntimeError('no')", "cannot be loaded: RuntimeError"),
        ("NAME = 'x'", "does not offer"),
        (
            "NAME = 'junit'\nTITLE = SIGNS = 'x'\ndef recognises(artifact): return ''\ndef read(artifact): ...",
            "two readers are called junit",
        ),
    ],
)
def test_a_reader_that_cannot_be_used_is_an_error_of_the_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, said: str
) -> None:
    (tmp_path / "bad_reader.py").write_text(textwrap.dedent(source))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "bad_reader", raising=False)
    with pytest.raises(UsageError, match=said) as caught:
        all_readers([EntryPoint("bad", "bad_reader", GROUP)])
    assert caught.value.hint


def test_a_reader_that_fails_is_a_problem_and_the_other_files_are_used(package: Path, tmp_path: Path) -> None:
    (package / "acme_reports/smoke_lines.py").write_text(block("python").replace("cases = ", "cases = 1 / 0 #"))
    (tmp_path / "in").mkdir()
    (tmp_path / "in/smoke.txt").write_text(REPORT)
    (tmp_path / "in/junit.xml").write_text('<testsuite><testcase name="a"/></testsuite>')
    done = ask(package, "inspect", str(tmp_path / "in"), "--format", "json")
    assert done.returncode == 3
    answer = json.loads(done.stdout)
    assert "ZeroDivisionError" in answer["problems"][0]["message"] + answer["problems"][-1]["message"]
    assert answer["totals"]["tests"] == 1
    assert "Traceback" not in done.stderr
