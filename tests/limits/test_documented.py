"""The table of limits in the README, the constants and the defaults of the settings say the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from generator.config import LimitSettings, SiteSettings
from generator.safety import limits
from tests.limits.proofs import READINGS, SHOWINGS
from tests.limits.test_both_sides import constants
from tests.shared import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.limits.table import Reading, Showing

SETTINGS_OF: Final = {"JSON_DEPTH": "depth", "XML_DEPTH": "depth"}
"""Limits whose setting has another name than they."""

_VALUE: Final = re.compile(r"`([A-Za-z_]+)` ([0-9]+(?: [0-9]{3})*(?:\^[0-9]+)?)(?: ([KM]iB))?")
_UNITS: Final = {"KiB": limits.KIB, "MiB": limits.MIB, "": 1}


def rows() -> Iterator[tuple[str, dict[str, int], str]]:
    """Yield what each row of the table is about, its limits, and what happens beyond them."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = re.search(r"^## Limits\n.*?^\|---\|---\|---\|\n((?:\|.*\|\n)+)", text, re.MULTILINE | re.DOTALL)
    assert table is not None
    for line in table[1].splitlines():
        what, most, beyond = (cell.strip() for cell in line.strip("|").split("|"))
        yield what, {name: _number(digits, unit) for name, digits, unit in _VALUE.findall(most)}, beyond


def _number(digits: str, unit: str) -> int:
    base, _, power = digits.replace(" ", "").partition("^")
    return int(int(base) ** int(power or 1)) * _UNITS[unit]


def value_of(constant: str) -> int:
    """Return the value of a limit."""
    value = vars(limits)[constant]
    assert type(value) is int
    return value


def key_of(constant: str, documented: set[str]) -> str:
    """Return how the README calls a limit: by its setting where there is one."""
    setting = SETTINGS_OF.get(constant, constant.lower())
    return setting if setting in documented else constant


def test_every_limit_stands_in_the_table_with_its_value() -> None:
    documented = {name: number for _, row, _ in rows() for name, number in row.items()}
    missing = {name for name in constants() if key_of(name, set(documented)) not in documented}
    assert missing == set()
    wrong = {
        name: (documented[key], value_of(name))
        for name in constants() - {"FAILURE_PAGES"}
        if documented[key := key_of(name, set(documented))] != value_of(name)
    }
    assert wrong == {}
    assert documented["FAILURE_PAGES"] == limits.FAILURE_PAGES


def test_the_table_names_no_limit_that_does_not_exist_or_has_another_value() -> None:
    defaults = {**LimitSettings().model_dump(), **SiteSettings().model_dump()}
    for what, row, _ in rows():
        assert row, what
        for name, number in row.items():
            assert number == (value_of(name) if name.isupper() else defaults[name]), name


def test_a_limit_of_the_settings_is_the_constant_of_its_name() -> None:
    settings = LimitSettings().model_dump()
    constant_of = {"depth": "JSON_DEPTH", "text_bytes": "JSON_BYTES"}
    assert settings == {name: value_of(constant_of.get(name, name.upper())) for name in settings}
    assert limits.XML_DEPTH == limits.JSON_DEPTH
    assert SiteSettings().list_rows == limits.LIST_ROWS
    assert LimitSettings().for_reading() == limits.DEFAULT


@pytest.mark.parametrize("limit", [*READINGS, *SHOWINGS], ids=lambda limit: limit.name)
def test_the_table_says_what_really_happens_beyond_a_limit(limit: Reading | Showing) -> None:
    table = list(rows())
    documented = {name for _, row, _ in table for name in row}
    for constant in limit.constants:
        key = key_of(constant, documented)
        told = [beyond for _, row, beyond in table if key in row or constant in row]
        assert any(limit.beyond in beyond for beyond in told), told
