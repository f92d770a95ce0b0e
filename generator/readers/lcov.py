"""LCOV tracefiles of geninfo, grcov, llvm-cov, istanbul, coverage.py and others."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers._coverage import CoverageReport, SourceLines, check_number, counted, is_hit, path_of, several
from generator.safety.files import decoded
from generator.safety.pieces import whole_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "lcov"
TITLE: Final = "LCOV tracefile"
SIGNS: Final = (
    "first lines `TN:`, `SF:` and one of `FN:`, `DA:`, `LF:` …; an unreadable file by `lcov.info` or `*.lcov`"
)

_BYTES: Final = 256 << 20
"""Largest tracefile; a larger one is refused."""

_BEGINNING: Final = re.compile(
    rb"(?:(?:#[^\n]*|TN:[^\n]*|VER:[^\n]*)?\n)*SF:[^\n]+\n"
    rb"(?:(?:VER|FN|FNDA|FNF|FNH|FNL|FNA|BRDA|BRF|BRH|DA|LF|LH|MCDC|MCF|MCH):|end_of_record)"
)
_NAME_LIKE: Final = re.compile(r"lcov(?:[-_.].*)?\.info|.*\.lcov", re.IGNORECASE | re.DOTALL)
_RECORD: Final = "\nSF:"
_END: Final = re.compile(r"\nend_of_record[ \t]*(?:\n|\Z)")
_LINE: Final = re.compile(r"\nDA:([0-9]+),([^,\s]+)")
_BRANCH: Final = re.compile(r"\nBRDA:([0-9]+,[^\n]+),([^,\s]+)")
_TOTAL: Final = re.compile(r"\n(LF|LH|BRF|BRH):([0-9]+)")


def recognises(artifact: Artifact) -> str:
    """Return the first records as sign; else the name, for a file that does not even begin as a tracefile."""
    if _BEGINNING.match(artifact.peek().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")):
        return "records that begin with `SF:`"
    return "named like a tracefile" if _NAME_LIKE.fullmatch(artifact.name) else ""


def read(artifact: Artifact) -> Reading:
    """Return lines and branches by source file; raises UnreadableError with cause and next step."""
    found = _Found()
    pieces = found.bounded(artifact.chunks())  # all of it, also of a file that is named like a log
    records = _records(whole_lines(decoded(pieces, lossy=True), _BYTES))
    first, last = next(records), None
    for last in records:
        found.add(last)
    if last is None:
        problem = "holds no record of a source file (`SF:`)" if first.strip() else "the file is empty"
        raise UnreadableError(problem, "check that the tests ran with coverage and that their data was found")
    branches = any(file.branches for file in found.files.values())
    report = CoverageReport(
        artifact=artifact,
        reader=NAME,
        tool="LCOV",
        files=[
            file.record(path, branches=branches) for path, file in found.files.items() if file.lines or file.branches
        ],
        notes=list(found.notes(last)),
    )
    if found.size < artifact.size:
        report.notes.append(("is named like a log, of which only the ends were read", "name it `lcov.info`"))
    return report.reading()


@dataclass(slots=True)
class _Found:
    """The source files of one tracefile; records of one file are merged by line."""

    files: dict[str, SourceLines] = field(default_factory=dict)
    open_ended: list[str] = field(default_factory=list)
    """Files whose record has no end."""
    wrong: list[tuple[str, str]] = field(default_factory=list)
    """(file, what its record declares and has)."""
    odd: int = 0
    """Lines that are no number, comma, number."""
    size: int = 0
    """Bytes that were read of the tracefile."""
    _numbers: dict[str, str] = field(default_factory=dict)

    def add(self, text: str) -> None:
        """Take one record: the path and what follows, up to its end."""
        end = _END.search(text)
        name, newline, body = text[: end.start() if end else len(text)].partition("\n")
        path, body = path_of(name), newline + body
        if end is None:
            self.open_ended.append(path)
            body = body[: body.rfind("\n") + 1]  # its last line may be half a line
        lines, branches = self._lines(body), self._branches(body)
        self.files.setdefault(path, SourceLines()).add(lines, branches)
        check_number(len(self.files))
        if end is None or body.count("\nDA:") > len(lines) or body.count("\nBRDA:") > len(branches):
            return  # nobody can tell what the declared totals were counted from
        declared = {word: counted(number) for word, number in _TOTAL.findall(body)}
        ways = [taken for _, taken in branches.values()]
        has = {"LF": len(lines), "LH": sum(lines.values()), "BRF": len(ways), "BRH": sum(ways)}
        for word, number in declared.items():
            if number != has[word]:
                self.wrong.append((path, f"{word}:{number}, has {has[word]}"))
                break

    def bounded(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the pieces of the tracefile up to its limit."""
        for piece in pieces:
            self.size += len(piece)
            if self.size > _BYTES:
                raise UnreadableError(f"the tracefile is larger than {_BYTES} bytes", "split it by folder")
            yield piece

    def notes(self, last: str) -> Iterator[tuple[str, str]]:
        """Yield what is odd, one note a kind, texts clean; `last` is the last record."""
        if self.open_ended:
            cut = f"is cut off in the record of {several(self.open_ended[-1:])}"
            lost = f"has records without `end_of_record`: {several(self.open_ended)}"
            yield lost if _END.search(last) else cut, "check whether its writer was killed; what it holds is counted"
        if self.wrong:
            path, difference = self.wrong[0]
            more = f", and {len(self.wrong) - 1} more records" if len(self.wrong) > 1 else ""
            message = f"declares other totals than its lines add up to: {several([path])} says {difference}{more}"
            yield f"{message}; the lines count", "check that the tracefile is whole"
        if self.odd:
            yield f"lines `DA:` or `BRDA:` that cannot be read, left out: {self.odd}", "check its writer"

    def _lines(self, body: str) -> dict[str, bool]:
        pairs, numbers = _LINE.findall(body), self._numbers
        found: dict[str, bool] = {}
        for number, hits in pairs:
            hit = (hits.isdigit() and hits[0] != "0") or is_hit(hits)
            if hit is None:
                self.odd += 1
            else:
                number = numbers.setdefault(number, number)  # noqa: PLW2901 - the same few texts in every file: kept once
                found[number] = hit or found.get(number, False)
        self.odd += body.count("\nDA:") - len(pairs)
        return found

    def _branches(self, body: str) -> dict[str, tuple[int, int]]:
        """Return one way for each branch line: (1, taken)."""
        pairs = _BRANCH.findall(body)
        found: dict[str, tuple[int, int]] = {}
        for place, taken in pairs:
            way = (1, int(taken != "-" and bool(is_hit(taken))))
            found[place] = max(way, found.get(place, way))
        self.odd += body.count("\nBRDA:") - len(pairs)
        return found


def _records(blocks: Iterable[str]) -> Iterator[str]:
    """Yield what stands before the first record, then each record from its path on; the blocks are of whole lines."""
    parts: list[str] = []
    end = ""
    for block in blocks:
        text = block.replace("\r\n", "\n")
        end = "\n" if text.endswith("\n") else ""
        begun, *others = f"\n{text.removesuffix(end)}".split(_RECORD)
        parts.append(begun)
        for record in others:
            yield "".join(parts)
            parts = [record]
    yield "".join(parts) + end
