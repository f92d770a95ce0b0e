"""asv (airspeed velocity): the results of one commit on one machine, in versions 1 and 2 of the format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.plugins import Reading
from generator.readers._asv_rows import rows_of
from generator.readers._benchmarks import MOST, Measured, Series, commit_of, meta, moment_ms, object_of
from generator.records import Measurement, MeasurementReport

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from generator.artifact import Artifact
    from generator.readers._asv_rows import Row

NAME: Final = "asv"
TITLE: Final = "asv results"
SIGNS: Final = (
    "an object with `commit_hash`, `results` and `params` or `env_name`; asv's `benchmarks.json` and `machine.json`"
)

_RESULTS: Final = "keys `commit_hash` and `results`"
_MARKS: Final = (b'"env_name"', b'"requirements"', b'"results"', b'"result_columns"', b'"params"')
_NAMED: Final = re.compile(r"[0-9a-f]{8}-(?:py[0-9]|(?:virtualenv|conda|mamba|rattler|uv|pixi|existing)-py).*\.json")
"""`<commit>-<environment>.json`."""
_MACHINE: Final = frozenset({"arch", "cpu", "machine", "os", "ram"})
_KINDS: Final = {
    "time": ("s", "time", False),
    "timeraw": ("s", "time", False),
    "mem": ("bytes", "memory", False),
    "peakmem": ("bytes", "peak memory", False),
    "track": ("", "", None),
}
"""By asv's rule the first word of a benchmark's name says what it measures; `track` is free in unit and direction."""


def recognises(artifact: Artifact) -> str:
    """Return the keys of the document as sign; its first bytes or its name for one that is not strict JSON."""
    document = artifact.peek_object()
    if document:
        return _RESULTS if _is_results(document) else _companion(document)
    if not artifact.name.endswith(".json") or artifact.peek_json() is not None:
        return ""
    head = artifact.peek()
    if b'"commit_hash"' in head and sum(mark in head for mark in _MARKS) >= 2:
        return _RESULTS  # with NaN, which asv writes for what was skipped
    return "named like a result of asv" if head and _NAMED.fullmatch(artifact.name) else ""


def read(artifact: Artifact) -> Reading:
    """Return the measurements of the commit; raises UnreadableError when it is not JSON or no result of asv."""
    document, has_nan = _document(artifact)
    if not _is_results(document):
        if _companion(document):
            return Reading()  # what was measured and where: units and machine stand in the results as well
        raise UnreadableError("holds no `commit_hash` with `results`", "check that asv wrote it")
    measured, series = Measured(artifact, NAME), Series()
    committed, commit = moment_ms(document.get("date")), commit_of(document.get("commit_hash"))
    rows, left_out = rows_of(document, MOST)
    for row in rows:
        measured.measurements.append(_measurement(row, series, committed, commit, has_nan=has_nan))
    measured.skipped = int("" in object_of(document["results"]))
    began = [moment for row in rows if (moment := moment_ms(row.started_ms)) is not None]
    report = MeasurementReport(
        path=artifact.path,
        tool="asv",
        generated_at=max(began, default=None),
        machine=_machine(document),
        commit=commit,
    )
    # version 1 does not say when it measured; asv itself orders results by the time of the commit
    started = min(began, default=committed)
    return measured.reading(report, left_out=left_out, started_at=started, properties=(("commit", commit),))


def _is_results(document: Mapping[str, object]) -> bool:
    return (
        isinstance(document.get("commit_hash"), str)
        and isinstance(document.get("results"), dict)
        and (isinstance(document.get("params"), dict) or isinstance(document.get("env_name"), str))
    )


def _companion(document: Mapping[str, object]) -> str:
    """Return by which sign a document is one that asv keeps beside results; empty when it is none."""
    if document.keys() >= _MACHINE and all(isinstance(document[name], str) for name in ("machine", "arch")):
        return "keys of asv's `machine.json`"
    firsts = [value for name, value in document.items() if name != "version"][:3]
    if firsts and all(isinstance(first, dict) and {"code", "param_names", "unit"} <= first.keys() for first in firsts):
        return "keys of asv's `benchmarks.json`"
    return ""


def _document(artifact: Artifact) -> tuple[Mapping[str, object], bool]:
    """Return the document, and whether it has NaN, which is then read as null; raises UnreadableError."""
    has_nan = False
    try:
        document = artifact.json()
    except UnreadableError:
        has_nan = True
        document = artifact.json(nan=True)
    return object_of(document), has_nan


def _measurement(row: Row, series: Series, committed: datetime | None, commit: str, *, has_nan: bool) -> Measurement:
    """Return one value; null is a failure, but where NaN (skipped) was read as null as well nothing can be said."""
    kind = re.split(r"_|(?<=[a-z])(?=[A-Z])", row.name.rpartition(".")[2], maxsplit=1)[0].lower()
    unit, metric, bigger = _KINDS.get(kind, ("", "", None))
    status = "" if row.value is not None else "FAIL" if row.all_failed or not has_nan else "NO_DATA"
    name = series[row.name]
    return Measurement(
        series=series.free(f"{name}({', '.join(row.params)})" if row.params else name),
        value=row.value,
        unit=unit,
        metric=metric,
        bigger_is_better=bigger,
        spread=row.spread,
        samples=row.samples,
        at=committed,
        commit=commit,
        status=status,
        detail={"NO_DATA": "failed or skipped", "FAIL": "the benchmark failed"}.get(status, ""),
    )


def _machine(document: Mapping[str, object]) -> str:
    """Return asv's name of the machine and the environment: values are comparable only where both are the same."""
    params = object_of(document.get("params"))
    machine = meta(params.get("machine")) or ", ".join(filter(None, (meta(params.get("cpu")), meta(params.get("os")))))
    return ", ".join(text for text in (machine, meta(document.get("env_name")) or _environment(document)) if text)


def _environment(document: Mapping[str, object]) -> str:
    """Return the environment's name as asv makes it, for files that do not have it: `py3.8-numpy1.8`."""
    python = meta(document.get("python"))
    needs = sorted(object_of(document.get("requirements")).items())[:20]
    return meta("-".join([f"py{python}", *(f"{name}{meta(value)}" for name, value in needs)])) if python else ""
