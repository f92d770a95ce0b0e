"""The plugin in somebody's own MkDocs site: by its entry point, with a theme and pages that are not ours."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.commandline import ROOT

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = ROOT / "artifacts_example" / "runs" / "0033-20261109"


def mkdocs(folder: Path, plugin: str, theme: str = "material") -> subprocess.CompletedProcess[str]:
    (folder / "docs").mkdir()
    (folder / "docs" / "index.md").write_text("# Our handbook\n\nSee [the failures](ci/failures/index.md).\n")
    (folder / "mkdocs.yml").write_text(
        f"site_name: Handbook\ntheme: {theme}\nstrict: true\nplugins:\n  - search\n  - replaybook:\n{plugin}"
    )
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    words = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", "out"]
    return subprocess.run(
        words, cwd=folder, env={**kept, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("theme", ["material", "mkdocs"])
def test_the_pages_of_the_newest_run_stand_in_somebody_elses_site(tmp_path: Path, theme: str) -> None:
    done = mkdocs(tmp_path, f"      artifacts: ['{EXAMPLE}']\n", theme)
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    assert "Our handbook" in (out / "index.html").read_text()
    assert "Blocked." in (out / "ci" / "index.html").read_text()
    assert len(list((out / "ci" / "failures").glob("f-*/index.html"))) == 14
    assert (tmp_path / ".replaybook" / "history" / "format.json").is_file()


def test_artifacts_that_are_not_there_end_the_build_with_a_message(tmp_path: Path) -> None:
    done = mkdocs(tmp_path, "      artifacts: [nowhere]\n")
    assert done.returncode != 0
    assert "replaybook" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_configuration_at_the_top_of_the_project_builds(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path / "out")]
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    done = subprocess.run(
        words, cwd=ROOT, env={**kept, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Blocked." in (tmp_path / "out" / "index.html").read_text()
