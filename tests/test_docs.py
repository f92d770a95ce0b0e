"""What the documents name exists: commands, options, exit codes, settings, paths; and the reverse."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from generator.cli import COMMANDS, root
from generator.errors import ExitCode

ROOT = Path(__file__).parents[1]
DOCUMENTS = (
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "artifacts_example/README.md",
    ".github/CONTRIBUTING.md",
)
README = (ROOT / "README.md").read_text()


def commands() -> dict[str, click.Command]:
    """Every command by its full name, groups opened."""
    found: dict[str, click.Command] = {}
    for name in COMMANDS:
        command = root.get_command(click.Context(root), name)
        assert command is not None
        if isinstance(command, click.Group):
            found |= {f"{name} {inner}": child for inner, child in command.commands.items()}
        else:
            found[name] = command
    return found


def test_every_command_stands_in_the_readme() -> None:
    for name in commands():
        assert f"`replaybook {name}" in README or f"`{name}`" in README, name


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_and_option_that_a_document_names_exists(document: str) -> None:
    known = commands()
    text = (ROOT / document).read_text().replace("\\\n", " ")
    for words in re.findall(r"replaybook ((?:build|ingest|inspect|gate|history|serve|[a-z]+)\b[^`\n]*)", text):
        name = next((name for name in known if words == name or words.startswith(f"{name} ")), "")
        if not name and words.split()[0] not in COMMANDS:
            continue
        options = {option for command in known.values() for param in command.params for option in param.opts}
        if name:
            options = {option for param in known[name].params for option in param.opts} | {"--help"}
        for option in re.findall(r"(?<!\S)(--[a-z-]+)", words.split("#", maxsplit=1)[0]):
            assert option in options, f"{document}: replaybook {name} {option}"


def test_the_exit_codes_of_the_readme_are_those_of_the_program() -> None:
    table = re.search(r"\| exit code \| means \|\n\|[-|]+\n((?:\|.*\n)+)", README)
    assert table is not None
    listed = {int(row.split("|")[1]) for row in table.group(1).splitlines()}
    assert listed == {int(code) for code in ExitCode if code is not ExitCode.INTERRUPTED}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_to_a_file_leads_somewhere(document: str) -> None:
    folder = (ROOT / document).parent
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / document).read_text()):
        assert (folder / target).exists(), f"{document}: {target}"


@pytest.mark.parametrize("document", ["README.md", "ARCHITECTURE.md"])
def test_every_source_path_that_a_document_names_exists(document: str) -> None:
    text = (ROOT / document).read_text()
    for path in set(re.findall(r"`((?:generator|site_templates|tests|artifacts_example|\.ci)/[\w./-]+)`", text)):
        assert (ROOT / path).exists(), f"{document}: {path}"


def test_every_make_target_of_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"`?make ([a-z]+)`?", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_changelog_has_a_place_for_what_is_not_released() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text()
