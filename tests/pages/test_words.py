"""How numbers, times and names read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.pages import words

NOW = datetime(2026, 11, 9, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "not recorded"),
        (float("nan"), "not recorded"),
        (0.0, "under 1 ms"),
        (0.34, "340 ms"),
        (0.9996, "1.0 s"),
        (12.34, "12.3 s"),
        (59.96, "1 m 0 s"),
        (192.0, "3 m 12 s"),
        (3840.0, "1 h 4 m"),
        (3_600_000.0, "1,000 h 0 m"),
    ],
)
def test_a_duration_reads_in_its_largest_units(seconds: float | None, text: str) -> None:
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, "no data"),
        (1.0, "100%"),
        (0.0, "0%"),
        (0.9999, "over 99.9%"),
        (0.0001, "under 0.1%"),
        (0.979, "97.9%"),
        (0.5, "50%"),
    ],
)
def test_a_share_reads_as_per_cent(share: float | None, text: str) -> None:
    assert words.percent(share) == text


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_share_below_one_never_reads_as_all_and_one_above_zero_never_as_none(part: int, rest: int) -> None:
    assert words.percent(part / (part + rest)) not in {"100%", "0%"}


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(0), "less than a minute earlier"),
        (timedelta(minutes=5), "5 min earlier"),
        (timedelta(hours=2, minutes=59), "2 h earlier"),
        (timedelta(days=1), "1 day earlier"),
        (timedelta(days=400), "400 days earlier"),
        (timedelta(hours=-3), "3 h later"),
    ],
)
def test_a_time_is_told_relative_to_the_report_not_to_now(ago: timedelta, text: str) -> None:
    assert words.relative(NOW - ago, NOW) == text


def test_a_list_never_grows_beyond_its_limit() -> None:
    assert words.listing([]) == ""
    assert words.listing(["a"]) == "a"
    assert words.listing(["a", "b"]) == "a and b"
    assert words.listing(["a", "b", "c"]) == "a, b and c"
    assert words.listing(["a", "b", "c", "d", "e"]) == "a, b and 3 more"


@given(st.text(), st.integers(1, 50))
def test_a_cut_text_is_one_line_within_its_limit(text: str, limit: int) -> None:
    found = words.cut(text, limit)

    assert len(found) <= limit
    assert found == " ".join(found.split())


def test_a_commit_is_short_and_other_text_stays_whole() -> None:
    assert words.short_commit("a" * 40) == "a" * 9
    assert words.short_commit("unknown") == "unknown"
    assert words.short_commit("") == "not stated"


def test_counts_choose_their_word() -> None:
    assert words.plural(1, "failure") == "1 failure"
    assert words.plural(0, "failure") == "0 failures"
    assert words.plural(12345, "entry", "entries") == "12,345 entries"


def test_sentences_start_large_and_end_with_one_stop() -> None:
    assert words.join("gate a fails", "", "Done.") == "Gate a fails. Done."
    assert words.sentence("  ") == ""
