"""pytest-reportlog (`--report-log`): a row for each phase of each test, written while the run goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers._cases import Cases
from generator.readers._loose import moment_of, note_words
from generator.readers._pytest_ids import note_exit
from generator.readers._pytest_rows import Running
from generator.safety.text import clean_name

if TYPE_CHECKING:
    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "pytest_reportlog"
TITLE: Final = "pytest-reportlog"
SIGNS: Final = "JSON lines with `$report_type`"

_TYPE: Final = "$report_type"
_TYPES: Final = frozenset(
    {"SessionStart", "CollectReport", "TestReport", "SubTestReport", "WarningMessage", "SessionFinish"}
)
_NAMED: Final = 3
"""Bad lines that a warning names."""


def recognises(artifact: Artifact) -> str:
    """Return the type of the first row as sign."""
    kind = artifact.peek_row().get(_TYPE)
    return f"rows with `{_TYPE}`, the first a {kind}" if isinstance(kind, str) and kind in _TYPES else ""


def read(artifact: Artifact) -> Reading:
    """Return its results, counts and time, one row in memory at a time; raises UnreadableError with the next step."""
    cases = Cases(artifact, NAME)
    running = Running(cases)
    bad: list[tuple[int, str]] = []
    known = foreign = 0
    for _, row in artifact.events(bad):
        kind = row.get(_TYPE) if isinstance(row, dict) else None
        if not isinstance(row, dict) or not isinstance(kind, str) or kind not in _TYPES:
            foreign += 1
            continue
        known += 1
        if kind == "TestReport":
            running.phase(row)
        elif kind == "SubTestReport":
            running.subtest(row)
        elif kind == "CollectReport":
            running.collector(row)
        elif kind == "SessionStart":
            running.start()
        elif kind == "SessionFinish":
            running.finish(row)
    if not known:
        raise UnreadableError(f"no line is a row with a known `{_TYPE}`", "check the step that writes the file")
    running.end()
    _note_lines(cases, bad, foreign)
    _note_end(cases, running)
    note_words(cases, running.words)
    return cases.reading(started_at=moment_of(running.began * 1000) if running.began else "")


def _note_lines(cases: Cases, bad: list[tuple[int, str]], foreign: int) -> None:
    if bad:
        named = "; ".join(f"line {number}: {clean_name(reason)}" for number, reason in bad[:_NAMED])
        more = f" and {len(bad) - _NAMED} more" if len(bad) > _NAMED else ""
        cases.note(f"some lines cannot be read: {named}{more}", "check whether the run was killed")
    if foreign:
        cases.note(
            f"lines that are no rows of a known type: {foreign}; left out", "check the version of pytest-reportlog"
        )


def _note_end(cases: Cases, running: Running) -> None:
    if running.finished < max(running.sessions, 1):
        lost = f"; tests that never ended: {running.unfinished}" if running.unfinished else ""
        cases.broke(
            f"there is no SessionFinish row: pytest was killed{lost}",
            "tests may be missing; look at the end of the log",
        )
    note_exit(cases, running.exit_code, has_bad=running.bad > 0)
