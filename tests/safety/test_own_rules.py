"""Rules of redaction from the settings: held to what runs in linear time, refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.config import load
from generator.errors import UsageError
from generator.safety.redact import active, own_rule, redact, redacting_with
from generator.safety.text import clean_name
from tests.safety.invented import token

if TYPE_CHECKING:
    from pathlib import Path

RULES = r"""
redaction:
  environment: [FRONT_DOOR]
  rules:
    - {kind: harbour, pattern: "hbr_[0-9a-f]{8,}"}
    - {kind: berth, pattern: "berth (?P<secret>[A-Z]{4}) taken"}
"""


def settings(folder: Path, text: str) -> Path:
    path = folder / "replaybook.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_rules_and_variables_of_the_settings_are_masked_beside_the_table(tmp_path: Path) -> None:
    said = f"hbr_0123456789 berth ABCD taken OpenSesame99 {token()}"
    found = load(settings(tmp_path, RULES), tmp_path).redaction
    with redacting_with(found.redactor({"FRONT_DOOR": "OpenSesame99", "SHELL": "/bin/sh"})):
        assert redact(said) == (
            "\u2039redacted:harbour\u203a berth \u2039redacted:berth\u203a taken \u2039redacted:environment\u203a "
            "\u2039redacted:github-token\u203a"
        )
    assert "OpenSesame99" in redact(said)


def test_what_was_cleaned_before_is_not_remembered_when_other_rules_hold(tmp_path: Path) -> None:
    assert clean_name("hbr_0123456789") == "hbr_0123456789"
    found = load(settings(tmp_path, RULES), tmp_path).redaction
    with redacting_with(found.redactor({})):
        assert clean_name("hbr_0123456789") == "\u2039redacted:harbour\u203a"
    assert clean_name("hbr_0123456789") == "hbr_0123456789"
    assert active().literals == ()


@pytest.mark.parametrize(
    ("kind", "pattern", "reason"),
    [
        ("x", "(?=a)b", "look-around"),
        ("x", "(?<!a)b", "look-around"),
        ("x", r"(a)\1", "back reference"),
        ("x", "(?P=a)", "look-around"),
        ("x", "a++", "look-around"),
        ("x", "a(", "no regular expression"),
        ("x", "a*", "matches nothing at all"),
        ("x", "caf\u00e9", "not ASCII"),
        ("x", "a" * 1001, "at most 1000"),
        ("X Y", "abc", "small letters"),
    ],
)
def test_a_rule_that_cannot_be_held_to_is_refused_with_the_reason(
    tmp_path: Path, kind: str, pattern: str, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        own_rule(kind, pattern)
    path = settings(tmp_path, f"redaction:\n  rules:\n    - kind: '{kind}'\n      pattern: '{pattern}'\n")
    with pytest.raises(UsageError, match="redaction"):
        load(path, tmp_path)


@pytest.mark.parametrize("pattern", [r"a\\1b", "(?i:abc)", "(?P<secret>x)y", r"\d{4}-\d{4}", "[+?]+x"])
def test_a_rule_that_both_engines_know_is_taken(pattern: str) -> None:
    assert own_rule("mine", pattern).kind == "mine"
