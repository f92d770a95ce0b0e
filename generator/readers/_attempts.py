"""A test whose attempts come one after another in a stream of events: the last one is its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.readers._cases import NOTHING, attempt
from generator.records import Status

if TYPE_CHECKING:
    from generator.readers._cases import Cases
    from generator.readers._names import Said
    from generator.records import Attempt

ATTEMPTS: Final = 200
"""Attempts kept of one test before its last; of more, those that passed are left out first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How an attempt ended, and what it said."""

    status: Status
    said: Said = NOTHING
    file: str = ""
    line: int | None = None


GOOD: Final = End(status=Status.PASSED)
"""End of an attempt that passed."""


class Tried:
    """One test with its attempts; `last` is None until one of them ended."""

    __slots__ = ("duration_s", "earlier", "last")

    def __init__(self) -> None:
        self.earlier: tuple[Attempt, ...] = ()
        self.last: End | None = None
        self.duration_s: float | None = None

    def end(self, end: End, duration_s: float | None = None) -> None:
        """Remember how an attempt ended; the one before it becomes an earlier one."""
        if self.last is not None:
            self.before(attempt(self.last.status, self.duration_s, self.last.said))
        self.last, self.duration_s = end, duration_s

    def has_failed(self) -> bool:
        """Tell whether one of its attempts failed."""
        return (self.last is not None and self.last.status.bad) or any(one.status.bad for one in self.earlier)

    def before(self, one: Attempt) -> None:
        """Remember an attempt before the last one."""
        kept = (*self.earlier, one)
        if len(kept) > ATTEMPTS:
            out = next((place for place, each in enumerate(kept) if not each.status.bad), ATTEMPTS)
            kept = kept[:out] + kept[out + 1 :]
        self.earlier = kept


def add_tried(cases: Cases, suite: str, name: str, tried: Tried, *, file: str = "", line: int | None = None) -> None:
    """Add a test to the cases, unless no attempt of it ended; `file` and `line` where its end names no place."""
    end = tried.last
    if end is not None:
        cases.add(
            name,
            end.status,
            suite=suite,
            duration_s=tried.duration_s,
            said=end.said,
            file=end.file or file,
            line=end.line if end.file else line,
            earlier=tried.earlier,
        )
