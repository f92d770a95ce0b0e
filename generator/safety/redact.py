"""Secrets masked as `‹redacted:KIND›`: nothing of the value stays, neither its beginning nor its length.

Matched are the text as it stands and the text decoded once: URL escapes, HTML entities, JSON escapes, base64 runs.
This is best effort and no promise: a secret that was printed must be rotated.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from generator.safety._assignments import ASSIGNMENT
from generator.safety._pem import private_keys
from generator.safety._rules import GATE, Rule
from generator.safety._tokens import CHAT, CLOUD, FORGE, HEADER, PACKAGE, SERVICE, STORE
from generator.safety._views import base64_runs, decoded_views

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RULES: Final[tuple[Rule, ...]] = (*FORGE, *CLOUD, *CHAT, *SERVICE, *PACKAGE, *STORE, *HEADER, *ASSIGNMENT)
Span = tuple[int, int, str]

_MARK: Final = re.compile(r"‹redacted:([a-z0-9-]{1,40})›")
_SECRET_NAME: Final = re.compile(r"TOKEN|SECRET|PASS|KEY|CREDENTIAL", re.IGNORECASE)
_OWN_LENGTH: Final = 8
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:/-]*")
_HINTS: Final = (  # each word of a loose rule contains one of these
    *("key", "pass", "token", "secret", "auth", "pwd", "credential", "cookie", "bearer", "login", "mysql", "redis-cli"),
    *("-u", "://", "</", "aws", "-signature=", "sig=", "discord", "mailgun", ":aa", "slack", "webhook"),
)
_ROUNDS: Final = 6  # masking one secret can uncover the beginning of the next


@dataclass(frozen=True, kw_only=True, slots=True)
class Redactor:
    """What is masked beside the table: literal values, which `repr` never shows."""

    literals: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Redactor:
        """Take the values of variables with a secret-looking name, also as base64 and URL-encoded."""
        values = {v for n, v in environment.items() if len(v) >= _OWN_LENGTH and _SECRET_NAME.search(n)}
        forms = {form for value in values for form in _disguises(value)}
        return cls(literals=tuple(sorted(forms, key=lambda form: (-len(form), form))))


DEFAULT: Final = Redactor()


def redact(text: str, redactor: Redactor = DEFAULT) -> str:
    """Mask every secret that is found; text without one comes back as it is, and redacting twice changes nothing."""
    if not redactor.literals and _is_plain(text):
        return text
    for _ in range(_ROUNDS):
        spans = _merged(text, _spans(text, redactor))
        if not spans:
            return text
        pieces: list[str] = []
        place = 0
        for start, end, kind in spans:
            pieces += (text[place:start], f"‹redacted:{kind}›")
            place = end
        text = "".join(pieces) + text[place:]
    return text


def is_inconspicuous(text: str) -> bool:
    """Tell quickly that nothing in a text of names can be a secret: no sign of an assignment, no literal, no disguise.

    True only where `redact` would leave the text, and each part of it that ends at a `|`, as it is.
    """
    return (
        not any(sign in text for sign in _SIGNS)
        and not any(sign in text for sign in _DISGUISES)
        and ":" not in text.replace("::", "")
        and (GATE.search(text) is None or next(_matches(_EXACT, text, text), None) is None)
        and next(base64_runs(text), None) is None
    )


def kinds_in(text: str, redactor: Redactor = DEFAULT) -> Counter[str]:
    """Count by kind what is masked in a text, or would be; never the values."""
    return Counter(_MARK.findall(redact(text, redactor)))


def _is_plain(text: str) -> bool:
    """Tell quickly that a text is a name in small letters, which needs no closer look."""
    return (
        _PLAIN.fullmatch(text) is not None
        and text.islower()
        and ":" not in text.replace("::", "")
        and GATE.search(text) is None
    )


def _spans(text: str, redactor: Redactor) -> list[Span]:
    """Find what to mask in the text and in its decoded views, in places of the text itself."""
    spans = list(_found(text, redactor))
    for view, places in decoded_views(text):
        spans += [(places(start), places(end), kind) for start, end, kind in _found(view, redactor)]
    for start, end, plain in base64_runs(text):
        spans += [(start, end, kind) for _, _, kind in _found(plain, redactor)]
    return spans


def _found(text: str, redactor: Redactor) -> Iterator[Span]:
    """Find secrets in one view of a text; the quick looks before the rules keep ordinary text fast."""
    if GATE.search(text):
        yield from _matches(_EXACT, text, text)
    if any(sign in text for sign in _SIGNS) or ":" in text.replace("::", ""):
        lowered = text.lower()
        if any(word in lowered for word in _HINTS):
            yield from private_keys(text)
            yield from _matches(_LOOSE, text, lowered)
    for literal in redactor.literals:
        for found in re.finditer(re.escape(literal), text) if literal in text else ():
            yield *found.span(), _OWN


def _matches(rules: tuple[Rule, ...], text: str, haystack: str) -> Iterator[Span]:
    for rule in rules:
        for literal in rule.needs:
            if literal in haystack:
                yield from rule.matches(text)
                break


def _merged(text: str, spans: list[Span]) -> list[Span]:
    """Join spans that overlap, under the kind that comes first in the table; marks of earlier rounds stay."""
    marks = {found.span() for found in _MARK.finditer(text)} if "‹redacted:" in text else set()
    merged: list[Span] = []
    for start, end, kind in sorted([*spans, *((start, end, "") for start, end in marks)]):
        if merged and start < merged[-1][1]:
            before, stop, name = merged[-1]
            merged[-1] = (before, max(stop, end), min(name, kind, key=_RANK.__getitem__))
        elif start < end:
            merged.append((start, end, kind))
    return [span for span in merged if span[:2] not in marks]


def _disguises(value: str) -> set[str]:
    octets = value.encode("utf-8", "surrogatepass")
    plain = base64.b64encode(octets).decode()
    safe = base64.urlsafe_b64encode(octets).decode()
    escaped = {quote(octets, safe=""), quote(octets)}
    lower = {re.sub(r"%[0-9A-F]{2}", lambda found: found.group().lower(), form) for form in escaped}
    return {value, plain, plain.rstrip("="), safe, safe.rstrip("="), *escaped, *lower}


_OWN: Final = "environment"
_RANK: Final = {
    kind: rank for rank, kind in enumerate(dict.fromkeys((_OWN, "private-key", *(rule.kind for rule in RULES), "")))
}
_EXACT: Final = tuple(rule for rule in RULES if not rule.loose)
_LOOSE: Final = tuple(rule for rule in RULES if rule.loose)
_DISGUISES: Final = ("%", "&", "\\", "‹")  # without one of them no view differs from the text
_SIGNS: Final = ("=", " ", "<", '"', "'", "\n", "\t")  # without one of them (or a colon) nothing is assigned
