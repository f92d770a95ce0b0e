"""What the readers of benchmark results share: numbers, times, names of series, run facts, and limits."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from generator.errors import UnreadableError
from generator.plugins import Reading
from generator.records import MeasurementReport, Problem, Severity
from generator.safety.ids import is_commit, parse_time
from generator.safety.limits import COUNT_MAX, TEXT_META
from generator.safety.text import clean_meta, clean_name, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.artifact import Artifact
    from generator.records import Measurement

MOST: Final = 20_000
"""Measurements kept of one file; of a history the newest."""

UNNAMED: Final = "(unnamed)"
"""Name of a series that has none."""

_LARGEST: Final = 1e30
"""Nothing measured is larger, and squares of it must not overflow."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_MS: Final = 631_152_000_000  # 1990 and 2201, as of `parse_time`
_LAST_MS: Final = 7_289_654_400_000
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{0,30})?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)


def number(value: object) -> float | None:
    """Return a measured number, also one that stands there as text; None for all else."""
    if isinstance(value, str):
        text = value.strip() if len(value) < TEXT_META else ""
        value = float(text) if _NUMBER.fullmatch(text) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _LARGEST:
        return None
    return float(value)


def spread(value: object) -> float | None:
    """Return a measure of spread; a negative one is none."""
    found = number(value)
    return found if found is not None and found >= 0 else None


def count(value: object) -> int | None:
    """Return a number of samples; None for all else."""
    found = number(value)
    return int(found) if found is not None and 0 <= found < COUNT_MAX and math.floor(found) == found else None


def moment_ms(value: object) -> datetime | None:
    """Return the time of milliseconds since 1970; None when it is none or outside 1990 to 2200."""
    found = number(value)
    if found is None or not _FIRST_MS <= found < _LAST_MS:
        return None
    return _EPOCH + timedelta(milliseconds=found)


def moment_text(value: object) -> datetime | None:
    """Return the time in a text; None when it is none."""
    return parse_time(value.strip()) if isinstance(value, str) else None


def stamp(moment: datetime | None) -> str:
    """Return a time as RFC 3339; empty for None."""
    return moment.isoformat().replace("+00:00", "Z") if moment else ""


def commit_of(value: object) -> str:
    """Return a commit id in small letters; empty when it can be none."""
    return value.lower() if isinstance(value, str) and is_commit(value) else ""


def meta(value: object) -> str:
    """Return a text in one line, cleaned; empty when it is no text."""
    return one_line(clean_meta(value)) if isinstance(value, str) and value else ""


def object_of(value: object) -> Mapping[str, object]:
    """Return an object, an empty one when it is none."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[object]:
    """Return a list, an empty one when it is none."""
    return value if isinstance(value, list) else []


def document_of(artifact: Artifact, key: str) -> Mapping[str, object]:
    """Return the JSON object with a list or object under `key`; raises UnreadableError."""
    document = artifact.json()
    if not isinstance(document, dict) or not isinstance(document.get(key), list | dict):
        raise UnreadableError(f"holds no `{key}`", "check the step that writes it")
    return document


class Series(dict[str, str]):
    """Names of series: `series[raw]` is cleaned once and in one line; `free` keeps those of one time distinct."""

    def __init__(self) -> None:
        super().__init__()
        self._taken: dict[str, int] = {}

    def __missing__(self, text: str) -> str:
        cleaned = self[text] = one_line(clean_name(text)) or UNNAMED
        return cleaned

    def free(self, text: str) -> str:
        """Return the cleaned name, or `name #2` … when it is taken: two values of one time need two series."""
        name = found = self[text]
        number = self._taken.get(name, 0) + 1
        while number > 1 and (found := f"{name} #{number}") in self._taken:
            number += 1
        self._taken[name] = number
        self._taken.setdefault(found, 1)
        return found


def facts(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the run facts that are not empty, sorted."""
    return tuple(sorted((name, text) for name, text in pairs if text))


class Measured:
    """The measurements of one file on their way to a reading, and what is odd in it."""

    def __init__(self, artifact: Artifact, reader: str) -> None:
        self._artifact = artifact
        self._reader = reader
        self._problems: list[Problem] = []
        self.measurements: list[Measurement] = []
        self.skipped = 0
        """Entries that are no measurement."""
        self._beyond = 0

    def note(self, message: str, hint: str, severity: Severity = Severity.WARNING) -> None:
        """Remember something odd; one call a kind."""
        self._problems.append(
            Problem(path=self._artifact.path, reader=self._reader, severity=severity, message=message, hint=hint)
        )

    def has_room(self) -> bool:
        """Tell whether one more measurement is kept; one that is not is counted."""
        self._beyond += len(self.measurements) >= MOST
        return len(self.measurements) < MOST

    def reading(
        self,
        report: MeasurementReport,
        *,
        left_out: int = 0,
        started_at: datetime | None = None,
        properties: Iterable[tuple[str, str]] = (),
    ) -> Reading:
        """Return the reading with the measurements put into the report; `left_out`: those not offered."""
        kept = tuple(self.measurements)
        left_out += self._beyond
        if self.skipped:
            self.note(f"{_entries(self.skipped)} no measurement and left out", "check the step that writes it")
        if left_out:
            message = f"{left_out} measurements beyond the limit of {MOST} are left out"
            self.note(message, "split the file, or keep less history in it")
        if not kept:
            self.note("holds no measurement", "check that the benchmarks ran")
        return Reading(
            records=(report.model_copy(update={"measurements": kept, "left_out": left_out}),),
            problems=tuple(self._problems),
            started_at=stamp(started_at),
            properties=facts(properties),
        )


def _entries(number: int) -> str:
    return "1 entry is" if number == 1 else f"{number} entries are"
