"""The rows of pytest-reportlog on their way to cases: phases of a test, its subtests, its reruns, and collection."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from generator.readers._cases import NOTHING, attempt, said
from generator.readers._loose import count_of, list_of, object_of, text_of
from generator.readers._pytest_ids import (
    NEVER_ENDED,
    SKIP,
    SUITE,
    WORST,
    XFAIL,
    Broken,
    broken_said,
    collection_said,
    file_of,
    identity,
    skip_reason,
    total_of,
    worst_of,
)
from generator.readers._pytest_longrepr import told
from generator.records import Attempt, Status

if TYPE_CHECKING:
    from generator.readers._cases import Cases
    from generator.readers._loose import Object
    from generator.readers._names import Said

_PHASES: Final = frozenset({"setup", "call", "teardown"})
_OUTPUTS_KEPT: Final = 6
"""Captured outputs of a failure that are kept: the last ones."""
_SUBTESTS_KEPT: Final = 100
"""Failed subtests of a test that are remembered; few of them are shown."""


class _Test:
    """A test that has begun: what its rows said so far."""

    __slots__ = ("broken", "earlier", "file", "line", "reason", "rerun", "running", "seconds", "skipped")

    def __init__(self, row: Object, nodeid: str) -> None:
        location = list_of(row.get("location"))
        self.file = text_of(location[0]) if location else file_of(nodeid)
        line = count_of(location[1]) if len(location) > 1 else None
        self.line = None if line is None else line + 1
        self.earlier: list[Attempt] = []
        self._begin()

    def _begin(self) -> None:
        self.seconds: list[float] = []
        self.broken: list[Broken] = []
        self.reason: Said = NOTHING
        self.running = False
        self.skipped = False
        self.rerun = False

    def again(self) -> None:
        """Keep the attempt that ended as an earlier one and begin the next."""
        self.earlier.append(attempt(worst_of(self.broken), total_of(self.seconds), broken_said(self.broken)))
        self._begin()


class Running:
    """Takes the rows of a run in order and adds each test to the cases when it has ended."""

    def __init__(self, cases: Cases) -> None:
        self._cases = cases
        self._open: dict[tuple[str, str], _Test] = {}
        self._collected: dict[str, tuple[Status, str]] = {}
        self.words: Counter[str] = Counter()
        """Outcomes that are not known."""
        self.sessions = 0
        self.finished = 0
        self.exit_code: int | None = None
        self.began = 0.0
        """Earliest beginning of a phase, seconds since 1970; 0 when no row says."""
        self.unfinished = 0
        self.bad = 0

    def start(self) -> None:
        """Take a SessionStart row; what an earlier session left open never ended."""
        self.end()
        self.sessions += 1

    def finish(self, row: Object) -> None:
        """Take a SessionFinish row."""
        self.finished += 1
        code = count_of(row.get("exitstatus"))
        self.exit_code = max(code or 0, self.exit_code or 0)

    def phase(self, row: Object) -> None:
        """Take a TestReport row: setup, call or teardown of a test, or `???` for the crash of a worker of xdist."""
        nodeid, when, outcome = row.get("nodeid"), row.get("when"), row.get("outcome")
        if not isinstance(nodeid, str):
            nodeid = ""
        key = (nodeid, text_of(row.get("node")))  # with xdist, several workers may run one test
        test = self._open.get(key)
        if test is None:
            test = self._open[key] = _Test(row, nodeid)
        elif when == "setup" and test.running:
            if test.rerun:
                test.again()
            else:
                self._add(key, ended=False)
                test = self._open[key] = _Test(row, nodeid)
        test.running = True
        if (took := self._cases.seconds(row.get("duration"), nodeid)) is not None:
            test.seconds.append(took)
        start = row.get("start")
        if isinstance(start, float) and 0 < start < 1e12 and (start < self.began or not self.began):
            self.began = start
        if outcome != "passed":
            self._take(test, row, when, outcome)
        if (when == "teardown" and not test.rerun) or when not in ("setup", "call", "teardown"):
            self._add(key, ended=True)

    def subtest(self, row: Object) -> None:
        """Take a SubTestReport row: a part of a test, which fails when its part does."""
        nodeid, outcome = text_of(row.get("nodeid")), row.get("outcome")
        key = (nodeid, text_of(row.get("node")))
        if outcome in ("passed", "skipped"):
            return
        test = self._open.get(key)
        if test is None:
            test = self._open[key] = _Test(row, nodeid)
        if len(test.broken) < _SUBTESTS_KEPT:
            context = object_of(row.get("_subtest.context"))
            values = ", ".join(f"{name}={value}" for name, value in object_of(context.get("kwargs")).items())
            title = " ".join(filter(None, (text_of(context.get("msg")), f"({values})" if values else "")))
            message, kind, trace = told(row.get("longrepr"))
            where = f"subtest {title}".rstrip()
            test.broken.append(Broken(where, Status.FAILED, f"{where}: {message}", kind, trace, _outputs(row)))

    def collector(self, row: Object) -> None:
        """Take a CollectReport row; what failed or was skipped is a case, once for each file."""
        outcome = row.get("outcome")
        if outcome == "passed":
            return
        nodeid = text_of(row.get("nodeid"))
        status = Status.SKIPPED if outcome == "skipped" else Status.ERROR
        if self._collected.get(nodeid, (Status.PASSED, ""))[0] in (Status.PASSED, Status.SKIPPED):
            message, _, text = told(row.get("longrepr"))
            self._collected[nodeid] = (status, text or message)

    def end(self) -> None:
        """Add what is still open, and what could not be collected."""
        for key in list(self._open):
            self._add(key, ended=False)
        for nodeid, (status, text) in self._collected.items():
            classname, name = identity(nodeid)
            what = said(skip_reason(text), kind=SKIP) if status is Status.SKIPPED else collection_said(text)
            self._cases.add(name, status, suite=SUITE, classname=classname, said=what, file=file_of(nodeid))
            self.bad += status.bad
        self._collected.clear()

    def _take(self, test: _Test, row: Object, when: object, outcome: object) -> None:
        """Remember what a phase says that did not pass."""
        if outcome == "skipped":
            test.skipped = True
            reason = row.get("wasxfail")
            message, _, text = told(row.get("longrepr"))
            if isinstance(reason, str):
                test.reason = said(reason.removeprefix("reason: ") or message, kind=XFAIL)
            else:
                test.reason = said(skip_reason(message or text), kind=SKIP)
            return
        is_known = outcome in ("failed", "error", "rerun")
        if not is_known:
            self.words[text_of(outcome) or "(none)"] += 1
        test.rerun = test.rerun or outcome == "rerun"
        where = when if isinstance(when, str) and when in _PHASES else "worker"
        status = Status.FAILED if when == "call" and is_known and outcome != "error" else Status.ERROR
        message, kind, trace = told(row.get("longrepr"))
        test.broken.append(Broken(where, status, message, kind, trace, _outputs(row)))

    def _add(self, key: tuple[str, str], *, ended: bool) -> None:
        """Add a test with its attempts; one that did not end and had not failed by then is an error."""
        test = self._open.pop(key)
        nodeid = key[0]
        if not ended and not test.rerun:
            self.unfinished += 1
            if not test.broken:
                test.broken.append(Broken("end", Status.ERROR, NEVER_ENDED))
        status = max(worst_of(test.broken), Status.SKIPPED if test.skipped else Status.PASSED, key=WORST.index)
        self.bad += status.bad
        classname, name = identity(nodeid)
        self._cases.add(
            name,
            status,
            suite=SUITE,
            classname=classname,
            duration_s=total_of(test.seconds),
            said=broken_said(test.broken) if test.broken else test.reason,
            file=test.file,
            line=test.line,
            earlier=test.earlier,
        )


def _outputs(row: Object) -> list[tuple[str, str]]:
    """Return the captured outputs of a row as (title, text)."""
    pairs = [pair for pair in list_of(row.get("sections")) if isinstance(pair, list) and len(pair) == 2]
    return [(text_of(title), text_of(text)) for title, text in pairs[-_OUTPUTS_KEPT:]]
