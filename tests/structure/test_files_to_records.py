"""Hostile text in files: whatever string of an artifact it stands in, the reader keeps exactly the cleaned text.

Each golden file is read with a hostile text, and with the harmless twin of the cleaned one, in each of its strings.
What is read must be the same but for the signs; so records never hold what the pages have not been tested with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from generator.safety.text import clean_message, neutralise
from tests.readers.in_memory import artifact, outcome
from tests.readers.test_golden import BY_NAME, GOLDEN, INPUTS, name_of
from tests.structure.spoiling import kind_of, leaves, spoiled
from tests.structure.twins import twin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.readers.in_memory import Json
    from tests.structure.spoiling import Leaf

_HOSTILE: Final = "\x1b[1m<a b=\"'`{%&lt;\u202e\x00"
_HOSTILE_XML: Final = "<a b=\"'`{%&lt;\u202e"
"""Short texts: of some words (a status that nobody knows, a parameter) only the first 40 characters are looked at."""

_DECIDING: Final = {
    ("github_runs", "url"): "an address with characters that addresses do not have is left out",
    ("github_jobs", "url"): "the same; and the id of the run is read from it",
}
"""Strings whose reading depends on a structural character, by reader and last key."""

_WORDS: Final = (
    ("allure_suites_csv/suites.csv", "shop.lantern.ResetTest"),
    ("benchmark_action/data.js", "parse/small"),
    ("codeowners/github/CODEOWNERS", "/src/generated/"),
    ("lcov/lcov.info", "/builds/pump/src/valve.c"),
    ("log_signal/build.log", "mismatched types"),
    ("suite_classification/suite_classification.toml", "the sandbox of the bank times out"),
    ("tap/pilot.tap", "Expected values to be strictly equal:"),
)
"""A word in a golden file of each format that is neither JSON nor XML."""


def read_with(path: Path, leaf: Leaf, text: str) -> Json:
    """Return what a golden file comes to with a text at the end of one of its strings."""
    folder, *below = path.relative_to(GOLDEN).parts[:-1]
    data = spoiled(path.read_bytes(), leaf.__eq__, lambda value: value + text)
    return outcome(BY_NAME[folder], artifact(path.name, data, below))


def strings(value: object) -> Iterator[str]:
    """Yield all texts of a reading."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(inner)


def plain(value: object) -> object:
    """Return a reading with the twin of each text."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return twin(value) if isinstance(value, str) else value


SPOILED: Final = [path for path in INPUTS if leaves(path.read_bytes())]


def check_file(path: Path) -> None:
    """Assert that a hostile text is read as the cleaned text and nothing else, wherever it stands in a file."""
    reader = path.relative_to(GOLDEN).parts[0]
    raw = _HOSTILE_XML if kind_of(path.read_bytes()) == "xml" else _HOSTILE
    text = clean_message(raw)
    for leaf in leaves(path.read_bytes()):
        hostile, benign = read_with(path, leaf, raw), read_with(path, leaf, twin(text))
        assert [said for said in strings(hostile) if neutralise(said) != said] == [], leaf
        if (reader, leaf[-1]) not in _DECIDING:
            assert plain(hostile) == plain(benign), leaf
            assert sum(text in said for said in strings(hostile)) == sum(
                twin(text) in said for said in strings(benign)
            ), leaf


@pytest.mark.parametrize("path", SPOILED, ids=name_of)
def test_a_hostile_text_in_a_file_is_read_as_the_cleaned_text_and_nothing_else(path: Path) -> None:
    check_file(path)


@pytest.mark.parametrize(("name", "word"), _WORDS, ids=[name for name, _ in _WORDS])
@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{7*7}}&lt;`<img/src=x/onerror=a()>"])
def test_a_hostile_text_in_a_line_of_text_is_kept_as_it_is(name: str, word: str, text: str) -> None:
    folder, *below, file = name.split("/")
    data = (GOLDEN / name).read_text(encoding="utf-8")
    hostile, benign = (
        outcome(BY_NAME[folder], artifact(file, data.replace(word, word + end), below)) for end in (text, twin(text))
    )
    assert plain(hostile) == plain(benign)
    assert 0 < sum(text in said for said in strings(hostile)) == sum(twin(text) in said for said in strings(benign))


def test_no_reader_is_left_out() -> None:
    covered = {name_of(path).partition("/")[0] for path in SPOILED} | {name.partition("/")[0] for name, _ in _WORDS}
    assert covered == set(BY_NAME)
