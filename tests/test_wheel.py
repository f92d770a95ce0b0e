"""The built wheel, installed into a clean environment, does the main job without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_the_wheel_builds_a_site_in_a_clean_environment(tmp_path: Path) -> None:
    """Dependencies come from this environment through a path file: the wheel itself is what is tested."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    wheel = next(tmp_path.glob("replaybook-*.whl"))
    clean = tmp_path / "clean"
    venv.create(clean, with_pip=True)
    python = clean / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    theirs = next((clean / "lib").glob("python*/site-packages"))
    ours = next(path for path in sys.path if path.endswith("site-packages"))
    (theirs / "dependencies.pth").write_text(f"{ours}\n")
    report = tmp_path / "run-1" / "junit.xml"
    report.parent.mkdir()
    report.write_text('<testsuite name="s"><testcase name="a"><failure message="no"/></testcase></testsuite>')
    words = [str(clean / "bin" / "replaybook"), "build", str(report.parent), "--history", "h", "--site", "s"]
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    done = subprocess.run(words, cwd=tmp_path, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert (tmp_path / "s" / "run-1" / "index.html").is_file()
    where = [str(python), "-c", "import generator; print(generator.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, env=kept, capture_output=True, text=True, check=True)
    assert found.stdout.startswith(str(clean))
