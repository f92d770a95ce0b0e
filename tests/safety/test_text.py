"""Text from outside: harmless, bounded, and otherwise exactly as it was."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.safety.text import (
    bound,
    clean,
    clean_message,
    clean_name,
    clean_trace,
    has_control,
    neutralise,
    one_line,
)

KEYCAP, FAMILY, HEART, FIRE, FLAG = (
    "1\ufe0f\u20e3",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u2764\ufe0f",
    "\u2764\ufe0f\u200d\U0001f525",
    "\U0001f1ea\U0001f1fa",
)
ORDINARY = [
    "Vec<Option<&str>> != Vec<Option<String>>",
    "{{ x }} {% raw %} ${y}",
    "100 % of 50 %% done, %s %d",
    "&lt;b&gt; &amp;amp; &nbsp;",
    "left: 3\n right: 4\tend",
    "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645",
    "\u4f60\u597d\uff0c\u4e16\u754c \u3053\u3093\u306b\u3061\u306f \ud55c\uad6d\uc5b4",
    "na\u00efve \u00e9t\u00e9 e\u0301 \u0939\u093f\u0928\u094d\u0926\u0940",
    f"\U0001f600 {KEYCAP} {FAMILY} {HEART} {FIRE} {FLAG} \U0001f44d\U0001f3fd \U0001f469\U0001f3fd\u200d\U0001f4bb",
    "\u2500\u2500\u2500\u2500\u2500\u2500 box \u2192 \u2713 \u2026",
    "non-breaking\u00a0space and \ufffd",
]
PIECES = st.one_of(
    st.text(max_size=30),
    st.text(
        alphabet="\x00\x1b[]m0;\r\n\t\x07\x9b\u200b\u200d\ufe0f\u0301\u202e\u2764\U0001f469\U000e0041\u20391\u203aU+",
        max_size=40,
    ),
    st.sampled_from(
        [
            FAMILY,
            KEYCAP,
            "\u2039redacted:jwt\u203a",
            "\u2039U+202E\u203a",
            "password=",
            "token: ",
            "a" * 700,
            "\x1b[31m",
        ]
    ),
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_survives_exactly(text: str) -> None:
    assert clean_message(text) == text


CONTROLS = "\x00\x08\x0b\x0c\r\x1b\x1f\x7f\x85\x9b"
INVISIBLE = (
    "\u202e\u2069\u061c\u200b\u200d\u200e\u2028\u2029\ufeff\u00ad\u034f\u3164\u115f\uffa0\ufe0f\u180e\u2060\ufff9"
)
OUTSIDE = "\ufffe\ufdd0\ud800\udfff\U000e0041\U000e0100\U0001ffff\U0010ffff\U0001d173"


@pytest.mark.parametrize("character", [*CONTROLS, *INVISIBLE, *OUTSIDE])
def test_dangerous_characters_become_visible(character: str) -> None:
    assert neutralise(f"a{character} \u4f60") == f"a\u2039U+{ord(character):04X}\u203a \u4f60"


@pytest.mark.parametrize(
    "sequence",
    [
        "\x1b[31m",
        "\x1b[1A\x1b[2K",
        "\x1b]0;title\x07",
        "\x1b]8;;https://evil.example\x1b\\",
        "\x9b31m",
        "\x1bP1$r\x1b\\",
        "\x1b(B",
        "\x1bc",
        "\x9d0;t\x9c",
    ],
)
def test_terminal_sequences_are_dropped(sequence: str) -> None:
    assert neutralise(f"a{sequence}b") == "ab"


def test_a_sequence_without_end_hides_nothing() -> None:
    assert neutralise("\x1b]0;the rest\nof the log") == "\u2039U+001B\u203a]0;the rest\nof the log"


def test_dropping_a_sequence_never_makes_a_new_one() -> None:
    assert "\x1b" not in neutralise("\x1b\x1b[0m[31mred")


def test_windows_line_ends_become_line_feeds_and_lone_returns_visible() -> None:
    assert neutralise("a\r\nb\rc") == "a\nb\u2039U+000D\u203ac"


@pytest.mark.parametrize("text", ["PWN0042\ufe0ftail", "x\u200dy", "\u2764\ufe0f\ufe0f", "\U0001f469\u200d", "7\ufe0f"])
def test_selectors_and_joiners_outside_emoji_become_visible(text: str) -> None:
    assert "\u2039U+" in neutralise(text)


def test_tag_characters_of_flags_are_visible_because_they_can_hide_text() -> None:
    assert neutralise("\U0001f3f4\U000e0067") == "\U0001f3f4\u2039U+E0067\u203a"


@pytest.mark.parametrize("mark", ["\u0301", "\u0489", "\u20dd", "\u0e31"])
def test_runs_of_combining_characters_are_cut_to_four(mark: str) -> None:
    assert neutralise("a" + mark * 5000 + "b") == "a" + mark * 4 + "b"


def test_combining_characters_are_all_seen_by_the_quick_look() -> None:
    marks = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in {"Mn", "Me", "Mc"}]
    bases = [mark for mark in marks if len(neutralise(mark)) == 1]
    assert [mark for mark in bases if neutralise("a" + mark * 6) != "a" + mark * 4] == []


def missing_of(text: str) -> tuple[int, int]:
    """How many characters a cut text says are missing, and how many it kept."""
    head, _, rest = text.partition("\u2039\u2026 ")
    count, _, tail = rest.partition(" characters cut \u2026\u203a")
    return int(count), len(head) + len(tail)


def test_bound_keeps_both_ends_and_says_how_much_is_missing() -> None:
    text = bound("begin" + "x" * 1000 + "end", 100)
    assert len(text) <= 100
    assert text.startswith("beginx")
    assert text.endswith("xend")
    assert sum(missing_of(text)) == 1008


@pytest.mark.parametrize("limit", [0, 1, 10, 30, 31, 100])
def test_bound_is_never_longer_than_its_limit(limit: int) -> None:
    assert len(bound("\U0001f600x" * 200, limit)) <= limit


def test_the_number_of_cut_characters_is_right_for_huge_texts_too() -> None:
    text = clean_message("word " * 1_000_000)
    assert sum(missing_of(text)) == 5_000_000


def test_a_cut_splits_neither_an_emoji_nor_a_mark() -> None:
    for limit in range(60, 140):
        text = clean(FAMILY * 30 + "\u202e" * 30, limit)
        assert clean(text, limit) == text
        assert text.count("\u2039") == text.count("\u203a")


@given(TEXTS, st.sampled_from([40, 200, 512]))
@example("\U0001f469\u200d" * 300, 40)
@example("1\ufe0f\u20e3" * 200, 40)
def test_cleaning_is_idempotent_bounded_and_without_control_characters(text: str, limit: int) -> None:
    once = clean(text, limit)
    assert len(once) <= limit
    assert clean(once, limit) == once
    plain = once.replace("\n", "").replace("\t", "").replace("\u200d", "").replace("\ufe0f", "").replace("\ufe0e", "")
    assert not has_control(plain)


@given(
    st.text(
        alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="\u115f\u1160\u3164\uffa0"),
        max_size=200,
    )
)
def test_letters_digits_signs_and_spaces_are_never_touched(text: str) -> None:
    assert neutralise(text) == text


@pytest.mark.parametrize("text", ["a\nb", "a\tb", "\x1b", "a\u202e", "a\u200db", "\ud800"])
def test_has_control_sees_line_ends_and_invisible_characters(text: str) -> None:
    assert has_control(text)


def test_has_control_accepts_ordinary_letters_of_any_script() -> None:
    assert not any(has_control(text) for text in ("abc", "d\u00e9j\u00e0", "\u4f60\u597d", "\U0001f600"))


def test_one_line_collapses_white_space() -> None:
    assert one_line("  a\n\tb   c ") == "a b c"


def test_names_and_traces_have_their_limits() -> None:
    assert (len(clean_name("n" * 9999)), len(clean_trace("t" * 99_999))) == (512, 65_536)


def test_a_whole_run_is_cleaned_in_a_moment() -> None:
    names = [f"module::part_{number % 97}::keeps_damaged_scan_{number}" for number in range(50_000)]
    traces = ["thread 'main' panicked at src/lib.rs:12:5:\nassertion failed\n" * 30] * 1_000
    begin = time.process_time()
    for name in names:
        clean_name(name)
    for trace in traces:
        clean_trace(trace)
    assert time.process_time() - begin < 3.0  # ten times what it takes, so that only a lost fast path fails


@given(
    st.text(alphabet=st.sampled_from("ab\u202e\u200b\x07\n\t\u00e9\U0001f600\u2764\ufe0f\u200d9\u20e3"), max_size=30)
)
def test_a_long_text_is_worded_like_a_short_one(text: str) -> None:
    long = "x" * 5000
    assert neutralise(text + long) == neutralise(text + "x") + long[1:]
