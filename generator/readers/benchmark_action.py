"""github-action-benchmark: the history in `data.js` or plain JSON, and the custom formats that it takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers._benchmark_tools import bigger_is_better, in_fixed_unit, metric_of, samples_of, spread_of
from generator.readers._benchmarks import (
    MOST,
    Measured,
    Series,
    commit_of,
    list_of,
    meta,
    moment_ms,
    moment_text,
    number,
    object_of,
)
from generator.records import Measurement, MeasurementReport
from generator.safety.strict_json import parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "benchmark_action"
TITLE: Final = "github-action-benchmark data"
SIGNS: Final = (
    "`window.BENCHMARK_DATA = {`, an object with `lastUpdate` and `entries`, or a list of `name`, `unit`, `value` only"
)

_ASSIGNED: Final = re.compile(r"\s*(?:window\.|(?:var|let|const)\s+)?BENCHMARK_DATA\s*=\s*(?=\{)")
_HEAD: Final = re.compile(_ASSIGNED.pattern.encode())
_CUSTOM: Final = frozenset({"name", "unit", "value", "range", "extra"})
_LOOKED_AT: Final = 3
_DIRECTIONS: Final = (("bigger", "customBiggerIsBetter"), ("smaller", "customSmallerIsBetter"))


def recognises(artifact: Artifact) -> str:
    """Return the assignment in JavaScript or the keys of the document as sign."""
    if _HEAD.match(artifact.peek().removeprefix(b"\xef\xbb\xbf")):
        return "`BENCHMARK_DATA = {`"
    document = artifact.peek_json()
    if isinstance(document, list):
        return "a list of `name`, `unit`, `value`" if _is_custom(document) else ""
    return "keys `lastUpdate` and `entries`" if isinstance(document, dict) and _is_history(document) else ""


def read(artifact: Artifact) -> Reading:
    """Return its measurements, of a long history the newest; raises UnreadableError."""
    document = _document(artifact)
    if isinstance(document, list):
        return _custom(artifact, document)
    if not isinstance(document, dict) or not isinstance(document.get("entries"), dict):
        raise UnreadableError("holds no `entries`", "check that github-action-benchmark wrote it")
    return _history(artifact, document)


def _is_custom(document: list[object]) -> bool:
    return bool(document) and all(
        isinstance(item, dict)
        and _CUSTOM.issuperset(item)
        and isinstance(item.get("name"), str)
        and isinstance(item.get("unit"), str)
        and number(item.get("value")) is not None
        for item in document[:_LOOKED_AT]
    )


def _is_history(document: dict[str, object]) -> bool:
    suites = document.get("entries")
    if number(document.get("lastUpdate")) is None or not isinstance(suites, dict):
        return False
    firsts = [suite[0] for suite in suites.values() if isinstance(suite, list) and suite]
    return all(isinstance(first, dict) and "benches" in first for first in firsts) and (bool(firsts) or not suites)


def _document(artifact: Artifact) -> object:
    """Return the document without the assignment."""
    if not _HEAD.match(artifact.peek().removeprefix(b"\xef\xbb\xbf")):
        return artifact.json()
    text = artifact.text().removeprefix("\ufeff")
    found = _ASSIGNED.match(text)
    json = (text[found.end() :] if found else text).rstrip().removesuffix(";")
    return parse_json(json, artifact.limits)


def _custom(artifact: Artifact, document: list[object]) -> Reading:
    """Read the action's input format; only the name of the file can say in which direction better lies."""
    name = artifact.name.lower()
    tool = next((tool for word, tool in _DIRECTIONS if f"{word}isbetter" in re.sub(r"[^a-z]", "", name)), "")
    measured, series = Measured(artifact, NAME), Series()
    for item in document:
        if not isinstance(item, dict) or not isinstance(item.get("name"), str):
            measured.skipped += 1
        elif measured.has_room():
            measured.measurements.append(_measurement(item, series.free(item["name"]), tool, None, ""))
    return measured.reading(MeasurementReport(path=artifact.path, tool="github-action-benchmark"))


def _history(artifact: Artifact, document: dict[str, object]) -> Reading:
    measured, series = Measured(artifact, NAME), Series()
    entries = [
        (suite, entry)
        for suite, found in object_of(document["entries"]).items()
        for entry in list_of(found)
        if isinstance(entry, dict) and isinstance(entry.get("benches"), list)
    ]
    measured.skipped = sum(len(list_of(found)) for found in object_of(document["entries"]).values()) - len(entries)
    kept, left_out = _newest([entry for _, entry in entries])
    for place, (suite, entry) in enumerate(entries):
        if place in kept:
            _add(measured, series, suite, entry, kept[place])
    newest = max((entry for _, entry in entries), key=_milliseconds, default={})
    commits = {commit_of(object_of(entry.get("commit")).get("id")) for _, entry in entries}
    at = moment_ms(document.get("lastUpdate"))
    report = MeasurementReport(
        path=artifact.path,
        tool="github-action-benchmark",
        generated_at=at,
        commit=commit_of(object_of(newest.get("commit")).get("id")),
    )
    # of a history it is not certain that the newest entry is about the run that kept the file
    properties = (("commit", commits.pop()),) if len(commits) == 1 else ()
    return measured.reading(report, left_out=left_out, started_at=at, properties=properties)


def _newest(entries: list[dict[str, object]]) -> tuple[dict[int, int], int]:
    """Return how many benchmarks of which entries are kept, newest entries first, and how many are left out."""
    kept: dict[int, int] = {}
    room = MOST
    sizes = [len(list_of(entry["benches"])) for entry in entries]
    for place in sorted(range(len(entries)), key=lambda place: (-_milliseconds(entries[place]), place)):
        kept[place] = min(sizes[place], room)
        room -= kept[place]
    return kept, sum(sizes) - sum(kept.values())


def _milliseconds(entry: Mapping[str, object]) -> float:
    return number(entry.get("date")) or 0.0


def _add(measured: Measured, series: Series, suite: str, entry: Mapping[str, object], room: int) -> None:
    """Add the benchmarks of one entry; one that stands there twice becomes two series."""
    revision = object_of(entry.get("commit"))
    at = moment_ms(entry.get("date")) or moment_text(revision.get("timestamp"))
    commit = commit_of(revision.get("id"))
    tool = entry.get("tool")
    taken: dict[str, int] = {}
    for bench in list_of(entry["benches"])[:room]:
        name = bench.get("name") if isinstance(bench, dict) else None
        if not isinstance(bench, dict) or not isinstance(name, str):
            measured.skipped += 1
            continue
        place = taken[name] = taken.get(name, 0) + 1
        title = f"{series[suite]} / {series[name]}" + (f" #{place}" if place > 1 else "")
        measured.measurements.append(_measurement(bench, title, tool if isinstance(tool, str) else "", at, commit))


def _measurement(bench: Mapping[str, object], series: str, tool: str, at: datetime | None, commit: str) -> Measurement:
    stated = bench.get("unit")
    # older versions of the action left Go's further metrics in the unit, behind a tab
    unit = meta(stated.partition("\t")[0]) if isinstance(stated, str) else ""
    value, unit = in_fixed_unit(tool, number(bench.get("value")), unit)
    return Measurement(
        series=series,
        value=value,
        unit=unit,
        metric=metric_of(tool),
        bigger_is_better=bigger_is_better(tool, unit),
        spread=spread_of(tool, value, unit, bench.get("range")),
        samples=samples_of(bench.get("extra")),
        at=at,
        commit=commit,
        status="" if value is not None else "NO_DATA",
        detail=meta(bench.get("extra")),
    )
