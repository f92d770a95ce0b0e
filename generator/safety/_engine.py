"""The two engines that look for rules in a text: RE2 where it is installed, otherwise `re`; both find the same."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from generator.safety._rules import Found

try:
    import re2
except ImportError:  # no wheel for this platform
    re2 = None

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.safety._rules import Match, Rule

_LARGEST_MIB: Final = 64
# Groups of four that decode to ASCII, wherever they begin: the highest bit of each of three bytes is 0.
_ASCII_IN_BASE64: Final = (
    "(?:[A-Za-f][A-HQ-Xg-nw-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]){5}[A-Za-z0-9+/_-]{2}"
)


class Engine(Protocol):
    """Finds the rules of one table in a text."""

    name: str

    def find(self, text: str, shadow: bytes) -> Iterator[tuple[int, int, str]]:
        """Yield start, end and kind of everything that must be masked, rule by rule."""

    def holds_base64(self, shadow: bytes) -> bool:
        """Tell whether a run of base64 characters in the text may decode to ASCII."""


def engine_of(rules: Sequence[Rule]) -> Engine:
    """Return the faster engine that is installed."""
    return ReEngine(rules) if re2 is None else Re2Engine(rules)


class Re2Engine:
    """Asks one automaton which rules can match at all, and then only these, each in linear time."""

    name = "re2"

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        self._signs = re2.Set.SearchSet(_options())
        for rule in self._rules:
            self._signs.Add(_sign(rule).encode())
        self._signs.Compile()

    def find(self, text: str, shadow: bytes) -> Iterator[tuple[int, int, str]]:
        """See Engine."""
        for index in sorted(self._signs.Match(shadow) or ()):
            rule = self._rules[index]
            if rule.context and rule.context.encode() not in shadow.lower():
                continue
            yield from _accepted(rule, text, _compiled_re2(rule.pattern).finditer(shadow))

    def holds_base64(self, shadow: bytes) -> bool:
        """See Engine."""
        return _compiled_re2(_ASCII_IN_BASE64).search(shadow) is not None


class ReEngine:
    """Looks for the literals of each rule and then for its pattern."""

    name = "re"

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple((rule, tuple(need.encode() for need in rule.needs)) for rule in rules)

    def find(self, text: str, shadow: bytes) -> Iterator[tuple[int, int, str]]:
        """See Engine."""
        lowered = shadow.lower()
        for rule, needs in self._rules:
            haystack = lowered if rule.loose else shadow
            if any(need in haystack for need in needs) and rule.context.encode() in lowered:
                yield from _accepted(rule, text, candidates(rule, shadow, lowered))

    def holds_base64(self, shadow: bytes) -> bool:
        """See Engine."""
        return _compiled(_ASCII_IN_BASE64).search(shadow) is not None


def finds(pattern: str, shadow: bytes) -> bool:
    """Tell whether the pattern matches anywhere in a shadow, by the faster engine that is installed."""
    return (_compiled(pattern) if re2 is None else _compiled_re2(pattern)).search(shadow) is not None


def demand_compiles(kind: str, pattern: str) -> None:
    """Raise ValueError unless every engine that is installed can run the pattern."""
    failures = (re.error,) if re2 is None else (re.error, re2.error)
    try:
        _compiled(pattern)
        if re2 is not None:
            _compiled_re2(pattern)
    except failures as error:
        raise ValueError(f"the pattern of `{kind}` is no regular expression: {_said(error)}") from None


def _said(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("ascii", "replace") if isinstance(said, bytes) else str(said)


def _accepted(rule: Rule, text: str, matches: Iterable[Match]) -> Iterator[tuple[int, int, str]]:
    groups = _groups(rule.pattern)
    for match in matches:
        found = Found(text, match, groups)
        if rule.edge and (start := found.start) and text[start - 1].isascii() and text[start - 1].isalnum():
            continue
        if rule.accept is None or rule.accept(found):
            yield *found.span, rule.kind


def candidates(rule: Rule, shadow: bytes, lowered: bytes) -> Iterator[re.Match[bytes]]:
    """Yield what `finditer` would: from left to right, not overlapping."""
    pattern = _compiled(rule.pattern)
    if not rule.stems:
        yield from pattern.finditer(shadow)
        return
    end = 0
    for place in _places(lowered, rule.stems):
        if place >= end and (found := pattern.match(shadow, place)):
            yield found
            end = max(found.end(), place + 1)


def _places(lowered: bytes, stems: tuple[tuple[str, int], ...]) -> list[int]:
    """Return the places at which one of the stems begins, and those within its reach before it, ascending."""
    places: set[int] = set()
    for stem, reach in stems:
        at = lowered.find(stem.encode())
        while at >= 0:
            places.update(range(max(0, at - reach), at + 1))
            at = lowered.find(stem.encode(), at + 1)
    return sorted(places)


def _sign(rule: Rule) -> str:
    literals = rule.sign or "|".join(map(re.escape, rule.needs))
    return f"(?i:{literals})" if rule.loose else literals


def _options() -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = _LARGEST_MIB << 20
    options.log_errors = False
    return options


@cache
def _groups(pattern: str) -> Mapping[str, int]:
    return dict(_compiled(pattern).groupindex)


@cache
def _compiled(pattern: str) -> re.Pattern[bytes]:
    return re.compile(pattern.encode())


@cache
def _compiled_re2(pattern: str) -> Any:
    return re2.compile(pattern.encode(), _options())
