"""JMH JSON (`-rf json`): the primary score of each benchmark, its error as spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.readers._benchmark_tools import bigger_is_better
from generator.readers._benchmarks import Measured, Series, count, meta, number, object_of, spread
from generator.records import Measurement, MeasurementReport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "jmh"
TITLE: Final = "JMH JSON"
SIGNS: Final = "a list whose items have `benchmark`, `mode` and `primaryMetric`"

_MODES: Final = {
    "thrpt": "throughput",
    "avgt": "average time",
    "sample": "sampled time",
    "ss": "single shot time",
}
_SHOWN: Final = 8


def recognises(artifact: Artifact) -> str:
    """Return the keys of the first item as sign."""
    document = artifact.peek_json()
    first = document[0] if isinstance(document, list) and document else None
    if not isinstance(first, dict) or not isinstance(first.get("primaryMetric"), dict):
        return ""
    return "`primaryMetric` with `mode`" if {"benchmark", "mode"} <= first.keys() else ""


def read(artifact: Artifact) -> Reading:
    """Return its measurements; raises UnreadableError when it is not JSON or no list."""
    document = artifact.json()
    if not isinstance(document, list):
        raise UnreadableError("holds no list of benchmarks", "check that JMH wrote it with -rf json")
    measured, series = Measured(artifact, NAME), Series()
    machines: set[str] = set()
    for item in document:
        if not isinstance(item, dict) or not isinstance(item.get("benchmark"), str):
            measured.skipped += 1
        elif measured.has_room():
            measured.measurements.append(_measurement(item, item["benchmark"], series))
            machines.add(meta(item.get("vmName")))
    machine = ", ".join(sorted(machines - {""})[:_SHOWN])
    return measured.reading(MeasurementReport(path=artifact.path, tool="jmh", machine=machine))


def _measurement(item: Mapping[str, object], name: str, series: Series) -> Measurement:
    """Return the primary score; the mode is part of the name, because each mode measures something else."""
    metric, mode = object_of(item.get("primaryMetric")), meta(item.get("mode"))
    value, unit = number(metric.get("score")), meta(metric.get("scoreUnit"))
    iterations, forks = count(item.get("measurementIterations")), count(item.get("forks"))
    params = [f"{key}={meta(value)}" for key, value in sorted(object_of(item.get("params")).items())][:_SHOWN]
    return Measurement(
        series=series.free(f"{name}({', '.join(params)}) [{mode}]" if params else f"{name} [{mode}]"),
        value=value,
        unit=unit,
        metric=_MODES.get(mode, mode),
        bigger_is_better=bigger_is_better("jmh", unit),
        spread=spread(metric.get("scoreError")),
        samples=iterations * max(forks or 1, 1) if iterations else None,
        status="" if value is not None else "NO_DATA",
    )
