"""YAML is read without its surprises."""

from __future__ import annotations

import pytest

from generator.errors import UnreadableError
from generator.safety.limits import JSON_DEPTH
from generator.safety.strict_yaml import parse_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("a: 1", {"a": 1}),
        ("a: {b: [1, two, 3.5, true, null]}", {"a": {"b": [1, "two", 3.5, True, None]}}),
        ("day: 2026-02-30", {"day": "2026-02-30"}),
        ("day: 2026-02-28", {"day": "2026-02-28"}),
        ("'<<': {a: 1}", {"<<": {"a": 1}}),
        ("pattern: 'a & b * c ! d'", {"pattern": "a & b * c ! d"}),
    ],
)
def test_plain_documents_are_read_and_dates_stay_text(text: str, value: object) -> None:
    assert parse_yaml(text) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &x 1\nb: *x", "line 1: anchors and aliases"),
        ("a: &x 1", "line 1: anchors and aliases"),
        ("a: 1\nb: *x", "line 2: anchors and aliases"),
        ("a: !!str b", "line 1: tags"),
        ("a: !!python/object/apply:os.system [ls]", "line 1: tags"),
        ("a: 1\nb: 2\na: 3", "line 3: the key `a` stands there twice"),
        ("a: {b: 1, b: 2}", "twice"),
        ("? [a, b]\n: 1", "a key is no plain word"),
        ("a: 1\n---\nb: 2", "document"),
        ("a: 0x_", "invalid literal"),
        ("a: " + "9" * 5_000, "digits"),
        ("a: [", "expected"),
        ("\x00", "unacceptable character"),
        ("[" * (JSON_DEPTH + 1) + "]" * (JSON_DEPTH + 1), "nested deeper"),
        ("[" * 100_000, "nested deeper"),
    ],
)
def test_what_yaml_should_not_hold_is_refused_with_its_line(text: str, reason: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        parse_yaml(text)
    assert reason in refused.value.message
    assert refused.value.hint


def test_as_much_nesting_as_is_allowed_is_read() -> None:
    found = parse_yaml("[" * JSON_DEPTH + "]" * JSON_DEPTH)
    for _ in range(JSON_DEPTH - 1):
        (found,) = found
    assert found == []
