"""`history/*-trend.json` of a generated Allure report: totals of the builds before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.plugins import Reading
from generator.readers._allure import words
from generator.readers._loose import count_of
from generator.readers.allure_summary import WORDS
from generator.records import Problem, Severity, Statement, StatementRow, tally_text
from generator.safety.text import clean_meta, clean_name, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.artifact import Artifact

NAME: Final = "allure_trend"
TITLE: Final = "Allure report: trend"
SIGNS: Final = "a list of builds with `data`, and `buildOrder` or `reportUrl`; less in a file named `*-trend.json`"

_NAMES: Final = frozenset({"history-trend.json", "duration-trend.json", "retry-trend.json", "categories-trend.json"})
_ROWS: Final = 1_000
"""Builds kept of one trend, the newest ones, which stand first."""
_NUMBERS: Final = 50
"""Numbers shown of one build; categories are named by the project."""


def recognises(artifact: Artifact) -> str:
    """Return the fields of the builds as sign; an empty list by its name."""
    builds = artifact.peek_json()
    named = artifact.name in _NAMES
    if not isinstance(builds, list):
        return ""
    if not builds:
        return "named like a trend of an Allure report" if named else ""
    first = builds[0]
    if not isinstance(first, dict) or not isinstance(first.get("data"), dict):
        return ""
    known = "buildOrder" in first and ("reportUrl" in first or "reportName" in first)
    return "builds with `data` of an Allure trend" if named or known else ""


def read(artifact: Artifact) -> Reading:
    """Return a Statement with one row a build, newest first as in the file; raises UnreadableError."""
    builds = artifact.json()
    if not isinstance(builds, list):
        raise UnreadableError("holds no list of builds", "build the report again")
    known = [build for build in builds if isinstance(build, dict) and isinstance(build.get("data"), dict)]
    problems: list[Problem] = []
    if len(known) < len(builds):
        message = f"{len(builds) - len(known)} of {len(builds)} builds have no `data`; they are left out"
        hint = "build the report again"
        problems.append(Problem(path=artifact.path, reader=NAME, severity=Severity.WARNING, message=message, hint=hint))
    statement = Statement(
        path=artifact.path,
        kind=NAME,
        summary=f"{_subject(known)} of {len(known)} {'build' if len(known) == 1 else 'builds'}"
        if known
        else "no builds",
        rows=tuple(_row(build, place) for place, build in enumerate(known[:_ROWS], 1)),
        rows_left_out=max(len(known) - _ROWS, 0),
    )
    return Reading(records=(statement,), problems=tuple(problems))


def _subject(builds: Sequence[Mapping[str, object]]) -> str:
    """Return what a trend is about, by the numbers of its builds."""
    names: set[object] = {name for build in builds if isinstance(data := build["data"], dict) for name in data}
    if "total" in names:
        return "results"
    return "durations" if names == {"duration"} else "retries" if names == {"run", "retry"} else "categories"


def _row(build: Mapping[str, object], place: int) -> StatementRow:
    order = build.get("buildOrder")
    number = count_of(order)
    url = words(build.get("reportUrl"))
    data = build["data"]
    return StatementRow(
        id=str(number) if number is not None else one_line(clean_meta(words(order))) or f"#{place}",
        title=one_line(clean_meta(words(build.get("reportName")))),
        value=_value(data) if isinstance(data, dict) else "",
        facts=(("url", one_line(clean_meta(url))),) if url else (),
    )


def _value(data: Mapping[str, object]) -> str:
    numbers = {name: number for name, value in data.items() if (number := count_of(value)) is not None}
    if "duration" in numbers and len(numbers) == 1:
        return f"{numbers['duration'] / 1000:g} s"
    order = {name: numbers[name] for name in WORDS if name in numbers}
    if not order:
        order = {one_line(clean_name(name)): numbers[name] for name in sorted(numbers)[:_NUMBERS] if name != "total"}
    return tally_text(order)
