"""BenchmarkDotNet JSON (any of its JSON exporters): the mean of each benchmark in nanoseconds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.readers._benchmarks import (
    Measured,
    Series,
    count,
    document_of,
    list_of,
    meta,
    moment_text,
    number,
    object_of,
    spread,
)
from generator.records import Measurement, MeasurementReport

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "benchmarkdotnet"
TITLE: Final = "BenchmarkDotNet JSON"
SIGNS: Final = "an object with `HostEnvironmentInfo` and the list `Benchmarks`"

_TITLE: Final = re.compile(r".{1,500}-([0-9]{4})([0-9]{2})([0-9]{2})-([0-9]{2})([0-9]{2})([0-9]{2})", re.ASCII)
"""`Sample.Benchmarks-20260301-091530`, in the time of the machine; taken as UTC like every time without a zone."""
_EXTREMES: Final = (("median", "Median"), ("min", "Min"), ("max", "Max"))


def recognises(artifact: Artifact) -> str:
    """Return the keys of the document as sign."""
    document = artifact.peek_object()
    found = isinstance(document.get("HostEnvironmentInfo"), dict) and isinstance(document.get("Benchmarks"), list)
    return "keys `HostEnvironmentInfo` and `Benchmarks`" if found else ""


def read(artifact: Artifact) -> Reading:
    """Return its measurements; raises UnreadableError when it is not JSON or has no benchmarks."""
    document = document_of(artifact, "Benchmarks")
    host, title = object_of(document.get("HostEnvironmentInfo")), document.get("Title")
    stamp = _TITLE.fullmatch(title) if isinstance(title, str) else None
    at = moment_text("{}-{}-{}T{}:{}:{}Z".format(*stamp.groups())) if stamp else None
    measured, series = Measured(artifact, NAME), Series()
    for item in list_of(document["Benchmarks"]):
        name = (item.get("FullName") or item.get("Method")) if isinstance(item, dict) else None
        if not isinstance(item, dict) or not isinstance(name, str):
            measured.skipped += 1
        elif measured.has_room():
            measured.measurements.append(_measurement(item, series.free(name), at))
    machine = ", ".join(text for text in (meta(host.get("ProcessorName")), meta(host.get("Architecture"))) if text)
    report = MeasurementReport(path=artifact.path, tool="BenchmarkDotNet", generated_at=at, machine=machine)
    return measured.reading(report, started_at=at)


def _measurement(item: Mapping[str, object], series: str, at: datetime | None) -> Measurement:
    """Return the mean; a benchmark without statistics did not run to its end."""
    stated = object_of(item.get("Statistics"))
    value = number(stated.get("Mean"))
    numbers = ((name, number(stated.get(key))) for name, key in _EXTREMES)
    return Measurement(
        series=series,
        value=value,
        unit="ns",
        metric="mean",
        bigger_is_better=False,
        spread=spread(stated.get("StandardDeviation")),
        samples=count(stated.get("N")),
        at=at,
        status="" if value is not None else "FAIL",
        detail=", ".join(f"{name} {number:.6g} ns" for name, number in numbers if number is not None),
    )
