"""The table that proves each limit: what is just inside it, what is just beyond it, and what then happens."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from generator.safety.limits import ReadLimits
from tests.readers.run_folder import DEFAULTS, read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from generator.readers import Intake
    from generator.records import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A limit on what is read, met through the door that users come in by: a folder."""

    constants: tuple[str, ...]
    """The constants that it proves."""
    make: Callable[[Path, int], None]
    """Writes an input that measures so much."""
    at: int
    """The most that is read."""
    says: str
    """What the Problem says beyond it; `{at}` is the limit."""
    used: Callable[[Intake], object]
    """What is there of the input inside the limit, and not beyond it."""
    beyond: str
    """What happens beyond it, in the words of the README."""
    settings: Mapping[str, int] = field(default_factory=dict)
    """Limits of the settings, lowered so that the input stays small."""
    inner: bool = False
    """The module of a limit that settings cannot change, which is lowered to `at` there."""

    @property
    def name(self) -> str:
        """What the test is called."""
        return "-".join((*self.constants, self.make.__name__, *self.settings))

    def read(self, folder: Path, size: int) -> Intake:
        """Read an input of a size."""
        self.make(folder, size)
        return read(folder, defaults=replace(DEFAULTS, limits=ReadLimits(**self.settings)))

    def said(self, intake: Intake) -> list[Problem]:
        """Return the Problems that name the limit."""
        words = self.says.format(at=self.at)
        return [problem for problem in intake.problems if words in problem.message]


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """A limit on what is stored, shown or offered."""

    constants: tuple[str, ...]
    about: str
    """What is limited."""
    at: int
    """The most that comes out as it is."""
    shown: Callable[[int, Path], str]
    """What comes out of an input that measures so much."""
    whole: Callable[[int], str]
    """What would come out of it without a limit."""
    says: str
    """What stands there beyond the limit; `{at}` is the limit."""
    beyond: str

    @property
    def name(self) -> str:
        """What the test is called."""
        return "-".join((*self.constants, self.about.replace(" ", "_")))
