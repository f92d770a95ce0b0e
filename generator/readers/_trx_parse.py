"""The elements of a TRX report: results, also nested ones, the definitions behind them, and the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.readers._cases import NOTHING
from generator.readers._dotnet import said_by
from generator.records import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.readers._allowance import Allowance
    from generator.readers._names import Said

_RESULTS: Final = frozenset(
    {
        *("UnitTestResult", "TestResult", "TestResultAggregation", "GenericTestResult", "ManualTestResult"),
        *("WebTestResult", "LoadTestResult", "CodedWebTestResult"),
    }
)
_TEXTS: Final = frozenset({"Message", "StackTrace", "StdOut", "StdErr", "DebugTrace", "Text"})
_GROUPS: Final = frozenset({"ErrorInfo", "TextMessages"})
_TRANSPARENT: Final = frozenset(
    {"Results", "InnerResults", "Output", "TestDefinitions", "ResultSummary", "RunInfos", "TestRun"}
)
_STATUSES: Final = {
    "passed": Status.PASSED,
    "passedbutrunaborted": Status.PASSED,
    "warning": Status.PASSED,
    "failed": Status.FAILED,
    **dict.fromkeys(("error", "timeout", "aborted", "disconnected", "notrunnable", "inprogress"), Status.ERROR),
    **dict.fromkeys(("notexecuted", "inconclusive", "pending", "completed"), Status.SKIPPED),
}
_OUTPUTS: Final = (("stdout", "StdOut"), ("stderr", "StdErr"), ("debug trace", "DebugTrace"))
_INFOS: Final = 1_000  # messages about the whole run that are kept
_NO_TEXTS: Final[Mapping[str, list[str]]] = {}


class Result:
    """A result, or a `RunInfo`, with the texts that stand in it until it ends."""

    __slots__ = ("above", "bad", "inner", "name", "said", "start", "status", "test_id", "texts", "time")

    def __init__(self, attributes: Mapping[str, str], status: Status, above: Result | None) -> None:
        self.test_id = attributes.get("testId", "")
        self.name = attributes.get("testName", "")
        self.time = attributes.get("duration", "")
        self.start = attributes.get("startTime", "")
        self.status = status
        self.above = above
        self.said = NOTHING
        self.texts: Mapping[str, list[str]] = _NO_TEXTS
        self.inner = 0
        """Results within it."""
        self.bad = 0
        """Failed results within it."""

    def text(self, name: str) -> str:
        """Return one of its texts, by its element."""
        return "".join(self.texts.get(name, ()))


class Definition:
    """What a test is: its name, class and assembly."""

    __slots__ = ("assembly", "classname", "name")

    def __init__(self, attributes: Mapping[str, str]) -> None:
        self.name = attributes.get("name", "")
        self.assembly = attributes.get("storage", "")
        self.classname = ""


class Collector:
    """Takes the events of the XML parser; `results` are in document order, without those that only hold others."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self.results: list[Result] = []
        self.definitions: dict[str, Definition] = {}
        self.infos: list[Result] = []
        """Messages about the whole run, with an `outcome`."""
        self.counters: Mapping[str, str] = {}
        self.times: Mapping[str, str] = {}
        self.outcome = ""
        """What the summary says of the whole run."""
        self.unknown: dict[str, int] = {}
        self.written = {"tests": 0, "passed": 0, "bad": 0}
        self.with_containers = {"tests": 0, "passed": 0, "bad": 0}
        self._result: Result | None = None
        self._definition: Definition | None = None
        self._group = ""
        self._sink: list[str] | None = None
        self._deaf = 0  # depth within an element that says nothing to us

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        """Open an element."""
        if self._deaf:
            self._deaf += 1
        elif tag in _RESULTS or tag == "RunInfo":
            self._result = Result(attrs, self._status(attrs, tag), self._result)
        elif self._result is not None:
            self._start_inner(tag)
        elif tag == "TestMethod" and self._definition is not None:
            self._definition.classname = attrs.get("className", "")
            self._definition.assembly = attrs.get("codeBase") or self._definition.assembly
            self._deaf = 1
        elif "id" in attrs and self._definition is None and ("storage" in attrs or tag == "UnitTest"):
            self._definition = self.definitions[attrs["id"]] = Definition(attrs)
        elif tag == "Counters":
            self.counters = attrs
        elif tag == "Times":
            self.times = attrs
        else:
            if tag == "ResultSummary":
                self.outcome = attrs.get("outcome", "")
            self._deaf = int(tag not in _TRANSPARENT)

    def text(self, data: str) -> None:
        """Take text; only that of results and messages is kept."""
        if self._sink is not None and not self._deaf:
            self._sink.append(data)

    def end(self, tag: str) -> None:
        """Close an element."""
        if self._deaf:
            self._deaf -= 1
        elif tag in _RESULTS or tag == "RunInfo":
            self._close(tag)
        elif tag in _TEXTS:
            self._sink = None
        elif tag in _GROUPS:
            self._group = ""
        elif self._result is None and tag not in _TRANSPARENT:
            self._definition = None

    def _start_inner(self, tag: str) -> None:
        if tag in _GROUPS:
            self._group = tag
        elif tag in _TEXTS and self._result is not None and self._group != "TextMessages":
            self._sink = []
            self._result.texts = {**self._result.texts, tag: self._sink}
        elif tag not in _TRANSPARENT:
            self._deaf = 1

    def _close(self, tag: str) -> None:
        result = self._result
        if result is None:
            return
        self._result = result.above
        if tag == "RunInfo":
            if len(self.infos) < _INFOS:
                self.infos.append(result)
            return
        case = not result.inner or (result.status.bad and not result.bad)
        for totals in (self.with_containers, *([self.written] if case else [])):
            totals["tests"] += 1
            totals["passed"] += result.status is Status.PASSED
            totals["bad"] += result.status.bad
        if case:
            self._allowance.test()
            result.said = self._allowance.said(_said(result))
            self.results.append(result)
        if result.above is not None:
            result.above.inner += 1
            result.above.bad += result.bad + result.status.bad
        result.above, result.texts = None, _NO_TEXTS  # a large report must not stay in memory as a whole

    def _status(self, attrs: Mapping[str, str], tag: str) -> Status:
        written = attrs.get("outcome", "")
        status = _STATUSES.get(written.strip().lower())
        if status is None:
            status = Status.ERROR
            if tag != "RunInfo":
                self.unknown[written] = self.unknown.get(written, 0) + 1
        return status


def _said(result: Result) -> Said:
    message = result.text("Message")
    if result.status.bad:
        outputs = [(shown, result.text(name)) for shown, name in _OUTPUTS]
        return said_by(message, result.text("StackTrace"), outputs=outputs)
    if result.status is Status.PASSED:
        return NOTHING
    return said_by(message or result.text("StdOut"))  # some adapters write there why a test is skipped
