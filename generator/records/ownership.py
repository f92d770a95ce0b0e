"""Who owns which files (CODEOWNERS)."""

from __future__ import annotations

from generator.records.base import Record


class OwnerRule(Record):
    """One line: a pattern and the owners of what it matches; no owners takes ownership away."""

    pattern: str
    owners: tuple[str, ...]
    section: str = ""
    line: int


class Owners(Record):
    """One CODEOWNERS file, rules in the order of the file: the last match wins."""

    part: str = ""
    path: str = ""
    rules: tuple[OwnerRule, ...] = ()
