"""Fingerprints: the same failure tomorrow has the same one, another failure has another."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.analysis.fingerprint import fingerprint, normalise

PYTHON = """Traceback (most recent call last):
  File "/home/ci/shop/src/orders.py", line {line}, in total
    return sum(rows)
  File "/usr/lib/python3.12/json/decoder.py", line 337, in decode
    raise ValueError
ValueError: bad row {row}"""


def signature(message: str = "", *, kind: str = "", trace: str = "", file: str = "") -> str:
    return fingerprint(kind, message, trace, file).signature


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("took 12 ms", "took 3.4 s"),
        ("order 17 of 20 lost", "order 9 of 31 lost"),
        ("at 0x7f3a12 died", "at 0xdeadbeef died"),
        ("run 6f1c2a5e-7f0b-4f0a-9a53-0d9f1c1f3a11 lost", "run 00000000-0000-4000-8000-000000000000 lost"),
        ("commit 3f2a9bc17 is bad", "commit aa00bb11cc22 is bad"),
        ("since 2026-03-04T10:00:00.123Z", "since 2026-11-30T23:59:59+01:00"),
        ("folder 20260304T021848Z lost", "folder 20260305T021513Z lost"),
        ("refused by 10.0.0.1:8080", "refused by 192.168.7.22"),
        ("GET https://a.example/x?id=1 failed", "GET http://b.example/y failed"),
        ("cannot open /home/a/spool/orders.db", "cannot open C:\\ci\\work\\orders.db"),
        ("rows [1, 2, 3] differ", "rows [1] differ"),
        ("name 'anna' is taken", "name 'bert' is taken"),
        ("a   b\tc", "a b c"),
        ("\x1b[31mred\x1b[0m", "red"),
    ],
)
def test_what_differs_from_run_to_run_does_not_count(one: str, other: str) -> None:
    assert signature(one) == signature(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KeyError: 'a'", "KeyError: 'b'"),
        ("AttributeError: no attribute 'sum'", "AttributeError: no attribute 'add'"),
        ("NameError: name 'x' is not defined", "NameError: name 'y' is not defined"),
        ("ValueError: bad", "TypeError: bad"),
        ("HTTP 404 from the shop", "HTTP 503 from the shop"),
        ("exit code 101", "exit code 134"),
        ("Permission denied (os error 13)", "Permission denied (os error 1)"),
        ("assertion `left == right` failed", "assertion `left != right` failed"),
        ("parcel weight", "parcel volume"),
    ],
)
def test_what_says_what_broke_counts(one: str, other: str) -> None:
    assert signature(one) != signature(other)


def test_quoted_identifiers_stay_only_for_lookups_and_when_short() -> None:
    assert fingerprint("builtins.KeyError", "'a'", "", "").line == "'a'"
    assert fingerprint("KeyError", f"'{'a' * 41}'", "", "").line == "<str>"
    assert fingerprint("ValueError", "'a'", "", "").line == "<str>"


def test_a_line_number_never_counts() -> None:
    one, other = (signature(trace=PYTHON.format(line=line, row=3)) for line in (10, 99))
    assert one == other


def test_the_message_of_a_traceback_is_its_last_line_and_the_frame_is_the_projects_own() -> None:
    found = fingerprint("", "", PYTHON.format(line=10, row=3), "")
    assert (found.kind, found.line, found.frame) == ("ValueError", "bad row <n>", "orders.py:total")
    assert found.title == "ValueError: bad row <n>"


@pytest.mark.parametrize(
    ("trace", "frame"),
    [
        ("tests/test_a.py:3: in test_a\n    go()\nsrc/app/client.py:88: ConnectionError", "client.py"),
        ("    at shop.Cart.total(Cart.java:12)\n    at java.base/java.lang.Thread.run(Thread.java:1)", "Cart:total"),
        ("    at java.util.List.of(List.java:1)\n    at shop.Cart.total(Cart.java:12)", "Cart:total"),
        ("    at add (/app/node_modules/x/i.js:1:2)\n    at total (/app/src/cart.ts:7:9)", "cart.ts:total"),
        ("    at /app/src/cart.ts:7:9", "cart.ts"),
        ("nothing known", ""),
    ],
)
def test_the_innermost_frame_of_the_project_is_found(trace: str, frame: str) -> None:
    assert fingerprint("Error", "boom", trace, "").frame == frame


def test_without_a_trace_the_file_stands_for_the_frame_without_its_folders() -> None:
    assert fingerprint("panic", "boom", "", "/data/x/tests/e2e_pay.rs").frame == "e2e_pay.rs"


def test_a_signature_has_a_version_and_sixteen_digits() -> None:
    assert signature("boom") == "f1:" + signature("boom")[3:]
    assert len(signature("boom")) == 19


def test_the_fingerprint_never_changes_without_a_new_version() -> None:
    assert signature("KeyError: 'id'", trace=PYTHON.format(line=1, row=1)) == "f1:163cef3e55e9dac0"


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300))
def test_any_text_can_be_normalised_and_keeps_one_line(text: str) -> None:
    assert "\n" not in normalise(text)
    assert len(signature(text, trace=text, file=text)) == 19


@settings(deadline=None, max_examples=60)
@given(st.text("ab /\\'\":.-0x[]", max_size=60), st.integers(2, 400))
def test_repetition_does_not_cost_more_than_its_length(text: str, times: int) -> None:
    begin = time.process_time()
    fingerprint("", text * times, text * times, "")
    assert time.process_time() - begin < 0.5


@pytest.mark.parametrize(
    "piece", ["a", "/", "a.", "'a", "a/", "1,", "-1", "\"'", "0x", "A.a", "at ", " ", "a://", "1.2.", "x:1: "]
)
def test_a_long_hostile_text_is_cut_before_any_pattern_runs(piece: str) -> None:
    begin = time.process_time()
    fingerprint("", piece * 500_000, piece * 500_000, "")
    assert time.process_time() - begin < 0.5
