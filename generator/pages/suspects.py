"""The commits that may have broken a test, as one fact of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.pages import words
from generator.views import Fact

if TYPE_CHECKING:
    from generator.findings import Suspects
    from generator.pages.links import Links

_NAMED = 3
"""Suspects named on a page; the others are counted."""


def fact(found: Suspects | None, at: Links) -> tuple[Fact, ...]:
    """Return the line of the suspects, which leads to the most probable one; nothing where nobody asked.

    Where there are none it says why, so that no one reads their absence as innocence.
    """
    if found is None:
        return ()
    if found.reason or not found.commits:
        reason = found.reason or "the outcomes do not tell"
        return (Fact(label="Suspects", value=f"None named: {reason}."),)
    label = words.verb(len(found.commits), "Suspect", "Suspects")
    return (Fact(label=label, value=_value(found), href=at.commit(found.commits[0][0])),)


def _value(found: Suspects) -> str:
    """Return `abc123456 71.2%, def567890 22%; 4% that no commit is to blame (12 commits with a result)`."""
    named = [f"{words.short_commit(commit)} {words.percent(share)}" for commit, share in found.commits[:_NAMED]]
    left = len(found.commits) - len(named)
    if left:
        rest = sum(share for _, share in found.commits[_NAMED:])
        named.append(f"{words.number(left)} more with {words.percent(min(rest, 1.0))} together")
    seen = f"{words.plural(found.tested, 'commit')} with a result; one that no run tested counts to the next"
    return f"{', '.join(named)}; {words.percent(found.flake)} that no commit is to blame ({seen})"
