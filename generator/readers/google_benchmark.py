"""Google Benchmark JSON (`--benchmark_out_format=json`): one measurement a benchmark, repetitions put together."""

from __future__ import annotations

import statistics
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
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "google_benchmark"
TITLE: Final = "Google Benchmark JSON"
SIGNS: Final = "an object with `context` (`executable`, `num_cpus` or `library_build_type`) and the list `benchmarks`"

_CONTEXT: Final = frozenset({"executable", "num_cpus", "library_build_type", "library_version"})


def recognises(artifact: Artifact) -> str:
    """Return the keys of the document as sign; empty for any other with `benchmarks`."""
    document = artifact.peek_object()
    context = document.get("context")
    if not isinstance(context, dict) or _CONTEXT.isdisjoint(context):
        return ""
    return "keys `context` and `benchmarks`" if isinstance(document.get("benchmarks"), list) else ""


def read(artifact: Artifact) -> Reading:
    """Return its measurements; raises UnreadableError when it is not JSON or has no benchmarks."""
    document = document_of(artifact, "benchmarks")
    context = object_of(document.get("context"))
    measured, series = Measured(artifact, NAME), Series()
    at = moment_text(context.get("date"))
    entries: dict[str, list[Mapping[str, object]]] = {}
    for item in list_of(document["benchmarks"]):
        name = (item.get("run_name") or item.get("name")) if isinstance(item, dict) else None
        if isinstance(item, dict) and isinstance(name, str):
            entries.setdefault(name, []).append(item)
        else:
            measured.skipped += 1
    for name, items in entries.items():
        if measured.has_room():
            measured.measurements.append(_measurement(series.free(name), items, at))
    report = MeasurementReport(path=artifact.path, tool="google-benchmark", generated_at=at, machine=_machine(context))
    return measured.reading(report, started_at=at)


def _measurement(series: str, items: Sequence[Mapping[str, object]], at: datetime | None) -> Measurement:
    """Return the mean of the repetitions: as the report states it, else of the single ones."""
    stated = {meta(item.get("aggregate_name")): number(item.get("real_time")) for item in items}
    single = [item for item in items if item.get("run_type") != "aggregate"]
    times = [value for item in single if (value := number(item.get("real_time"))) is not None and not _failed(item)]
    failed = [item for item in items if _failed(item)]
    value = stated.get("mean") if stated.get("mean") is not None else statistics.fmean(times) if times else None
    width = stated.get("stddev") if "stddev" in stated else statistics.stdev(times) if len(times) > 1 else None
    repetitions = max((count(item.get("repetitions")) or 0 for item in items), default=0)
    return Measurement(
        series=series,
        value=value,
        unit=meta(items[0].get("time_unit")) or "ns",
        metric="real time",
        bigger_is_better=False,
        spread=spread(width),
        samples=len(times) or repetitions or None,
        at=at,
        status="FAIL" if failed else "" if value is not None else "NO_DATA",
        detail=_detail(items[0], failed),
    )


def _failed(item: Mapping[str, object]) -> bool:
    return item.get("error_occurred") is True


def _detail(item: Mapping[str, object], failed: Sequence[Mapping[str, object]]) -> str:
    if failed:
        return meta(failed[0].get("error_message")) or "the benchmark failed"
    numbers = ((name, number(item.get(name))) for name in ("iterations", "threads"))
    said = [f"{value:.0f} {name}" for name, value in numbers if value is not None]
    return ", ".join([text for text in (meta(item.get("label")), *said) if text])


def _machine(context: Mapping[str, object]) -> str:
    """Return what the report says of the machine without its name and load: processors and kind of build."""
    processors, build = count(context.get("num_cpus")), meta(context.get("library_build_type"))
    said = (f"{processors} processors" if processors else "", f"{build} build of the library" if build else "")
    return ", ".join(text for text in said if text)
