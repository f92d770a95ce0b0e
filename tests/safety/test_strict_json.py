"""JSON, JSONL and TOML: strict in what is read, lenient in what is missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import UnreadableError
from generator.safety import limits
from generator.safety.strict_json import Fields, parse_json, parse_jsonl, parse_toml

if TYPE_CHECKING:
    from collections.abc import Callable

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_what_json_writes_is_read_back(value: object) -> None:
    assert parse_json(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1,\n "a": 2}', 'the key "a" is given twice at line 2, column 2'),
        ('{"x": {"b": 1}, "y": {"b": 1, "\\u0062": 2}}', 'the key "b" is given twice at line 1, column 31'),
        ("[1,\n NaN]", "NaN is not a number of JSON at line 2, column 2"),
        ("[-Infinity]", "-Infinity is not a number"),
        ("[1e400]", "a number is not finite at line 1, column 2"),
        ("[-1e999]", "a number is not finite"),
        ("[0." + "9" * 401 + "]", "a number has more than 400 characters at line 1, column 2"),
        ("[" + "9" * 5000 + "]", "more than 400 characters"),
        ("[0." + "1" * 400 + "]", "more than 400 characters"),
        ("[" * 65 + "]" * 65, "nested deeper than 64 at line 1, column 65"),
        ('{"a":' * 100_000, "nested deeper than 64"),
        ('[{"a":' * 3000 + "1" + "}]" * 3000, "nested deeper than 64"),
        ('{"a": 1', "not JSON: .* at line 1"),
        ('{"a": 1}<script>', "Extra data at line 1, column 9"),
        ("<!doctype html>", "not JSON: .* at line 1, column 1"),
        ("<<<<<<< ours\n{}", "not JSON"),
        (" " * 10_000, "the file is empty"),
        ("", "the file is empty"),
        ('"a\nb"', "not JSON: Invalid control character"),
    ],
)  # fmt: skip
def test_what_is_not_plain_json_is_refused_with_its_place(text: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason) as caught:
        parse_json(text)
    assert caught.value.hint


def test_a_document_over_the_limit_is_refused() -> None:
    with pytest.raises(UnreadableError, match="larger than"):
        parse_json('"' + "x" * limits.JSON_BYTES + '"')


@pytest.mark.parametrize("parse", [parse_json, parse_toml])
def test_a_depth_from_the_settings_is_the_one_that_the_refusal_names(parse: Callable[..., object]) -> None:
    nested = "[" * 9 + "]" * 9
    text = f"a = {nested[1:-1]}" if parse is parse_toml else nested
    assert parse(text, limits.ReadLimits(depth=9))
    with pytest.raises(UnreadableError, match="nested deeper than 8"):
        parse(text, limits.ReadLimits(depth=8))


def test_depth_64_and_400_digits_are_still_read() -> None:
    assert parse_json("[" * 64 + "]" * 64)
    assert parse_json("9" * 400) == int("9" * 400)


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert parse_json("\ufeff{}") == {}


def test_a_message_never_repeats_a_secret_of_the_file() -> None:
    token = "gh" + "p_" + "a1" * 18
    for text in (f'{{"status": {token} }}', f'{{"{token}": 1, "{token}": 2}}'):
        with pytest.raises(UnreadableError) as caught:
            parse_json(text)
        assert token not in str(caught.value)


def test_good_lines_are_kept_and_bad_ones_counted_with_their_numbers() -> None:
    rows, bad = parse_jsonl('{"a": 1}\r\n\r\n\0\x01 garbage\n[1, 2]\nnull\n{"a": 1, "a": 2}\n{"n": 1e400}\n{"a": 2}')
    assert rows == [(1, {"a": 1}), (4, [1, 2]), (5, None), (8, {"a": 2})]
    assert [number for number, _ in bad] == [3, 6, 7]
    assert "given twice" in bad[1][1]


def test_a_torn_last_line_is_named_as_such() -> None:
    assert parse_jsonl('{"a": 1}\n{"a": ') == ([(1, {"a": 1})], [(2, "torn last line")])
    assert parse_jsonl('{"a": 1}\n{"a": \n')[1][0][1].startswith("not JSON")


def test_long_lines_are_refused_with_their_number() -> None:
    _, bad = parse_jsonl('{"a": 1}\n"' + "x" * limits.JSONL_LINE + '"\n{"a": 2}\n')
    assert bad == [(2, f"longer than {limits.JSONL_LINE} bytes")]


def test_rows_over_the_limit_are_counted() -> None:
    rows, bad = parse_jsonl("1\n" * (limits.JSONL_ROWS + 5))
    assert len(rows) == limits.JSONL_ROWS
    assert bad == [(limits.JSONL_ROWS + 5, "only the first 10000 of 10005 rows are kept")]


def test_binary_data_is_no_jsonl() -> None:
    with pytest.raises(UnreadableError, match="binary"):
        parse_jsonl("PK\x03\x04\x00\x00")


def test_an_empty_jsonl_file_has_no_rows() -> None:
    assert parse_jsonl("") == ([], [])
    assert parse_jsonl("\n\n") == ([], [])


def test_toml_is_read() -> None:
    assert parse_toml('[suite.unit]\nfiles = ["a"]\n') == {"suite": {"unit": {"files": ["a"]}}}


@pytest.mark.parametrize(
    "text",
    [
        "a = 1\na = 2",
        "<<<<<<< ours",
        "a = " + "9" * 6000,
        "a = " + "9" * 500,
        "[" + ".".join("a" * 5000) + "]",
        "a = " + "[" * 5000,
        "x" * (2 << 20),
    ],
)
def test_what_is_not_plain_toml_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        parse_toml(text)


def test_fields_give_what_is_there_in_its_type() -> None:
    fields = Fields(
        {
            "t": "x",
            "n": 3,
            "f": 2.5,
            "w": 4.0,
            "s": -9,
            "b": True,
            "l": ["a", "b"],
            "o": {"i": 1},
            "c": [{"i": 1}, {"i": 2}],
            "z": None,
        },
        "r",
    )
    assert (fields.text("t"), fields.opt_text("z"), fields.text("z", "d"), fields.text("absent")) == (
        "x",
        None,
        "d",
        "",
    )
    assert (fields.int("n"), fields.int("w"), fields.signed("s"), fields.number("f"), fields.number("n")) == (
        3,
        4,
        -9,
        2.5,
        3.0,
    )
    assert (fields.boolean("b"), fields.texts("l"), fields.child("o").int("i")) == (True, ("a", "b"), 1)
    assert [child.int("i") for child in fields.children("c")] == [1, 2]
    assert (fields.has("t"), fields.has("z"), fields.has("absent")) == (True, False, False)
    assert fields.child("absent").children("x") == []
    assert fields.odd == []


def test_wrong_types_count_as_absent_and_are_remembered_by_path() -> None:
    fields = Fields(
        {
            "t": 1,
            "n": True,
            "m": -1,
            "big": 2**53,
            "s": "1",
            "f": "x",
            "b": 0,
            "l": "a",
            "p": ["a", 2],
            "o": [],
            "c": [1, {"i": "x"}],
            "d": {},
        },
        "root",
    )
    assert (fields.text("t", "d"), fields.int("n"), fields.int("m"), fields.int("big"), fields.signed("s")) == (
        "d",
        None,
        None,
        None,
        None,
    )
    assert (fields.number("f"), fields.boolean("b"), fields.texts("l"), fields.texts("p")) == (None, None, (), ("a",))
    assert (fields.child("o").text("x"), [child.int("i") for child in fields.children("c")], fields.children("d")) == (
        "",
        [None],
        [],
    )
    assert fields.odd == [
        "root.t is a number, not text",
        "root.n is true or false, not a whole number",
        "root.m is a number, not a count",
        "root.big is a number, not a whole number",
        "root.s is text, not a whole number",
        "root.f is text, not a number",
        "root.b is a number, not true or false",
        "root.l is text, not a list",
        "root.p[1] is a number, not text",
        "root.o is a list, not an object",
        "root.c[0] is a number, not an object",
        "root.c[1].i is text, not a whole number",
        "root.d is an object, not a list",
    ]


@pytest.mark.parametrize("root", [None, [], "x", 1, True])
def test_only_a_root_that_is_no_object_raises(root: object) -> None:
    with pytest.raises(UnreadableError, match="not an object"):
        Fields(root, "summary.json")
