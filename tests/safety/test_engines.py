"""RE2 and `re` mask the same, and no rule is left untried because its quick look failed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.safety._engine import Re2Engine, ReEngine
from generator.safety._rules import Rule
from generator.safety._shadow import shadow
from generator.safety._table import RULES
from generator.safety.redact import _PLAIN, Redactor, active, redact
from tests.safety.invented import KEEP, TABLE

RE2, RE = Re2Engine(RULES), ReEngine(RULES)
NAMES = [f"{place}-{rule.kind}" for place, rule in enumerate(RULES)]
PIECES = (
    [secret for _, secret, _ in TABLE]
    + [around for _, _, around in TABLE]
    + [need for rule in RULES for need in rule.needs]
    + [
        *KEEP,
        *" =:\"'\n&,;<>{}-@/|\t\r\x0b\x0c",
        "\u2039redacted:jwt\u203a",
        "%3D",
        "&quot;",
        "\\n",
        "\u00e9",
        "\u017f",
    ]
    + [*"\u00e9\u017f\u212a\u2003", "\U0001f600", "\ud800"]
    + ["--", "://", "a1B2c3D4e5F6g7H8i9"]
)
ASCII = st.characters(max_codepoint=127)
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=9).map("".join)


def test_the_faster_engine_is_the_one_in_use_where_it_is_installed() -> None:
    assert active().engine.name == "re2"


@given(TEXTS)
@settings(max_examples=600, deadline=None)
def test_both_engines_find_the_same_places(text: str) -> None:
    assert sorted(RE2.find(text, shadow(text))) == sorted(RE.find(text, shadow(text)))


@pytest.mark.parametrize(("kind", "secret", "around"), TABLE)
def test_both_engines_mask_each_line_of_the_table(kind: str, secret: str, around: str) -> None:
    text = f"a {around.format(secret)} b\n{secret}"
    slower = Redactor()
    slower._engines.append(RE)
    assert redact(text, slower) == redact(text), kind


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_whatever_a_pattern_matches_passes_both_quick_looks(rule: Rule, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(rule.pattern, re.ASCII), alphabet=ASCII))
    alone = Rule(kind=rule.kind, pattern=rule.pattern, needs=rule.needs, sign=rule.sign, loose=rule.loose)
    assert list(Re2Engine([alone]).find(text, shadow(text))), "the sign does not stand for the pattern"
    assert list(ReEngine([alone]).find(text, shadow(text))), "the literals do not stand for the pattern"


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_pattern_keeps_to_what_both_engines_have_in_common(rule: Rule) -> None:
    assert not re.search(r"\(\?(?!P<|:|i:|m:)|\\[sSdDwWbBZAz1-9]", rule.pattern)
    assert rule.needs
    assert not rule.loose or all(need == need.lower() for need in rule.needs)


@given(st.text())
def test_a_shadow_has_a_byte_for_each_character(text: str) -> None:
    assert len(shadow(text)) == len(text)
    assert [chr(octet) for octet in shadow(text) if octet < 128] == [each for each in text if each.isascii()]


@given(st.lists(st.sampled_from([piece for piece in PIECES if len(piece) < 9]), max_size=4).map("".join))
@settings(max_examples=300, deadline=None)
def test_what_passes_as_plain_holds_nothing_that_a_rule_would_mask(text: str) -> None:
    if _PLAIN.fullmatch(text):
        assert list(RE2.find(text, shadow(text))) == []


@given(
    st.text(
        alphabet=st.sampled_from("a\u00e9\u2039\u203a\u2038\u203b\U00012039\U0001203a\ud800\u0139\x81"), max_size=40
    )
)
def test_a_shadow_tells_the_borders_of_marks_from_every_other_character(text: str) -> None:
    known = {"a": 0x61, "\u2039": 0x81, "\u203a": 0x82}
    assert list(shadow(text)) == [known.get(character, 0x80) for character in text]
