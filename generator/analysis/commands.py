"""Replay commands of a failure: all that the artifacts offer, vetted, narrowest first, then those of our settings."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from generator.findings import ReplayCommand
from generator.records import Level, SourceCommand
from generator.safety.commands import join, vet_command

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.analysis.dossier import Dossier, TargetKey
    from generator.analysis.failing import Failing
    from generator.config import ReplayTemplate
    from generator.findings import TestRef

THREADS: Final = frozenset({"main", "tokio-rt-worker", "<unnamed>"})
"""Names of threads that the runner takes for tests: a panic's header names the thread it happened in."""

REDACTED: Final = "redacted"
"""Why a command with a masked secret is not copied; the same word as for one that came masked."""

_ORDER: Final = tuple(Level)
_FOREIGN_PATH: Final = re.compile(r"(?:^|[\s='\"])(?:/[^\s/]|~/|[A-Za-z]:[\\/])")
_FIELD: Final = re.compile(r"\{(suite|classname|name|file)\}")
_TARGETS: Final = "triage_diff.recommended_commands.target_commands"
_RUNNER: Final = "triage_diff.recommended_commands.runner_repro_command"
_SELECTS: Final = {"--suite": "suite", "--unit-target": "unit"}
"""Options by which the runner selects targets, and the surface of each."""

_RANKED: Final = "triage_diff.ranked_diagnostics.recommended_command"
_FAILING: Final = frozenset({"regression", "new_failure", "unresolved_failure"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The commands of a failure, and why there is none if there is none."""

    commands: tuple[ReplayCommand, ...]
    reason: str


def offer(failing: Failing, found: Dossier, parent: TargetKey | None, templates: Iterable[ReplayTemplate]) -> Offer:
    """Return the commands for a failing result; `parent` is the target that a case belongs to, if any."""
    places = [failing.place, *([parent] if parent else [])]
    offered = [command for place in places for command in _of_target(place, found)]
    offered += [command for place in places for command in _of_run(place, found)]
    made: dict[str, ReplayCommand] = {}
    for command in offered:
        vetted = replay_command(command)
        made.setdefault(vetted.text, vetted)
    refused = ""
    for template in templates if failing.test.surface == "case" or not made else ():
        if fnmatchcase(failing.test.suite, template.suite):
            words = _filled(template, failing.test, failing.file)
            refused = refused or ("" if words else _REFUSED)
            derived = _derived(words, template.level) if words else None
            made.update({derived.text: derived} if derived and derived.text not in made else {})
    commands = tuple(sorted(made.values(), key=lambda command: _ORDER.index(command.level)))
    return Offer(commands=commands, reason="" if commands else refused or _reason(failing))


def replay_command(command: SourceCommand) -> ReplayCommand:
    """Return a command of an artifact with what may be done with it."""
    vetted = vet_command(command.text)
    words = vetted.argv or tuple(word.strip("'\"") for word in vetted.text.split())
    thread = next((word for word in words if word in THREADS), "") if command.level is Level.TEST else ""
    return ReplayCommand(
        level=command.level,
        text=vetted.text,
        copyable=vetted.copyable and not command.secret,
        reason=REDACTED if command.secret else vetted.reason,
        source=command.source,
        portable=not _FOREIGN_PATH.search(vetted.text),
        caution=f"`{thread}` is the name of a thread, not of a test: this runs no test." if thread else "",
    )


_REFUSED: Final = "A name of this test cannot stand in a command, so none was made from the settings."


def _of_target(place: TargetKey, found: Dossier) -> Iterator[SourceCommand]:
    digest, bundled, triaged = found.digests.get(place), found.bundled.get(place), found.triaged.get(place)
    yield from digest.commands if digest else ()
    yield from bundled.commands if bundled else ()
    if triaged and triaged.command:
        source = _TARGETS if triaged.severity in _FAILING else _RANKED
        secret = "REDACTED" in triaged.command
        yield SourceCommand(level=Level.SUITE, text=triaged.command, source=source, secret=secret)
    runner = found.runners.get(place[:2], "")
    if place[2:] in _named(runner):
        yield SourceCommand(level=Level.RUNNER, text=runner, source=_RUNNER, secret="REDACTED" in runner)


def _named(runner: str) -> set[tuple[str, str]]:
    """Return (surface, name) of the targets that a command of the runner selects by its options."""
    words = [word.strip("'\"") for word in runner.replace("=", " ").split()]
    return {
        (_SELECTS[option], name)
        for option, names in itertools.pairwise(words)
        if option in _SELECTS
        for name in names.split(",")
    }


def _of_run(place: TargetKey, found: Dossier) -> Iterator[SourceCommand]:
    bundle = found.bundles.get(place[:2])
    if bundle and bundle.one_command:
        yield bundle.one_command


def _filled(template: ReplayTemplate, test: TestRef, file: str) -> list[str]:
    """Fill in each word by itself; nothing when a value is missing or could pass for an option."""
    values = {"suite": test.suite, "classname": test.classname, "name": test.name, "file": file}
    used = {name for word in template.argv for name in _FIELD.findall(word)}
    if any(not values[name] or values[name].startswith("-") for name in used):
        return []
    return [_FIELD.sub(lambda field: values[field[1]], word) for word in template.argv]


def _derived(words: Iterable[str], level: Level) -> ReplayCommand:
    return replay_command(SourceCommand(level=level, text=join(words), source="derived"))


def _reason(failing: Failing) -> str:
    if failing.test.surface == "case":
        return "The report carries no command, and the settings have no template for this suite (replay.templates)."
    return "No artifact of this run offers a command for this target."
