"""Secrets planted in text, disguised and cut: nothing of them stays, what only looks like one does, no control does."""

from __future__ import annotations

import base64
import html
import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from generator.safety.redact import redact
from generator.safety.text import clean, has_control, neutralise
from tests.fuzz.leaks import leaked
from tests.fuzz.run import Target
from tests.fuzz.watch import touching_only
from tests.safety.invented import KEEP, TABLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

ALONE: Final = tuple(place for place, (_, _, around) in enumerate(TABLE) if around in {"{}", "x{}"})
"""Places in the table of secrets that tell themselves, whatever stands around them."""

_BASE64: Final = range(24, 4097)
_WORDS: Final = (
    *("the", "build", "failed", "at", "line 12:", "src/a.rs", "left: 3", "100 %", "&lt;b&gt;", "Vec<Option<&str>>"),
    *("{{ x }}", "C:\\new\\table", "a=b&c=d", "https://x.example/a?b=c", "\u00e9t\u00e9", "\u4f60\u597d", "\U0001f600"),
    *("\\u0041", "%41", "&#65;", "{", "}", "[", "]", "(", ")", "<a>", "</a>", "key", "user", "-u", "-p", "login"),
    *("\u2039redacted:jwt\u203a", "\u2039U+202E\u203a", "x" * 40, "eyJ", "AKIA", "sk-", "://", "@", "://a:b@c/"),
    *("-----BEGIN ", "bearer", "basic", "REDACTED", "****", "e\u0301" * 7),
)
_HIDDEN: Final = (
    *("\x1b[31m", "\x1b[0m", "\x1b]0;t\x07", "\x9b1m", "\x1b(B", "\x00", "\x07", "\x08", "\r", "\x7f", "\x85"),
    *("\u200b", "\u200d", "\ufeff", "\u2060", "\xad", "\u202e", "\u2066", "\ufe0f", "\U000e0041", "\ud800", "\u034f"),
    *("\u3164", "\x1b[1;2;3m"),
)
_GAPS: Final = (" ", " ", "\n", "\n", "\r\n", "\t", ", ", "; ", " | ", " - ")
_TOUCHING: Final = (
    *("", "'", '"', "`", "(", ")", "<", ">", '\\"', "%3D", "%20", "=", "&quot;", "/", ",", ";", "[", "]", "{", "}"),
    *("\\n",),
)
_AROUND: Final = (*("", "", "'", '"', "(", ")", "<", ">", "=", "/", ",", ";", ":", "&", "|"),)
_AFTER: Final = tuple(sign for sign in _AROUND if sign != "(")  # what is called is no value
_OF_NAMES: Final = re.findall(
    "[a-z]+",
    "get set user by id returns not found when missing should adds removes item token key secret auth session cookie"
    " header request parse json build index render report failure retry timeout client server query empty none unicode"
    " overflow rounding currency invoice payment refund profile config path archive cache async queue hash sha digest"
    " commit branch release version live test basic slack stripe aws azure google gitlab npm pypi docker vault",
)
_MASK: Final = re.compile(r"\u2039redacted:([a-z0-9-]+)\u203a")
_FILLERS: Final = ("word ", "x", "line\n", "\u00e9", "a1")
_HALF: Final = 1 << 19
_LIMITS: Final = (0, 1, 20, 40, 64, 100, 200, 512, 512, 2000, 8192, 8192, 65_536)


_DISGUISES: Final[dict[str, Callable[[str], str]]] = {
    "as it is": lambda text: text,
    "url": lambda text: quote(text, safe=""),
    "small url": lambda text: "".join(f"%{octet:02x}" for octet in text.encode()),
    "html": html.escape,
    "html numbers": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "html hex": lambda text: "".join(f"&#x{ord(letter):X};" for letter in text),
    "json": json.dumps,
    "json numbers": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 in text": lambda text: base64.b64encode(f"a {text} b".encode()).decode(),
    "base64 for urls": lambda text: base64.urlsafe_b64encode(f"?>{text}".encode()).decode().rstrip("="),
}


def make(random: Random) -> bytes:
    """Return pieces of text, among them secrets by their place in the table, as JSON."""
    pieces: list[Any] = []
    kind = random.random()
    for _ in range(random.randrange(1, 9)):
        if kind < 0.15:
            pieces.append({"keep": random.randrange(len(KEEP))} if random.random() < 0.3 else {"name": _name(random)})
        elif random.random() < 0.35:
            pieces.append(_secret(random))
        else:
            pieces.append(_noise(random))
    case = {
        "pieces": pieces,
        "gaps": ["\n" if kind < 0.15 else random.choice(_GAPS) for _ in pieces],
        "filler": [*(_filler(random) if kind >= 0.15 else (0, 0)), random.choice(_FILLERS)],
        "limit": random.choice(_LIMITS),
    }
    return json.dumps(case, ensure_ascii=False).encode("utf-8", "surrogatepass")


def check(data: bytes) -> None:
    """Clean the text and look for what must not be in it."""
    parsed = _parsed(data)
    if parsed is None:
        return
    text, secrets, limit, is_kept = parsed
    with touching_only():
        found = clean(text, limit)
        assert len(found) <= limit, f"{len(found)} characters, limit {limit}"
        assert clean(found, limit) == found, "cleaning twice changes it"
        assert _has_no_control(found), f"control characters in {found!r}"
        for way, secret in secrets:
            part = leaked(found, secret)
            assert not part, f"shown of a secret {way}: {part} of {secret} in {found[:2000]!r}"
        if is_kept:
            masked = clean(text, len(text) + 500)
            assert masked == text, f"ordinary text is masked as {_MASK.findall(masked)}: {text}"
        if len(text) < 10_000:
            _demand_redacted(text, secrets)


def _demand_redacted(text: str, secrets: list[tuple[str, str]]) -> None:
    plain = neutralise(text)
    once = redact(plain)
    assert redact(once) == once, "redacting twice changes it"
    assert not secrets or once != plain, f"nothing is masked of a secret {secrets[0][0]}"


def _has_no_control(text: str) -> bool:
    plain = text.replace("\n", "").replace("\t", "").replace("\u200d", "").replace("\ufe0f", "").replace("\ufe0e", "")
    return not has_control(plain)


def _parsed(data: bytes) -> tuple[str, list[tuple[str, str]], int, bool] | None:
    """Return the text, the secrets in it, the limit, and whether it must stay as it is; None when it is no case."""
    try:
        case = json.loads(data.decode("utf-8", "surrogatepass"))
        pieces, gaps, (before, after, unit), limit = (case[name] for name in ("pieces", "gaps", "filler", "limit"))
        if not _is_case(pieces, gaps):
            return None
        texts = [_text(piece) for piece in pieces]
        joined = [text + gap for text, gap in zip(texts, gaps, strict=True)]
        planted = [piece for piece in pieces if isinstance(piece, dict) and "secret" in piece]
        secrets = [(_way(piece), TABLE[piece["secret"]][1]) for piece in planted]
        is_kept = bool(pieces) and all(isinstance(piece, dict) and "secret" not in piece for piece in pieces)
        is_kept = is_kept and all(gap == "\n" for gap in gaps) and not before and not after
        head, tail = (unit * (number // len(unit)) for number in (before, after))
        text = "".join((head, "\n" if head else "", *joined, "\n" if tail else "", tail))
        return text, secrets, int(limit), is_kept
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


def _text(piece: Any) -> str:
    if isinstance(piece, str):
        return piece
    if "name" in piece:
        return str(piece["name"])
    if "keep" in piece:
        return str(KEEP[piece["keep"]])
    _, secret, around = TABLE[piece["secret"]]
    for place, hidden in sorted({place % (len(secret) + 1): hidden for hidden, place in piece["hidden"]}.items())[::-1]:
        secret = f"{secret[:place]}{hidden}{secret[place:]}"
    return f"{piece['before']}{_DISGUISES[piece['disguise']](around.format(secret))}{piece['after']}"


def _way(piece: dict[str, Any]) -> str:
    return "with hidden characters" if piece["hidden"] else str(piece["disguise"])


def _is_case(pieces: list[Any], gaps: list[str]) -> bool:
    """Tell whether pieces are such as are made here: a smaller case may hold anything else."""
    secrets = [piece for piece in pieces if isinstance(piece, dict) and "secret" in piece]
    touching = {piece[side] for piece in secrets for side in ("before", "after")}
    hidden = {each for piece in secrets for each, _ in piece["hidden"]}
    return set(gaps) <= set(_GAPS) and touching <= {*_TOUCHING, *_AROUND} and hidden <= set(_HIDDEN)


def _secret(random: Random) -> dict[str, Any]:
    """Return one secret of the table: broken up, disguised, or touching something; only one layer is looked under."""
    way = random.randrange(4)
    place = random.choice(ALONE) if way == 1 or random.random() < 0.4 else random.randrange(len(TABLE))
    found: dict[str, Any] = {"secret": place, "before": "", "after": "", "disguise": "as it is", "hidden": []}
    if way == 1:
        found |= {"before": random.choice(_TOUCHING), "after": random.choice(_TOUCHING)}
    elif way == 2:
        found["hidden"] = [[random.choice(_HIDDEN), random.randrange(1, 60)] for _ in range(random.randrange(1, 4))]
    elif way == 3:
        found["disguise"] = random.choice(sorted(_DISGUISES))
        found |= {"before": random.choice(_AROUND), "after": random.choice(_AFTER)}
    return found


def _name(random: Random) -> str:
    """Return a name as tests have it, of words that secrets are called by among others."""
    words = random.choices(_OF_NAMES, k=random.randrange(2, 10))
    camel = "".join(word.title() for word in words)
    snake = "_".join(words)
    names = (
        *(
            f"test_{snake}",
            f"test_{''.join(words)}",
            f"test{camel}",
            f"test_{camel}",
            f"com.example.{words[0]}.{camel}",
        ),
        *(f"{words[0]}::{words[1]}::{snake}", " ".join(words), f"tests/{'-'.join(words)}.py::test_{snake}"),
        *(f"{snake}[{random.randrange(1000)}-{words[0]}]", f"{words[0]}/{camel}.java:{random.randrange(900)}"),
    )
    return random.choice(names)


def _filler(random: Random) -> tuple[int, int]:
    """Return how much stands before and after the pieces; of the longest texts the middle is left out."""
    if random.random() < 0.01:
        return _HALF - random.randrange(600), _HALF + random.randrange(600)
    most = random.choice((1, 1, 1, 1, 30, 300, 3000, 9000, 40_000))
    return random.randrange(most), random.randrange(most)


def _noise(random: Random) -> str:
    if random.random() < 0.2:
        return "".join(random.choice((*_HIDDEN, "\x1b", "a", "1", " ")) for _ in range(random.randrange(6)))
    return " ".join(random.choice(_WORDS) for _ in range(random.randrange(5)))


TARGET: Final = Target(
    name="redaction",
    promise="no part of a planted secret is left, ordinary text stays, cleaning is bounded and idempotent",
    make=make,
    check=check,
)
