"""The evidence of one run, looked up by the part and target it belongs to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.records import PartState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.analysis.frames import Prepared
    from generator.records import (
        BundleFailure,
        Digest,
        Evidence,
        Part,
        ReplayBundle,
        SourceFile,
        TimelineEvent,
        TriageTarget,
    )

_RUNNER: Final = frozenset({PartState.COMPLETE, PartState.KILLED, PartState.UNREADABLE, PartState.LEGACY})

PartKey = tuple[int, str]
"""Position of the unit, name of the part."""

TargetKey = tuple[int, str, str, str]
"""Position of the unit, name of the part, surface, name of the target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Digests, bundles, comparisons, timelines and files of one run by their place."""

    parts: Mapping[PartKey, Part]
    digests: Mapping[TargetKey, Digest]
    bundles: Mapping[PartKey, ReplayBundle]
    bundled: Mapping[TargetKey, BundleFailure]
    triaged: Mapping[TargetKey, TriageTarget]
    runners: Mapping[PartKey, str]
    """Command of the runner that the comparison of a part recommends for all targets it names."""
    timelines: Mapping[TargetKey, tuple[TimelineEvent, ...]]
    sources: Mapping[int, tuple[SourceFile, ...]]

    def runner(self, unit: int, part: str) -> PartKey:
        """Return the part itself, or for a part of reports the only part of the unit that the runner ran in, if any."""
        known = self.parts.get((unit, part))
        others = [key for key, other in self.parts.items() if key[0] == unit and other.state in _RUNNER]
        return others[0] if known and known.state is PartState.REPORTS and len(others) == 1 else (unit, part)

    def lone_bundles(self) -> Iterator[tuple[TargetKey, BundleFailure]]:
        """Yield the failed targets of the parts that left nothing but a replay bundle."""
        for place, failure in self.bundled.items():
            part = self.parts.get(place[:2])
            if part is not None and part.state is PartState.BUNDLE_ONLY:
                yield place, failure


def dossier(prepared: Prepared, index: int, evidence: Sequence[Evidence]) -> Dossier:
    """Return the dossier of run `index`; `evidence` is that of its units in order."""
    units = prepared.units(index)
    found = list(zip(units, evidence, strict=True))
    timelines: dict[TargetKey, list[TimelineEvent]] = defaultdict(list)
    for unit, item in found:
        for event in item.timeline:
            timelines[unit, event.part, "suite", event.suite].append(event)
    runs = [bundle for bundle in _bundles(found) if bundle[1].flavour == "run"]
    return Dossier(
        parts={(unit, part.name): part for unit in units for part in prepared.snapshot.units[unit].run.parts},
        digests={(unit, digest.part, "suite", digest.suite): digest for unit, item in found for digest in item.digests},
        bundles={(unit, bundle.part): bundle for unit, bundle in reversed(runs)},
        bundled={
            (unit, bundle.part, failure.surface, failure.name): failure
            for unit, bundle in runs
            for failure in bundle.failures
            if failure.surface in ("suite", "unit")
        },
        triaged={
            (unit, diff.part, target.surface, target.name): target
            for unit, item in found
            for diff in item.triage
            for target in diff.targets
        },
        runners={
            (unit, diff.part): diff.runner_command
            for unit, item in found
            for diff in item.triage
            if diff.runner_command
        },
        timelines={
            place: tuple(sorted(events, key=lambda event: event.ordinal)) for place, events in timelines.items()
        },
        sources={unit: item.sources for unit, item in found},
    )


def _bundles(found: Sequence[tuple[int, Evidence]]) -> list[tuple[int, ReplayBundle]]:
    return [(unit, bundle) for unit, item in found for bundle in item.bundles]
