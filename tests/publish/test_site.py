"""The site folder: what a build adds, what it leaves alone, and what survives a kill."""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from generator.errors import OutputError
from generator.publish import Target, Version, effects, transaction

if TYPE_CHECKING:
    from pathlib import Path

DAY = datetime(2026, 11, 1, tzinfo=UTC)


class PlainShell:
    """Pages outside the versions as bare text, so that a test can read them."""

    def redirect(self, href: str, title: str) -> str:
        return f"redirect {href} {title}"

    def tombstone(self, title: str, summary: str, last_version: str, home: str) -> str:
        return f"tombstone {title}: {summary} ({last_version}) {home}"

    def not_found(self) -> str:
        return "not found"


def publish(site: Path, *names: str, failures: tuple[str, ...] = ("f-1",), text: str = "page") -> int:
    """Publish versions named r<day>, each with a page for every failure; returns the number of changes."""
    with transaction(site) as work:
        for name in names:
            folder = work.folder(name)
            (folder / "index.html").write_text(f"{name} {text}")
            for failure in failures:
                (folder / "failures" / failure).mkdir(parents=True)
                (folder / "failures" / failure / "index.html").write_text(f"{failure} in {name}")
            work.assets.mkdir(exist_ok=True)
            (work.assets / "style.abc.css").write_text("body{}")
            links = {key: Target(version=name, title=key, summary=f"{key} of {name}") for key in failures}
            started = DAY + timedelta(days=int(name[1:]))
            work.add(Version(name=name, title=f"run {name}", started_at=started, verdict="pass"), links)
        work.stage(PlainShell())
        return work.switch(PlainShell())


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def versions(site: Path) -> list[str]:
    return [entry["version"] for entry in json.loads((site / "versions.json").read_text())]


def test_a_first_build_makes_a_whole_site(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(site, "r1")
    assert set(tree(site)) == {
        ".nojekyll",
        "404.html",
        "_assets/style.abc.css",
        "data/v1/permalinks.json",
        "f/f-1/index.html",
        "index.html",
        "latest/index.html",
        "r1/failures/f-1/index.html",
        "r1/index.html",
        "versions.json",
    }
    assert (site / "index.html").read_text() == "redirect r1/index.html run r1"
    assert (site / "f/f-1/index.html").read_text() == "redirect ../../r1/failures/f-1/index.html f-1"


def test_the_same_build_again_changes_no_byte(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(site, "r1")
    before = tree(site)
    times = {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}
    assert publish(site, "r1") == 0
    assert tree(site) == before
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()} == times


def test_one_more_run_adds_one_version_and_keeps_the_others(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(site, "r1")
    before = tree(site / "r1")
    publish(site, "r2")
    assert versions(site) == ["r2", "r1"]
    assert tree(site / "r1") == before
    assert "r2/index.html" in (site / "latest/index.html").read_text()


def test_an_older_run_that_arrives_late_does_not_become_the_latest(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(site, "r5")
    publish(site, "r2")
    assert versions(site) == ["r5", "r2"]
    assert "r5/index.html" in (site / "index.html").read_text()
    assert "r5/failures" in (site / "f/f-1/index.html").read_text()


def test_the_order_of_publishing_does_not_matter(tmp_path: Path) -> None:
    for folder, order in (("a", ("r1", "r2", "r3")), ("b", ("r3", "r1", "r2"))):
        for name in order:
            publish(tmp_path / folder, name)
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_a_permalink_follows_the_newest_version_that_has_the_page(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(site, "r1", failures=("f-1", "f-2"))
    publish(site, "r2", failures=("f-2",))
    assert "r1/failures/f-1" in (site / "f/f-1/index.html").read_text()
    assert "r2/failures/f-2" in (site / "f/f-2/index.html").read_text()


def test_a_permalink_falls_back_when_its_version_is_rebuilt_without_the_page(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(site, "r1", failures=("f-1",))
    publish(site, "r2", failures=("f-1",))
    publish(site, "r2", failures=("f-9",))
    assert "r1/failures/f-1" in (site / "f/f-1/index.html").read_text()


def test_a_permalink_without_a_version_becomes_a_tombstone_with_the_last_summary(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(site, "r1", failures=("f-1",))
    publish(site, "r1", failures=())
    assert (site / "f/f-1/index.html").read_text() == "tombstone f-1: f-1 of r1 (r1) ../../index.html"


@pytest.mark.parametrize("step", range(1, 60))
def test_a_build_that_dies_at_any_step_leaves_a_site_that_the_next_build_completes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Every write goes through `effects`; here the n-th one ends the process, as a kill would."""
    site, expected = tmp_path / "site", tmp_path / "expected"
    for place in (site, expected):
        publish(place, "r1", failures=("f-1", "f-2"))
    publish(expected, "r2", "r1", failures=("f-2", "f-3"), text="new")
    old = tree(site)
    calls = 0

    def dying(real: object) -> object:
        def call(*args: object, **more: object) -> object:
            nonlocal calls
            calls += 1
            if calls == step:
                os._exit(9)
            return real(*args, **more)  # type: ignore[operator]

        return call

    child = os.fork()
    if child == 0:
        for name in ("write_file", "stage_file", "rename", "remove_tree", "make_folder", "fix_modes"):
            monkeypatch.setattr(effects, name, dying(getattr(effects, name)))
        publish(site, "r2", "r1", failures=("f-2", "f-3"), text="new")
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in (0, 9)
    reachable = json.loads((site / "versions.json").read_text())
    assert [entry["version"] for entry in reachable] in (["r1"], ["r2", "r1"])
    if [entry["version"] for entry in reachable] == ["r1"]:
        assert tree(site)["index.html"] == old["index.html"]
    publish(site, "r2", "r1", failures=("f-2", "f-3"), text="new")
    assert tree(site) == tree(expected)
    assert not list(tmp_path.glob("site.new-*"))


def test_two_builds_at_once_both_arrive(tmp_path: Path) -> None:
    site = tmp_path / "site"
    children = []
    for number in range(1, 7):
        child = os.fork()
        if child == 0:
            publish(site, f"r{number}", failures=("f-1", f"f-{number}0"))
            os._exit(0)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 6
    assert versions(site) == [f"r{number}" for number in range(6, 0, -1)]
    assert len(list((site / "f").iterdir())) == 7


def test_modes_do_not_depend_on_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o077)
    try:
        publish(tmp_path / "site", "r1")
    finally:
        os.umask(old)
    for path in (tmp_path / "site" / "r1").rglob("*"):
        expected = 0o755 if path.is_dir() else 0o644
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_a_file_in_the_place_of_the_site_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("mine")
    with pytest.raises(OutputError, match="is a file"), transaction(tmp_path / "site"):
        pass
    assert (tmp_path / "site").read_text() == "mine"


def test_a_broken_versions_file_is_named_and_nothing_is_changed(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(site, "r1")
    (site / "versions.json").write_text("<<<<<<< HEAD")
    before = tree(site)
    with pytest.raises(OutputError, match=r"versions\.json"):
        publish(site, "r2")
    assert tree(site) == before
