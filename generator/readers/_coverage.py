"""What the coverage readers share: source files merged by line, totals compared with those that a report declares."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.plugins import Reading
from generator.records import Coverage, CoverageFile, Problem, Severity
from generator.safety.ids import parse_time
from generator.safety.text import clean_meta, clean_name, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.artifact import Artifact

FILES_KEPT: Final = 10_000
"""Files kept of one report, the first ones by path; the totals have all of them."""

FILES_MOST: Final = 200_000
"""Most source files of one report; with more it is refused."""

_MILLISECONDS: Final = 10**11
"""A time stamp from here on counts milliseconds: as seconds it would be after the year 5000."""

_WORDS: Final = {
    "lines_valid": "lines",
    "lines_covered": "covered lines",
    "branches_valid": "branches",
    "branches_covered": "covered branches",
}


def check_number(files: int) -> None:
    """Raise UnreadableError when a report covers more files than any honest one."""
    if files > FILES_MOST:
        raise UnreadableError(f"covers more than {FILES_MOST} source files", "write a report for each part")


class SourceLines:
    """Lines and branch places of one source file while a report is read; a line in several places counts once."""

    __slots__ = ("branches", "component", "lines")

    def __init__(self, component: str = "") -> None:
        self.component = component
        self.lines: dict[str, bool] = {}
        """Line as written, and whether it was hit."""
        self.branches: dict[str, tuple[int, int]] = {}
        """Place of a decision: how many ways lead on from there, and how many of them were taken."""

    def add(self, lines: Mapping[str, bool], branches: Mapping[str, tuple[int, int]]) -> None:
        """Add what another part of the report says about the same file: once hit is hit."""
        if not self.lines:
            self.lines.update(lines)
        else:
            for number, hit in lines.items():
                self.lines[number] = hit or self.lines.get(number, False)
        for place, ways in branches.items():
            self.branches[place] = max(ways, self.branches.get(place, ways))

    def record(self, path: str, *, branches: bool) -> CoverageFile:
        """Return the record of the file; `branches`: whether the report has any."""
        ways = self.branches.values()
        return CoverageFile(
            path=shown_path(path),
            lines_valid=len(self.lines),
            lines_covered=sum(self.lines.values()),
            branches_valid=sum(valid for valid, _ in ways) if branches else None,
            branches_covered=sum(taken for _, taken in ways) if branches else None,
            component=one_line(clean_name(self.component)),
        )


@dataclass(slots=True, kw_only=True)
class CoverageReport:
    """One report on its way to a record: its files, what it declares, and what is odd about it."""

    artifact: Artifact
    reader: str
    tool: str
    files: list[CoverageFile]
    declared: dict[str, int] = field(default_factory=dict)
    """Totals as the report states them, by field of `Coverage`."""
    written: Mapping[str, int] = field(default_factory=dict)
    """Totals before a line in several places was merged: a report may mean these, too."""
    wrong: list[str] = field(default_factory=list)
    """Further differences between what is declared and what is found."""
    notes: list[tuple[str, str]] = field(default_factory=list)
    """(message, next step) of what is odd; texts are clean."""

    def totals(self) -> dict[str, int | None]:
        """Return the sums over the files; branches are None where no file has any."""
        return {
            "lines_valid": sum(file.lines_valid for file in self.files),
            "lines_covered": sum(file.lines_covered for file in self.files),
            "branches_valid": _sum(file.branches_valid for file in self.files),
            "branches_covered": _sum(file.branches_covered for file in self.files),
        }

    def reading(self, *, started_at: str = "") -> Reading:
        """Return the record with its warnings; files without any line that could be covered say nothing."""
        self.files = sorted(
            (file for file in self.files if file.lines_valid or file.branches_valid),
            key=lambda file: (file.path, file.component),
        )
        totals = self.totals()
        self._judge(totals)
        problems = [self._problem(Severity.WARNING, message, hint) for message, hint in self.notes]
        if len(self.files) > FILES_KEPT:
            message = f"covers {len(self.files)} files; the first {FILES_KEPT} by path are listed, all are counted"
            problems.append(self._problem(Severity.INFO, message, "open the report for the rest"))
        coverage = Coverage(
            path=self.artifact.path,
            tool=one_line(clean_meta(self.tool)),
            lines_valid=totals["lines_valid"] or 0,
            lines_covered=totals["lines_covered"] or 0,
            branches_valid=totals["branches_valid"],
            branches_covered=totals["branches_covered"],
            files=tuple(self.files[:FILES_KEPT]),
            files_left_out=max(0, len(self.files) - FILES_KEPT),
        )
        return Reading(records=(coverage,), problems=tuple(problems), started_at=started_at)

    def _problem(self, severity: Severity, message: str, hint: str) -> Problem:
        return Problem(path=self.artifact.path, reader=self.reader, severity=severity, message=message, hint=hint)

    def _judge(self, totals: Mapping[str, int | None]) -> None:
        if not totals["lines_valid"]:
            said = [f"{number} {_WORDS[name]}" for name, number in self.declared.items() if number]
            declares = f", although it declares {', '.join(said)}" if said else ""
            message = f"holds no line that could be covered{declares}: nothing was measured"
            self.notes.insert(0, (message, "check that the tests ran under the coverage tool and found the sources"))
            return
        wrong = [
            f"{number} {_WORDS[name]}, has {totals[name] or 0}"
            for name, number in self.declared.items()
            if number not in (totals[name] or 0, self.written.get(name))
        ] + self.wrong
        if wrong:
            message = f"declares other totals than its files add up to: {'; '.join(wrong)}; the files count"
            self.notes.insert(0, (message, "check that the report is whole"))


def path_of(text: str) -> str:
    """Return the path of a source file as the report gives it: forward slashes, no leading `./`; never opened."""
    path = text.strip().replace("\\", "/")
    while path.startswith("./"):
        path = path[2:].lstrip("/")
    return path


def shown_path(path: str) -> str:
    """Return a path as it may be stored."""
    return one_line(clean_name(path)) or "(unnamed)"


def several(names: Sequence[str]) -> str:
    """Return the first name, and how many more there are."""
    first = shown_path(names[0])
    return f"{first} and {len(names) - 1} more" if len(names) > 1 else first


def counted(text: str | None) -> int | None:
    """Read a declared count; None when there is none that can be believed."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def moment(stamp: str) -> str:
    """Return a time, in seconds or milliseconds since 1970 or as text, as RFC 3339 in UTC; empty when it is none."""
    stamp = stamp.strip()
    number = counted(stamp)
    if number is not None:
        try:
            stamp = datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS else number, UTC).isoformat()
        except (ValueError, OverflowError, OSError):
            return ""
    time = parse_time(stamp)
    return time.isoformat().replace("+00:00", "Z") if time else ""


def is_hit(text: str) -> bool | None:
    """Tell whether a number of executions is above zero, whatever its size; None when it is no number."""
    if text.isdigit():
        return text.strip("0") != ""
    try:
        return float(text) > 0 if len(text) <= 32 else None
    except ValueError:
        return None


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
