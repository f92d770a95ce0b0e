"""What the reports of one run folder or archive may bring together: so many tests, which may say so much."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.readers._allowance import said_in
from generator.readers.quota import roots_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import PurePath

    from generator.plugins import Reading
    from generator.readers.discover import Place
    from generator.safety.limits import ReadLimits


class Shares:
    """Counts what the reports of each run have brought, so that the next one knows what is left."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._roots = roots_of(places)
        self._brought: dict[PurePath | str, tuple[int, int]] = {}

    def left(self, place: Place) -> ReadLimits:
        """Return the limits of a file: those of its folder, less what the reports before it have brought."""
        limits = place.folder.limits
        tests, said = self._brought.get(self._run(place), (0, 0))
        if not tests and not said:
            return limits
        return replace(
            limits, tests_per_run=max(limits.tests_per_run - tests, 0), text_per_run=max(limits.text_per_run - said, 0)
        )

    def take(self, place: Place, reading: Reading) -> None:
        """Count what a file brought."""
        if reading.results:
            run = self._run(place)
            tests, said = self._brought.get(run, (0, 0))
            self._brought[run] = (tests + len(reading.results), said + said_in(reading.results))

    def _run(self, place: Place) -> PurePath | str:
        """Return what stands for the run: its folder, or the archive, which one job wrote as a whole."""
        return place.path.partition("!/")[0] if place.member is not None else self._roots[place.folder]
