"""`replaybook history merge`, `export`, `import` and `prune`: answers, exit codes and what they leave alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.commandline import Answer, replaybook
from tests.history.stored import tree

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-11-09T12:00:00Z"


def report(folder: Path, run: int, word: str = "a") -> Path:
    """Write the report of a run of the day that its number says."""
    path = folder / f"{word}-{run}" / f"run-{run}" / "junit.xml"
    path.parent.mkdir(parents=True, exist_ok=True)
    began = f"2026-03-{run:02}T05:06:07Z"
    path.write_text(f'<testsuite name="s" timestamp="{began}"><testcase classname="c" name="{word}"/></testsuite>')
    return path.parent.parent


def history_of(folder: Path, name: str, *runs: int, word: str = "a", branch: str = "main") -> Path:
    """Return a history of these runs."""
    for run in runs:
        words = ("--history", folder / name, "--now", NOW, "--branch", branch)
        answer = replaybook("ingest", report(folder / "in", run, word) / f"run-{run}", *words)
        assert answer.code == 0, answer.err
    return folder / name


def runs_of(history: Path) -> list[str]:
    return [
        run["label"] for run in replaybook("history", "list", "--history", history, "--format", "json").json["runs"]
    ]


def verified(history: Path) -> Answer:
    return replaybook("history", "verify", "--history", history)


def run_ids(units: list[dict[str, Any]]) -> list[str]:
    return [unit["run_id"] for unit in units]


def test_a_merge_adds_the_runs_of_others_and_says_how_many(tmp_path: Path) -> None:
    one, other = history_of(tmp_path, "one", 1, 2), history_of(tmp_path, "other", 2, 3)
    target = tmp_path / "begun"
    first = replaybook("history", "merge", one, other, "--history", target, "--format", "json")
    assert (first.code, first.err) == (0, "")
    assert first.json["schema"] == "replaybook.history.v1"
    assert run_ids(first.json["added"]) == ["run-1", "run-2", "run-3"]
    assert {name: first.json[name] for name in ("known", "conflicts", "problems")} == {
        "known": 0,
        "conflicts": [],
        "problems": [],
    }
    again = replaybook("history", "merge", other, one, "--history", target)
    assert (again.code, again.out.strip()) == (0, "0 units added, 3 known already, 0 in conflict")
    assert runs_of(target) == ["run-1", "run-2", "run-3"]
    assert verified(target).code == 0


def test_a_merge_with_another_content_of_a_run_names_it_and_returns_3(tmp_path: Path) -> None:
    one, other = history_of(tmp_path, "one", 1), history_of(tmp_path, "other", 1, word="b")
    before = tree(one)
    answer = replaybook("history", "merge", other, "--history", one, "--format", "json")
    assert answer.code == 3
    assert run_ids(answer.json["conflicts"]) == ["run-1"]
    (problem,) = answer.json["problems"]
    assert problem["severity"] == "error"
    assert problem["path"].startswith(f"{other}/units/u-")
    assert problem["hint"]
    told = replaybook("history", "merge", other, "--history", one)
    assert (told.code, "run run-1" in told.err) == (3, True)
    assert tree(one) == before


def test_a_merge_of_nothing_or_of_no_history_is_refused_and_begins_none(tmp_path: Path) -> None:
    target = tmp_path / "begun"
    assert replaybook("history", "merge", "--history", target).code == 2
    answer = replaybook("history", "merge", tmp_path / "nowhere", "--history", target)
    assert (answer.code, "nowhere" in answer.err, "Traceback" in answer.err) == (3, True, False)
    assert not target.exists()


def test_an_export_travels_and_is_imported_with_the_same_bytes(tmp_path: Path) -> None:
    source, file = history_of(tmp_path, "source", 1, 2), tmp_path / "history.tar"
    answer = replaybook("history", "export", file, "--history", source, "--format", "json")
    assert answer.code == 0
    assert answer.json == {
        "schema": "replaybook.history.v1",
        "file": str(file),
        "units": 2,
        "blocks": 1,
        "bytes": file.stat().st_size,
        "problems": [],
    }
    target = tmp_path / "target"
    answer = replaybook("history", "import", file, "--history", target, "--format", "json")
    assert (answer.code, run_ids(answer.json["added"])) == (0, ["run-1", "run-2"])
    assert tree(target) == tree(source)
    assert verified(target).code == 0


def test_runs_can_be_exported_by_label_and_an_unknown_one_is_a_usage_error(tmp_path: Path) -> None:
    source, file = history_of(tmp_path, "source", 1, 2, 3), tmp_path / "some.tar"
    answer = replaybook("history", "export", file, "--history", source, "--run", "run-1", "--run", "run-3")
    assert (answer.code, answer.out.startswith("2 units and 1 blocks of names written to")) == (0, True)
    replaybook("history", "import", file, "--history", tmp_path / "target")
    assert runs_of(tmp_path / "target") == ["run-1", "run-3"]
    before = file.read_bytes()
    assert replaybook("history", "export", file, "--history", source, "--run", "run-9").code == 2
    assert file.read_bytes() == before
    assert replaybook("history", "export", file, "--history", tmp_path / "none").code == 3


@pytest.mark.parametrize("what", ["missing", "no tar", "cut off"])
def test_a_file_that_is_no_export_is_named_with_the_next_step_and_nothing_is_begun(tmp_path: Path, what: str) -> None:
    file = tmp_path / "history.tar"
    if what == "no tar":
        file.write_text("mine")
    if what == "cut off":
        replaybook("history", "export", file, "--history", history_of(tmp_path, "source", 1))
        file.write_bytes(file.read_bytes()[:-5000])
    answer = replaybook("history", "import", file, "--history", tmp_path / "begun")
    assert (answer.code, "history.tar" in answer.err, "(" in answer.err) == (3, True, True)
    assert "Traceback" not in answer.err
    assert not (tmp_path / "begun").exists()


def test_pruning_says_what_would_go_and_removes_it_only_when_told(tmp_path: Path) -> None:
    history = history_of(tmp_path, "history", 1, 2, 3)
    before = tree(history)
    words = ("history", "prune", "--history", history, "--keep-runs", "1")
    for more in ((), ("--dry-run",), ("--dry-run", "--yes")):
        answer = replaybook(*words, *more)
        assert answer.code == 0
        assert "run-1" in answer.out
        assert "2 runs (2 units) and 0 blocks of names would be removed, 1 runs stay" in answer.out
        assert tree(history) == before
    answer = replaybook(*words, "--yes", "--format", "json")
    assert (answer.code, answer.json["removed"], answer.json["kept"]) == (0, True, 1)
    assert [run["label"] for run in answer.json["runs"]] == ["run-1", "run-2"]
    assert len(answer.json["units"]) == 2
    assert runs_of(history) == ["run-3"]
    assert verified(history).code == 0


def test_the_newest_run_of_a_branch_stays_and_days_count_from_the_newest_run(tmp_path: Path) -> None:
    history = history_of(tmp_path, "history", 1, 2, branch="topic")
    history_of(tmp_path, "history", 3, 20)
    answer = replaybook("history", "prune", "--history", history, "--keep-days", "5", "--yes")
    assert answer.code == 0
    assert runs_of(history) == ["run-2", "run-20"]
    words = ("--keep-runs", "1", "--branch", "topic", "--yes")
    assert replaybook("history", "prune", "--history", history, *words).code == 0
    assert runs_of(history) == ["run-2", "run-20"]


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--keep-runs", "1", "--keep-days", "1"),
        ("--keep-runs", "0"),
        ("--keep-days", "-1"),
        ("--keep-days", "99999999999"),
        ("--keep-runs", "1", "--branch", "nope"),
    ],
)
def test_a_pruning_that_does_not_say_what_to_keep_is_a_usage_error(tmp_path: Path, words: tuple[str, ...]) -> None:
    history = history_of(tmp_path, "history", 1, 2)
    before = tree(history)
    answer = replaybook("history", "prune", "--history", history, "--yes", *words)
    assert (answer.code, "Traceback" in answer.err) == (2, False)
    assert tree(history) == before


def test_a_pruning_of_no_history_begins_none(tmp_path: Path) -> None:
    assert replaybook("history", "prune", "--keep-runs", "1", "--yes", "--history", tmp_path / "none").code == 3
    assert list(tmp_path.iterdir()) == []
