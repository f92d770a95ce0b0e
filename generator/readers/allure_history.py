"""Allure 3 history: `history.jsonl`, each line a whole earlier run."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeGuard

from generator.errors import UnreadableError
from generator.plugins import PastRun, Reading
from generator.readers._allure import identity, moment, shown_word, status_of, words
from generator.readers._allure_texts import said_of
from generator.readers._loose import free_name
from generator.readers._names import Names
from generator.records import Problem, Severity, Status, Surface, TestResult
from generator.safety.ids import parse_time
from generator.safety.limits import COUNT_MAX
from generator.safety.strict_json import parse_json
from generator.safety.text import clean_meta, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from generator.artifact import Artifact
    from generator.readers._loose import Taken
    from generator.safety.limits import ReadLimits

NAME: Final = "allure_history"
TITLE: Final = "Allure 3 history"
SIGNS: Final = "JSON lines with `testResults` by history id, and `uuid`, `timestamp` or `knownTestCaseIds`"

_RUNS: Final = 1_000
"""Runs kept of one history, the last ones."""


def recognises(artifact: Artifact) -> str:
    """Return the fields of the first line as sign, judged by its beginning where the line is very long."""
    head = artifact.peek().lstrip(b"\xef\xbb\xbf \r\n")
    if not head.startswith(b"{"):
        return ""
    if b'"knownTestCaseIds"' in head and b'"uuid"' in head:
        return "`uuid` and `knownTestCaseIds` of an Allure history"
    if b'"testResults"' not in head:
        return ""
    row = artifact.peek_row()
    marks = any(mark in row for mark in ("uuid", "timestamp", "knownTestCaseIds"))
    return "`testResults` by history id" if marks and isinstance(row.get("testResults"), dict) else ""


def read(artifact: Artifact) -> Reading:
    """Return the earlier runs with their results; raises UnreadableError when no line holds one."""
    history = _History(artifact.limits)
    artifact.extent()  # a file with a bad byte is refused for that alone, wherever it is
    for number, line in enumerate(_lines(artifact), 1):
        if line.strip():
            history.take(number, line)
    if not history.runs:
        reason = next((f": {text}" for text in history.bad), "")
        raise UnreadableError(f"no line holds a run{reason}", "check whether its writer ran to its end")
    if len(history.runs) > _RUNS:
        history.note(f"holds {len(history.runs)} runs; the last {_RUNS} are used", "keep a shorter history")
    return Reading(
        past=tuple(list(history.runs.values())[-_RUNS:]),
        problems=tuple(
            Problem(path=artifact.path, reader=NAME, severity=Severity.WARNING, message=message, hint=hint)
            for message, hint in history.problems()
        ),
    )


def _lines(artifact: Artifact) -> Iterator[str]:
    """Yield the lines with their ends; one that is longer than a document may be is cut, but stays longer than that."""
    is_first = True
    for block in artifact.blocks(artifact.limits.json_bytes):
        yield from io.StringIO(block.removeprefix("\ufeff") if is_first else block)
        is_first = False


@dataclass(slots=True)
class _History:
    """The runs of one file in its order, and what was odd in it."""

    limits: ReadLimits
    runs: dict[str, PastRun] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)
    unknown: dict[str, int] = field(default_factory=dict)
    _names: Names = field(default_factory=Names)
    _notes: list[tuple[str, str]] = field(default_factory=list)

    def take(self, number: int, line: str) -> None:
        """Add the run of one line, or remember why it holds none."""
        try:
            row = parse_json(line, self.limits)
        except UnreadableError as error:
            self.bad.append(f"line {number}: {error.message}")
            return
        if not isinstance(row, dict) or not isinstance(row.get("testResults"), dict):
            self.bad.append(f"line {number} has no `testResults`")
            return
        at = row.get("timestamp")
        started_at = parse_time(at) if isinstance(at, str) else moment(at)
        if started_at is None:
            self.bad.append(f"line {number} has no `timestamp` that is a time")
            return
        run_id = self._free_id(row, started_at)
        if not run_id:
            self.bad.append(f"line {number} repeats a run")
            return
        url = words(row.get("url"))
        self.runs[run_id] = PastRun(
            run_id=run_id,
            started_at=started_at,
            results=tuple(self._results(row["testResults"])),
            url=one_line(clean_meta(url)) if url.startswith(("http://", "https://")) else "",
        )

    def note(self, message: str, hint: str) -> None:
        """Remember something odd."""
        self._notes.append((message, hint))

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield message and next step of everything odd, one a kind."""
        yield from self._notes
        if self.bad:
            more = f" and {len(self.bad) - 1} more" if len(self.bad) > 1 else ""
            yield f"a line is left out: {self.bad[0]}{more}", "check whether its writer was killed"
        if self.unknown:
            shown = ", ".join(sorted(self.unknown)[:5])
            number = sum(self.unknown.values())
            yield (
                f"status not known: {shown}; counted as errors: {number} {'result' if number == 1 else 'results'}",
                "check the Allure adapter that wrote them",
            )

    def _free_id(self, row: Mapping[str, object], started_at: datetime) -> str:
        """Return the id of a run; its name, which runs share, gets the time; empty for a run that is there already."""
        uuid, name = (one_line(clean_meta(words(row.get(key)))) for key in ("uuid", "name"))
        run_id = uuid or name or started_at.isoformat()
        known = self.runs.get(run_id)
        if known is None:
            return run_id
        run_id = "" if uuid or known.started_at == started_at else f"{name} {started_at.isoformat()}"
        return "" if run_id in self.runs else run_id

    def _results(self, items: Mapping[str, object]) -> Iterator[TestResult]:
        """Yield the results by history id; tests of one name are numbered in this order, which no run changes."""
        cases = [(identity(case), case) for _, case in sorted(items.items()) if isinstance(case, dict)]
        self._names.learn(text for texts, _ in cases for text in texts)
        taken: Taken = {}
        for (suite, classname, name), case in cases:
            above = self._names[suite], self._names[classname]
            yield self._result(case, *above, free_name(taken, *above, self._names[name]))

    def _result(self, case: Mapping[str, object], suite: str, classname: str, name: str) -> TestResult:
        word = case.get("status")
        status, unknown = status_of(word), ""
        if status is None:
            status, unknown = Status.ERROR, shown_word(word)
            self.unknown[unknown] = self.unknown.get(unknown, 0) + 1
        said = said_of(case, status, unknown)
        return TestResult(
            surface=Surface.CASE,
            suite=suite,
            classname=classname,
            name=name,
            status=status,
            duration_s=_seconds(case),
            kind=said.kind,
            message=said.message,
            trace=said.trace,
        )


def _seconds(case: Mapping[str, object]) -> float | None:
    """Return `duration`, else the time between start and stop, in seconds; None for what cannot be one."""
    duration, start, stop = case.get("duration"), case.get("start"), case.get("stop")
    if _is_time(duration):
        return duration / 1000 if duration >= 0 else None
    if _is_time(start) and _is_time(stop) and 0 < start <= stop:
        return (stop - start) / 1000
    return None


def _is_time(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < COUNT_MAX
