"""xUnit.net v1, v2 and v3, also as written by Fixie and other runners: assemblies, collections or classes, tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from generator.readers._allowance import Allowance
from generator.readers._cases import Cases
from generator.readers._dotnet import declare, fill, head_of, note_repaired, note_unknown, tally
from generator.readers._junit_values import count, earliest
from generator.readers._xunit_parse import ROOTS, Collector

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.artifact import Artifact
    from generator.plugins import Reading

NAME: Final = "xunit"
TITLE: Final = "xUnit.net XML"
SIGNS: Final = "root element `assemblies`, or `assembly` with the attribute `test-framework`, `run-date` or `total`"

_ASSEMBLY: Final = re.compile(rb"<assembly\s[^>]{0,4000}?\b(?:test-framework|run-date|start-rtf|total)\s*=")
_EMPTY: Final = re.compile(rb"<assemblies[^>]{0,4000}(?:/>|>\s*</assemblies>)")


def recognises(artifact: Artifact) -> str:
    """Return the root element as sign; an `assembly` without a run is a manifest of something else."""
    root = artifact.peek_root()
    if root not in ROOTS:
        return ""
    head = head_of(artifact)
    known = _ASSEMBLY.search(head) or (root == "assemblies" and _EMPTY.search(head))
    return f"root element `{root}` of xUnit.net" if known else ""


def read(artifact: Artifact) -> Reading:
    """Return its results, counts and time; raises UnreadableError with line, column and next step."""
    allowance = Allowance(artifact.limits)
    collector = Collector(allowance)
    repaired = allowance.xml(artifact, collector, ROOTS)
    cases = Cases(artifact, NAME, allowance=allowance)
    fill(cases, collector.rows)
    _declare(cases, collector)
    note_unknown(cases, collector.unknown)
    if repaired:
        note_repaired(cases)
    return cases.reading(started_at=earliest(map(_started, collector.assemblies)))


def _started(assembly: Mapping[str, str]) -> str:
    return assembly.get("start-rtf") or f"{assembly.get('run-date', '')}T{assembly.get('run-time', '')}"


def _declare(cases: Cases, collector: Collector) -> None:
    """Compare with what all assemblies together state; errors of an assembly stand beside its tests."""
    sums: dict[str, int | None] = {}
    for word in ("total", "passed", "failed", "skipped"):
        numbers = [count(assembly.get(word)) for assembly in collector.assemblies]
        known = [number for number in numbers if number is not None]
        sums[word] = sum(known) if len(known) == len(numbers) else None
    idle = sum(count(assembly.get("not-run")) or 0 for assembly in collector.assemblies)
    errors, written = collector.errors, tally(collector.rows)
    words = {"tests": "total", "passed": "passed", "bad": "failed", "skipped": "skipped"}
    stated = {word: [number] for word, name in words.items() if (number := sums[name]) is not None}
    if "skipped" in stated:
        stated["skipped"].append(stated["skipped"][0] + idle)
    without = {"tests": errors, "bad": errors}
    declare(cases, stated, {word: (number - without.get(word, 0), number) for word, number in written.items()})
