"""Rules of the project's own, from its settings: held to what both engines can run in linear time."""

from __future__ import annotations

import re
from typing import Final

from generator.safety._engine import demand_compiles
from generator.safety._rules import Rule, rule

_KIND: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_UNKNOWN_TO_RE2: Final = re.compile(r"\\[1-9AZz]|\(\?(?!P<|:|[ims]{1,3}:)|[*+?}]\+")
_LONGEST: Final = 1_000


def own_rule(kind: str, pattern: str) -> Rule:
    """Return a rule of the settings; ValueError says what is wrong with it.

    The group `secret`, if there is one, is what is masked. The pattern is matched without regard to other rules.
    """
    if not _KIND.fullmatch(kind):
        raise ValueError(f"the kind `{kind}` is not of small letters, digits and dashes, at most 40")
    if not pattern.isascii() or len(pattern) > _LONGEST:
        raise ValueError(f"the pattern of `{kind}` is not ASCII of at most {_LONGEST} characters")
    if found := _UNKNOWN_TO_RE2.search(pattern.replace("\\\\", "")):
        raise ValueError(
            f"the pattern of `{kind}` has `{found.group()}`: RE2 knows no look-around and no back reference"
        )
    demand_compiles(kind, pattern)
    if re.search(pattern, ""):
        raise ValueError(f"the pattern of `{kind}` matches nothing at all, which would mask every place")
    return rule(kind, pattern, "")
