"""What Rust's test tools say in words: panics, the names of tests, and the lines in which cargo names a binary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.readers._cases import said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.readers._names import Said

RETRIES: Final = 100
"""Most earlier attempts that a retry number is believed to stand for."""

_LINES: Final = 12  # lines of a panic's message that are kept
_COLOUR: Final = r"(?:\x1b\[[0-9;]{0,20}m)*"
_RUNNING: Final = re.compile(
    rf"^{_COLOUR}[ ]{{2,12}}(?:Running{_COLOUR} (?:unittests )?(?:(\S{{1,400}}) \()?(?:[^\s()]{{0,400}}[/\\])?"
    rf"([^\s()/\\]{{1,200}}?)(?:-[0-9a-f]{{16}})?(?:\.exe)?\)?|Doc-tests{_COLOUR} (\S{{1,200}}))[ \r]*$",
    re.MULTILINE,
)
_PANIC: Final = re.compile(r"^thread '([^'\n]{0,400})'(?: \([0-9]+\))? panicked at ", re.MULTILINE)
_NEW_PLACE: Final = re.compile(r"([^\n]{1,400}?):([0-9]{1,7}):[0-9]{1,7}:?\n")
_OLD_PLACE: Final = re.compile(r"'(.{0,8000}?)', ([^\n']{1,400}?):([0-9]{1,7}):[0-9]{1,7}$", re.DOTALL | re.MULTILINE)
_PLACE: Final = re.compile(r"\bat ([^\s:]{1,400}\.rs):([0-9]{1,7}):[0-9]{1,7}")
_END: Final = re.compile(r"^(?:note: |stack backtrace:|thread '|test result: )")
_FATAL: Final = re.compile(r"^fatal runtime error|overflowed its stack|^memory allocation of|\bSIG[A-Z]{3,5}\b")
_DOC_TEST: Final = re.compile(
    r"(?P<file>\S{1,400}\.(?:rs|md)) - (?P<item>.{0,400}?)[ ]?"
    r"\(line (?P<line>[0-9]{1,7})\)(?P<how> - compile(?: fail)?)?"
)
_LONG_NAME: Final = re.compile(
    r"(?P<crate>[\w-]{1,200})::(?P<binary>[^\s$@]{1,200})(?:@stress-[0-9]{1,9})?\$(?P<name>.+?)(?:#(?P<runs>[0-9]{1,9}))?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LongName:
    """A test as nextest names it: `crate::binary$test`, `#3` behind it when it was run three times."""

    prefix: str
    name: str
    runs: int = 1


def long_name(name: str) -> LongName | None:
    """Take a name of nextest apart; None for one of libtest itself, which never has a `$`."""
    found = _LONG_NAME.fullmatch(name) if "$" in name else None
    if found is None:
        return None
    runs = min(int(found["runs"] or 1), RETRIES + 1)
    return LongName(prefix=f"{found['crate']}::{found['binary']}", name=found["name"], runs=max(runs, 1))


def binary_id(crate: str, binary: str, kind: str) -> str:
    """Return the name that nextest gives a test binary, also in its JUnit report.

    Without a kind, a binary of the crate's name is its library.
    """
    if kind in ("lib", "proc-macro") or (not kind and binary == crate.replace("-", "_")):
        return crate
    return f"{crate}::{binary}" if kind in ("", "test") else f"{crate}::{kind}/{binary}"


def headings(blocks: Iterable[str]) -> Mapping[int, str]:
    """Return by line number how cargo announces a test binary: `cli (tests/cli.rs)`, `acme (doc-tests)`.

    The text comes in blocks of whole lines.
    """
    named: dict[int, str] = {}
    number = 1
    for block in blocks:
        seen = 0
        for found in _RUNNING.finditer(block) if "Running" in block or "Doc-tests" in block else ():
            number += block.count("\n", seen, found.start())
            seen = found.start()
            source, binary, crate = found.groups()
            named[number] = f"{crate} (doc-tests)" if crate else f"{binary} ({source})" if source else binary
        number += block.count("\n", seen)
    return named


def failure_said(name: str, stdout: str, message: str, reason: str) -> tuple[Said, str, int | None]:
    """Return what a failed test says, with file and line: its own panic, else an error that it returned."""
    panicked, file, line = _panic(name, stdout)
    trace = "\n".join(filter(None, (message.strip("\n"), stdout.strip("\n"))))
    if message and not file and (place := _PLACE.search(message)):
        file, line = place[1], int(place[2])
    if file.startswith(("/", "\\")) or file[1:2] == ":":
        file, line = "", None  # a path of the machine that ran it, in a dependency or the standard library
    first = message.removeprefix("note: ") or panicked or reason or _returned(stdout)
    kind = "timeout" if reason == "time limit exceeded" else "panic" if panicked else ""
    return said(first, trace, kind), file, line


def _panic(name: str, stdout: str) -> tuple[str, str, int | None]:
    """Return message, file and line of the panic of the test's own thread, else of the first."""
    panics = list(_PANIC.finditer(stdout))
    if not panics:
        return "", "", None
    own = next((found for found in panics if found[1] == name), panics[0])
    rest = stdout[own.end() :]
    if old := _OLD_PLACE.match(rest):
        return old[1], old[2], int(old[3])
    place = _NEW_PLACE.match(rest)
    lines = (rest[place.end() :] if place else rest).split("\n")
    end = next((number for number, line in enumerate(lines) if _END.match(line)), len(lines))
    message = "\n".join(lines[: min(end, _LINES)]).strip()
    return message or "panicked", place[1] if place else "", int(place[2]) if place else None


def _returned(stdout: str) -> str:
    """Return the error that a test returned, or the line that tells of the end of its process."""
    lines = [line.strip() for line in stdout.split("\n") if line.strip() and not line.startswith("--- ")]
    telling = next((line for line in lines if line.startswith("Error: ") or _FATAL.search(line)), "")
    return telling or (lines[-1] if lines else "failed without output")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocTest:
    """A test in documentation: its name without the line, which every edit above it changes."""

    name: str
    file: str
    line: int


def doc_test(name: str) -> DocTest | None:
    """Take the name of a test in documentation apart; None for any other."""
    found = _DOC_TEST.fullmatch(name) if name.endswith((")", "compile", "fail")) else None
    if found is None:
        return None
    bare = f"{found['file']} - {found['item']}{found['how'] or ''}"
    return DocTest(name=bare, file=found["file"], line=int(found["line"]))
