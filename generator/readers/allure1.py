"""Allure 1 results: `<uuid>-testsuite.xml`, one suite with its cases a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers._allure import duration, first_labels, identity, shown_word, stamp, status_of
from generator.readers._allure_texts import said_of
from generator.readers._cases import Cases
from generator.records import Status
from generator.safety.strict_xml import REPAIRED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "allure1"
TITLE: Final = "Allure 1 XML"
SIGNS: Final = "root element `test-suite` with Allure's namespace, or with `test-cases`"

_ROOTS: Final = frozenset({"test-suite"})
_NAMESPACE: Final = b"urn:model.allure.qatools.yandex.ru"
_OWNERS: Final = frozenset({"test-suite", "test-case", "step"})
_TEXTS: Final = frozenset({"name", "title", "message", "stack-trace"})
_STEPS: Final = 1_000
"""Steps that are kept of a case, or of a step."""

_SHOWN: Final = 5
"""Status words that a note names."""


def recognises(artifact: Artifact) -> str:
    """Return the root element as sign, with what tells it from the inner suites of NUnit."""
    if artifact.peek_root() not in _ROOTS:
        return ""
    head = artifact.peek().replace(b"\0", b"")
    if _NAMESPACE in head:
        return "root element `test-suite` of Allure 1"
    return "root element `test-suite` with `test-cases`" if b"<test-cases" in head else ""


def read(artifact: Artifact) -> Reading:
    """Return results, counts and the time of the suite; raises UnreadableError with line and column."""
    if artifact.size > artifact.limits.json_bytes:
        message = f"a suite of Allure 1 is larger than {artifact.limits.json_bytes} bytes"
        raise UnreadableError(message, "split it, leave it out, or raise the limit `json_bytes` in the settings")
    collector = _Collector()
    repaired = artifact.xml(collector, _ROOTS)
    cases = Cases(artifact, NAME)
    suite = collector.suite
    above = first_labels(suite.labels)
    above.setdefault("suite", suite.texts.get("title", "").strip() or suite.texts.get("name", "").strip())
    odd: dict[str, int] = {}
    for node in collector.cases:
        passed = node.attributes.get("status") == "passed"  # of which nothing is shown
        _add(cases, node.as_case(whole=not passed), {name: value for name, value in above.items() if value}, odd)
    if repaired:
        cases.note(*REPAIRED)
    if odd:
        shown = ", ".join(sorted(odd)[:_SHOWN])
        number = f"{sum(odd.values())} of {len(collector.cases)}"
        message = f"status not known: {shown}; counted as errors: {number} cases"
        cases.note(message, "check whether the test process was killed, and the Allure adapter that writes it")
    if not collector.cases:
        cases.note("holds no test case", "check whether its tests were selected at all")
    return cases.reading(started_at=stamp(_milliseconds(suite.attributes.get("start"))))


def _add(cases: Cases, case: Mapping[str, object], above: Mapping[str, str], odd: dict[str, int]) -> None:
    suite, classname, name = identity(case, above)
    word = case.get("status")
    status, unknown = status_of(word), ""
    if status is None:
        status, unknown = Status.ERROR, shown_word(word)
        odd[unknown] = odd.get(unknown, 0) + 1
    cases.add(
        name,
        status,
        suite=suite,
        classname=classname,
        duration_s=duration(cases, case, name),
        said=said_of(case, status, unknown),
    )


def _milliseconds(text: str | None) -> int | str | None:
    """Return a time as a number; what is none stays as it is, so that it is noted."""
    if text is None or not text.strip():
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else text


class _Node:
    """A suite, a case or a step with what was found in it."""

    __slots__ = ("attachments", "attributes", "labels", "parameters", "steps", "texts")

    def __init__(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.texts: dict[str, str] = {}
        self.labels: list[dict[str, object]] = []
        self.parameters: list[dict[str, object]] = []
        self.steps: list[_Node] = []
        self.attachments: list[dict[str, object]] = []

    def as_case(self, *, whole: bool) -> dict[str, object]:
        """Return it in the words of Allure 2; without its steps unless `whole`."""
        attributes, texts = self.attributes, self.texts
        return {
            "name": texts.get("name") or texts.get("title"),
            "status": attributes.get("status"),
            "start": _milliseconds(attributes.get("start")),
            "stop": _milliseconds(attributes.get("stop")),
            "statusDetails": {"message": texts.get("message"), "trace": texts.get("stack-trace")},
            "labels": self.labels,
            "parameters": self.parameters,
            "steps": [step.as_case(whole=True) for step in self.steps] if whole else [],
            "attachments": self.attachments,
        }


class _Collector:
    """Takes the events of the XML parser: the suite, and its cases in document order."""

    def __init__(self) -> None:
        self.suite = _Node({})
        self.cases: list[_Node] = []
        self._open: list[_Node] = [self.suite]
        self._text: list[str] = []

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        """Open an element."""
        self._text = []
        owner = self._open[-1]
        if tag in _OWNERS:
            self._open.append(_Node(attrs))
            if len(self._open) == 2:
                self.suite = self._open[-1]
        elif tag == "label":
            owner.labels.append(dict(attrs))
        elif tag == "parameter" and attrs.get("kind", "argument").lower() == "argument":
            owner.parameters.append(dict(attrs))
        elif tag == "attachment":
            owner.attachments.append({**attrs, "name": attrs.get("title")})

    def text(self, data: str) -> None:
        """Take text."""
        self._text.append(data)

    def end(self, tag: str) -> None:
        """Close an element."""
        if tag in _TEXTS:
            self._open[-1].texts[tag] = "".join(self._text)
        elif tag in _OWNERS:
            node = self._open.pop()
            if tag == "test-case":
                self.cases.append(node)
            elif tag == "step" and len(self._open[-1].steps) < _STEPS:
                self._open[-1].steps.append(node)
        self._text = []
