"""What one line of the redaction table is, and the quick look that decides whether the table is tried at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Check = Callable[[re.Match[str]], bool]


# One quick look that decides whether any exact rule is tried: a separator before a long run of letters and digits, or
# the piece of a literal that begins with a rare character. Every exact rule must pass here; a test holds each to it.
GATE: Final = re.compile(
    r"_[A-Za-z0-9]{16}|-[A-Za-z0-9]{16}|\.[A-Za-z0-9]{16}"
    r"|gl[a-z]{2,5}[-_]|github_pat_|GR13|A[A-Z]{3}[A-Z0-9]{12}|ATBB|AIza|ATATT3|ATCTT3|ATSTT3|AGE-|QoJ|FwoG|FQoG|GOCSPX-|HRKU-"
    r"|NR[A-Z]{2}-|PMAK-|Q~|SG\.|SK[0-9a-f]{16}|AC[0-9a-f]{16}|xox|xapp-|ya29|yJ|ys_|yu_|1//0|q0[a-z]{3}-|_tkn_|_oauth_|_pw_"
    r"|_secret_|gd_|kr_|-Ag|-proj-|-svcacct-|-admin-|-None-|-ant-|-or-v1-|-lf-|vs\.|vb\.|vr\.|whsec_|cio[A-Za-z0-9]{16}"
    r"|dapi[0-9a-f]{16}"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One line of the table.

    A text that holds none of the literals `needs` (in lower case if `loose`) has no match. The group `secret`, if there
    is one, is what is masked; otherwise all of the match. With `edge`, nothing within a word matches. The pattern is
    compiled when it is first needed: most builds need few.

    `stems`, pairs of a word in lower case and a reach, are for a pattern that is too slow to be tried at every place:
    every match begins with one of the words, or at most so many characters before it.
    """

    kind: str
    pattern: str
    needs: tuple[str, ...]
    accept: Check | None = None
    edge: bool = False
    loose: bool = False
    stems: tuple[tuple[str, int], ...] = ()

    def matches(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield start, end and kind of everything in the text that must be masked."""
        group: str | int = "secret" if "(?P<secret>" in self.pattern else 0
        for found in self._candidates(text):
            start = found.start()
            if self.edge and start and text[start - 1].isascii() and text[start - 1].isalnum():
                continue
            if self.accept is None or self.accept(found):
                yield *found.span(group), self.kind

    def _candidates(self, text: str) -> Iterator[re.Match[str]]:
        """Yield what `finditer` would: from left to right, not overlapping."""
        pattern, lowered = _compiled(self.pattern), text.lower()
        if not self.stems or len(lowered) != len(text):  # a few letters change their length in lower case
            yield from pattern.finditer(text)
            return
        end = 0
        for place in _places(lowered, self.stems):
            if place >= end and (found := pattern.match(text, place)):
                yield found
                end = max(found.end(), place + 1)


def _places(lowered: str, stems: tuple[tuple[str, int], ...]) -> list[int]:
    """Return the places at which one of the stems begins, and those within its reach before it, ascending."""
    places: set[int] = set()
    for stem, reach in stems:
        at = lowered.find(stem)
        while at >= 0:
            places.update(range(max(0, at - reach), at + 1))
            at = lowered.find(stem, at + 1)
    return sorted(places)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def rule(  # a line of a table reads best when it is short
    kind: str,
    pattern: str,
    *needs: str,
    accept: Check | None = None,
    edge: bool = False,
    loose: bool = False,
    stems: tuple[tuple[str, int], ...] = (),
) -> Rule:
    """Make one line of the table."""
    return Rule(kind=kind, pattern=pattern, needs=needs, accept=accept, edge=edge, loose=loose, stems=stems)
