"""Replay commands as a reader sees them: the narrowest that works first, and why one may not be copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.pages import words
from generator.records import Level
from generator.views import Command

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.findings import ReplayCommand, TestRef

_TITLES = {
    Level.TEST: "This test",
    Level.SUITE: "The whole suite",
    Level.RUNNER: "Through the runner",
    Level.GATE: "The gate",
    Level.RUN: "Everything that failed in this run",
}
_OF_TARGET = {
    surface: {**_TITLES, Level.TEST: "The failing test", Level.SUITE: whole}
    for surface, whole in (("suite", "This suite"), ("unit", "This unit target"), ("lib", "The library tests"))
}
OF_GATE = {**_TITLES, Level.GATE: "This gate", Level.RUN: "All gates again"}
"""Titles for the commands of a gate."""
OF_RULE = {
    **_TITLES,
    Level.TEST: "One of the failures",
    Level.SUITE: "The suite of one of the failures",
    Level.RUNNER: "The suite of one of the failures, through the runner",
}
"""Titles for the commands of a rule of ours, which are those of a failure that it counts."""
_ORDER = {level: place for place, level in enumerate(Level)}
_PORTABLE = "It names a folder of the machine that ran: put your own there."
_UNVETTED = "It was not recognised as a command that is safe to paste."
_REASONS = {
    "empty": "The artifact offers no command here.",
    "too long": "It is too long to be checked.",
    "control": "It holds invisible or control characters, so pasting it would not paste what you see.",
    "unbalanced_quote": "Its quotes do not match.",
    "redirect": "A shell would read a redirect in it (< or >), not a name.",
    "chain": "It chains several commands.",
    "substitution": "A shell would replace a part of it ($, ! or a backtick) before running it.",
    "glob": "A shell would expand a part of it (such as *, ?, [ or {) before running it.",
    "redacted": "A secret in it was masked, so it would not run as shown.",
    "variable": "It sets a variable that is not on the list of harmless ones.",
    "program": "Its program is not on the list of known test runners and scripts.",
    "option": "It has an option that is not on the list for its program.",
}
"""What the short reasons of the check mean."""


def commands_of(commands: Sequence[ReplayCommand], titles: Mapping[Level, str] = _TITLES) -> tuple[Command, ...]:
    """Return the commands to show, narrowest first; those that cannot simply be run stand behind all that can."""
    return tuple(_command(found, titles) for found in sorted(commands, key=_reach))


def titles_for(test: TestRef) -> Mapping[Level, str]:
    """Return what a test's commands run: of a target, the narrowest one runs a test in it and the next one itself."""
    return _OF_TARGET.get(test.surface, _TITLES)


def quoted(level: str, title: str, text: str, source: str) -> Command:
    """Return a command that nobody checked: shown as CI wrote it, not for copying."""
    return Command(
        level=level,
        title=title,
        text=text,
        copyable=False,
        reason="It is shown as CI wrote it and was not checked; the checked ones stand on each failure's page.",
        source=source,
    )


def why_not(reason: str) -> str:
    """Return in a sentence why a command may not be copied; never nothing."""
    return _REASONS.get(reason) or words.sentence(reason) or _UNVETTED


def _reach(found: ReplayCommand) -> tuple[bool, int]:
    return (not found.copyable or bool(found.caution), _ORDER[found.level])


def _command(found: ReplayCommand, titles: Mapping[Level, str]) -> Command:
    caution = words.join(found.caution, "" if found.portable else _PORTABLE)
    return Command(
        level=found.level.value,
        title=titles[found.level],
        text=found.text,
        copyable=found.copyable,
        reason="" if found.copyable else why_not(found.reason),
        caution=caution,
        source="rebuilt from the test's name" if found.source == "derived" else found.source,
    )
