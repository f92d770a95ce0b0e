"""Keys, stamps, times, commits, content hashes, foreign paths."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.safety import ids


@pytest.mark.parametrize("text", ["a", "20260301T000000Z", "v1.4.0", "pr-17", "E2e_rpc", "a" * 64, "console", "com10"])
def test_keys_are_accepted(text: str) -> None:
    assert ids.is_key(text)
    assert ids.key_or_hash(text, "s") == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-a",
        ".a",
        "_a",
        "a.",
        "a/b",
        "..",
        "a b",
        "a\n",
        "caf\u00e9",
        "\u0661",
        "a" * 65,
        "con",
        "NUL.txt",
        "Com1",
        "lpt9.log",
        "a\x00",
    ],
)
def test_what_is_no_key_becomes_a_hash(text: str) -> None:
    assert not ids.is_key(text)
    made = ids.key_or_hash(text, "s")
    assert ids.is_key(made)
    assert len(made) == 2 + 16


@given(st.text(), st.text())
def test_different_texts_never_share_a_key(left: str, right: str) -> None:
    assert (ids.key_or_hash(left, "s") == ids.key_or_hash(right, "s")) == (left == right)


def test_a_stamp_is_a_real_moment_in_utc() -> None:
    assert ids.parse_stamp("20260301T235959Z") == datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "20260301T000061Z",
        "20260230T000000Z",
        "20260301T000000",
        "20260301t000000z",
        "20260301T000000Z\n",
        "00010101T000000Z",
        "99990101T000000Z",
        "\u0662\u0660\u0662\u0666\u0660\u0663\u0660\u0661T000000Z",
        "",
    ],
)
def test_what_is_no_stamp_is_none(text: str) -> None:
    assert ids.parse_stamp(text) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("20260301T000102Z", datetime(2026, 3, 1, 0, 1, 2, tzinfo=UTC)),
        ("2026-03-01T00:01:02Z", datetime(2026, 3, 1, 0, 1, 2, tzinfo=UTC)),
        ("2026-03-01T00:01:02.345Z", datetime(2026, 3, 1, 0, 1, 2, 345_000, tzinfo=UTC)),
        ("2026-03-01T00:01:02.345678+00:00", datetime(2026, 3, 1, 0, 1, 2, 345_678, tzinfo=UTC)),
        ("2026-03-01T00:01:02.345678901+00:00", datetime(2026, 3, 1, 0, 1, 2, 345_678, tzinfo=UTC)),
        ("2026-03-01T02:01:02+02:00", datetime(2026, 3, 1, 0, 1, 2, tzinfo=UTC)),
        ("2026-02-28T19:01:02-0500", datetime(2026, 3, 1, 0, 1, 2, tzinfo=UTC)),
        ("2026-03-01 00:01:02", datetime(2026, 3, 1, 0, 1, 2, tzinfo=UTC)),
    ],
)
def test_every_time_format_becomes_aware_utc(text: str, wanted: datetime) -> None:
    found = ids.parse_time(text)
    assert found == wanted
    assert found is not None
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-03-01",
        "2026-13-01T00:00:00Z",
        "1989-12-31T00:00:00Z",
        "2201-01-01T00:00:00Z",
        "2026-03-01T00:00:00+25:00",
        "1772323200",
    ],
)
def test_nonsense_times_are_none(text: str) -> None:
    assert ids.parse_time(text) is None


@given(st.text(max_size=40))
def test_no_text_makes_parsing_a_time_fail(text: str) -> None:
    found = ids.parse_time(text)
    assert found is None or 1990 <= found.year <= 2200


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("a1b2c3d", True), ("f" * 40, True), ("0" * 64, True), ("abc", False), ("unknown", False), ("f" * 65, False)],
)
def test_commits_are_hexadecimal(text: str, wanted: bool) -> None:  # noqa: FBT001
    assert ids.is_commit(text) is wanted


def test_content_ids_keep_parts_apart_and_have_the_wanted_size() -> None:
    assert ids.content_id("f", "ab", "c") != ids.content_id("f", "a", "bc")
    assert ids.content_id("f", "a", "") != ids.content_id("f", "a")
    assert len(ids.content_id("f", "a")) == 2 + 16
    assert len(ids.content_id("f", "a", size=4)) == 2 + 8
    assert ids.content_id("f", "\ud800")


@given(st.lists(st.text(), max_size=4))
def test_test_ids_fit_a_signed_64_bit_column_and_repeat(parts: list[str]) -> None:
    assert -(2**63) <= ids.test_id(*parts) < 2**63
    assert ids.test_id(*parts) == ids.test_id(*parts)


STAMP = "20260301T000000Z"


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        (f"/home/runner/work/demo/{STAMP}/e2e_rpc/output.log", "e2e_rpc/output.log"),
        (f"C:\\ci\\{STAMP}\\e2e_rpc\\output.log", "e2e_rpc/output.log"),
        (f"\\\\host\\share\\{STAMP}\\output.log", "output.log"),
        (f"/a/{STAMP}/b/{STAMP}/c.log", "c.log"),
        (f"tests/{STAMP}/c.log", "c.log"),
        ("/a/other/c.log", None),
        (f"/a/{STAMP}", None),
        (f"/a/{STAMP}/", None),
        (f"/a/{STAMP}/../../etc/passwd", None),
        (f"/a/../{STAMP}/x", None),
        (f"/a/{STAMP}//etc/passwd", None),
        (f"/a/{STAMP}/./x", None),
        (f"/a/{STAMP}/C:/x", None),
        (f"/a/{STAMP}/x\n", None),
        (f"/a/{STAMP}/\u202egnp.x", None),
        (f"/a/{STAMP}/" + "x/" * 400 + "y", None),
        (f"/a/{STAMP}/" + "\u00e9" * 200, None),
        ("", None),
    ],
)
def test_foreign_paths_are_anchored_behind_the_run_folder_or_refused(path: str, wanted: str | None) -> None:
    assert ids.reanchor(path, {STAMP}) == wanted
