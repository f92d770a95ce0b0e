"""A unit of the history that is torn hurts only itself: through the front door."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from tests.cli.commandline import Answer, replaybook

if TYPE_CHECKING:
    from pathlib import Path

REPORT = (
    '<testsuites><testsuite name="s" timestamp="2026-03-0{day}T05:06:07"><testcase name="a"/></testsuite></testsuites>'
)


def build(folder: Path, day: int) -> Answer:
    report = folder / f"night-{day}" / "junit.xml"
    report.parent.mkdir(exist_ok=True)
    report.write_text(REPORT.format(day=day))
    places = ("--history", folder / "history", "--site", folder / "site")
    return replaybook("build", report.parent, *places, "--now", "2026-03-09T00:00:00Z", "--format", "json")


def test_a_truncated_unit_of_an_old_run_leaves_the_verdict_of_today_as_it_was(tmp_path: Path) -> None:
    assert build(tmp_path, 1).code == 0
    (old,) = (tmp_path / "history" / "units").iterdir()
    assert build(tmp_path, 2).code == 0
    results = old / "results.parquet"
    results.write_bytes(results.read_bytes()[:40])
    today = build(tmp_path, 3)
    assert (today.code, today.json["verdict"], today.json["blockers"]) == (0, "pass", [])
    (page,) = (tmp_path / "site").glob("night-3/problems/index.html")
    words = html.unescape(re.sub(r"<[^>]+>", "", page.read_text()))
    assert f"units/{old.name}/results.parquet: was altered or is torn" in words
