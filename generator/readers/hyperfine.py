"""hyperfine `--export-json`: one measurement a command, in seconds, with the failures of the command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.readers._benchmarks import Measured, Series, document_of, list_of, number, object_of, spread
from generator.records import Measurement, MeasurementReport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "hyperfine"
TITLE: Final = "hyperfine JSON"
SIGNS: Final = "an object with the list `results`, whose items have `command` and `mean` with `times`, `user` or `min`"

_TIMES: Final = ("times", "user", "system", "median", "min", "max")
_SHOWN: Final = 8


def recognises(artifact: Artifact) -> str:
    """Return the keys of its results as sign; empty for every other document with `results`."""
    results = artifact.peek_object().get("results")
    first = results[0] if isinstance(results, list) and results else None
    if not isinstance(first, dict) or not isinstance(first.get("command"), str) or "mean" not in first:
        return ""
    return "`results` with `command` and `mean`" if sum(name in first for name in _TIMES) >= 2 else ""


def read(artifact: Artifact) -> Reading:
    """Return its measurements; raises UnreadableError when it is not JSON or has no results."""
    document = document_of(artifact, "results")
    found, series = Measured(artifact, NAME), Series()
    for item in list_of(document["results"]):
        if not isinstance(item, dict) or not isinstance(item.get("command"), str):
            found.skipped += 1
        elif found.has_room():
            found.measurements.append(_measurement(item, item["command"], series))
    return found.reading(MeasurementReport(path=artifact.path, tool="hyperfine"))


def _measurement(item: Mapping[str, object], command: str, series: Series) -> Measurement:
    value, times, failed = number(item.get("mean")), list_of(item.get("times")), _failed(item)
    codes = list_of(item.get("exit_codes"))
    return Measurement(
        series=series.free(_named(command, object_of(item.get("parameters")))),
        value=value,
        unit="s",
        metric="mean",
        bigger_is_better=False,
        spread=spread(item.get("stddev")),
        samples=len(times) or len(codes) or None,
        status="FAIL" if failed else "" if value is not None else "NO_DATA",
        detail=failed or _detail(item),
    )


def _named(command: str, parameters: Mapping[str, object]) -> str:
    """Return the command with its parameters, which a name given by `--command-name` may lack."""
    said = [f"{name}={value}" for name, value in sorted(parameters.items()) if isinstance(value, str | int | float)]
    return f"{command} [{', '.join(said[:_SHOWN])}]" if said else command


def _failed(item: Mapping[str, object]) -> str:
    """Return how many of the timed runs failed; hyperfine writes null for one that a signal ended."""
    codes = list_of(item.get("exit_codes"))
    bad = [code for code in codes if code != 0 or isinstance(code, bool)]
    if not bad:
        return ""
    known = sorted({int(code) for code in map(number, bad) if code is not None})
    ended = ", ".join(str(code) for code in known[:_SHOWN]) or "none (ended by a signal)"
    return f"{len(bad)} of {len(codes)} timed runs failed; exit codes {ended}"


def _detail(item: Mapping[str, object]) -> str:
    numbers = ((name, number(item.get(name))) for name in ("median", "min", "max", "user", "system"))
    return ", ".join(f"{name} {value:.6g} s" for name, value in numbers if value is not None)
