"""Fingerprints of failures: what stays the same when the same thing breaks again, never a line number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.safety.ids import content_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VERSION: Final = "f1"
"""Changes with every change of the normaliser."""

HEAD: Final = 2048
TAIL: Final = 2048
_LINE: Final = 400
_KEEP_QUOTED: Final = frozenset({"KeyError", "AttributeError", "NameError"})
_QUOTED_LIMIT: Final = 40

# All patterns run in linear time: they start at a boundary and their repeats cannot overlap.
_ANSI = re.compile(r"(?:\x1b|\N{SYMBOL FOR ESCAPE})\[[0-9;?]*[ -/]*[@-~]")
_URL = re.compile(r"\b[A-Za-z][A-Za-z0-9+-]{0,15}://[^\s\"'<>)\]]+")
_TIME = re.compile(
    r"\b\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:[Zz]|[+-]\d\d:?\d\d)?)?\b"
    r"|\b\d{8}T\d{6}Z\b|\b\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\b",
)
_UUID = re.compile(r"\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b")
_ADDRESS = re.compile(r"\b0[xX][0-9A-Fa-f]+\b")
_IP = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b")
_PATH = re.compile(r"(?<![\w.@+~-])(?:[A-Za-z]:(?=[/\\]))?+(?:[\w.@+~-]*+[/\\])++([\w.@+~-]*+)")
_QUOTED = re.compile(r"\"([^\"\n]*+)\"|(?<!\w)'([^'\n]*+)'(?!\w)")
_HEX = re.compile(r"\b(?=[0-9]*[A-Fa-f])(?=[A-Fa-f]*[0-9])[0-9A-Fa-f]{7,}\b")
_NUMBER = re.compile(
    r"(?P<keep>\b(?:status|code|exit|signal|errno|os error|http)[ :=]{1,3}\d{1,4}\b(?!\.\d))"
    r"|(?<![\w.])[-+]?\d(?:[_,]?\d)*+(?:\.\d+)?(?:[eE][-+]?\d+)?(?:\s?(?:ns|us|µs|ms|s|sec|min|h|[kKMGT]i?B|[kKMGT]?B|bytes|%)\b)?(?![\w])",
    re.IGNORECASE,
)
_LIST = re.compile(r"<n>(?:[,;\s]+<n>)+")
_DIGIT = re.compile(r"\d")
_TYPED = re.compile(
    r"((?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Failure|Warning|Exit|Interrupt|Timeout|Panic)):\s*(.*)"
)
_PYTHON_FRAME = re.compile(r"^\s*File \"([^\"\n]{1,500})\", line \d+, in (\S{1,200})", re.MULTILINE)
_PYTEST_FRAME = re.compile(r"^(?![A-Z]:)([^\s:\n]{1,300}\.py):\d+: ()", re.MULTILINE)
_JAVA_FRAME = re.compile(r"^\s*at ([\w.$]{1,300})\.([\w$<>]{1,200})\([^)\n]{0,300}\)", re.MULTILINE)
_SCRIPT_FRAME = re.compile(
    r"^\s*at (?:async )?(?:([^\s(]{1,200})[^(\n]{0,200} \()?([^\s()\n]{1,400}):\d+:\d+\)?", re.MULTILINE
)
FOREIGN = re.compile(
    r"site-packages|dist-packages|/lib/python|<frozen|<string>|node_modules|node:|^internal/|^(?:java|javax|jdk|sun|kotlin)\."
    r"|^org\.(?:junit|testng|gradle|apache\.maven)|_pytest|^pluggy",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """The parts that make two failures the same one."""

    kind: str
    line: str
    """The normalised message line."""
    frame: str
    """`file:function` of the innermost frame of the project, file without folders; "" when unknown."""

    @property
    def text(self) -> str:
        """What the signature is the hash of."""
        return f"{self.kind} | {self.line} | {self.frame}"

    @property
    def signature(self) -> str:
        """`f1:` and 16 hex digits."""
        return f"{VERSION}:{content_id('f', self.kind, self.line, self.frame, size=8).removeprefix('f-')}"

    @property
    def title(self) -> str:
        """Kind and message for people."""
        return ": ".join(part for part in (self.kind, self.line) if part) or "no message"


def fingerprint(kind: str, message: str, trace: str, file: str) -> Fingerprint:
    """Return the fingerprint of a failure (statistics, section 7); each text is cut to 4 kB before any pattern runs."""
    line = _message_line(_cap(message)) or _message_line(_cap(trace))
    found = _TYPED.fullmatch(line[:_LINE])
    if found and (not kind or kind.rpartition(".")[2] == found[1].rpartition(".")[2]):
        kind, line = found[1], found[2]
    short = kind.rpartition(".")[2]
    frame = _top_frame(_cap(trace)) or _basename(file)
    return Fingerprint(kind=short, line=normalise(line, keep_quoted=short in _KEEP_QUOTED)[:_LINE], frame=frame)


def normalise(text: str, *, keep_quoted: bool = False) -> str:
    """Return the text with everything that differs between two runs of the same failure replaced by a placeholder.

    With `keep_quoted`, quoted identifiers of at most 40 characters stay: they are what a KeyError is about.
    """
    text = _cap(text)
    for mark, pattern, placeholder in _STEPS:
        if mark(text):
            text = pattern.sub(placeholder, text)
    text = _QUOTED.sub(_keep_short if keep_quoted else _drop_quoted, text)
    if _DIGIT.search(text):
        text = _LIST.sub("<n>", _NUMBER.sub(_keep_code, _HEX.sub("<hex>", text)))
    return " ".join(text.split())


def _cap(text: str) -> str:
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]}\n{text[-TAIL:]}"


def _message_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return ""
    return lines[-1] if any(line.startswith("Traceback (most recent call last)") for line in lines) else lines[0]


def _keep_code(found: re.Match[str]) -> str:
    return found["keep"] or "<n>"


def _drop_quoted(found: re.Match[str]) -> str:
    return "<str>" if found[0] not in ('""', "''") else found[0]


def _keep_short(found: re.Match[str]) -> str:
    return found[0] if len(found[0]) <= _QUOTED_LIMIT + 2 else "<str>"


def _basename(path: str) -> str:
    return re.split(r"[/\\]", path)[-1][:200]


def _top_frame(trace: str) -> str:
    """Return `file:function` of the innermost frame that is neither the language's nor a library's."""
    for mark, pattern, newest_last, name in _FRAMES:
        if mark not in trace:
            continue
        for found in _from_the_end(trace, mark, pattern) if newest_last else pattern.finditer(trace):
            if not FOREIGN.search("".join(found.groups(""))):
                return name(found.groups(""))
    return ""


def _from_the_end(trace: str, mark: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield the matches that hold a mark, the last one first: of a long trace only the end is looked at."""
    end = len(trace)
    while (place := trace.rfind(mark, 0, end)) >= 0:
        end = trace.rfind("\n", 0, place) + 1
        found = pattern.match(trace, end)
        if found:
            yield found


def _python(found: tuple[str, ...]) -> str:
    return ":".join(part for part in (_basename(found[0]), found[1]) if part)


def _java(found: tuple[str, ...]) -> str:
    return f"{found[0].rpartition('.')[2]}:{found[1]}"


def _script(found: tuple[str, ...]) -> str:
    return ":".join(part for part in (_basename(found[1]), found[0]) if part)


_STEPS: Final[tuple[tuple[Callable[[str], object], re.Pattern[str], str], ...]] = (
    (lambda text: "[" in text, _ANSI, ""),
    (lambda text: "://" in text, _URL, "<url>"),
    (_DIGIT.search, _TIME, "<time>"),
    (lambda text: "-" in text, _UUID, "<uuid>"),
    (lambda text: "0x" in text or "0X" in text, _ADDRESS, "<addr>"),
    (lambda text: "." in text, _IP, "<ip>"),
    (lambda text: "/" in text or "\\" in text, _PATH, r"\1"),
)
"""What is replaced before quoted strings, in this order; each pattern runs only where its mark is there."""

_FRAMES: Final[tuple[tuple[str, re.Pattern[str], bool, Callable[[tuple[str, ...]], str]], ...]] = (
    ('File "', _PYTHON_FRAME, True, _python),
    (".py:", _PYTEST_FRAME, True, _python),
    ("at ", _JAVA_FRAME, False, _java),
    ("at ", _SCRIPT_FRAME, False, _script),
)
"""Mark and pattern of stack frames, whether the innermost frame stands last, and how a frame is named."""
