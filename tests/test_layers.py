"""The layers hold, and a forbidden import makes the check fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [command, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(folder)},
    )


def copy_project(folder: Path) -> Path:
    shutil.copytree(ROOT / "generator", folder / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_a_planted_import_between_stages_makes_the_check_fail(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    kept = lint_imports(project)
    assert kept.returncode == 0, kept.stdout
    module = project / "generator" / "pages" / "words.py"
    module.write_text(f"{module.read_text()}\nimport generator.readers  # noqa\n")
    broken = lint_imports(project)
    assert broken.returncode != 0
    assert "generator.pages" in broken.stdout


def test_a_planted_import_upwards_makes_the_check_fail(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    module = project / "generator" / "records" / "base.py"
    module.write_text(f"{module.read_text()}\nimport generator.config  # noqa\n")
    assert lint_imports(project).returncode != 0


def test_a_new_top_level_module_must_take_a_place_in_the_layers(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    (project / "generator" / "utils.py").write_text('"""Anything."""\n')
    assert lint_imports(project).returncode != 0
