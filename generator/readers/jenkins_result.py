"""Jenkins' own `junitResult.xml`: what its JUnit plug-in keeps of a build."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.readers._cases import NOTHING, Cases, attempt, said
from generator.readers._junit_values import earliest, seconds
from generator.readers._told import error_said
from generator.records import Attempt, Status
from generator.safety.limits import KIB
from generator.safety.strict_xml import REPAIRED
from generator.safety.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.artifact import Artifact
    from generator.plugins import Reading
    from generator.readers._names import Said

NAME: Final = "jenkins_result"
TITLE: Final = "Jenkins junitResult.xml"
SIGNS: Final = "root element `result` with `suites`"

_ROOTS: Final = frozenset({"result"})
_RETRIES: Final = frozenset({"flakyFailures", "rerunFailures"})
_OUTPUT_KEPT: Final = 4 * KIB


def recognises(artifact: Artifact) -> str:
    """Return the root element as sign, together with the suites that follow it."""
    if artifact.peek_root() not in _ROOTS:
        return ""
    head = artifact.peek().replace(b"\0", b"")
    return "root element `result` with `suites`" if b"<suites" in head else ""


def read(artifact: Artifact) -> Reading:
    """Return results, counts and the earliest time; raises UnreadableError with line and column."""
    collector = _Collector(Cases(artifact, NAME))
    repaired = artifact.xml(collector, _ROOTS)
    cases = collector.cases
    if repaired:
        cases.note(*REPAIRED)
    if not collector.number:
        cases.note("holds no test case", "check whether the build ran its tests")
    return cases.reading(started_at=earliest(collector.stamps))


class _Collector:
    """Takes the events of the XML parser; cases are added as they end."""

    def __init__(self, cases: Cases) -> None:
        self.cases = cases
        self.stamps: set[str] = set()
        self.number = 0
        self._suite = ""
        self._in_suite = 0
        self._tags: list[str] = []
        self._case: dict[str, str] | None = None
        self._retry: dict[str, str] | None = None
        self._earlier: list[Attempt] = []
        self._text: list[str] = []
        self._places: dict[tuple[str, str, str], dict[int, int]] = {}

    def start(self, tag: str, attrs: dict[str, str]) -> None:  # noqa: ARG002 - the parser gives it
        """Open an element."""
        above = self._tags[-1] if self._tags else ""
        self._tags.append(tag)
        self._text = []
        if tag == "suite" and self._case is None:
            self._suite = ""
            self._in_suite += 1
        elif tag == "case" and self._case is None:
            self._case, self._earlier = {}, []
        elif above in _RETRIES and self._case is not None and self._retry is None:
            self._retry = {}

    def text(self, data: str) -> None:
        """Take text."""
        self._text.append(data)

    def end(self, tag: str) -> None:
        """Close an element."""
        self._tags.pop()
        above = self._tags[-1] if self._tags else ""
        text, self._text = "".join(self._text), []
        if self._retry is not None:
            if above in _RETRIES:
                self._earlier.append(_attempt(self._retry))
                self._retry = None
            else:
                self._retry.setdefault(tag, text)
        elif self._case is not None:
            if tag == "case":
                self._finish(self._case)
                self._case = None
            elif above == "case":
                self._case.setdefault(tag, text)
        elif above == "suite" and tag == "name":
            self._suite = text.strip()
        elif above == "suite" and tag == "timestamp":
            self.stamps.add(text.strip())

    def _finish(self, case: Mapping[str, str]) -> None:
        """Add a case; one of the same name in another suite of that name is another test, and gets a number."""
        self.number += 1
        classname = case.get("className", "").strip()
        name = case.get("testName", "").strip() or case.get("name", "").strip()
        place = self._place(classname, name)
        status = _status(case)
        self.cases.add(
            f"{name} #{place}" if place > 1 and name else name,
            status,
            suite=self._suite,
            classname=classname,
            duration_s=self._seconds(case.get("duration", ""), name),
            said=_said(case, status),
            earlier=self._earlier,
        )

    def _place(self, classname: str, name: str) -> int:
        """Return in the how many-th suite of one name a case of this class and name stands; 1 nearly always."""
        places = self._places.setdefault((self._suite, classname, name), {})
        return places.setdefault(self._in_suite, len(places) + 1)

    def _seconds(self, text: str, name: str) -> float | None:
        value, strange = seconds(text)
        return self.cases.seconds(text, name) if strange else value


def _status(case: Mapping[str, str]) -> Status:
    """Return the status by Jenkins' own rule, which has no errors apart from failures."""
    if case.get("skipped", "").strip().lower() == "true":
        return Status.SKIPPED
    return Status.FAILED if "errorStackTrace" in case or "errorDetails" in case else Status.PASSED


def _said(case: Mapping[str, str], status: Status) -> Said:
    if status is Status.SKIPPED:
        return said(case.get("skippedMessage", ""))
    if status is Status.PASSED:
        return NOTHING
    stack, details = case.get("errorStackTrace", "").strip("\r\n"), case.get("errorDetails", "")
    silent = "" if stack.strip() or details.strip() else "no message was recorded"
    return error_said(details or silent, stack, more=_outputs(case))


def _attempt(retry: Mapping[str, str]) -> Attempt:
    stack, message = retry.get("stackTrace", "").strip("\r\n"), retry.get("message", "")
    silent = "" if stack.strip() or message.strip() else "no message was recorded"
    return attempt(
        Status.FAILED, said=error_said(message or silent, stack, retry.get("type", "").strip(), _outputs(retry))
    )


def _outputs(owner: Mapping[str, str]) -> str:
    """Return the last 4 KiB of each output, from the beginning of a line."""
    texts: list[str] = []
    for name in ("stdout", "stderr"):
        text = owner.get(name, "").strip()
        if len(text) > _OUTPUT_KEPT:
            text = clean(text, 2 * len(text))[-_OUTPUT_KEPT:]  # a secret that was cut would not be seen any more
            text = text[text.find("\n") + 1 :]
        if text:
            texts.append(f"--- {name} ---\n{text}")
    return "\n".join(texts)
