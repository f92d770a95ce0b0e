"""The table: credentials that a header announces, and tokens that say themselves what they are."""

from __future__ import annotations

from typing import Final

from generator.safety._checks import has_digit, is_bearer, is_header_value, is_jwt
from generator.safety._rules import BLANK, MARKS, rule

_AUTHORIZATION = rf"(?i:authorization)[\\\"']{{0,3}}[{BLANK}]{{0,4}}[:=][{BLANK}]{{0,4}}[\\\"']{{0,3}}"

HEADER: Final = (
    rule(
        "authorization",
        _AUTHORIZATION + rf"(?i:bearer|basic|token|bot|apikey|negotiate|ntlm)[{BLANK}]{{1,4}}"
        rf"(?P<secret>[^{BLANK}\"'\\,;<>{MARKS}]+)",
        "authorization",
        accept=is_header_value,
        loose=True,
    ),
    rule(
        "authorization",
        _AUTHORIZATION + rf"(?i:digest|aws4-hmac-sha256|hawk|signature)[{BLANK}]{{1,4}}"
        rf"(?P<secret>[^{BLANK}\"'=,{MARKS}]{{1,64}}=[^\r\n]*)",
        "authorization",
        loose=True,
    ),
    rule(
        "authorization",
        _AUTHORIZATION + r"(?P<secret>[A-Za-z0-9._~+/=-]{16,})",
        "authorization",
        accept=has_digit,
        loose=True,
    ),
    rule(
        "authorization",
        r"(?i:bearer)[ \t]{1,4}(?P<secret>[A-Za-z0-9._~+/=-]{8,})",
        "bearer",
        accept=is_bearer,
        edge=True,
        loose=True,
    ),
    rule(
        "cookie",
        rf"(?i:cookie)[\\\"']{{0,3}}[{BLANK}]{{0,4}}:[{BLANK}]{{0,4}}[\\\"']{{0,3}}"
        rf"(?P<secret>[^{BLANK}\"'=;,<>{MARKS}]{{1,128}}=[^\r\n\"]+)",
        "cookie",
        loose=True,
    ),
    rule("jwt", r"eyJ[A-Za-z0-9_.-]{20,}", "eyJ", accept=is_jwt),
)
