"""Settings are parsed once, every mistake is named, and the README's example is real."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.config import FILE_NAME, Settings, load
from generator.errors import UsageError
from generator.safety.limits import DEFAULT

README = Path(__file__).parents[1] / "README.md"


def settings(folder: Path, text: str, name: str = "replaybook.yml") -> Settings:
    (folder / name).write_text(text)
    return load(None, folder)


def test_without_a_file_every_default_holds(tmp_path: Path) -> None:
    assert load(None, tmp_path) == Settings()


def test_yaml_and_pyproject_give_the_same_settings(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    from_yaml = settings(one, "gates:\n  min_pass_rate: 0.9\n")
    from_toml = settings(two, "[tool.replaybook]\ngates = {min_pass_rate = 0.9}\n", "pyproject.toml")
    assert from_yaml == from_toml
    assert from_yaml.gates.min_pass_rate == pytest.approx(0.9)


def test_two_files_at_once_are_an_error_not_a_merge(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.replaybook]\n")
    with pytest.raises(UsageError, match="two places"):
        settings(tmp_path, "{}")


def test_all_mistakes_are_named_at_once_with_a_guess(tmp_path: Path) -> None:
    text = "gates:\n  min_passrate: 0.9\n  max_new_failures: -1\nsite:\n  stale_after_hours: soon\n"
    with pytest.raises(UsageError) as caught:
        settings(tmp_path, text)
    message = str(caught.value)
    assert "did you mean `min_pass_rate`" in message
    assert "gates.max_new_failures" in message
    assert "site.stale_after_hours" in message


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("site: {url: a, url: b}", "twice"),
        ("a: &x 1\nb: *x", "aliases"),
        ("site: [", "parsed"),
        ("site: !!python/object:os.system {}", "parsed"),
        ("- 1", "valid dictionary"),
    ],
)
def test_yaml_that_means_two_things_or_runs_something_is_refused(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        settings(tmp_path, text)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="none"):
        load(tmp_path / "none.yml", tmp_path)
    (tmp_path / "latin.yml").write_bytes(b"project: {name: \xe9}")
    with pytest.raises(UsageError, match="UTF-8"):
        load(tmp_path / "latin.yml", tmp_path)


def test_the_settings_of_the_readme_are_valid(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(project:.*?)```", README.read_text(), re.DOTALL)
    assert len(blocks) == 1
    found = settings(tmp_path, blocks[0])
    assert found.project.forge_url == "https://github.com/owner/name"
    assert found.replay.templates[0].argv == ("pytest", "-k", "{name}")


@pytest.mark.parametrize(
    ("text", "size"),
    [("4096", 4096), ("16MiB", 16 * 2**20), ("600MB", 600 * 10**6), ("4 kB", 4000), ("1GiB", 2**30), ("9B", 9)],
)
def test_sizes_are_numbers_of_bytes_with_or_without_a_unit(tmp_path: Path, text: str, size: int) -> None:
    (tmp_path / FILE_NAME).write_text(f"limits:\n  json_bytes: {text}\n  tree_files_per_run: 20000\n")
    limits = load(None, tmp_path).limits.for_reading()
    assert (limits.json_bytes, limits.tree_files_per_run) == (size, 20_000)
    assert limits.xml_bytes == DEFAULT.xml_bytes


@pytest.mark.parametrize("text", ["16 parsecs", "0", "-1", "MiB", "'1e9'"])
def test_a_size_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(f"limits:\n  json_bytes: {text}\n")
    with pytest.raises(UsageError, match=r"limits\.json_bytes"):
        load(None, tmp_path)


def test_the_limits_of_the_settings_are_those_of_reading() -> None:
    assert Settings().limits.for_reading() == DEFAULT
