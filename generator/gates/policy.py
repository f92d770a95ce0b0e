"""What the rules of our own policy share: its name, how a number is said, and which command reproduces a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.records import Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.findings import Failure, Findings, ReplayCommand

POLICY: Final = "default"
"""Name of the built-in policy."""

_NARROWEST_FIRST: Final = tuple(Level)
_NAMED: Final = 3


def narrowest(failure: Failure) -> tuple[ReplayCommand, ...]:
    """Return the narrowest command of a failure that may be copied; empty when there is none."""
    offered = sorted(
        (command for command in failure.commands if command.copyable),
        key=lambda command: _NARROWEST_FIRST.index(command.level),
    )
    return tuple(offered[:1])


def first_command(failures: Sequence[Failure]) -> tuple[ReplayCommand, ...]:
    """Return the narrowest command of the first failure that has one which may be copied."""
    return next((found for failure in failures if (found := narrowest(failure))), ())


def whole_run(findings: Findings) -> tuple[ReplayCommand, ...]:
    """Return the command that replays the failures of the whole run, when CI left one that may be copied."""
    commands = (command for failure in findings.failures for command in failure.commands)
    return next(((command,) for command in commands if command.level is Level.RUN and command.copyable), ())


def count(number: int, word: str) -> str:
    """Return `1 failure` or `3 failures`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def names(items: Sequence[str]) -> str:
    """Return the first names and how many there are beside them."""
    more = len(items) - _NAMED
    return ", ".join(items[:_NAMED]) + (f" and {more} more" if more > 0 else "")
