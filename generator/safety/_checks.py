"""What a match of a rule must hold beside its shape, to be a secret and no ordinary text."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from generator.safety._rules import Found

_READABLE: Final = re.compile(rb"[\t\n\r -~]+")
_HEX: Final = re.compile(r"[0-9a-fA-F]+")
_PROSE: Final = re.compile(
    r"bearer|basic|digest|tokens?|headers?|required|missing|expired|invalid|failed|rejected|schemes?|credentials?|challenge"
    r"|realm|support(?:ed)?|unsupported|\[?redacted\]?|value|string"
)


def has_digit(found: Found) -> bool:
    """Accept only what holds a digit: words of ordinary prose hold none."""
    return any(character.isdigit() for character in found.secret)


def is_no_name(found: Found) -> bool:
    """Small letters and dashes alone are the name of a test."""
    return has_digit(found) or found.secret.lower() != found.secret


def is_not_hex(found: Found) -> bool:
    """A commit id is as long as a secret access key."""
    return _HEX.fullmatch(found.secret) is None


def is_mixed(found: Found) -> bool:
    """Accept only what holds small letters, capitals and digits, as random characters do and constants do not."""
    secret = found.secret
    return secret.upper() != secret and secret.lower() != secret and has_digit(found)


def is_discord(found: Found) -> bool:
    """The first part of a bot's token is its number in base64."""
    first = found.secret.partition(".")[0]
    try:
        return base64.b64decode(first + "=" * (-len(first) % 4)).isdigit()
    except ValueError:
        return False


def is_jwt(found: Found) -> bool:
    """A token has parts, and its first one is JSON in base64."""
    first, dot, _ = found.secret.partition(".")
    plain = base64.urlsafe_b64decode(first[: len(first) // 4 * 4])
    return bool(dot) and _READABLE.fullmatch(plain) is not None


def is_bearer(found: Found) -> bool:
    """Accept what follows `Bearer` when it has a digit or is longer than a word."""
    return len(found.secret) >= 24 or has_digit(found)


def is_header_value(found: Found) -> bool:
    """Prose after the name of a scheme is no credential."""
    secret = found.secret.strip(".,;:!?)").lower()
    return len(secret) >= 5 and not _PROSE.fullmatch(secret) and not secret.startswith(("auth", "‹"))
