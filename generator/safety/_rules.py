"""What one line of the redaction table is.

Patterns are written in what RE2 and `re` have in common: no look-around, no back reference, classes spelled out. They
are matched against the shadow of a text (`_shadow`), so both engines see the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Check = Callable[["Found"], bool]

BLANK: Final = r" \t\r\n\f\v"
"""Members of a class: ASCII white space, which `\\s` means to one engine only in part."""

MARKS: Final = r"\x81\x82"
"""Members of a class: how the shadow writes `‹` and `›`, the borders of our own marks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One line of the table.

    A text that holds none of the literals `needs` (whatever their case, if `loose`) has no match, and neither has one
    without the short pattern `sign`, which stands for the literals where these are too common. What is masked is the
    group of which the name begins with `secret`, if there is one, otherwise all of the match. With `edge`, nothing that
    begins within a word matches. A context after the secret that the rule asks for is part of its match.

    `context` is a word in small letters that must stand anywhere in the text: the shape alone would be too common.
    `stems`, pairs of a word in small letters and a reach, are for a pattern that `re` is too slow to try everywhere:
    every match begins with one of the words, or at most so many characters before it.
    """

    kind: str
    pattern: str
    needs: tuple[str, ...]
    sign: str = ""
    accept: Check | None = None
    edge: bool = False
    loose: bool = False
    context: str = ""
    stems: tuple[tuple[str, int], ...] = ()


class Match(Protocol):
    """What both engines tell of a match."""

    def span(self, group: int = 0, /) -> tuple[int, int]:
        """Return from where to where a group stands; (-1, -1) when it took no part."""


@dataclass(frozen=True, slots=True)
class Found:
    """One match of a rule in a text; `groups` are the numbers of the named groups."""

    text: str
    match: Match
    groups: Mapping[str, int]

    @property
    def start(self) -> int:
        """Where the match begins."""
        return self.match.span()[0]

    @property
    def end(self) -> int:
        """Where the match ends, with the context that the rule asks for."""
        return self.match.span()[1]

    @property
    def span(self) -> tuple[int, int]:
        """From where to where it must be masked."""
        for name, number in self.groups.items():
            if name.startswith("secret") and (span := self.match.span(number))[0] >= 0:
                return span
        return self.match.span()

    @property
    def secret(self) -> str:
        """What must be masked."""
        start, end = self.span
        return self.text[start:end]

    def has(self, name: str) -> bool:
        """Tell whether a group took part."""
        return self.match.span(self.groups[name])[0] >= 0

    def group(self, name: str) -> str:
        """Return a group's text; empty when it took no part."""
        start, end = self.match.span(self.groups[name])
        return self.text[start:end] if start >= 0 else ""

    def after(self, name: str) -> str:
        """Return the character that follows a group."""
        end = self.match.span(self.groups[name])[1]
        return self.text[end : end + 1]


def rule(  # noqa: PLR0913  a line of a table reads best when it is short
    kind: str,
    pattern: str,
    *needs: str,
    sign: str = "",
    accept: Check | None = None,
    edge: bool = False,
    loose: bool = False,
    context: str = "",
    stems: tuple[tuple[str, int], ...] = (),
) -> Rule:
    """Make one line of the table."""
    return Rule(
        kind=kind,
        pattern=pattern,
        needs=needs,
        sign=sign,
        accept=accept,
        edge=edge,
        loose=loose,
        context=context,
        stems=stems,
    )
