"""Commands that reproduce a recorded gate: those of its row and of the gate replay bundle, vetted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.findings import ReplayCommand
from generator.records import GateFamily, Level
from generator.safety.commands import vet_command

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.records import GateRow, ReplayBundle, SourceCommand

MASKED: Final = "a secret in it was masked, so it is not the command that ran"
"""Why a command with a masked secret is not offered for copying."""

DOUBTED: Final = "CI says itself that not every command of this replay bundle names a target that exists."
"""Caution about a bundle whose writer found its own commands invalid."""

_FIELD: Final = {
    GateFamily.FULL_SUITE: "gates",
    GateFamily.CERTIFICATION: "gates",
    GateFamily.PREFLIGHT: "blocking_gates",
}


def row_commands(row: GateRow, family: GateFamily, bundles: Iterable[ReplayBundle]) -> tuple[ReplayCommand, ...]:
    """Return the commands of a gate, its own row first; none when CI recorded none."""
    found: dict[str, ReplayCommand] = {}
    for command in _offered(row, family, bundles):
        found.setdefault(command.text, command)
    return tuple(found.values())


def offer(
    text: str, source: str, *, level: Level = Level.GATE, secret: bool = False, caution: str = ""
) -> ReplayCommand:
    """Return a command of a gate with what may be done with it."""
    vetted = vet_command(text)
    return ReplayCommand(
        level=level,
        text=vetted.text,
        copyable=vetted.copyable and not secret,
        reason=MASKED if secret else vetted.reason,
        source=source,
        portable=not any(_foreign(word) for word in vetted.argv),
        caution=caution,
    )


def _offered(row: GateRow, family: GateFamily, bundles: Iterable[ReplayBundle]) -> Iterator[ReplayCommand]:
    if row.command:
        yield offer(
            row.command, f"{family.value}_verdict.{_FIELD[family]}.reproduce_command", secret=row.command_secret
        )
    for bundle in bundles:
        caution = DOUBTED if bundle.commands_valid is False else ""
        for command in _of_bundle(bundle, row):
            yield offer(command.text, command.source, level=command.level, secret=command.secret, caution=caution)


def _of_bundle(bundle: ReplayBundle, row: GateRow) -> Iterator[SourceCommand]:
    """Give the bundle's commands for the gate and, when it did not pass, the one for all gates."""
    for failure in bundle.failures:
        if failure.surface == "gate" and failure.name == row.gate_id:
            yield from failure.commands
    if bundle.one_command is not None and row.status != "pass":
        yield bundle.one_command


def _foreign(word: str) -> bool:
    """Whether a word of a command, or the value behind its `=`, is an absolute path of the machine that ran."""
    value = word.rsplit("=", 1)[-1]
    return value.startswith(("/", "\\\\")) or (value[1:3] in (":\\", ":/") and value[:1].isalpha())
