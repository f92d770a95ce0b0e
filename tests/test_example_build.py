"""The example through the front door: artifacts in, a site out, compared with the story's own truth."""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from generator.pages import words
from tests.cli.commandline import ROOT, Answer, replaybook

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

EXAMPLE = ROOT / "artifacts_example"
NOW = "2026-11-09T12:00:00Z"
TRUTH: dict[str, Any] = json.loads((EXAMPLE / "truth.json").read_text())
NEWEST: dict[str, Any] = TRUTH["runs"][-1]


def build(folder: Path, *words: str | Path, environment: Mapping[str, str] | None = None) -> Answer:
    places = ("--history", folder / "history", "--site", folder / "site", "--config", EXAMPLE / "replaybook.yml")
    return replaybook("build", *words, *places, "--now", NOW, "--format", "json", environment=environment)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answer]:
    """What `make demo` makes: the newest run and five before it."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, build(folder, EXAMPLE / "runs", "--backfill", "5")


def text_of(page: Path) -> str:
    """The words of a page, tags dropped, white space folded."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", page.read_text(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_verdict_and_the_changes_are_those_of_the_story(demo: tuple[Path, Answer]) -> None:
    _, answer = demo
    assert answer.code == 1
    verdict = answer.json
    assert verdict["verdict"] == "fail"
    assert verdict["run"]["run_id"] == NEWEST["run_id"]
    blocking = {gate for gate, row in NEWEST["gates"].items() if row["blocking"] and row["status"] != "pass"}
    valid = {gate for gate, row in NEWEST["waivers"].items() if row["status"] in ("active", "expiring_soon")}
    recorded = {gate["id"] for gate in verdict["gates"] if gate["policy"] == "recorded" and gate["blocks"]}
    assert recorded == blocking - valid
    assert verdict["run"]["cases"]["flaky"] == len(NEWEST["flaky_cases"])
    expected = NEWEST["changes_vs_previous_nightly"]
    assert verdict["changes"]["new_failure"] == len(expected["new_failure"])
    assert verdict["changes"]["still_failing"] == len(expected["still_failing"])


def test_every_failure_has_a_page_with_its_narrowest_command(demo: tuple[Path, Answer]) -> None:
    folder, _ = demo
    pages = {}
    for page in (folder / "site" / NEWEST["run_id"] / "failures").glob("f-*/index.html"):
        pages[page] = page.read_text()
    assert len(pages) == len(NEWEST["failed_targets"]) + len(NEWEST["failed_cases"])
    copied = [html.unescape(text) for page in pages.values() for text in re.findall(r'data-copy="([^"]*)"', page)]
    for target, command in NEWEST["commands"].items():
        assert command in copied, target
    assert not any("<unnamed>" in text for text in copied if text.startswith("cargo"))


def test_six_versions_are_there_and_the_newest_is_the_latest(demo: tuple[Path, Answer]) -> None:
    folder, answer = demo
    site = folder / "site"
    listed = json.loads((site / "versions.json").read_text())
    assert [entry["version"] for entry in listed] == list(reversed(answer.json["versions"]))
    assert len(listed) == 6
    assert listed[0]["aliases"] == ["latest"]
    for entry in listed:
        assert (site / entry["version"] / "index.html").is_file()
    for path in ("index.html", "latest/index.html"):
        assert NEWEST["run_id"] in (site / path).read_text()


def test_every_permalink_leads_to_a_page(demo: tuple[Path, Answer]) -> None:
    folder, _ = demo
    site = folder / "site"
    links = list((site / "f").glob("*/index.html"))
    assert links
    for link in links:
        found = re.search(r'url=([^"]+)"', link.read_text())
        assert found is not None, link
        assert (link.parent / html.unescape(found.group(1))).resolve().is_file(), link


def test_the_pages_say_what_the_story_says(demo: tuple[Path, Answer]) -> None:
    folder, _ = demo
    version = folder / "site" / NEWEST["run_id"]
    overview = text_of(version / "index.html")
    assert "Blocked." in overview
    changes = text_of(version / "changes" / "index.html")
    for target in NEWEST["changes_vs_previous_nightly"]["new_failure"]:
        assert target.split(":")[1] in changes
    assert "stable" in changes  # what the supplied triage claims
    gates = text_of(version / "gates" / "index.html")
    for gate in NEWEST["gates"]:
        assert gate in gates
    for state in ("expired", "expiring"):
        assert state in gates.lower()
    problems = text_of(version / "problems" / "index.html")
    assert "release_readiness_summary.json" in problems


def test_a_cause_that_hits_three_suites_is_shown_as_one(demo: tuple[Path, Answer]) -> None:
    folder, _ = demo
    overview = text_of(folder / "site" / NEWEST["run_id"] / "index.html")
    assert "MissingColumn" in overview


def test_the_same_build_again_changes_no_byte_and_one_more_run_adds_one_version(tmp_path: Path) -> None:
    runs = sorted(path for path in (EXAMPLE / "runs").iterdir() if path.is_dir())
    build(tmp_path, *runs[:-1])
    before = hashes(tmp_path / "site")
    history = hashes(tmp_path / "history")
    build(tmp_path, *runs[:-1])
    assert hashes(tmp_path / "site") == before
    assert hashes(tmp_path / "history") == history
    build(tmp_path, runs[-1])
    after = hashes(tmp_path / "site")
    versions = {path.split("/")[0] for path in after if path.endswith("/run/index.html")}
    assert versions == {"1032", "1033"}
    assert {path: value for path, value in after.items() if path.startswith("1032/")} == {
        path: value for path, value in before.items() if path.startswith("1032/")
    }


@pytest.mark.slow
def test_zone_locale_hash_seed_order_and_place_do_not_change_a_byte(tmp_path: Path, demo: tuple[Path, Answer]) -> None:
    """Shuffled arguments, another machine's path, another time zone: the same history and the same site."""
    runs = sorted(path for path in (EXAMPLE / "runs").iterdir() if path.is_dir())
    copied = tmp_path / "elsewhere" / "copy"
    shutil.copytree(EXAMPLE / "runs", copied)
    shuffled = [copied / path.name for path in runs[::2][::-1] + runs[1::2]]
    other = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "3"}
    build(tmp_path, *shuffled, "--backfill", "5", environment=other)
    folder, _ = demo
    assert hashes(tmp_path / "history") == hashes(folder / "history")
    assert hashes(tmp_path / "site") == hashes(folder / "site")


def test_each_version_holds_what_the_analysis_found_as_data(demo: tuple[Path, Answer]) -> None:
    folder, answer = demo
    for version in answer.json["versions"]:
        found = json.loads((folder / "site" / version / "data/analysis.json").read_text())
        assert (found["schema"], found["run"]) == ("replaybook.analysis.v1", version)
    newest = folder / "site" / answer.json["run"]["label"]
    found = json.loads((newest / "data/analysis.json").read_text())
    assert found["verdict"] == answer.json["verdict"]
    listed = set(re.findall(r"failures/(f-[0-9a-f]{16})/", (newest / "failures/index.html").read_text()))
    assert listed
    assert {failure["failure_id"] for failure in found["failures"]} == listed


def test_each_key_figure_on_the_page_is_the_number_of_the_data(demo: tuple[Path, Answer]) -> None:
    folder, answer = demo
    newest = folder / "site" / answer.json["run"]["label"]
    found = json.loads((newest / "data/analysis.json").read_text())
    trends = text_of(newest / "trends/index.html")
    shares = [kpi for kpi in found["kpis"] if kpi["unit"] == "share" and kpi["value"] is not None]
    assert len(shares) >= 3
    for kpi in shares:
        assert f"{kpi['title']}" in trends
        assert words.percent(kpi["value"]) in trends
    flaky = text_of(newest / "flaky/index.html")
    assert found["flaky"]
    assert all(note["test"]["name"] in flaky for note in found["flaky"])
    causes = text_of(newest / "clusters/index.html")
    for cluster in found["clusters"]:
        assert f"{cluster['runs']} of {cluster['window_runs']} runs" in causes
    changes = text_of(newest / "changes/index.html")
    for change in found["pass_rates"]["changes"]:
        assert f"{change['sample']['failed']} of {change['sample']['runs']}" in changes
