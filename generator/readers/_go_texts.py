"""What the output of a Go test says: the message of a failure, its place, and a trace without the words of the tool."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.readers._attempts import End
from generator.readers._cases import said
from generator.records import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.readers._names import Said

_WIDEST: Final = 2000  # characters of a line that are looked at
_TOOL: Final = re.compile(
    r"=== (?:RUN|PAUSE|CONT|NAME|ATTR) |[ ]*--- (?:PASS|FAIL|SKIP|BENCH): |(?:PASS|FAIL|ok)$|(?:FAIL|ok  )\t|"
    r"coverage: |\?   \t|-test\.shuffle |exit status "
)
_PLACE: Final = re.compile(r"\s+(?:\S+: )?((?:[A-Za-z]:)?[^\s:]+\.go):([0-9]{1,7}):(?: (.*)|$)")
_BUILD: Final = re.compile(r"(?:vet: )?((?:[A-Za-z]:)?[^\s:]+\.go):([0-9]{1,7})(?::[0-9]{1,7})?: (.+)")
_FRAME: Final = re.compile(r"^\t(?:.*[/\\])?([^/\\\s]+_test\.go):([0-9]{1,7})\b", re.MULTILINE)
_PANIC: Final = re.compile(r"^[ \t]{0,8}(panic|fatal error): (.{1,2000})", re.MULTILINE)
_LABEL: Final = re.compile(r"\s+(Error Trace|Error|Test|Messages|Diff):\s*(.*)")
_FAILS: Final = re.compile(
    r"fail|error|expect|want|got\b|unexpected|mismatch|not equal|should|must|assert|panic|time[ds]? ?out|race detected"
    r"|cannot|can't|invalid|wrong|missing|!=|denied|refused",
    re.IGNORECASE,
)


def failure(text: str, otherwise: str) -> End:
    """Return what the output of a failed test says; a panic is an error, everything else a failed assertion.

    The message is the first line that speaks of a failure (else the last that the test logged, because a fatal one
    ends it), `otherwise` where it logged nothing.
    """
    trace = without_tool(text)
    if found := broke(text):
        kind, message = found
        place = _FRAME.search(text)
        file, line = (place[1], int(place[2])) if place else ("", None)
        return End(status=Status.ERROR, said=said(message, trace, kind), file=file, line=line)
    message, file, line = _logged(trace.split("\n"))
    return End(status=Status.FAILED, said=said(message or otherwise, trace), file=file, line=line)


def broke(text: str) -> tuple[str, str] | None:
    """Return kind and message of a panic or a fatal error of the runtime; None when there is none."""
    found = _PANIC.search(text)
    if found is None or not ("goroutine " in text or "[recovered" in text):
        return None
    message = re.sub(r" \[recovered[^\]]{0,40}\].*", "", found[2]).strip()
    return ("timeout" if message.startswith("test timed out") else found[1]), message


def reason(text: str) -> Said:
    """Return why a test was skipped; nothing where it does not say so."""
    lines = without_tool(text).split("\n")
    logged = [message for message, _, _ in _placed(lines)]
    return said(logged[-1] if logged else lines[0].strip())


def package_failure(output: str, build: str) -> End:
    """Return what a package says that failed without a failing test: build errors, else a panic, else its output."""
    trace = "\n".join(filter(None, (build.rstrip("\n"), without_tool(output) or output)))
    if build:
        lines = [line for line in build.split("\n") if line.strip() and not line.startswith("# ")]
        placed = next((match for line in lines if (match := _BUILD.match(line[:_WIDEST].strip()))), None)
        setup = "[setup failed]" in output
        message = placed[3] if placed else lines[0] if lines else "the package does not build"
        file, line = (placed[1], int(placed[2])) if placed else ("", None)
        words = said(message, trace, "setup failed" if setup else "build failed")
        return End(status=Status.ERROR, said=words, file=file, line=line)
    if found := broke(output):
        return End(status=Status.ERROR, said=said(found[1], trace, found[0]))
    lines = [line.strip() for line in without_tool(output).split("\n") if line.strip()]
    ended = re.findall(r"^(?:exit status [0-9]{1,9}|FAIL\t\S{1,512} \[[a-z ]{1,40}\])", output, re.MULTILINE)
    telling = next((line for line in lines if _FAILS.search(line[:_WIDEST])), "") or "".join(lines[:1])
    message = telling or (ended[0] if ended else "the package failed without a failing test")
    return End(status=Status.ERROR, said=said(message.replace("\t", " "), trace))


def without_tool(text: str) -> str:
    """Return output without the lines in which the tool says what it does."""
    kept = [line for line in text.split("\n") if not _TOOL.match(line)]
    return "\n".join(kept).strip("\n")


def glued_end(text: str, name: str) -> tuple[Status, float] | None:
    """Return outcome and seconds of a test whose last output had no line end, so that the tool missed its end."""
    found = re.search(r"\S--- (PASS|FAIL|SKIP): " + re.escape(name) + r" \(([0-9]{1,9}\.[0-9]{1,4})s\)", text)
    if found is None:
        return None
    words = {"PASS": Status.PASSED, "FAIL": Status.FAILED, "SKIP": Status.SKIPPED}
    return words[found[1]], float(found[2])


def _logged(lines: Sequence[str]) -> tuple[str, str, int | None]:
    """Return message, file and line of what a test logged about its failure; else its first line as message."""
    logged = list(_placed(lines))
    if logged:
        message, file, line = next((entry for entry in logged if _FAILS.search(entry[0])), logged[-1])
        return message or f"failed at {file}:{line}", file, line
    if lines[0].strip() == "got:":  # an example
        return " ".join(line.strip() for line in lines[:8] if line.strip()), "", None
    return next((line.strip() for line in lines if line.strip()), ""), "", None


def _placed(lines: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    for number, text in enumerate(lines):
        found = _PLACE.match(text[:_WIDEST]) if ".go:" in text else None
        if found:
            message = (found[3] or "").strip() or _labelled(lines[number + 1 :])
            yield message, found[1], int(found[2])


def _labelled(lines: Sequence[str]) -> str:
    """Return the error of an assertion library that writes `Error:` and `Messages:` below the place."""
    said_by: dict[str, list[str]] = {}
    label = ""
    for text in lines[:200]:
        found = _LABEL.match(text[:_WIDEST])
        if found:
            label = found[1]
            if label in said_by:
                break
            said_by[label] = [found[2].strip()]
        elif label and text[:1].isspace() and not _PLACE.match(text[:_WIDEST]):
            said_by[label].append(text.strip())
        else:
            break
    if not said_by:
        return next((text.strip() for text in lines[:1]), "")
    parts = [" ".join(filter(None, said_by.get(name, ())[:6])) for name in ("Error", "Messages")]
    return "\n".join(filter(None, parts))
