"""Large documents are read piece by piece: where they are cut changes nothing of what is read."""

from __future__ import annotations

import pytest

from generator.errors import UnreadableError
from generator.safety import strict_json
from generator.safety.limits import ReadLimits
from generator.safety.strict_json import parse_json, parse_jsonl, parse_toml
from generator.safety.strict_xml import parse_xml

PIECE = 1 << 16
"""As much as is read of a file at once."""


class Texts:
    """Takes the texts of elements and the values of attributes."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        self.found += [tag, *attrs.values()]

    def text(self, data: str) -> None:
        self.found.append(data.strip())

    def end(self, tag: str) -> None:
        self.found.append(f"/{tag}")


def texts(document: bytes, size: int = PIECE) -> tuple[bool, list[str]]:
    """Read a document in pieces of a size; tell whether it was repaired, and what was in it."""
    handler = Texts()
    pieces = [document[place : place + size] for place in range(0, len(document), size)]
    return parse_xml(lambda: pieces, handler, {"testsuite"}), handler.found


@pytest.mark.parametrize("reference", ["&#1;", "&#x1b;", "&#65535;", "\x01"])
@pytest.mark.parametrize("shift", range(-9, 3))
def test_a_forbidden_character_is_replaced_wherever_the_pieces_end(reference: str, shift: int) -> None:
    before = "<testsuite><a>begin</a>"
    blanks = " " * (3 * PIECE + shift - len(before))
    repaired, found = texts(f"{before}{blanks}<a>{reference}end</a></testsuite>".encode())
    assert repaired
    assert found == ["testsuite", "a", "begin", "/a", "a", "\ufffdend", "/a", "/testsuite"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_a_large_document_is_repaired_in_its_own_encoding(encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    text = f"{head}<testsuite>{'é ' * PIECE}<a>\x01é</a>{' ' * PIECE}</testsuite>"
    repaired, found = texts(text.encode(encoding))
    assert repaired
    assert found[-4:] == ["a", "\ufffdé", "/a", "/testsuite"]


def test_text_before_a_large_document_and_behind_it_is_left_out() -> None:
    repaired, found = texts(
        ("begin " * 9_000 + f"<testsuite><a/>{' ' * 4 * PIECE}</testsuite>" + "end " * PIECE).encode()
    )
    assert repaired
    assert found == ["testsuite", "a", "/a", "/testsuite"]


def test_a_large_document_that_is_not_in_its_encoding_is_refused_as_it_stands() -> None:
    with pytest.raises(UnreadableError, match="not well-formed"):
        texts(b"<testsuite>" + b" " * 3 * PIECE + b"\x01\xff</testsuite>")


@pytest.mark.parametrize("size", [1, 7, 4_096, PIECE])
def test_a_long_tag_is_the_same_in_pieces_of_any_size(size: int) -> None:
    value = "v" * (300 if size < 10 else 300_000)
    assert texts(f'<testsuite><a b="{value}"/></testsuite>'.encode(), size)[1][1:3] == ["a", value]


@pytest.mark.parametrize(
    ("mistake", "reason"),
    [
        ('"a": 1, "a": 2', 'the key "a" is given twice'),
        ('"n": 1e400', "a number is not finite"),
        ('"n": NaN', "NaN is not a number of JSON"),
        (f'"n": {"9" * 5_000}', "a number has more than 400 characters"),
        (f'"n": {"[" * 70}{"]" * 70}', "nested deeper than 64"),
    ],
)
def test_a_mistake_in_a_document_of_many_parts_is_named_without_its_place(mistake: str, reason: str) -> None:
    many = "[]," * 450_000
    with pytest.raises(UnreadableError) as caught:
        parse_json(f'{{"many": [{many}[]], {mistake}}}')
    assert caught.value.message == reason
    assert caught.value.hint


def test_a_name_that_is_given_twice_is_told_without_what_is_secret_in_it() -> None:
    token = "gh" + "p_" + "a1" * 18
    _, bad = parse_jsonl(f'{{"{token}": 1, "{token}": 2}}\n')
    assert len(bad) == 1
    assert token not in bad[0][1]


def test_what_stands_in_strings_is_no_part_of_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_json, "JSON_PARTS", 3)
    assert parse_json('{"a": "[{:[{:\\"[[["}') == {"a": '[{:[{:"[[['}
    for torn in ('{"a": "[[[[[[[', '{"a": "[[[[[[[\\', '{"a": "[[[[[\\"'):
        with pytest.raises(UnreadableError, match="not JSON"):
            parse_json(torn)


@pytest.mark.parametrize(
    "line",
    [
        ".".join(["a"] * 9) + " = 1",
        "[" + " . ".join(["a"] * 9) + "]",
        "[[" + ".".join(['"a\\"b"'] * 9) + "]]",
        "x = {" + ".".join(["'a b'"] * 9) + " = 1}",
        "x = {y = 1, " + ".".join(["a"] * 9) + " = 1}",
    ],
)
def test_a_dotted_name_of_toml_is_as_deep_as_its_parts(line: str) -> None:
    with pytest.raises(UnreadableError, match="nested deeper than 8"):
        parse_toml(line, ReadLimits(depth=8))
    assert parse_toml(line, ReadLimits(depth=20))


@pytest.mark.parametrize(
    "text",
    [
        'a = "1.2.3.4.5.6.7.8.9.10.11"',
        "a = [1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5]",
        "# a.b.c.d.e.f.g.h.i.j",
        "a = '''\n‹a.b.c.d.e.f.g.h.i.j›\n'''",
    ],
)
def test_dots_elsewhere_are_no_depth(text: str) -> None:
    assert parse_toml(text, ReadLimits(depth=8)) is not None
