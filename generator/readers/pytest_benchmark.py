"""pytest-benchmark JSON (`--benchmark-json`, `--benchmark-autosave`): one measurement a benchmark.

The value is the mean and the spread its standard deviation, because that is the pair which the tool's own comparison
and most dashboards use, and the only one for which a spread of the same kind is stated. Median, minimum and maximum
stand in the detail. All times are in seconds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.readers._benchmarks import (
    Measured,
    Series,
    commit_of,
    count,
    document_of,
    list_of,
    meta,
    moment_text,
    number,
    object_of,
    spread,
)
from generator.records import Measurement, MeasurementReport, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "pytest_benchmark"
TITLE: Final = "pytest-benchmark JSON"
SIGNS: Final = "an object with `machine_info` and the list `benchmarks`; else named as `--benchmark-autosave` does"

_SAVED: Final = re.compile(r"[0-9]{4}_[0-9a-f]{7,64}_[0-9]{8}_[0-9]{6}.*\.json", re.DOTALL)
"""`0001_<commit>_<date>_<time>.json`."""
_EXTREMES: Final = ("median", "min", "max")


def recognises(artifact: Artifact) -> str:
    """Return the keys of the document as sign; the name of a saved run when it is not JSON."""
    document = artifact.peek_object()
    if isinstance(document.get("machine_info"), dict) and isinstance(document.get("benchmarks"), list):
        return "keys `machine_info` and `benchmarks`"
    is_broken = _SAVED.fullmatch(artifact.name) is not None and artifact.peek_json() is None
    return "named like a saved run of pytest-benchmark" if is_broken else ""


def read(artifact: Artifact) -> Reading:
    """Return its measurements; raises UnreadableError when it is not JSON or has no benchmarks."""
    document = document_of(artifact, "benchmarks")
    found = Measured(artifact, NAME)
    revision = object_of(document.get("commit_info"))
    commit, at = commit_of(revision.get("id")), moment_text(document.get("datetime"))
    series = Series()
    for item in list_of(document["benchmarks"]):
        if not isinstance(item, dict) or not isinstance(item.get("stats"), dict):
            found.skipped += 1
        elif found.has_room():
            found.measurements.append(_measurement(item, item["stats"], series, at, commit))
    if commit and revision.get("dirty") is True:
        found.note(
            f"measured with changes that were not committed: {commit[:12]} is not exactly what ran",
            "commit before measuring",
            Severity.INFO,
        )
    report = MeasurementReport(
        path=artifact.path,
        tool="pytest-benchmark",
        generated_at=at,
        machine=_machine(object_of(document.get("machine_info"))),
        commit=commit,
    )
    properties = (("commit", commit), ("branch", meta(revision.get("branch"))))
    return found.reading(report, started_at=at, properties=properties)


def _measurement(
    item: Mapping[str, object], stats: Mapping[str, object], series: Series, at: datetime | None, commit: str
) -> Measurement:
    fullname, name = item.get("fullname"), item.get("name")
    text = fullname if isinstance(fullname, str) and fullname else name
    value = number(stats.get("mean"))
    return Measurement(
        series=series.free(text if isinstance(text, str) else ""),
        value=value,
        unit="s",
        metric="mean",
        bigger_is_better=False,
        spread=spread(stats.get("stddev")),
        samples=count(stats.get("rounds")),
        at=at,
        commit=commit,
        status="" if value is not None else "NO_DATA",
        detail=_detail(item, stats),
    )


def _detail(item: Mapping[str, object], stats: Mapping[str, object]) -> str:
    numbers = ((name, number(stats.get(name))) for name in _EXTREMES)
    said = [f"{name} {value:.6g} s" for name, value in numbers if value is not None]
    group = meta(item.get("group"))
    return ", ".join([*([f"group {group}"] if group else []), *said])


def _machine(info: Mapping[str, object]) -> str:
    """Return processor, system and architecture: what makes times comparable, without the name of the host."""
    cpu = object_of(info.get("cpu"))
    brand = meta(cpu.get("brand_raw")) or meta(cpu.get("brand")) or meta(info.get("processor"))
    system = " ".join(text for text in (meta(info.get("system")), meta(info.get("machine"))) if text)
    return ", ".join(text for text in (brand, system) if text)
