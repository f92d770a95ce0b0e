"""A text in pieces gives what it gives at once, wherever it is cut, and a long line of it is never held whole."""

from __future__ import annotations

import io
from itertools import chain, repeat
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.artifact import Artifact
from generator.errors import UnreadableError
from generator.safety import strict_json
from generator.safety.files import decode, decode_lossy, decoded
from generator.safety.limits import DEFAULT, MIB, ReadLimits
from generator.safety.pieces import Extent, first_lines, whole_lines
from generator.safety.strict_json import parse_jsonl, stream_jsonl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Whole = TypeVar("Whole", bytes, str)

BITS = st.sampled_from(
    [
        *('{"a": 1}', '{"a": 1, "a": 2}', "[1, 2]", '{"é": "щ\U0001f600"}', '{"torn', "null", '"' + "x" * 30 + '"'),
        *("\n", "\n", "\n", "\r\n", "\r", " ", "\x0b", "\x1c", "\x85", "\u2028", "\ufeff", "\0"),
        *("x" * 1_500, " " * 1_500, '{"a": "' + "é" * 1_100 + '"}'),
    ]
)
TEXTS = st.lists(BITS, max_size=24).map("".join)
ENCODINGS = st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32"])
BAD_BYTES = st.sampled_from([b"", b"", b"\xff", b"\xc3", b"\xf0\x9f", b"\xed\xa0\x80", b"\n\x80\n", b"\x1f\x8b"])
LIMITS = st.builds(
    ReadLimits,
    jsonl_bytes=st.sampled_from([DEFAULT.jsonl_bytes, 3_000, 40]),
    jsonl_line=st.sampled_from([DEFAULT.jsonl_line, 1_200, 20]),
    jsonl_rows=st.sampled_from([DEFAULT.jsonl_rows, 2]),
    depth=st.just(8),
)
CUTS = st.lists(st.integers(0, 4_000), max_size=30)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Return a file of JSON lines of any encoding, which may hold what is no text."""
    data = draw(TEXTS).encode(draw(ENCODINGS))
    place = draw(st.integers(0, len(data)))
    return data[:place] + draw(BAD_BYTES) + data[place:]


def cut(data: Whole, cuts: Sequence[int]) -> list[Whole]:
    """Cut bytes or a text at some places; without one, behind each byte or character."""
    places: list[int] = sorted({place for place in cuts if place < len(data)}) or list(range(1, len(data)))
    return [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True) if data[start:end]]


def large(data: bytes, cuts: Sequence[int], limits: ReadLimits = DEFAULT, *, looks: int = 0) -> Artifact:
    """Return a file that is said to be so large that it is read in pieces, and may not be read at once.

    The first looks at it are at a whole piece of the disk.
    """

    def refuse() -> bytes:
        raise AssertionError("held whole")

    given_out = chain(repeat([data], looks), repeat(cut(data, cuts) or [b""]))
    return Artifact(
        path="a.jsonl",
        name="a.jsonl",
        folders=(),
        size=2 * MIB,
        load=refuse,
        chunks=lambda: iter(next(given_out)),
        limits=limits,
    )


def tried(work: Callable[[], object]) -> object:
    """Return what comes out, or why it is refused."""
    try:
        return work()
    except UnreadableError as error:
        return error.message, error.hint


def streamed(text: str, limits: ReadLimits) -> object:
    """Return the rows of a text at hand one by one, and its bad lines."""
    bad: list[tuple[int, str]] = []
    return list(stream_jsonl(text, bad, limits)), bad


def events(file: Artifact) -> object:
    """Return the rows of a file one by one, and its bad lines."""
    bad: list[tuple[int, str]] = []
    return list(file.events(bad)), bad


@given(files(), CUTS, LIMITS)
def test_lines_in_pieces_are_the_lines_of_the_whole_file(data: bytes, cuts: list[int], limits: ReadLimits) -> None:
    file = large(data, cuts, limits)
    assert tried(file.rows) == tried(lambda: parse_jsonl(decode(data), limits))
    assert tried(lambda: events(file)) == tried(lambda: streamed(decode(data), limits))


@given(files(), CUTS)
def test_the_first_row_in_pieces_is_that_of_the_whole_file(data: bytes, cuts: list[int]) -> None:
    at_once = Artifact(path="a", name="a", folders=(), size=len(data), load=lambda: data)
    in_pieces = large(data, cuts, looks=1)
    assert in_pieces.peek_row() == at_once.peek_row()


@given(files(), CUTS)
def test_bytes_in_pieces_are_decoded_as_at_once(data: bytes, cuts: list[int]) -> None:
    assert tried(lambda: "".join(decoded(cut(data, cuts)))) == tried(lambda: decode(data))
    assert "".join(decoded(cut(data, cuts), lossy=True)) == decode_lossy(data)[0]


@given(TEXTS, CUTS)
def test_a_text_in_pieces_is_as_long_and_has_the_same_lines(text: str, cuts: list[int]) -> None:
    pieces = cut(text, cuts)
    extent = Extent(pieces)
    assert (extent.characters, extent.tail) == (len(text), text[-4096:])
    assert extent.lines == text.count("\n") + (not text.endswith("\n"))
    blocks = list(whole_lines(pieces, 10_000_000))
    assert "".join(blocks) == text
    assert all(block.endswith("\n") for block in blocks[:-1])
    assert "".join(first_lines(pieces, 3)) == "\n".join(text.split("\n")[:3])


def test_a_bad_byte_behind_a_mark_is_named_with_its_place_in_the_file() -> None:
    data = b"\xef\xbb\xbfabc\xff"
    refusal = ("is not UTF-8: bad byte 0xFF at offset 6", "write the file as UTF-8")
    assert tried(lambda: decode(data)) == refusal
    assert tried(lambda: "".join(decoded([data[:5], data[5:]]))) == refusal


@pytest.mark.parametrize(("length", "reason"), [(0, ""), (1, "longer than 2000 bytes")])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["", "\n", "\r\n", "  \n"])
def test_a_line_may_be_as_long_as_its_limit_wherever_it_is_cut(length: int, reason: str, mark: str, end: str) -> None:
    line = '{"a": "' + "x" * (2_000 - 9 - len(end.rstrip("\n")) + length) + '"}' + end
    text = f'{mark}{line}{{"b": 1}}\n' if end else mark + line
    limits = ReadLimits(jsonl_line=2_000)
    rows, bad = parse_jsonl([text[place : place + 7] for place in range(0, len(text), 7)], limits)
    assert (rows, bad) == parse_jsonl(text, limits)
    assert [number for number, _ in bad] == [1] * length
    assert all(why == (reason if end else "torn last line") for _, why in bad)


def test_a_line_over_its_limit_is_not_held_while_its_end_is_looked_for() -> None:
    def pieces() -> Iterator[str]:
        yield from ("{}\n", " " * 1_000)
        yield from (" " * 1_000 for _ in range(200_000))
        yield from ("x" * 1_000 for _ in range(200_000))
        yield '"\n{"a": 1}\n'

    blocks = list(whole_lines(pieces(), 5_000))
    assert max(map(len, blocks)) < 8_000
    assert parse_jsonl(pieces(), ReadLimits(jsonl_line=5_000, jsonl_bytes=1 << 30)) == (
        [(1, {}), (3, {"a": 1})],
        [(2, "longer than 5000 bytes")],
    )


def test_a_line_of_blanks_is_no_row_however_long_it_is() -> None:
    blanks = [" " * 1_000] * 100
    limits = ReadLimits(jsonl_line=5_000)
    assert parse_jsonl([*blanks, "\n", *blanks, "\n1\n", *blanks], limits) == ([(3, 1)], [])


def test_a_file_in_pieces_is_refused_before_its_first_row_when_all_of_it_is_too_large() -> None:
    data = b'{"a": 1}\n' * 10
    assert events(large(data, [4], ReadLimits(jsonl_bytes=len(data))))
    with pytest.raises(UnreadableError, match="the file is larger than 89 bytes"):
        next(large(data, [4], ReadLimits(jsonl_bytes=len(data) - 1)).events([]))


def test_a_file_in_pieces_has_at_most_so_many_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_json, "JSONL_LINES", 3)
    assert large(b"1\n\n2\n", [3]).rows() == ([(1, 1), (3, 2)], [])
    for data in (b"1\n\n2\n3", b"1\n\n2\n\n", b"\n\n\n\n\n"):
        with pytest.raises(UnreadableError, match="the file has more than 3 lines"):
            large(data, [3]).rows()


def test_rows_beyond_those_that_are_kept_are_counted_in_pieces_too() -> None:
    rows, bad = large(b"1\n" * 7 + b"\n\n", [5, 9], ReadLimits(jsonl_rows=3)).rows()
    assert (len(rows), bad) == (3, [(9, "only the first 3 of 7 rows are kept")])


def test_a_document_over_its_limit_is_refused_without_being_held() -> None:
    file = large(b'{"a": 1}\n' * 1_000, [100], ReadLimits(json_bytes=8_999))
    with pytest.raises(UnreadableError, match="the document is larger than 8999 bytes"):
        file.json()
    assert file.peek_json() is None
    assert file.peek_row() == {"a": 1}


def test_a_file_is_read_from_the_disk_each_time_and_not_kept() -> None:
    source = io.BytesIO(b'{"a": 1}\n' * 4)
    opened: list[int] = []

    def chunks() -> Iterator[bytes]:
        opened.append(source.seek(0))
        while piece := source.read(5):
            yield piece

    file = Artifact(path="a", name="a", folders=(), size=2 * MIB, load=source.read, chunks=chunks)
    assert file.rows() == file.rows()
    assert len(opened) == 3  # once to measure it
