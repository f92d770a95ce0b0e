"""What to know before believing a failure's evidence, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.analysis.commands import THREADS
from generator.analysis.failing import ONLY_BUNDLE
from generator.records import Level, PartState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.analysis.dossier import Dossier
    from generator.analysis.failing import Failing
    from generator.findings import ReplayCommand
    from generator.records import Digest

_ODD: Final = {
    "huge_count": "A count scraped from the log is impossibly large: it is a number from a message, not of tests.",
    "exit_nonzero_without_failures": "It ended with an error, yet no failed test was counted: "
    "it broke before or outside its tests.",
    "failures_but_exit_zero": "Failed tests were counted, yet it ended without an error: the exit code decides.",
}


def class_caution(digest: Digest | None) -> str:
    """Return why the root cause class must be read with care, "" when it need not (contract, section 4)."""
    if digest is None:
        return ""
    if digest.root_cause_class == "assertion_failure" and digest.assertion.line == 0:
        return "assertion_failure (no panic found): the class comes from the runner's own sentence, it may be a crash."
    said = digest.assertion.message.lower()
    if digest.root_cause_class == "timeout" and not any(word in said for word in ("timeout", "timed out", "time out")):
        return "timeout (not in the message): the word may come from the name of a test that passed."
    return ""


def notes(failing: Failing, found: Dossier, commands: Collection[ReplayCommand]) -> tuple[str, ...]:
    """Return the remarks about one failing result and the commands that were found for it."""
    return (*_notes(failing, found), *_of_commands(failing, commands))


def _of_commands(failing: Failing, commands: Collection[ReplayCommand]) -> Iterator[str]:
    """Say what a reader looks for in vain; where there is no command at all, that is said elsewhere."""
    if failing.test.surface != "case" and commands and all(command.level is not Level.TEST for command in commands):
        yield "The artifacts name no command for a single test of this target."


def _notes(failing: Failing, found: Dossier) -> Iterator[str]:
    if failing.bundle_only:
        yield ONLY_BUNDLE
    for reason in failing.odd:
        yield _ODD.get(reason, f"The counts scraped from its log are not to be believed ({reason}).")
    if failing.repeated:
        times = "one other part" if failing.repeated == 1 else f"{failing.repeated} other parts"
        yield f"The test was reported by {times} of the run too; the worst result counts."
    if failing.test.surface == "suite":
        yield from _of_digest(failing, found)


def _of_digest(failing: Failing, found: Dossier) -> Iterator[str]:
    digest, part = found.digests.get(failing.place), found.parts.get((failing.unit, failing.part))
    if digest is None:
        if part and part.state is PartState.COMPLETE and failing.status == "failed":
            yield "The runner left no failure digest of this suite."
        return
    named = dict.fromkeys((digest.assertion.test, *digest.impacted))
    for thread in (name for name in named if name in THREADS):
        yield f"`{thread}` is the name of a thread, not of a test."
    ignored = {
        event.test
        for event in found.timelines.get(failing.place, ())
        if event.event_type == "test_result" and event.test and event.message.endswith("ignored")
    }
    for test in digest.impacted:
        if test in ignored:
            yield f"`{test}` is listed as impacted but was ignored in this run."
