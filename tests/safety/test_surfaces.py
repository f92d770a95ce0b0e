"""What goes to a terminal, a CI log or a forge gives no orders there."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.safety.surfaces import code_span, log_text
from tests.safety.invented import token

ORDERS = (
    *(
        "::set-output name=a::b",
        "  ::error::x",
        "\t::add-mask::y",
        "##[error]x",
        "a ##[group]b",
        "##vso[task.setvariable]",
    ),
    *(
        "x ##vso[build.addbuildtag]",
        "##teamcity[buildStop]",
        "section_start:1:a",
        "section_end:1:a",
        "travis_fold:start:a",
    ),
)
OBEYED = re.compile(r"^[ \t]*::|##(?:\[|vso\[|teamcity\[)|^[ \t]*(?:section_(?:start|end):|travis_)", re.MULTILINE)
NOISE = st.lists(st.sampled_from([*ORDERS, "\r", "\n", "\x1b[31m", "\u202e", "\u2028", "`", " ", "word"]), max_size=8)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("before", ["", "said:\n", "said:\r\n", "\x1b[2K", "\u200b\n"])
def test_no_line_of_a_log_is_an_order_to_a_ci_runner(order: str, before: str) -> None:
    said = log_text(before + order)
    assert not OBEYED.search(said), said
    assert order.strip()[-3:] in said


@pytest.mark.parametrize("text", ["a::b::c passed", "see ## [x]", "# heading", "std::vec\n  at a::b", "travis"])
def test_ordinary_text_of_a_log_stays(text: str) -> None:
    assert log_text(text) == text


@given(NOISE.map("".join))
def test_whatever_is_said_is_no_order_and_steers_no_terminal(text: str) -> None:
    said = log_text(text)
    assert not OBEYED.search(said)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", said)
    assert log_text(said) == said


def test_a_secret_in_an_error_message_is_masked() -> None:
    secret = token()
    assert log_text(f"cannot read /tmp/{secret}") == "cannot read /tmp/\u2039redacted:github-token\u203a"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "@everyone",
            "fixes #1",
            "![x](https://a.example/b.png)",
            "<img src=x>",
            "a`b",
            "``",
            "`",
            "a|b",
            "x\n\n# y",
            "",
        ),
        *("`a` @b", "```\n@b", "\\`@c"),
    ],
)
def test_a_code_span_holds_its_text_whatever_it_is(text: str) -> None:
    span = code_span(text)
    fence = re.match(r"`+", span)
    assert fence
    inside = span[fence.end() : -fence.end()]
    assert span == f"{fence[0]}{inside}{fence[0]}"
    assert fence[0] not in re.findall(r"`+", inside)
    assert not inside.startswith("`")
    assert not inside.endswith("`")
    assert "\n" not in span
    assert "|" not in span
