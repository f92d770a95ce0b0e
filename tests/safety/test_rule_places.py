"""A rule that `re` tries only near its words finds what it would find everywhere."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from generator.safety._assignments import ASSIGNMENT
from generator.safety._engine import candidates
from generator.safety._shadow import shadow

RULE = ASSIGNMENT[0]
WORDS = ["pass", "password", "DB_PWD", "secret", "Token", "api_key", "subscription-keys", "auth", "key", "client"]
WORDS += ["_", "-", "=", "value1", "\u0130", "a", "9", "X-Auth", ";pwd"]
PIECES = st.sampled_from([*WORDS, ": ", "'", " ", "\n", "[", "]", '"', "\\"])


@given(st.lists(PIECES, max_size=14).map("".join))
def test_looking_near_the_words_finds_the_same_as_looking_everywhere(text: str) -> None:
    everywhere = [found.span() for found in re.finditer(RULE.pattern.encode(), shadow(text))]
    assert [found.span() for found in candidates(RULE, shadow(text), shadow(text).lower())] == everywhere
