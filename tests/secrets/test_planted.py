"""No secret of any kind, planted in any place in any disguise, is left in anything that the program writes or says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from generator.safety.ids import is_commit
from tests.readers.run_folder import write
from tests.secrets.planted import DISGUISES, PLACES, PLANTS, SHAPED, everything_in, left_of, plant_everywhere, readings
from tests.shared import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def program(work: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **variables}
    command = [sys.executable, "-m", "generator", *words]
    return subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)


def spoken(text: str) -> str:
    return "\n".join(readings(text))


def test_there_are_sixty_kinds_and_twelve_places_and_disguises() -> None:
    assert len({plant.kind for plant in PLANTS}) >= 60
    assert len(PLACES) >= 12
    assert len(DISGUISES) >= 12


def test_the_look_for_secrets_finds_each_of_them_before_masking(tmp_path: Path) -> None:
    plant_everywhere(tmp_path / "run", PLANTS, DISGUISES["plain"])
    said = everything_in(tmp_path / "run")
    assert len(left_of(PLANTS, said)) == len(PLANTS)


def test_no_secret_of_any_kind_is_left_wherever_it_was_planted(tmp_path: Path) -> None:
    plant_everywhere(tmp_path / "run", PLANTS, DISGUISES["plain"])
    built = program(tmp_path, "build", "run", "--history", "h", "--site", "s", "--exit-zero", "-v")
    assert built.returncode == 0, built.stderr[-2000:]
    told = program(tmp_path, "inspect", "run", "--exit-zero")
    data = program(tmp_path, "inspect", "run", "--exit-zero", "--format", "json")
    judged = program(tmp_path, "gate", "--history", "h", "--format", "md", "--exit-zero")
    streams = [built.stdout, built.stderr, told.stdout, told.stderr, data.stdout, data.stderr, judged.stdout]
    for said in (everything_in(tmp_path / "h"), everything_in(tmp_path / "s"), *map(spoken, streams)):
        assert left_of(PLANTS, said) == []
    masked = json.loads(data.stdout)["redactions"]
    assert {plant.kind for plant in PLANTS} <= set(masked)


@pytest.mark.parametrize("disguise", [name for name in DISGUISES if name != "plain"])
def test_no_secret_with_a_shape_of_its_own_is_left_in_a_disguise(tmp_path: Path, disguise: str) -> None:
    plant_everywhere(tmp_path / "run", SHAPED, DISGUISES[disguise])
    taken = program(tmp_path, "ingest", "run", "--history", "h", "--exit-zero")
    assert taken.returncode == 0, taken.stderr[-2000:]
    said = everything_in(tmp_path / "h") + spoken(taken.stdout + taken.stderr)
    assert left_of(SHAPED, said) == []
    encoded = [DISGUISES[disguise](plant.text) for plant in SHAPED]
    assert [text for text in encoded if text[len(text) // 2 - 8 : len(text) // 2 + 8] in said] == []


@pytest.mark.parametrize("field", ["branch", "workflow", "repository", "url", "event", "commit"])
def test_no_secret_is_left_of_what_a_run_says_of_itself(tmp_path: Path, field: str) -> None:
    plants = tuple(plant for plant in PLANTS if field != "commit" or not is_commit(plant.text))
    for number, plant in enumerate(plants):
        said = {"schema": "replaybook.run.v1", "repository": "a/b", "workflow": "ci", "run_id": f"{number}"}
        said |= {"started_at": "2026-03-04T05:00:00Z"}
        write(tmp_path / f"runs/{number}/run.json", said | {field: plant.text})
        write(tmp_path / f"runs/{number}/r.xml", "<testsuite name='s'><testcase name='ok'/></testsuite>")
    taken = program(tmp_path, "ingest", "runs", "--history", "h", "--exit-zero")
    assert taken.returncode == 0, taken.stderr[-2000:]
    listed = program(tmp_path, "history", "list", "--history", "h")
    said_all = everything_in(tmp_path / "h") + spoken(taken.stdout + taken.stderr + listed.stdout)
    assert left_of(plants, said_all) == []
    assert "7" in listed.stdout


def test_secrets_fail_the_command_that_is_asked_to_and_are_counted_by_kind(tmp_path: Path) -> None:
    plant_everywhere(tmp_path / "run", PLANTS[:1], DISGUISES["plain"])
    words = ("build", "run", "--history", "h", "--site", "s")
    assert program(tmp_path, *words, "--fail-on-secret").returncode == 1
    assert program(tmp_path, *words, "--fail-on-secret", "--exit-zero").returncode == 0
    for command in ("ingest", "inspect"):
        assert program(tmp_path, command, "run", "--fail-on-secret").returncode == 1
    said = program(tmp_path, "inspect", "run").stdout
    assert "secrets were masked in the artifacts: github-token" in said
    page = next((tmp_path / "s").glob("*/problems/index.html")).read_text(encoding="utf-8")
    assert "github-token" in page
    assert "rotate" in next((tmp_path / "s").glob("2*/index.html"), tmp_path / "s/7/index.html").read_text()
    write(tmp_path / "clean/r.xml", "<testsuite name='s'><testcase name='ok'/></testsuite>")
    assert program(tmp_path, "inspect", "clean", "--fail-on-secret").returncode == 0


def test_values_of_this_job_s_own_secrets_and_rules_of_the_settings_are_masked(tmp_path: Path) -> None:
    value, own = "Open" + "SesameOpen99", "hbr" + "_0123456789abcdef"
    report = f"<testsuite name='s'><testcase name='{own}'><failure>{value}</failure></testcase></testsuite>"
    rules = '{rules: [{kind: harbour, pattern: "hbr_[0-9a-f]+"}], environment: [DOOR]}'
    write(tmp_path / "run/r.xml", report)
    write(tmp_path / "replaybook.yml", f"redaction: {rules}")
    for name in ("DOOR", "DEPLOY_TOKEN"):
        words = ("build", "run", "--history", f"h-{name}", "--site", "s", "--exit-zero")
        done = program(tmp_path, *words, **{name: value})
        assert "environment 2, harbour 1" in done.stderr
        said = everything_in(tmp_path / f"h-{name}") + everything_in(tmp_path / "s")
        assert value not in said
        assert own not in said
    unknown = program(tmp_path, "ingest", "run", "--history", "h-none", "--config", "/dev/null", "--exit-zero")
    assert unknown.returncode == 0
    assert value in everything_in(tmp_path / "h-none")


@pytest.mark.parametrize("words", [("build", "--base"), ("gate", "--policy"), ("inspect", "--config")])
def test_an_error_does_not_tell_a_secret_of_this_job(tmp_path: Path, words: tuple[str, ...]) -> None:
    value = "Open" + "SesameOpen99"
    done = program(tmp_path, *words, value, f"/nowhere/{value}", DEPLOY_TOKEN=value)
    assert done.returncode != 0
    assert value not in done.stdout + done.stderr
