"""What the JSON reports of pytest share: identities equal to those of its JUnit XML, failures, exit codes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from generator.readers._cases import NOTHING, said
from generator.readers._outputs import with_outputs
from generator.records import Status
from generator.safety.redact import remembered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.readers._cases import Cases
    from generator.readers._names import Said

SUITE: Final = "pytest"
"""Name of the suite in pytest's JUnit XML, unless a project sets `junit_suite_name`."""

SKIP: Final = "pytest.skip"
XFAIL: Final = "pytest.xfail"
"""Types of skips in pytest's JUnit XML."""

NEVER_ENDED: Final = "the test never ended: its report has no teardown"
"""Message of a case that was still running when the run ended."""

WORST: Final = (Status.PASSED, Status.SKIPPED, Status.FAILED, Status.ERROR)
"""Statuses of phases, the worst last."""

_FAILURES_SHOWN: Final = 10
"""Failures of one case (phases and subtests) whose texts are kept; the rest is counted."""
_REASON_LOOKED_AT: Final = 4096
_SKIPPED: Final = re.compile(r"\(.*, (?:[0-9]{1,9}|None), (['\"])(?:Skipped: )?(.*)\1\)", re.DOTALL)
_KIND: Final = re.compile(r"[A-Za-z_][\w.]{0,200}", re.ASCII)
_NAMED: Final = re.compile(
    r"((?:[A-Za-z_][\w.]{0,200})?(?:Error|Exception|Failed|Failure|Exit|Interrupt|Timeout|Warning|Group))(?=:\s|\Z)",
    re.ASCII,
)
_LAST_PLACE: Final = re.compile(r".{0,4096}:[0-9]{1,9}: ([A-Za-z_]\w{0,200})", re.ASCII)
_EXITS: Final = {2: "interrupted", 3: "internal error", 4: "wrong use of the command line"}


class Broken(NamedTuple):
    """One phase or subtest that did not pass; texts are raw, `outputs` are (title, text)."""

    where: str
    status: Status
    message: str = ""
    kind: str = ""
    trace: str = ""
    outputs: Sequence[tuple[str, str]] = ()


def identity(nodeid: str) -> tuple[str, str]:
    """Return class and name of a node id as `_pytest.junitxml.mangle_test_address` makes them.

    `tests/test_a.py::TestX::test_y[1]` is `tests.test_a.TestX` and `test_y[1]`; what stands in brackets is not split.
    """
    path, bracket, parameters = nodeid.partition("[")
    place, colons, name = path.rpartition("::")
    if not colons:
        return "", _dotted(path) + bracket + parameters
    return _dotted(place), name + bracket + parameters


@remembered(4096)
def _dotted(place: str) -> str:
    """Return module and classes of a node as one name; most tests of a report share few of them."""
    path, *classes = place.split("::")
    return ".".join([path.replace("/", ".").removesuffix(".py"), *classes]).strip()


def file_of(nodeid: str) -> str:
    """Return the file in which a node is."""
    return nodeid.partition("::")[0]


def skip_reason(text: str) -> str:
    """Return why a test was skipped: of `('tests/test_a.py', 3, 'Skipped: too old')` the words `too old`."""
    found = _SKIPPED.fullmatch(text) if len(text) <= _REASON_LOOKED_AT else None
    return found.group(2) if found else text.removeprefix("Skipped: ")


def kind_of(place: str, message: str) -> str:
    """Return the type of an exception: what stands at the last place of a traceback, else before the message."""
    if _KIND.fullmatch(place):
        return place
    found = _NAMED.match(message)
    return found.group(1) if found else ""


def told_by(text: str) -> tuple[str, str]:
    """Return message and type of a failure of which only the text is known, as that of a module or of a doctest."""
    lines = [line for line in text.splitlines() if line.strip()]
    marked = [place for place, line in enumerate(lines) if line.startswith("E ")]
    if marked:
        first = next(place for place in reversed(marked) if place == 0 or not lines[place - 1].startswith("E "))
        message = lines[first][2:].strip()
        return message, kind_of("", message)
    found = _LAST_PLACE.fullmatch(lines[-1]) if lines else None
    if found:
        return found.group(1), found.group(1)
    message = lines[0].strip() if lines else ""
    return message, kind_of("", message)


def total_of(seconds: Sequence[float]) -> float | None:
    """Return how long phases took together, to the microsecond; None when none of them says."""
    return round(sum(seconds), 6) if seconds else None


def worst_of(broken: Sequence[Broken]) -> Status:
    """Return the worst status of failures; passed when there are none."""
    return max((each.status for each in broken), key=WORST.index, default=Status.PASSED)


def broken_said(broken: Sequence[Broken]) -> Said:
    """Return what failures say: kind and message of the worst, the traces of all, each with the ends of its outputs."""
    if not broken:
        return NOTHING
    ranked = sorted(broken, key=lambda each: -WORST.index(each.status))
    texts = [_text(each, titled=len(ranked) > 1) for each in ranked[:_FAILURES_SHOWN]]
    if len(ranked) > _FAILURES_SHOWN:
        texts.append(f"--- and {len(ranked) - _FAILURES_SHOWN} more failures of this test ---")
    first = ranked[0]
    if not (first.message or first.trace):
        first = first._replace(message=f"{first.where} did not pass; the report holds no text of it")
    return said(first.message, "\n".join(text for text in texts if text), first.kind)


def collection_said(text: str) -> Said:
    """Return what a module says that could not be collected."""
    message, kind = told_by(text)
    return said(message or "collection failure", text, kind)


def note_exit(cases: Cases, code: object, *, has_bad: bool) -> None:
    """Warn of an exit code that the cases do not explain: the run broke off, or something besides them failed."""
    if not isinstance(code, int) or isinstance(code, bool) or not 0 < code < 256 or code == 5:
        return
    if code in _EXITS and not has_bad:
        cases.broke(f"pytest ended with exit code {code} ({_EXITS[code]})", "tests may be missing; look at the log")
    elif code in _EXITS:
        cases.note(f"pytest ended with exit code {code} ({_EXITS[code]})", "tests may be missing; look at the log")
    elif not has_bad:
        cases.broke(
            f"pytest ended with exit code {code}, but no test failed",
            "look at the log: a plugin may have failed the run, or it ended early",
        )


def _text(broken: Broken, *, titled: bool) -> str:
    text = with_outputs(broken.trace or (broken.message if titled else ""), broken.outputs)
    return f"--- {broken.where} ---\n{text}" if titled else text
