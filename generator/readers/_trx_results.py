"""From TRX results to cases: joined with their definitions, names kept apart, and the errors of the run itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.readers._cases import UNNAMED
from generator.readers._dotnet import Row, labels_of, said_by, split_name
from generator.readers._trx_parse import Definition
from generator.records import Status
from generator.safety.ids import parse_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.readers._names import Names
    from generator.readers._trx_parse import Collector, Result

RUN_CASE: Final = "(run)"
"""Name of the result that stands for an error of the run itself."""

_ASSEMBLY_SUFFIX: Final = re.compile(
    r"""(?<=[\w`+>)\]]), ?[^,()\[\]"'<>]{1,200}(?:, ?(?:Version|Culture)=[^\[\]]*)?\Z"""
)
_ECHO: Final = re.compile(r"\[xUnit\.net [0-9:.]{5,20}\](?!.*(?:[Cc]atastrophic|[Ee]xception discovering))", re.DOTALL)
_FAILED_EXIT: Final = re.compile(r"Exit code indicates failure: '?2\b")
_BROKEN: Final = frozenset({"error", "aborted", "timeout", "disconnected"})
_BROKEN_UNLESS_SEEN: Final = frozenset({"failed", "notrunnable"})
_UNDEFINED: Final = Definition({})


def rows_of(collector: Collector, names: Names) -> list[Row]:
    """Return the cases: tests of one name and different ids get numbers, results of one id stand in order of time.

    Writers emit results in any order, while ids are the same in every run; so numbers follow the ids.
    """
    rows = [_row(result, collector) for result in collector.results]
    labels = labels_of({row.assembly for row in rows})
    names.learn(row.name for row in rows)
    groups: dict[tuple[str, str, str], list[int]] = {}
    for place, row in enumerate(rows):
        row.name = names[row.name.strip() or UNNAMED]
        groups.setdefault((labels[row.assembly], names[row.classname], row.name), []).append(place)
    if len(groups) < len(rows):
        for group in groups.values():
            if len(group) > 1:
                _tell_apart(group, rows, collector.results)
    return rows


def run_error(collector: Collector, rows: Sequence[Row]) -> list[Row]:
    """Return one error for what broke the run itself, none when the failures of its cases are all there is to say.

    Adapters repeat each failed test, and the platform its exit code, as errors of the run: echoes.
    """
    bad = collector.written["bad"]
    texts = [info.text("Text").strip() for info in collector.infos if info.status.bad]
    if bad:
        texts = [text for text in texts if not _ECHO.match(text) and not _FAILED_EXIT.match(text)]
    outcome = collector.outcome.strip().lower()
    if not texts and (outcome in _BROKEN or (outcome in _BROKEN_UNLESS_SEEN and not bad)):
        texts = [f"the run ended as {outcome}"]
    if not texts:
        return []
    assemblies = {row.assembly for row in rows}
    row = Row(
        assembly=assemblies.pop() if len(assemblies) == 1 else "",
        part=0,
        classname="",
        name=RUN_CASE,
        status=Status.ERROR,
    )
    row.said = said_by(texts[0], "\n".join(texts) if len(texts) > 1 else "")
    return [row]


def _row(result: Result, collector: Collector) -> Row:
    definition = collector.definitions.get(result.test_id) or _UNDEFINED
    classname = _ASSEMBLY_SUFFIX.sub("", definition.classname)
    classname, name = split_name(result.name or definition.name, classname)
    return Row(
        assembly=definition.assembly,
        part=0,
        classname=classname,
        name=name,
        status=result.status,
        time=result.time,
        said=result.said,
    )


def _tell_apart(places: Sequence[int], rows: list[Row], results: Sequence[Result]) -> None:
    """Number the results of one name by their ids; those of one id are attempts and put in order of time."""
    numbers = {test_id: number for number, test_id in enumerate(sorted({results[place].test_id for place in places}))}
    times = {place: time for place in places if (time := parse_time(results[place].start)) is not None}
    order = sorted(places, key=lambda place: (times[place], place)) if len(times) == len(places) else places
    ordered = [(rows[place], results[place].test_id) for place in order]
    attempts = dict.fromkeys(numbers, 0)
    for place, (row, test_id) in zip(places, ordered, strict=True):
        if numbers[test_id]:
            row.name += f" #{numbers[test_id] + 1}"
        row.part = attempts[test_id]
        attempts[test_id] += 1
        rows[place] = row
