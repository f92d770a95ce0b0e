"""The elements of a JUnit report as they stand: suites, cases, outcomes; what they mean is decided elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from generator.readers._allowance import LEFT_OUT
from generator.safety.text import without_last_word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from generator.readers._allowance import Allowance
    from generator.records import TestResult

UNNAMED: Final = "(unnamed)"
"""Name of a case that has none."""

ROOTS: Final = frozenset({"testsuites", "testsuite"})
OUTCOMES: Final = frozenset({"error", "failure", "skipped", "flakyFailure", "flakyError", "rerunFailure", "rerunError"})
_OUTPUTS: Final = {"system-out": "stdout", "system-err": "stderr"}
_NO_OUTPUTS: Final[Mapping[str, list[str]]] = MappingProxyType({})
_VERDICTS: Final = frozenset({"status", "result"})
"""Attributes of a case that may say that it failed."""

_RERUNS: Final = "pytest"
"""Name of suites in which a case without any outcome may be an attempt that failed."""

_OUTCOMES: Final = 100
"""Failures, errors and reruns that are kept of one case, or of a suite itself."""

_PROPERTIES: Final = 1_000
"""Properties that are kept of one suite."""

_TRANSPARENT: Final = frozenset({"properties", "property", "stackTrace", "system-out", "system-err"})
"""Elements that end without effect, or whose text belongs to the element around them."""


_WIDEST: Final = 4_096
"""Characters that the attributes of a case may have together; longer ones are cut, far beyond what is shown of them."""


class Outcome:
    """A failure, error, skip or rerun of a case, or of a suite; texts are pieces to be joined."""

    __slots__ = ("attributes", "outputs", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.text: list[str] = []
        self.outputs: Mapping[str, list[str]] = _NO_OUTPUTS


class Case:
    """One `testcase` element, with name and class as written; PHPUnit calls the class `class`."""

    __slots__ = ("attributes", "classname", "name", "outcomes", "outputs")

    def __init__(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.name = attributes.get("name", "").strip() or UNNAMED
        self.classname = (attributes.get("classname") or attributes.get("class") or "").strip()
        self.outcomes: Sequence[Outcome] = ()  # most cases have none: no list is made for them
        self.outputs: Mapping[str, list[str]] = _NO_OUTPUTS


@dataclass(frozen=True, slots=True)
class Tally:
    """Cases as they are written, before attempts are merged; errors of the suite itself are failures."""

    tests: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.tests + other.tests, self.failed + other.failed, self.skipped + other.skipped)


class Suite:
    """One `testsuite` element, or the root `testsuites`; its cases become results as soon as it ends."""

    __slots__ = (
        "attributes",
        "outcomes",
        "parent",
        "path",
        "properties",
        "results",
        "root",
        "tally",
        "told",
        "written",
    )

    def __init__(self, attributes: dict[str, str], parent: Suite | None, *, root: bool) -> None:
        self.attributes = attributes
        self.parent = parent
        self.root = root
        name = "" if root else attributes.get("name", "").strip()
        above: str = parent.path if parent else ""
        self.path: str = f"{above} / {name}" if above and name else name or above
        self.written: list[dict[str, str]] = []
        """Attributes of each case: most say nothing else."""
        self.told: dict[int, Case] = {}
        """Cases with anything inside, by position."""
        self.outcomes: Sequence[Outcome] = ()
        self.properties: list[tuple[str, str]] = []
        self.results: list[TestResult] = []
        self.tally = Tally()

    @property
    def cases(self) -> list[Case]:
        """All cases in document order."""
        told = self.told
        return [told.get(place) or Case(attributes) for place, attributes in enumerate(self.written)]


class Collector:
    """Takes the events of the XML parser; `suites` are in document order, `finish` gets each one when it ends."""

    def __init__(self, finish: Callable[[Suite], None], allowance: Allowance) -> None:
        self.suites: list[Suite] = []
        self._finish = finish
        self._allowance = allowance
        self._suite: Suite | None = None
        self._in_case = False
        self._case: Case | None = None  # made when something stands inside
        self._outcome: Outcome | None = None
        self._sink: list[str] | None = None
        self._unknown = 0  # depth within an element that says nothing to us

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        """Open an element."""
        if self._unknown:
            self._unknown += 1
        elif tag == "testcase" and not self._in_case and self._suite is not None:
            self._allowance.test()
            self._suite.written.append(attrs if sum(map(len, attrs.values())) <= _WIDEST else _without_ends(attrs))
            self._in_case = True
        elif tag in ROOTS and not self._in_case and self._outcome is None:
            root = self._suite is None and tag == "testsuites"
            self._suite = Suite(attrs, self._suite, root=root)
            self.suites.append(self._suite)
        else:
            self._start_inner(tag, attrs)

    def text(self, data: str) -> None:
        """Take text; only that of outcomes and outputs is kept."""
        if self._sink is not None:
            self._sink.append(data)

    def end(self, tag: str) -> None:
        """Close an element."""
        if self._unknown:
            self._unknown -= 1
        elif tag == "testcase":
            self._in_case = False
            if self._case is not None:
                self._close_told(self._case)
        elif tag in ROOTS and self._suite is not None:
            self._finish(self._suite)
            self._suite = self._suite.parent
        elif tag in OUTCOMES:
            self._outcome = self._sink = None
        elif tag in _OUTPUTS:
            self._sink = self._outcome.text if self._outcome else None

    def _start_inner(self, tag: str, attrs: dict[str, str]) -> None:
        if tag in OUTCOMES and self._outcome is None and self._suite is not None:
            self._outcome = Outcome(tag, attrs)
            self._sink = self._outcome.text
            owner: Case | Suite = self._case_told() or self._suite
            if len(owner.outcomes) < _OUTCOMES:
                owner.outcomes = (*owner.outcomes, self._outcome)
        elif tag in _OUTPUTS and (speaker := self._outcome or self._case_told()):
            self._sink = speaker.outputs.get(_OUTPUTS[tag], [])
            speaker.outputs = {**speaker.outputs, _OUTPUTS[tag]: self._sink}
        elif tag == "property" and self._suite is not None and not self._in_case:
            if len(self._suite.properties) < _PROPERTIES:
                self._suite.properties.append((attrs.get("name", ""), attrs.get("value", "")))
        elif tag not in _TRANSPARENT:
            self._unknown = 1

    def stop(self) -> None:
        """Close what is open, where reading ended before the document did."""
        while self._suite is not None:
            self._finish(self._suite)
            self._suite = self._suite.parent

    def _close_told(self, case: Case) -> None:
        """Let go of what nobody asks for: outputs of a case that passed, texts beyond what the run may say."""
        self._case = None
        suite = self._suite
        if suite is None:
            return
        if not case.outcomes and not _VERDICTS & case.attributes.keys() and suite.attributes.get("name") != _RERUNS:
            del suite.told[len(suite.written) - 1]
            return
        pieces = [outcome.text for outcome in case.outcomes]
        pieces += [*case.outputs.values()]
        pieces += [output for outcome in case.outcomes for output in outcome.outputs.values()]
        for piece in pieces:
            if len(piece) > 1:
                piece[:] = ["".join(piece)]
        said = sum(len(piece[0]) for piece in pieces if piece)
        said += sum(len(value) for outcome in case.outcomes for value in outcome.attributes.values())
        if not self._allowance.takes(said):
            case.outputs = _NO_OUTPUTS
            for outcome in case.outcomes:
                outcome.text, outcome.outputs = [], _NO_OUTPUTS
                outcome.attributes = {"type": outcome.attributes.get("type", "")[:_WIDEST], "message": LEFT_OUT}

    def _case_told(self) -> Case | None:
        """Return the open case, as one that has something inside."""
        suite = self._suite
        if self._in_case and self._case is None and suite is not None:
            place = len(suite.written) - 1
            self._case = suite.told[place] = Case(suite.written[place])
        return self._case


def _without_ends(attributes: dict[str, str]) -> dict[str, str]:
    """Return attributes no longer than may be, cut at words, so that no part of a secret is left."""
    return {
        name: value if len(value) <= _WIDEST else without_last_word(value[:_WIDEST])
        for name, value in attributes.items()
    }
