"""Run folders and gate histories of the native family through the front door, compared with their truth."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.commandline import replaybook
from tests.shared import shared

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-09-01T00:00:00Z"
pytestmark = [pytest.mark.shared, pytest.mark.slow]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A made project with its truth and the site of all its runs, one version each."""

    truth: dict[str, Any]
    site: Path
    runs: list[dict[str, Any]]

    def page(self, label: str, *parts: str) -> str:
        return (self.site / label).joinpath(*parts, "index.html").read_text(encoding="utf-8")

    def failures(self, label: str) -> dict[str, str]:
        """The failure pages of a version by test key."""
        found = {}
        for path in (self.site / label / "failures").glob("f-*/index.html"):
            page = path.read_text(encoding="utf-8")
            key = re.search(r'<p class="rb-key"><code>(.*?)</code>', page)
            assert key is not None
            found[html.unescape(key.group(1))] = page
        return found


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def copied(page: str) -> set[str]:
    return {html.unescape(text) for text in re.findall(r'data-copy="([^"]*)"', page)}


@pytest.fixture(scope="module", params=[("1", "seed", "intended"), ("2", "late", "upstream")], ids=["seed", "late"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    seed, emitter, triage = request.param
    folder = tmp_path_factory.mktemp("native")
    make = [sys.executable, shared("native", "make.py"), folder / "in", "--seed", seed]
    subprocess.run([*make, "--emitter", emitter, "--triage", triage], check=True, capture_output=True)
    places = ("--history", folder / "history", "--site", folder / "site", "--now", NOW)
    answer = replaybook("build", folder / "in" / "tests", *places, "--backfill", "100", "--format", "json")
    assert answer.code in (0, 1, 3), answer.err
    listed = replaybook("history", "list", "--history", folder / "history", "--format", "json").json["runs"]
    truth = json.loads((folder / "in" / "truth.json").read_text())
    return World(truth=truth, site=folder / "site", runs=listed)


def unsharded(world: World) -> list[dict[str, Any]]:
    """Runs of the truth that are a version of their own."""
    kinds = ("complete", "retry", "rerun", "aborted", "killed", "lonely_bundle", "legacy")
    return [run for run in world.truth["runs"] if run["kind"] in kinds]


def label_of(world: World, run: dict[str, Any]) -> str:
    name = run["folder"].rpartition("/")[2]
    found = [item["label"] for item in world.runs if item["label"] == name or item["run_id"] == name]
    assert found, name
    return str(found[0])


def test_every_run_is_a_version(world: World) -> None:
    listed = json.loads((world.site / "versions.json").read_text())
    assert {entry["version"] for entry in listed} == {run["label"] for run in world.runs}


def test_every_failed_suite_and_unit_target_has_a_page_with_the_commands_of_its_source(world: World) -> None:
    checked = 0
    for run in unsharded(world):
        pages = world.failures(label_of(world, run))
        failed = {key for key, target in run["targets"].items() if target["status"] in ("failed", "no_result")}
        assert failed <= pages.keys(), run["folder"]
        for command in run["commands"]:
            if command["for"] not in pages:
                continue
            page = pages[command["for"]]
            if command["safe"]:
                assert command["text"] in copied(page), (run["folder"], command)
            else:
                assert command["text"] not in copied(page), (run["folder"], command)
            checked += 1
    assert checked > 200


def test_no_command_that_a_shell_would_misread_is_offered_anywhere(world: World) -> None:
    unsafe = {command["text"] for run in world.truth["runs"] for command in run["commands"] if not command["safe"]}
    assert unsafe
    for page in world.site.glob("*/failures/f-*/index.html"):
        assert not copied(page.read_text()) & unsafe, page


@pytest.mark.parametrize(
    ("kind", "word"),
    [("aborted", "aborted"), ("killed", "killed"), ("rerun", "re-run"), ("lonely_bundle", "replay bundle")],
)
def test_a_run_that_is_not_whole_shows_what_it_is(world: World, kind: str, word: str) -> None:
    runs = [run for run in unsharded(world) if run["kind"] == kind]
    assert runs
    for run in runs:
        label = label_of(world, run)
        overview = words(world.page(label))
        assert "Passes." not in overview
        assert word in (overview + words(world.page(label, "run"))).lower(), label


def test_shards_are_one_run_and_a_missing_one_is_named(world: World) -> None:
    for group in world.truth["shard_groups"]:
        stamps = {folder.rpartition("/")[2] for folder in group["folders"]}
        merged = [run for run in world.runs if run["parts"]["expected"] == group["total"] and len(run["units"]) > 0]
        found = [run for run in merged if run["parts"]["present"] == len(group["present"])]
        assert found, (group["group"], stamps)
        if group["complete"]:
            continue
        incomplete = [run for run in found if run["state"] == "incomplete"]
        assert incomplete
        text = words(world.page(incomplete[0]["label"]))
        assert "Passes." not in text
        assert f"{len(group['present'])} of {group['total']}" in text


def test_a_triage_file_that_hides_regressions_is_contradicted_on_the_page(world: World) -> None:
    hidden = [run for run in unsharded(world) if run["triage"] and run["triage"]["under_reported"]]
    if world.truth["options"]["triage"] == "intended":
        assert not hidden
        return
    assert hidden
    for run in hidden:
        text = words(world.page(label_of(world, run), "changes"))
        assert run["triage"]["status"] in text.replace(" ", "_") or run["triage"]["status"] in text
        assert "under-report" in text or "hides" in text, run["folder"]


def test_gates_stand_through_time_with_absent_as_absent(tmp_path: Path) -> None:
    make = [sys.executable, str(shared("native", "make.py")), str(tmp_path / "in"), "--seed", "3", "--only", "gates"]
    subprocess.run(make, check=True, capture_output=True)
    places = ("--history", tmp_path / "history", "--site", tmp_path / "site", "--now", NOW)
    answer = replaybook("build", tmp_path / "in" / "gate_history", *places, "--format", "json")
    assert answer.code in (1, 3), answer.err
    truth = json.loads((tmp_path / "in" / "truth.json").read_text())["gates"]
    page = (tmp_path / "site" / answer.json["versions"][-1] / "gates" / "index.html").read_text()
    for gate in truth[-1]["gates"]:
        assert gate in words(page)
    grid = re.search(r'id="grid-table".*?</table>', page, re.DOTALL)
    assert grid is not None
    rows = {}
    for row in re.findall(r"<tr.*?</tr>", grid.group(0), re.DOTALL)[1:]:
        cells = [words(cell) for cell in re.findall(r"<t[dh][^>]*>.*?</t[dh]>", row, re.DOTALL)]
        rows[cells[0].split()[0]] = cells
    shown = truth[-30:]
    for gate, cells in rows.items():
        expected = [point["gates"].get(gate, {}).get("status", "absent") for point in shown]
        assert [cell.split()[0] for cell in cells[-len(shown) :]] == expected, gate
