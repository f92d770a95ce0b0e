"""The secrets of the publishing job itself: values of its variables, in the forms in which a log may show them."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_SECRET_NAME: Final = re.compile(r"TOKEN|SECRET|PASS|KEY|CREDENTIAL", re.IGNORECASE)
_SHORTEST: Final = 8
_SHORTEST_LINE: Final = 16


def forms_of_secret_values(environment: Mapping[str, str], named: Collection[str] = ()) -> tuple[str, ...]:
    """Return the values of variables that look secret by name or are named, with base64 and URL forms, longest first.

    A value shorter than 8 characters would mask ordinary words. Of a value of several lines each long one counts, too:
    logs show one line at a time.
    """
    chosen = [given for name, given in environment.items() if name in named or _SECRET_NAME.search(name)]
    values = {value for given in chosen for value in _values(given)}
    forms = {form for value in values for form in _disguises(value)}
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


def _values(given: str) -> Iterator[str]:
    value = given.strip()
    if len(value) >= _SHORTEST:
        yield value
    lines = [line.strip() for line in value.splitlines()]
    if len(lines) > 1:
        yield from (line for line in lines if len(line) >= _SHORTEST_LINE and " " not in line and line[0] != "-")


def _disguises(value: str) -> set[str]:
    octets = value.encode("utf-8", "surrogatepass")
    plain = base64.b64encode(octets).decode()
    safe = base64.urlsafe_b64encode(octets).decode()
    escaped = {quote(octets, safe=""), quote(octets)}
    lower = {re.sub(r"%[0-9A-F]{2}", lambda found: found.group().lower(), form) for form in escaped}
    return {value, plain, plain.rstrip("="), safe, safe.rstrip("="), *escaped, *lower}
