"""What the reports of .NET test tools share: assemblies named by paths of other machines, times, names and texts."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from generator.readers._cases import NOTHING, UNNAMED, said
from generator.readers._junit_values import seconds
from generator.records import Severity, Status
from generator.safety.limits import KIB
from generator.safety.strict_xml import REPAIRED
from generator.safety.text import clean, clean_name, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.artifact import Artifact
    from generator.readers._cases import Cases
    from generator.readers._names import Said

SUITE_CASE: Final = "(suite)"
"""Name of the result that stands for an error of a suite itself."""

_OUTPUT_KEPT: Final = 4 * KIB
"""Characters kept of the end of what a failed case wrote."""

_WORDS_SHOWN: Final = 3
_SPAN: Final = re.compile(r"(?:([0-9]{1,6})\.)?([0-9]{1,6}):([0-9]{1,2}):([0-9]{1,2}(?:[.,][0-9]{1,9})?)")
_SEPARATOR: Final = re.compile(r"[\\/]")
_HEAD: Final = re.compile(r"""[\w.`+$~-]*(?=[<(]|\Z)""")
_EXCEPTION: Final = re.compile(
    r"(?:(?:OneTime)?(?:SetUp|TearDown) ?: |[A-Za-z ]{4,40} \S{1,300} threw exception[:.]\s{1,20})?"
    r"((?:[A-Za-z_][\w`]{0,100}[.+]){0,20}\w{0,100}(?:Exception|Error)) ?:\s",
    re.ASCII,
)


@dataclass(slots=True, kw_only=True)
class Row:
    """One case as a report writes it; its suite is known when all assemblies are."""

    assembly: str
    """Path of the assembly, as written."""
    part: int
    """Which element of the report it stands in: one name twice in one part is two tests, in two parts two attempts."""
    classname: str
    name: str
    status: Status
    time: str = ""
    said: Said = NOTHING
    file: str = ""
    line: int | None = None


def fill(cases: Cases, rows: Sequence[Row]) -> None:
    """Add all rows, each under the name of its assembly and with a name of its own within its part."""
    labels = labels_of({row.assembly for row in rows})
    cases.names.learn(row.name for row in rows)
    taken: dict[int, dict[tuple[str, str], int]] = {}
    for row in rows:
        name, classname = cases.names[row.name.strip() or UNNAMED], cases.names[row.classname]
        cases.add(
            _free(taken.setdefault(row.part, {}), classname, name),
            row.status,
            suite=labels[row.assembly],
            classname=classname,
            duration_s=cases.seconds(duration(row.time), name),
            said=row.said,
            file=row.file,
            line=row.line,
        )


def labels_of(paths: Iterable[str]) -> dict[str, str]:
    """Return for each path its file name; where two have the same, with as many folders as tell them apart."""
    by_name: dict[str, list[str]] = {}
    for path in sorted(set(paths)):
        by_name.setdefault(file_name(path), []).append(path)
    labels: dict[str, str] = {}
    for name, same in by_name.items():
        if len(same) == 1:
            labels[same[0]] = name
        else:
            labels |= {path: f"{name} ({folder})" for path, folder in zip(same, _folders(same), strict=True)}
    return labels


def file_name(path: str) -> str:
    """Return the last part of a path of any computer."""
    return _SEPARATOR.split(path.strip().rstrip("\\/"))[-1]


def duration(text: str) -> float | None:
    """Read seconds (`1.5`, `1,234`) or a span (`00:01:02.5`, `1.00:00:00`); None for nothing, NaN for what is no time.

    A comma parts decimals: these tools write numbers of the local culture, never with thousands set apart.
    """
    if ":" not in text:
        value, strange = seconds(text.replace(",", ".") if "." not in text else text)
        return math.nan if strange else value
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        return math.nan
    days, hours, minutes, rest = found.groups()
    return ((int(days or 0) * 24 + int(hours)) * 60 + int(minutes)) * 60 + float(rest.replace(",", "."))


def split_name(name: str, classname: str = "") -> tuple[str, str]:
    """Return class and own name of a test that may be called `Namespace.Class.Method(arguments)`."""
    if classname:
        return classname, name.removeprefix(f"{classname}.") or name
    found = _HEAD.match(name)
    place = found.group().rfind(".") if found else -1
    return (name[:place], name[place + 1 :]) if 0 < place < len(name) - 1 else ("", name)


def said_by(message: str, trace: str = "", kind: str = "", outputs: Sequence[tuple[str, str]] = ()) -> Said:
    """Return what a failure says, with the ends of what the case wrote below the trace."""
    texts = [trace.strip("\r\n"), *(f"--- {name} ---\n{end}" for name, text in outputs if (end := _end_of(text)))]
    stated = message.strip() or trace.strip()
    found = _EXCEPTION.match(message.lstrip()) if not kind else None
    words = said(message, "\n".join(text for text in texts if text), kind or (found.group(1) if found else ""))
    return words if stated else replace(words, message="")  # else the first line of an output would be the message


def note_repaired(cases: Cases) -> None:
    """Say that the report is not XML as it stands; its writers escape what XML forbids, so something is wrong."""
    cases.note(*REPAIRED, Severity.ERROR)


def note_unknown(cases: Cases, words: Mapping[str, int]) -> None:
    """Say which results nobody knows; the cases that have them count as errors."""
    if words:
        shown = [f"`{one_line(clean_name(word))[:60]}`" if word else "no result" for word in sorted(words)]
        more = f" and {len(shown) - _WORDS_SHOWN} more" if len(shown) > _WORDS_SHOWN else ""
        number = sum(words.values())
        cases.note(
            f"{number} {'case has' if number == 1 else 'cases have'} a result that is not known: "
            f"{', '.join(shown[:_WORDS_SHOWN])}{more}; counted as errors",
            "check the writer of the report",
        )


def declare(cases: Cases, stated: Mapping[str, Sequence[int]], written: Mapping[str, Sequence[int]]) -> None:
    """Let those totals be compared with the results that the cases as written do not bear out in any way of counting.

    Words are those of `Cases.declare`; the first total stated is the one that is shown.
    """
    wrong = {word: totals[0] for word, totals in stated.items() if totals and not {*totals} & {*written[word]}}
    cases.declare(**wrong)


def tally(rows: Iterable[Row]) -> dict[str, int]:
    """Return how many cases are written, and with which statuses."""
    statuses = [row.status for row in rows]
    return {
        "tests": len(statuses),
        "passed": statuses.count(Status.PASSED),
        "bad": statuses.count(Status.FAILED) + statuses.count(Status.ERROR),
        "skipped": statuses.count(Status.SKIPPED),
    }


def head_of(artifact: Artifact) -> bytes:
    """Return the first bytes of a document in any of the encodings that reports have, without NULs."""
    return artifact.peek().replace(b"\0", b"")


def _free(taken: dict[tuple[str, str], int], classname: str, name: str) -> str:
    """Return the name, or `name #2`, `name #3` … when a test of the class has it already."""
    number = taken[classname, name] = taken.get((classname, name), 0) + 1
    return name if number == 1 else _free(taken, classname, f"{name} #{number}")


def _folders(paths: Sequence[str]) -> list[str]:
    """Return the last folders of each path, as many as are needed to tell the paths apart."""
    parts = [_SEPARATOR.split(path.strip().rstrip("\\/"))[:-1] for path in paths]
    for depth in range(1, max(map(len, parts)) + 1):
        tails = ["/".join(part[-depth:]) for part in parts]
        if len(set(tails)) == len(tails):
            return tails
    return [str(number) for number, _ in enumerate(paths, 1)]


def _end_of(output: str) -> str:
    """Return the last 4 KiB of an output, from the beginning of a line."""
    text = output.strip()
    if len(text) <= _OUTPUT_KEPT:
        return text
    text = clean(text, 2 * len(text))[-_OUTPUT_KEPT:]  # a secret that was cut would not be seen any more
    return text[text.find("\n") + 1 :]
