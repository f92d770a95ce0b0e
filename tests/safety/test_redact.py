"""Redaction: each line of the table masks its secret; what only looks like one stays. Secrets are made at run time."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.safety.redact import RULES, Redactor, masks_in, redact
from generator.safety.text import are_plain, clean, clean_message, clean_name
from tests.safety.invented import DICE, KEEP, TABLE, token


@pytest.mark.parametrize(("kind", "secret", "around"), TABLE)
def test_each_line_of_the_table_masks_its_secret(kind: str, secret: str, around: str) -> None:
    text = redact("before " + around.format(secret) + " after\nnext line")
    assert f"\u2039redacted:{kind}\u203a" in text
    assert secret not in text
    assert secret[-8:] not in text
    assert text.startswith("before ")
    assert text.endswith("\nnext line")
    assert redact(text) == text


def test_every_kind_of_the_table_has_a_line_here() -> None:
    assert {rule.kind for rule in RULES} == {kind for kind, _, _ in TABLE}


@pytest.mark.parametrize("text", KEEP)
def test_what_only_looks_like_a_secret_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "disguise",
    [
        lambda t: quote(f"a=b&x={t}", safe=""),
        lambda t: html.escape(f'"{t}"') + "&#103;",
        lambda t: html.escape(f'{{"{t}"}}').replace("_", "&#x5f;"),
        lambda t: json.dumps(f'say "{t}"\n'),
        lambda t: "line\\n" + t.replace("_", "\\u005f"),
        lambda t: base64.b64encode(f"token {t} end".encode()).decode(),
        lambda t: base64.urlsafe_b64encode(f"??>>{t}".encode()).decode(),
        lambda t: "data/" + base64.b64encode(t.encode()).decode(),
        lambda t: f"{t[:10]}\x1b[0m{t[10:]}",
        lambda t: f"{t[:10]}\u200b{t[10:]}",
        lambda t: f"'{t}'",
        lambda t: f'\\"{t}\\"',
        lambda t: f"x{t}",
        lambda t: f"e2e_{t}",
    ],
)
def test_a_disguised_token_is_found_after_one_decoding(disguise) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    secret = token()
    text = clean_message("key " + disguise(secret) + " end")
    plain = base64.b64encode(secret.encode()).decode()
    assert all(part not in text for part in (secret, secret[:20], secret[-18:], plain[8:30]))
    assert text.startswith("key ")
    assert text.endswith(" end")
    assert "\u2039redacted:github-token\u203a" in text


def key(kind: str, body: list[str], *, end: bool = True) -> str:
    dashes, label = "-" * 5, f"{kind} PRIVATE KEY".strip()
    return f"{dashes}BEGIN {label}{dashes}\n" + "\n".join(body) + (f"\n{dashes}END {label}{dashes}" if end else "")


BODY = [base64.b64encode(DICE.randbytes(48)).decode() for _ in range(8)]


@pytest.mark.parametrize("kind", ["RSA", "EC", "DSA", "OPENSSH", "ENCRYPTED", ""])
def test_private_keys_of_every_kind_are_masked_over_all_their_lines(kind: str) -> None:
    assert redact(f"a\n{key(kind, BODY)}\nb") == "a\n\u2039redacted:private-key\u203a\nb"


@pytest.mark.parametrize(
    "wrap",
    [
        lambda text: "\n".join("2026-03-01T10:00:00Z " + line for line in text.split("\n")),
        lambda text: "\n".join("> | " + line for line in text.split("\n")),
        lambda text: json.dumps({"private_key": text}),
        quote,
        lambda text: text.replace("\n", " "),
        lambda text: text.rpartition("\n")[0],
        lambda text: text.partition("\n")[2],
        lambda text: text[:200],
    ],
)
def test_a_private_key_in_any_wrapping_leaves_no_line(wrap) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    text = redact("before\n" + wrap(key("RSA", BODY)))
    assert not any(line in text or quote(line) in text for line in BODY)
    assert text.startswith("before\n")


def test_public_keys_and_certificates_stay() -> None:
    text = key("", BODY).replace("PRIVATE KEY", "CERTIFICATE")
    assert redact(text) == text


OWN = {"DEPLOY_TOKEN": "abcdef/ghijkl+mnop", "HOME": "/home/somebody", "API_KEY": "short"}


@pytest.mark.parametrize(
    "form",
    [
        lambda v: v,
        lambda v: base64.b64encode(v.encode()).decode(),
        lambda v: quote(v, safe=""),
        quote,
        lambda v: v.replace("/", "\\/"),
    ],
)
def test_values_of_secret_variables_are_masked_in_every_form(form) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    redactor = Redactor.of(OWN)
    assert redact(f"go {form(OWN['DEPLOY_TOKEN'])} now", redactor) == "go \u2039redacted:environment\u203a now"
    assert (
        clean_message(f"/home/somebody short {form(OWN['DEPLOY_TOKEN'])}", redactor)
        == "/home/somebody short \u2039redacted:environment\u203a"
    )


def test_a_redactor_never_shows_what_it_masks() -> None:
    assert "abcdef" not in repr(Redactor.of(OWN))
    assert Redactor.of({}).literals == ()


def test_masks_are_counted_by_kind() -> None:
    text = f"{token()} {token()} password=hunter2"
    assert masks_in([redact(text), "nothing", redact("x " + token())]) == {"github-token": 3, "assignment": 1}


@pytest.mark.parametrize("offset", [0, 7, 13, 27])
def test_no_cut_leaves_the_head_of_a_token(offset: int) -> None:
    secret = token()
    for limit in (100, 512, 8192):
        assert secret[:9] not in clean("x" * offset + " ".join([secret] * 400), limit)
    assert secret[:9] not in clean_message("x" * offset + " ".join([secret] * 60_000))


@given(
    st.lists(
        st.sampled_from(
            [secret for _, secret, _ in TABLE]
            + [around for _, _, around in TABLE]
            + [*" =:\"'\n&,;<>{}-", "password", "\u2039redacted:jwt\u203a", "%3D", "&quot;", "\\n"]
        ),
        max_size=6,
    ).map("".join)
)
def test_redacting_twice_changes_nothing(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@pytest.mark.parametrize(
    "unit",
    [
        "A",
        "token=",
        "eyJ",
        "-" * 5 + "BEGIN ",
        "://a:",
        "%41",
        "\\n",
        "&amp;",
        "login x -p ",
        "SGVs",
        "\u2039redacted:x\u203a",
    ],
)
def test_hostile_repetition_takes_linear_time(unit: str) -> None:
    assert redact(unit * (200_000 // len(unit))) is not None


TESTS = ("test_adds_to_cart", "shop.cart.TestCartService", "src/a.py", "pays [utf-8 é-1]", "a::b", "x=1", "50 % off")


@given(
    names=st.lists(
        st.sampled_from(
            [secret for _, secret, _ in TABLE]
            + [around.format(secret) for _, secret, around in TABLE]
            + list(TESTS)
            + list(KEEP)
        )
        | st.text(max_size=40),
        min_size=1,
        max_size=12,
    )
)
def test_names_that_are_plain_together_are_each_left_as_they_are(names: list[str]) -> None:
    if are_plain(names):
        assert [clean_name(name) for name in names] == names


@pytest.mark.parametrize(("kind", "secret", "around"), TABLE)
@pytest.mark.parametrize("before", [[], list(TESTS)])
def test_one_secret_among_names_is_never_plain(kind: str, secret: str, around: str, before: list[str]) -> None:
    name = around.format(secret)
    if clean_name(name) != name:
        assert not are_plain([*before, name, "test_after"]), kind


def test_ordinary_names_of_tests_are_plain() -> None:
    assert are_plain(["test_a", "shop.cart.TestCart", "a::b", "src/a-b_c.py", "test[1-2]"])
    assert are_plain(["pays [utf-8 é-1]", "x=1"])


def test_a_text_of_hundreds_of_secrets_is_masked_as_a_whole() -> None:
    some = "\n".join([f"api_token={token()}"] * 200)
    assert redact(some).count("\u2039redacted:") == 200
    assert redact(f"before {' '.join(token() for _ in range(2_000))}") == "\u2039redacted:github-token\u203a"
