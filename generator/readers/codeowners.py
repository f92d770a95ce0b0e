"""CODEOWNERS of GitHub and GitLab: which owners stand on which line for which pattern.

Patterns are kept as written, with their escapes; one that begins with `!` (GitLab: leaves files out of its section) has
no owners. A line of which no owner can be read is left out: it must not look as if it took ownership away.

Parsed here and not by the library `codeowners`, which tells lines and sections, but reads a section heading with
approvals or default owners as a pattern, takes owners out of comments at the end of a line, drops owners that it does
not know without a word, and refuses the whole file for one pattern.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.plugins import Reading
from generator.records import OwnerRule, Owners, Problem, Severity
from generator.safety.text import clean_name, one_line

if TYPE_CHECKING:
    from generator.artifact import Artifact

NAME: Final = "codeowners"
TITLE: Final = "CODEOWNERS"
SIGNS: Final = "the name `CODEOWNERS`: its lines look like nothing else in particular"

_BYTES: Final = 3 << 20
"""Largest file; GitHub does not load a larger one either."""

_RULES_KEPT: Final = 20_000
"""Lines with a pattern that are kept of one file, the last ones: the last match wins."""

_OWNERS_KEPT: Final = 100
"""Owners kept of one line."""

_OWNER_CHARS: Final = 256
"""Longest owner."""

_HEADING: Final = re.compile(r"\^?\[([^\[\]]+)\](?:\[[0-9]*\])?(?:\s+(.*))?")
_TOKEN: Final = re.compile(r"(?:\\.|[^\s\\]|\\$)+")
_COMMENT: Final = re.compile(r"(?:^|(?<=\s)(?<!\\\s))#.*")
_OWNER: Final = re.compile(r"@{1,2}\w[\w.+-]*(?:/[\w.+-]+)*|[^\s@<>,]+@[^\s@<>,]+\.[^\s@<>,]+")


def recognises(artifact: Artifact) -> str:
    """Return the name as sign; the folder does not matter, because artifacts are copied."""
    return "named `CODEOWNERS`" if artifact.name == "CODEOWNERS" else ""


def read(artifact: Artifact) -> Reading:
    """Return the rules in the order of the file; raises UnreadableError for what is no text."""
    if artifact.size > _BYTES:
        raise UnreadableError(f"is larger than {_BYTES} bytes", "GitHub ignores such a file, too; shorten it")
    text = artifact.text().removeprefix("\ufeff")
    if "\0" in text:
        raise UnreadableError("is no text file", "check what was copied to this name")
    lines = _Lines()
    for number, line in enumerate(text.split("\n"), start=1):
        lines.add(number, line.strip())
    problems = tuple(
        Problem(path=artifact.path, reader=NAME, severity=Severity.WARNING, message=message, hint=hint)
        for message, hint in _problems(lines)
    )
    rules = tuple(
        OwnerRule(pattern=pattern, owners=owners, section=section, line=number)
        for number, pattern, owners, section in lines.rules
    )
    return Reading(records=(Owners(path=artifact.path, rules=rules),), problems=problems)


@dataclass(slots=True)
class _Lines:
    """The rules of one file, with the section that the lines stand in."""

    rules: deque[tuple[int, str, tuple[str, ...], str]] = field(default_factory=lambda: deque(maxlen=_RULES_KEPT))
    """(line, pattern, owners, section) of the last rules."""
    total: int = 0
    bad: int = 0
    """How often a line or a part of it is not used."""
    first_bad: str = ""
    """Where that is the case first, and why."""
    _section: str = ""
    _defaults: tuple[str, ...] = ()
    _names: dict[str, str] = field(default_factory=dict)
    """Sections as they are called first; GitLab joins those that differ in case only."""
    _known: dict[str, bool] = field(default_factory=dict)
    """Words that were looked at, and whether they are owners."""

    def add(self, number: int, line: str) -> None:
        """Take one line without white space around it."""
        line = _COMMENT.sub("", line).rstrip()
        if not line:
            return
        heading = _HEADING.fullmatch(line)
        if heading:
            name = one_line(clean_name(heading[1]))
            self._section = self._names.setdefault(name.casefold(), name)
            self._defaults = self._owners(number, (heading[2] or "").split())
            return
        tokens: list[str] = _TOKEN.findall(line)
        pattern = tokens[0]
        owners = self._owners(number, tokens[1:])
        if clean_name(pattern) != pattern:
            self._refuse(number, "has a pattern that is too long or holds what is not shown")
        elif owners or len(tokens) == 1:
            owners = () if pattern.startswith("!") else owners or self._defaults
            self.rules.append((number, pattern, owners, self._section))
            self.total += 1

    def _owners(self, number: int, words: list[str]) -> tuple[str, ...]:
        """Return those words that are owners; the first one that is none is remembered."""
        known = self._known
        for word in words:
            if word not in known:
                known[word] = _is_owner(word)
        owners = [word for word in words if known[word]]
        if len(owners) < len(words):
            wrong = next(word for word in words if not known[word])
            self._refuse(number, f"names {one_line(clean_name(wrong))[:80]}, which is no owner")
        if len(owners) > _OWNERS_KEPT:
            self._refuse(number, f"has {len(owners)} owners; {_OWNERS_KEPT} are kept")
        return tuple(dict.fromkeys(owners[:_OWNERS_KEPT]))

    def _refuse(self, number: int, reason: str) -> None:
        self.bad += 1
        self.first_bad = self.first_bad or f"line {number} {reason}"


def _is_owner(word: str) -> bool:
    return len(word) <= _OWNER_CHARS and _OWNER.fullmatch(word) is not None and clean_name(word) == word


def _problems(lines: _Lines) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if lines.bad:
        more = f", and {lines.bad - 1} more" if lines.bad > 1 else ""
        message = f"has lines that are not used as written: {lines.first_bad}{more}"
        found.append((message, "owners are `@user`, `@organisation/team` or an e-mail address"))
    if not lines.rules:
        found.append(("holds no rule: no file has an owner", "write lines of a pattern and its owners"))
    if lines.total > _RULES_KEPT:
        found.append(
            (f"has {lines.total} rules; the last {_RULES_KEPT} are kept", "join rules that have the same owners")
        )
    return found
