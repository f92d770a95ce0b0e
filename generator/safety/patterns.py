"""Patterns of the settings that are looked for in texts: in linear time wherever RE2 is installed."""

from __future__ import annotations

from dataclasses import dataclass

from generator.safety._engine import finds
from generator.safety._own import own_rule
from generator.safety._shadow import shadow


@dataclass(frozen=True, slots=True)
class OwnPattern:
    """A pattern that both engines can run; matched against the shadow of a text, so that both find the same."""

    pattern: str

    def search(self, text: str) -> bool:
        """Tell whether the pattern matches anywhere in the text."""
        return finds(self.pattern, shadow(text))


def compiled(pattern: str) -> OwnPattern:
    """Return a pattern of the settings, ready to be looked for; ValueError says what is wrong with it."""
    own_rule("pattern", pattern)
    return OwnPattern(pattern)
